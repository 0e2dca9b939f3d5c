package cohorts

import (
	"context"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Reschedules lists the newest changes of the schedule of a cohort that the viewer runs,
// newest first, with who made them and whether they were undone.
func (s Store) Reschedules(ctx context.Context, v people.Viewer, id CohortID) ([]Reschedule, error) {
	list := []Reschedule{}
	err := s.db.NewSelect().Model(&list).ColumnExpr("change.*, "+shownName+" AS by_name").
		ColumnExpr("CASE WHEN EXISTS (SELECT 1 FROM schedule_changes AS back WHERE back.undoes = change.id) THEN TRUE ELSE FALSE END AS undone").
		Join("JOIN cohorts AS cohort ON cohort.id = change.cohort_id").
		Join("LEFT JOIN persons AS by_person ON by_person.id = change.made_by").
		Where("cohort.id = ?", id).Apply(RunBy(v)).
		OrderExpr("change.made_at DESC, change.id DESC").Limit(PageSize).Scan(ctx, &list)
	return list, err
}

// LastChange is the change that can be undone: the newest of a list, as Reschedules gives
// it, that was not undone and undoes nothing itself; nil where there is none.
func LastChange(list []Reschedule) *Reschedule {
	for i, r := range list {
		if r.Undoes == nil && !r.Undone {
			return &list[i]
		}
	}
	return nil
}

// UndoReschedule takes back the newest change of a cohort's schedule that still stands:
// every session is again what it was, and one that it added is cancelled. It fails with
// fault.Conflict where another change came after it, a class was held since, a session would
// come back to a time that is past, or its room is taken by now.
func (s Store) UndoReschedule(ctx context.Context, v people.Viewer, id CohortID, change string) error {
	if _, err := s.mayMove(ctx, v, id); err != nil {
		return err
	}
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.holdCohort(ctx, v, id); err != nil {
			return err
		}
		list, err := s.Reschedules(ctx, v, id)
		if err != nil {
			return err
		}
		last := LastChange(list)
		switch {
		case last == nil:
			return fmt.Errorf("change %q of cohort %q: %w", change, id, fault.NotFound)
		case last.ID != change:
			return fault.Conflict("cohorts.reschedule.meanwhile")
		}
		back, err := s.putBack(ctx, v, *last)
		if err != nil {
			return err
		}
		return s.recordReschedule(ctx, v, Reschedule{CohortID: id, Kind: UndoLast, Reason: last.Reason, Sessions: back, Undoes: &last.ID})
	})
	if database.Unique(err) {
		return fault.Conflict("cohorts.reschedule.meanwhile")
	}
	return err
}

// putBack makes each session of a change what it was before.
func (s Store) putBack(ctx context.Context, v people.Viewer, last Reschedule) (back []Rescheduled, err error) {
	times, own, rooms := []wanted{}, []SessionID{}, []string{}
	for _, was := range last.Sessions {
		one := Rescheduled{ID: was.ID, Before: was.After, After: was.Before}
		if was.Added {
			one.After = was.After
			one.After.State = Cancelled
		} else {
			if !was.Before.StartsAt.After(s.now()) {
				return nil, fault.Conflict("cohorts.reschedule.undo_past")
			}
			times, own, rooms = append(times, wanted{span: was.Before.span(), room: was.Before.RoomID}), append(own, was.ID), append(rooms, was.Before.RoomID)
		}
		back = append(back, one)
	}
	if err := s.holdRooms(ctx, v, rooms); err != nil {
		return nil, err
	}
	booked, err := s.roomBookings(ctx, v, times, own)
	if err != nil {
		return nil, err
	}
	if len(meet(times, booked)) > 0 {
		return nil, fault.Conflict("cohorts.reschedule.room_taken")
	}
	for _, one := range back {
		err := s.setSlot(ctx, one.ID, one.After, fault.Conflict("cohorts.reschedule.undo_held"),
			"session.cohort_id = ? AND session.state = ? AND session.starts_at = ? AND session.ends_at = ? AND session.minutes = ?",
			last.CohortID, one.Before.State, one.Before.StartsAt, one.Before.EndsAt, one.Before.Minutes)
		if err != nil {
			return nil, err
		}
	}
	return back, nil
}

// notRescheduledSince refuses a move back to the edition before where the schedule was
// changed after the move: what the move knows of each session's time is no longer so.
func (s Store) notRescheduledSince(ctx context.Context, id CohortID, moved time.Time) error {
	n, err := s.db.NewSelect().TableExpr("schedule_changes AS change").Where("change.cohort_id = ? AND change.made_at >= ?", id, moved).
		Where(`(change.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM schedule_changes AS back WHERE back.undoes = change.id)
			OR EXISTS (SELECT 1 FROM schedule_changes AS first WHERE first.id = change.undoes AND first.made_at < ?))`, moved).Count(ctx)
	if err == nil && n > 0 {
		err = fault.Conflict("cohorts.move.rescheduled")
	}
	return err
}
