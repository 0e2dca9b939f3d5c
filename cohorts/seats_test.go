package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func (a *academy) fill(c class, seats int) {
	a.ok(a.store.SetSeats(a.Context(), c.coordinator, c.id, cohorts.SeatRules{Seats: seats}))
}

func (a *academy) waiting(c class) (names []people.PersonID) {
	list, _, err := a.store.Waiting(a.Context(), c.coordinator, c.id, "")
	a.ok(err)
	for _, w := range list {
		names = append(names, w.PersonID)
	}
	return names
}

func TestWhoWaitsGetsTheNextFreeSeatInTurn(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(3)
		a.fill(c, 3)
		first, second := a.person(people.Outreach, "Ana"), a.person(people.Outreach, "Bo")
		_, err := a.store.Enroll(a.Context(), c.coordinator, c.id, first)
		a.conflicts(err, "cohorts.enrol.full")
		for _, person := range []people.PersonID{first, second, first} {
			a.ok(a.store.Wait(a.Context(), c.coordinator, c.id, person))
		}
		if got := a.waiting(c); len(got) != 2 || got[0] != first || got[1] != second {
			t.Fatalf("wait %v, want %s before %s", got, first, second)
		}
		a.ok(a.store.Withdraw(a.Context(), c.coordinator, c.enrolments[0], "moved"))
		if got := a.waiting(c); len(got) != 1 || got[0] != second {
			t.Fatalf("wait %v after a seat is free, want %s", got, second)
		}
		if n := a.count(`SELECT COUNT(*) FROM enrolments WHERE cohort_id = ? AND person_id = ? AND state = 'active' AND enrolled_by IS NULL`, c.id, first); n != 1 {
			t.Fatalf("the first has %d seats", n)
		}
		a.fill(c, 4)
		if got := a.waiting(c); len(got) != 0 {
			t.Fatalf("%v wait beside a free seat", got)
		}
		a.fill(c, 2) // nobody loses theirs
		seats, err := a.store.Seats(a.Context(), c.coordinator, c.id)
		a.ok(err)
		if seats.Taken != 4 || seats.Free(2) != 0 || len(seats.Left) != 1 || seats.Left[0] != (cohorts.LeftFor{Code: "moved", Count: 1}) {
			t.Fatalf("filled as %+v", seats)
		}
	})
}

func TestAWaitIsForWhoCouldHaveThePlace(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		stranger := a.person(people.LawEnforcement, "Officer")
		someone := a.person(people.Outreach, "Ana")
		a.conflicts(a.store.Wait(a.Context(), c.coordinator, c.id, someone), "cohorts.wait.free")
		a.fill(c, 1)
		a.is(a.store.Wait(a.Context(), c.coordinator, c.id, stranger), fault.NotFound)
		a.is(a.store.Wait(a.Context(), c.coordinator, c.id, c.coordinator.Person()), fault.Forbidden)
		a.is(a.store.Wait(a.Context(), as(stranger, people.LawEnforcement, people.Coordinator), c.id, someone), fault.NotFound)
		a.conflicts(a.store.Wait(a.Context(), c.coordinator, c.id, c.instructor.Person()), "cohorts.enrol.teaches")
		a.ok(a.store.Wait(a.Context(), c.coordinator, c.id, someone))
		list, _, err := a.store.Waiting(a.Context(), c.coordinator, c.id, "")
		a.ok(err)
		other, _, err := a.store.Waiting(a.Context(), as(stranger, people.LawEnforcement, people.Coordinator), c.id, "")
		a.ok(err)
		if len(list) != 1 || len(other) != 0 {
			t.Fatalf("%d wait, the other side sees %d", len(list), len(other))
		}
		a.is(a.store.TakeOff(a.Context(), as(stranger, people.LawEnforcement, people.Coordinator), c.id, list[0].ID), fault.NotFound)
		a.ok(a.store.TakeOff(a.Context(), c.coordinator, c.id, list[0].ID))
		a.is(a.store.TakeOff(a.Context(), c.coordinator, c.id, list[0].ID), fault.NotFound)
		a.ok(a.store.Withdraw(a.Context(), c.coordinator, c.enrolments[0], "moved"))
		if n := a.count(`SELECT COUNT(*) FROM enrolments WHERE cohort_id = ? AND person_id = ?`, c.id, someone); n != 0 {
			t.Fatal("who was taken off the list has a seat")
		}
	})
}

// Thirty coordinators give the last three seats away at once: three people get one.
func TestNoSeatIsGivenTwice(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(2)
		a.fill(c, 5)
		persons := make([]people.PersonID, 12)
		for i := range persons {
			persons[i] = a.person(people.Outreach, "Person")
		}
		full := 0
		for _, err := range atOnce(len(persons), func(i int) error {
			_, err := a.store.Enroll(a.Context(), c.coordinator, c.id, persons[i])
			return err
		}) {
			if err != nil {
				a.conflicts(err, "cohorts.enrol.full")
				full++
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM enrolments WHERE cohort_id = ? AND state = 'active'`, c.id); n != 5 || full != 9 {
			t.Fatalf("%d of 5 seats taken, %d told that it is full", n, full)
		}
	})
}

// Two leave at once, and two wait: both get a seat, and nobody waits for the other's lock.
func TestTwoWhoLeaveAtOnceMakeTwoSeats(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(6)
		a.fill(c, 6)
		for range 6 {
			a.ok(a.store.Wait(a.Context(), c.coordinator, c.id, a.person(people.Outreach, "Person")))
		}
		for _, err := range atOnce(6, func(i int) error {
			return a.store.Withdraw(a.Context(), c.coordinator, c.enrolments[i], "health")
		}) {
			a.ok(err)
		}
		if n := a.count(`SELECT COUNT(*) FROM enrolments WHERE cohort_id = ? AND state = 'active'`, c.id); n != 6 || len(a.waiting(c)) != 0 {
			t.Fatalf("%d have a seat and %d wait", n, len(a.waiting(c)))
		}
	})
}

func TestAPlaceIsTaggedWithItsAward(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		a.ok(a.store.SetSeats(a.Context(), c.coordinator, c.id, cohorts.SeatRules{Award: "CVI-2026/014"}))
		id, err := a.store.Enroll(a.Context(), c.coordinator, c.id, a.person(people.Outreach, "Ana"))
		a.ok(err)
		for place, want := range map[cohorts.EnrolmentID]string{c.enrolments[0]: "", id: "CVI-2026/014"} {
			way, err := a.store.Way(a.Context(), c.coordinator, place)
			a.ok(err)
			if way.Award != want {
				t.Fatalf("tagged %q, want %q", way.Award, want)
			}
		}
		a.ok(a.store.SetAward(a.Context(), c.coordinator, c.enrolments[0], "A.7"))
		a.invalid(a.store.SetAward(a.Context(), c.coordinator, c.enrolments[0], "paid by his uncle"), "award", "cohorts.seats.award_number")
		a.invalid(a.store.SetSeats(a.Context(), c.coordinator, c.id, cohorts.SeatRules{Seats: 501}), "seats", "cohorts.seats.range")
		a.is(a.store.SetAward(a.Context(), c.instructor, c.enrolments[0], "A.8"), fault.Forbidden)
		a.is(a.store.SetAward(a.Context(), as(a.person(people.LawEnforcement, "O"), people.LawEnforcement, people.Coordinator), c.enrolments[0], "A.8"), fault.NotFound)
	})
}
