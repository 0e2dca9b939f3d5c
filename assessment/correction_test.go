package assessment_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// publishes makes the next version of T07's check, with each of the pairs exchanged.
func (w *world) publishes(version int, exchange ...string) {
	w.Helper()
	source := fmt.Sprintf(quiz, "T07", "T07")
	source = strings.NewReplacer(append([]string{"version: 1", fmt.Sprintf("version: %d", version)}, exchange...)...).Replace(source)
	quizzes, problems := assessment.ReadQuizzes([]content.QuizFile{{ModuleID: "T07", Lang: content.English, Path: fmt.Sprintf("t07-topic.v%d.quiz.md", version), Source: []byte(source)}})
	if len(problems) > 0 {
		w.Fatal(problems)
	}
	must(w)(w.Store.Import(w.ctx, quizzes))
}

// shoutingIsRight corrects the key alone.
var shoutingIsRight = []string{"- [x] Breathe", "- [ ] Breathe", "- [ ] Shout", "- [x] Shout"}

func (w *world) decides(v people.Viewer, decision assessment.Decision, lowers bool) (assessment.Correction, error) {
	w.Helper()
	var hash assessment.QuizHash
	if err := w.db.NewRaw(`SELECT hash FROM quizzes WHERE module_id = 'T07' ORDER BY version DESC LIMIT 1`).Scan(w.ctx, &hash); err != nil {
		w.Fatal(err)
	}
	return w.DecideCorrection(w.ctx, v, assessment.NewCorrection{Module: "T07", Quiz: hash, Decision: decision, Lowers: lowers, Reason: "The key was wrong."})
}

func (w *world) percent(id assessment.AttemptID) (percent int) {
	w.Helper()
	if err := w.db.NewRaw(`SELECT percent FROM attempts WHERE id = ?`, id).Scan(w.ctx, &percent); err != nil {
		w.Fatal(err)
	}
	return percent
}

func TestACorrectedKeyRaisesResultsWhenItsAuthorSaysSo(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		shouts := w.tries(w.maya, "T07", map[string][]int{"q1": {2}, "q2": {0, 2}, "q3": {1}})
		breathes := w.tries(w.omar, "T07", right)
		police := w.tries(w.officer, "T07", map[string][]int{"q1": {2}})
		if list, err := w.UndecidedCorrections(w.ctx, author); err != nil || len(list) != 0 {
			w.Errorf("before: %+v %v", list, err)
		}
		w.publishes(2, shoutingIsRight...)
		list, err := w.UndecidedCorrections(w.ctx, author)
		if err != nil || len(list) != 1 || list[0].ModuleID != "T07" {
			w.Errorf("waits: %+v %v", list, err)
		}
		page, err := w.Corrections(w.ctx, author, "T07", "")
		if err != nil || len(page.Questions) != 1 || page.Questions[0].Rewrote || page.Tries != 2 || len(page.Rows) != 2 || !page.Waits() {
			w.Fatalf("%+v %v", page, err)
		}
		for _, row := range page.Rows {
			if row.Name != "" || row.Before+row.After != 166 {
				w.Errorf("%+v", row)
			}
		}
		if page, err := w.Corrections(w.ctx, w.director(), "T07", ""); err != nil || page.Rows[0].Name != "Maya O." {
			w.Errorf("who runs the cohort reads names: %+v %v", page.Rows, err)
		}
		if w.percent(shouts.ID) != 66 {
			w.Error("looking changed a result")
		}
		done, err := w.decides(author, assessment.Regrade, false)
		if err != nil || done.Changed != 1 || done.DoneAt == nil || done.Step != 2 {
			w.Fatalf("%+v %v", done, err)
		}
		if a, b, c := w.percent(shouts.ID), w.percent(breathes.ID), w.percent(police.ID); a != 100 || b != 100 || c != police.Percent {
			w.Errorf("%d %d %d", a, b, c)
		}
		lines, err := w.GradeLines(w.ctx, w.coach, shouts.ID)
		if err != nil || len(lines) != 4 || lines[1].Source != assessment.Corrected || lines[1].Points != 100 || lines[1].Reason != "The key was wrong." || *lines[1].ByPerson != author.Person() {
			w.Errorf("%+v %v", lines, err)
		}
		if again, err := w.decides(author, assessment.Regrade, false); err != nil || again.Changed != 0 {
			w.Errorf("twice: %+v %v", again, err)
		}
		if list, err := w.UndecidedCorrections(w.ctx, author); err != nil || len(list) != 0 {
			w.Errorf("after: %+v %v", list, err)
		}
		if lowered, err := w.decides(author, assessment.Regrade, true); err != nil || lowered.Changed != 1 || w.percent(breathes.ID) != 66 {
			w.Errorf("lowered: %+v %v, %d", lowered, err, w.percent(breathes.ID))
		}
	})
}

// director is one of the outreach side who learns nothing.
func (w *world) director() people.Viewer {
	w.Helper()
	return w.person(people.Outreach, "Dee Runs", people.Director)
}

func TestWhatAPersonGaveStaysAndLeavingIsADecision(t *testing.T) {
	each(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		try := w.tries(w.maya, "T07", map[string][]int{"q1": {2}})
		if err := w.grades(w.coach, assessment.Grade{Attempt: try.ID, Question: "q1", Points: 50, Source: assessment.Override, Seen: 1, Reason: "Said aloud."}); err != nil {
			w.Fatal(err)
		}
		w.publishes(2, shoutingIsRight...)
		page, err := w.Corrections(w.ctx, author, "T07", "")
		if err != nil || len(page.Rows) != 1 || page.Rows[0].Kept != 1 || page.Rows[0].Before != page.Rows[0].After {
			w.Errorf("%+v %v", page.Rows, err)
		}
		left, err := w.decides(author, assessment.Leave, false)
		if err != nil || left.DoneAt == nil || left.Changed != 0 {
			w.Errorf("%+v %v", left, err)
		}
		if page, err := w.Corrections(w.ctx, author, "T07", ""); err != nil || page.Waits() || len(page.Decided) != 1 || page.Decided[0].By() != "Ana W." {
			w.Errorf("%+v %v", page.Decided, err)
		}
		if done, err := w.decides(author, assessment.Regrade, true); err != nil || done.Changed != 0 || w.percent(try.ID) != 16 {
			w.Errorf("%+v %v", done, err)
		}
	})
}

func TestWhoMayDecideAboutACorrection(t *testing.T) {
	each(t, func(w *world) {
		w.tries(w.maya, "T07", map[string][]int{"q1": {2}})
		w.publishes(2, shoutingIsRight...)
		learner := w.person(people.Outreach, "Leo Both", people.Author)
		w.enrol(w.cohort, learner)
		for name, v := range map[string]people.Viewer{"a trainee": w.maya, "an instructor": w.coach, "a coordinator": w.boss, "an author who takes the course": learner, "nobody": people.Nobody} {
			_, err := w.Corrections(w.ctx, v, "T07", "")
			w.wantNotFound(name, err)
			_, err = w.decides(v, assessment.Regrade, false)
			w.wantNotFound(name, err)
		}
		police := w.person(people.LawEnforcement, "Pia Writes", people.Author)
		if page, err := w.Corrections(w.ctx, police, "T07", ""); err != nil || page.Tries != 0 || len(page.Questions) != 0 {
			w.Errorf("the other side's tries: %+v %v", page, err)
		}
		_, err := w.Corrections(w.ctx, police, "T19", "")
		w.wantNotFound("a module of the other side", err)
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		_, err = w.DecideCorrection(w.ctx, author, assessment.NewCorrection{Module: "T07", Quiz: "older", Decision: assessment.Regrade, Reason: "Why."})
		w.wantConflict("a newer version", "assessment.correction.newer", err)
		var invalid *fault.InvalidError
		if _, err := w.DecideCorrection(w.ctx, author, assessment.NewCorrection{Module: "T07"}); !errors.As(err, &invalid) || len(invalid.Problems) != 2 {
			w.Errorf("nothing said: %v", err)
		}
	})
}

func TestALongRegradeGoesOnWhereItStoodAndTwoGiveOneLineEach(t *testing.T) {
	race(t, func(w *world) {
		author := w.person(people.Outreach, "Ana Writes", people.Author)
		try := w.tries(w.maya, "T07", map[string][]int{"q1": {2}})
		w.publishes(2, shoutingIsRight...)
		// More tries than are gone through at once, made of the one that there is.
		for n := range 210 {
			id := fmt.Sprintf("%s-%03d", try.ID, n)
			for _, copied := range []string{
				`INSERT INTO attempts (id, enrolment_id, person_id, sector, quiz_hash, module_id, number, seed, started_at, finished_at, receipt, released_at, percent)
					SELECT '` + id + `', enrolment_id, person_id, sector, quiz_hash, module_id, ` + fmt.Sprint(n+2) + `, seed, started_at, finished_at, receipt, released_at, percent FROM attempts WHERE id = ?`,
				`INSERT INTO current_answers (attempt_id, question_id, version, device, value, saved_at) SELECT '` + id + `', question_id, version, device, value, saved_at FROM current_answers WHERE attempt_id = ?`,
			} {
				if _, err := w.db.NewRaw(copied, try.ID).Exec(w.ctx); err != nil {
					w.Fatal(err)
				}
			}
		}
		done, err := w.decides(author, assessment.Regrade, false)
		if err != nil || done.Total != 211 || done.DoneAt != nil {
			w.Fatalf("%+v %v", done, err)
		}
		other, err := w.decides(author, assessment.Regrade, false)
		if err != nil {
			w.Fatal(err)
		}
		var both sync.WaitGroup
		for _, id := range []assessment.CorrectionID{done.ID, other.ID, done.ID} {
			both.Go(func() {
				for try := 0; ; try++ { // as the outbox does
					err := w.GoOnRegrading(w.ctx, id)
					if err == nil || try == 5 {
						if err != nil {
							w.Error(err)
						}
						return
					}
					time.Sleep(20 * time.Millisecond)
				}
			})
		}
		both.Wait()
		var lines, changed, raised int
		if err := w.db.NewRaw(`SELECT (SELECT COUNT(*) FROM grade_lines WHERE source = 'corrected'), (SELECT SUM(changed) FROM corrections), (SELECT COUNT(*) FROM attempts WHERE percent = 33)`).
			Scan(w.ctx, &lines, &changed, &raised); err != nil || lines != 211 || changed != 211 || raised != 211 {
			w.Errorf("%d lines, %d changed, %d raised, %v", lines, changed, raised, err)
		}
	})
}
