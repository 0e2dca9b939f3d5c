package assessment_test

import (
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/courses"
)

// telling is whether a paper holds the key of its first question.
func telling(p assessment.Paper) bool { return slices.Contains(p.Questions[0].Body.Right, true) }

func TestTheKeyIsClosedAgainWhileAnotherTryIsOpen(t *testing.T) {
	each(t, func(w *world) {
		w.rule(courses.QuizRules{Grace: 10, Tries: 2, Pause: true, Review: courses.AfterEach})
		first := w.tries(w.maya, "T07", map[string][]int{"q1": {0}})
		if paper := w.attempt(w.maya, first.ID); !paper.Shows() || !telling(paper) {
			w.Error("after the first try nothing is shown")
		}
		second := w.start(w.maya, "T07")
		if paper := w.attempt(w.maya, first.ID); paper.ShowsNotes() || telling(paper) || paper.Questions[0].Text("en").General != "" || !paper.Answers["q1"].Value.Has(0) {
			w.Errorf("with another try open: %+v", paper.Questions[0].Body)
		}
		if err := w.Submit(w.ctx, w.maya, second, true); err != nil {
			w.Fatal(err)
		}
		if paper := w.attempt(w.maya, first.ID); !paper.Shows() || !telling(paper) {
			w.Error("after the second try nothing is shown")
		}
	})
}

func TestAResultWaitsForTheEndOfTheCourseWhereTheEditionSaysSo(t *testing.T) {
	each(t, func(w *world) {
		w.rule(courses.QuizRules{Grace: 10, Tries: 2, Pause: true, Review: courses.AfterClose})
		if _, err := w.db.NewRaw(`UPDATE cohorts SET ends_on = '2026-12-22'`).Exec(w.ctx); err != nil {
			w.Fatal(err)
		}
		done := w.tries(w.maya, "T07", right)
		if paper := w.attempt(w.maya, done.ID); paper.Percent != 100 || paper.ShowsNotes() || telling(paper) {
			w.Errorf("while the course runs: %+v", paper.Questions[0].Body)
		}
		w.pass(60 * 24 * 60)
		if paper := w.attempt(w.maya, done.ID); !paper.Shows() || !telling(paper) {
			w.Error("after the course nothing is shown")
		}
	})
}
