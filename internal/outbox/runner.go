package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
)

const (
	// workers is how many pieces of work one process does at a time.
	workers = 3
	// pause is how long a worker waits when nothing is due.
	pause = time.Second
	// grace is how long work may go on after the process was told to stop.
	grace = 20 * time.Second
)

// Runner does the work of one process.
type Runner struct {
	store store
	now   clock.Clock
	jobs  map[string]Job
	kinds []string
}

// Run does what falls due until ctx ends, and returns when the work that was under
// way is finished or, after 20 seconds, told to stop.
func (r *Runner) Run(ctx context.Context) error {
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, stop) })()

	for r.prepare(ctx) != nil {
		if !wait(ctx, 5*pause) {
			return nil
		}
	}
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { r.work(ctx, working) })
	}
	all.Wait()
	return nil
}

// work does one piece of work after the other until ctx ends.
func (r *Runner) work(ctx, working context.Context) {
	for ctx.Err() == nil {
		claimed, ok, err := r.store.claim(ctx, r.kinds)
		switch {
		case err != nil && ctx.Err() == nil:
			slog.Error("the outbox can't be read", "error", err)
			wait(ctx, 5*pause)
		case err != nil:
		case ok:
			_ = r.do(working, claimed)
		default:
			wait(ctx, pause)
		}
	}
}

// RunDue does all that is due now, and what that work makes due, and gives the errors
// of the work that failed.
func (r *Runner) RunDue(ctx context.Context) error {
	if err := r.prepare(ctx); err != nil {
		return err
	}
	var failed []error
	for {
		claimed, ok, err := r.store.claim(ctx, r.kinds)
		if err != nil || !ok {
			return errors.Join(append(failed, err)...)
		}
		if err := r.do(ctx, claimed); err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", claimed.Kind, err))
		}
	}
}

// prepare makes the rows of the work that comes round.
func (r *Runner) prepare(ctx context.Context) error {
	for _, kind := range r.kinds {
		job := r.jobs[kind]
		if job.Every == 0 {
			continue
		}
		if err := r.store.comeRound(ctx, job); err != nil {
			slog.Error("the outbox can't be written", "error", err)
			return err
		}
	}
	return nil
}

// do runs claimed work under its lease and notes how it ended. The error's text goes
// to the row and not to the log: it may hold an address.
func (r *Runner) do(ctx context.Context, claimed row) error {
	err := r.underLease(ctx, claimed)
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err == nil {
		err = r.store.finish(noting, claimed)
	} else {
		slog.Error("work in the outbox failed", "kind", claimed.Kind, "id", claimed.ID, "tries", claimed.Tries)
		err = errors.Join(err, r.store.fail(noting, claimed, err))
	}
	return err
}

// underLease runs the job and renews the lease meanwhile; once that can't be done the
// job is told to stop, because another process may take the work over.
func (r *Runner) underLease(ctx context.Context, claimed row) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended := make(chan struct{})
	defer close(ended)
	go func() {
		for {
			select {
			case <-ended:
				return
			case <-time.After(lease / 3):
				if err := r.store.renew(ctx, claimed); err != nil {
					stop(err)
					return
				}
			}
		}
	}()
	return run(ctx, r.jobs[claimed.Kind], []byte(claimed.Payload))
}

// run turns a panic into an error, so that one bad row does not end the process.
func run(ctx context.Context, job Job, payload []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			slog.Error("work in the outbox panicked", "kind", job.Kind, "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return job.Run(ctx, payload)
}

// wait waits, and tells whether ctx still goes on.
func wait(ctx context.Context, long time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(long):
		return true
	}
}
