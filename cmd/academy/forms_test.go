package main_test

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// sent is a form as it stands on a page: where it goes and what its fields hold.
type sent struct {
	action string
	fields url.Values
	typed  []string // fields that somebody writes into
	others []string // hidden ones, and those that offer a choice
}

var (
	pageRef = regexp.MustCompile(`href="(/[^"#]*)`)
	idPart  = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}`)
)

func attributes(node *html.Node) map[string]string {
	all := map[string]string{}
	for _, a := range node.Attr {
		all[a.Key] = a.Val
	}
	return all
}

// forms reads the forms of a page that change something, files apart.
func (b *browser) forms(body string) (all []sent) {
	b.t.Helper()
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	for node := range root.Descendants() {
		if of := attributes(node); node.Data == "form" && of["method"] == "post" && of["enctype"] == "" {
			f := sent{action: of["action"], fields: url.Values{}}
			for field := range node.Descendants() {
				f.take(field)
			}
			all = append(all, f)
		}
	}
	return all
}

// take reads one field with what it holds, or what somebody would put there.
func (f *sent) take(field *html.Node) {
	has := attributes(field)
	name, value, kind := has["name"], has["value"], has["type"]
	if name == "" || name == "_csrf" || f.fields.Has(name) {
		return
	}
	switch {
	case field.Data == "select":
		for option := range field.Descendants() {
			if value == "" {
				value = attributes(option)["value"]
			}
		}
		f.others = append(f.others, name)
	case field.Data == "button", kind == "hidden", kind == "radio", kind == "checkbox":
		f.others = append(f.others, name)
	case field.Data != "input" && field.Data != "textarea":
		return
	default:
		f.typed = append(f.typed, name)
		if usual := map[string]string{"date": "2026-12-01", "time": "09:00", "number": "1", "email": "some@example.org", "tel": "312-555-0142"}; value == "" {
			value = cmp.Or(usual[kind], "something")
		}
	}
	f.fields.Set(name, value)
}

// walk goes through the pages that somebody can reach and gives each kind of form once.
func (b *browser) walk() map[string]sent {
	b.t.Helper()
	seen, kinds, todo := map[string]bool{}, map[string]sent{}, []string{"/"}
	for len(todo) > 0 && len(seen) < 200 {
		page := todo[0]
		todo = todo[1:]
		path, _, _ := strings.Cut(page, "?")
		if kind := idPart.ReplaceAllString(path, "ID"); !seen[kind] && !strings.HasPrefix(page, "/static/") {
			seen[kind] = true
			body := b.get(page).body
			for _, f := range b.forms(body) {
				kinds[idPart.ReplaceAllString(f.action, "ID")] = f
			}
			for _, m := range pageRef.FindAllStringSubmatch(body, -1) {
				todo = append(todo, html.UnescapeString(m[1]))
			}
		}
	}
	return kinds
}

// stays are the forms after which somebody would be gone from the Academy, and could send
// no more.
var stays = []string{"/sign-out", "/me/devices/removal", "/me/secret", "/people/ID/closure"}

const aMillion = "a million letters"

// poisons are what no field expects. The last is as much as a form may have.
var poisons = map[string]string{
	"NULs":           "a\x00b\x00",
	"broken letters": "Ren\xe9 \xff\xfe \xed\xa0\x80",
	aMillion:         strings.Repeat("word ", 200_000),
	"controls":       "\r\nSet-Cookie: a=b\r\n\u202e\u2028\x1b[2J",
}

// Every field that somebody can write into, on every page that they can reach, takes text
// that no field expects, one at a time. Whatever it is, it is taken or refused with a
// page that says so; a million letters are stored nowhere.
func TestHostileTextInEveryField(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		r := s.serve()
		names := []string{s.lead, s.teachers[0], s.trainees[0], ""}
		tried, done := 0, map[string]bool{}
		for _, name := range names {
			b := r.browser()
			if b.open("/sign-in"); name != "" {
				b.signIn(name)
			}
			if name == s.trainees[0] {
				b.post("/modules/t91/check", nil) // whose form is another page then
			}
			for kind, f := range b.walk() {
				if done[kind] || slices.Contains(stays, kind) {
					continue
				}
				done[kind] = true
				for _, field := range slices.Concat(f.typed, f.others) {
					tried++
					for what, poison := range poisons {
						if what != aMillion || slices.Contains(f.typed, field) {
							b.poison(f, field, what, poison)
						}
					}
				}
			}
			if name != "" && b.get("/me").status != 200 {
				t.Errorf("%s is signed in no more: what came after that tried nothing", name)
			}
		}
		if tried < 60 {
			t.Errorf("only %d fields were found", tried)
		}
		t.Logf("%d fields", tried)
		s.askOddly(r)
		r.end()
		if text := r.err.String(); text != "" {
			t.Errorf("the log tells of errors:\n%.3000s", text)
		}
		s.inside(func(ctx context.Context, a *app.Academy) {
			var longest int
			s.ok(a.DB.NewRaw(`SELECT max(length(given_name || family_name || coalesce(chosen_name, ''))) FROM persons`).Scan(ctx, &longest))
			if longest > 1000 {
				t.Errorf("a name of %d letters is stored", longest)
			}
		})
	})
}

// askOddly asks for addresses that lead nowhere, in pages and in the API.
func (s *school) askOddly(r *running) {
	s.t.Helper()
	lead := r.browser()
	lead.signIn(s.lead)
	made := academy(s.t, append([]string{"token", "--person", s.lead, "--sector", string(outreach), "--scope", "read"}, s.to()[:4]...)...).ok(s.t)
	for _, odd := range []string{"%00", "%ff", "%ed%a0%80", "%27%00%27", strings.Repeat("a", 5000)} {
		for _, path := range []string{"/modules/", "/people/", "/people?after=", "/cohorts/", "/cohorts?after=", "/enrolments/", "/sessions/", "/courses/", "/c/", "/credentials/", "/attempts/",
			"/verify?x=", "/register?q=", "/sign-in?next=", "/invitation/", "/copies/", "/calendar/",
			"/api/v1/cohorts/", "/api/v1/cohorts?after=", "/api/v1/modules/", "/api/v1/courses/", "/api/v1/verify/", "/api/v1/search?q="} {
			request := lead.request(http.MethodGet, path+odd, nil)
			if strings.HasPrefix(path, "/api/") {
				request.Header.Set("Authorization", "Bearer "+strings.TrimSpace(made.out))
			}
			if a, err := lead.try(request); err != nil || a.status >= 500 || a.status == http.StatusUnauthorized {
				s.t.Errorf("%s%.20s: %d, %v", path, odd, a.status, err)
			}
		}
	}
}

func (b *browser) poison(f sent, field, what, poison string) {
	b.t.Helper()
	form := url.Values{}
	for name, values := range f.fields {
		form[name] = values
	}
	form.Set(field, poison)
	a, err := b.try(b.form(f.action, form))
	switch {
	case err != nil:
		b.t.Errorf("%s in %s of %s: %v", what, field, f.action, err)
	case a.status >= 500, a.status >= 400 && !strings.Contains(a.body, "<h1") && !strings.HasPrefix(a.body, "{"):
		b.t.Errorf("%s in %s of %s: %d\n%.300s", what, field, f.action, a.status, a.body)
	case what == aMillion && a.status < 400 && !strings.HasSuffix(f.action, "search"):
		b.t.Errorf("%s in %s of %s: %d", what, field, f.action, a.status)
	case strings.Contains(fmt.Sprint(a.header), "Set-Cookie:[a=b"):
		b.t.Errorf("%s in %s of %s makes a header of its own: %v", what, field, f.action, a.header)
	}
}

// A form that comes twice, as from a finger that presses twice or a line that breaks after
// the answer has left, is kept once, and both are told the same.
func TestAFormThatComesTwiceIsKeptOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		r := s.serve()
		w, next := s.trainee(r)
		first, again := w.answers(next), w.answers(next)
		if first.status != 200 || first.status != again.status || first.body != again.body {
			t.Errorf("an answer: %d %s, then %d %s", first.status, first.body, again.status, again.body)
		}
		teacher := r.browser()
		teacher.signIn(s.teachers[0])
		mark := url.Values{"enrolment": {string(s.enrolments[0])}, "mark": {"late"}, "minutes": {"20"}, "line": {database.NewID()}}
		path := "/sessions/" + string(s.session) + "/marks"
		first, again = teacher.post(path, mark), teacher.post(path, mark)
		if first.status != 303 || again.status != 303 || first.header.Get("Location") != again.header.Get("Location") {
			t.Errorf("a mark: %d to %q, then %d to %q", first.status, first.header.Get("Location"), again.status, again.header.Get("Location"))
		}
		lead := r.browser()
		lead.signIn(s.lead)
		person := url.Values{"given_name": {"Twice"}, "family_name": {"Invented"}, "name": {"twice@example.org"}, "email": {"twice@example.org"}, "role": {"trainee"}}
		first, again = lead.post("/people", person), lead.post("/people", person)
		if first.status != 303 || again.status >= 500 {
			t.Errorf("a person: %d\n%.600s\nthen %d", first.status, first.body, again.status)
		}
		r.end()
		s.inside(func(ctx context.Context, a *app.Academy) {
			for what, query := range map[string]string{
				"answers": `SELECT count(*) FROM answers WHERE question_id = 't91-q1' AND version = 2`,
				"marks":   `SELECT count(*) FROM marks`,
				"persons": `SELECT count(*) FROM persons WHERE given_name = 'Twice'`,
			} {
				var kept int
				s.ok(a.DB.NewRaw(query).Scan(ctx, &kept))
				if kept != 1 {
					t.Errorf("%d %s are kept of a form that came twice", kept, what)
				}
			}
		})
	})
}

// A form from before one signed in again is refused with a sentence and changes nothing;
// an answer built on an older one is refused and kept beside what counts; what is wrong in
// a form comes back with what was typed.
func TestAStaleFormLosesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s *school) {
		r := s.serve()
		w, next := s.trainee(r)
		if a := w.answers(next); a.status != 200 {
			t.Fatalf("an answer: %d", a.status)
		}
		old := url.Values{"device": {"old-phone"}, "seen." + next.subject: {"1"}, "a." + next.subject: {"1"}}
		if a := w.post("/attempts/"+w.attempt+"/answers", old); a.status != 409 || !strings.Contains(a.body, "Another page or phone had saved an answer first") {
			t.Errorf("an older page: %d\n%.600s", a.status, a.body)
		}
		again := r.browser()
		again.signIn(s.trainees[0])
		now := again.token
		again.token = w.token
		a := again.post("/attempts/"+w.attempt+"/answers", url.Values{"device": {"old-phone"}, "seen." + next.subject: {"2"}, "a." + next.subject: {"0"}})
		if a.status != http.StatusForbidden || !strings.Contains(a.body, "This form is out of date") || !strings.Contains(a.body, "Go back, load the page again") {
			t.Errorf("a form of an older session: %d\n%.600s", a.status, a.body)
		}
		if a.header.Get("Location") != "" || strings.Contains(fmt.Sprint(a.header.Values("Set-Cookie")), "academy=;") {
			t.Errorf("it ends the session, or leads away from what was typed: %v", a.header)
		}
		again.token = now
		if a := again.post("/attempts/"+w.attempt+"/answers", url.Values{"device": {"old-phone"}, "seen." + next.subject: {"2"}, "a." + next.subject: {"0"}}); a.status != 303 {
			t.Errorf("the same from a page that was loaded again: %d", a.status)
		}
		lead := r.browser()
		lead.signIn(s.lead)
		if a := lead.post("/people", url.Values{"given_name": {"Kept as typed"}, "family_name": {"Invented"}, "name": {s.lead}, "email": {s.lead}, "role": {"trainee"}}); a.status < 400 || a.status >= 500 || !strings.Contains(a.body, "Kept as typed") {
			t.Errorf("a form that comes back: %d\n%.900s", a.status, a.body)
		}
		r.end()
		s.inside(func(ctx context.Context, a *app.Academy) {
			var counts, refused int
			s.ok(a.DB.NewRaw(`SELECT (SELECT version FROM current_answers WHERE question_id = ?), (SELECT count(*) FROM answers WHERE question_id = ? AND refused)`,
				next.subject, next.subject).Scan(ctx, &counts, &refused))
			if counts != 3 || refused != 1 {
				t.Errorf("version %d counts and %d refused answers are kept, want 3 and 1", counts, refused)
			}
		})
	})
}
