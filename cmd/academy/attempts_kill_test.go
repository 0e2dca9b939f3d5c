//go:build unix

package main_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// manyChecks is a curriculum of so many modules, each with its check and half an hour for
// it, and a course of one session that teaches them all.
func manyChecks(n int) map[string]string {
	one := lesson()
	files := map[string]string{}
	parts, ids := "", []string{}
	for i := range n {
		id := fmt.Sprintf("T%d", 40+i)
		slug := strings.ToLower(id)
		files[slug+"-listening.md"] = module(id, "Listening "+id, "## One\n\nA calm text.\n")
		files[slug+"-listening.quiz.md"] = strings.NewReplacer("T91", id, "t91", slug).Replace(one["t91-listening.quiz.md"])
		parts += fmt.Sprintf("      - {module: %s, title: {en: Listening, es: Escuchar}, minutes: %d}\n", id, 120/n)
		ids = append(ids, id)
	}
	course, _, _ := strings.Cut(one["courses/try.yaml"], "      - {module")
	files["courses/try.yaml"] = strings.NewReplacer("required: [T91]", "required: ["+strings.Join(ids, ", ")+"]",
		"  wording:", "  quiz: {minutes: 30}\n  wording:").Replace(course) + parts
	return files
}

const (
	checksEach    = 24  // that each person has open at once
	answersARound = 300 // acknowledged before the plug is pulled, at least
)

// exam is a school in which nine people have 216 attempts under way.
func exam(t *testing.T, database string) *school {
	t.Helper()
	var names []string
	for i := range 9 {
		names = append(names, fmt.Sprintf("ex%d@example.org", i))
	}
	return foundWith(t, database, manyChecks(checksEach), names...)
}

// sit has everybody begin every check; one attempt in four is handed in on the way.
func (s *school) sit(r *running) *crew {
	s.t.Helper()
	c := &crew{t: s.t, s: s}
	for _, name := range s.trainees {
		who := r.browser()
		who.signIn(name)
		for i := range checksEach {
			w := &writer{browser: who, quiz: fmt.Sprintf("t%d", 40+i), seen: map[string]int{}}
			a := w.post("/modules/"+w.quiz+"/check", nil)
			w.attempt = strings.TrimPrefix(a.header.Get("Location"), "/attempts/")
			if a.status != http.StatusSeeOther || w.attempt == "" {
				s.t.Fatalf("%s can't begin %s: %d\n%s", name, w.quiz, a.status, a.body)
			}
			if i%4 == 3 {
				w.handsIn = 2 + i/4
			}
			c.writers = append(c.writers, w)
		}
	}
	return c
}

// tally compares all attempts with what was acknowledged, and looks for what can't be.
func (c *crew) tally() {
	c.t.Helper()
	c.s.inside(func(ctx context.Context, a *app.Academy) {
		var stored []struct {
			AttemptID, QuestionID, Value string
			Version                      int
		}
		c.s.ok(a.DB.NewRaw(`SELECT attempt_id, question_id, version, value FROM answers WHERE NOT refused`).Scan(ctx, &stored))
		keep := map[string][]string{}
		for _, s := range stored {
			keep[s.AttemptID] = append(keep[s.AttemptID], fmt.Sprint(s.QuestionID, " ", s.Version, " ", strings.ReplaceAll(s.Value, " ", "")))
		}
		var finished []string
		c.s.ok(a.DB.NewRaw(`SELECT id FROM attempts WHERE finished_at IS NOT NULL AND receipt <> ''`).Scan(ctx, &finished))
		answers, handed := 0, 0
		for i, w := range c.writers {
			var acked []string
			for _, l := range w.acked {
				acked = append(acked, fmt.Sprint(l.subject, " ", l.version+1, ` {"choices":[`+l.value+`]}`))
			}
			slices.Sort(acked)
			slices.Sort(keep[w.attempt])
			if !slices.Equal(keep[w.attempt], acked) {
				c.t.Errorf("attempt %d: kept %v, acknowledged %v", i, keep[w.attempt], acked)
			}
			if slices.Contains(finished, w.attempt) != w.handed {
				c.t.Errorf("attempt %d: handed in %v, stored so %v", i, w.handed, !w.handed)
			}
			if answers += len(acked); w.handed {
				handed++
			}
		}
		var attempts int
		c.s.ok(a.DB.NewRaw(`SELECT COUNT(*) FROM attempts`).Scan(ctx, &attempts))
		if attempts != len(c.writers) || answers < 2*answersARound || handed == 0 {
			c.t.Errorf("%d attempts of %d, %d answers, %d handed in", attempts, len(c.writers), answers, handed)
		}
		wrong, err := a.Assessment.Impossible(ctx)
		c.s.ok(err)
		for _, one := range wrong {
			c.t.Errorf("this can't be: %+v", one)
		}
		c.t.Logf("%d attempts, %d answers, %d handed in", attempts, answers, handed)
	})
}

// soon is a moment that nobody can foresee.
func soon() { time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond) }

// Two hundred attempts are under way, and the program is killed at random, three times.
// Every answer that it acknowledged is there, none twice, and no attempt is in a state
// that can't be.
func TestTwoHundredAttemptsSurviveThreeKills(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			s := exam(t, dbtest.Empty(t, engine))
			r := s.serve()
			c := s.sit(r)
			for range 3 {
				c.work(answersARound, func() { soon(); r.signal(syscall.SIGKILL) })
				if code := r.status(); code != -1 {
					t.Fatalf("it ended with status %d before it was killed\n%s", code, r.err)
				}
				r = s.serve()
			}
			c.finish()
			r.end()
			c.tally()
		})
	}
}

// The same with two processes on one database, which is away for ten seconds before
// both are killed.
func TestTwoHundredAttemptsOnTwoProcessesWithTheDatabaseAway(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		server := dbtest.Own(t)
		s := exam(t, server.Address())
		first := s.serve()
		beside := *s
		beside.addr = freeAddress(t)
		second := beside.serve()
		c := s.sit(first)
		for i, w := range c.writers {
			if i%2 == 1 {
				here := *w.browser
				here.base = second.base
				w.browser = &here
			}
		}
		c.work(answersARound, func() {
			soon()
			server.Stop()
			time.Sleep(10 * time.Second)
		})
		server.Start()
		for _, r := range []*running{first, second} {
			until(t, "a process finds its database again", func() bool { return r.browser().get("/readyz").status == 200 })
		}
		// Both die; who was on the second goes on with the first, which finds all as it was.
		c.work(answersARound, func() {
			soon()
			second.signal(syscall.SIGKILL)
			soon()
			first.signal(syscall.SIGKILL)
		})
		second.status()
		first.status()
		first = s.serve()
		for _, w := range c.writers {
			w.base = first.base
		}
		c.finish()
		first.end()
		c.tally()
	})
}
