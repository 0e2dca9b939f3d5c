package pages_test

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	contentpages "github.com/metropolitan-peace-academy/academy/content/pages"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/courses/coursestest"
	"github.com/metropolitan-peace-academy/academy/courses/pages"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

var noon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

// house is an Academy with its curriculum and a door, and these people, each of whom
// holds their name as a session token: maya (outreach, in OUT), luz (the same, in
// Spanish), omar (police, in PUT), rosa (outreach instructor), ana (outreach
// instructor who learns T07 herself).
type house struct {
	*testing.T
	db      *bun.DB
	app     *web.App
	courses courses.Store
	content content.Store
	seen    map[string]people.Presence
	mine    learning
}

// learning is who learns which edition, as cohorts would tell it.
type learning map[people.PersonID][]courses.EditionID

func (l learning) EditionsOf(_ context.Context, v people.Viewer) ([]courses.EditionID, error) {
	return l[v.Person()], nil
}

func each(t *testing.T, body func(h house)) {
	t.Helper()
	t.Parallel()
	dbtest.EachFilled(t, shelves, func(t *testing.T, db *bun.DB) { body(newHouse(t, db)) }, people.Migrations, content.Migrations, courses.Migrations)
}

// shelves hold what is shipped.
var shelves = dbtest.Seed{Name: "shipped", Fill: func(t testing.TB, db *bun.DB) {
	texts := content.NewStore(db, clock.At(noon))
	coursestest.Store(t, texts, courses.NewStore(db, clock.At(noon), texts), shipped)
}}

func newHouse(t *testing.T, db *bun.DB) house {
	t.Helper()
	h := house{T: t, db: db, seen: map[string]people.Presence{}, mine: learning{}}
	h.content = content.NewStore(db, clock.At(noon))
	h.courses = courses.NewStore(db, clock.At(noon), h.content)
	out, put := h.edition("OUT", people.Outreach), h.edition("PUT", people.LawEnforcement)
	h.person("maya", people.Outreach, "en", []courses.EditionID{out}, people.Trainee)
	h.person("luz", people.Outreach, "es", []courses.EditionID{out}, people.Trainee)
	h.person("omar", people.LawEnforcement, "en", []courses.EditionID{put}, people.Trainee)
	h.person("rosa", people.Outreach, "en", nil, people.Instructor)
	ana := h.person("ana", people.Outreach, "en", []courses.EditionID{out}, people.Instructor)
	h.must(h.content.CloseAnswers(t.Context(), ana, []content.ModuleID{"T07"}, "enrolment:ana"))
	find := func(_ context.Context, token string) (people.Presence, error) {
		if p, ok := h.seen[token]; ok {
			return p, nil
		}
		return people.Presence{}, fault.NotFound
	}
	var err error
	h.app, err = web.New(web.Options{
		BaseURL: "http://localhost:8080", Key: []byte("0123456789abcdef0123456789abcdef"), Now: clock.At(noon),
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)), Presence: find,
		ByAPIToken: func(ctx context.Context, token string) (people.Presence, []string, error) {
			p, err := find(ctx, token)
			return p, []string{"read"}, err
		},
		Words: []fs.FS{content.Words, courses.Words},
	})
	h.must(err)
	contentpages.Routes(h.app, h.content)
	contentpages.API(h.app.API(), h.content)
	pages.Routes(h.app, h.courses, h.mine)
	pages.API(h.app.API(), h.courses)
	return h
}

func (h house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

func (h house) edition(code string, sector people.Sector) courses.EditionID {
	h.Helper()
	e, err := h.courses.EditionInForce(h.Context(), people.System(sector), code, "2026-11-24")
	h.must(err)
	return e.ID
}

func (h house) person(name string, sector people.Sector, language string, mine []courses.EditionID, role people.Role) people.PersonID {
	h.Helper()
	id, err := people.NewStore(h.db, clock.At(noon)).AddPerson(h.Context(), people.System(sector),
		people.NewPerson{GivenName: name, FamilyName: "Test", Language: language})
	h.must(err)
	h.seen[name] = people.Presence{
		Viewer: people.Seen(id, sector, []people.Role{role}, nil), Name: name, Language: language,
		Home: sector, Standings: []people.Sector{sector},
	}
	h.mine[id] = mine
	return id
}

// shipped are the Academy's files but for a few translations, so that there is something
// to fall back on.
const shipped = `^([^t]|t[1-9]|t0[13579]|t0[2468]-[^.]*(\.guide|\.quiz|)\.md$)`

type answer struct {
	status             int
	body, to, language string
}

// ask sends one request as somebody ("" is nobody); a form is sent with its token.
func (h house) ask(as, method, path string, form url.Values) answer {
	h.Helper()
	var body io.Reader
	if form != nil {
		form.Set("_csrf", h.token(as))
		body = strings.NewReader(form.Encode())
	}
	r := httptest.NewRequest(method, "http://localhost:8080"+path, body)
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if strings.HasPrefix(path, "/api/") {
		r.Header.Set("Authorization", "Bearer "+as)
	} else if as != "" {
		r.Header.Set("Cookie", "academy="+as)
	}
	response, err := h.app.Test(r)
	h.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	h.must(err)
	return answer{response.StatusCode, string(data), response.Header.Get("Location"), response.Header.Get("Content-Language")}
}

var tokenForm = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

func (h house) token(as string) string {
	h.Helper()
	if as == "" {
		return ""
	}
	found := tokenForm.FindStringSubmatch(h.ask(as, "GET", "/courses", nil).body)
	if found == nil {
		h.Fatal("no form token")
	}
	return found[1]
}

func TestEveryRouteForTheRightPersonTheWrongOneAndNobody(t *testing.T) {
	each(t, func(h house) {
		place := func() url.Values { return url.Values{"section": {"2"}} }
		for _, row := range []struct {
			as, method, path string
			form             url.Values
			status           int
			want, unwanted   string
		}{
			{"maya", "GET", "/modules/t07", nil, 200, "De-escalation", "Bajar"},
			{"maya", "GET", "/modules/T07", nil, 200, "De-escalation", "/modules/t07/versions"},
			{"rosa", "GET", "/modules/t07", nil, 200, "/modules/t07/versions", ""},
			{"rosa", "GET", "/modules/t07/versions", nil, 200, "Version 1", ""},
			{"maya", "GET", "/modules/t07/versions", nil, 404, "", "De-escalation"},
			{"rosa", "GET", "/modules/t20/versions", nil, 404, "", "understanding"},
			{"", "GET", "/modules/t07/versions", nil, 303, "", ""},
			{"rosa", "GET", "/modules/t07/versions?lang=en&from=1&to=2", nil, 404, "", "De-escalation"},
			{"rosa", "GET", "/modules/t07/versions?from=<script>x&to=1", nil, 404, "", "<script>x"},
			{"maya", "GET", "/modules/t07/versions?from=1&to=2", nil, 404, "", ""},
			{"", "GET", "/modules/t07/versions?from=1&to=2", nil, 303, "", ""},
			{"rosa", "GET", "/protocols/mediation", nil, 200, "/protocols/mediation/versions", ""},
			{"rosa", "GET", "/protocols/mediation/versions", nil, 200, "Version 1", ""},
			{"maya", "GET", "/protocols/mediation/versions", nil, 404, "", ""},
			{"maya", "GET", "/protocols/mediation/versions?from=1&to=2", nil, 404, "", ""},
			{"", "GET", "/protocols/mediation/versions", nil, 303, "", ""},
			{"", "GET", "/protocols/mediation/versions?from=1&to=2", nil, 303, "", ""},
			{"luz", "GET", "/modules/t07", nil, 200, "Bajar la tensión", "De-escalation"},
			{"luz", "GET", "/modules/t02", nil, 200, "Todavía no hay uno en español", ""},
			{"omar", "GET", "/modules/t20", nil, 200, "outreach", ""},
			{"omar", "GET", "/modules/t19", nil, 404, "", "understanding"},
			{"maya", "GET", "/modules/t20", nil, 404, "", "understanding"},
			{"maya", "GET", "/modules/t99", nil, 404, "", ""},
			{"", "GET", "/modules/t07", nil, 303, "", ""},
			{"maya", "POST", "/modules/t07/place", place(), 303, "", ""},
			{"maya", "POST", "/modules/t07/place", url.Values{"section": {"3"}, "quietly": {"1"}}, 204, "", ""},
			{"maya", "POST", "/modules/t07/place", url.Values{"section": {"<script>"}}, 422, "", "<script>x"},
			{"omar", "POST", "/modules/t19/place", place(), 404, "", ""},
			{"", "POST", "/modules/t07/place", place(), 403, "", ""},
			{"maya", "POST", "/modules/t07/completion", url.Values{}, 303, "", ""},
			{"omar", "POST", "/modules/t19/completion", url.Values{}, 404, "", ""},
			{"", "POST", "/modules/t07/completion", url.Values{}, 403, "", ""},
			{"maya", "POST", "/modules/t01/pause", place(), 303, "", ""},
			{"omar", "POST", "/modules/t19/pause", place(), 404, "", ""},
			{"", "POST", "/modules/t07/pause", place(), 403, "", ""},
			{"maya", "GET", "/modules/t07/pause", nil, 200, "988", "De-escalation"},
			{"luz", "GET", "/modules/t07/pause", nil, 200, "Línea de Prevención del Suicidio", ""},
			{"omar", "GET", "/modules/t19/pause", nil, 404, "", ""},
			{"", "GET", "/modules/t07/pause", nil, 303, "", ""},
			{"maya", "GET", "/modules/t07/notes", nil, 200, "Your note", ""},
			{"luz", "GET", "/modules/t07/notes?section=2", nil, 200, "Su nota", ""},
			{"maya", "GET", "/modules/t07?lang=es", nil, 200, "Bajar la tensión", ""},
			{"maya", "GET", "/modules/t07?lang=fr", nil, 200, "De-escalation", ""},
			{"omar", "GET", "/modules/t19/notes", nil, 404, "", "understanding"},
			{"", "GET", "/modules/t07/notes", nil, 303, "", ""},
			{"maya", "POST", "/modules/t07/notes", url.Values{"section": {"2"}, "text": {"<script>x"}}, 303, "", ""},
			{"maya", "POST", "/modules/t07/notes", url.Values{"section": {"2"}}, 422, "nothing written", ""},
			{"maya", "POST", "/modules/t07/notes", url.Values{"section": {"2"}, "quote": {"<script>y"}}, 422, "not in the text", "<script>y"},
			{"omar", "POST", "/modules/t19/notes", url.Values{"section": {"2"}, "text": {"x"}}, 404, "", ""},
			{"", "POST", "/modules/t07/notes", url.Values{"section": {"2"}, "text": {"x"}}, 403, "", ""},
			{"maya", "GET", "/modules/t07/notes", nil, 200, "&lt;script&gt;x", "<script>x"},
			{"maya", "GET", "/me/notes", nil, 200, "&lt;script&gt;x", "<script>x"},
			{"maya", "GET", "/me/notes/file", nil, 200, "## De-escalation", ""},
			{"rosa", "GET", "/me/notes", nil, 200, "No notes yet", "script&gt;x"},
			{"rosa", "GET", "/modules/t07/notes", nil, 200, "Your note", "script&gt;x"},
			{"rosa", "GET", "/me/notes/file", nil, 200, "# My notes", "script"},
			{"rosa", "GET", "/me/notes/none", nil, 404, "", ""},
			{"rosa", "POST", "/me/notes/none", url.Values{"text": {"x"}}, 404, "", ""},
			{"rosa", "POST", "/me/notes/none/removal", url.Values{}, 404, "", ""},
			{"maya", "POST", "/me/notes/search", url.Values{"q": {"SCRIPT"}}, 200, "&lt;script&gt;x", ""},
			{"maya", "POST", "/me/notes/search", url.Values{"q": {"<script>z"}}, 200, "No note has these words", "<script>z"},
			{"rosa", "POST", "/me/notes/search", url.Values{"q": {"script"}}, 200, "No note has these words", ""},
			{"", "GET", "/me/notes", nil, 303, "", ""},
			{"", "GET", "/me/notes/file", nil, 303, "", ""},
			{"", "GET", "/me/notes/none", nil, 303, "", ""},
			{"", "POST", "/me/notes/search", url.Values{}, 403, "", ""},
			{"", "POST", "/me/notes/none", url.Values{}, 403, "", ""},
			{"", "POST", "/me/notes/none/removal", url.Values{}, 403, "", ""},
			{"", "POST", "/me/notes/removal", url.Values{}, 403, "", ""},
			{"rosa", "POST", "/me/notes/removal", url.Values{}, 303, "", ""},
			{"maya", "GET", "/me/notes", nil, 200, "&lt;script&gt;x", ""},
			{"maya", "GET", "/me/readings", nil, 200, "Version 1", "Omar"},
			{"maya", "GET", "/me/readings?after=T99", nil, 200, "Nothing read yet", ""},
			{"maya", "GET", "/me/readings/file", nil, 200, "T07,De-escalation,1,", "T19"},
			{"ana", "GET", "/me/readings", nil, 200, "Nothing read yet", "De-escalation"},
			{"ana", "GET", "/me/readings/file", nil, 200, "Module,Title,Version", "De-escalation"},
			{"", "GET", "/me/readings", nil, 303, "", ""},
			{"", "GET", "/me/readings/file", nil, 303, "", ""},
			{"maya", "GET", "/modules/t07/another-way", nil, 200, "Another way through", ""},
			{"maya", "GET", "/modules/t01/another-way", nil, 404, "", ""},
			{"omar", "GET", "/modules/t19/another-way", nil, 404, "", ""},
			{"", "GET", "/modules/t07/another-way", nil, 303, "", ""},
			{"rosa", "GET", "/modules/t07/guide", nil, 200, "Room and materials", ""},
			{"ana", "GET", "/modules/t07/guide", nil, 404, "", "Room and materials"},
			{"maya", "GET", "/modules/t07/guide", nil, 404, "", "Room and materials"},
			{"", "GET", "/modules/t07/guide", nil, 303, "", ""},
			{"maya", "GET", "/modules/t07/pictures/none.png", nil, 404, "", ""},
			{"", "GET", "/modules/t07/pictures/none.png", nil, 303, "", ""},
			{"maya", "GET", "/protocols", nil, 200, "When you stand between two sides", "Cuando usted"},
			{"luz", "GET", "/protocols", nil, 200, "Cuando usted media entre dos lados", "When you stand"},
			{"omar", "GET", "/protocols", nil, 200, "When a safe space opens", "When you stand"},
			{"", "GET", "/protocols", nil, 303, "", ""},
			{"maya", "GET", "/protocols/mediation", nil, 200, "I have read version 1", "You have read"},
			{"luz", "GET", "/protocols/mediation", nil, 200, "Leí la versión 1", "I have read"},
			{"omar", "GET", "/protocols/mediation", nil, 404, "", "between two sides"},
			{"omar", "GET", "/protocols/safe-spaces", nil, 200, "Summer safe spaces", ""},
			{"", "GET", "/protocols/mediation", nil, 303, "", ""},
			{"maya", "POST", "/protocols/mediation/readings", url.Values{"version": {"1"}}, 303, "", ""},
			{"maya", "GET", "/protocols/mediation", nil, 200, "You have read version 1", "I have read"},
			{"maya", "POST", "/protocols/mediation/readings", url.Values{"version": {"2"}}, 404, "", ""},
			{"maya", "POST", "/protocols/mediation/readings", url.Values{"version": {"<b>"}}, 404, "", ""},
			{"omar", "POST", "/protocols/mediation/readings", url.Values{"version": {"1"}}, 404, "", ""},
			{"", "POST", "/protocols/mediation/readings", url.Values{"version": {"1"}}, 403, "", ""},
			{"maya", "GET", "/modules/t06", nil, 200, `href="/protocols/mediation"`, ""},
			{"luz", "GET", "/modules/t13", nil, 200, "Cuando ya pasó el incidente", ""},
			{"maya", "GET", "/course", nil, 200, "Outreach Training", "Professional understanding with outreach"},
			{"luz", "GET", "/course", nil, 200, "Este tema lo trae quien le enseña", "Your instructor"},
			{"omar", "GET", "/course", nil, 200, "Professional Understanding", "with police"},
			{"rosa", "GET", "/course", nil, 200, "not in a course now", ""},
			{"", "GET", "/course", nil, 303, "", ""},
			{"rosa", "GET", "/courses", nil, 200, "Case Management", "Community Training Academy"},
			{"omar", "GET", "/courses", nil, 200, "Community Training Academy", "Case Management"},
			{"", "GET", "/courses", nil, 303, "", ""},
			{"rosa", "GET", "/courses/OUT", nil, 200, "All 144 hours", ""},
			{"omar", "GET", "/courses/OUT", nil, 404, "", "Outreach Training"},
			{"rosa", "GET", "/courses/CTA", nil, 404, "", "Community Training"},
			{"", "GET", "/courses/OUT", nil, 303, "", ""},
			{"maya", "GET", "/api/v1/modules/T07", nil, 200, `"title":"De-escalation"`, ""},
			{"maya", "GET", "/api/v1/modules/T07?lang=es", nil, 200, "Bajar la tensión", ""},
			{"maya", "GET", "/api/v1/modules/T20", nil, 404, "", "understanding"},
			{"nobody", "GET", "/api/v1/modules/T07", nil, 401, "", ""},
			{"maya", "GET", "/api/v1/courses", nil, 200, `"code":"OUT"`, "T20"},
			{"omar", "GET", "/api/v1/courses", nil, 200, `"code":"CTA"`, "T19"},
			{"nobody", "GET", "/api/v1/courses", nil, 401, "", ""},
			{"maya", "GET", "/api/v1/courses/PUT", nil, 200, "T19", "T20"},
			{"omar", "GET", "/api/v1/courses/PUT", nil, 200, "T20", "T19"},
			{"omar", "GET", "/api/v1/courses/OUT", nil, 404, "", ""},
			{"maya", "GET", "/api/v1/search?q=professional", nil, 200, `"id":"T19"`, "T20"},
			{"omar", "GET", "/api/v1/search?q=professional", nil, 200, `"id":"T20"`, "T19"},
			{"luz", "GET", "/api/v1/search?q=tension", nil, 200, "Bajar la tensión", ""},
			{"maya", "GET", "/api/v1/search?q=%3Cscript%3Exq", nil, 200, "[]", "<script>"},
			{"nobody", "GET", "/api/v1/search?q=peace", nil, 401, "", ""},
		} {
			got := h.ask(row.as, row.method, row.path, row.form)
			if got.status != row.status || !strings.Contains(got.body, row.want) || row.unwanted != "" && strings.Contains(got.body, row.unwanted) {
				h.Errorf("%s as %q: %s %s is %d, want %d with %q without %q", t.Name(), row.as, row.method, row.path, got.status, row.status, row.want, row.unwanted)
			}
		}
	})
}

// What may not be seen answers like what never was, byte for byte.
func TestAHiddenModuleAnswersLikeOneThatNeverWas(t *testing.T) {
	each(t, func(h house) {
		for _, path := range []string{"/modules/%s", "/modules/%s/notes", "/modules/%s/pause", "/modules/%s/another-way", "/modules/%s/guide", "/api/v1/modules/%s"} {
			hidden := h.ask("omar", "GET", strings.Replace(path, "%s", "t19", 1), nil)
			never := h.ask("omar", "GET", strings.Replace(path, "%s", "t99", 1), nil)
			clean := func(a answer) string {
				return reference.ReplaceAllString(strings.NewReplacer("t19", "t99", "T19", "T99").Replace(a.body), "")
			}
			if hidden.status != never.status || clean(hidden) != clean(never) {
				h.Errorf("%s: %d %s\nand %d %s", path, hidden.status, clean(hidden), never.status, clean(never))
			}
		}
	})
}

var reference = regexp.MustCompile(`[0-9a-f]{8}-?[0-9a-f-]{4,}|value="[^"]{20,}"`)

func TestAReaderIsBroughtBackAndTheWayOnIsTheirOwnCourse(t *testing.T) {
	each(t, func(h house) {
		first := h.ask("maya", "GET", "/modules/t07", nil)
		if strings.Contains(first.body, "data-resume") {
			h.Error("the first visit resumes")
		}
		for _, want := range []string{`href="/modules/t06"`, `href="/modules/t08"`, `href="/modules/t07/check"`, `href="/modules/t07/another-way"`} {
			if !strings.Contains(first.body, want) {
				h.Errorf("no %s", want)
			}
		}
		if rosa := h.ask("rosa", "GET", "/modules/t07", nil); strings.Contains(rosa.body, "/check") || !strings.Contains(rosa.body, `href="/modules/t07/guide"`) {
			h.Error("who teaches is led to the guide, and to no check")
		}
		if ana := h.ask("ana", "GET", "/modules/t07", nil); strings.Contains(ana.body, "/guide") {
			h.Error("who learns a module is led to its guide")
		}
		h.ask("maya", "POST", "/modules/t07/pause", url.Values{"section": {"3"}})
		again := h.ask("maya", "GET", "/modules/t07", nil)
		if !regexp.MustCompile(`href="#s-[a-z-]+" data-resume`).MatchString(again.body) {
			h.Error("the second visit does not resume")
		}
		h.ask("maya", "POST", "/modules/t07/completion", url.Values{})
		done := h.ask("maya", "GET", "/modules/t07", nil)
		if strings.Contains(done.body, "data-resume") || strings.Contains(done.body, "/completion") || !strings.Contains(done.body, "You have done this module") {
			h.Error("a done module asks to be done")
		}
		if omar := h.ask("omar", "GET", "/modules/t07", nil); strings.Contains(omar.body, "You have done this module") {
			h.Error("another's reading is shown")
		}
	})
}

func TestNoPageNamesItsTopicInItsTitleAndNoneLeadsNowhere(t *testing.T) {
	each(t, func(h house) {
		title, link := regexp.MustCompile(`<title>([^<]*)</title>`), regexp.MustCompile(`href="(/(?:modules|courses?)[^"#?]*)`)
		seen := map[string]bool{}
		for _, who := range []string{"maya", "luz", "omar", "rosa"} {
			next := []string{"/course", "/courses"}
			for len(next) > 0 {
				path := next[0]
				next = next[1:]
				if seen[who+path] || strings.HasSuffix(path, "/check") || strings.HasSuffix(path, "/questions") { // another room's
					continue
				}
				seen[who+path] = true
				page := h.ask(who, "GET", path, nil)
				if page.status != http.StatusOK {
					h.Errorf("%s: %s is %d", who, path, page.status)
				}
				if found := title.FindStringSubmatch(page.body); found == nil || strings.ContainsAny(found[1], "0123456789") || len(found[1]) > 30 {
					h.Errorf("%s: title %v", path, found)
				}
				if strings.Contains(page.body, "courses.") && strings.Contains(page.body, ">courses.") {
					h.Errorf("%s shows a key instead of a sentence", path)
				}
				for _, found := range link.FindAllStringSubmatch(page.body, -1) {
					next = append(next, found[1])
				}
			}
		}
	})
}

func TestTheAPITellsAMapThatSums(t *testing.T) {
	each(t, func(h house) {
		var course struct {
			Code     string
			Minutes  int
			Sessions []struct {
				Position, Week, Minutes int
				Modules                 []string
			}
		}
		h.must(json.Unmarshal([]byte(h.ask("maya", "GET", "/api/v1/courses/OUT", nil).body), &course))
		sum := 0
		for i, s := range course.Sessions {
			if sum += s.Minutes; s.Position != i+1 {
				h.Errorf("session %d has position %d", i+1, s.Position)
			}
		}
		if sum != 8640 || course.Minutes != 8640 || len(course.Sessions) != 36 || course.Sessions[0].Modules[0] != "T01" {
			h.Errorf("%d sessions of %d minutes", len(course.Sessions), sum)
		}
	})
}

func TestEnglishTextsAreMarkedForWhoReadsInSpanish(t *testing.T) {
	each(t, func(h house) {
		for path, wants := range map[string][]string{
			"/modules/t04":             {`<h1 lang="en">`, `<div class="reading" lang="en"`, `class="objectives" lang="en"`, "Este texto está en inglés"},
			"/modules/t04/another-way": {`<h1 lang="en">`, `<div class="reading" lang="en"`, "Este texto está en inglés"},
			"/modules/t07":             {`<h1>`, `<div class="reading" lang="es"`, "En inglés"}, // the modules before and after
			"/course":                  {"En inglés"},
		} {
			page := h.ask("luz", "GET", path, nil)
			for _, want := range wants {
				if !strings.Contains(page.body, want) {
					h.Errorf("%s lacks %s", path, want)
				}
			}
		}
		if page := h.ask("maya", "GET", "/course", nil); strings.Contains(page.body, "In English") {
			h.Error("who reads in English is told that texts are in English")
		}
	})
}

// Who teaches a course and learns in it is led to no questions that they can't open.
func TestTheQuestionsOfACourseAreShownToWhomTheyAreOpen(t *testing.T) {
	each(t, func(h house) {
		for who, shown := range map[string]bool{"rosa": true, "ana": false, "maya": false} {
			page := h.ask(who, "GET", "/courses/OUT", nil)
			if page.status != 200 || strings.Contains(page.body, `href="/courses/OUT/questions"`) != shown {
				h.Errorf("%s: %d, shown: %v", who, page.status, !shown)
			}
		}
	})
}
