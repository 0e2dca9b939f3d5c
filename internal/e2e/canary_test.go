package e2e

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// wall is one demo with its canaries hung up, its tables watched, and everybody at its door.
type wall struct {
	*testing.T
	a        *app.Academy
	canaries *canaries
	watched  *watched
	visitors []*visitor

	forms  map[people.Sector]map[string]form // of those who may send them, by their shape
	own    map[*visitor]map[string]form      // that a visitor was shown, by their shape
	sung   map[people.Sector]map[string]bool // kinds of canaries that their own side has read
	ids    map[people.Sector]map[string]string
	stages map[people.Sector]*stage

	learns map[people.PersonID]bool // who has a place in a cohort
	staff  map[people.PersonID]bool // who works for the employer of hr and said yes to it
	count  int
}

// TestAcrossSectorsNothingExists asks every route, by every method that it has, as every
// account, as who bridges in each standing and as nobody, for what belongs to the other
// side. Nobody reads a canary; nothing is written; and the whole answer is the one for an
// identifier that never existed. What crosses the wall is named in exceptions.
func TestAcrossSectorsNothingExists(t *testing.T) {
	var boxes sync.Map // by their addresses
	onBoth(t, func(t *testing.T, a *app.Academy) {
		w := &wall{T: t, a: a, forms: map[people.Sector]map[string]form{}, own: map[*visitor]map[string]form{}, sung: map[people.Sector]map[string]bool{}}
		w.prepare()
		for _, v := range w.visitors {
			w.walk(v)
		}
		w.everyChangeHasAForm()
		w.calendars()
		w.watched.changes() // a walk opens records, and that is noted
		w.jointWindow()
		w.openings()
		before := fingerprint(t, a.DB)
		w.watched.changes()
		for _, v := range w.visitors {
			w.askForOthers(v)
			w.sendForOthers(v)
			w.sendOwnWithOthers(v)
		}
		for _, table := range differ(before, fingerprint(t, a.DB)) {
			t.Errorf("asking for what is the other side's changed %s", table)
		}
		w.rightly(isFirst)
		for _, v := range w.visitors {
			w.typeOthers(v)
		}
		w.rightly(func(pattern string) bool { return !isFirst(pattern) })
		if post, is := boxes.Load(a.Config.SMTP); is {
			w.listen(post.(*box))
		}
		w.everyCanarySang()
		t.Logf("%d pairs of questions", w.count)
	}, func(c *app.Config) {
		post := openBox(t)
		boxes.Store(post.address, post)
		c.SMTP = post.address
	})
}

func (w *wall) prepare() {
	w.Helper()
	w.stages = setStage(w.T, w.a)
	w.visitors = everybody(w.T, w.a)
	w.canaries = hang(w.T, w.a)
	w.writes()
	w.ids = map[people.Sector]map[string]string{}
	for _, sector := range []people.Sector{people.Outreach, people.LawEnforcement} {
		w.ids[sector] = w.identifiers(sector)
	}
	w.learns, w.staff = w.personsOf(`SELECT person_id, sector FROM enrolments`), w.personsOf(saidYes)
	if len(w.staff) == 0 {
		w.Error("nobody said yes to the employer of hr")
	}
	w.watched = watchTables(w.T, w.a.DB)
	// A device that was just seen is not noted as seen again: what a request asks of the
	// database is then the same each time.
	if _, err := w.a.DB.NewRaw(`UPDATE sign_ins SET seen_at = ends_at`).Exec(context.Background()); err != nil {
		w.Fatal(err)
	}
}

// saidYes are the people who work today for the employer that hr looks after and let it
// see one of their places.
const saidYes = `SELECT c.person_id, p.sector FROM consents AS c JOIN persons AS p ON p.id = c.person_id
	JOIN employments AS e ON e.person_id = c.person_id AND e.organisation_id = c.organisation_id AND e.ends_on IS NULL
	JOIN grants AS g ON g.organisation_id = c.organisation_id AND g.role = 'partner_hr'
	JOIN sign_in_names AS n ON n.person_id = g.person_id AND n.name = 'hr@demo.test'
	WHERE c.shares AND c.ended_at IS NULL AND p.sector = 'outreach'`

func (w *wall) personsOf(query string) map[people.PersonID]bool {
	w.Helper()
	persons := map[people.PersonID]bool{}
	for _, row := range pairs(w.T, w.a.DB, query) {
		persons[people.PersonID(row.Text)] = true
	}
	return persons
}

// question is one request in two wordings: for what belongs to the other side, and for
// what never existed.
type question struct {
	method, theirs, nobodys string
	kind                    string // of the body
	body, otherBody         string
	never                   map[string]string // what stands in the second for what in the first
	typed                   bool              // one's own record is written, in the same way each time
}

// ask sends both and fails where one can be told from the other.
func (w *wall) ask(v *visitor, q question) {
	w.Helper()
	w.count++
	wrong := w.differences(v, q)
	if len(wrong) == 1 && strings.HasPrefix(wrong[0], "asks ") {
		wrong = w.differences(v, q) // an edition is read once in the life of a process
	}
	for _, one := range wrong {
		w.Errorf("%s: %s %s: %s", v.name, q.method, q.theirs, one)
	}
}

func (w *wall) differences(v *visitor, q question) []string {
	w.Helper()
	one := v.sendBody(q.method, q.theirs, q.kind, strings.NewReader(q.body))
	wrote := w.watched.changes()
	w.forget(v, q)
	other := v.sendBody(q.method, q.nobodys, q.kind, strings.NewReader(q.otherBody))
	wroteToo := w.watched.changes()
	w.forget(v, q)
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, fmt.Sprintf(format, args...)) }
	if !q.typed && len(wrote) > 0 {
		say("wrote: %v", wrote)
	}
	if !slices.Equal(wrote, wroteToo) {
		say("wrote %v, for nobody's %v", wrote, wroteToo)
	}
	if one.status != other.status {
		say("answers %d, for nobody's %d", one.status, other.status)
	}
	if one.queries != other.queries {
		say("asks %d queries, for nobody's %d", one.queries, other.queries)
	}
	theirs, nobodys := w.blind(one, q.never, true), w.blind(other, q.never, false)
	if theirs != nobodys {
		say("tells it from nobody's: %s", parting(theirs, nobodys))
	}
	w.canaries.find(theirs, func(c canary) {
		if !c.allowed(v.sector) {
			say("tells %s", c)
		}
	})
	return wrong
}

// made are what is made anew for each answer: a browser's first cookie and the forms'
// keys that go with it, the key of a form that counts once, a receipt, and the time.
var made = []*regexp.Regexp{
	regexp.MustCompile(`visitor=([A-Z2-7]+)`), regexp.MustCompile(`name="(?:line|device|receipt)" value="([^"]*)`),
	regexp.MustCompile(`"checkedAt":"([^"]*)`), regexp.MustCompile(`<time[^>]*>[^<]*</time>`), regexp.MustCompile(`\b[A-Z2-7]{26}\b`),
	regexp.MustCompile(`\bR-[0-9A-Z]{8}-[0-9A-Z]{8}\b`),
}

// blind is an answer as text, without the identifiers that were asked for (the reader
// sent them), without the time, and without keys made while answering.
func (w *wall) blind(a answer, never map[string]string, theirs bool) string {
	var text strings.Builder
	fmt.Fprintln(&text, a.status)
	names := make([]string, 0, len(a.header))
	for name := range a.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if name != "Date" && name != "Content-Length" {
			fmt.Fprintln(&text, name, a.header[name])
		}
	}
	text.WriteString(a.body)
	out := text.String()
	for one, other := range never {
		asked := other
		if theirs {
			asked = one
		}
		for _, written := range []string{asked, url.QueryEscape(asked), url.PathEscape(asked)} {
			out = replaceWhole(out, written, "•")
		}
	}
	for _, key := range keysIn(out) {
		if _, known := w.canaries.keys[key]; !known {
			out = strings.ReplaceAll(out, key, "◦")
		}
	}
	for _, one := range made {
		out = one.ReplaceAllString(out, "◦")
	}
	return out
}

// replaceWhole replaces a text where it is not part of a longer word, such as a token.
func replaceWhole(text, old, new string) string {
	part := func(b byte) bool {
		return b == '_' || b == '-' || b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
	}
	var out strings.Builder
	for {
		at := strings.Index(text, old)
		if at < 0 || old == "" {
			return out.String() + text
		}
		end := at + len(old)
		inside := at > 0 && part(text[at-1]) && (at < 3 || text[at-3] != '%')
		if inside || end < len(text) && part(text[end]) {
			out.WriteString(text[:end])
		} else {
			out.WriteString(text[:at] + new)
		}
		text = text[end:]
	}
}

// parting shows where two texts part.
func parting(one, other string) string {
	at := 0
	for at < len(one) && at < len(other) && one[at] == other[at] {
		at++
	}
	cut := func(s string) string { return s[max(0, min(at-40, len(s))):min(len(s), at+80)] }
	return fmt.Sprintf("%q, for nobody's %q", cut(one), cut(other))
}

// askForOthers asks every route that can be read for the other side's identifiers: all
// of them in the address, and each beside one's own.
func (w *wall) askForOthers(v *visitor) {
	w.Helper()
	asked := 0
	for _, route := range w.a.Web.Routes() {
		names := named(w.T, route.Pattern)
		if route.Method != http.MethodGet || len(names) == 0 {
			continue
		}
		for _, other := range v.others() {
			for _, which := range choices(names) {
				q, ok := w.addressed(v, route.Pattern, other, which)
				if !ok {
					continue
				}
				asked++
				w.askAs(v, q, route.API)
			}
		}
	}
	if asked < 30 {
		w.Errorf("%s asked only %d addresses: the walk is broken", v.name, asked)
	}
}

// askAs asks as a browser does, also for the headers alone, or as a program does with
// the account's token and without.
func (w *wall) askAs(v *visitor, q question, api bool) {
	w.Helper()
	q.method = http.MethodGet
	w.ask(v, q)
	if !api {
		q.method = http.MethodHead
		w.ask(v, q)
		return
	}
	tokenless := *v
	tokenless.token, tokenless.bearer, tokenless.name, tokenless.sector = "", "", v.name+" without a token", ""
	w.ask(&tokenless, q)
}

// choices are which of the names in an address are the other side's: all, and each alone.
func choices(names []string) [][]string {
	all := [][]string{names}
	for _, name := range names {
		if len(names) > 1 {
			all = append(all, []string{name})
		}
	}
	return all
}

// addressed fills a pattern: the names that are chosen with the other side's, the rest
// with one's own. ok is false where none of the chosen names a thing of the other side's.
func (w *wall) addressed(v *visitor, pattern string, other people.Sector, chosen []string) (question, bool) {
	q := question{theirs: pattern, nobodys: pattern, never: map[string]string{}}
	for _, name := range named(w.T, pattern) {
		kind, known := parameters[name]
		mark := parameter.FindString(q.theirs)
		id, nobodys := "none", "none"
		switch {
		case known && slices.Contains(chosen, name):
			id = w.idFor(v, kind, other)
			if id == "" {
				return q, false
			}
			nobodys = w.never(id)
			q.never[id] = nobodys
		case known && w.ids[v.sector][kind] != "":
			id = w.ids[v.sector][kind]
			nobodys = id
		}
		q.theirs, q.nobodys = strings.Replace(q.theirs, mark, id, 1), strings.Replace(q.nobodys, mark, nobodys, 1)
	}
	return q, len(q.never) > 0
}
