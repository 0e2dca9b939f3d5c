package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func (a *academy) card(v people.Viewer) cohorts.CardID {
	a.Helper()
	a.ok(a.store.MakeCard(a.Context(), v))
	card, err := a.store.MyCard(a.Context(), v)
	a.ok(err)
	return card.ID
}

func TestACardMarksItsHolderPresent(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		card, session := a.card(c.trainees[0]), c.sessions[0].ID
		a.at("2026-11-03 07:30")
		scanned, err := a.store.Scan(a.Context(), c.instructor, card)
		a.ok(err)
		if scanned.Name != "Trainee0 I." || len(scanned.Seats) != 0 {
			a.Errorf("before class: %+v", scanned)
		}
		_, err = a.store.MarkByCard(a.Context(), c.instructor, card, session, "x")
		a.conflicts(err, "cohorts.roll.not_yet")
		a.at("2026-11-03 09:15")
		scanned, err = a.store.Scan(a.Context(), c.instructor, card)
		a.ok(err)
		if len(scanned.Seats) != 1 || scanned.Seats[0].ID != session || scanned.Seats[0].Status != cohorts.Unmarked {
			a.Errorf("in class: %+v", scanned)
		}
		seat, err := a.store.MarkByCard(a.Context(), c.instructor, card, session, "x")
		a.ok(err)
		if seat.EnrolmentID != c.enrolments[0] {
			a.Errorf("the seat is %q", seat.EnrolmentID)
		}
		a.at("2026-11-03 10:00")
		_, err = a.store.MarkByCard(a.Context(), c.instructor, card, session, "y")
		a.ok(err)
		if n := a.count(`SELECT COUNT(*) FROM marks`); n != 1 || a.standing(c, 0).Attended != 225 {
			a.Errorf("%d marks, %d minutes", n, a.standing(c, 0).Attended)
		}
		a.mark(c, 0, 0, cohorts.Absent, 0, 0)
		_, err = a.store.MarkByCard(a.Context(), c.instructor, card, session, "z")
		a.ok(err)
		if got := a.standing(c, 0).Attended; got != 180 {
			a.Errorf("came after all, %d minutes", got)
		}
	})
}

func TestACardIsReadByWhoRunsAClassOfItsHolder(t *testing.T) {
	each(t, func(a *academy) {
		c, other := a.class(2), a.class(1)
		police := a.classOf("put-p", people.LawEnforcement, 1)
		card, session := a.card(c.trainees[0]), c.sessions[0].ID
		a.at("2026-11-03 09:00")
		for name, v := range map[string]people.Viewer{"its holder": c.trainees[0], "another trainee": c.trainees[1], "another cohort's instructor": other.instructor,
			"the other side's": police.instructor, "the other side's coordinator": police.coordinator, "nobody": people.Nobody} {
			_, err := a.store.Scan(a.Context(), v, card)
			a.is(err, fault.NotFound)
			if _, err := a.store.MarkByCard(a.Context(), v, card, session, name); err == nil {
				a.Errorf("%s marks by it", name)
			}
		}
		// Who runs another class has no way into this one by its holder's card, nor by a foreign one.
		_, err := a.store.MarkByCard(a.Context(), other.instructor, card, other.sessions[0].ID, "o")
		a.is(err, fault.NotFound)
		_, err = a.store.MarkByCard(a.Context(), c.instructor, a.card(police.trainees[0]), session, "p")
		a.is(err, fault.NotFound)
		if n := a.count(`SELECT COUNT(*) FROM marks`); n != 0 {
			a.Errorf("%d marks", n)
		}
	})
}

func TestACardEndsWhenItsHolderMakesAnother(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		old := a.card(c.trainees[0])
		card := a.card(c.trainees[0])
		a.at("2026-11-03 09:00")
		_, err := a.store.Scan(a.Context(), c.instructor, old)
		a.is(err, fault.NotFound)
		_, err = a.store.MarkByCard(a.Context(), c.instructor, old, c.sessions[0].ID, "x")
		a.is(err, fault.NotFound)
		_, err = a.store.Scan(a.Context(), c.instructor, card)
		a.ok(err)
		a.ok(a.store.EndCard(a.Context(), c.trainees[0]))
		_, err = a.store.Scan(a.Context(), c.instructor, card)
		a.is(err, fault.NotFound)
		_, err = a.store.MyCard(a.Context(), c.trainees[0])
		a.is(err, fault.NotFound)
	})
}

func TestTwoCardsMadeAtOnceLeaveOne(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		for _, err := range atOnce(8, func(int) error { return a.store.MakeCard(a.Context(), c.trainees[0]) }) {
			if err != nil {
				a.conflicts(err, "cohorts.card.meanwhile")
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM cards WHERE ended_at IS NULL`); n != 1 {
			a.Errorf("%d cards", n)
		}
	})
}
