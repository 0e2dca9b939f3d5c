package assessment_test

import (
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestKnowledgeIsTheAverageOfTheBestResults(t *testing.T) {
	each(t, func(w *world) {
		w.tries(w.maya, "T07", right)
		w.tries(w.maya, "T07", map[string][]int{"q1": {0}})            // worse, so it changes nothing
		w.tries(w.maya, "T19", map[string][]int{"q1": {1}, "q3": {1}}) // 66
		w.start(w.omar, "T07")                                         // open, so it counts for nothing
		ctx, count := database.CountQueries(w.ctx)
		list, _, err := w.KnowledgeOfCohort(ctx, w.coach, w.cohort, "")
		if err != nil || len(list) != 2 || count.Queries() != 1 {
			w.Fatalf("%+v, %v in %d queries", list, err, count.Queries())
		}
		maya, omar := list[0], list[1]
		if maya.Name != "Maya O." || maya.Percent != 83 || len(maya.Missing) != 0 || !maya.Enough(70) {
			w.Errorf("Maya: %+v", maya)
		}
		if omar.Percent != 0 || !slices.Equal(omar.Missing, []string{"T07", "T19"}) || omar.Enough(70) {
			w.Errorf("Omar: %+v", omar)
		}
		if bars := assessment.Bars(list, "T19"); bars != [10]int{6: 1} {
			w.Errorf("bars: %v", bars)
		}
		own, err := w.KnowledgeOf(w.ctx, w.maya, w.mayas)
		if err != nil || own.Percent != 83 || own.EnrolmentID != w.mayas {
			w.Errorf("her own: %+v, %v", own, err)
		}
	})
}

func TestKnowledgeIsForOneselfAndWhoRunsTheCohort(t *testing.T) {
	each(t, func(w *world) {
		for name, row := range map[string]struct {
			v    people.Viewer
			seen bool
		}{
			"herself": {w.maya, true}, "her instructor": {w.coach, true}, "her coordinator": {w.boss, true},
			"another trainee": {w.omar, false}, "an officer": {w.officer, false}, "nobody": {people.Nobody, false},
		} {
			_, err := w.KnowledgeOf(w.ctx, row.v, w.mayas)
			if row.seen && err != nil {
				w.Errorf("%s: %v", name, err)
			} else if !row.seen {
				w.wantNotFound(name, err)
			}
			list, _, err := w.KnowledgeOfCohort(w.ctx, row.v, w.cohort, "")
			if staff := row.seen && name != "herself"; err != nil || (len(list) > 0) != staff {
				w.Errorf("%s sees %d of the cohort, %v", name, len(list), err)
			}
		}
		_, err := w.KnowledgeOf(w.ctx, w.coach, cohorts.EnrolmentID("never"))
		w.wantNotFound("one that never was", err)
	})
}

func TestItemsCountFirstTriesOnly(t *testing.T) {
	each(t, func(w *world) {
		w.tries(w.maya, "T07", map[string][]int{"q1": {0}, "q2": {0, 2}})
		w.tries(w.maya, "T07", right)
		w.tries(w.omar, "T07", right)
		quiz, items, err := w.Items(w.ctx, w.coach, w.cohort, "T07")
		if err != nil || len(items) != 3 || quiz.Title("es") != "Check: T07" {
			w.Fatalf("%+v, %v", items, err)
		}
		if share, any := items[0].Share(); !any || share != 50 || items[0].Answers != 2 || !slices.Equal(items[0].Picks, []int{1, 1, 0}) {
			w.Errorf("q1: %+v", items[0])
		}
		if items[1].Right != 2 || items[2].Right != 1 || !slices.Equal(items[2].Picks, []int{0, 1}) {
			w.Errorf("q2, q3: %+v", items[1:])
		}
	})
}

func TestItemsHoldTheKeyAndSoAreClosedToWhoLearns(t *testing.T) {
	each(t, func(w *world) {
		second := w.makeCohort(people.Outreach)
		learns := w.person(people.Outreach, "Ann West", people.Coordinator)
		w.enrol(second, learns)
		for name, v := range map[string]people.Viewer{
			"a coordinator who takes the course": learns, "a trainee": w.maya, "an officer": w.officer, "nobody": people.Nobody,
		} {
			_, _, err := w.Items(w.ctx, v, w.cohort, "T07")
			w.wantNotFound(name, err)
		}
		_, _, err := w.Items(w.ctx, w.coach, w.cohort, "T20")
		w.wantNotFound("a module of the other side", err)
	})
}
