package cohorts

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// hasSeat says that a cohort (alias cohort) has a free seat, or that the person (alias
// person) sits on one already. It stands in the statement that gives the place, behind
// the lock of holdCohort.
const hasSeat = `(cohort.seats = 0
	OR cohort.seats > (SELECT COUNT(*) FROM enrolments AS taken WHERE taken.cohort_id = cohort.id AND taken.state <> 'withdrawn')
	OR EXISTS (SELECT 1 FROM enrolments AS own WHERE own.cohort_id = cohort.id AND own.person_id = person.id AND own.state <> 'withdrawn'))`

// Seats counts how a cohort that the viewer runs is filled.
func (s Store) Seats(ctx context.Context, v people.Viewer, id CohortID) (Seats, error) {
	var rows []struct {
		State   EnrolmentState
		Code    WithdrawalCode
		Count   int
		Started int
	}
	present := s.db.NewSelect().TableExpr("marks AS mark").ColumnExpr("1").
		Where("mark.enrolment_id = enrolment.id AND mark.status = ?", Present).
		Where("NOT EXISTS (SELECT 1 FROM marks AS newer WHERE newer.session_id = mark.session_id AND newer.enrolment_id = mark.enrolment_id AND newer.seq > mark.seq)")
	each := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.state, COALESCE(enrolment.withdrawal_code, '') AS code, CASE WHEN EXISTS (?) THEN 1 ELSE 0 END AS came", present).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").Where("cohort.id = ?", id).Apply(RunBy(v))
	err := s.db.NewSelect().TableExpr("(?) AS place", each).
		ColumnExpr("place.state, place.code, COUNT(*) AS count, SUM(place.came) AS started").
		GroupExpr("place.state, place.code").OrderExpr("count DESC, place.code").Scan(ctx, &rows)
	var seats Seats
	for _, row := range rows {
		seats.Started += row.Started
		switch row.State {
		case Withdrawn:
			seats.Left = append(seats.Left, LeftFor{Code: row.Code, Count: row.Count})
		case Completed:
			seats.Finished += row.Count
			seats.Taken += row.Count
		default:
			seats.Taken += row.Count
		}
	}
	return seats, err
}

// SetSeats says how many may learn at once in a cohort that the viewer manages, and what
// new places are tagged with. Nobody loses a seat where there are fewer than people; of
// those that become free, the waiting take theirs in turn.
func (s Store) SetSeats(ctx context.Context, v people.Viewer, id CohortID, rules SeatRules) error {
	if err := rules.Validate(); err != nil {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		held, err := s.holdCohort(ctx, v, id)
		if err != nil {
			return err
		}
		if _, err := s.db.NewRaw(`UPDATE cohorts SET seats = ?, award = ?, asks_until = ? WHERE id = ?`,
			rules.Seats, rules.Award, nullText(rules.AsksUntil), held.ID).Exec(ctx); err != nil {
			return err
		}
		return s.seatTheWaiting(ctx, held.Sector, held.ID)
	})
}

// Waiting gives who waits for a seat in a cohort that the viewer manages, a page at a
// time, the next one first. After is the last one of the page before.
func (s Store) Waiting(ctx context.Context, v people.Viewer, id CohortID, after WaitID) (list []Wait, next WaitID, err error) {
	list = []Wait{}
	q := s.db.NewSelect().Model(&list).ColumnExpr("wait.*, "+seatName+" AS name").
		Join("JOIN cohorts AS cohort ON cohort.id = wait.cohort_id").Join("JOIN persons AS person ON person.id = wait.person_id").
		Where("cohort.id = ? AND wait.ended_at IS NULL", id).Apply(managedBy(v).on).OrderExpr("wait.id").Limit(PageSize + 1)
	if after != "" {
		q = q.Where("wait.id > ?", after)
	}
	if err := q.Scan(ctx); err != nil {
		return nil, "", err
	}
	if len(list) > PageSize {
		list = list[:PageSize]
		next = list[PageSize-1].ID
	}
	return list, next, nil
}

// Wait puts a person of the sector on the waiting list of a full cohort that the viewer
// manages; who waits already keeps their turn. Fails with fault.Conflict where a seat is
// free or the person has one, with fault.NotFound for who is not of the sector, and with
// fault.Forbidden for oneself (rule 17).
func (s Store) Wait(ctx context.Context, v people.Viewer, id CohortID, person people.PersonID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		held, err := s.holdCohort(ctx, v, id)
		if err != nil {
			return err
		}
		if held.State != CohortOpen {
			return fault.Conflict("cohorts.enrol.ended")
		}
		res, err := s.db.NewRaw(`INSERT INTO waits (id, cohort_id, person_id, sector, put_by, put_at)
			SELECT ?, cohort.id, person.id, cohort.sector, ?, ?
			FROM cohorts AS cohort JOIN persons AS person ON person.sector = cohort.sector AND person.closed_at IS NULL
			WHERE cohort.id = ? AND person.id = ? AND person.id <> ? AND NOT `+hasSeat+`
			AND NOT EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = person.id AND i.ended_at IS NULL)
			ON CONFLICT (cohort_id, person_id) WHERE ended_at IS NULL DO UPDATE SET put_at = waits.put_at`,
			database.NewID(), nullPerson(v), s.now(), held.ID, person, v.Person()).Exec(ctx)
		if err := database.Changed(res, err, errNotEnrolled); err != nil {
			if err = s.whyNotEnrolled(ctx, v, held.ID, person, err); conflictOf(err) == "cohorts.enrol.full" {
				err = fault.Conflict("cohorts.wait.free")
			}
			return err
		}
		return s.people.Note(ctx, v, "put_on_list", person, "cohorts/"+string(held.ID))
	})
}

// seatOrTurn gives somebody a seat, or where none is free a turn on the waiting list. It
// fails as Enroll and Wait do.
func (s Store) seatOrTurn(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID) (waits bool, err error) {
	if _, err = s.Enroll(ctx, v, cohort, person); conflictOf(err) == "cohorts.enrol.full" {
		return true, s.Wait(ctx, v, cohort, person)
	}
	return false, err
}

// TakeOff ends a wait in a cohort that the viewer manages.
func (s Store) TakeOff(ctx context.Context, v people.Viewer, id CohortID, wait WaitID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		held, err := s.holdCohort(ctx, v, id)
		if err != nil {
			return err
		}
		var person people.PersonID
		err = s.db.NewRaw(`UPDATE waits SET ended_by = ?, ended_at = ? WHERE id = ? AND cohort_id = ? AND ended_at IS NULL RETURNING person_id`,
			nullPerson(v), s.now(), wait, held.ID).Scan(ctx, &person)
		if err != nil {
			return fmt.Errorf("wait %q: %w", wait, database.One(err))
		}
		return s.people.Note(ctx, v, "taken_off_list", person, "cohorts/"+string(held.ID))
	})
}

// SetAward tags a place of a cohort that the viewer manages with the funding award that
// pays for it; "" takes the tag away. Not their own (rule 17).
func (s Store) SetAward(ctx context.Context, v people.Viewer, id EnrolmentID, award string) error {
	if err := validAward(award); err != nil {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		managed, fair := managedBy(v), notOverOneself(v, s.people.Today())
		res, err := s.db.NewRaw(`UPDATE enrolments SET award = ?, revision = revision + 1
			WHERE id = ? AND EXISTS (SELECT 1 FROM enrolments AS enrolment JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id
				WHERE enrolment.id = enrolments.id AND `+managed.sql+` AND (`+fair.sql+`))`,
			with([]any{award, id}, managed, fair)...).Exec(ctx)
		if err := database.Changed(res, err, fault.Forbidden); err != nil {
			if _, hidden := s.Enrolment(ctx, v, id); hidden != nil {
				return hidden
			}
			return err
		}
		return s.note(ctx, v, "award_set", id)
	})
}

// seatTheWaiting gives the free seats of a cohort, which the transaction holds, to those
// who wait, in their turn. Who can't have one any more, since they teach the cohort now or
// their account was closed, is passed over and goes on waiting.
func (s Store) seatTheWaiting(ctx context.Context, sector people.Sector, id CohortID) error {
	var waiting []Wait
	err := s.db.NewSelect().Model(&waiting).Join("JOIN cohorts AS cohort ON cohort.id = wait.cohort_id").
		Join("JOIN persons AS person ON person.id = wait.person_id AND person.closed_at IS NULL").
		Where("cohort.id = ? AND wait.ended_at IS NULL AND cohort.state = ?", id, CohortOpen).
		Where("NOT EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = wait.person_id AND i.ended_at IS NULL)").
		OrderExpr("wait.id").Limit(mostSeats).Scan(ctx)
	for _, w := range waiting {
		if err != nil {
			return err
		}
		if _, err = s.Enroll(ctx, people.System(sector), id, w.PersonID); conflictOf(err) == "cohorts.enrol.full" {
			return nil
		}
	}
	return err
}

// leaveList ends the wait of somebody who has a seat now.
func (s Store) leaveList(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID) error {
	_, err := s.db.NewRaw(`UPDATE waits SET ended_by = ?, ended_at = ?, seated = ? WHERE cohort_id = ? AND person_id = ? AND ended_at IS NULL`,
		nullPerson(v), s.now(), true, cohort, person).Exec(ctx)
	return err
}

// WaitedFor tells which of the persons wait for a seat in a cohort that the viewer manages.
func (s Store) WaitedFor(ctx context.Context, v people.Viewer, cohort CohortID, persons []people.PersonID) (map[people.PersonID]bool, error) {
	waits := map[people.PersonID]bool{}
	if len(persons) == 0 {
		return waits, nil
	}
	var found []people.PersonID
	err := s.db.NewSelect().TableExpr("waits AS wait").ColumnExpr("wait.person_id").Join("JOIN cohorts AS cohort ON cohort.id = wait.cohort_id").
		Where("cohort.id = ? AND wait.ended_at IS NULL AND wait.person_id IN (?)", cohort, bun.List(persons)).Apply(managedBy(v).on).Scan(ctx, &found)
	for _, person := range found {
		waits[person] = true
	}
	return waits, err
}

// conflictOf is the sentence's key of a conflict, "" for anything else.
func conflictOf(err error) string {
	var conflict *fault.ConflictError
	if errors.As(err, &conflict) {
		return conflict.Sentence.Key
	}
	return ""
}
