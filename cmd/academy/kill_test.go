//go:build unix

package main_test

import (
	"strings"
	"syscall"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

const (
	rounds      = 3   // times that the plug is pulled
	linesARound = 120 // acknowledged before it is
)

// The program is killed under load, again and again. Every answer and mark that it
// acknowledged is there, none is doubled, and what was on its way can be sent again.
func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		r := s.serve()
		c := s.muster(r)
		for range rounds {
			c.work(linesARound, func() { r.signal(syscall.SIGKILL) })
			if code := r.status(); code != -1 {
				t.Fatalf("it ended with status %d before it was killed\n%s", code, r.err)
			}
			r = s.serve() // the same people are still signed in
		}
		c.finish()
		if a := c.writers[0].get("/attempts/" + c.writers[0].attempt); a.status != 200 || strings.Count(a.body, "checked") < questions {
			t.Errorf("the page of an attempt: %d, with %d answers", a.status, strings.Count(a.body, "checked"))
		}
		r.end()
		c.count()
	})
}

// finish sends again what got no answer.
func (c *crew) finish() {
	c.t.Helper()
	for i, w := range c.writers {
		if w.pending != nil && !w.write(c, i, 0) {
			c.t.Errorf("writer %d: line %+v, sent again, is not taken", i, w.pending)
		}
	}
}

// The same with the database's plug: its server is killed under load and comes back, and
// the program, which was there all along, goes on.
func TestWhatWasAcknowledgedSurvivesAKillOfTheServer(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		server := dbtest.Own(t)
		s := found(t, server.Address())
		r := s.serve()
		c := s.muster(r)
		for range rounds {
			c.work(linesARound, server.Kill)
			server.Start()
		}
		until(t, "the program finds its database again", func() bool { return r.browser().get("/readyz").status == 200 })
		c.finish()
		r.end()
		c.count()
		if t.Failed() {
			t.Log(r.err)
		}
	})
}
