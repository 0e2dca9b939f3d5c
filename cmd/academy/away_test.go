//go:build unix

package main_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// away wants a 503 that says what happened and when to come back.
func (a answer) away(t *testing.T, what, sentence string) {
	t.Helper()
	if a.status != http.StatusServiceUnavailable || a.header.Get("Retry-After") != "30" || !strings.Contains(a.body, sentence) {
		t.Errorf("%s: %d, Retry-After %q\n%.400s", what, a.status, a.header.Get("Retry-After"), a.body)
	}
}

const (
	awaySays = "can’t reach its records just now"
	fullSays = "The disk of the Academy is full"
)

// trainee has somebody in the middle of a check, with one answer saved.
func (s *school) trainee(r *running) (*writer, line) {
	s.t.Helper()
	w := &writer{browser: r.browser(), seen: map[string]int{}}
	w.signIn(s.trainees[0])
	w.attempt = strings.TrimPrefix(w.post("/modules/t91/check", nil).header.Get("Location"), "/attempts/")
	if told, err := w.send(line{subject: "t91-q1", value: "0"}); told != "" || err != nil {
		s.t.Fatalf("the first answer: %s %v", told, err)
	}
	return w, line{subject: "t91-q1", version: 1, value: "2"}
}

func (w *writer) answers(l line) answer {
	w.t.Helper()
	return w.post("/attempts/"+w.attempt+"/answers", url.Values{"one": {l.subject}, "device": {"phone-" + w.attempt}, "seen." + l.subject: {"1"}, "a." + l.subject: {l.value}})
}

// goesOn wants everything as it was: the session, what was saved, and the next save.
func (w *writer) goesOn(t testing.TB, next line) {
	t.Helper()
	until(t, "it is ready again", func() bool { return w.get("/readyz").status == 200 })
	if a := w.get("/attempts/" + w.attempt); a.status != 200 {
		t.Errorf("the attempt afterwards: %d, to %q", a.status, a.header.Get("Location"))
	}
	if told, err := w.send(next); told != "" || err != nil {
		t.Errorf("the answer, sent again: %s %v", told, err)
	}
}

// The server is stopped for ten seconds. Whoever asks meanwhile is told at once, in page
// and API, and nobody has to sign in again.
func TestADatabaseThatIsAwayForTenSeconds(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		server := dbtest.Own(t)
		s := found(t, server.Address())
		r := s.serve()
		w, next := s.trainee(r)
		server.Stop()
		for since := time.Now(); time.Since(since) < 10*time.Second; {
			w.get("/attempts/"+w.attempt).away(t, "a page", awaySays)
			w.answers(next).away(t, "an answer", awaySays)
			api := w.request(http.MethodGet, "/api/v1/courses", nil)
			api.Header.Set("Authorization", "Bearer mpa_nobody")
			if a, err := w.try(api); err != nil {
				t.Error(err)
			} else {
				a.away(t, "the API", awaySays)
			}
			if up, ready := w.get("/healthz").status, w.get("/readyz").status; up != 200 || ready != 503 {
				t.Errorf("health %d, readiness %d", up, ready)
			}
			if t.Failed() {
				break
			}
		}
		server.Start()
		w.goesOn(t, next)
		r.end()
	})
}

// The server stands still and answers nothing, then goes on. Whoever waited gets a page
// or is told; what was acknowledged is there.
func TestADatabaseThatHangsForTenSeconds(t *testing.T) {
	t.Parallel()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		server := dbtest.Own(t)
		s := found(t, server.Address())
		r := s.serve()
		w, next := s.trainee(r)
		server.Hang()
		page := make(chan answer, 1)
		go func() { page <- w.get("/attempts/" + w.attempt) }()
		select {
		case a := <-page:
			t.Errorf("a page from a database that hangs: %d", a.status)
		case <-time.After(10 * time.Second):
			if a := w.get("/healthz"); a.status != 200 {
				t.Errorf("health: %d", a.status)
			}
			server.Wake()
			if a := <-page; a.status != 200 && a.status != 503 {
				t.Errorf("who waited got %d", a.status)
			}
		}
		w.goesOn(t, next)
		r.end()
	})
}

// Another program holds the file longer than a save waits. Readers notice nothing.
func TestAFileThatAnotherProgramHolds(t *testing.T) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		s := found(t, dbtest.Empty(t, "sqlite"))
		r := s.serve()
		w, next := s.trainee(r)
		file, err := sql.Open("sqlite", "file:"+strings.TrimPrefix(s.config.Database, "sqlite:"))
		s.ok(err)
		conn, err := file.Conn(context.Background())
		s.ok(err)
		_, err = conn.ExecContext(context.Background(), "PRAGMA busy_timeout = 20000")
		s.ok(err)
		_, err = conn.ExecContext(context.Background(), "BEGIN IMMEDIATE")
		s.ok(err)
		if a := w.get("/attempts/" + w.attempt); a.status != 200 {
			t.Errorf("a reader: %d", a.status)
		}
		w.answers(next).away(t, "an answer", awaySays)
		s.ok(conn.Close())
		s.ok(file.Close())
		w.goesOn(t, next)
		r.end()
	})
}
