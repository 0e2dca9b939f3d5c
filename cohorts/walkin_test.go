package cohorts_test

import (
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// walkIn notes somebody in the first session, and gives their key.
func (a *academy) walkIn(c class, name, line string) string {
	a.Helper()
	a.ok(a.store.WalkedIn(a.Context(), c.instructor, c.sessions[0].ID, name, line))
	list, err := a.store.WalkIns(a.Context(), c.coordinator, c.sessions[0].ID)
	a.ok(err)
	return list[len(list)-1].ID
}

func TestAWalkInEarnsItsMinutesOnceSomebodySaysWhoItIs(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		a.at("2026-11-03 09:20")
		guest := a.walkIn(c, "  Rosa   M ", "x")
		a.ok(a.store.WalkedIn(a.Context(), c.instructor, c.sessions[0].ID, "Rosa M", "x"))
		list, err := a.store.WalkIns(a.Context(), c.instructor, c.sessions[0].ID)
		a.ok(err)
		if len(list) != 1 || list[0].Name != "Rosa M" || list[0].MinutesLate != 20 {
			a.Errorf("noted %+v", list)
		}
		if n := a.count(`SELECT COUNT(*) FROM marks`) + a.count(`SELECT COUNT(*) FROM ledger_lines`); n != 0 {
			a.Errorf("%d lines before anybody said who it is", n)
		}
		a.ok(a.store.MarkRest(a.Context(), c.instructor, c.sessions[0].ID, "all"))
		a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID))
		a.ok(a.store.Confirm(a.Context(), c.coordinator, c.sessions[0].ID))
		// They get a place after the class, and then their minutes.
		place, err := a.store.Enroll(a.Context(), c.coordinator, c.id, a.person(people.Outreach, "Rosa"))
		a.ok(err)
		session, err := a.store.PlaceWalkIn(a.Context(), c.coordinator, guest, place)
		a.ok(err)
		totals, err := a.store.Standing(a.Context(), c.coordinator, place)
		a.ok(err)
		if session != c.sessions[0].ID || totals.Attended != 220 || totals.Confirmed != 0 {
			a.Errorf("attended %d, confirmed %d", totals.Attended, totals.Confirmed)
		}
		marks, err := a.store.Marks(a.Context(), c.coordinator, session, place)
		a.ok(err)
		if len(marks) != 1 || marks[0].Reason != cohorts.AsWalkIn || marks[0].MadeBy != c.coordinator.Person() {
			a.Errorf("the lines are %+v", marks)
		}
		// A second person looks again, and the name is gone.
		a.ok(a.store.Confirm(a.Context(), c.instructor, session))
		if n := a.count(`SELECT COUNT(*) FROM walk_ins WHERE name <> ''`); n != 0 {
			a.Error("the name is kept")
		}
		_, err = a.store.PlaceWalkIn(a.Context(), c.coordinator, guest, c.enrolments[1])
		a.is(err, fault.NotFound)
	})
}

func TestAWalkInTakesNothingFromWhoIsThereAlready(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		a.at("2026-11-03 09:20")
		guest, other := a.walkIn(c, "Rosa", "x"), a.walkIn(c, "Ben", "y")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.mark(c, 0, 1, cohorts.Absent, 0, 0)
		for i, id := range []string{guest, other} {
			_, err := a.store.PlaceWalkIn(a.Context(), c.coordinator, id, c.enrolments[i])
			a.ok(err)
		}
		if first, second := a.standing(c, 0).Attended, a.standing(c, 1).Attended; first != 240 || second != 220 {
			a.Errorf("attended %d and %d", first, second)
		}
		if n := a.count(`SELECT COUNT(*) FROM marks`); n != 3 {
			a.Errorf("%d lines: what stood is kept, and one more stands", n)
		}
	})
}

func TestAWalkInIsOfItsOwnSideAndItsCoordinators(t *testing.T) {
	each(t, func(a *academy) {
		c, other := a.class(1), a.class(1)
		police := a.classOf("put-p", people.LawEnforcement, 1)
		a.at("2026-11-03 08:30")
		a.invalid(a.store.WalkedIn(a.Context(), c.instructor, c.sessions[0].ID, " ", "x"), "name", "cohorts.walk_in.name_needed")
		a.invalid(a.store.WalkedIn(a.Context(), c.instructor, c.sessions[0].ID, strings.Repeat("ñ", 61), "x"), "name", "cohorts.walk_in.name_needed")
		for name, v := range map[string]people.Viewer{"a trainee": c.trainees[0], "another cohort's instructor": other.instructor, "the other side": police.coordinator, "nobody": people.Nobody} {
			a.is(a.store.WalkedIn(a.Context(), v, c.sessions[0].ID, name, name), fault.NotFound)
		}
		guest := a.walkIn(c, "Rosa", "x")
		for _, v := range []people.Viewer{c.trainees[0], other.instructor, police.coordinator, people.Nobody} {
			if list, err := a.store.WalkIns(a.Context(), v, c.sessions[0].ID); err != nil || len(list) != 0 {
				a.Errorf("shown %v %v", list, err)
			}
			_, err := a.store.RemoveWalkIn(a.Context(), v, guest)
			a.is(err, fault.NotFound)
			_, err = a.store.PlaceWalkIn(a.Context(), v, guest, c.enrolments[0])
			a.is(err, fault.NotFound)
		}
		_, err := a.store.PlaceWalkIn(a.Context(), c.instructor, guest, c.enrolments[0])
		a.is(err, fault.NotFound)
		for _, place := range []cohorts.EnrolmentID{other.enrolments[0], police.enrolments[0], "none"} {
			_, err := a.store.PlaceWalkIn(a.Context(), c.coordinator, guest, place)
			a.is(err, fault.NotFound)
		}
		session, err := a.store.RemoveWalkIn(a.Context(), c.instructor, guest)
		a.ok(err)
		if session != c.sessions[0].ID || a.count(`SELECT COUNT(*) FROM marks`) != 0 {
			a.Error("removing left a mark")
		}
		a.ok(a.store.MarkRest(a.Context(), c.instructor, c.sessions[0].ID, "all"))
		a.at("2026-11-03 09:00")
		a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[0].ID))
		a.conflicts(a.store.WalkedIn(a.Context(), c.instructor, c.sessions[0].ID, "Late", "z"), "cohorts.roll.closed_already")
	})
}

func TestAWalkInIsPlacedOnceByTwoAtOnce(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(2)
		a.at("2026-11-03 09:00")
		guest := a.walkIn(c, "Rosa", "x")
		placed := 0
		for _, err := range atOnce(8, func(i int) error {
			_, err := a.store.PlaceWalkIn(a.Context(), c.coordinator, guest, c.enrolments[i%2])
			return err
		}) {
			if err == nil {
				placed++
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM marks`); placed != 1 || n != 1 {
			a.Errorf("placed %d times, %d marks", placed, n)
		}
	})
}
