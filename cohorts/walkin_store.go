package cohorts

import (
	"context"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// WalkIns lists who came to a session that the viewer runs and has no place in it yet.
func (s Store) WalkIns(ctx context.Context, v people.Viewer, id SessionID) ([]WalkIn, error) {
	list := []WalkIn{}
	err := s.db.NewSelect().Model(&list).
		Join("JOIN sessions AS session ON session.id = walk_in.session_id").
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Where("walk_in.session_id = ? AND walk_in.ended_at IS NULL", id).Apply(RunBy(v)).
		OrderExpr("walk_in.made_at, walk_in.id").Limit(PageSize).Scan(ctx)
	return list, err
}

// WalkedIn notes somebody who came to a session that the viewer runs and is not in its
// roll, with the minutes they are late where the class is on. Line is the form's own id:
// sent twice it counts once.
func (s Store) WalkedIn(ctx context.Context, v people.Viewer, id SessionID, name, line string) error {
	name, err := walkInName(name)
	if err != nil {
		return err
	}
	if line == "" {
		line = database.NewID()
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.holdForRoll(ctx, v, id, fault.Conflict("cohorts.roll.closed_already"), Planned)
		if err != nil {
			return err
		}
		one := WalkIn{ID: database.NewID(), SessionID: id, Sector: session.Sector, Name: name, Line: lineIn(string(id), line), MadeBy: v.Person(), MadeAt: s.now()}
		if s.now().Before(session.CheckInEnds()) {
			one.MinutesLate = session.LateAt(s.now())
		}
		_, err = s.db.NewInsert().Model(&one).On("CONFLICT (line) DO NOTHING").Exec(ctx)
		return err
	})
}

// endWalkIn ends a walk-in of a session that the viewer runs, and takes its name out.
// It gives what it was; fault.NotFound where none is left.
func (s Store) endWalkIn(ctx context.Context, v people.Viewer, id string, place *EnrolmentID) (WalkIn, error) {
	var one WalkIn
	run := runBy(v)
	res, err := s.db.NewRaw(`UPDATE walk_ins SET ended_at = ?, ended_by = ?, enrolment_id = ?, name = '' WHERE id = ? AND ended_at IS NULL
		AND EXISTS (SELECT 1 FROM sessions AS session JOIN cohorts AS cohort ON cohort.id = session.cohort_id WHERE session.id = walk_ins.session_id AND `+run.sql+`)`,
		with([]any{s.now(), nullPerson(v), place, id}, run)...).Exec(ctx)
	if err := database.Changed(res, err, fmt.Errorf("walk-in %q: %w", id, fault.NotFound)); err != nil {
		return one, err
	}
	err = s.db.NewSelect().Model(&one).Where("walk_in.id = ?", id).Scan(ctx)
	return one, database.One(err)
}

// RemoveWalkIn takes out somebody who was noted by mistake, as who runs the session.
func (s Store) RemoveWalkIn(ctx context.Context, v people.Viewer, id string) (SessionID, error) {
	one, err := s.endWalkIn(ctx, v, id, nil)
	return one.SessionID, err
}

// PlaceWalkIn says who a walk-in was, as a coordinator: a mark of that person follows, and
// what it earns, as new lines; a mark that says they were there already stays as it is.
// A roll that was closed waits for a second person again. Fails with fault.NotFound where
// the viewer does not manage the cohort, or the person isn't in the session.
func (s Store) PlaceWalkIn(ctx context.Context, v people.Viewer, id string, place EnrolmentID) (SessionID, error) {
	var session SessionID
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		if !v.RunsSector() {
			return fmt.Errorf("walk-in %q: %w", id, fault.NotFound)
		}
		var here int
		err := s.db.NewRaw(`SELECT COUNT(*) FROM walk_ins AS w JOIN sessions AS t ON t.id = w.session_id JOIN enrolments AS e ON e.cohort_id = t.cohort_id
			WHERE w.id = ? AND w.sector = ? AND e.id = ? AND e.state <> ?`, id, v.Sector(), place, Withdrawn).Scan(ctx, &here)
		if err != nil {
			return err
		}
		if here == 0 {
			return fmt.Errorf("walk-in %q as %q: %w", id, place, fault.NotFound)
		}
		one, err := s.endWalkIn(ctx, v, id, &place)
		if err != nil {
			return err
		}
		session = one.SessionID
		marks, err := s.Marks(ctx, v, session, place)
		if err != nil {
			return err
		}
		if n := len(marks); n > 0 && marks[n-1].Status == Present {
			return nil
		}
		mark := NewMark{Session: session, Enrolment: place, Status: Present, MinutesLate: one.MinutesLate, Reason: AsWalkIn, Line: "walk-in:" + id, MadeAt: one.MadeAt}
		if err := s.mark(ctx, v, mark, fault.Conflict("cohorts.roll.closed_already"), Planned, Closed, Confirmed); err != nil {
			return err
		}
		return s.vouchAgain(ctx, v, session)
	})
	return session, err
}
