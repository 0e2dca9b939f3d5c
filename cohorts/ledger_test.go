package cohorts_test

import (
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

func TestTotalsByRule(t *testing.T) {
	for _, c := range []struct {
		name              string
		totals            cohorts.Totals
		missing, toMakeUp int
		reachable, met    bool
	}{
		{"nothing yet, all ahead", cohorts.Totals{Rule: cohorts.Full, Required: 8640, Ahead: 8640}, 8640, 0, true, false},
		{"one absence under full", cohorts.Totals{Rule: cohorts.Full, Required: 8640, Attended: 4080, Ahead: 4320}, 4560, 240, false, false},
		{"the same absence made up", cohorts.Totals{Rule: cohorts.Full, Required: 8640, Attended: 4080, MadeUp: 240, Ahead: 4320}, 4320, 0, true, false},
		{"the same absence under ninety", cohorts.Totals{Rule: cohorts.Ninety, Required: 8640, Attended: 4080, Ahead: 4320}, 4560, 0, true, false},
		{"14.4 h missed passes ninety", cohorts.Totals{Rule: cohorts.Ninety, Required: 8640, Attended: 7776, Confirmed: 7776}, 864, 0, true, true},
		{"14.5 h missed does not", cohorts.Totals{Rule: cohorts.Ninety, Required: 8640, Attended: 7770, Confirmed: 7770}, 870, 6, false, false},
		{"all earned, not all confirmed", cohorts.Totals{Rule: cohorts.Full, Required: 1440, Attended: 1440, Confirmed: 1200}, 0, 0, true, false},
		{"all confirmed", cohorts.Totals{Rule: cohorts.Full, Required: 1440, Attended: 1200, MadeUp: 240, Confirmed: 1440}, 0, 0, true, true},
		{"a tenth of odd minutes", cohorts.Totals{Rule: cohorts.Ninety, Required: 1505, Attended: 1355, Confirmed: 1355}, 150, 0, true, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.totals.Missing(); got != c.missing {
				t.Errorf("missing %d, want %d", got, c.missing)
			}
			if got := c.totals.ToMakeUp(); got != c.toMakeUp {
				t.Errorf("to make up %d, want %d", got, c.toMakeUp)
			}
			if c.totals.Reachable() != c.reachable || c.totals.Met() != c.met {
				t.Errorf("reachable %v, met %v", c.totals.Reachable(), c.totals.Met())
			}
		})
	}
}

func TestLedgerTellsWhoCannotReachTheTotalAndWhatFixesIt(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		a.hold(c, 0, cohorts.Present, cohorts.Absent)
		a.hold(c, 1, cohorts.Present, cohorts.Present)
		list, _, err := a.store.Ledger(a.Context(), c.instructor, c.id, "")
		a.ok(err)
		if len(list) != 2 || !list[0].Reachable() || list[1].Reachable() || list[1].ToMakeUp() != 240 || list[1].Held != 480 || list[1].Ahead != 960 {
			a.Fatalf("ledger %+v", list)
		}
		absences, err := a.store.Absences(a.Context(), c.trainees[1], c.enrolments[1])
		a.ok(err)
		if len(absences) != 1 || absences[0].ID != c.sessions[0].ID || absences[0].Open() != 240 || absences[0].Status != cohorts.Absent {
			a.Fatalf("absences %+v", absences)
		}
		a.ok(a.store.Approve(a.Context(), c.coordinator, cohorts.NewMakeUp{Enrolment: c.enrolments[1], Session: c.sessions[0].ID,
			Kind: cohorts.OneToOne, Minutes: 240, DoneOn: "2026-11-05"}))
		if got := a.standing(c, 1); !got.Reachable() || got.MadeUp != 240 || got.Missing() != 960 || got.Percent() != 33 {
			a.Errorf("after the make-up %+v", got)
		}
	})
}

func TestMakeUpNeverExceedsTheAbsence(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		a.at("2026-11-03 13:05")
		a.mark(c, 0, 0, cohorts.Present, 60, 0)
		up := cohorts.NewMakeUp{Enrolment: c.enrolments[0], Session: c.sessions[0].ID, Kind: cohorts.OneToOne, Minutes: 61, DoneOn: "2026-11-03", Line: newLine()}
		a.conflicts(a.store.Approve(ctx, c.coordinator, up), "cohorts.make_up.roll_open")
		a.ok(a.store.Close(ctx, c.instructor, c.sessions[0].ID))
		a.invalid(a.store.Approve(ctx, c.coordinator, up), "minutes", "cohorts.make_up.too_many")
		up.Minutes = 0 // all that is missing
		late := up
		late.DoneOn = "2026-11-04"
		a.invalid(a.store.Approve(ctx, c.coordinator, late), "done_on", "cohorts.make_up.day")
		a.ok(a.store.Approve(ctx, c.coordinator, up))
		a.ok(a.store.Approve(ctx, c.coordinator, up)) // the form sent twice
		if got := a.standing(c, 0); got.MadeUp != 60 || got.Earned() != 240 {
			a.Errorf("made up %d, earned %d", got.MadeUp, got.Earned())
		}
		none := up
		none.Line = newLine()
		a.invalid(a.store.Approve(ctx, c.coordinator, none), "minutes", "cohorts.make_up.too_many")
		// Being found present after all leaves the make-up and takes the rest.
		a.ok(a.store.Correct(ctx, c.instructor, cohorts.NewMark{Session: c.sessions[0].ID, Enrolment: c.enrolments[0], Status: cohorts.Present, Reason: cohorts.SlipOfThumb}))
		if got := a.standing(c, 0); got.Attended != 180 || got.Earned() != 240 {
			a.Errorf("attended %d, earned %d", got.Attended, got.Earned())
		}
	})
}

func TestMakeUpTakenBackIsReversedOnce(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		a.hold(c, 0, cohorts.Absent)
		up := cohorts.NewMakeUp{Enrolment: c.enrolments[0], Session: c.sessions[0].ID, Kind: cohorts.SkillsCheck, Minutes: 240, DoneOn: "2026-11-03"}
		a.ok(a.store.Approve(ctx, c.coordinator, up))
		list, err := a.store.MakeUps(ctx, c.trainees[0], c.enrolments[0])
		a.ok(err)
		a.is(a.store.TakeBack(ctx, c.trainees[0], list[0].ID), fault.Forbidden)
		a.ok(a.store.TakeBack(ctx, c.instructor, list[0].ID))
		a.conflicts(a.store.TakeBack(ctx, c.instructor, list[0].ID), "cohorts.make_up.taken_back_already")
		if got := a.standing(c, 0).MadeUp; got != 0 {
			a.Errorf("made up %d", got)
		}
		a.ok(a.store.Approve(ctx, c.coordinator, up))
		if got := a.standing(c, 0).MadeUp; got != 240 {
			a.Errorf("made up again %d", got)
		}
	})
}

func TestSelfStudyCuresTheEditionsShareOfWhatWasMissed(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		a.hold(c, 0, cohorts.Absent)
		a.hold(c, 1, cohorts.Absent)
		approve := func(session int, kind cohorts.MakeUpKind, minutes int) error {
			return a.store.Approve(a.Context(), c.coordinator, cohorts.NewMakeUp{Enrolment: c.enrolments[0], Session: c.sessions[session].ID,
				Kind: kind, Minutes: minutes, DoneOn: "2026-11-05"})
		}
		a.ok(approve(0, cohorts.OneToOne, 240)) // cured whole, and still missed
		a.invalid(approve(1, cohorts.SelfStudy, 121), "minutes", "cohorts.make_up.self_study")
		a.ok(approve(1, cohorts.SelfStudy, 100))
		a.invalid(approve(1, cohorts.SelfStudy, 21), "minutes", "cohorts.make_up.self_study")
		a.ok(approve(1, cohorts.SelfStudy, 20))
		a.exec(`UPDATE editions SET self_study = 30`)
		a.invalid(approve(1, cohorts.SelfStudy, 25), "minutes", "cohorts.make_up.self_study")
		a.ok(approve(1, cohorts.SelfStudy, 24))
	})
}

func TestClassThatEndedEarlyIsMadeUpForAll(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(3)
		a.at("2026-11-03 12:05")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.mark(c, 0, 1, cohorts.Present, 30, 0)
		a.mark(c, 0, 2, cohorts.Absent, 0, 0)
		from := c.sessions[0].StartsAt
		a.ok(a.store.SetActualTimes(ctx, c.instructor, c.sessions[0].ID, cohorts.ActualTimes{From: from, To: from.Add(3 * time.Hour)}))
		a.ok(a.store.Close(ctx, c.instructor, c.sessions[0].ID))
		up := cohorts.NewMakeUp{Session: c.sessions[0].ID, Kind: cohorts.OtherCohort, DoneOn: "2026-11-03", Line: newLine()}
		for range 2 { // the form sent twice
			if _, err := a.store.ApproveForAll(ctx, c.coordinator, up); err != nil {
				a.Fatal(err)
			}
		}
		for i, want := range []int{240, 210, 0} {
			if got := a.standing(c, i).Earned(); got != want {
				a.Errorf("trainee %d earned %d, want %d", i, got, want)
			}
		}
	})
}

func TestTwoMakeUpsAtOnceNeverExceedTheAbsence(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		a.hold(c, 0, cohorts.Absent)
		stored := 0
		for _, err := range atOnce(8, func(int) error {
			return a.store.Approve(a.Context(), c.coordinator, cohorts.NewMakeUp{Enrolment: c.enrolments[0], Session: c.sessions[0].ID,
				Kind: cohorts.OneToOne, Minutes: 100, DoneOn: "2026-11-03"})
		}) {
			if err == nil {
				stored++
				continue
			}
			a.invalid(err, "minutes", "cohorts.make_up.too_many")
		}
		if got := a.standing(c, 0).MadeUp; stored != 2 || got != 200 {
			a.Errorf("%d stored, %d minutes", stored, got)
		}
	})
}

func TestShorterTimesKeepTheMakeUpsThatStand(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		a.at("2026-11-03 13:35")
		from := c.sessions[0].StartsAt
		a.mark(c, 0, 0, cohorts.Absent, 0, 0)
		a.ok(a.store.SetActualTimes(ctx, c.instructor, c.sessions[0].ID, cohorts.ActualTimes{From: from, To: from.Add(270 * time.Minute)}))
		a.ok(a.store.Close(ctx, c.instructor, c.sessions[0].ID))
		a.ok(a.store.Approve(ctx, c.coordinator, cohorts.NewMakeUp{Enrolment: c.enrolments[0], Session: c.sessions[0].ID, Kind: cohorts.OneToOne, Minutes: 270, DoneOn: "2026-11-03"}))
		a.conflicts(a.store.SetActualTimes(ctx, c.instructor, c.sessions[0].ID, cohorts.ActualTimes{From: from, To: from.Add(4 * time.Hour)}), "cohorts.actual.made_up")
	})
}
