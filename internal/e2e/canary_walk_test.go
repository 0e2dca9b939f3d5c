package e2e

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// starts are pages that a walk begins at beside Today, for each state of a record of
// the visitor's side: what it may not open it passes by.
var starts = map[string]string{
	"/sessions/":     `SELECT MIN(id), sector FROM sessions GROUP BY sector, state UNION SELECT MAX(id), sector FROM sessions GROUP BY sector, state`,
	"/enrolments/":   `SELECT MIN(id), sector FROM enrolments GROUP BY sector, state`,
	"/register/":     `SELECT MIN(id), sector FROM certificates GROUP BY sector, standing`,
	"/certificates/": `SELECT MIN(id), sector FROM certificates GROUP BY sector, standing`,
	"/attempts/":     `SELECT MIN(id), sector FROM attempts GROUP BY sector, person_id, finished_at IS NULL`,
	"/modules/":      `SELECT 't28/check', 'outreach' UNION SELECT 't28/check', 'law_enforcement'`,
	"/people/": `SELECT MIN(person_id), sector FROM employments JOIN persons ON persons.id = person_id GROUP BY sector
		UNION SELECT MIN(person_id), home FROM grants WHERE NOT bridge GROUP BY home, role`,
}

// alike is how many pages of one pattern a walk opens.
const alike = 3

// walk opens what a visitor can reach: every link leads somewhere, no page tells a
// canary of the other side or puts more than general words into its title, and every
// form is kept.
func (w *wall) walk(v *visitor) {
	w.Helper()
	w.own[v] = map[string]form{}
	seen, opened := map[string]bool{}, map[string]int{}
	todo := []string{"/"}
	if s := w.stages[v.sector]; s != nil {
		todo = append(todo, s.pages...)
	}
	for prefix, query := range starts {
		for _, row := range pairs(w.T, w.a.DB, query) {
			if row.Sector == v.sector {
				todo = append(todo, prefix+row.Text)
			}
		}
	}
	asked := len(todo)
	for at := 0; at < len(todo); at++ {
		path := todo[at]
		route, _ := w.route(http.MethodGet, path)
		shape := route.Pattern + "?" + strings.Join(queryNames(path), ",")
		if seen[path] || opened[shape] >= alike || strings.HasPrefix(path, "/static/") {
			continue
		}
		seen[path] = true
		page := v.get(path)
		if at < asked && page.status >= 400 {
			continue
		}
		opened[shape]++
		if page.status >= 400 {
			w.Errorf("%s: %s answers %d", v.name, path, page.status)
		}
		w.look(v, path, page)
		for _, m := range link.FindAllStringSubmatch(page.body, -1) {
			todo = append(todo, unescaped(unescapeHTML(m[1])))
		}
	}
	if len(seen) < 8 && v.token != "" {
		w.Errorf("%s found only %d pages", v.name, len(seen))
	}
	for _, f := range slices.Concat(byHand(v), w.takesGradesIn(v), w.givesPlaces(v)) {
		w.keep(v, f)
	}
	w.search(v)
	w.program(v)
}

// program reads, with the account's token, what a program may.
func (w *wall) program(v *visitor) {
	w.Helper()
	for _, route := range w.a.Web.Routes() {
		if route.Method != http.MethodGet || !route.API || v.bearer == "" {
			continue
		}
		address, readable := route.Pattern, true
		for _, name := range named(w.T, route.Pattern) {
			id := w.ids[v.sector][parameters[name]]
			if name == "course" {
				id = "PUT"
			}
			if name == "module" {
				id = "T07"
			}
			if id == "" {
				readable = false
			}
			address = strings.Replace(address, parameter.FindString(address), id, 1)
		}
		if strings.HasSuffix(address, "/search") {
			address += "?q=" + url.QueryEscape(w.ids[v.sector][personName])
		}
		if readable {
			w.look(v, address, v.get(address))
		}
	}
}

// calendars read the calendar of a trainee of each side as a calendar program does: it
// says when, and of nobody and nothing else.
func (w *wall) calendars() {
	w.Helper()
	for sector, s := range w.stages {
		page := (&visitor{t: w.T, a: w.a, name: "a calendar program"}).get("/calendar/" + s.feed + ".ics")
		if !strings.Contains(page.body, "BEGIN:VEVENT") {
			w.Errorf("the calendar of %s has no class: %d %.200s", sector, page.status, page.body)
		}
		for _, text := range page.texts() {
			w.canaries.find(text, func(c canary) { w.Errorf("the calendar of %s tells %s", sector, c) })
		}
	}
}

// byHand are what a script sends and no form does, and addresses that no page of the
// demo is long enough to link to.
func byHand(v *visitor) []form {
	var forms []form
	if v.token == "" {
		return nil
	}
	if module := map[people.Sector]string{people.Outreach: "t19", people.LawEnforcement: "t20"}[v.sector]; module != "" {
		forms = append(forms, form{method: http.MethodPost, action: "/modules/" + module + "/place", page: "place.js", as: v,
			fields: url.Values{"section": {"1"}, "quietly": {"1"}}})
	}
	for _, address := range []string{"/people?after", "/cohorts?after", "/register?after", "/register?number", "/staff?after", "/me/record?before", "/me/notes?after", "/me/readings?after", "/joint/new?session", "/course?course", "/api/v1/search?q", "/api/v1/cohorts?after"} {
		path, name, _ := strings.Cut(address, "?")
		forms = append(forms, form{method: http.MethodGet, action: path, page: "an address", as: v, fields: url.Values{name: {""}}})
	}
	return forms
}

// takesGradesIn is the form with which a file of grades is taken in: it follows a preview
// that changes something.
func (w *wall) takesGradesIn(v *visitor) []form {
	w.Helper()
	var places []struct{ ID, CohortID string }
	err := w.a.DB.NewRaw(`SELECT id, cohort_id FROM enrolments WHERE sector = ? AND state = 'active' ORDER BY id LIMIT 1`, v.sector).Scan(context.Background(), &places)
	if err != nil {
		w.Fatal(err)
	}
	if v.token == "" || len(places) == 0 || v.get("/cohorts/"+places[0].CohortID+"/gradebook/import").status != http.StatusOK {
		return nil
	}
	return []form{{method: http.MethodPost, action: "/cohorts/" + places[0].CohortID + "/gradebook/intake", page: "a preview", as: v, upload: true, fields: url.Values{
		"text": {"place,name,column,title,original,current,new\n" + places[0].ID + ",,quiz.t01,,,,\n"}, "hash": {"0"}, "reason": {"other"}, "words": {""}}}}
}

// givesPlaces are the forms that stand where a name was looked for, in a cohort that has
// seats and in a full one: the canary looks in one cohort alone.
func (w *wall) givesPlaces(v *visitor) []form {
	w.Helper()
	var found []struct{ Full, Open, PersonID string }
	err := w.a.DB.NewRaw(`SELECT wait.cohort_id AS "full", wait.person_id, free.id AS "open" FROM waits AS wait
		JOIN cohorts AS free ON free.sector = wait.sector AND free.seats = 0 AND free.state = 'open'
		WHERE wait.sector = ? AND wait.ended_at IS NULL ORDER BY wait.id, free.id LIMIT 1`, v.sector).Scan(context.Background(), &found)
	if err != nil {
		w.Fatal(err)
	}
	if v.token == "" || len(found) == 0 || v.get("/cohorts/"+found[0].Full+"/seats").status != http.StatusOK {
		return nil
	}
	person := url.Values{"person": {found[0].PersonID}}
	return []form{{method: http.MethodPost, action: "/cohorts/" + found[0].Full + "/waits", page: "a search", as: v, fields: person},
		{method: http.MethodPost, action: "/cohorts/" + found[0].Open + "/enrolments", page: "a search", as: v, fields: person}}
}

// searching are the forms that change nothing and lead on to others, with what is typed.
var searching = []string{"/people/search", "/cohorts/:cohort/roster/search", "/cohorts/:cohort/instructors/search", "/cohorts/previews", "/cohorts/:cohort/schedule/previews",
	"/people/imports", "/cohorts/:cohort/imports", "/cohorts/:cohort/gradebook/search", "/cohorts/:cohort/gradebook/import", "/search", "/verify", "/me/notes/search"}

// search sends those forms, with a name of the visitor's own side, until no answer has
// a form of another shape.
func (w *wall) search(v *visitor) {
	w.Helper()
	sent := map[string]bool{}
	for todo := sortedKeys(w.own[v]); len(todo) > 0; todo = slices.DeleteFunc(sortedKeys(w.own[v]), func(shape string) bool { return sent[shape] }) {
		shape := todo[0]
		sent[shape] = true
		f := w.own[v][shape]
		route, _ := w.route(f.method, f.action)
		if f.method != http.MethodPost || !slices.Contains(searching, route.Pattern) {
			continue
		}
		kind, body := f.body(v.csrf(), func(text string) string {
			if text == "newcomer" {
				return w.ids[v.sector][personName]
			}
			return text
		})
		page := v.sendBody(f.method, f.action, kind, strings.NewReader(string(body)))
		if page.status >= 400 && page.status != http.StatusUnprocessableEntity {
			w.Errorf("%s: POST %s answers %d", v.name, f.action, page.status)
		}
		w.look(v, f.action, page)
	}
}

var title = regexp.MustCompile(`<title>([^<]*)</title>`)

// look reads one answer of a walk.
func (w *wall) look(v *visitor, path string, page answer) {
	w.Helper()
	for _, text := range append(page.texts(), path) {
		w.canaries.find(text, func(c canary) {
			if c.kind == "module's id" && formatOf(page) == "pdf" {
				return // three letters stand in packed bytes and in fonts by chance; a title does not
			}
			if c.text == w.ids[v.sector][personName] {
				w.sungBy(v, c.kind) // it was typed, and comes back in the field
				return
			}
			if !c.allowed(v.sector) {
				w.Errorf("%s reads %s at %s", v.name, c, path)
			}
			w.sungBy(v, c.kind)
			w.sungBy(v, formatOf(page))
			w.between(v, c, path)
		})
	}
	w.neutral(v, path, page)
	if !strings.Contains(page.kind, "html") {
		return
	}
	for _, f := range formsIn(w.T, v, path, page.body) {
		w.keep(v, f)
	}
	for _, m := range link.FindAllStringSubmatch(page.body, -1) {
		address := unescapeHTML(m[1])
		if base, query, asks := strings.Cut(address, "?"); asks {
			if values, err := url.ParseQuery(query); err == nil {
				w.keep(v, form{method: http.MethodGet, action: base, fields: values, page: path, as: v})
			}
		}
	}
}

// sungBy keeps that a kind of canary, or one in a format, was read by its own side.
func (w *wall) sungBy(v *visitor, kind string) {
	if w.sung[v.sector] == nil {
		w.sung[v.sector] = map[string]bool{}
	}
	w.sung[v.sector][kind] = true
}

// formatOf is what an answer is written in.
func formatOf(page answer) string {
	for _, format := range []string{"html", "json", "csv", "pdf"} {
		if strings.Contains(page.kind, format) {
			return format
		}
	}
	return "another format"
}

// between fails where a trainee reads the name of another trainee, or partner HR that of
// anybody but its own staff who said yes.
func (w *wall) between(v *visitor, c canary, path string) {
	w.Helper()
	person, named := w.canaries.persons[c.text]
	if !named || person == v.person {
		return
	}
	if v.name == "hr" && !w.staff[person] {
		w.Errorf("%s reads %s at %s, who did not say yes to it", v.name, c, path)
	}
	if slices.Contains([]string{"trainee", "trainee.es", "graduate", "officer"}, v.name) && w.learns[person] {
		w.Errorf("%s reads %s, who learns too, at %s", v.name, c, path)
	}
}

// neutral fails where the title, the address or the name of a file tells a topic, a
// cohort or a person, whoever reads it (rule 14).
func (w *wall) neutral(v *visitor, path string, page answer) {
	w.Helper()
	tell := func(where, text string) {
		w.canaries.find(text, func(c canary) {
			if c.kind != "key" && c.kind != "module's id" && c.kind != "protocol's id" && c.kind != "certificate number" {
				w.Errorf("%s: the %s of %s tells %s", v.name, where, path, c)
			}
		})
	}
	if m := title.FindStringSubmatch(page.body); m != nil {
		tell("title", unescapeHTML(m[1]))
	}
	if !strings.HasPrefix(path, "/api/") { // a program asks there, and no browser keeps it
		tell("address", unescaped(path))
	}
	tell("file name", unescaped(page.header.Get("Content-Disposition")))
	tell("address it leads to", unescaped(page.location))
}

// keep fills a form in and keeps it, once of each shape.
func (w *wall) keep(v *visitor, f form) {
	w.Helper()
	route, found := w.route(f.method, f.action)
	if !found {
		w.Errorf("%s: the form %s %s on %s leads nowhere", v.name, f.method, f.action, f.page)
		return
	}
	f.fill(w.T, route.Pattern)
	shape := f.shape(route.Pattern)
	if w.forms[v.sector] == nil {
		w.forms[v.sector] = map[string]form{}
	}
	if _, has := w.forms[v.sector][shape]; !has {
		w.forms[v.sector][shape] = f
	}
	if _, has := w.own[v][shape]; !has {
		w.own[v][shape] = f
	}
}

// route finds where an address leads, as the router would: the first that fits.
func (w *wall) route(method, address string) (web.Route, bool) {
	path, _, _ := strings.Cut(address, "?")
	for _, route := range w.a.Web.Routes() {
		if _, fits := fit(route.Pattern, path); fits && route.Method == method {
			return route, true
		}
	}
	return web.Route{}, false
}

// fit reads a path by a pattern, and gives what stands in the places of its names.
func fit(pattern, path string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(path, "/")
	values := map[string]string{}
	for i, part := range want {
		if part == "*" {
			return values, true
		}
		if i >= len(have) {
			return nil, false
		}
		if m := parameter.FindStringSubmatch(part); m != nil && m[0] == part && have[i] != "" {
			values[m[1]] = have[i]
		} else if part != have[i] {
			return nil, false
		}
	}
	return values, len(want) == len(have)
}

func queryNames(path string) []string {
	_, query, _ := strings.Cut(path, "?")
	values, err := url.ParseQuery(query)
	if err != nil {
		return nil
	}
	return sortedKeys(values)
}
