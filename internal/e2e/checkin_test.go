package e2e

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// arrivals is a class whose people all come at once, before two processes of one Academy.
type arrivals struct {
	*testing.T
	doors   []*app.Academy
	session cohorts.SessionID
	teacher people.Viewer
	tokens  []string
}

// full makes a class of so many that began five minutes ago, everybody signed in.
func (s *arrivals) full(count int) {
	s.Helper()
	ctx, a, system := s.Context(), s.doors[0], people.System(people.Outreach)
	must := func(err error) {
		s.Helper()
		if err != nil {
			s.Fatal(err)
		}
	}
	edition, err := a.Courses.EditionInForce(ctx, system, "PUT", today(0))
	must(err)
	cohort, err := a.Cohorts.Make(ctx, system, cohorts.Plan{EditionID: edition.ID, FirstDay: today(1), Days: []string{"mon", "wed"}, Start: "09:00", Mode: cohorts.InRoom})
	must(err)
	s.teacher = viewer(s.T, a, "instructor")
	must(a.Cohorts.Appoint(ctx, system, cohort, s.teacher.Person(), cohorts.Lead))
	sessions, err := a.Cohorts.Sessions(ctx, system, cohort)
	must(err)
	s.session = sessions[0].ID
	now := a.Now()
	_, err = a.DB.NewRaw(`UPDATE sessions SET starts_at = ?, ends_at = ? WHERE id = ?`, now.Add(-5*time.Minute), now.Add(4*time.Hour), s.session).Exec(ctx)
	must(err)
	for i := range count {
		person, err := a.People.AddPerson(ctx, system, people.NewPerson{GivenName: fmt.Sprintf("Guest%d", i), FamilyName: "Invented", Roles: []people.Role{people.Trainee}})
		must(err)
		_, err = a.Cohorts.Enroll(ctx, system, cohort, person)
		must(err)
		token := fmt.Sprintf("token-of-guest-%d", i)
		hash := sha256.Sum256([]byte(token))
		_, err = a.DB.NewRaw(`INSERT INTO sign_ins (id, token_hash, person_id, sector, shared, started_at, seen_at, ends_at) VALUES (?, ?, ?, 'outreach', FALSE, ?, ?, ?)`,
			token, hex.EncodeToString(hash[:]), person, now, now, now.Add(time.Hour)).Exec(ctx)
		must(err)
		s.tokens = append(s.tokens, token)
	}
}

// ask sends one request of a guest to one of the processes, all from one address.
func (s *arrivals) ask(door, guest int, method, path string, form url.Values) (status int, location, body string) {
	request := httptest.NewRequest(method, host+path, strings.NewReader(form.Encode()))
	request.Header.Set("X-Forwarded-For", "203.0.113.60")
	request.AddCookie(&http.Cookie{Name: "academy", Value: s.tokens[guest]})
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		request.Header.Set("Origin", host)
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	response, err := s.doors[door].Web.Test(request)
	if err != nil {
		s.Errorf("guest %d: %v", guest, err)
		return 0, "", ""
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.Errorf("guest %d: %v", guest, err)
	}
	return response.StatusCode, response.Header.Get("Location"), string(text)
}

// comes is one guest: they scan what stands on the wall, press the button at one process
// and, not sure that it was heard, press it again at the other. Like anybody they look up
// again where the code has changed meanwhile.
func (s *arrivals) comes(guest int) (first, second string) {
	for range 3 {
		_, code, err := s.doors[guest%2].Cohorts.CheckInCode(s.Context(), s.teacher, s.session)
		if err != nil {
			s.Error(err)
			return "", ""
		}
		_, _, page := s.ask(guest%2, guest, http.MethodGet, "/check-in/"+code.Text, nil)
		token := formToken.FindStringSubmatch(page)
		if token == nil {
			s.Errorf("guest %d finds no form", guest)
			return "", ""
		}
		form := url.Values{"_csrf": {token[1]}, "code": {code.Text}}
		status, location, _ := s.ask(guest%2, guest, http.MethodPost, "/check-in", form)
		if status == http.StatusUnprocessableEntity {
			continue
		}
		_, again, _ := s.ask(1-guest%2, guest, http.MethodPost, "/check-in", form)
		return location, again
	}
	return "", ""
}

// Sixty people behind one address, two processes, one database: none lost, none twice.
func TestSixtyPeopleCheckInAtOnce(t *testing.T) {
	const count = 60
	first := demoOn(t, "postgres", slog.New(&journal{}))
	other, err := app.Open(t.Context(), first.Config, slog.New(&journal{}), clock.System)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := other.Close(); err != nil {
			t.Error(err)
		}
	})
	s := &arrivals{T: t, doors: []*app.Academy{first, other}}
	s.full(count)
	began := time.Now()
	var all sync.WaitGroup
	for guest := range count {
		all.Go(func() {
			in, again := s.comes(guest)
			if !strings.HasPrefix(in, "/check-in?done=checked_in&late=0") {
				t.Errorf("guest %d is led to %q", guest, in)
			}
			if again != "/check-in?done=checked_in_before" && again != "" {
				t.Errorf("guest %d, a second time, is led to %q", guest, again)
			}
		})
	}
	all.Wait()
	t.Logf("%d people checked in within %s", count, time.Since(began).Round(time.Millisecond))
	for what, query := range map[string]string{
		"marks":              `SELECT COUNT(*) FROM marks WHERE session_id = ?`,
		"people marked":      `SELECT COUNT(DISTINCT enrolment_id) FROM marks WHERE session_id = ? AND status = 'present' AND reason = 'code'`,
		"lines of minutes":   `SELECT COUNT(*) FROM ledger_lines WHERE session_id = ?`,
		"people with a line": `SELECT COUNT(DISTINCT l.enrolment_id) FROM ledger_lines AS l JOIN sessions AS t ON t.id = l.session_id WHERE t.id = ? AND l.minutes = t.minutes`,
	} {
		var n int
		if err := first.DB.NewRaw(query, s.session).Scan(t.Context(), &n); err != nil {
			t.Fatal(err)
		}
		if n != count {
			t.Errorf("%s: %d, want %d", what, n, count)
		}
	}
}
