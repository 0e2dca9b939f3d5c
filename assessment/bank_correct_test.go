package assessment_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// editor hands the checks of a store to the drafts of the curriculum.
type editor struct{ assessment.Store }

func (e editor) Newest(ctx context.Context, tx bun.IDB, id content.ModuleID) ([]content.QuizFile, int, error) {
	return e.In(tx).NewestFiles(ctx, id)
}

func (e editor) Corrected(ctx context.Context, v people.Viewer, id content.ModuleID) (bool, error) {
	return e.CorrectionWaits(ctx, v, string(id))
}

func (editor) Read([]content.QuizFile, []content.Module) content.Check { return content.Check{} }

func (editor) Keep(context.Context, bun.IDB, []content.QuizFile) error { return nil }

const firstQuestion = "## q1\ntype: single\nobjective: 1\ntags: calm, first\n\nWhat do you do first?\n\n- [ ] Leave\n- [x] Breathe\n"

func (w *world) fromMarkdown(v people.Viewer, source string) {
	w.Helper()
	file, err := assessment.ReadQuestionFile("", content.File{Path: "q.quiz.md", Bytes: []byte(source)}, content.English)
	if err != nil {
		w.Fatal(err)
	}
	if _, _, err := w.ImportQuestions(w.ctx, v, "PUT", file, assessment.ImportRules{ModuleID: "T07"}); err != nil {
		w.Fatal(err)
	}
}

func TestACorrectedQuestionIsANewVersionAndGoesIntoDraftsOfChecks(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		w.fromMarkdown(author, firstQuestion)
		id := w.bankID(author, "q1")
		correct := func(v people.Viewer, seen int, en, es, reason string) (assessment.BankProof, error) {
			return w.CorrectQuestion(w.ctx, v, "PUT", id, assessment.BankCorrection{Seen: seen, EN: en, ES: es, Reason: reason})
		}
		better := strings.Replace(firstQuestion, "Leave", "Walk away", 1)
		spanish := "## q1\ntype: single\nobjective: 1\ntags: calm, first\n\n¿Qué hace primero?\n\n- [ ] Irse\n- [x] Respirar\n"

		var invalid *fault.InvalidError
		proof, err := correct(author, 1, "## q2\ntype: single\n\nWhat?\n\n- [x] A\n- [ ] B\n", "", "Why")
		if !errors.As(err, &invalid) || len(proof.EN) == 0 {
			w.Errorf("another name: %v %v", proof, err)
		}
		proof, err = correct(author, 1, better, strings.Replace(spanish, "[ ] Irse", "[x] Irse", 1), "")
		if !errors.As(err, &invalid) || len(proof.ES) == 0 || len(invalid.Problems) != 2 {
			w.Errorf("another key in Spanish, and no reason: %v %v", proof, err)
		}
		if _, err := correct(author, 1, firstQuestion, "", "Why"); !errors.As(err, &invalid) {
			w.Errorf("nothing new: %v", err)
		}
		for name, v := range map[string]people.Viewer{"an instructor": w.coach, "a trainee": w.maya, "police": w.person(people.LawEnforcement, "Pia Writes", people.Author)} {
			_, err := correct(v, 1, better, "", "Why")
			w.wantNotFound(name, err)
		}
		if _, err := correct(author, 1, better, spanish, "Leaving is sometimes right."); err != nil {
			w.Fatal(err)
		}
		_, err = correct(author, 1, firstQuestion, "", "Why")
		w.wantConflict("on an older version", "assessment.bank.meanwhile", err)

		h, err := w.BankQuestion(w.ctx, author, "PUT", id)
		if err != nil || len(h.Versions) != 2 || h.Versions[0].Reason == "" || !h.Question.Spanish || len(h.Uses) != 2 {
			w.Fatalf("%+v %v", h, err) // T07 and T19 have a question of this name
		}
		texts := w.content.WithChecks(editor{w.Store})
		drafts, err := w.UpdateChecks(w.ctx, author, texts, "PUT", id, []string{"T07"})
		if err != nil || len(drafts) != 1 {
			w.Fatal(drafts, err)
		}
		again, err := w.UpdateChecks(w.ctx, author, texts, "PUT", id, []string{"T07"})
		if err != nil || again[0] != drafts[0] {
			w.Errorf("twice: %v %v", again, err)
		}
		_, written, err := texts.Draft(w.ctx, author, drafts[0])
		check := written[content.EnglishCheck].Source
		if err != nil || !strings.Contains(check, "- [ ] Walk away") || strings.Contains(check, "- [ ] Leave") || !strings.Contains(check, "## q2\ntype: multiple") {
			w.Errorf("%v\n%s", err, check)
		}
		_, err = w.UpdateChecks(w.ctx, author, texts, "PUT", id, []string{"T20"})
		w.wantNotFound("a check of the other side", err)
	})
}

func TestABankIsFoundByTagAndMissingSpanishAndGoesOutByWhatIsTicked(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		w.fromMarkdown(author, firstQuestion+"\n## other\ntype: reflection\ntags: calmly\n\nWhat helped?\n")
		for _, c := range []struct {
			filter assessment.BankFilter
			want   string
		}{
			{assessment.BankFilter{Tag: "calm"}, "q1"}, {assessment.BankFilter{Tag: "cal"}, ""}, {assessment.BankFilter{Tag: "%"}, ""},
			{assessment.BankFilter{NoSpanish: true}, "q1 other"}, {assessment.BankFilter{IDs: []assessment.BankID{w.bankID(author, "other")}}, "other"},
		} {
			page, err := w.Bank(w.ctx, author, "PUT", c.filter)
			var names []string
			for _, row := range page.Rows {
				names = append(names, row.Name)
			}
			if got := strings.Join(names, " "); err != nil || got != c.want {
				w.Errorf("%+v: %q, want %q, %v", c.filter, got, c.want, err)
			}
			out, err := w.ExportQuestions(w.ctx, author, "PUT", c.filter, formats.Native, content.English)
			if c.want != "" && (err != nil || strings.Count(string(out.Bytes), "## ") != len(names)) {
				w.Errorf("%+v goes out as %s %v", c.filter, out.Bytes, err)
			}
		}
	})
}
