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
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/blob"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/desk/pages"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// morning is a Tuesday, 8:00 in Chicago.
var morning = time.Date(2026, 11, 24, 14, 0, 0, 0, time.UTC)

// house is the desk with its door open, on a database with the Academy's own curriculum.
type house struct {
	testing.TB
	ctx  context.Context
	app  *web.App
	desk desk.Desk
	db   *bun.DB
	in   map[string]people.Presence // who is signed in, by token

	mu  sync.Mutex
	now time.Time
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

// at turns the clock.
func (h *house) at(moment time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = moment.UTC()
}

// shelves hold the Academy's own curriculum.
var shelves = dbtest.Seed{Name: "the Academy's", Fill: func(t testing.TB, db *bun.DB) {
	h := newHouse(t)
	h.desk = h.newDesk(db)
	h.teach()
}}

func newHouse(t testing.TB) *house {
	return &house{TB: t, ctx: t.Context(), in: map[string]people.Presence{}, now: morning}
}

func each(t *testing.T, body func(h *house)) {
	t.Helper()
	t.Parallel()
	dbtest.EachFilled(t, shelves, func(t *testing.T, db *bun.DB) {
		h := newHouse(t)
		h.desk = h.newDesk(db)
		h.open()
		body(h)
	}, people.Migrations, outbox.Migrations, messages.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations, assessment.Migrations, certificates.Migrations)
}

func (h *house) newDesk(db *bun.DB) desk.Desk {
	h.db = db
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		zone = time.UTC
	}
	files, err := blob.Open("dir:" + h.TempDir())
	h.ok(err)
	d := desk.Desk{Now: h.clock, Zone: zone, People: people.NewStore(db, h.clock).InZone(zone), Content: content.NewStore(db, h.clock)}
	d.Courses = courses.NewStore(db, h.clock, d.Content)
	d.Cohorts = cohorts.NewStore(db, h.clock, d.People, d.Content)
	d.Assessment = assessment.NewStore(db, h.clock, d.People, d.Cohorts)
	d.Certificates = certificates.NewStore(db, h.clock, files, certificates.Issuer{Outer: make([]byte, 32), BaseURL: "http://localhost:8080"},
		certificates.Rooms{People: d.People, Courses: d.Courses, Cohorts: d.Cohorts, Assessment: d.Assessment})
	return d
}

// academys is the Academy's own curriculum, read once for all tests.
var academys = sync.OnceValue(func() (c struct {
	folder   content.Folder
	editions []courses.Edition
	quizzes  []assessment.Quiz
	problems []content.Problem
}) {
	var more, most []content.Problem
	c.folder, c.problems = content.Parse(curriculum.Files, ".")
	c.editions, more = courses.Parse(curriculum.Files, ".", c.folder)
	c.quizzes, most = assessment.ReadQuizzes(c.folder.Quizzes)
	c.problems = append(append(c.problems, more...), most...)
	return c
})

// teach stores the Academy's own curriculum.
func (h *house) teach() {
	h.Helper()
	c := academys()
	if len(c.problems) > 0 {
		h.Fatal(c.problems)
	}
	_, err := h.desk.Content.Import(h.ctx, c.folder)
	h.ok(err)
	_, err = h.desk.Courses.Import(h.ctx, slices.Clone(c.editions))
	h.ok(err)
	_, err = h.desk.Assessment.Import(h.ctx, slices.Clone(c.quizzes))
	h.ok(err)
}

func (h *house) open() {
	h.Helper()
	app, err := web.New(web.Options{
		BaseURL: "http://localhost:8080", Key: []byte("0123456789abcdef0123456789abcdef"),
		Words: []fs.FS{cohorts.Words, desk.Words}, Now: h.clock, Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Presence: func(_ context.Context, token string) (people.Presence, error) {
			if p, ok := h.in[token]; ok {
				return p, nil
			}
			return people.Presence{}, fault.NotFound
		},
	})
	if err != nil {
		h.Fatal(err)
	}
	pages.Routes(app, h.desk)
	h.app = app
}

// get asks for a page as who holds the token ("" for nobody) and gives status and body.
func (h *house) get(token, path, language string) (int, string) {
	h.Helper()
	req := httptest.NewRequest(http.MethodGet, "http://localhost:8080"+path, nil)
	req.Header.Set("Accept-Language", language)
	if token != "" {
		req.AddCookie(&http.Cookie{Name: "academy", Value: token})
	}
	res, err := h.app.Test(req)
	if err != nil {
		h.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// post sends a form as who holds the token, with the form token that the page gave them.
func (h *house) post(token, path string, form url.Values) (int, string) {
	h.Helper()
	if form == nil {
		form = url.Values{}
	}
	_, page := h.get(token, "/me/calendar", "en")
	found := csrf.FindStringSubmatch(page)
	if found == nil {
		h.Fatalf("no form token for %q", token)
	}
	form.Set("_csrf", found[1])
	req := httptest.NewRequest(http.MethodPost, "http://localhost:8080"+path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.AddCookie(&http.Cookie{Name: "academy", Value: token})
	res, err := h.app.Test(req)
	if err != nil {
		h.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		h.Fatal(err)
	}
	return res.StatusCode, string(body)
}

var csrf = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// spanish is the same person reading Spanish.
func spanish(p people.Presence) people.Presence {
	p.Language = "es"
	return p
}

// has checks a page for what it must and what it must not say.
func (h *house) has(body string, wanted []string, unwanted ...string) {
	h.Helper()
	for _, text := range wanted {
		if !strings.Contains(body, text) {
			h.Errorf("%q is missing", text)
		}
	}
	for _, text := range unwanted {
		if strings.Contains(body, text) {
			h.Errorf("%q must not stand here", text)
		}
	}
}

// counts fails when gathering a page takes more queries than it may, the sign-in look-up
// not among them.
func (h *house) counts(what string, most int, gather func(ctx context.Context) error) {
	h.Helper()
	h.ok(gather(h.ctx)) // an edition is read once in the life of a process
	ctx, count := database.CountQueries(h.ctx)
	h.ok(gather(ctx))
	if n := count.Queries(); n > most {
		h.Errorf("%s: %d queries, %d are allowed", what, n, most)
	}
}
