package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// Enqueue asks for work to be done at dueAt or soon after: at the zero time, at once.
// It is asked for only if the transaction db commits. The payload is kept as JSON.
func Enqueue(ctx context.Context, db bun.IDB, kind string, payload any, dueAt time.Time) error {
	text, err := json.Marshal(payload)
	if err != nil {
		return fmt.Errorf("enqueue %s: %w", kind, err)
	}
	return insert(ctx, db, kind, string(text), dueAt)
}

func insert(ctx context.Context, db bun.IDB, kind, payload string, dueAt time.Time) error {
	_, err := db.NewRaw("INSERT INTO outbox (id, kind, payload, due_at) VALUES (?, ?, ?, ?)",
		database.NewID(), kind, payload, clock.Cut(dueAt)).Exec(ctx)
	return err
}

// Backlog is what waits in the outbox.
type Backlog struct {
	Due     int // should have been run by now
	Failing int // has failed and will be tried again
}

// Waiting counts the work that is due and the work that fails.
func Waiting(ctx context.Context, db bun.IDB, now time.Time) (Backlog, error) {
	var b Backlog
	err := db.NewRaw(`SELECT count(CASE WHEN due_at <= ? THEN 1 END), count(CASE WHEN last_error <> '' THEN 1 END)
		FROM outbox WHERE done_at IS NULL`, now).Scan(ctx, &b.Due, &b.Failing)
	return b, err
}

// New makes a runner of these jobs; two of one kind are an error.
func New(db *bun.DB, now clock.Clock, jobs ...Job) (*Runner, error) {
	s := store{db: db, now: now}
	r := &Runner{store: s, now: now, jobs: map[string]Job{}}
	jobs = append(jobs, Job{Kind: clearing, Every: 24 * time.Hour, Run: s.clear})
	for _, job := range jobs {
		if _, taken := r.jobs[job.Kind]; taken || job.Kind == "" || job.Run == nil {
			return nil, fmt.Errorf("outbox: job %q is there twice or is not whole", job.Kind)
		}
		r.jobs[job.Kind] = job
		r.kinds = append(r.kinds, job.Kind)
	}
	return r, nil
}

type store struct {
	db  *bun.DB
	now clock.Clock
}

// comeRound makes the one row of a kind that comes round; every process asks for it. One
// that is due later than it ever can be was dated by a clock that has been set back since.
func (s store) comeRound(ctx context.Context, job Job) error {
	_, err := s.db.NewRaw(`INSERT INTO outbox (id, kind, payload, due_at, every_seconds) VALUES (?, ?, 'null', ?, ?)
		ON CONFLICT (kind) WHERE every_seconds IS NOT NULL
		DO UPDATE SET every_seconds = excluded.every_seconds, due_at = excluded.due_at
		WHERE outbox.every_seconds <> excluded.every_seconds OR outbox.due_at > ?`,
		database.NewID(), job.Kind, s.now(), int64(job.Every/time.Second), s.now().Add(job.Every)).Exec(ctx)
	return err
}

// free holds for a row that may be claimed now: due, not done, and nobody's lease runs.
const free = "done_at IS NULL AND due_at <= ? AND (leased_until IS NULL OR leased_until <= ?)"

// claim takes one due row for lease long, or gives false when none is due.
func (s store) claim(ctx context.Context, kinds []string) (row, bool, error) {
	for {
		now := s.now()
		var due []string
		err := s.db.NewSelect().Table("outbox").Column("id").
			Where(free, now, now).Where("kind IN (?)", bun.List(kinds)).
			Order("due_at", "id").Limit(16).Scan(ctx, &due)
		if err != nil || len(due) == 0 {
			return row{}, false, err
		}
		for _, id := range due {
			var claimed []row
			err := s.db.NewRaw(`UPDATE outbox SET leased_until = ?, leased_by = ?, tries = tries + 1
				WHERE id = ? AND `+free+`
				RETURNING id, kind, payload, due_at, coalesce(every_seconds, 0) AS every_seconds, leased_by, tries`,
				now.Add(lease), database.NewID(), id, now, now).Scan(ctx, &claimed)
			if err != nil {
				return row{}, false, err
			}
			if len(claimed) == 1 {
				return claimed[0], true, nil
			}
		}
	}
}

// errLost says that the lease ran out and someone else has the row.
var errLost = errors.New("outbox: the lease was lost")

// renew makes the lease run for another while, or fails with errLost.
func (s store) renew(ctx context.Context, r row) error {
	return s.change(ctx, r, "leased_until = ?", s.now().Add(lease))
}

// finish notes that the work is done; work that comes round is due again later.
func (s store) finish(ctx context.Context, r row) error {
	now := s.now()
	if r.EverySeconds == 0 {
		return s.change(ctx, r, "leased_until = NULL, leased_by = NULL, last_error = '', done_at = ?", now)
	}
	due := next(r.DueAt, now, time.Duration(r.EverySeconds)*time.Second)
	return s.change(ctx, r, "leased_until = NULL, leased_by = NULL, last_error = '', tries = 0, due_at = ?", due)
}

// fail notes why the work failed and when it is tried again.
func (s store) fail(ctx context.Context, r row, why error) error {
	text := strings.ToValidUTF8(strings.ReplaceAll(why.Error(), "\x00", ""), "")
	const longest = 2000
	return s.change(ctx, r, "leased_until = NULL, leased_by = NULL, last_error = ?, due_at = ?",
		strings.ToValidUTF8(text[:min(len(text), longest)], ""), s.now().Add(backoff(r.Tries)))
}

func (s store) change(ctx context.Context, r row, set string, values ...any) error {
	result, err := s.db.NewRaw("UPDATE outbox SET "+set+" WHERE id = ? AND leased_by = ?",
		append(values, r.ID, r.LeasedBy)...).Exec(ctx)
	return database.Changed(result, err, errLost)
}

// clear removes what was done long ago: its payload may hold a person's data.
func (s store) clear(ctx context.Context, _ []byte) error {
	_, err := s.db.NewRaw("DELETE FROM outbox WHERE done_at < ?", s.now().Add(-kept)).Exec(ctx)
	return err
}
