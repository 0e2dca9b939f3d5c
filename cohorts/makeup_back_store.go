package cohorts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// TakeBack ends a make-up that was approved wrongly: a line reverses its minutes, and
// the make-up stays to be seen. What its minutes had kept out of the session, because
// the two would have been more than it has, stands again.
func (s Store) TakeBack(ctx context.Context, v people.Viewer, id string) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.holdOfMakeUp(ctx, v, id)
		if err != nil {
			return err
		}
		run, fair := runBy(v), notOverOneself(v, s.people.Today())
		on := `EXISTS (SELECT 1 FROM enrolments AS enrolment JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id
			WHERE enrolment.id = make_ups.enrolment_id AND ` + run.sql
		res, err := s.db.NewRaw(`UPDATE make_ups SET taken_back_by = ?, taken_back_at = ? WHERE id = ? AND taken_back_at IS NULL
			AND `+on+` AND (`+fair.sql+`))`, with([]any{nullPerson(v), s.now(), id}, run, fair)...).Exec(ctx)
		if err := database.Changed(res, err, fault.Forbidden); err != nil {
			return s.whyNotTakenBack(ctx, v, id, err)
		}
		var line LedgerLine
		if err := s.db.NewSelect().Model(&line).Where("cause = ?", "make_up:"+id).Scan(ctx); err != nil {
			return err
		}
		back := LedgerLine{ID: database.NewID(), EnrolmentID: line.EnrolmentID, SessionID: line.SessionID, Kind: ForMakeUp, Minutes: -line.Minutes,
			Cause: "reversal:" + line.ID, Reverses: &line.ID, ByPerson: v.Person(), At: s.now(), Reason: "taken_back"}
		if _, err := s.db.NewInsert().Model(&back).Exec(ctx); err != nil {
			return err
		}
		if err := s.repost(ctx, v, session, line.EnrolmentID); err != nil && !errors.Is(err, sql.ErrNoRows) { // nobody has marked them
			return err
		}
		return s.note(ctx, v, "make_up_taken_back", line.EnrolmentID)
	})
}

// holdOfMakeUp holds the session whose absence a make-up cures. It fails with
// fault.NotFound where the viewer may not know of the make-up, with fault.Forbidden where
// they don't run its session.
func (s Store) holdOfMakeUp(ctx context.Context, v people.Viewer, id string) (Session, error) {
	var session SessionID
	err := s.db.NewSelect().TableExpr("make_ups AS make_up").ColumnExpr("make_up.session_id").
		Join("JOIN enrolments AS enrolment ON enrolment.id = make_up.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("make_up.id = ?", id).Apply(EnrolmentsVisibleTo(v)).Scan(ctx, &session)
	if err != nil {
		return Session{}, fmt.Errorf("make-up %q: %w", id, database.One(err))
	}
	held, err := s.hold(ctx, v, session, fault.Forbidden, Planned, Closed, Confirmed, Cancelled)
	if errors.Is(err, fault.NotFound) {
		err = fault.Forbidden
	}
	return held, err
}

func (s Store) whyNotTakenBack(ctx context.Context, v people.Viewer, id string, err error) error {
	if err != fault.Forbidden {
		return err
	}
	var made MakeUp
	lost := s.db.NewSelect().Model(&made).
		Join("JOIN enrolments AS enrolment ON enrolment.id = make_up.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("make_up.id = ?", id).Apply(EnrolmentsVisibleTo(v)).Scan(ctx)
	switch {
	case lost != nil:
		return fmt.Errorf("make-up %q: %w", id, database.One(lost))
	case made.TakenBackAt != nil:
		return fault.Conflict("cohorts.make_up.taken_back_already")
	}
	return err
}
