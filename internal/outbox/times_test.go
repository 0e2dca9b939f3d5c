package outbox

import (
	"testing"
	"time"
)

func TestNextRoundIsTheFirstAfterNow(t *testing.T) {
	t.Parallel()
	due := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct{ late, want time.Duration }{
		{-time.Second, 0},
		{0, time.Hour},
		{time.Second, time.Hour},
		{time.Hour - time.Microsecond, time.Hour},
		{time.Hour, 2 * time.Hour},
		{100*time.Hour + time.Minute, 101 * time.Hour},
	} {
		if got := next(due, due.Add(c.late), time.Hour); got != due.Add(c.want) {
			t.Errorf("%v late: next after %v, want %v", c.late, got.Sub(due), c.want)
		}
	}
}

func TestBackoffDoublesUpToAnHour(t *testing.T) {
	t.Parallel()
	for tries, want := range map[int]time.Duration{
		1: 10 * time.Second, 2: 20 * time.Second, 3: 40 * time.Second, 9: 2560 * time.Second, 10: time.Hour, 1000: time.Hour,
	} {
		if got := backoff(tries); got != want {
			t.Errorf("after %d tries %v, want %v", tries, got, want)
		}
	}
}
