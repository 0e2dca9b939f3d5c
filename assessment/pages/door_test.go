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

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/pages"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/courses/coursestest"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

var noon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)

// house is an Academy with the curriculum and a door. Each of these people holds their
// name as a session token: maya and luz (outreach trainees, luz in Spanish), ruth
// (their instructor), omar (an officer), with a PUT cohort on each side.
type house struct {
	*testing.T
	at     time.Time // what the Academy's clock says
	db     *bun.DB
	app    *web.App
	seen   map[string]people.Presence
	people people.Store
	assessment.Store
	classes cohorts.Store

	cohort     cohorts.CohortID
	enrolments map[string]cohorts.EnrolmentID
}

func each(t *testing.T, body func(h *house)) {
	t.Helper()
	t.Parallel()
	dbtest.EachFilled(t, shelves, func(t *testing.T, db *bun.DB) { body(newHouse(t, db)) }, migrations...)
}

var migrations = []fs.FS{people.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations, assessment.Migrations, outbox.Migrations}

// shelves hold what a pair is taught, with its checks.
var shelves = dbtest.Seed{Name: "pair", Fill: func(t testing.TB, db *bun.DB) {
	now := clock.At(noon)
	texts, persons := content.NewStore(db, now), people.NewStore(db, now)
	coursestest.Store(t, texts, courses.NewStore(db, now, texts), coursestest.Pair)
	folder, _ := coursestest.Curriculum(t, coursestest.Pair)
	quizzes, _ := assessment.ReadQuizzes(folder.Quizzes)
	if _, err := assessment.NewStore(db, now, persons, cohorts.NewStore(db, now, persons, texts)).Import(t.Context(), quizzes); err != nil {
		t.Fatal(err)
	}
}}

func newHouse(t *testing.T, db *bun.DB) *house {
	t.Helper()
	h := &house{T: t, at: noon, db: db, seen: map[string]people.Presence{}, enrolments: map[string]cohorts.EnrolmentID{}}
	now := func() time.Time { return clock.Cut(h.at) }
	h.people = people.NewStore(db, now)
	texts := content.NewStore(db, now)
	classes := cohorts.NewStore(db, now, h.people, texts)
	h.Store, h.classes = assessment.NewStore(db, now, h.people, classes), classes
	teach := courses.NewStore(db, now, texts)
	for _, p := range []struct {
		name, lang string
		sector     people.Sector
		role       people.Role
	}{
		{"maya", "en", people.Outreach, people.Trainee}, {"luz", "es", people.Outreach, people.Trainee},
		{"<script>al", "en", people.Outreach, people.Trainee}, {"ruth", "en", people.Outreach, people.Instructor}, {"omar", "en", people.LawEnforcement, people.Trainee},
	} {
		id, err := h.people.AddPerson(t.Context(), people.System(p.sector), people.NewPerson{GivenName: p.name, FamilyName: "Lake",
			Email: strings.TrimPrefix(p.name, "<script>") + "@example.org", Language: p.lang, Roles: []people.Role{p.role}})
		h.must(err)
		h.seen[p.name] = people.Presence{Viewer: people.Seen(id, p.sector, []people.Role{p.role}, nil), Name: p.name, Language: p.lang,
			Home: p.sector, Standings: []people.Sector{p.sector}}
	}
	h.cohort = h.makeCohort(teach, classes, people.Outreach, "maya", "luz", "<script>al")
	h.makeCohort(teach, classes, people.LawEnforcement, "omar")
	h.must(classes.Appoint(t.Context(), people.System(people.Outreach), h.cohort, h.viewer("ruth").Person(), cohorts.Lead))
	var err error
	h.app, err = web.New(web.Options{
		BaseURL: "http://localhost:8080", Key: []byte("0123456789abcdef0123456789abcdef"), Now: now,
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Presence: func(_ context.Context, token string) (people.Presence, error) {
			if p, ok := h.seen[token]; ok {
				return p, nil
			}
			return people.Presence{}, fault.NotFound
		},
		ByAPIToken: func(_ context.Context, token string) (people.Presence, []string, error) {
			if p, ok := h.seen[token]; ok {
				return p, people.Scopes, nil
			}
			return people.Presence{}, nil, fault.NotFound
		},
		Words: []fs.FS{content.Words, courses.Words, cohorts.Words, assessment.Words},
	})
	h.must(err)
	pages.Routes(h.app, h.Store, classes, texts)
	return h
}

func (h *house) makeCohort(teach courses.Store, classes cohorts.Store, sector people.Sector, trainees ...string) cohorts.CohortID {
	h.Helper()
	edition, err := teach.EditionInForce(h.Context(), people.System(sector), "PUT", "2026-11-24")
	h.must(err)
	id, err := classes.Make(h.Context(), people.System(sector), cohorts.Plan{EditionID: edition.ID, FirstDay: "2026-11-03",
		Days: []string{"tue"}, Start: "09:00", Mode: cohorts.InRoom})
	h.must(err)
	for _, name := range trainees {
		h.enrolments[name], err = classes.Enroll(h.Context(), people.System(sector), id, h.viewer(name).Person())
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
	request.Header.Set("Cookie", "academy="+as)
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

var tokenPattern = regexp.MustCompile(`name="_csrf" value="([^"]+)"`)

// token is the form token of a session: every page for who is signed in carries it,
// that of what is not there, too.
func (h *house) token(as string) string {
	h.Helper()
	found := tokenPattern.FindStringSubmatch(h.ask(as, "GET", "/nowhere", nil).body)
	if found == nil {
		h.Fatalf("no form token for %s", as)
	}
	return found[1]
}

// start begins an attempt through the door and gives its address.
func (h *house) start(as, module string) string {
	h.Helper()
	a := h.ask(as, "POST", "/modules/"+module+"/check", url.Values{})
	if a.StatusCode != 303 || !strings.HasPrefix(a.Header.Get("Location"), "/attempts/") {
		h.Fatalf("start: %d to %q", a.StatusCode, a.Header.Get("Location"))
	}
	return a.Header.Get("Location")
}

// wants checks status and text.
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
}

func TestCheckIsStartedAnsweredHandedInAndShown(t *testing.T) {
	each(t, func(h *house) {
		h.wants("start page", h.ask("maya", "GET", "/modules/t07/check", nil), 200, "10 questions", "2 tries left", "No clock", "<title>Check · Peace Academy</title>")
		attempt := h.start("maya", "t07")
		if again := h.start("maya", "T07"); again != attempt {
			h.Errorf("a second tap began %s", again)
		}
		page := h.ask("maya", "GET", attempt, nil)
		h.wants("attempt", page, 200, "Question 1 of 10", `name="seen.t07-q1" value="0"`, "0 of 10 answered", "!checked", "!A right answer")
		if page.Header.Get("Cache-Control") != "no-store" {
			h.Errorf("an attempt may be kept by the device: %q", page.Header.Get("Cache-Control"))
		}
		h.wants("hand-in of nothing", h.ask("maya", "POST", attempt+"/submission", url.Values{"device": {"tab"}}), 200, "10 questions have no answer", "Hand in anyway")

		form := url.Values{"device": {"tab"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"1"}, "to": {"q-t07-q1"}}
		if a := h.ask("maya", "POST", attempt+"/answers", form); a.StatusCode != 303 || a.Header.Get("Location") != attempt+"?saved=1#q-t07-q1" {
			h.Errorf("saved by the form: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.wants("after saving", h.ask("maya", "GET", attempt+"?saved=1", nil), 200, "Your answers are saved.", `name="seen.t07-q1" value="1"`, "1 of 10 answered", "Saved 12:00")
		if a := h.ask("maya", "POST", attempt+"/submission", url.Values{"device": {"tab"}, "sure": {"yes"}}); a.Header.Get("Location") != attempt+"/result" {
			h.Errorf("handed in: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.wants("result", h.ask("maya", "GET", attempt+"/result", nil), 200, "of 10 right", "Receipt", "1 answer to 10 questions", "You have another try", "!A right answer")
		if a := h.ask("maya", "GET", attempt, nil); a.Header.Get("Location") != attempt+"/result" {
			h.Errorf("a finished attempt: %d", a.StatusCode)
		}
		h.wants("start page after", h.ask("maya", "GET", "/modules/t07/check", nil), 200, "1 try left", "Your tries so far")
	})
}

func TestScriptIsToldOfEachAnswerAndOfWhatWasFirst(t *testing.T) {
	each(t, func(h *house) {
		attempt := h.start("maya", "t07")
		send := func(device, seen, choice string) (int, map[string]any) {
			a := h.ask("maya", "POST", attempt+"/answers", url.Values{"one": {"t07-q1"}, "device": {device}, "seen.t07-q1": {seen}, "a.t07-q1": {choice}}, "Accept", "application/json")
			told := map[string]any{}
			if err := json.Unmarshal([]byte(a.body), &told); err != nil {
				h.Errorf("%d %s", a.StatusCode, a.body)
			}
			return a.StatusCode, told
		}
		for range 2 {
			if status, told := send("phone", "0", "2"); status != 200 || told["version"] != 1.0 || told["at"] != "2026-11-24T18:00:00Z" {
				h.Errorf("saved: %d %v", status, told)
			}
		}
		status, told := send("laptop", "0", "0")
		if choices, ok := told["choices"].([]any); status != 409 || told["version"] != 1.0 || told["device"] != "phone" || !ok || len(choices) != 1 || choices[0] != 2.0 {
			h.Errorf("too late: %d %v", status, told)
		}
		h.wants("the page tells of it", h.ask("maya", "GET", attempt, nil), 200, "Sent from another page at 12:00")
		h.wants("a plain form that is too late", h.ask("maya", "POST", attempt+"/answers", url.Values{"device": {"old"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"1"}}), 409,
			"Another page or phone had saved an answer first")
		h.must(h.Submit(h.Context(), h.viewer("maya"), assessment.AttemptID(strings.TrimPrefix(attempt, "/attempts/")), true))
		if status, told := send("phone", "1", "0"); status != 409 || told["finished"] != true {
			h.Errorf("after the hand-in: %d %v", status, told)
		}
		h.wants("the result tells of it", h.ask("maya", "GET", attempt+"/result", nil), 200, "Sent from another page at 12:00")
	})
}

func TestFormsOfOthersHandsAreTurnedDown(t *testing.T) {
	each(t, func(h *house) {
		attempt := h.start("maya", "t07")
		for name, form := range map[string]url.Values{
			"a version that is no number":  {"device": {"x"}, "one": {"t07-q1"}, "seen.t07-q1": {"one"}, "a.t07-q1": {"1"}},
			"a choice that is no number":   {"device": {"x"}, "one": {"t07-q1"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"<script>"}},
			"a choice that does not exist": {"device": {"x"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"99"}},
			"a device's name of a page":    {"device": {strings.Repeat("x", 65)}, "seen.t07-q1": {"0"}, "a.t07-q1": {"1"}},
		} {
			h.wants(name, h.ask("maya", "POST", attempt+"/answers", form), 422, "!<script>")
		}
		h.wants("a question of no quiz", h.ask("maya", "POST", attempt+"/answers", url.Values{"device": {"x"}, "one": {"q"}, "seen.q": {"0"}, "a.q": {"1"}}), 404)
		to := h.ask("maya", "POST", attempt+"/answers", url.Values{"device": {"x"}, "to": {"https://elsewhere.example"}})
		if to.Header.Get("Location") != attempt+"?saved=1#main" {
			h.Errorf("sent to %q", to.Header.Get("Location"))
		}
	})
}

// Every route, as the right person, the wrong one and nobody. What is not theirs is
// answered exactly like what never was.
func TestWhoSeesWhat(t *testing.T) {
	each(t, func(h *house) {
		attempt := h.start("maya", "t19")
		mayas := "/enrolments/" + string(h.enrolments["maya"])
		class := "/cohorts/" + string(h.cohort)
		for _, row := range []struct {
			method, path, never string
			form                url.Values
			may, not            []string
			status              int
		}{
			{"GET", "/modules/t19/check", "/modules/t99/check", nil, []string{"maya", "luz"}, []string{"omar", "ruth"}, 200},
			{"POST", "/modules/t19/check", "/modules/t99/check", url.Values{}, []string{"luz"}, []string{"omar", "ruth"}, 303},
			{"POST", "/modules/t19/check/rereading", "/modules/t99/check/rereading", url.Values{}, []string{"maya"}, []string{"omar", "ruth"}, 303},
			{"GET", attempt, "/attempts/never", nil, []string{"maya"}, []string{"omar", "luz", "ruth"}, 200},
			{"POST", attempt + "/answers", "/attempts/never/answers", url.Values{"device": {"x"}, "seen.t19-q1": {"0"}, "a.t19-q1": {"0"}}, []string{"maya"}, []string{"omar", "luz", "ruth"}, 303},
			{"GET", attempt + "/result", "/attempts/never/result", nil, []string{"maya"}, []string{"omar", "luz", "ruth"}, 303},
			{"POST", attempt + "/submission", "/attempts/never/submission", url.Values{"sure": {"yes"}}, []string{"maya"}, []string{"omar", "luz", "ruth"}, 303},
			{"POST", attempt + "/pauses", "/attempts/never/pauses", url.Values{}, nil, []string{"omar", "luz", "ruth"}, 0},
			{"POST", attempt + "/resumption", "/attempts/never/resumption", url.Values{}, nil, []string{"omar", "luz", "ruth"}, 0},
			{"POST", attempt + "/requests", "/attempts/never/requests", url.Values{}, nil, []string{"omar", "luz", "ruth"}, 0},
			{"GET", class + "/allowances", "/cohorts/never/allowances", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"POST", class + "/allowances", "/cohorts/never/allowances", url.Values{"enrolment": {string(h.enrolments["luz"])}, "kind": {"tries"}, "amount": {"1"}, "reason": {"agreed"}, "line": {"x"}}, []string{"ruth"}, []string{"omar", "maya"}, 303},
			{"POST", class + "/allowances/removal", "/cohorts/never/allowances/removal", url.Values{"allowance": {"never"}}, nil, []string{"omar", "maya"}, 0},
			{"GET", class + "/gradebook", "/cohorts/never/gradebook", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"POST", class + "/gradebook/search", "/cohorts/never/gradebook/search", url.Values{"name": {"ma"}}, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"GET", class + "/gradebook/file", "/cohorts/never/gradebook/file", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"GET", class + "/gradebook/workbook", "/cohorts/never/gradebook/workbook", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"GET", class + "/gradebook/import", "/cohorts/never/gradebook/import", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"POST", class + "/gradebook/import", "/cohorts/never/gradebook/import", url.Values{}, []string{"ruth"}, []string{"omar", "maya"}, 422},
			{"POST", class + "/gradebook/intake", "/cohorts/never/gradebook/intake", url.Values{"text": {"place,column,current,new\n"}, "reason": {"other"}}, []string{"ruth"}, []string{"omar", "maya"}, 303},
			{"GET", mayas + "/grades", "/enrolments/never/grades", nil, []string{"ruth"}, []string{"omar", "luz", "maya"}, 200},
			{"GET", mayas + "/grades/quiz.t19", "/enrolments/never/grades/quiz.t19", nil, []string{"ruth"}, []string{"omar", "luz", "maya"}, 200},
			{"POST", mayas + "/grades/quiz.t19", "/enrolments/never/grades/quiz.t19", url.Values{"kind": {"override"}, "percent": {"80"}, "reason": {"other"}, "seen": {"0"}}, []string{"ruth"}, []string{"omar", "luz", "maya"}, 303},
			{"GET", class + "/results", "/cohorts/never/results", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"GET", class + "/results/t19", "/cohorts/never/results/t19", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"GET", "/modules/t19/check/figures", "/modules/t99/check/figures", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"GET", class + "/practicals", "/cohorts/never/practicals", nil, []string{"ruth"}, []string{"omar", "maya"}, 200},
			{"GET", mayas + "/practicals", "/enrolments/never/practicals", nil, []string{"ruth", "maya"}, []string{"omar", "luz"}, 200},
			{"POST", mayas + "/practicals", "/enrolments/never/practicals", url.Values{"practical": {"nothing"}, "level": {"practised"}}, nil, []string{"omar", "luz"}, 404},
			{"POST", mayas + "/talks", "/enrolments/never/talks", url.Values{"module": {"T19"}}, []string{"ruth"}, []string{"omar", "luz"}, 409},
		} {
			for _, name := range row.not {
				got, never := h.ask(name, row.method, row.path, row.form), h.ask(name, row.method, row.never, row.form)
				if got.StatusCode != 404 || got.body != never.body {
					h.Errorf("%s %s as %s: %d, one that never was: %d, the same bytes: %v", row.method, row.path, name, got.StatusCode, never.StatusCode, got.body == never.body)
				}
			}
			nobody := httptest.NewRequest(row.method, "http://localhost:8080"+row.path, nil)
			response, err := h.app.Test(nobody)
			h.must(err)
			if want := map[string]int{"GET": 303, "POST": 403}[row.method]; response.StatusCode != want {
				h.Errorf("%s %s as nobody: %d", row.method, row.path, response.StatusCode)
			}
			for _, name := range row.may {
				h.wants(row.method+" "+row.path+" as "+name, h.ask(name, row.method, row.path, row.form), row.status)
			}
		}
	})
}

func TestInstructorReadsResultsAndRecordsPracticals(t *testing.T) {
	each(t, func(h *house) {
		class := "/cohorts/" + string(h.cohort)
		attempt := h.start("maya", "t07")
		h.ask("maya", "POST", attempt+"/submission", url.Values{"sure": {"yes"}})
		h.wants("results", h.ask("ruth", "GET", class+"/results", nil), 200, "maya L.", "luz L.", "1 of 3 has tried", "!<script>al", "&lt;script&gt;al", `class="histogram"`, "!<title>maya")
		h.wants("items", h.ask("ruth", "GET", class+"/results/t07", nil), 200, "0 percent right: 0 of 1", "picked by 0 of 1", `href="/modules/t07/check/figures"`)
		h.wants("figures", h.ask("ruth", "GET", "/modules/t07/check/figures", nil), 200, "Too few tries to say", "One person has taken this version", "!scatter")

		practice, err := h.PracticalsOf(h.Context(), h.viewer("ruth"), h.enrolments["maya"])
		h.must(err)
		if len(practice.Skills) == 0 {
			h.Fatal("the edition asks for no practical")
		}
		skill, address := practice.Skills[0].ID, "/enrolments/"+string(h.enrolments["maya"])+"/practicals"
		h.wants("the page chooses nothing", h.ask("ruth", "GET", address, nil), 200, "Demonstrated", "!checked", "Not seen yet")
		for range 2 { // a form sent twice
			form := url.Values{"practical": {skill}, "level": {"demonstrated"}, "line": {"tap"}}
			if a := h.ask("ruth", "POST", address, form); a.StatusCode != 303 || a.Header.Get("Location") != address+"?recorded="+skill+"#p-"+skill {
				h.Errorf("recorded: %d to %q", a.StatusCode, a.Header.Get("Location"))
			}
		}
		h.wants("recorded", h.ask("ruth", "GET", address+"?recorded="+skill, nil), 200, "Recorded.", "1 record", "ruth")
		h.wants("her own page", h.ask("maya", "GET", address, nil), 200, "My practical skills", `!name="level"`)
		h.wants("her own record", h.ask("maya", "POST", address, url.Values{"practical": {skill}, "level": {"demonstrated"}}), 403)
		h.wants("no level", h.ask("ruth", "POST", address, url.Values{"practical": {skill}}), 422)
		h.wants("the class", h.ask("ruth", "GET", class+"/practicals", nil), 200, "maya L.", "Demonstrated", "1 of 3 has shown it", "!<script>al", "&lt;script&gt;al")
		byOne := class + "/practicals?skill=" + skill
		h.wants("one skill of everyone", h.ask("ruth", "GET", byOne, nil), 200, "maya L.", "luz L.", "1 of 3 has shown it", "!checked", "!<script>al", "&lt;script&gt;al")
		h.wants("no such skill", h.ask("ruth", "GET", class+"/practicals?skill=juggling", nil), 404)
		luz := string(h.enrolments["luz"])
		form := url.Values{"practical": {skill}, "level": {"not_yet"}, "line": {"next tap"}, "from": {string(h.cohort)}}
		if a := h.ask("ruth", "POST", "/enrolments/"+luz+"/practicals", form); a.StatusCode != 303 || a.Header.Get("Location") != byOne+"#e-"+luz {
			h.Errorf("recorded: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.wants("not yet is not shown", h.ask("ruth", "GET", byOne, nil), 200, "1 of 3 has shown it", `tag-due`)
	})
}

func TestPagesSpeakSpanish(t *testing.T) {
	each(t, func(h *house) {
		h.wants("start page", h.ask("luz", "GET", "/modules/t07/check", nil), 200, "Prueba: bajar la tensión", "Le quedan 2 intentos", "10 preguntas", `lang="es"`)
		attempt := h.start("luz", "t07")
		h.wants("attempt", h.ask("luz", "GET", attempt, nil), 200, "Pregunta 1 de 10", "Entregar", "!Hand in")
		h.ask("luz", "POST", attempt+"/submission", url.Values{"sure": {"yes"}})
		h.wants("result", h.ask("luz", "GET", attempt+"/result", nil), 200, "0 de 10 correctas", "Comprobante", "Sin respuesta")
	})
}

func TestEnglishQuestionsAreMarkedForWhoReadsInSpanish(t *testing.T) {
	each(t, func(h *house) {
		omar := h.seen["omar"]
		omar.Language = "es"
		h.seen["omar"] = omar
		const said = "Por ahora las preguntas están en inglés"
		h.wants("start page", h.ask("omar", "GET", "/modules/t20/check", nil), 200, `<h1 lang="en">`, said)
		attempt := h.start("omar", "t20")
		h.wants("attempt", h.ask("omar", "GET", attempt, nil), 200, `<h1 lang="en">`, `id="s-t20-q1" lang="en"`, `class="choice-words" lang="en"`, said)
		h.ask("omar", "POST", attempt+"/submission", url.Values{"sure": {"yes"}})
		h.wants("result", h.ask("omar", "GET", attempt+"/result", nil), 200, `<h1 lang="en">`, `class="question" lang="en"`, `class="feedback" lang="en"`, said)
		h.wants("questions in Spanish", h.ask("luz", "GET", h.start("luz", "t07"), nil), 200, `<h1>`, `id="s-t07-q1">`, "!"+said)
	})
}
