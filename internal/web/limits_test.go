package web_test

import (
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func TestAFloodFromOneAddressIsToldToWait(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)
	app := newApp(t, func(o *web.Options) {
		o.Now = func() time.Time { return now }
		o.TrustedProxies = []string{"0.0.0.0"} // the peer of a request made in memory
	})
	ok := func(c *fiber.Ctx) error { return c.SendString("ok") }
	app.Public("GET", "/verify", ok, web.PerAddress(3, time.Minute))
	app.Public("GET", "/c/:copy", ok, web.PerAddress(3, time.Minute))
	from := func(path, addresses string) int {
		a := ask(t, app, "GET", path, nil, header{"X-Forwarded-For": addresses})
		if a.StatusCode == http.StatusTooManyRequests {
			if seconds, err := strconv.Atoi(a.Header.Get("Retry-After")); err != nil || seconds < 1 || seconds > 60 {
				t.Errorf("Retry-After %q", a.Header.Get("Retry-After"))
			}
		}
		return a.StatusCode
	}
	for i, want := range []int{200, 200, 200, 429} {
		if got := from("/verify", "203.0.113.7"); got != want {
			t.Errorf("request %d: %d, want %d", i+1, got, want)
		}
	}
	if got := from("/verify", "203.0.113.8"); got != 200 {
		t.Errorf("another address: %d", got)
	}
	if got := from("/c/ANY", "203.0.113.7"); got != 200 {
		t.Errorf("another route: %d", got)
	}
	if got := from("/verify", "198.51.100.1, 203.0.113.7"); got != 429 {
		t.Errorf("the same address behind one that it made up: %d, want 429", got)
	}
	now = now.Add(20 * time.Second)
	if got := from("/verify", "203.0.113.7"); got != 200 {
		t.Errorf("after a third of the time: %d", got)
	}
	if got := from("/verify", "203.0.113.7"); got != 429 {
		t.Errorf("one refilled, two asked: %d, want 429", got)
	}
	for i, want := range []int{200, 200, 200, 429} {
		if got := from("/verify", "2001:db8:1:2::"+strconv.Itoa(i+1)); got != want {
			t.Errorf("one network of the new kind, request %d: %d, want %d", i+1, got, want)
		}
	}
}

func TestNobodyPassesALimitByAHeaderOfTheirOwn(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.Public("GET", "/verify", func(c *fiber.Ctx) error { return c.SendString("ok") }, web.PerAddress(1, time.Minute))
	ask(t, app, "GET", "/verify", nil, header{"X-Forwarded-For": "203.0.113.1"})
	if a := ask(t, app, "GET", "/verify", nil, header{"X-Forwarded-For": "203.0.113.2"}); a.StatusCode != 429 {
		t.Errorf("%d, want 429", a.StatusCode)
	}
}

func TestAClockSetBackHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 15, 0, 0, 0, time.UTC)
	app := newApp(t, func(o *web.Options) { o.Now = func() time.Time { return now } })
	app.Public("GET", "/verify", func(c *fiber.Ctx) error { return c.SendString("ok") }, web.PerAddress(3, time.Minute))
	ask(t, app, "GET", "/verify", nil)
	now = now.Add(-24 * time.Hour)
	for i, want := range []int{200, 200, 429} {
		if got := ask(t, app, "GET", "/verify", nil).StatusCode; got != want {
			t.Errorf("request %d after the clock was set back: %d, want %d", i+1, got, want)
		}
	}
	now = now.Add(20 * time.Second)
	if got := ask(t, app, "GET", "/verify", nil).StatusCode; got != 200 {
		t.Errorf("a third of a minute later: %d", got)
	}
}
