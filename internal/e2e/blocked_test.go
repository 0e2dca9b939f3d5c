package e2e

import (
	"context"
	"encoding/json"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// slower is how many times slower than this machine the phone of the budgets is.
const slower = 4

// slowDown makes the page's processor slower, by a number of times.
func (b *tab) slowDown(times float64) {
	b.t.Helper()
	b.do("throttle", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetCPUThrottlingRate, emulation.SetCPUThrottlingRateParams{Rate: times})
		return err
	}))
}

// traced is what a browser tells of something that it did, times in microseconds.
type traced struct {
	Name     string          `json:"name"`
	Phase    string          `json:"ph"`
	Process  int             `json:"pid"`
	Thread   int             `json:"tid"`
	Computed float64         `json:"tdur"` // processor time of the thread
	Args     json.RawMessage `json:"args"`
}

// blocked opens a page and adds up by how much each task of its main thread would take
// longer than 50 ms on the slower phone, and tells the longest. It counts the thread's processor time: on a
// machine where the server, the database and the browser share two cores, the clock on
// the wall tells how long they waited for each other.
// Source: https://web.dev/articles/tbt, total blocking time.
func (b *tab) blocked(path string) (sum, longest float64) {
	b.t.Helper()
	parts, done := make(chan tracing.EventDataCollected, 1000), make(chan bool, 1)
	listening, stop := context.WithCancel(b.ctx)
	defer stop()
	if err := chromedp.Listen(listening, func(event any) {
		switch e := event.(type) {
		case *tracing.EventDataCollected:
			parts <- *e
		case *tracing.EventTracingComplete:
			done <- true
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	start := tracing.StartParams{TraceConfig: &tracing.TraceConfig{IncludedCategories: []string{"toplevel"}}}
	b.do("trace "+path,
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, tracing.Start, start)
			return err
		}),
		chromedp.Navigate(b.base+path), chromedp.Sleep(500*time.Millisecond),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, tracing.End, cdp.Empty{})
			return err
		}))
	select {
	case <-done:
	case <-time.After(patience):
		b.t.Fatalf("%s: the browser does not tell what it did", path)
	}
	return overFifty(b, parts)
}

// overFifty adds up the tasks of the pages' main threads.
func overFifty(b *tab, parts chan tracing.EventDataCollected) (sum, longest float64) {
	b.t.Helper()
	type thread struct{ process, thread int }
	var all []traced
	pages := map[thread]bool{}
	for len(parts) > 0 {
		for _, value := range (<-parts).Value {
			var e traced
			if err := json.Unmarshal([]byte(value), &e); err != nil {
				continue // of a shape that is not asked for here
			}
			all = append(all, e)
			var named struct{ Name string }
			if e.Name == "thread_name" && json.Unmarshal(e.Args, &named) == nil && named.Name == "CrRendererMain" {
				pages[thread{e.Process, e.Thread}] = true
			}
		}
	}
	tasks := 0
	for _, e := range all {
		if e.Phase != "X" || e.Name != "ThreadControllerImpl::RunTask" || !pages[thread{e.Process, e.Thread}] {
			continue
		}
		tasks++
		took := e.Computed / 1000 * slower
		sum, longest = sum+max(0, took-50), max(longest, took)
	}
	if tasks == 0 {
		b.t.Fatalf("of %d events no task of the page was told", len(all))
	}
	return sum, longest
}
