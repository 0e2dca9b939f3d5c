package assessment_test

import (
	"errors"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// more gives people of the outreach cohort something at T07.
func (w *world) more(kind assessment.AllowanceKind, amount int, line string, places ...cohorts.EnrolmentID) assessment.NewAllowance {
	return assessment.NewAllowance{Cohort: w.cohort, People: places, ModuleID: "T07", Kind: kind, Amount: amount, Reason: "agreed", Line: line}
}

func (w *world) allow(n assessment.NewAllowance) {
	w.Helper()
	if err := w.Allow(w.ctx, w.coach, n); err != nil {
		w.Fatal(err)
	}
}

func (w *world) allowances() []assessment.AllowanceLine {
	w.Helper()
	list, _, err := w.Allowances(w.ctx, w.coach, w.cohort, "")
	if err != nil {
		w.Fatal(err)
	}
	return list
}

func TestMoreTimeBeforeAndDuringAnAttempt(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		began := w.today
		after := func(minutes int) time.Time { return began.Add(time.Duration(minutes) * time.Minute) }
		w.allow(w.more(assessment.MorePercent, 25, "before", w.mayas)) // 7.5 minutes, rounded up
		id, other := w.start(w.maya, "T07"), w.start(w.omar, "T07")
		if paper := w.attempt(w.maya, id); !paper.Deadline.Equal(after(38)) || paper.Allowed != 8 || paper.Minutes != 30 {
			w.Errorf("with a quarter more: %v, %d", paper.Deadline, paper.Allowed)
		}
		for range 2 { // two taps
			w.allow(w.more(assessment.MoreMinutes, 20, "during", w.mayas, w.omars))
		}
		for id, want := range map[assessment.AttemptID]int{id: 58, other: 50} {
			var stored assessment.Attempt
			if err := w.db.NewSelect().Model(&stored).Where("id = ?", id).Scan(w.ctx); err != nil || !stored.Deadline.Equal(after(want)) || !stored.ClosesAt.Equal(after(want+10)) {
				w.Errorf("at once: %v, want %v, %v", stored.Deadline, after(want), err)
			}
		}
		w.pass(55)
		if n, err := w.CloseOverdue(w.ctx); err != nil || n != 0 {
			w.Errorf("%d closed, %v", n, err)
		}
		if _, counts := w.saveMade(w.maya, save(id, "q1", 0, "phone", 1), time.Time{}); !counts {
			w.Error("within the time that she was given an answer doesn't count")
		}
		if check, err := w.Check(w.ctx, w.maya, "T07"); err != nil || check.Allowed != 28 {
			w.Errorf("%+v, %v", check, err)
		}
	})
}

func TestTimeTakenBackNeverEndsInThePast(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		began := w.today
		id := w.start(w.maya, "T07")
		w.allow(w.more(assessment.MoreMinutes, 60, "long", w.mayas))
		line := w.allowances()[0]
		w.pass(50)
		for range 2 {
			if err := w.Undo(w.ctx, w.coach, w.cohort, line.ID); err != nil {
				w.Fatal(err)
			}
		}
		if paper := w.attempt(w.maya, id); !paper.Deadline.Equal(began.Add(50*time.Minute)) || paper.Allowed != 0 || !paper.Open() {
			w.Errorf("%v, %d", paper.Deadline, paper.Allowed)
		}
		list := w.allowances()
		if len(list) != 2 || list[0].Undoes != line.ID || !list[1].Undone || list[1].By != "Ruth" || list[1].Name() != "Maya O." {
			w.Errorf("%+v", list)
		}
		w.wantNotFound("taking back what took back", w.Undo(w.ctx, w.coach, w.cohort, list[0].ID))
	})
}

func TestMoreTimeWhilePausedCountsFromThePause(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		began := w.today
		id := w.start(w.maya, "T07")
		w.pass(10)
		if err := w.Pause(w.ctx, w.maya, id); err != nil {
			w.Fatal(err)
		}
		w.pass(100)
		w.allow(w.more(assessment.MoreMinutes, 15, "paused", w.mayas))
		w.pass(100)
		if n, err := w.CloseOverdue(w.ctx); err != nil || n != 0 {
			w.Errorf("%d closed, %v", n, err)
		}
		if err := w.Resume(w.ctx, w.maya, id); err != nil {
			w.Fatal(err)
		}
		if paper := w.attempt(w.maya, id); !paper.Deadline.Equal(began.Add(245 * time.Minute)) {
			w.Errorf("deadline %v after the start, want 245 minutes", paper.Deadline.Sub(began))
		}
	})
}

func TestExtraTriesComeBesidesTheEditionsAndAreUsedLast(t *testing.T) {
	each(t, func(w *world) {
		wrong := map[string][]int{"q1": {0}}
		w.tries(w.maya, "T07", wrong)
		w.allow(w.more(assessment.MoreTries, 1, "one", w.mayas))
		left := func(want int, gate assessment.Gate) {
			w.Helper()
			if check, err := w.Check(w.ctx, w.maya, "T07"); err != nil || check.Left() != want || check.Gate() != gate {
				w.Errorf("%d left, %s, %v; want %d, %s", check.Left(), check.Gate(), err, want, gate)
			}
		}
		left(2, assessment.Ready)
		w.tries(w.maya, "T07", wrong)
		left(1, assessment.Ready)
		third := w.tries(w.maya, "T07", wrong)
		if !third.Extra || third.Number != 3 {
			w.Errorf("the third: %+v", third.Attempt)
		}
		left(0, assessment.ReadAgain)
		if err := w.ReadAgain(w.ctx, w.maya, "T07"); err != nil {
			w.Fatal(err)
		}
		left(2, assessment.Ready)
		w.tries(w.maya, "T07", wrong)
		w.tries(w.maya, "T07", right)
		left(0, assessment.Talk)
		if k, err := w.KnowledgeOf(w.ctx, w.coach, w.mayas); err != nil || !k.Modules[0].Talk || k.Modules[0].Tries != 5 || k.Modules[0].Best != 100 {
			w.Errorf("%+v, %v", k.Modules, err)
		}
		w.allow(w.more(assessment.MoreTries, 1, "two", w.mayas))
		left(1, assessment.Ready)
		if k, err := w.KnowledgeOf(w.ctx, w.coach, w.mayas); err != nil || k.Modules[0].Talk {
			w.Errorf("a talk is due with a try left: %+v, %v", k.Modules, err)
		}
		w.tries(w.maya, "T07", wrong)
		if err := w.Talked(w.ctx, w.coach, w.mayas, "T07"); err != nil {
			w.Fatal(err)
		}
		left(2, assessment.Ready)
		if k, err := w.KnowledgeOf(w.ctx, w.maya, w.mayas); err != nil || k.Modules[0].Best != 100 {
			w.Errorf("the best no longer counts: %+v, %v", k.Modules, err)
		}
	})
}

func TestTriesAreAsManyAsTheEditionSays(t *testing.T) {
	each(t, func(w *world) {
		rules := timed
		rules.Tries = 3
		w.rule(rules)
		for range 3 {
			w.tries(w.maya, "T07", map[string][]int{"q1": {0}})
		}
		_, err := w.Start(w.ctx, w.maya, "T07")
		w.wantConflict("a fourth", "assessment.gate.read_again", err)
	})
}

func TestWhoMayGiveTimeAndTries(t *testing.T) {
	each(t, func(w *world) {
		w.allow(w.more(assessment.MoreMinutes, 5, "given", w.mayas))
		given := w.allowances()[0].ID
		second := w.makeCohort(people.Outreach)
		elsewhere := w.enrol(second, w.boss)
		teacher := w.person(people.Outreach, "Ann West", people.Instructor)
		w.appoint(second, teacher)
		over := w.enrolRaw(w.cohort, teacher) // who teaches the coordinator in the other cohort
		for name, row := range map[string]struct {
			v    people.Viewer
			n    assessment.NewAllowance
			want error
		}{
			"to herself":                   {w.maya, w.more(assessment.MoreTries, 1, "a", w.mayas), fault.NotFound},
			"another trainee":              {w.omar, w.more(assessment.MoreTries, 1, "b", w.mayas), fault.NotFound},
			"an officer":                   {w.officer, w.more(assessment.MoreTries, 1, "c", w.mayas), fault.NotFound},
			"a place of another cohort":    {w.coach, w.more(assessment.MoreTries, 1, "d", elsewhere), fault.NotFound},
			"one of two unknown":           {w.coach, w.more(assessment.MoreTries, 1, "e", w.mayas, "never"), fault.NotFound},
			"a module of no course":        {w.coach, assessment.NewAllowance{Cohort: w.cohort, People: []cohorts.EnrolmentID{w.mayas}, ModuleID: "T20", Kind: assessment.MoreTries, Amount: 1, Reason: "agreed"}, fault.NotFound},
			"to who holds power over her":  {w.boss, w.more(assessment.MoreTries, 1, "f", over), fault.Forbidden},
			"to one over her among others": {w.boss, w.more(assessment.MoreTries, 1, "g", w.omars, over), fault.Forbidden},
		} {
			if err := w.Allow(w.ctx, row.v, row.n); !errors.Is(err, row.want) {
				w.Errorf("%s: %v, want %v", name, err, row.want)
			}
		}
		w.allow(w.more(assessment.MoreTries, 1, "power", over))
		power := w.allowances()[0].ID
		if err := w.Undo(w.ctx, w.boss, w.cohort, power); !errors.Is(err, fault.Forbidden) {
			w.Errorf("taken back from who holds power over her: %v", err)
		}
		for name, v := range map[string]people.Viewer{"herself": w.maya, "another trainee": w.omar, "an officer": w.officer, "nobody": people.Nobody} {
			w.wantNotFound(name+" takes it back", w.Undo(w.ctx, v, w.cohort, given))
			if list, _, err := w.Allowances(w.ctx, v, w.cohort, ""); err != nil || len(list) != 0 {
				w.Errorf("%s reads %d lines, %v", name, len(list), err)
			}
		}
		if n := w.count("allowances"); n != 2 {
			w.Errorf("%d lines", n)
		}
		for name, n := range map[string]assessment.NewAllowance{
			"nobody":            w.more(assessment.MoreTries, 1, ""),
			"a kind of none":    w.more("hours", 1, "", w.mayas),
			"nothing":           w.more(assessment.MoreMinutes, 0, "", w.mayas),
			"half a day":        w.more(assessment.MoreMinutes, 241, "", w.mayas),
			"a reason in words": {Cohort: w.cohort, People: []cohorts.EnrolmentID{w.mayas}, Kind: assessment.MoreTries, Amount: 1, Reason: "has a bad back"},
		} {
			var invalid *fault.InvalidError
			if err := w.Allow(w.ctx, w.coach, n); !errors.As(err, &invalid) {
				w.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestAskingForTimeWaitsUntilTimeIsGiven(t *testing.T) {
	each(t, func(w *world) {
		untimed := w.start(w.omar, "T07")
		w.wantConflict("without a limit", "assessment.ask.over", w.Ask(w.ctx, w.omar, untimed))
		w.rule(timed)
		id := w.start(w.maya, "T07")
		for range 2 {
			if err := w.Ask(w.ctx, w.maya, id); err != nil {
				w.Fatal(err)
			}
		}
		if list := w.allowances(); len(list) != 1 || !list[0].Waits || list[0].Kind != assessment.Asked || list[0].EnrolmentID != w.mayas {
			w.Errorf("%+v", list)
		}
		w.wantNotFound("another asks for her", w.Ask(w.ctx, w.omar, id))
		w.pass(1)
		w.allow(w.more(assessment.MoreMinutes, 5, "given", w.mayas))
		if list := w.allowances(); len(list) != 2 || list[1].Waits {
			w.Errorf("after it was given: %+v", list)
		}
		if err := w.Ask(w.ctx, w.maya, id); err != nil || w.count("allowances") != 3 {
			w.Errorf("asking again: %d lines, %v", w.count("allowances"), err)
		}
		w.pass(35)
		w.wantConflict("after the time", "assessment.ask.over", w.Ask(w.ctx, w.maya, id))
	})
}

// Time is given while attempts start: whichever comes first, the deadline holds it.
func TestTimeGivenAsTheAttemptStarts(t *testing.T) {
	race(t, func(w *world) {
		w.rule(timed)
		for range 8 {
			v := w.trainee(w.count("persons"))
			place := cohorts.EnrolmentID(w.text(`SELECT id FROM enrolments WHERE person_id = ?`, v.Person()))
			var id assessment.AttemptID
			together(2, func(i int) {
				var err error
				if i == 0 {
					err = w.Allow(w.ctx, w.coach, w.more(assessment.MoreMinutes, 15, string(place), place))
				} else {
					id, err = w.Start(w.ctx, v, "T07")
				}
				if err != nil {
					w.Error(err)
				}
			})
			if paper := w.attempt(v, id); !paper.Deadline.Equal(paper.StartedAt.Add(45*time.Minute)) || paper.Allowed != 15 {
				w.Errorf("deadline %v after the start", paper.Deadline.Sub(paper.StartedAt))
			}
		}
	})
}

func (w *world) text(query string, args ...any) string {
	w.Helper()
	var text string
	if err := w.db.NewRaw(query, args...).Scan(w.ctx, &text); err != nil {
		w.Fatal(err)
	}
	return text
}

func TestWhoAsksForTimeWaitsUntilTheyAreAnsweredOrDone(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		want := func(what string, people int) {
			w.Helper()
			asking, err := w.Asking(w.ctx, w.coach)
			if err != nil || asking[w.cohort] != people || len(asking) != min(people, 1) {
				w.Errorf("%s: %v, %v", what, asking, err)
			}
		}
		want("nobody has asked", 0)
		ids := map[string]assessment.AttemptID{}
		for name, v := range map[string]people.Viewer{"maya": w.maya, "omar": w.omar} {
			ids[name] = w.start(v, "T07")
			if err := w.Ask(w.ctx, v, ids[name]); err != nil {
				w.Fatal(err)
			}
		}
		want("two ask", 2)
		if asking, err := w.Asking(w.ctx, w.officer); err != nil || len(asking) > 0 {
			w.Errorf("who runs nothing sees %v, %v", asking, err)
		}
		w.pass(1)
		w.allow(w.more(assessment.MoreMinutes, 15, "one", w.mayas))
		want("one was answered", 1)
		if err := w.Submit(w.ctx, w.omar, ids["omar"], true); err != nil {
			w.Fatal(err)
		}
		want("one has handed in", 0)
	})
}

// Minutes are given to a person at a check, not to one try: they hold for the next too.
func TestMinutesGivenBeforeHoldForEveryTry(t *testing.T) {
	each(t, func(w *world) {
		w.rule(timed)
		w.allow(w.more(assessment.MoreMinutes, 20, "both", w.mayas, w.omars))
		for try := range 2 {
			for name, v := range map[string]people.Viewer{"maya": w.maya, "omar": w.omar} {
				if check, err := w.Check(w.ctx, v, "T07"); err != nil || check.Allowed != 20 {
					w.Errorf("%s before try %d: %d, %v", name, try+1, check.Allowed, err)
				}
				id := w.start(v, "T07")
				if paper := w.attempt(v, id); !paper.Deadline.Equal(w.today.Add(50 * time.Minute)) {
					w.Errorf("%s, try %d: until %v", name, try+1, paper.Deadline)
				}
				if err := w.Submit(w.ctx, v, id, true); err != nil {
					w.Fatal(err)
				}
			}
			w.pass(5)
		}
	})
}
