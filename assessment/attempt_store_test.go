package assessment_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestTwoTapsOnStartGiveOneAttempt(t *testing.T) {
	each(t, func(w *world) {
		first, second := w.start(w.maya, "T07"), w.start(w.maya, "T07")
		if first != second {
			w.Errorf("two attempts: %s and %s", first, second)
		}
	})
}

func TestAnAnswerIsStoredWithItsVersionAndTheSameAgainIsTheSameYes(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		first, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q2", 0, "phone", 2, 0))
		if err != nil || first.Version != 1 || !slices.Equal(first.Value.Choices, []int{0, 2}) {
			w.Fatalf("first save: %+v, %v", first, err)
		}
		w.today = w.today.Add(time.Minute)
		again, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q2", 0, "phone", 0, 2))
		if err != nil || again.Version != 1 || !again.SavedAt.Equal(first.SavedAt) {
			w.Errorf("the same again: %+v, %v", again, err)
		}
		second, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q2", 1, "phone", 0))
		if err != nil || second.Version != 2 {
			w.Errorf("the next version: %+v, %v", second, err)
		}
		if n := w.count("answers"); n != 2 {
			w.Errorf("%d lines, want 2: what was acknowledged twice was written once", n)
		}
	})
}

func TestAnswerThatCameTooLateIsRefusedKeptAndShown(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		w.answers(w.maya, id, map[string][]int{"q1": {1}})
		for range 2 { // the laptop tries twice
			_, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q1", 0, "laptop", 2))
			var stale assessment.Stale
			if !errors.As(err, &stale) || stale.Finished || stale.Current.Version != 1 || !stale.Current.Value.Has(1) || !stale.Refused.Has(2) {
				w.Fatalf("a second device that saw nothing: %+v, %v", stale, err)
			}
		}
		paper, err := w.Attempt(w.ctx, w.maya, id)
		if err != nil || !paper.Answers["q1"].Value.Has(1) {
			w.Fatalf("what counts: %+v, %v", paper.Answers["q1"], err)
		}
		if lines := paper.RefusedFor("q1"); len(lines) != 1 || !lines[0].Value.Has(2) || lines[0].Device != "laptop" {
			w.Errorf("refused lines: %+v", lines)
		}
		if _, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q1", 1, "phone", 0)); err != nil {
			w.Fatal(err)
		}
		var stale assessment.Stale
		if _, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q1", 1, "laptop", 2)); !errors.As(err, &stale) || stale.Current.Version != 2 || !stale.Current.Value.Has(0) {
			w.Errorf("a device that saw the version before: %+v, %v", stale, err)
		}
	})
}

func TestVersionThatNeverWasIsRefused(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		_, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q1", 3, "phone", 1))
		var stale assessment.Stale
		if !errors.As(err, &stale) || stale.Current.Version != 0 {
			w.Errorf("%+v, %v", stale, err)
		}
	})
}

func TestLateSaveNeitherReopensNorChangesAFinishedAttempt(t *testing.T) {
	each(t, func(w *world) {
		result := w.tries(w.maya, "T07", map[string][]int{"q1": {0}, "q2": {0, 2}, "q3": {1}})
		_, err := w.SaveAnswer(w.ctx, w.maya, save(result.ID, "q1", 1, "phone", 1))
		var stale assessment.Stale
		if !errors.As(err, &stale) || !stale.Finished || !stale.Current.Value.Has(0) {
			w.Fatalf("late save: %+v, %v", stale, err)
		}
		if _, err := w.SaveAnswer(w.ctx, w.maya, save(result.ID, "q1", 0, "phone", 0)); err != nil {
			w.Errorf("what was saved before, sent again late: %v, want the same yes", err)
		}
		after, err := w.Result(w.ctx, w.maya, result.ID)
		if err != nil || after.Percent != result.Percent || after.Open() || len(after.RefusedFor("q1")) != 1 {
			w.Errorf("after: %+v, %v", after.Attempt, err)
		}
	})
}

func TestHandInAsksAboutOpenQuestionsAndGradesOnce(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		w.answers(w.maya, id, map[string][]int{"q2": {0}})
		var open assessment.Unanswered
		if err := w.Submit(w.ctx, w.maya, id, false); !errors.As(err, &open) || !slices.Equal(open.Positions, []int{1, 3}) {
			w.Fatalf("hand-in with open questions: %v", err)
		}
		_, err := w.Result(w.ctx, w.maya, id)
		w.wantConflict("result of an open attempt", "assessment.result.open", err)
		if err := w.Submit(w.ctx, w.maya, id, true); err != nil {
			w.Fatal(err)
		}
		first, err := w.Result(w.ctx, w.maya, id)
		if err != nil {
			w.Fatal(err)
		}
		// Half of q2 is 50 of 300 points: 16 percent, rounded down.
		if first.Percent != 16 || first.Correct != 0 || first.Total != 3 || len(first.Receipt) != 11 {
			w.Errorf("result: %+v", first.Attempt)
		}
		w.today = w.today.Add(time.Hour)
		if err := w.Submit(w.ctx, w.maya, id, true); err != nil {
			w.Errorf("a second hand-in: %v", err)
		}
		if again, err := w.Result(w.ctx, w.maya, id); err != nil || !again.FinishedAt.Equal(*first.FinishedAt) || again.Receipt != first.Receipt {
			w.Errorf("a second hand-in changed the first: %+v, %v", again.Attempt, err)
		}
	})
}

func TestKeyIsClosedUntilHandIn(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		paper, err := w.Attempt(w.ctx, w.maya, id)
		if err != nil {
			w.Fatal(err)
		}
		for _, q := range paper.Questions {
			if slices.Contains(q.Body.Right, true) || q.Text("en").General != "" || len(q.Text("en").Feedback) > 0 {
				w.Errorf("%s tells its key: %+v", q.ID, q.Body)
			}
		}
		w.answers(w.maya, id, right)
		if err := w.Submit(w.ctx, w.maya, id, false); err != nil {
			w.Fatal(err)
		}
		result, err := w.Result(w.ctx, w.maya, id)
		if err != nil || result.Percent != 100 || result.Correct != 3 || !result.Questions[0].Body.Right[1] || result.Questions[0].Text("en").Feedback[1] != "Yes." {
			w.Errorf("result: %+v, %v", result.Attempt, err)
		}
	})
}

func TestAnswersThatNoQuestionHasAreRefused(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		for name, s := range map[string]assessment.Save{
			"two where one is asked for":   save(id, "q1", 0, "phone", 0, 1),
			"a choice that does not exist": save(id, "q1", 0, "phone", 7),
			"one twice":                    save(id, "q2", 0, "phone", 1, 1),
			"no device":                    save(id, "q1", 0, "", 1),
		} {
			var invalid *fault.InvalidError
			if _, err := w.SaveAnswer(w.ctx, w.maya, s); !errors.As(err, &invalid) {
				w.Errorf("%s: %v", name, err)
			}
		}
		_, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q9", 0, "phone", 1))
		w.wantNotFound("a question of no quiz", err)
		if n := w.count("answers"); n != 0 {
			w.Errorf("%d lines", n)
		}
	})
}

func TestWholePageSavesWhatWasTouchedAndLeavesTheRest(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		w.answers(w.maya, id, map[string][]int{"q1": {0}, "q3": {0}})
		if _, err := w.SaveAnswer(w.ctx, w.maya, save(id, "q1", 1, "laptop", 1)); err != nil {
			w.Fatal(err)
		}
		// A page opened before the laptop spoke: q1 as it was shown, q2 new, q3 changed.
		refused, err := w.SaveAll(w.ctx, w.maya, id, []assessment.Save{
			save(id, "q1", 1, "phone", 0), save(id, "q2", 0, "phone", 0, 2), save(id, "q3", 1, "phone", 1)})
		if err != nil || len(refused) != 0 {
			w.Fatalf("%+v, %v", refused, err)
		}
		paper, err := w.Attempt(w.ctx, w.maya, id)
		if err != nil {
			w.Fatal(err)
		}
		for question, want := range right {
			if got := paper.Answers[question].Value.Choices; !slices.Equal(got, want) {
				w.Errorf("%s: %v, want %v", question, got, want)
			}
		}
		refused, err = w.SaveAll(w.ctx, w.maya, id, []assessment.Save{save(id, "q1", 1, "phone", 2)})
		if err != nil || len(refused) != 1 || !refused[0].Current.Value.Has(1) {
			w.Errorf("touched on both: %+v, %v", refused, err)
		}
	})
}

func TestTwoTriesThenTheModuleAgainThenATalk(t *testing.T) {
	each(t, func(w *world) {
		w.reads(w.maya, "T07")
		wrong := map[string][]int{"q1": {0}}
		w.tries(w.maya, "T07", wrong)
		w.tries(w.maya, "T07", wrong)
		_, err := w.Start(w.ctx, w.maya, "T07")
		w.wantConflict("a third try", "assessment.gate.read_again", err)
		w.today = w.today.Add(time.Minute)
		w.reads(w.maya, "T07")
		w.tries(w.maya, "T07", wrong)
		w.tries(w.maya, "T07", wrong)
		w.today = w.today.Add(time.Minute)
		w.reads(w.maya, "T07")
		_, err = w.Start(w.ctx, w.maya, "T07")
		w.wantConflict("a fifth try", "assessment.gate.talk", err)
		for range 2 { // two taps
			if err := w.Talked(w.ctx, w.coach, w.mayas, "T07"); err != nil {
				w.Fatal(err)
			}
		}
		w.tries(w.maya, "T07", wrong)
		w.tries(w.maya, "T07", right)
		_, err = w.Start(w.ctx, w.maya, "T07")
		w.wantConflict("a seventh try", "assessment.gate.talk", err)
		if k, err := w.KnowledgeOf(w.ctx, w.maya, w.mayas); err != nil || k.Modules[0].Best != 100 || k.Modules[0].Tries != 6 || k.Percent != 50 || !slices.Equal(k.Missing, []string{"T19"}) {
			w.Errorf("%+v, %v", k, err)
		}
	})
}

func TestReadingAgainOpensTwoMoreTriesOnce(t *testing.T) {
	each(t, func(w *world) {
		wrong := map[string][]int{"q1": {0}}
		w.tries(w.maya, "T07", wrong)
		if err := w.ReadAgain(w.ctx, w.maya, "T07"); err != nil || w.count("reopenings") != 0 {
			w.Errorf("with a try left: %v", err)
		}
		w.tries(w.maya, "T07", wrong)
		w.wantNotFound("an officer says so", w.ReadAgain(w.ctx, w.officer, "T19"))
		for range 2 {
			if err := w.ReadAgain(w.ctx, w.maya, "T07"); err != nil {
				w.Fatal(err)
			}
		}
		w.tries(w.maya, "T07", wrong)
		w.tries(w.maya, "T07", wrong)
		w.wantConflict("again after the fourth", "assessment.gate.talk", w.ReadAgain(w.ctx, w.maya, "T07"))
		if n := w.count("reopenings"); n != 1 {
			w.Errorf("%d lines", n)
		}
	})
}

func TestAttemptIsThereForNobodyElse(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		for name, v := range map[string]people.Viewer{
			"another trainee": w.omar, "her instructor": w.coach, "her coordinator": w.boss, "an officer": w.officer, "nobody": people.Nobody,
			"herself in another sector": people.Seen(w.maya.Person(), people.Health, nil, nil),
		} {
			_, err := w.Attempt(w.ctx, v, id)
			_, never := w.Attempt(w.ctx, v, "never")
			w.wantNotFound(name, err)
			w.wantNotFound(name+", one that never was", never)
			_, err = w.SaveAnswer(w.ctx, v, save(id, "q1", 0, "phone", 1))
			w.wantNotFound(name+" saves", err)
			_, err = w.SaveAll(w.ctx, v, id, []assessment.Save{save(id, "q1", 0, "phone", 1)})
			w.wantNotFound(name+" saves all", err)
			w.wantNotFound(name+" hands in", w.Submit(w.ctx, v, id, true))
		}
		if n := w.count("answers"); n != 0 {
			w.Errorf("%d lines were written", n)
		}
	})
}

func TestNoCheckWhereTheModuleIsNotOnesOwn(t *testing.T) {
	each(t, func(w *world) {
		for name, row := range map[string]struct {
			v      people.Viewer
			module string
		}{
			"an officer at outreach's module": {w.officer, "T19"},
			"outreach at the officers' one":   {w.maya, "T20"},
			"a module that never was":         {w.maya, "T99"},
			"an instructor":                   {w.coach, "T07"},
			"nobody":                          {people.Nobody, "T07"},
		} {
			_, err := w.Check(w.ctx, row.v, row.module)
			w.wantNotFound(name, err)
			_, err = w.Start(w.ctx, row.v, row.module)
			w.wantNotFound(name+" starts", err)
		}
		if _, err := w.Start(w.ctx, w.officer, "T20"); err != nil {
			w.Errorf("an officer at the officers' module: %v", err)
		}
	})
}

func TestWithdrawnPlaceStartsNothing(t *testing.T) {
	each(t, func(w *world) {
		if err := w.cohorts.Withdraw(w.ctx, w.boss, w.mayas, "family"); err != nil {
			w.Fatal(err)
		}
		_, err := w.Start(w.ctx, w.maya, "T07")
		w.wantNotFound("start", err)
	})
}

func TestDueAreQuizzesReadAndNotPassed(t *testing.T) {
	each(t, func(w *world) {
		due := func() []string {
			list, err := w.MyDue(w.ctx, w.maya)
			if err != nil {
				w.Fatal(err)
			}
			ids := []string{}
			for _, d := range list {
				ids = append(ids, d.ModuleID)
			}
			return ids
		}
		if ids := due(); len(ids) != 0 {
			w.Errorf("before reading: %v", ids)
		}
		w.reads(w.maya, "T07")
		if ids := due(); !slices.Equal(ids, []string{"T07"}) {
			w.Errorf("after reading: %v", ids)
		}
		running := w.start(w.maya, "T19")
		if list, err := w.MyDue(w.ctx, w.maya); err != nil || len(list) != 2 || list[1].Attempt != running || list[1].Started == nil {
			w.Errorf("one running: %+v, %v", list, err)
		}
		w.tries(w.maya, "T07", right)
		if ids := due(); !slices.Equal(ids, []string{"T19"}) {
			w.Errorf("after passing: %v", ids)
		}
	})
}

// count is the number of rows of a table.
func (w *world) count(table string) int {
	w.Helper()
	n, err := w.db.NewSelect().TableExpr(table).Count(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	return int(n)
}

// A save costs at most five queries with the look-up of who is signed in: this room's
// part is four, whatever the question is and however much is saved already.
func TestASaveCostsFourQueries(t *testing.T) {
	each(t, func(w *world) {
		id := w.start(w.maya, "T07")
		alone := w.Store.In(w.db) // what one save asks, without others of the same moment
		for n, choice := range []int{0, 1, 2} {
			ctx, count := database.CountQueries(w.ctx)
			if _, err := alone.SaveAnswer(ctx, w.maya, save(id, "q1", n, "phone", choice)); err != nil || count.Queries() > 4 {
				w.Errorf("save %d: %d queries, %v", n+1, count.Queries(), err)
			}
		}
	})
}
