package assessment_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func (w *world) read(lang content.Lang, source string) assessment.QuestionFile {
	w.Helper()
	file, err := assessment.ReadQuestionFile("", content.File{Path: "q.gift", Bytes: []byte(source)}, lang)
	if err != nil {
		w.Fatal(err)
	}
	return file
}

// shelf tells what stands in a bank: name, version and how it begins.
func (w *world) shelf(v people.Viewer) string {
	w.Helper()
	page, err := w.Bank(w.ctx, v, "PUT", assessment.BankFilter{})
	if err != nil {
		w.Fatal(err)
	}
	var all []string
	for _, q := range page.Rows {
		all = append(all, fmt.Sprintf("%s v%d %v %s", q.Name, q.Version, q.Spanish, q.Shown))
	}
	return strings.Join(all, "; ")
}

const twoQuestions = "// [id:first]\n::One::Who speaks?{~You =They}\n\nTwo and two?{#4}\n"

func TestAFileIsTakenInOnceAndChangedByItsNames(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		_, done, err := w.ImportQuestions(w.ctx, author, "PUT", w.read("en", twoQuestions), assessment.ImportRules{ModuleID: "T07"})
		if err != nil || done.Added != 2 {
			w.Fatal(done, err)
		}
		plan, err := w.PlanImport(w.ctx, author, "PUT", w.read("en", twoQuestions))
		if err != nil || plan.Count(assessment.IsThere) != 2 {
			w.Errorf("the same file again: %+v %v", plan.Questions, err)
		}
		_, changed, err := w.ImportQuestions(w.ctx, author, "PUT", w.read("en", "// [id:first]\n::One::Who speaks first?{~You =They}\n\nTwo and two?{#5}\n"), assessment.ImportRules{})
		if err != nil || changed.Changed != 1 || changed.Added != 1 {
			w.Errorf("%+v %v", changed, err)
		}
		if got := w.shelf(w.boss); got != "first v2 false Who speaks first?; two-and-two v1 false Two and two?; two-and-two-2 v1 false Two and two?" {
			w.Error(got)
		}
		if _, _, err := w.ImportQuestions(w.ctx, author, "PUT", w.read("es", "// [id:first]\n¿Quién habla primero?{~Usted =Ellos}\n"), assessment.ImportRules{}); err != nil {
			w.Error(err)
		}
		plan, err = w.PlanImport(w.ctx, author, "PUT", w.read("es", "// [id:first]\n¿Quién habla?{=Usted ~Ellos}\n\n// [id:none]\nNada{}"))
		if err != nil || plan.Count(assessment.StaysOut) != 2 {
			w.Errorf("other right answers, and no English: %+v %v", plan.Questions, err)
		}
		var conflict *fault.ConflictError
		if err := w.UndoImport(w.ctx, author, "PUT", done.ID); !errors.As(err, &conflict) {
			w.Errorf("undone under a newer version: %v", err)
		}
		if got := w.shelf(author); !strings.HasPrefix(got, "first v3 true Who speaks first?") {
			w.Error(got)
		}
		page, err := w.Bank(w.ctx, author, "PUT", assessment.BankFilter{Text: "TWO", Type: assessment.Numeric, ModuleID: "T07"})
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Name != "two-and-two" {
			w.Errorf("%+v %v", page.Rows, err)
		}
		history, err := w.BankQuestion(w.ctx, w.boss, "PUT", w.bankID(author, "first"))
		if err != nil || len(history.Versions) != 3 || history.Versions[0].SourceES == "" || history.Versions[2].By() != "Ana W." {
			w.Errorf("%+v %v", history.Versions, err)
		}
	})
}

func (w *world) bankID(v people.Viewer, name string) assessment.BankID {
	w.Helper()
	page, err := w.Bank(w.ctx, v, "PUT", assessment.BankFilter{})
	if err != nil {
		w.Fatal(err)
	}
	for _, q := range page.Rows {
		if q.Name == name {
			return q.ID
		}
	}
	return ""
}

func TestAnImportIsUndoneWhileNothingStandsOnIt(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		must(w)(nil, w.taken(author, twoQuestions))
		before := w.shelf(author)
		_, done, err := w.ImportQuestions(w.ctx, author, "PUT", w.read("en", "// [id:first]\nOther?{}\n\nNew?{}"), assessment.ImportRules{})
		if err != nil || w.shelf(author) == before {
			w.Fatal(err)
		}
		if err := w.UndoImport(w.ctx, author, "PUT", done.ID); err != nil || w.shelf(author) != before {
			w.Errorf("%s\nis not\n%s\n%v", w.shelf(author), before, err)
		}
		var conflict *fault.ConflictError
		if err := w.UndoImport(w.ctx, author, "PUT", done.ID); !errors.As(err, &conflict) {
			w.Errorf("undone twice: %v", err)
		}
		_, list, _, err := w.BankImports(w.ctx, author, "PUT", "")
		if err != nil || len(list) != 2 || list[0].UndoneAt == nil || list[0].Added != 1 || list[0].Changed != 1 {
			w.Errorf("%+v %v", list, err)
		}
	})
}

func (w *world) taken(v people.Viewer, source string) error {
	_, _, err := w.ImportQuestions(w.ctx, v, "PUT", w.read("en", source), assessment.ImportRules{})
	return err
}

func TestABankIsOpenToWhoTeachesAndTakesNotTheCourse(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		must(w)(nil, w.taken(author, twoQuestions))
		police := w.person(people.LawEnforcement, "Pia Writes", people.Author)
		learner := w.person(people.Outreach, "Leo Both", people.Author)
		w.enrol(w.cohort, learner)
		for name, v := range map[string]people.Viewer{"a trainee": w.maya, "an author who takes the course": learner, "nobody": people.Nobody} {
			if _, err := w.Bank(w.ctx, v, "PUT", assessment.BankFilter{}); !errors.Is(err, fault.NotFound) {
				w.Errorf("%s reads: %v", name, err)
			}
		}
		for name, v := range map[string]people.Viewer{"an instructor": w.coach, "a coordinator": w.boss, "a trainee": w.maya} {
			if err := w.taken(v, "New?{}"); !errors.Is(err, fault.NotFound) {
				w.Errorf("%s writes: %v", name, err)
			}
		}
		if got := w.shelf(police); got != "" {
			w.Errorf("the other side reads %s", got)
		}
		if _, err := w.BankQuestion(w.ctx, police, "PUT", w.bankID(author, "first")); !errors.Is(err, fault.NotFound) {
			w.Errorf("the other side opens one: %v", err)
		}
		page, err := w.Bank(w.ctx, police, "PUT", assessment.BankFilter{Checks: true})
		if err != nil || slices.ContainsFunc(page.Rows, func(r assessment.BankRow) bool { return r.ModuleID == "T19" }) || len(page.Rows) == 0 {
			w.Errorf("the checks of police: %+v %v", page.Rows, err)
		}
		var invalid *fault.InvalidError
		if _, _, err := w.ImportQuestions(w.ctx, author, "PUT", w.read("en", "New?{}"), assessment.ImportRules{ModuleID: "T20"}); !errors.As(err, &invalid) {
			w.Errorf("a module of the other side: %v", err)
		}
		if _, _, err := w.ImportQuestions(w.ctx, author, "PUT", w.read("en", "New?{}\n\nBad{"), assessment.ImportRules{}); !errors.As(err, &invalid) {
			w.Errorf("with one that stays out: %v", err)
		}
		if _, done, err := w.ImportQuestions(w.ctx, author, "PUT", w.read("en", "New?{}\n\nBad{"), assessment.ImportRules{SkipBad: true}); err != nil || done.Added != 1 || done.LeftOut != 1 {
			w.Errorf("%+v %v", done, err)
		}
	})
}

func TestABankGoesOutAndComesBackTheSame(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		must(w)(nil, w.taken(author, twoQuestions+"\nMatch{=a -> b =c -> d}\n\nCalm is {1:MC:=good~bad}.\n\nPick{~%50%a ~%50%b ~%-100%c}"))
		for _, format := range []formats.Format{formats.Native, formats.GIFT, formats.CSV, formats.MoodleXML} {
			out, err := w.ExportQuestions(w.ctx, author, "PUT", assessment.BankFilter{}, format, content.English)
			if err != nil || out.Count != 5 || len(out.Warnings) > 0 {
				w.Fatal(format, out.Count, out.Warnings, err)
			}
			file, err := assessment.ReadQuestionFile("", content.File{Path: out.Name, Bytes: out.Bytes}, content.English)
			if err != nil {
				w.Fatal(err)
			}
			plan, err := w.PlanImport(w.ctx, author, "PUT", file)
			if err != nil || plan.Count(assessment.IsThere) != 5 {
				w.Errorf("%s: %d of 5 are there already, %v\n%s", format, plan.Count(assessment.IsThere), err, out.Bytes)
			}
		}
	})
}

// BenchmarkImportQuestions takes 5,000 questions in: read, turned into ours and stored.
func BenchmarkImportQuestions(b *testing.B) {
	var source strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&source, "::Question %d::[html]<p>Who speaks <b>first</b> in circle %d?</p>{\n\t=[html]<p>The one with the <i>piece</i></p>#Yes, %d.\n\t~You & me#No.\n\t~*Nobody*\n\t####Listen.\n}\n\n", i, i, i)
	}
	bench(b, func(b *testing.B, w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		for b.Loop() {
			_, done, err := w.ImportQuestions(w.ctx, author, "PUT", w.read("en", source.String()), assessment.ImportRules{})
			if err != nil || done.Added != 5000 {
				b.Fatal(done, err)
			}
			b.StopTimer()
			if err := w.UndoImport(w.ctx, author, "PUT", done.ID); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
		}
	})
}
