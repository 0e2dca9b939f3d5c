package assessment_test

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const rubric = `practical: listen
courses: [PUT]
sector: outreach
version: 1
minutes: 8
setup: {en: A talk., es: Una plática.}
criteria:
  - {id: one, en: One, es: Uno, levels: {not_yet: {en: a, es: a}, practised: {en: b, es: b}, demonstrated: {en: c, es: c}}}
  - {id: two, en: Two, es: Dos, levels: {not_yet: {en: a, es: a}, practised: {en: b, es: b}, demonstrated: {en: c, es: c}}}
  - {id: three, en: Three, es: Tres, levels: {not_yet: {en: a, es: a}, practised: {en: b, es: b}, demonstrated: {en: c, es: c}}}
`

// rubricOf is the file of the rubric with some of its text exchanged.
func rubricOf(exchange ...string) fstest.MapFS {
	return fstest.MapFS{"rubrics/listen.yaml": &fstest.MapFile{Data: []byte(strings.NewReplacer(exchange...).Replace(rubric))}}
}

func TestARubricTellsEveryMistakeWithItsLine(t *testing.T) {
	editions := []courses.Edition{edition(people.Outreach, "T07")}
	read, problems := assessment.ReadRubrics(rubricOf(), ".", editions)
	if len(problems) > 0 || len(read) != 1 || read[0].Criteria[1].Describes(assessment.Practised, content.Spanish) != "b" || read[0].Criteria[2].ES != "Tres" {
		t.Fatalf("%+v, %v", read, problems)
	}
	for key, row := range map[string]struct {
		exchange []string
		line     int
	}{
		"assessment.rubric.practical":  {[]string{"practical: listen", "practical: Listen!"}, 1},
		"assessment.rubric.not_asked":  {[]string{"[PUT]", "[OUT]"}, 2},
		"assessment.rubric.courses":    {[]string{"[PUT]", "[]"}, 2},
		"assessment.rubric.sector":     {[]string{"sector: outreach", "sector: street"}, 3},
		"assessment.problem.version":   {[]string{"version: 1", "version: 0"}, 4},
		"assessment.rubric.minutes":    {[]string{"minutes: 8", "minutes: 500"}, 5},
		"assessment.rubric.setup":      {[]string{"es: Una plática.", `es: ""`}, 6},
		"assessment.rubric.count":      {[]string{rubric[strings.Index(rubric, "  - {id: three"):], ""}, 8},
		"assessment.rubric.words":      {[]string{"en: Two,", `en: "",`}, 9},
		"assessment.rubric.criterion":  {[]string{"id: two", "id: one"}, 9},
		"assessment.rubric.level":      {[]string{"es: Dos, levels: {not_yet: {en: a, es: a},", "es: Dos, levels: {"}, 9},
		"assessment.rubric.levels":     {[]string{"es: Tres, levels: {", "es: Tres, levels: {superb: {en: d, es: d}, "}, 10},
		"content.problem.yaml_unknown": {[]string{"minutes: 8", "minutes: 8\nphoto: yes"}, 6},
	} {
		read, problems := assessment.ReadRubrics(rubricOf(row.exchange...), ".", editions)
		told := slices.ContainsFunc(problems, func(p content.Problem) bool {
			return (p.Key == key || strings.HasPrefix(key, "content.")) && p.Line == row.line && p.Path == "rubrics/listen.yaml"
		})
		if !told || len(read) > 0 {
			t.Errorf("%s: %v", key, problems)
		}
	}
	two := rubricOf()
	two["rubrics/again.yaml"] = &fstest.MapFile{Data: []byte(rubric + "# again\n")}
	if _, problems := assessment.ReadRubrics(two, ".", editions); len(problems) != 1 || problems[0].Key != "assessment.rubric.version_twice" {
		t.Errorf("two of one version: %v", problems)
	}
}

// Each practical of each edition of the Academy has its rubric, and none says what
// another one says.
func TestTheAcademyHasARubricForEveryPractical(t *testing.T) {
	files := fs.FS(curriculum.Files)
	folder, _ := content.Parse(files, ".")
	editions, problems := courses.Parse(files, ".", folder)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	rubrics, problems := assessment.ReadRubrics(files, ".", editions)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for _, e := range editions {
		for _, p := range e.Practicals {
			n := 0
			for _, r := range rubrics {
				if r.PracticalID == p.ID && r.Sector == e.Sector && slices.Contains(r.Courses, e.CourseCode) {
					n++
					if p.ID == courses.CapstoneID && len(r.Criteria) != 5 {
						t.Errorf("the capstone of %s has %d parts", e.CourseCode, len(r.Criteria))
					}
				}
			}
			if n != 1 {
				t.Errorf("%s of %s (%s) has %d rubrics", p.ID, e.CourseCode, e.Sector, n)
			}
		}
	}
}

func TestAStoredRubricNeverChangesAndComesOutAsItCame(t *testing.T) {
	each(t, func(w *world) {
		editions := []courses.Edition{edition(people.Outreach, "T07")}
		first, _ := assessment.ReadRubrics(rubricOf(), ".", editions)
		for n, want := range []content.Imported{{New: 1}, {Known: 1}} {
			if done, err := w.ImportRubrics(w.ctx, first); err != nil || done != want {
				w.Errorf("time %d: %+v, %v", n+1, done, err)
			}
		}
		other, _ := assessment.ReadRubrics(rubricOf("A talk.", "Another talk."), ".", editions)
		_, err := w.ImportRubrics(w.ctx, other)
		w.wantConflict("other bytes", "assessment.rubric.other_bytes", err)
		if clashes, err := w.ClashesOfRubrics(w.ctx, other); err != nil || len(clashes) != 1 || clashes[0].Path != "rubrics/listen.yaml" {
			w.Errorf("clashes: %v, %v", clashes, err)
		}
		second, _ := assessment.ReadRubrics(rubricOf("version: 1", "version: 2"), ".", editions)
		must(w)(w.ImportRubrics(w.ctx, second))
		files, err := w.RubricFiles(w.ctx)
		if err != nil || len(files) != 2 || string(files[0].Bytes) != second[0].Source || files[0].Path != "rubrics/listen.yaml" ||
			string(files[1].Bytes) != rubric || files[1].Path != "rubrics/listen.v1.yaml" {
			w.Errorf("files: %+v, %v", files, err)
		}
	})
}
