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

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/cohorts/pages"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/courses/coursestest"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

var chicago = must(time.LoadLocation("America/Chicago"))

func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

// house is an Academy with the curriculum and a door, on Tue 10 Nov 2026 at 9:05 in
// Chicago. Each of these people holds their name as a session token: cora (coordinates
// outreach and, by a bridge, police), olu (coordinates outreach), ines (instructor of
// the outreach cohort), tasha, luz (in Spanish) and "<script>al" (its trainees), sam (an
// outreach trainee elsewhere), kim (coordinates police), omar (an officer).
type house struct {
	*testing.T
	app     *web.App
	db      *bun.DB
	seen    map[string]people.Presence
	people  people.Store
	courses courses.Store
	store   cohorts.Store
	queries *atomic.Int64

	moment     atomic.Pointer[time.Time]
	cohort     cohorts.CohortID
	sessions   []cohorts.Session
	enrolments map[string]cohorts.EnrolmentID
	police     cohorts.CohortID
}

func each(t *testing.T, body func(h *house)) {
	t.Helper()
	t.Parallel()
	dbtest.EachFilled(t, shelves, func(t *testing.T, db *bun.DB) { body(newHouse(t, db)) }, migrations...)
}

// counter counts what a request asks of the database, BEGIN and COMMIT left out.
type counter struct{ n *atomic.Int64 }

func (c counter) BeforeQuery(ctx context.Context, event *bun.QueryEvent) context.Context {
	if word := strings.ToUpper(event.Query); !strings.HasPrefix(word, "BEGIN") && !strings.HasPrefix(word, "COMMIT") {
		c.n.Add(1)
	}
	return ctx
}

func (counter) AfterQuery(context.Context, *bun.QueryEvent) {}

// taught is as much of the Academy's curriculum as a pair and outreach must read.
const taught = coursestest.Pair + `|^(courses/out-|t0[234]-|t13-|t14-)`

var migrations = []fs.FS{people.Migrations, outbox.Migrations, messages.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations}

// shelves hold what is taught, on the day before the cohorts begin.
var shelves = dbtest.Seed{Name: "taught", Fill: func(t testing.TB, db *bun.DB) {
	now := clock.At(must(time.ParseInLocation("2006-01-02 15:04", "2026-11-02 12:00", chicago)).UTC())
	texts := content.NewStore(db, now)
	coursestest.Store(t, texts, courses.NewStore(db, now, texts), taught)
}}

func newHouse(t *testing.T, db *bun.DB) *house {
	t.Helper()
	h := &house{T: t, seen: map[string]people.Presence{}, queries: &atomic.Int64{}, enrolments: map[string]cohorts.EnrolmentID{}}
	h.db = db.WithQueryHook(counter{h.queries})
	h.at("2026-11-02 12:00")
	h.people = people.NewStore(h.db, h.now)
	texts := content.NewStore(h.db, h.now)
	h.courses = courses.NewStore(h.db, h.now, texts)
	h.store = cohorts.NewStore(h.db, h.now, h.people, texts).Keyed([]byte("a key of check-in codes"))
	both := []people.Sector{people.Outreach, people.LawEnforcement}
	h.person("cora", "en", both, people.Coordinator)
	h.person("olu", "en", both[:1], people.Coordinator)
	h.person("ines", "en", both[:1], people.Instructor)
	for _, name := range []string{"tasha", "luz", "<script>al", "sam"} {
		h.person(name, map[bool]string{true: "es", false: "en"}[name == "luz"], both[:1], people.Trainee)
	}
	h.person("kim", "en", both[1:], people.Coordinator)
	h.person("omar", "en", both[1:], people.Trainee)
	h.cohort = h.begin(people.Outreach, "tasha", "luz", "<script>al")
	h.police = h.begin(people.LawEnforcement, "omar")
	h.must(h.store.Appoint(t.Context(), people.System(people.Outreach), h.cohort, h.viewer("ines").Person(), cohorts.Lead))
	var err error
	h.sessions, err = h.store.Sessions(t.Context(), h.viewer("cora"), h.cohort)
	h.must(err)
	h.at("2026-11-10 09:05")
	h.app, err = web.New(web.Options{
		BaseURL: "http://localhost:8080", Key: []byte("0123456789abcdef0123456789abcdef"), Now: h.now,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Presence: func(_ context.Context, token string) (people.Presence, error) {
			if p, ok := h.seen[token]; ok {
				return p, nil
			}
			return people.Presence{}, fault.NotFound
		},
		ByAPIToken: func(_ context.Context, token string) (people.Presence, []string, error) {
			if p, ok := h.seen[token]; ok {
				return p, []string{"read"}, nil
			}
			return people.Presence{}, nil, fault.NotFound
		},
		Words: []fs.FS{people.Words, messages.Words, content.Words, courses.Words, cohorts.Words},
	})
	h.must(err)
	pages.Routes(h.app, h.store, h.courses, texts, h.people, h.now)
	pages.API(h.app.API(), h.store)
	return h
}

func (h *house) now() time.Time { return *h.moment.Load() }

// at turns the clock to a wall-clock moment in Chicago.
func (h *house) at(moment string) {
	t := must(time.ParseInLocation("2006-01-02 15:04", moment, chicago)).UTC()
	h.moment.Store(&t)
}

// person adds somebody to the first of the sectors, who may stand in all of them.
func (h *house) person(name, language string, standings []people.Sector, roles ...people.Role) {
	h.Helper()
	id, err := h.people.AddPerson(h.Context(), people.System(standings[0]), people.NewPerson{GivenName: name, FamilyName: "Lake", Language: language, Roles: roles})
	h.must(err)
	h.seen[name] = people.Presence{Viewer: people.Seen(id, standings[0], roles, nil), Name: name, Language: language, Home: standings[0], Standings: standings}
}

// begin makes a PUT cohort that meets on Tuesdays at nine from 3 Nov 2026.
func (h *house) begin(sector people.Sector, trainees ...string) cohorts.CohortID {
	h.Helper()
	edition, err := h.courses.EditionInForce(h.Context(), people.System(sector), "PUT", "2026-11-03")
	h.must(err)
	id, err := h.store.Make(h.Context(), people.System(sector), cohorts.Plan{EditionID: edition.ID, FirstDay: "2026-11-03",
		Days: []string{"tue"}, Start: "09:00", Mode: cohorts.InRoom})
	h.must(err)
	for _, name := range trainees {
		h.enrolments[name], err = h.store.Enroll(h.Context(), people.System(sector), id, h.viewer(name).Person())
		h.must(err)
	}
	return id
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h *house) viewer(name string) people.Viewer { return h.seen[name].Viewer }

// answer is what the door gave back.
type answer struct {
	*http.Response
	body string
}

// ask sends one request as somebody; a form is sent with the token of its session.
func (h *house) ask(as, method, path string, form url.Values, headers ...string) answer {
	h.Helper()
	var body io.Reader
	if form != nil {
		form.Set("_csrf", h.token(as))
		body = strings.NewReader(form.Encode())
	}
	request := httptest.NewRequest(method, "http://localhost:8080"+path, body)
	if as != "" {
		request.Header.Set("Cookie", "academy="+as)
	}
	if form != nil {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := h.app.Test(request)
	h.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	h.must(err)
	return answer{response, string(data)}
}

func (h *house) get(as, path string) answer { return h.ask(as, "GET", path, nil) }

func (h *house) post(as, path string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return h.ask(as, "POST", path, form)
}

var tokenPattern = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// token is the form token of a session, which every page for who is signed in carries.
func (h *house) token(as string) string {
	h.Helper()
	request := httptest.NewRequest("GET", "http://localhost:8080/nowhere", nil)
	request.Header.Set("Cookie", "academy="+as)
	response, err := h.app.Test(request)
	h.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	h.must(err)
	found := tokenPattern.FindStringSubmatch(string(data))
	if found == nil {
		return ""
	}
	return found[1]
}

// wants checks the status and what the page says, and with "!" what it must not.
func (h *house) wants(what string, a answer, status int, texts ...string) {
	h.Helper()
	if a.StatusCode != status {
		h.Errorf("%s: %d, want %d", what, a.StatusCode, status)
	}
	for _, text := range texts {
		if strings.HasPrefix(text, "!") == strings.Contains(a.body, strings.TrimPrefix(text, "!")) {
			h.Errorf("%s: %q", what, text)
		}
	}
	if strings.Contains(a.body, "<script>al") {
		h.Errorf("%s: a name reaches the page unescaped", what)
	}
}

// leads checks that a change was done and where it leads.
func (h *house) leads(what string, a answer, to string) {
	h.Helper()
	if got := a.Header.Get("Location"); a.StatusCode != http.StatusSeeOther || got != to {
		h.Errorf("%s: %d to %q, want %q", what, a.StatusCode, got, to)
	}
}

// roll is the address of the roll of a session, counted from 0.
func (h *house) roll(session int) string {
	return "/sessions/" + string(h.sessions[session].ID) + "/roll"
}
