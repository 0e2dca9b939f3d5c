package assessment_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// guards are rules of attempts, each with the words of the code that keep it, what stands
// there once they are taken out, and the test that fails then.
var guards = []struct{ rule, file, guard, without, test string }{
	{"a save made after the deadline", "attempt_clock.go", "in := said && !made.After(*a.Deadline)", "in := true", "TestAnswersAroundTheDeadline"},
	{"a save that saw a lower version", "answer_store.go", `Where("attempt_id = ? AND question_id = ? AND version = ?", save.Attempt, save.Question, save.Version).Exec(ctx)
		return`, `Where("attempt_id = ? AND question_id = ?", save.Attempt, save.Question).Exec(ctx)
		return`, "TestAnswerThatCameTooLateIsRefusedKeptAndShown"},
	{"somebody else's attempt", "attempt_store.go", "`id = ? AND person_id = ? AND sector = ?`, id, v.Person(), v.Sector()", "`id = ? AND sector = ?`, id, v.Sector()", "TestAttemptIsThereForNobodyElse"},
	{"somebody else's attempt, which they save in the same moment", "together_store.go", "one.attempt.PersonID != one.viewer.Person() || ", "", "TestWhatArrivesTogetherIsToldEachItsOwn"},
	{"an attempt of the other sector", "attempt_store.go", "`id = ? AND person_id = ? AND sector = ?`, id, v.Person(), v.Sector()", "`id = ? AND person_id = ?`, id, v.Person()", "TestAttemptIsThereForNobodyElse"},
	{"a finished attempt", "attempt_clock.go", "case !a.Open() || a.overdue(now):", "case a.overdue(now):", "TestLateSaveNeitherReopensNorChangesAFinishedAttempt"},
	{"a grace that has expired", "attempt_clock.go", "return a.Over(now) && a.ClosesAt != nil && now.After(*a.ClosesAt)", "return false", "TestAnswersAroundTheDeadline"},
	{"a paused attempt", "attempt_clock.go", "return said && !made.After(*a.PausedAt), false", "return true, false", "TestPauseStopsTheClockAndHidesTheQuestions"},
	{"rule 17 on time that is given", "allowance_store.go", "string(id)+\":\"+n.Line, nullPerson(v), s.now()).Apply(cohorts.NotOverOneself(v, s.people.Today()))", "string(id)+\":\"+n.Line, nullPerson(v), s.now())", "TestWhoMayGiveTimeAndTries"},
	{"more tries than the edition gives", "check_store.go", "if gate := check.Gate(); gate != Ready {", "if gate := check.Gate(); gate == Ended {", "TestTwoTriesThenTheModuleAgainThenATalk"},
	{"a cohort that the viewer does not run", "allowance_store.go", "n.ModuleID, n.ModuleID).\n\t\t\t\tApply(cohorts.RunBy(v))", "n.ModuleID, n.ModuleID)", "TestWhoMayGiveTimeAndTries"},
	{"the trainee's own save while it is asked aloud", "answer_store.go", "if attempt.Spoken() != (save.by != nil) {", "if false {", "TestWhatATraineeBeganAloneIsTakenOverWithItsAnswers"},
	{"asking aloud in a cohort that the viewer does not run, or where they learn the same, or over who holds power", "oral_store.go", "return q.Apply(cohorts.RunBy(v), content.AnswersOpenTo(v, module), cohorts.NotOverOneself(v, s.people.Today()))", "return q", "TestOnlyWhoRunsTheCohortAsksAloudAndNobodyThemselves"},
}

func TestEveryGuardStandsOnceAndHasItsTest(t *testing.T) {
	tests := ""
	files, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		tests += read(t, file)
	}
	for _, g := range guards {
		if n := strings.Count(read(t, g.file), g.guard); n != 1 {
			t.Errorf("%s: its guard stands %d times in %s", g.rule, n, g.file)
		}
		if g.without == g.guard {
			t.Errorf("%s: its guard is not taken out", g.rule)
		}
		if !strings.Contains(tests, "func "+g.test+"(t *testing.T)") {
			t.Errorf("%s: there is no %s", g.rule, g.test)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
