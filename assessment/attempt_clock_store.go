package assessment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// closedTogether is how many attempts one round of the clock closes before it asks again.
const closedTogether = 100

// CloseOverdue closes every attempt whose time and grace are up with what was received,
// each once, and tells how many. It is the clock's own work, in all sectors.
func (s Store) CloseOverdue(ctx context.Context) (int, error) {
	closed := 0
	for {
		var ids []AttemptID
		err := s.db.NewSelect().Model((*Attempt)(nil)).Column("id").
			Where("finished_at IS NULL AND closes_at < ?", s.now()).Order("closes_at").Limit(closedTogether).Scan(ctx, &ids)
		if err != nil {
			return closed, fmt.Errorf("attempts to close: %w", err)
		}
		for _, id := range ids {
			if err := s.touch(ctx, id); err != nil {
				return closed, err
			}
			closed++
		}
		if len(ids) < closedTogether {
			return closed, nil
		}
	}
}

// touch brings one attempt to where the clock has it.
func (s Store) touch(ctx context.Context, id AttemptID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.held(ctx, `id = ?`, id); err != nil {
			return fmt.Errorf("attempt %q: %w", id, database.One(err))
		}
		return nil
	})
}

// Pause stops the clock of the viewer's own attempt, asks no reason and hides the
// questions; twice is once. Fails with fault.Conflict where the edition does not allow
// it, or the attempt or its time is over.
func (s Store) Pause(ctx context.Context, v people.Viewer, id AttemptID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		attempt, err := s.hold(ctx, v, id)
		switch {
		case err != nil || attempt.Paused():
			return err
		case !attempt.Open() || attempt.Over(s.now()):
			return fault.Conflict("assessment.pause.over")
		case attempt.Spoken():
			return fault.Conflict("assessment.aloud.yours")
		case !attempt.Pausable:
			return fault.Conflict("assessment.pause.not_here")
		}
		now := s.now()
		res, err := s.db.NewRaw(`UPDATE attempts SET paused_at = ?, closes_at = NULL
			WHERE id = ? AND finished_at IS NULL AND paused_at IS NULL AND pausable`, now, id).Exec(ctx)
		return s.pauseLine(ctx, id, false, now, database.Changed(res, err, errMeanwhile))
	})
}

// Resume sets the clock going again: the deadline moves by the time that was paused.
// Twice is once. Fails with fault.Conflict where the attempt was handed in.
func (s Store) Resume(ctx context.Context, v people.Viewer, id AttemptID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		attempt, err := s.hold(ctx, v, id)
		switch {
		case err != nil:
			return err
		case !attempt.Open():
			return fault.Conflict("assessment.pause.over")
		case !attempt.Paused():
			return nil
		}
		now := s.now()
		if attempt.Timed() {
			attempt.until(attempt.Deadline.Add(now.Sub(*attempt.PausedAt)))
		}
		res, err := s.db.NewRaw(`UPDATE attempts SET paused_at = NULL, deadline = ?, closes_at = ? WHERE id = ? AND finished_at IS NULL AND paused_at IS NOT NULL`,
			attempt.Deadline, attempt.ClosesAt, id).Exec(ctx)
		return s.pauseLine(ctx, id, true, now, database.Changed(res, err, errMeanwhile))
	})
}

// pauseLine writes that the clock was stopped or set going, where that was done now.
func (s Store) pauseLine(ctx context.Context, id AttemptID, resumed bool, at time.Time, done error) error {
	if errors.Is(done, errMeanwhile) {
		return nil
	}
	if done != nil {
		return done
	}
	_, err := s.db.NewRaw(`INSERT INTO attempt_pauses (id, attempt_id, resumed, at) VALUES (?, ?, ?, ?)`, database.NewID(), id, resumed, at).Exec(ctx)
	return err
}
