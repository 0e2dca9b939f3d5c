package pages_test

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/content/pages"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

var noon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

// house is an Academy with T07 for all, and these people, each of whom holds their name
// as a session token: ana and ben (outreach authors), olga (police author), tom (outreach
// trainee), ines (outreach instructor), hank (partner HR).
type house struct {
	*testing.T
	app     *web.App
	content content.Store
	seen    map[string]people.Presence
	draft   content.DraftID // ana's, of T07
	head    content.RevisionID
}

const calm = "---\nid: T07\ntitle: Calm\nlang: en\nversion: 1\nsensitivity: [O]\ncare: 1\nminutes: 60\nobjectives: [Breathe.]\nreviewed_by: Law\nreviewed_on: 2026-11-16\n---\n\nBreathe in.\n"

func each(t *testing.T, body func(h house)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) { body(newHouse(t, db)) }, people.Migrations, content.Migrations)
}

func newHouse(t *testing.T, db *bun.DB) house {
	t.Helper()
	h := house{T: t, seen: map[string]people.Presence{}, content: content.NewStore(db, clock.At(noon))}
	folder, problems := content.Parse(fstest.MapFS{"t07-calm.md": {Data: []byte(calm)}}, ".")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	_, err := h.content.Import(t.Context(), folder)
	h.must(err)
	for name, one := range map[string]struct {
		sector people.Sector
		role   people.Role
	}{
		"ana": {people.Outreach, people.Author}, "ben": {people.Outreach, people.Author}, "olga": {people.LawEnforcement, people.Author},
		"tom": {people.Outreach, people.Trainee}, "ines": {people.Outreach, people.Instructor}, "hank": {people.Outreach, people.PartnerHR},
	} {
		id, err := people.NewStore(db, clock.At(noon)).AddPerson(t.Context(), people.System(one.sector), people.NewPerson{GivenName: name, FamilyName: "Test"})
		h.must(err)
		h.seen[name] = people.Presence{Viewer: people.Seen(id, one.sector, []people.Role{one.role}, nil), Name: name, Language: "en",
			Home: one.sector, Standings: []people.Sector{one.sector}}
	}
	h.app, err = web.New(web.Options{
		BaseURL: "http://localhost:8080", Key: []byte("0123456789abcdef0123456789abcdef"), Now: clock.At(noon),
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Words: []fs.FS{content.Words},
		Presence: func(_ context.Context, token string) (people.Presence, error) {
			if p, ok := h.seen[token]; ok {
				return p, nil
			}
			return people.Presence{}, fault.NotFound
		},
	})
	h.must(err)
	ana := h.seen["ana"].Viewer
	h.content = h.content.WithChecks(corrected{ana})
	pages.Routes(h.app, h.content)
	h.draft, err = h.content.Revise(t.Context(), ana, "T07")
	h.must(err)
	_, texts, err := h.content.Draft(t.Context(), ana, h.draft)
	h.must(err)
	h.head = texts[content.EnglishText].ID
	return h
}

// corrected stands in for the room of the checks: no module has one, and yet a corrected
// question waits for one author.
type corrected struct{ author people.Viewer }

func (corrected) Newest(context.Context, bun.IDB, content.ModuleID) ([]content.QuizFile, int, error) {
	return nil, 0, nil
}

func (corrected) Read([]content.QuizFile, []content.Module) content.Check {
	return content.Check{Draw: func(context.Context, content.Lang) (string, error) { return "", nil }}
}

func (c corrected) Corrected(_ context.Context, v people.Viewer, id content.ModuleID) (bool, error) {
	return v.Person() == c.author.Person() && id == "T07", nil
}

func (corrected) Keep(context.Context, bun.IDB, []content.QuizFile) error { return nil }

func TestAModuleTellsItsAuthorOfACorrectedQuestion(t *testing.T) {
	each(t, func(h house) {
		for who, told := range map[string]bool{"ana": true, "ben": false} {
			page := h.ask(who, "GET", "/curriculum/t07", nil)
			if page.status != 200 || strings.Contains(page.body, `href="/modules/t07/check/corrections"`) != told {
				h.Errorf("%s: %d, told: %v", who, page.status, !told)
			}
		}
	})
}

func (h house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

type answer struct {
	status   int
	body, to string
}

func (h house) ask(as, method, path string, form url.Values) answer {
	h.Helper()
	var body io.Reader
	if form != nil {
		if as != "" {
			form.Set("_csrf", tokenForm.FindStringSubmatch(h.ask(as, "GET", "/not-there", nil).body)[1])
		}
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, "http://localhost:8080"+path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if as != "" {
		r.Header.Set("Cookie", "academy="+as)
	}
	response, err := h.app.Test(r)
	h.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	h.must(err)
	return answer{response.StatusCode, string(data), response.Header.Get("Location")}
}

var tokenForm = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// TestEveryRouteOfTheEditorIsThereForItsAuthorsAlone asks each address as an author, as
// everybody else, who gets what never existed, and as nobody.
func TestEveryRouteOfTheEditorIsThereForItsAuthorsAlone(t *testing.T) {
	each(t, func(h house) {
		draft := "/drafts/" + string(h.draft)
		typed := func() url.Values {
			return url.Values{"source": {unstamped(calm) + "\n<script>alert(1)</script>\n"}, "revision": {string(h.head)}, "quietly": {"1"}}
		}
		for _, row := range []struct {
			method, path string
			form         func() url.Values
			status       int // for ana
			want         string
		}{
			{"GET", "/curriculum", nil, 200, "Calm"},
			{"GET", "/curriculum?q=nothing-like-it", nil, 200, "No module has these words"},
			{"GET", "/curriculum/new", nil, 200, "Begin writing"},
			{"GET", "/curriculum/t07", nil, 200, "Version 1"},
			{"GET", "/curriculum/protocols", nil, 200, "There is no protocol yet"},
			{"GET", "/curriculum/protocols/none", nil, 404, ""},
			{"POST", "/drafts", func() url.Values { return url.Values{"protocol": {"none"}} }, 404, ""},
			{"POST", "/curriculum/new", func() url.Values { return url.Values{"kind": {"protocol"}, "title": {"Mediation"}, "audience": {"C"}} }, 303, ""},
			{"POST", "/curriculum/new", func() url.Values { return url.Values{"title": {""}, "audience": {"P"}} }, 422, "Give it a title."},
			{"GET", draft, nil, 200, "English text"},
			{"GET", draft + "/texts/en", nil, 200, "Breathe in."},
			{"POST", draft + "/texts/en/proof", typed, 200, "HTML is not allowed"},
			{"POST", draft + "/texts/en/proof", func() url.Values {
				return url.Values{"source": {unstamped(calm) + "\nHold on.\n"}, "revision": {string(h.head)}}
			}, 200, "<p>Hold on.</p>"},
			{"POST", draft + "/texts/en", typed, 200, "Saved"},
			{"POST", draft + "/texts/en", func() url.Values {
				return url.Values{"source": {"Other."}, "revision": {string(h.head)}, "quietly": {"1"}}
			}, 409, "See both"},
			{"GET", draft + "/texts/en/changes", nil, 200, "&lt;script&gt;"},
			{"GET", draft + "/revisions/" + string(h.head), nil, 200, "Keep this text"},
			{"POST", draft + "/submission", func() url.Values { return url.Values{"note": {"x"}, "discipline": {"law"}} }, 409, "needs mending"},
			{"POST", draft + "/submission/removal", noFields, 409, "moved on"},
			{"POST", draft + "/reviews", func() url.Values { return url.Values{"verdict": {"approved"}, "discipline": {"law"}} }, 409, "moved on"},
			{"POST", draft + "/base", noFields, 303, ""},
			{"POST", draft + "/pictures", noFields, 422, "Choose a picture."},
			{"GET", draft + "/pictures/none.png", nil, 404, ""},
			{"POST", draft + "/withdrawal", noFields, 303, ""},
			{"POST", "/drafts", func() url.Values { return url.Values{"module": {"t07"}} }, 303, ""},
		} {
			for _, who := range []string{"olga", "tom", "ines", "hank"} {
				if who == "olga" && !strings.HasPrefix(row.path, draft) {
					continue // her own side's list and modules are hers
				}
				if got := h.ask(who, row.method, row.path, fields(row.form)); got.status != 404 || strings.Contains(got.body, "Calm") {
					h.Errorf("%s %s for %s: %d", row.method, row.path, who, got.status)
				}
			}
			nobody := 303
			if row.method == "POST" {
				nobody = 403
			}
			if got := h.ask("", row.method, row.path, fields(row.form)); got.status != nobody {
				h.Errorf("%s %s for nobody: %d", row.method, row.path, got.status)
			}
			got := h.ask("ana", row.method, row.path, fields(row.form))
			if got.status != row.status || !strings.Contains(got.body, row.want) || strings.Contains(got.body, "<script>alert") {
				h.Errorf("%s %s for ana: %d %.1500s", row.method, row.path, got.status, got.body)
			}
		}
	})
}

func noFields() url.Values { return url.Values{} }

func fields(form func() url.Values) url.Values {
	if form == nil {
		return nil
	}
	return form()
}

// unstamped is a text as its author is shown it.
func unstamped(text string) string {
	for _, line := range []string{"version: 1\n", "reviewed_by: Law\n", "reviewed_on: 2026-11-16\n"} {
		text = strings.Replace(text, line, "", 1)
	}
	return text
}
