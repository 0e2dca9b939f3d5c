package courses_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// following is the plain edition as another course, with what it comes after.
func following(code, sector, inForce, after string) *fstest.MapFile {
	text := strings.NewReplacer("code: OUT", "code: "+code, "sector: outreach", "sector: "+sector, "2026-01-01", inForce, `"2026"`, fmt.Sprintf("%q", inForce[:4]),
		"required: [T07]", "required: []", "module: T07, ", "").Replace(plain)
	if after != "" {
		text += "after: " + after + "\n"
	}
	return &fstest.MapFile{Data: []byte(text)}
}

func TestWhatACourseComesAfterIsCheckedOverTheWholeFolder(t *testing.T) {
	const out, police = "outreach", "law_enforcement"
	for name, row := range map[string]struct {
		files fstest.MapFS
		want  string // file, line, key and what is named, of each problem
		kept  string
	}{
		"in order":    {fstest.MapFS{"courses/a.yaml": following("CM", out, "2026-01-01", "[OUT]"), "courses/b.yaml": following("OUT", out, "2026-01-01", "")}, "", "CM<OUT OUT"},
		"named twice": {fstest.MapFS{"courses/a.yaml": following("CM", out, "2026-01-01", "[OUT, OUT]"), "courses/b.yaml": following("OUT", out, "2026-01-01", "")}, "", "CM<OUT OUT"},
		"unknown":     {fstest.MapFS{"courses/a.yaml": following("CM", out, "2026-01-01", "[OUT]")}, "courses/a.yaml:35 after_unknown OUT; ", ""},
		"itself":      {fstest.MapFS{"courses/a.yaml": following("CM", out, "2026-01-01", "\n  - CM")}, "courses/a.yaml:36 after_itself CM; ", ""},
		"of a sector that never can": {fstest.MapFS{"courses/a.yaml": following("CM", out, "2026-01-01", "[CTA]"), "courses/b.yaml": following("CTA", police, "2026-01-01", "")},
			"courses/a.yaml:35 after_sector CTA; ", "CTA"},
		"of both sectors": {fstest.MapFS{"courses/a.yaml": following("CM", out, "2026-01-01", "[PUT]"), "courses/b.yaml": following("PUT", out, "2026-01-01", ""),
			"courses/c.yaml": following("PUT", police, "2026-01-01", "")}, "", "CM<PUT PUT PUT"},
		"two that wait for each other": {fstest.MapFS{"courses/a.yaml": following("OUT", out, "2026-01-01", "[CM]"), "courses/b.yaml": following("CM", out, "2026-01-01", "[OUT]")},
			"courses/a.yaml:35 after_cycle OUT → CM → OUT; ", "CM<OUT"},
		"a ring of three, behind one that leads to it": {fstest.MapFS{"courses/a.yaml": following("VS", out, "2026-01-01", "[FEL]"), "courses/b.yaml": following("FEL", out, "2026-01-01", "[OUT]"),
			"courses/c.yaml": following("OUT", out, "2026-01-01", "[CM]"), "courses/d.yaml": following("CM", out, "2026-01-01", "[FEL]")},
			"courses/b.yaml:35 after_cycle FEL → OUT → CM → FEL; ", "VS<FEL OUT<CM CM<FEL"},
		"two rings": {fstest.MapFS{"courses/a.yaml": following("VS", out, "2026-01-01", "[CM, OUT]"), "courses/b.yaml": following("CM", out, "2026-01-01", "[VS]"), "courses/c.yaml": following("OUT", out, "2026-01-01", "[VS]")},
			"courses/a.yaml:35 after_cycle VS → CM → VS; courses/a.yaml:35 after_cycle VS → OUT → VS; ", "CM<VS OUT<VS"},
		"the order turned round by newer editions": {fstest.MapFS{"courses/a.yaml": following("OUT", out, "2026-01-01", "[CM]"), "courses/b.yaml": following("CM", out, "2026-01-01", ""),
			"courses/c.yaml": following("OUT", out, "2027-01-01", ""), "courses/d.yaml": following("CM", out, "2027-01-01", "[OUT]")}, "", "OUT<CM CM OUT CM<OUT"},
		"a newer edition that closes a ring": {fstest.MapFS{"courses/a.yaml": following("OUT", out, "2026-01-01", "[CM]"), "courses/b.yaml": following("CM", out, "2026-01-01", ""),
			"courses/c.yaml": following("CM", out, "2027-01-01", "[OUT]")}, "courses/a.yaml:35 after_cycle OUT → CM → OUT; ", "CM CM<OUT"},
	} {
		editions, problems := courses.Parse(row.files, ".", library)
		got, kept := "", []string{}
		for _, p := range problems {
			got += fmt.Sprintf("%s:%d %s %v%v; ", p.Path, p.Line, strings.TrimPrefix(p.Key, "courses.problem."), or(p.Args["Course"]), or(p.Args["Cycle"]))
		}
		for _, e := range editions {
			one := e.CourseCode
			for _, need := range e.After {
				one += "<" + need.CourseCode
			}
			kept = append(kept, one)
		}
		if got != row.want || strings.Join(kept, " ") != row.kept {
			t.Errorf("%s:\n%s\nwant %s\nkept %v, want %s", name, got, row.want, kept, row.kept)
		}
	}
}

func or(said any) any {
	if said == nil {
		return ""
	}
	return said
}

// A folder of courses that each come after all before them costs a step for each that they
// name: 600 courses, 180,000 of them.
func BenchmarkPrerequisites(b *testing.B) {
	for _, many := range []int{60, 600} {
		files, codes := fstest.MapFS{}, []string{}
		for i := range many {
			code := fmt.Sprintf("C%03d", i)
			files["courses/"+code+".yaml"] = following(code, "outreach", "2026-01-01", "["+strings.Join(codes, ", ")+"]")
			codes = append(codes, code)
		}
		b.Run(fmt.Sprint(many), func(b *testing.B) {
			for b.Loop() {
				if editions, problems := courses.Parse(files, ".", library); len(editions) != many {
					b.Fatal(problems)
				}
			}
		})
	}
}

func TestAnEditionKeepsWhatItComesAfterInItsOwnSector(t *testing.T) {
	each(t, func(a academy) {
		files := fstest.MapFS{"courses/a.yaml": following("AFT", "outreach", "2026-01-01", "[BEF, OUT]"), "courses/b.yaml": following("BEF", "outreach", "2026-01-01", ""),
			"courses/o.yaml": following("OUT", "outreach", "2020-01-01", "")}
		editions, problems := courses.Parse(files, ".", library)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		editions = slices.DeleteFunc(editions, func(e courses.Edition) bool { return e.CourseCode == "OUT" })
		for range 2 { // the second time changes nothing
			if _, err := a.courses.Import(a.ctx, editions); err != nil {
				t.Fatal(err)
			}
		}
		got := ""
		for _, need := range a.edition("AFT", people.Outreach).After {
			got += fmt.Sprintf("%d %s %q %q; ", need.Position, need.CourseCode, need.TitleEN, need.TitleES)
		}
		if want := `1 BEF "Outreach" "Alcance"; 2 OUT "Outreach Training" "Formación en alcance comunitario"; `; !strings.HasPrefix(got, `1 BEF "Outreach" "Alcance"; 2 OUT "Outreach Training"`) {
			t.Errorf("%s, want %s", got, want)
		}
	})
}
