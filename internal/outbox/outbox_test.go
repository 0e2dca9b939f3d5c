package outbox_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
)

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// hands is a clock that the test moves.
type hands struct{ at atomic.Pointer[time.Time] }

func newHands() *hands {
	h := &hands{}
	h.set(monday)
	return h
}

func (h *hands) set(t time.Time)         { h.at.Store(&t) }
func (h *hands) forward(d time.Duration) { h.set(h.now().Add(d)) }
func (h *hands) now() time.Time          { return clock.Cut(*h.at.Load()) }

// notebook is a job that writes down its payloads.
type notebook struct {
	mu    sync.Mutex
	lines []string
	fails error
}

func (n *notebook) job(kind string, every time.Duration) outbox.Job {
	return outbox.Job{Kind: kind, Every: every, Run: func(_ context.Context, payload []byte) error {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.lines = append(n.lines, string(payload))
		return n.fails
	}}
}

func (n *notebook) want(t *testing.T, lines ...string) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	if got, want := strings.Join(n.lines, "; "), strings.Join(lines, "; "); got != want {
		t.Errorf("ran %q, want %q", got, want)
	}
}

func TestWorkIsDoneOnlyAfterItsTransactionCommitted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var notes notebook
		r := runner(t, db, clock.At(monday), notes.job("mail", 0))
		enqueue := func(word string, fails error) error {
			return database.InTx(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
				if err := outbox.Enqueue(ctx, tx, "mail", map[string]string{"word": word}, monday); err != nil {
					return err
				}
				return fails
			})
		}
		undone := errors.New("undone")
		if err := enqueue("never", undone); !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if err := enqueue("O'Neil ?0 \x00", nil); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			if err := r.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		notes.want(t, `{"word":"O'Neil ?0 \u0000"}`)
	}, outbox.Migrations)
}

func TestEveryPayloadComesBackAsItWas(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var notes notebook
		r := runner(t, db, clock.At(monday), notes.job("mail", 0))
		for i, payload := range []any{"007", 7, 12345678901234567, nil, json.RawMessage(`{"a": 1e2}`)} {
			if err := outbox.Enqueue(t.Context(), db, "mail", payload, monday.Add(-time.Hour).Add(time.Duration(i)*time.Second)); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		notes.want(t, `"007"`, `7`, `12345678901234567`, `null`, `{"a":1e2}`)
	}, outbox.Migrations)
}

func TestWorkWaitsUntilItIsDue(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var notes notebook
		hands := newHands()
		r := runner(t, db, hands.now, notes.job("reminder", 0))
		for _, at := range []time.Time{monday.Add(time.Hour), {}} {
			if err := outbox.Enqueue(t.Context(), db, "reminder", at.IsZero(), at); err != nil {
				t.Fatal(err)
			}
		}
		for _, step := range []struct {
			forward time.Duration
			ran     []string
		}{
			{0, []string{"true"}},
			{time.Hour - time.Microsecond, []string{"true"}},
			{time.Microsecond, []string{"true", "false"}},
		} {
			hands.forward(step.forward)
			if err := r.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			notes.want(t, step.ran...)
		}
	}, outbox.Migrations)
}

func TestRecurringWorkComesRoundOnceForAllProcesses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var notes notebook
		hands := newHands()
		a := runner(t, db, hands.now, notes.job("forecast", time.Hour))
		b := runner(t, db, hands.now, notes.job("forecast", time.Hour))
		for _, step := range []struct {
			forward time.Duration
			rounds  int
		}{
			{0, 1},
			{time.Hour - time.Second, 1},
			{time.Second, 2},
			{5*time.Hour + 30*time.Minute, 3}, // the machine was off: five missed rounds are one
			{30 * time.Minute, 4},
		} {
			hands.forward(step.forward)
			for _, r := range []*outbox.Runner{a, b} {
				if err := r.RunDue(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			notes.want(t, strings.Fields(strings.Repeat("null ", step.rounds))...)
		}
	}, outbox.Migrations)
}

func TestANewRhythmHoldsAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var notes notebook
		hands := newHands()
		for i, every := range []time.Duration{24 * time.Hour, time.Minute} {
			hands.forward(time.Minute)
			if err := runner(t, db, hands.now, notes.job("forecast", every)).RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			notes.want(t, strings.Fields(strings.Repeat("null ", i+1))...)
		}
	}, outbox.Migrations)
}

// A machine that ran a year ahead must not rest for a year once its clock is right.
func TestRecurringWorkGoesOnAfterTheClockWasSetBack(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		h, n := newHands(), &notebook{}
		run := func() {
			t.Helper()
			r, err := outbox.New(db, h.now, n.job("status", time.Hour))
			if err != nil {
				t.Fatal(err)
			}
			if err := r.RunDue(t.Context()); err != nil {
				t.Error(err)
			}
		}
		h.forward(365 * 24 * time.Hour)
		run()
		n.want(t, "null")
		h.set(monday)
		run() // a process that starts
		n.want(t, "null", "null")
		run()
		n.want(t, "null", "null")
	}, outbox.Migrations)
}

func TestFailedWorkIsTriedAgainLaterAndLater(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		refused := errors.New("refused \xff")
		notes := notebook{fails: refused}
		hands := newHands()
		r := runner(t, db, hands.now, notes.job("mail", 0))
		if err := outbox.Enqueue(t.Context(), db, "mail", 1, monday); err != nil {
			t.Fatal(err)
		}
		for _, wait := range []time.Duration{0, 10 * time.Second, 20 * time.Second} {
			hands.forward(wait - time.Microsecond)
			if wait > 0 {
				if err := r.RunDue(t.Context()); err != nil {
					t.Fatalf("tried before %v had passed: %v", wait, err)
				}
			}
			hands.forward(time.Microsecond)
			if err := r.RunDue(t.Context()); !errors.Is(err, refused) {
				t.Fatalf("not tried after %v: %v", wait, err)
			}
		}
		if b, err := outbox.Waiting(t.Context(), db, hands.now()); err != nil || b != (outbox.Backlog{Failing: 1}) {
			t.Errorf("waiting: %+v, %v", b, err)
		}
		notes.fails = nil
		hands.forward(40 * time.Second)
		if err := r.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		notes.want(t, "1", "1", "1", "1")
		if b, err := outbox.Waiting(t.Context(), db, hands.now()); err != nil || b != (outbox.Backlog{}) {
			t.Errorf("waiting afterwards: %+v, %v", b, err)
		}
	}, outbox.Migrations)
}

func TestAPanicIsAFailureOfThatWorkOnly(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var notes notebook
		bad := outbox.Job{Kind: "bad", Run: func(context.Context, []byte) error { panic("lost my way") }}
		r := runner(t, db, clock.At(monday), bad, notes.job("good", 0))
		for i, kind := range []string{"bad", "good"} {
			if err := outbox.Enqueue(t.Context(), db, kind, i, monday); err != nil {
				t.Fatal(err)
			}
		}
		if err := r.RunDue(t.Context()); err == nil || !strings.Contains(err.Error(), "lost my way") {
			t.Errorf("the panic became %v", err)
		}
		notes.want(t, "1")
	}, outbox.Migrations)
}

func TestWorkOfAnUnknownKindIsLeftForOthers(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var notes notebook
		if err := outbox.Enqueue(t.Context(), db, "later", 1, monday); err != nil {
			t.Fatal(err)
		}
		if err := runner(t, db, clock.At(monday)).RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		if b, err := outbox.Waiting(t.Context(), db, monday); err != nil || b.Due != 1 {
			t.Errorf("waiting: %+v, %v", b, err)
		}
		if err := runner(t, db, clock.At(monday), notes.job("later", 0)).RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		notes.want(t, "1")
	}, outbox.Migrations)
}

func TestNoWorkIsDoneTwiceByManyProcesses(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		const rows, processes = 60, 6
		for i := range rows {
			if err := outbox.Enqueue(t.Context(), db, "mail", fmt.Sprint(i), monday); err != nil {
				t.Fatal(err)
			}
		}
		var done sync.Map
		var all sync.WaitGroup
		for range processes {
			r := runner(t, db, clock.At(monday), outbox.Job{Kind: "mail", Run: func(_ context.Context, payload []byte) error {
				if _, twice := done.LoadOrStore(string(payload), true); twice {
					t.Errorf("%s was done twice", payload)
				}
				return nil
			}})
			all.Go(func() {
				if err := r.RunDue(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		n := 0
		done.Range(func(any, any) bool { n++; return true })
		if n != rows {
			t.Errorf("%d of %d were done", n, rows)
		}
	}, outbox.Migrations)
}

func TestTheWorkOfADeadProcessIsTakenOver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		if err := outbox.Enqueue(t.Context(), db, "mail", 1, monday); err != nil {
			t.Fatal(err)
		}
		started, goOn := make(chan bool), make(chan bool)
		stuck := runner(t, db, clock.At(monday), outbox.Job{Kind: "mail", Run: func(context.Context, []byte) error {
			started <- true
			<-goOn
			return nil
		}})
		ended := make(chan error)
		go func() { ended <- stuck.RunDue(t.Context()) }()
		<-started

		var notes notebook
		hands := newHands()
		other := runner(t, db, hands.now, notes.job("mail", 0))
		hands.forward(time.Minute - time.Microsecond)
		if err := other.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		notes.want(t)
		hands.forward(time.Microsecond)
		if err := other.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		notes.want(t, "1")

		close(goOn)
		if err := <-ended; err == nil || !strings.Contains(err.Error(), "lease was lost") {
			t.Errorf("the one that came back late was told %v", err)
		}
	}, outbox.Migrations)
}

func TestRunFinishesWhatIsUnderWayAndStops(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		ctx, stop := context.WithCancel(t.Context())
		started, goOn := make(chan bool), make(chan bool)
		r := runner(t, db, clock.System, outbox.Job{Kind: "mail", Run: func(ctx context.Context, _ []byte) error {
			started <- true
			<-goOn
			return ctx.Err()
		}})
		ended := make(chan error)
		go func() { ended <- r.Run(ctx) }()
		if err := outbox.Enqueue(ctx, db, "mail", 1, time.Time{}); err != nil {
			t.Fatal(err)
		}
		<-started
		stop()
		close(goOn)
		if err := <-ended; err != nil {
			t.Error(err)
		}
		done, err := db.NewSelect().Table("outbox").Where("kind = 'mail' AND done_at IS NOT NULL").Count(t.Context())
		if err != nil || done != 1 {
			t.Errorf("what was under way was not finished: %d done, %v", done, err)
		}
	}, outbox.Migrations)
}

func TestWhatWasDoneIsForgottenAfterAWeek(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var notes notebook
		hands := newHands()
		r := runner(t, db, hands.now, notes.job("mail", 0))
		if err := outbox.Enqueue(t.Context(), db, "mail", "dana@example.org", monday); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			forward time.Duration
			rows    int64
		}{{0, 1}, {7 * 24 * time.Hour, 1}, {24 * time.Hour, 0}} {
			hands.forward(step.forward)
			if err := r.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			rows, err := db.NewSelect().Table("outbox").Where("kind = 'mail'").Count(t.Context())
			if err != nil || rows != step.rows {
				t.Errorf("after %v: %d rows, %v", hands.now().Sub(monday), rows, err)
			}
		}
		notes.want(t, `"dana@example.org"`)
	}, outbox.Migrations)
}

func TestTwoJobsOfOneKindAreRefused(t *testing.T) {
	t.Parallel()
	var notes notebook
	if _, err := outbox.New(nil, clock.System, notes.job("mail", 0), notes.job("mail", time.Hour)); err == nil {
		t.Error("both were taken")
	}
	if _, err := outbox.New(nil, clock.System, outbox.Job{Kind: "mail"}); err == nil {
		t.Error("a job without Run was taken")
	}
}

func runner(t *testing.T, db *bun.DB, now clock.Clock, jobs ...outbox.Job) *outbox.Runner {
	t.Helper()
	r, err := outbox.New(db, now, jobs...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
