package cohorts_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestCreditAtTheEdgesOfGrace(t *testing.T) {
	from := time.Date(2026, 11, 3, 15, 0, 0, 0, time.UTC)
	held := func(minutes int) cohorts.Session {
		s := cohorts.Session{Minutes: 240}
		if minutes > 0 {
			to := from.Add(time.Duration(minutes) * time.Minute)
			s.ActualStartsAt, s.ActualEndsAt = &from, &to
		}
		return s
	}
	for _, c := range []struct {
		name        string
		held        int // 0: as planned
		status      cohorts.Status
		late, early int
		want        int
	}{
		{"whole", 0, cohorts.Present, 0, 0, 240},
		{"late within the grace", 0, cohorts.Present, 10, 0, 240},
		{"late beyond the grace", 0, cohorts.Present, 11, 0, 229},
		{"early within the grace", 0, cohorts.Present, 0, 10, 240},
		{"early beyond the grace", 0, cohorts.Present, 0, 11, 229},
		{"late and early, each within", 0, cohorts.Present, 10, 10, 240},
		{"late and early, each beyond", 0, cohorts.Present, 30, 45, 165},
		{"late beyond, early within", 0, cohorts.Present, 30, 10, 210},
		{"class ended early within the grace", 230, cohorts.Present, 0, 0, 240},
		{"class ended early beyond the grace", 229, cohorts.Present, 0, 0, 229},
		{"class ended early and came late", 200, cohorts.Present, 20, 0, 180},
		{"class ran longer", 270, cohorts.Present, 0, 0, 270},
		{"class ran longer and came late", 270, cohorts.Present, 30, 0, 240},
		{"more missed than held", 60, cohorts.Present, 50, 30, 0},
		{"excused earns nothing", 0, cohorts.Excused, 0, 0, 0},
		{"absent earns nothing", 0, cohorts.Absent, 0, 0, 0},
		{"taken back earns nothing", 0, cohorts.Unmarked, 0, 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			mark := cohorts.Mark{Status: c.status, MinutesLate: c.late, MinutesEarly: c.early}
			if got := mark.Credit(held(c.held), 10); got != c.want {
				t.Errorf("credit %d, want %d", got, c.want)
			}
		})
	}
}

func TestMarkThatCannotBe(t *testing.T) {
	for _, c := range []struct {
		name  string
		mark  cohorts.NewMark
		field string
	}{
		{"no status", cohorts.NewMark{}, "status"},
		{"taking back is not a mark", cohorts.NewMark{Status: cohorts.Unmarked}, "status"},
		{"late all class", cohorts.NewMark{Status: cohorts.Present, MinutesLate: 240}, "minutes_late"},
		{"below zero", cohorts.NewMark{Status: cohorts.Present, MinutesLate: -1}, "minutes_late"},
		{"late and early leave nothing", cohorts.NewMark{Status: cohorts.Present, MinutesLate: 120, MinutesEarly: 120}, "minutes_early"},
		{"excused without a reason", cohorts.NewMark{Status: cohorts.Excused}, "excuse"},
		{"excused with a story", cohorts.NewMark{Status: cohorts.Excused, Excuse: "his cousin"}, "excuse"},
		{"absent with minutes", cohorts.NewMark{Status: cohorts.Absent, MinutesLate: 5}, "status"},
		{"present with an excuse", cohorts.NewMark{Status: cohorts.Present, Excuse: "court"}, "status"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, wrong := fault.In(c.mark.Validate(240), c.field); !wrong {
				t.Errorf("nothing is said of %s: %v", c.field, c.mark.Validate(240))
			}
		})
	}
}

func TestExcusedAbsenceAddsNoMinutes(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(3)
		a.hold(c, 0, cohorts.Present, cohorts.Excused, cohorts.Absent)
		for i, want := range []int{240, 0, 0} {
			if got := a.standing(c, i).Attended; got != want {
				a.Errorf("trainee %d attended %d, want %d", i, got, want)
			}
		}
	})
}

func TestRollIsNotTakenAnHourAndMoreBeforeClass(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		mark := cohorts.NewMark{Session: c.sessions[0].ID, Enrolment: c.enrolments[0], Status: cohorts.Present}
		a.at("2026-11-03 07:59")
		a.conflicts(a.store.Mark(a.Context(), c.instructor, mark), "cohorts.roll.not_yet")
		a.at("2026-11-03 08:00")
		a.ok(a.store.Mark(a.Context(), c.instructor, mark))
		a.conflicts(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID), "cohorts.roll.not_yet")
	})
}

func TestNewestTapWinsAndTheLedgerTellsHow(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		a.at("2026-11-03 09:05")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.mark(c, 0, 0, cohorts.Present, 30, 0)
		a.mark(c, 0, 0, cohorts.Present, 30, 0)
		a.mark(c, 0, 0, cohorts.Absent, 0, 0)
		lines, err := a.store.Lines(a.Context(), c.instructor, c.enrolments[0])
		a.ok(err)
		got := ""
		for i := range lines {
			line := lines[len(lines)-1-i]
			got += fmt.Sprintf("%+d ", line.Minutes)
			if (line.Minutes < 0) != (line.Reverses != nil) {
				a.Errorf("line of %d minutes reverses %v", line.Minutes, line.Reverses)
			}
		}
		if got != "+240 -240 +210 -210 " {
			a.Errorf("ledger %s", got)
		}
		marks, err := a.store.Marks(a.Context(), c.trainees[0], c.sessions[0].ID, c.enrolments[0])
		a.ok(err)
		if len(marks) != 4 || marks[3].Status != cohorts.Absent || marks[0].ByName != "Ines" {
			a.Errorf("marks %+v", marks)
		}
	})
}

func TestLineSentTwiceStandsOnce(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		a.at("2026-11-03 09:05")
		mark := cohorts.NewMark{Session: c.sessions[0].ID, Enrolment: c.enrolments[0], Status: cohorts.Present, Line: newLine()}
		a.ok(a.store.Mark(a.Context(), c.instructor, mark))
		a.ok(a.store.Mark(a.Context(), c.instructor, mark))
		other := mark
		other.Enrolment = c.enrolments[1]
		a.conflicts(a.store.Mark(a.Context(), c.instructor, other), "cohorts.mark.line_taken")
		elsewhere := a.class(1)
		other.Session, other.Enrolment = elsewhere.sessions[0].ID, elsewhere.enrolments[0]
		a.ok(a.store.Mark(a.Context(), elsewhere.instructor, other)) // nobody learns what was sent to another class
		a.mark(c, 0, 1, cohorts.Absent, 0, 0)
		a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID))
		// The phone did not hear the answer and sends it again, after the roll was closed.
		a.ok(a.store.Mark(a.Context(), c.instructor, mark))
		if n := a.count(`SELECT COUNT(*) FROM marks WHERE enrolment_id = ?`, c.enrolments[0]); n != 1 {
			a.Errorf("%d lines", n)
		}
		mark.Line = newLine()
		a.conflicts(a.store.Mark(a.Context(), c.instructor, mark), "cohorts.roll.closed_already")
	})
}

func TestNotMarkedIsNotAbsent(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(3)
		a.at("2026-11-03 09:05")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.mark(c, 0, 1, cohorts.Present, 0, 0)
		a.ok(a.store.Undo(a.Context(), c.instructor, c.sessions[0].ID, c.enrolments[1], newLine()))
		seats, err := a.store.Roll(a.Context(), c.instructor, c.sessions[0].ID)
		a.ok(err)
		if !seats[0].Marked() || seats[1].Marked() || seats[2].Marked() {
			a.Errorf("seats %+v", seats)
		}
		if ahead := a.standing(c, 1).Ahead; ahead != 1440 {
			a.Errorf("%d minutes ahead of who is not marked again", ahead)
		}
		a.invalid(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID), "roll", "cohorts.roll.unmarked")
		a.ok(a.store.MarkRest(a.Context(), c.instructor, c.sessions[0].ID, newLine()))
		a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID))
		if got := a.standing(c, 2).Attended; got != 240 {
			a.Errorf("attended %d", got)
		}
	})
}

func TestUndoBringsTheMarkBeforeBack(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		a.at("2026-11-03 09:05")
		a.mark(c, 0, 0, cohorts.Present, 20, 0)
		a.mark(c, 0, 0, cohorts.Absent, 0, 0)
		a.ok(a.store.Undo(a.Context(), c.instructor, c.sessions[0].ID, c.enrolments[0], newLine()))
		seats, err := a.store.Roll(a.Context(), c.instructor, c.sessions[0].ID)
		a.ok(err)
		if seats[0].MinutesLate != 20 || a.standing(c, 0).Attended != 220 {
			a.Errorf("seat %+v, attended %d", seats[0], a.standing(c, 0).Attended)
		}
	})
}

func TestCorrectionNeedsAReasonAndASecondLook(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		a.at("2026-11-03 09:05")
		a.mark(c, 0, 0, cohorts.Absent, 0, 0)
		mark := cohorts.NewMark{Session: c.sessions[0].ID, Enrolment: c.enrolments[0], Status: cohorts.Present, Reason: cohorts.LateNews}
		a.conflicts(a.store.Correct(ctx, c.coordinator, mark), "cohorts.roll.still_open")
		a.ok(a.store.Close(ctx, c.instructor, mark.Session))
		a.ok(a.store.Confirm(ctx, c.coordinator, mark.Session))
		without := mark
		without.Reason = ""
		a.invalid(a.store.Correct(ctx, c.coordinator, without), "reason", "cohorts.mark.reason")
		a.ok(a.store.Correct(ctx, c.coordinator, mark))
		if got := a.standing(c, 0); got.Attended != 240 || got.Confirmed != 0 {
			a.Errorf("attended %d, confirmed %d", got.Attended, got.Confirmed)
		}
		a.conflicts(a.store.Confirm(ctx, c.coordinator, mark.Session), "cohorts.confirm.second_person")
		a.ok(a.store.Confirm(ctx, c.instructor, mark.Session))
		if got := a.standing(c, 0).Confirmed; got != 240 {
			a.Errorf("confirmed %d", got)
		}
	})
}

func TestMinutesCountOnceTwoPeopleConfirm(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		a.at("2026-11-03 13:05")
		a.conflicts(a.store.Confirm(ctx, c.coordinator, c.sessions[0].ID), "cohorts.confirm.roll_open")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.ok(a.store.Close(ctx, c.instructor, c.sessions[0].ID))
		a.conflicts(a.store.Confirm(ctx, c.instructor, c.sessions[0].ID), "cohorts.confirm.second_person")
		if got := a.standing(c, 0); got.Attended != 240 || got.Confirmed != 0 {
			a.Errorf("attended %d, confirmed %d", got.Attended, got.Confirmed)
		}
		waiting, err := a.store.ToConfirm(ctx, c.coordinator)
		a.ok(err)
		if len(waiting) != 1 || waiting[0].Overdue(a.now().Add(48*time.Hour)) || !waiting[0].Overdue(a.now().Add(48*time.Hour+time.Minute)) {
			a.Errorf("waiting %+v", waiting)
		}
		a.ok(a.store.Confirm(ctx, c.coordinator, c.sessions[0].ID))
		a.conflicts(a.store.Confirm(ctx, c.coordinator, c.sessions[0].ID), "cohorts.session.confirmed_already")
		if got := a.standing(c, 0).Confirmed; got != 240 {
			a.Errorf("confirmed %d", got)
		}
		if waiting, err = a.store.ToConfirm(ctx, c.coordinator); err != nil || len(waiting) != 0 {
			a.Errorf("still waiting %+v, %v", waiting, err)
		}
	})
}

func TestActualTimesMoveEveryonesMinutes(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(2)
		a.at("2026-11-03 13:05")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.mark(c, 0, 1, cohorts.Absent, 0, 0)
		from := c.sessions[0].StartsAt
		times := func(minutes int) cohorts.ActualTimes {
			return cohorts.ActualTimes{From: from, To: from.Add(time.Duration(minutes) * time.Minute)}
		}
		a.invalid(a.store.SetActualTimes(ctx, c.instructor, c.sessions[0].ID, times(-5)), "to", "cohorts.actual.order")
		a.ok(a.store.SetActualTimes(ctx, c.instructor, c.sessions[0].ID, times(270)))
		if got := a.standing(c, 0).Attended; got != 270 {
			a.Errorf("longer: %d", got)
		}
		a.ok(a.store.SetActualTimes(ctx, c.instructor, c.sessions[0].ID, times(200)))
		if got := a.standing(c, 0).Attended; got != 200 {
			a.Errorf("shorter: %d", got)
		}
		a.ok(a.store.Close(ctx, c.instructor, c.sessions[0].ID))
		// Who changes the times of a closed roll vouches for it; the other confirms.
		a.ok(a.store.SetActualTimes(ctx, c.coordinator, c.sessions[0].ID, times(210)))
		a.conflicts(a.store.Confirm(ctx, c.coordinator, c.sessions[0].ID), "cohorts.confirm.second_person")
		a.ok(a.store.Confirm(ctx, c.instructor, c.sessions[0].ID))
		a.conflicts(a.store.SetActualTimes(ctx, c.instructor, c.sessions[0].ID, times(240)), "cohorts.session.confirmed_already")
		if got := a.standing(c, 1); got.Attended != 0 || a.standing(c, 0).Confirmed != 210 {
			a.Errorf("absent %+v, present %+v", got, a.standing(c, 0))
		}
	})
}

func TestTwoInstructorsMarkOnePersonAtOnce(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		second := a.person(people.Outreach, "Second", people.Instructor)
		a.ok(a.store.Appoint(a.Context(), c.coordinator, c.id, second, cohorts.Second))
		who := []people.Viewer{c.instructor, as(second, people.Outreach, people.Instructor)}
		a.at("2026-11-03 09:05")
		const taps = 24
		for _, err := range atOnce(taps, func(i int) error {
			return a.store.Mark(a.Context(), who[i%2], cohorts.NewMark{Session: c.sessions[0].ID, Enrolment: c.enrolments[0],
				Status: cohorts.Present, MinutesLate: 11 + i})
		}) {
			a.ok(err)
		}
		marks, err := a.store.Marks(a.Context(), c.instructor, c.sessions[0].ID, c.enrolments[0])
		a.ok(err)
		if len(marks) != taps {
			a.Fatalf("%d of %d lines", len(marks), taps)
		}
		for i, mark := range marks {
			if mark.Seq != i+1 {
				a.Errorf("line %d has number %d", i+1, mark.Seq)
			}
		}
		if got, want := a.standing(c, 0).Attended, 240-marks[taps-1].MinutesLate; got != want {
			a.Errorf("ledger says %d, the newest mark %d", got, want)
		}
	})
}

func TestMarkAgainstCloseLosesNothing(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		a.at("2026-11-03 13:05")
		a.mark(c, 0, 0, cohorts.Absent, 0, 0)
		errs := atOnce(8, func(i int) error {
			if i == 4 {
				return a.store.Close(a.Context(), c.instructor, c.sessions[0].ID)
			}
			return a.store.Mark(a.Context(), c.instructor, cohorts.NewMark{Session: c.sessions[0].ID, Enrolment: c.enrolments[0], Status: cohorts.Present, MinutesLate: 20 + i})
		})
		a.ok(errs[4])
		stored := 1
		for i, err := range errs {
			switch {
			case i == 4:
			case err == nil:
				stored++
			default:
				a.conflicts(err, "cohorts.roll.closed_already")
			}
		}
		marks, err := a.store.Marks(a.Context(), c.instructor, c.sessions[0].ID, c.enrolments[0])
		a.ok(err)
		newest := marks[len(marks)-1]
		if len(marks) != stored {
			a.Errorf("%d lines stand, %d were acknowledged", len(marks), stored)
		}
		if got, want := a.standing(c, 0).Attended, newest.Credit(c.sessions[0], 10); got != want {
			a.Errorf("ledger %d, newest mark %d", got, want)
		}
	})
}
