package pages_test

import (
	"bytes"
	"context"
	"io"
	"io/fs"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/people/pages"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

const right = "quiet lake in winter"

var noon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

// house is the people of an Academy behind its real doors.
type house struct {
	db     *bun.DB
	store  people.Store
	app    *web.App
	box    *mail.Box
	jobs   []outbox.Job
	people map[string]people.PersonID // by first name, lower case
	now    time.Time

	browsers map[string]*browser
	queries  atomic.Int64
}

// BeforeQuery and AfterQuery count what the pages ask of the database.
func (h *house) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (h *house) AfterQuery(_ context.Context, event *bun.QueryEvent) {
	if op := event.Operation(); op != "BEGIN" && op != "COMMIT" && op != "ROLLBACK" {
		h.queries.Add(1)
	}
}

// each opens a house on either engine: Carla coordinates outreach, Dee directs both
// sides, Maya learns in outreach, Bo in law enforcement. All have the same password.
func each(t *testing.T, body func(t *testing.T, h *house)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) { body(t, open(t, db)) }, people.Migrations, outbox.Migrations)
}

func open(t *testing.T, db *bun.DB) *house {
	t.Helper()
	return openAt(t, db, "https://academy.example.org")
}

func openAt(t *testing.T, db *bun.DB, base string) *house {
	t.Helper()
	h := &house{people: map[string]people.PersonID{}, now: noon}
	now := func() time.Time { return clock.Cut(h.now) }
	db = db.WithQueryHook(h)
	h.db, h.store = db, people.NewStore(db, now)
	var err error
	h.app, err = web.New(web.Options{
		BaseURL: base, Key: []byte("0123456789abcdef0123456789abcdef"), Now: now,
		TrustedProxies: []string{"0.0.0.0"}, // the peer of a request made in memory
		Presence:       h.store.Presence, ByAPIToken: h.store.ByToken, Speak: h.store.SpeakTo,
		Words: []fs.FS{people.Words}, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	post, box := mail.Record()
	h.box, h.jobs = box, pages.Jobs(h.app, h.store, post)
	pages.Routes(h.app, h.store, true)
	ctx := t.Context()
	if err := h.store.KeepOrganisations(ctx, people.KnownOrganisations); err != nil {
		t.Fatal(err)
	}
	h.settle(t, people.Outreach, "Maya", people.Trainee)
	h.settle(t, people.Outreach, "Carla", people.Coordinator)
	h.settle(t, people.Outreach, "Dee", people.Director)
	h.settle(t, people.LawEnforcement, "Bo", people.Trainee)
	if _, err := h.store.Grant(ctx, people.System(people.Outreach), people.Grant{PersonID: h.people["dee"], Role: people.Director, Sector: people.LawEnforcement, Reason: "Directs the Academy"}); err != nil {
		t.Fatal(err)
	}
	return h
}

func (h *house) settle(t *testing.T, sector people.Sector, name string, role people.Role) {
	t.Helper()
	id, err := h.store.AddPerson(t.Context(), people.System(sector), people.NewPerson{
		GivenName: name, FamilyName: "<script>" + name + "son", Email: name + "@example.org", Roles: []people.Role{role}})
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.GiveSecrets(t.Context(), people.System(sector), []people.PersonID{id}, right); err != nil {
		t.Fatal(err)
	}
	h.people[strings.ToLower(name)] = id
}

// browser is one person's browser: it keeps cookies.
type browser struct {
	t       *testing.T
	h       *house
	cookies map[string]string
	from    string // the address that the proxy before the Academy saw; "" for none
}

func (h *house) browser(t *testing.T) *browser {
	return &browser{t: t, h: h, cookies: map[string]string{}}
}

// browserAt is a browser at an address.
func (h *house) browserAt(t *testing.T, from string) *browser {
	b := h.browser(t)
	b.from = from
	return b
}

// as is a browser in which somebody has signed in: "" for nobody.
func (h *house) as(t *testing.T, name string) *browser {
	t.Helper()
	b := h.browser(t)
	if name != "" {
		if a := b.post("/sign-in", url.Values{"name": {name + "@example.org"}, "password": {right}}); a.StatusCode != 303 {
			t.Fatalf("%s can't sign in: %d %s", name, a.StatusCode, a.body)
		}
	}
	return b
}

type answer struct {
	*http.Response
	body string
}

func (b *browser) send(request *http.Request) answer {
	b.t.Helper()
	request.Host = "academy.example.org"
	if b.from != "" {
		request.Header.Set("X-Forwarded-For", b.from)
	}
	for name, value := range b.cookies {
		request.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	response, err := b.h.app.Test(request)
	if err != nil {
		b.t.Fatalf("%s %s: %v", request.Method, request.URL.Path, err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	for _, c := range response.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return answer{response, string(data)}
}

func (b *browser) get(path string) answer {
	b.t.Helper()
	return b.send(httptest.NewRequest("GET", path, nil))
}

var csrf = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// token is the form token of the browser's session, off a page that everybody may see.
func (b *browser) token() string {
	b.t.Helper()
	found := csrf.FindStringSubmatch(b.get("/reset").body)
	if found == nil {
		b.t.Fatal("no form token")
	}
	return found[1]
}

func (b *browser) post(path string, form url.Values) answer {
	b.t.Helper()
	return b.postWith(b.token(), path, form)
}

// postWith sends a form with the token that its page was given.
func (b *browser) postWith(token, path string, form url.Values) answer {
	b.t.Helper()
	if form == nil {
		form = url.Values{}
	}
	form.Set("_csrf", token)
	request := httptest.NewRequest("POST", path, strings.NewReader(form.Encode()))
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.send(request)
}

// upload sends a form with a file.
func (b *browser) upload(path, file string, fields map[string]string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	fields["_csrf"] = b.token()
	for name, value := range fields {
		if err := form.WriteField(name, value); err != nil {
			b.t.Fatal(err)
		}
	}
	if file != "" {
		part, err := form.CreateFormFile("file", "people.csv")
		if err != nil {
			b.t.Fatal(err)
		}
		if _, err := io.WriteString(part, file); err != nil {
			b.t.Fatal(err)
		}
	}
	if err := form.Close(); err != nil {
		b.t.Fatal(err)
	}
	request := httptest.NewRequest("POST", path, &body)
	request.Header.Set("Content-Type", form.FormDataContentType())
	return b.send(request)
}

// expect checks status, text that must stand in the answer, and text that must not ("!…").
func (a answer) expect(t *testing.T, what string, status int, texts ...string) {
	t.Helper()
	if a.StatusCode != status {
		t.Errorf("%s: status %d, want %d\n%s", what, a.StatusCode, status, a.body)
	}
	for _, text := range texts {
		if not, ok := strings.CutPrefix(text, "!"); ok && strings.Contains(a.body, not) {
			t.Errorf("%s: %q stands in the answer", what, not)
		} else if !ok && !strings.Contains(a.body, text) {
			t.Errorf("%s: %q is missing in\n%s", what, text, a.body)
		}
	}
	if strings.Contains(a.body, "<script>") {
		t.Errorf("%s: a typed script stands in the page", what)
	}
}

func (a answer) to() string { return a.Header.Get("Location") }

// run does the outbox's work that is due.
func (h *house) run(t *testing.T) {
	t.Helper()
	runner, err := outbox.New(h.db, func() time.Time { return clock.Cut(h.now) }, h.jobs...)
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.RunDue(context.Background()); err != nil {
		t.Fatal(err)
	}
}
