package assessment_test

import (
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

func (w *world) impossible() (kinds []string) {
	w.Helper()
	list, err := w.Impossible(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	for _, one := range list {
		kinds = append(kinds, one.Kind)
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}

// Every state that can't be is found, and what people do is none of them.
func TestImpossibleRecordsAreFound(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		done := w.tries(w.maya, "T07", right).ID
		closed := w.start(w.omar, "T07")
		w.answers(w.omar, closed, map[string][]int{"q1": {0}})
		began := w.today
		w.pass(35)
		w.saveMade(w.omar, save(closed, "q2", 0, "phone", 0), began)
		w.pass(10)
		open := w.start(w.maya, "T07")
		w.answers(w.maya, open, map[string][]int{"q1": {0}})
		if _, err := w.SaveAnswer(w.ctx, w.maya, save(open, "q1", 1, "phone", 1)); err != nil {
			w.Fatal(err)
		}
		paused := w.start(w.omar, "T19")
		if err := w.Pause(w.ctx, w.omar, paused); err != nil {
			w.Fatal(err)
		}
		if _, err := w.CloseOverdue(w.ctx); err != nil {
			w.Fatal(err)
		}
		if kinds := w.impossible(); len(kinds) != 0 {
			w.Fatalf("in order: %v", kinds)
		}
		for _, row := range []struct {
			spoil, mend string
			id          assessment.AttemptID
			want        []string
		}{
			{`UPDATE attempts SET receipt = '' WHERE id = ?`, `UPDATE attempts SET receipt = 'AAAAA-AAAAA' WHERE id = ?`, done, []string{"no_receipt"}},
			{`UPDATE attempts SET receipt = 'AAAAA-AAAAA' WHERE id = ?`, `UPDATE attempts SET receipt = '' WHERE id = ?`, open, []string{"graded_open"}},
			{`UPDATE attempts SET percent = 99 WHERE id = ?`, `UPDATE attempts SET percent = 100 WHERE id = ?`, done, []string{"grade"}},
			{`UPDATE attempts SET drawn = '["q9"]' WHERE id = ?`, `UPDATE attempts SET drawn = '[]' WHERE id = ?`, done, []string{"drawn"}},
			{`UPDATE attempts SET started_at = '2027-01-01 00:00:00+00:00' WHERE id = ?`, `UPDATE attempts SET started_at = '2026-01-01 00:00:00+00:00' WHERE id = ?`, done, []string{"before_start"}},
			{`UPDATE attempts SET paused_at = finished_at WHERE id = ?`, `UPDATE attempts SET paused_at = NULL WHERE id = ?`, done, []string{"paused_finished"}},
			{`UPDATE attempts SET closes_at = NULL WHERE id = ?`, `UPDATE attempts SET closes_at = deadline WHERE id = ?`, open, []string{"clock"}},
			{`UPDATE answers SET version = 3 WHERE version = 2 AND attempt_id = ?`, `UPDATE answers SET version = 2 WHERE version = 3 AND attempt_id = ?`, open, []string{"gap", "not_newest"}},
			{`UPDATE current_answers SET version = 1 WHERE attempt_id = ?`, `UPDATE current_answers SET version = 2 WHERE attempt_id = ?`, open, []string{"not_newest"}},
			{`UPDATE answers SET late = FALSE WHERE question_id = 'q2' AND attempt_id = ?`, `UPDATE answers SET late = TRUE WHERE question_id = 'q2' AND attempt_id = ?`, closed, []string{"after_end"}},
			{`UPDATE answers SET question_id = 'q9' WHERE question_id = 'q1' AND attempt_id = ?`, `UPDATE answers SET question_id = 'q1' WHERE question_id = 'q9' AND attempt_id = ?`, open, []string{"no_question", "not_current", "not_newest"}},
		} {
			w.do(row.spoil, row.id)
			if kinds := w.impossible(); !slices.Equal(kinds, row.want) {
				w.Errorf("%s: %v, want %v", row.spoil, kinds, row.want)
			}
			w.do(row.mend, row.id)
		}
		if kinds := w.impossible(); len(kinds) != 0 {
			w.Errorf("mended: %v", kinds)
		}
		w.do(`DROP INDEX attempts_open`)
		w.do(`DELETE FROM grade_lines WHERE attempt_id = ?`, done)
		w.do(`UPDATE attempts SET finished_at = NULL, receipt = '', percent = 0, earned = 0, correct = 0, closes_at = deadline WHERE id = ?`, done)
		if kinds := w.impossible(); !slices.Equal(kinds, []string{"two_open"}) {
			w.Errorf("two open attempts: %v", kinds)
		}
	})
}

func (w *world) do(statement string, args ...any) {
	w.Helper()
	if _, err := w.db.NewRaw(statement, args...).Exec(w.ctx); err != nil {
		w.Fatal(err)
	}
}
