package pages_test

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/messages/pages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

var noon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC) // in Chicago

// house has maya, who can be written to, and nomail, who can't, each signed in by their name.
type house struct {
	*testing.T
	db    *bun.DB
	app   *web.App
	store messages.Store
	box   *mail.Box
	post  mail.Post
	seen  map[string]people.Presence
	clock atomic.Pointer[time.Time]
}

func each(t *testing.T, body func(h *house)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) { body(newHouse(t, db)) }, people.Migrations, outbox.Migrations, messages.Migrations)
}

func newHouse(t *testing.T, db *bun.DB) *house {
	t.Helper()
	h := &house{T: t, db: db, seen: map[string]people.Presence{}}
	h.at(noon)
	zone, err := time.LoadLocation("America/Chicago")
	h.ok(err)
	h.store = messages.NewStore(db, h.now, zone)
	for _, name := range []string{"maya", "nomail"} {
		person := people.NewPerson{GivenName: name, FamilyName: "<script>"}
		if name == "maya" {
			person.Email = "maya@example.org"
		}
		id, err := people.NewStore(db, h.now).AddPerson(t.Context(), people.System(people.Outreach), person)
		h.ok(err)
		h.seen[name] = people.Presence{Viewer: people.Seen(id, people.Outreach, []people.Role{people.Trainee}, nil), Name: name, Language: "en", Home: people.Outreach, Standings: []people.Sector{people.Outreach}}
	}
	h.app, err = web.New(web.Options{
		BaseURL: "http://localhost:8080", Key: []byte("0123456789abcdef0123456789abcdef"), Now: h.now, Words: []fs.FS{messages.Words},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Presence: func(_ context.Context, token string) (people.Presence, error) {
			if p, ok := h.seen[token]; ok {
				return p, nil
			}
			return people.Presence{}, fault.NotFound
		},
	})
	h.ok(err)
	h.post, h.box = mail.Record()
	pages.Routes(h.app, h.store, true)
	pages.DemoRoutes(h.app, h.store, h.box)
	return h
}

func (h *house) now() time.Time    { return *h.clock.Load() }
func (h *house) at(when time.Time) { h.clock.Store(&when) }

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) viewer(name string) people.Viewer { return h.seen[name].Viewer }

var csrf = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// ask sends a request as somebody; a form with the token of the page at the same address.
func (h *house) ask(as, method, path string, form url.Values) (int, string) {
	h.Helper()
	var cookie string
	if as != "" {
		cookie = "academy=" + as
	}
	var body io.Reader
	if form != nil {
		response := h.send(httptest.NewRequest(http.MethodGet, "http://localhost:8080"+path, nil), cookie)
		if got := response.Header.Get("Set-Cookie"); got != "" && cookie == "" {
			cookie, _, _ = strings.Cut(got, ";")
		}
		page, err := io.ReadAll(response.Body)
		h.ok(err)
		if found := csrf.FindSubmatch(page); found != nil {
			form.Set("_csrf", string(found[1]))
		}
		body = strings.NewReader(form.Encode())
	}
	request := httptest.NewRequest(method, "http://localhost:8080"+path, body)
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response := h.send(request, cookie)
	text, err := io.ReadAll(response.Body)
	h.ok(err)
	return response.StatusCode, string(text)
}

func (h *house) send(request *http.Request, cookie string) *http.Response {
	h.Helper()
	if cookie != "" {
		request.Header.Set("Cookie", cookie)
	}
	response, err := h.app.Test(request)
	h.ok(err)
	h.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func (h *house) has(text string, wanted []string, unwanted ...string) {
	h.Helper()
	for _, one := range wanted {
		if !strings.Contains(text, one) {
			h.Errorf("%q is missing", one)
		}
	}
	for _, one := range unwanted {
		if strings.Contains(text, one) {
			h.Errorf("%q must not stand here", one)
		}
	}
}

func TestAPersonSaysWhatTheyWantToBeWrittenOf(t *testing.T) {
	each(t, func(h *house) {
		_, page := h.ask("maya", "GET", "/me/messages", nil)
		h.has(page, []string{"maya@example.org", `value="reminders" checked`, `value="changes" checked`, `value="24" checked`, `value="21:00"`, `value="08:00"`},
			`value="due" checked`, `value="invitations" checked`, `value="absences" checked`, "<script>")
		_, page = h.ask("nomail", "GET", "/me/messages", nil)
		h.has(page, []string{"/me/names", "no e-mail address"})
		form := url.Values{"want": {"due", "invitations"}, "ahead": {"48"}, "quiet_from": {"22:30"}, "quiet_to": {"06:15"}, "language": {"es"}}
		if status, body := h.ask("maya", "POST", "/me/messages", form); status != http.StatusSeeOther {
			t.Fatalf("status %d %s", status, body)
		}
		_, page = h.ask("maya", "GET", "/me/messages?done=messages", nil)
		h.has(page, []string{"Saved.", `value="due" checked`, `value="invitations" checked`, `value="48" checked`, `value="22:30"`, `value="06:15"`, `value="es" checked`}, `value="reminders" checked`)
		form = url.Values{"want": {"due"}, "ahead": {"3"}, "quiet_from": {"<script>"}, "quiet_to": {"25:00"}, "language": {"fr"}}
		status, page := h.ask("maya", "POST", "/me/messages", form)
		if status != http.StatusUnprocessableEntity {
			t.Errorf("odd wishes: status %d", status)
		}
		h.has(page, []string{`href="#f-ahead"`, `href="#f-quiet_from"`, `href="#f-quiet_to"`, `href="#f-language"`, `value="due" checked`}, "<script>", "messages.")
		if status, _ := h.ask("", "GET", "/me/messages", nil); status != http.StatusSeeOther {
			t.Errorf("nobody: status %d", status)
		}
		if _, page := h.ask("nomail", "GET", "/me/messages", nil); !strings.Contains(page, `value="reminders" checked`) {
			t.Error("another's wishes have changed too")
		}
	})
}
