// Package outbox does the work that follows a commit and the work that comes round
// by the clock: a row written in the caller's transaction, run later by one process.
package outbox

import (
	"context"
	"time"
)

// Job is one kind of work. Run may be called again for work that it has done, when a
// process died before it could say so, and must then do no harm. With Every the work
// comes round by itself, with the payload null; without it, it is enqueued.
type Job struct {
	Kind  string
	Every time.Duration
	Run   func(ctx context.Context, payload []byte) error
}

const (
	// lease is how long a dead process keeps others from its work; a living one
	// renews it.
	lease = time.Minute
	// kept is how long a row stays after its work is done.
	kept = 7 * 24 * time.Hour
	// clearing is the kind of the outbox's own work.
	clearing = "outbox.clear"
)

// row is a piece of work that was claimed.
type row struct {
	ID           string
	Kind         string
	Payload      string
	DueAt        time.Time
	EverySeconds int64
	LeasedBy     string
	Tries        int
}

// next gives the first time after now at which work is due that comes round every so
// often: what was missed while nobody ran is run once, not once for each time.
func next(due, now time.Time, every time.Duration) time.Time {
	if due.After(now) {
		return due
	}
	missed := now.Sub(due) / every
	return due.Add((missed + 1) * every)
}

// backoff gives the wait before work that failed the given number of times is tried
// again: ten seconds, then twice as long each time up to an hour.
func backoff(tries int) time.Duration {
	const first, longest = 10 * time.Second, time.Hour
	wait := first
	for i := 1; i < tries && wait < longest; i++ {
		wait *= 2
	}
	return min(wait, longest)
}
