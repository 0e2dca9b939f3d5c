package courses

import (
	"fmt"
	"io/fs"
	"path"
	"slices"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// editionFile is a course.yaml: one edition of one course.
type editionFile struct {
	Code        string        `yaml:"code"`
	Edition     string        `yaml:"edition"`
	Sector      people.Sector `yaml:"sector"`
	InForce     string        `yaml:"in_force"`
	Title       Both          `yaml:"title"`
	Minutes     int           `yaml:"minutes"`
	Hours       int           `yaml:"hours"`
	Hour        int           `yaml:"hour"`
	Breaks      string        `yaml:"breaks"` // counted or not_counted
	Grace       int           `yaml:"grace"`
	Weeks       int           `yaml:"weeks"`
	Rhythm      int           `yaml:"sessions_a_week"`
	Unconfirmed bool          `yaml:"unconfirmed"`
	Serves      []ServiceLine `yaml:"serves"`
	After       []string      `yaml:"after"` // courses that come before this one
	Areas       []Both        `yaml:"competencies"`
	Rules       rulesFile     `yaml:"rules"`
	Required    []string      `yaml:"required"`
	Sessions    []sessionFile `yaml:"sessions"`
}

type rulesFile struct {
	Graduation  Rule        `yaml:"graduation"`
	Knowledge   int         `yaml:"knowledge"`
	DropLowest  int         `yaml:"drop_lowest"`
	SelfStudy   int         `yaml:"self_study"`
	Practicals  []Practical `yaml:"practicals"`
	Capstone    bool        `yaml:"capstone"`
	Wording     Wording     `yaml:"wording"`
	ValidMonths int         `yaml:"valid_months"`
	Quiz        QuizRules   `yaml:"quiz"`
}

type sessionFile struct {
	Week    int        `yaml:"week"`
	Title   Both       `yaml:"title"`
	Minutes int        `yaml:"minutes"`
	Breaks  int        `yaml:"breaks"`
	Joint   bool       `yaml:"joint"`
	Parts   []partFile `yaml:"parts"`
}

type partFile struct {
	Module  content.ModuleID `yaml:"module"`
	Part    int              `yaml:"part"`
	Title   Both             `yaml:"title"`
	Minutes int              `yaml:"minutes"`
	Mandate Mandate          `yaml:"mandate"` // of an edition for law enforcement
}

// Parse reads the editions of a folder of the curriculum (its courses/*.yaml). Every
// problem is told with file and line; what is returned beside problems had none.
// The folder's modules, read before, are those that an edition may require.
func Parse(fsys fs.FS, dir string, folder content.Folder) ([]Edition, []content.Problem) {
	names, err := fs.Glob(fsys, path.Join(dir, "courses", "*.yaml"))
	if err != nil {
		names = nil
	}
	var all []filed
	var problems []content.Problem
	seen := map[string]string{}
	for _, name := range names {
		told := &content.Problems{Path: name}
		source, ok := content.ReadSource(fsys, name, told)
		if !ok {
			problems = append(problems, told.List...)
			continue
		}
		edition := parseEdition(source, name, folder, told)
		key := fmt.Sprint(edition.CourseCode, " ", edition.Sector, " ", edition.Name)
		if other, twice := seen[key]; twice && len(told.List) == 0 {
			told.Add(1, "courses.problem.edition_twice", "Other", path.Base(other))
		}
		seen[key] = name
		all = append(all, edition)
		problems = append(problems, told.List...)
	}
	problems = append(problems, checkAfter(all)...)
	content.SortProblems(problems)
	return withoutProblems(all, problems), problems
}

// InFolder is where the edition's file stands in a folder of the curriculum.
func (e Edition) InFolder() string { return path.Join("courses", e.Path) }

func parseEdition(source []byte, name string, folder content.Folder, told *content.Problems) filed {
	f := editionFile{Rules: rulesFile{Quiz: DefaultQuizRules, SelfStudy: DefaultSelfStudy}}
	y := content.DecodeYAML(source, 0, &f, told)
	if len(told.List) == 0 {
		f.check(y, folder, told)
	}
	e := Edition{
		CourseCode: f.Code, Sector: f.Sector, Name: f.Edition, InForceOn: f.InForce, Minutes: f.Minutes, Hour: f.Hour,
		BreaksCount: f.Breaks == "counted", Grace: f.Grace, Rule: f.Rules.Graduation, KnowledgePass: f.Rules.Knowledge, DropLowest: f.Rules.DropLowest,
		SelfStudy: f.Rules.SelfStudy,
		Wording:   f.Rules.Wording, ValidMonths: f.Rules.ValidMonths, Weeks: f.Weeks, WeeklySessions: f.Rhythm,
		Unconfirmed: f.Unconfirmed, Serves: f.Serves, TitleEN: f.Title.EN, TitleES: f.Title.ES, Competencies: f.Areas,
		Capstone: f.Rules.Capstone, Quiz: f.Rules.Quiz, Path: path.Base(name), Source: string(source),
	}
	e.Practicals = f.Rules.observed()
	for i, sf := range f.Sessions {
		session := Session{Position: i + 1, Week: sf.Week, TitleEN: sf.Title.EN, TitleES: sf.Title.ES,
			Minutes: sf.Minutes, Breaks: sf.Breaks, Joint: sf.Joint}
		for j, pf := range sf.Parts {
			session.Parts = append(session.Parts, Part{Position: j + 1, ModuleID: pf.Module, Part: pf.Part,
				TitleEN: pf.Title.EN, TitleES: pf.Title.ES, Minutes: pf.Minutes, Mandate: pf.Mandate})
		}
		e.Sessions = append(e.Sessions, session)
	}
	for _, id := range e.ModuleIDs() {
		e.Modules = append(e.Modules, Requirement{ModuleID: id, Required: slices.Contains(f.Required, string(id))})
	}
	after, lines := f.afterOf(y)
	e.After = after
	return filed{e, name, lines}
}

// observed are the skills that an instructor records: the practicals, and the capstone
// last, without which nobody could show that it was done.
func (r rulesFile) observed() []Practical {
	all := append([]Practical{}, r.Practicals...)
	if r.Capstone {
		all = append(all, Practical{ID: CapstoneID, Both: Both{EN: "Present the final project to the group", ES: "Presentar el proyecto final al grupo"}})
	}
	return all
}
