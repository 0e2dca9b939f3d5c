package assessment

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ClaimedFor is how long a text is one grader's; an open page asks for it again and again.
const ClaimedFor = 5 * time.Minute

// words: assessment.grading.state.*

// GradingState is how far a text is on its way to points, as one grader sees it.
type GradingState string

// The states.
const (
	TextWaits    GradingState = "waits"
	TextDrafted  GradingState = "drafted"  // the grader has begun it
	TextMine     GradingState = "mine"     // the grader reads it now
	TextTaken    GradingState = "taken"    // somebody else reads it now
	TextMarked   GradingState = "marked"   // the grader's mark waits for another's
	TextDiffers  GradingState = "differs"  // two marks differ and wait to be settled
	TextGraded   GradingState = "graded"   // has points, which may still be changed
	TextReleased GradingState = "released" // its result counts
)

// ToGrade is one long text of an attempt that was handed in, without its words.
type ToGrade struct {
	Handle string `bun:"-"` // what the grader's pages call it
	Number int    `bun:"-"` // its place in the grader's order of the question, from 1

	AttemptID  AttemptID `bun:"attempt_id"`
	QuestionID string    `bun:"question_id"`
	Position   int       `bun:"position"` // of the question in its quiz
	Try        int       `bun:"try"`
	Waits      int       `bun:"waits"` // texts of the attempt without points

	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	names
	ModuleID string `bun:"module_id"`
	TitleEN  string `bun:"title_en"` // of the quiz
	TitleES  string `bun:"title_es"`
	Markers  int    `bun:"markers"` // graders that it needs

	ReleasedAt *time.Time      `bun:"released_at"`
	ClaimedBy  people.PersonID `bun:"claimed_by"` // "" where nobody reads it
	Until      *time.Time      `bun:"until"`
	Reader     string          `bun:"reader"`     // first name of who reads it
	DraftedAt  *time.Time      `bun:"drafted_at"` // by the grader themselves
	Marks      int             `bun:"marks"`
	Gap        int             `bun:"gap"`  // between two marks, of Points
	Seq        int             `bun:"seq"`  // of the newest line, 0 for none
	Mine       bool            `bun:"mine"` // one of the marks is the grader's

	reads bool // the grader themselves reads it
}

// Name is the writer as a class list has them: first name and initial.
func (t ToGrade) Name() string { return t.short() }

// Title is the quiz's title in the language asked for.
func (t ToGrade) Title(language string) string { return inLanguage(language, t.TitleEN, t.TitleES) }

// In is the language of that title.
func (t ToGrade) In(language string) string { return spoken(language, t.TitleES) }

// State is how far the text is.
func (t ToGrade) State() GradingState {
	switch {
	case t.ReleasedAt != nil:
		return TextReleased
	case t.reads:
		return TextMine
	case t.ClaimedBy != "":
		return TextTaken
	case t.Seq > 0:
		return TextGraded
	case t.Markers > 1 && t.Marks > 1:
		return TextDiffers
	case t.Markers > 1 && t.Mine:
		return TextMarked
	case t.DraftedAt != nil:
		return TextDrafted
	}
	return TextWaits
}

// Open says whether the grader's points are still wanted.
func (t ToGrade) Open() bool {
	return t.ReleasedAt == nil && t.Seq == 0 && (t.Markers < 2 || t.Marks < 2 && !t.Mine)
}

// Unsettled says whether two marks differ and nobody has said which counts.
func (t ToGrade) Unsettled() bool {
	return t.ReleasedAt == nil && t.Seq == 0 && t.Markers > 1 && t.Marks > 1
}

// Handle is what a grader's pages call a text: the same each time and for this grader
// alone, so that it tells nothing of whose the text is.
func Handle(v people.Viewer, attempt AttemptID, question string) string {
	sum := sha256.Sum256([]byte("grading\n" + string(v.Person()) + "\n" + string(attempt) + "\n" + question))
	return hex.EncodeToString(sum[:12])
}

// GradingText names a text to the store, as a grader's page does.
type GradingText struct {
	Cohort cohorts.CohortID
	Module string
	Handle string
}

// GradingOrder is which texts of a module a grader goes through, and in what order: one
// question's across people, without names and mixed anew for each grader, or all by person.
type GradingOrder struct {
	Cohort   cohorts.CohortID
	Module   string
	Question int // its position in the check; 0 for the first that there is
	ByPerson bool
}

// in puts texts that stand by name and position into the order.
func (o GradingOrder) in(all []ToGrade) []ToGrade {
	if o.ByPerson || len(all) == 0 {
		return all
	}
	if o.Question == 0 {
		o.Question = slices.MinFunc(all, func(a, b ToGrade) int { return cmp.Compare(a.Position, b.Position) }).Position
	}
	list := slices.DeleteFunc(slices.Clone(all), func(t ToGrade) bool { return t.Position != o.Question || t.ReleasedAt != nil })
	slices.SortFunc(list, func(a, b ToGrade) int { return cmp.Compare(a.Handle, b.Handle) })
	for i := range list {
		list[i].Number = i + 1
	}
	return list
}

// around gives the texts that follow one in a list, from its end on from the beginning;
// the whole list where it is not there.
func around(list []ToGrade, handle string) []ToGrade {
	at := slices.IndexFunc(list, func(t ToGrade) bool { return t.Handle == handle })
	if at < 0 {
		return list
	}
	return append(slices.Clone(list[at+1:]), list[:at]...)
}

// GradingQuestion is how far the texts of one question are.
type GradingQuestion struct {
	Position int
	Texts    int
	Open     int // that want the grader's points
	Drafted  int // by the grader
	Marked   int // by the grader, and by nobody else yet
	Differ   int
	Graded   int
	Taken    []ToGrade // read by somebody now
}

// GradingModule is how far the texts of a module's check are in a cohort.
type GradingModule struct {
	ToGrade   // any of them: module, titles, how many graders
	Questions []GradingQuestion
	Ready     []string // whose results can be released: a name for each attempt
	Attempts  int      // that wait for their release
}

// Differ is how many texts have marks that differ.
func (m GradingModule) Differ() (n int) {
	for _, q := range m.Questions {
		n += q.Differ
	}
	return n
}

// modulesOf gathers texts, which stand by module, name and position.
func modulesOf(all []ToGrade) []GradingModule {
	modules := []GradingModule{}
	var last AttemptID
	for _, t := range all {
		if len(modules) == 0 || modules[len(modules)-1].ModuleID != t.ModuleID {
			modules = append(modules, GradingModule{ToGrade: t})
		}
		m := &modules[len(modules)-1]
		if t.AttemptID != last {
			m.Attempts++
			if last = t.AttemptID; t.Waits == 0 {
				m.Ready = append(m.Ready, t.Name())
			}
		}
		m.count(t)
	}
	return modules
}

func (m *GradingModule) count(t ToGrade) {
	at := slices.IndexFunc(m.Questions, func(q GradingQuestion) bool { return q.Position == t.Position })
	if at < 0 {
		at = len(m.Questions)
		m.Questions = append(m.Questions, GradingQuestion{Position: t.Position})
	}
	q := &m.Questions[at]
	q.Texts++
	if t.Open() {
		q.Open++
	}
	if t.DraftedAt != nil && t.Open() {
		q.Drafted++
	}
	switch {
	case t.Seq > 0:
		q.Graded++
	case t.Unsettled():
		q.Differ++
	case !t.Open():
		q.Marked++
	}
	if t.ClaimedBy != "" {
		q.Taken = append(q.Taken, t)
	}
}
