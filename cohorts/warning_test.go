package cohorts_test

import (
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestWhatIsMissedIsToldAtFiveEightAndTenPercent(t *testing.T) {
	for _, c := range []struct {
		held, attended, madeUp int
		warned, percent        int
	}{
		{0, 0, 0, 0, 0},
		{240, 240, 0, 0, 0},
		{240, 171, 0, 0, 4},
		{240, 168, 0, 5, 5},
		{240, 126, 0, 5, 7},
		{240, 124, 0, 8, 8},
		{240, 97, 0, 8, 9},
		{240, 96, 0, 10, 10},
		{240, 0, 0, 10, 16},
		{240, 0, 240, 0, 0},
		{240, 0, 170, 0, 4},
		{240, 270, 0, 0, 0}, // a class that went on longer
	} {
		got := cohorts.Totals{Required: 1440, Held: c.held, Attended: c.attended, MadeUp: c.madeUp}
		if got.Warned() != c.warned || got.MissedPercent() != c.percent {
			t.Errorf("%+v: warned %d, missed %d%%", c, got.Warned(), got.MissedPercent())
		}
	}
	if (cohorts.Totals{}).Warned() != 0 {
		t.Error("a course without minutes warns")
	}
	all := cohorts.Totals{State: cohorts.Active, Rule: cohorts.Full, Required: 1440, Held: 240, Ahead: 1200}.Warnings()
	if !slices.Equal(all, []cohorts.WarningKind{cohorts.Missed10, cohorts.Missed8, cohorts.Missed5, cohorts.Unreachable}) {
		t.Errorf("warnings %v", all)
	}
	if gone := (cohorts.Totals{State: cohorts.Withdrawn, Required: 1440, Held: 240}).Warnings(); len(gone) > 0 {
		t.Errorf("who withdrew is warned: %v", gone)
	}
}

// later makes a cohort of the same course that begins on another Tuesday.
func (a *academy) later(c class, firstDay string) (cohorts.CohortID, []cohorts.Session) {
	a.Helper()
	p := plan("out-1")
	p.FirstDay = firstDay
	id, err := a.store.Make(a.Context(), c.coordinator, p)
	a.ok(err)
	list, err := a.store.Sessions(a.Context(), c.coordinator, id)
	a.ok(err)
	return id, list
}

func TestTheForecastWritesEachWarningOnce(t *testing.T) {
	each(t, func(a *academy) {
		ctx, system := a.Context(), people.System(people.Outreach)
		c := a.class(3)
		raise := func() int {
			n, err := a.store.RaiseWarnings(ctx, system)
			a.ok(err)
			return n
		}
		if n := raise(); n != 0 {
			a.Fatalf("%d warnings before anything was missed", n)
		}
		a.at("2026-11-03 13:05")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.mark(c, 0, 1, cohorts.Present, 80, 0) // 5 percent of 1,440
		a.mark(c, 0, 2, cohorts.Absent, 0, 0)
		a.ok(a.store.Close(ctx, c.instructor, c.sessions[0].ID))
		if n := raise(); n != 2+4 {
			a.Fatalf("%d warnings were raised, want 6", n)
		}
		if n := raise(); n != 0 {
			a.Fatalf("%d warnings were raised twice", n)
		}
		if n, err := a.store.RaiseWarnings(ctx, people.System(people.LawEnforcement)); err != nil || n != 0 {
			a.Fatalf("the police side raised %d: %v", n, err)
		}
		untold := func() int { return a.count(`SELECT COUNT(*) FROM minute_warnings WHERE told_at IS NULL`) }
		for _, v := range []people.Viewer{people.System(people.LawEnforcement), people.System(people.Outreach), c.trainees[1], c.coordinator, people.Nobody} {
			_, err := a.store.TakeWarnings(ctx, v, c.enrolments[2])
			a.is(err, fault.NotFound)
		}
		if n := untold(); n != 6 {
			a.Errorf("%d are untold", n)
		}
		stands, err := a.store.TakeWarnings(ctx, c.trainees[2], c.enrolments[2])
		a.ok(err)
		if stands.Warned() != 10 || stands.Reachable() || untold() != 2 {
			a.Errorf("told %+v, %d untold", stands, untold())
		}
		_, err = a.store.TakeWarnings(ctx, c.trainees[2], c.enrolments[2])
		a.is(err, fault.NotFound)
		slipping, _, err := a.store.Forecast(ctx, c.coordinator)
		a.ok(err)
		if len(slipping) != 2 || slipping[0].Warned() != 5 || slipping[1].Warned() != 10 {
			a.Errorf("forecast %+v", slipping)
		}
	})
}

func TestWhoMissedMuchIsToldThoughTheRuleLetsThem(t *testing.T) {
	each(t, func(a *academy) {
		a.exec(`UPDATE editions SET rule = 'ninety'`)
		c := a.class(2)
		a.at("2026-11-03 13:05")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.mark(c, 0, 1, cohorts.Present, 80, 0)
		a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID))
		slipping, _, err := a.store.Forecast(a.Context(), c.coordinator)
		a.ok(err)
		if len(slipping) != 1 || slipping[0].Warned() != 5 || !slipping[0].Reachable() {
			a.Errorf("forecast %+v", slipping)
		}
	})
}

func TestTwoForecastsAtOnceWriteEachWarningOnce(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		a.hold(c, 0, cohorts.Absent)
		raised := make([]int, 6)
		for _, err := range atOnce(6, func(i int) (err error) {
			raised[i], err = a.store.RaiseWarnings(a.Context(), people.System(people.Outreach))
			return err
		}) {
			a.ok(err)
		}
		sum := 0
		for _, n := range raised {
			sum += n
		}
		if n := a.count(`SELECT COUNT(*) FROM minute_warnings`); n != 4 || sum != 4 {
			a.Errorf("%d rows, %d told as raised", n, sum)
		}
	})
}

func TestWhatFixesAnAbsenceIsARealClassWithASeat(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(2)
		_, full := a.later(c, "2026-11-10")
		open, classes := a.later(c, "2026-11-17")
		a.exec(`INSERT INTO rooms (id, name, capacity) VALUES ('small', 'Small room', 1)`)
		a.exec(`UPDATE sessions SET room_id = 'small' WHERE id IN (?, ?)`, full[0].ID, classes[0].ID)
		_, err := a.store.Enroll(ctx, c.coordinator, full[0].CohortID, a.person(people.Outreach, "Seated"))
		a.ok(err)
		a.hold(c, 0, cohorts.Present, cohorts.Absent)
		for _, v := range []people.Viewer{c.trainees[1], c.instructor, c.coordinator} {
			list, err := a.store.Fixes(ctx, v, c.enrolments...)
			a.ok(err)
			if len(list) != 1 || list[0].SessionID != classes[0].ID || list[0].CohortID != open || list[0].Free() != 1 || list[0].EnrolmentID != c.enrolments[1] || list[0].Missed != c.sessions[0].ID {
				a.Errorf("fixes %+v", list)
			}
		}
		other := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		for _, v := range []people.Viewer{c.trainees[0], other, people.Nobody} {
			if list, err := a.store.Fixes(ctx, v, c.enrolments[1]); err != nil || len(list) > 0 {
				a.Errorf("%v is told %+v: %v", v, list, err)
			}
		}
		a.ok(a.store.Approve(ctx, c.coordinator, cohorts.NewMakeUp{Enrolment: c.enrolments[1], Session: c.sessions[0].ID, Kind: cohorts.OneToOne, DoneOn: "2026-11-03"}))
		if list, err := a.store.Fixes(ctx, c.coordinator, c.enrolments...); err != nil || len(list) > 0 {
			a.Errorf("what was made up is offered again: %+v, %v", list, err)
		}
	})
}

func TestAMakeUpNamesTheClassInWhichItWasDone(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		_, classes := a.later(c, "2026-11-10")
		a.hold(c, 0, cohorts.Absent)
		up := cohorts.NewMakeUp{Enrolment: c.enrolments[0], Session: c.sessions[0].ID, Kind: cohorts.OtherCohort, DoneOn: "2026-11-03", At: classes[0].ID}
		a.invalid(a.store.Approve(ctx, c.coordinator, up), "at", "cohorts.make_up.at") // still ahead
		a.at("2026-11-12 18:00")
		held, err := a.store.HeldElsewhere(ctx, c.coordinator, c.enrolments[0])
		a.ok(err)
		if len(held) != 1 || held[0].SessionID != classes[0].ID {
			a.Fatalf("held elsewhere %+v", held)
		}
		up.At = classes[1].ID
		a.invalid(a.store.Approve(ctx, c.coordinator, up), "at", "cohorts.make_up.at") // another topic
		up.At = c.sessions[0].ID
		a.invalid(a.store.Approve(ctx, c.coordinator, up), "at", "cohorts.make_up.at") // their own cohort
		up.At, up.Kind = classes[0].ID, cohorts.OneToOne
		a.invalid(a.store.Approve(ctx, c.coordinator, up), "at", "cohorts.make_up.at_kind")
		up.Kind = cohorts.OtherCohort
		a.ok(a.store.Approve(ctx, c.coordinator, up))
		list, err := a.store.MakeUps(ctx, c.trainees[0], c.enrolments[0])
		a.ok(err)
		if len(list) != 1 || list[0].AtSession == nil || *list[0].AtSession != classes[0].ID || list[0].Minutes != 240 {
			a.Errorf("make-ups %+v", list)
		}
	})
}
