package e2e

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// never is an identifier of each kind that nobody ever had.
const never = "0199ffff-ffff-7fff-bfff-ffffffffffff"

// ofOther gives, for each route parameter, a query for one identifier of a sector.
var ofOther = map[string]string{
	"cohort":      "SELECT id FROM cohorts WHERE sector = ? ORDER BY id LIMIT 1",
	"session":     "SELECT id FROM sessions WHERE sector = ? ORDER BY id LIMIT 1",
	"enrolment":   "SELECT id FROM enrolments WHERE sector = ? ORDER BY id LIMIT 1",
	"person":      "SELECT id FROM persons WHERE sector = ? ORDER BY id DESC LIMIT 1",
	"certificate": "SELECT id FROM certificates WHERE sector = ? ORDER BY id LIMIT 1",
	"copy":        "SELECT copies.id FROM copies JOIN certificates ON certificates.id = copies.certificate_id WHERE certificates.sector = ? ORDER BY copies.id LIMIT 1",
	"credential":  "SELECT copies.id FROM copies JOIN certificates ON certificates.id = copies.certificate_id WHERE certificates.sector = ? ORDER BY copies.id LIMIT 1",
	"attempt":     "SELECT id FROM attempts WHERE sector = ? ORDER BY id LIMIT 1",
	"grant":       "SELECT id FROM grants WHERE sector = ? ORDER BY id LIMIT 1",
	"device":      "SELECT sign_ins.id FROM sign_ins JOIN persons ON persons.id = sign_ins.person_id WHERE persons.sector = ? ORDER BY sign_ins.id LIMIT 1",
}

// apart are parameters that name nothing of a sector's people: public, or secrets of
// their own (a live share code, a feed's token, a one-time link), which are the named
// exceptions of the wall. A joint session stands on both sides.
var apart = map[string]string{
	"*": "file", "code": "MPA-0000-0000-0000-00000000", "token": "none", "course": "OUT", "edition": "2026", "list": "1",
	"picture": "none.png", "organisation": "none", "invitation": "none", "reset": "none", "language": "en", "link": "none",
	"joint": never, "code.ics": "none", "name": "none", "question": "none",
}

var parameter = regexp.MustCompile(`[:{]([a-z]+)\}?`)

// fill puts identifiers into a route's pattern: the other sector's, and one of nobody's.
// ok is false where the route names nothing of a sector.
func fill(t *testing.T, pattern string, ids map[string]string, module string) (theirs, nobodys string, ok bool) {
	t.Helper()
	theirs, nobodys = pattern, pattern
	for _, m := range parameter.FindAllStringSubmatch(pattern, -1) {
		id, known := ids[m[1]]
		missing := never
		if m[1] == "module" {
			id, known, missing = module, true, "t99"
		}
		if !known {
			fixed, fine := apart[m[1]]
			if !fine {
				t.Errorf("%s: the canary knows no parameter %q; say in ofOther or apart what it names", pattern, m[1])
				continue
			}
			id, missing = fixed, fixed
		} else {
			ok = true
		}
		theirs, nobodys = strings.Replace(theirs, m[0], id, 1), strings.Replace(nobodys, m[0], missing, 1)
	}
	return theirs, nobodys, ok
}

func TestAcrossSectorsNothingExists(t *testing.T) {
	onBoth(t, func(t *testing.T, a *app.Academy) {
		sides := []struct {
			names  []string
			other  people.Sector
			module string   // of the other side alone
			words  []string // canaries: names, addresses and titles of the other side
		}{
			{[]string{"officer", "instructor.police", "coordinator.police"}, people.Outreach, "t02",
				[]string{"Whitfield", "Castillo Núñez", "graduate@demo.test", "History of street outreach", "Case Management"}},
			{[]string{"trainee", "instructor", "hr", "auditor", "author"}, people.LawEnforcement, "t20",
				[]string{"Zielinski", "Ortiz", "Murphy", "officer@demo.test", "officer version"}},
		}
		for _, side := range sides {
			ids := map[string]string{}
			for name, query := range ofOther {
				var id string
				if err := a.DB.NewRaw(query, side.other).Scan(context.Background(), &id); err == nil {
					ids[name] = id
				} else {
					ids[name] = never // the side has none of this kind yet
				}
			}
			for _, name := range side.names {
				v := signIn(t, a, name)
				v.probe(ids, side.module)
				v.crawl(60, func(path string, answer answer) {
					for _, word := range append(side.words, ids["cohort"], ids["session"], ids["enrolment"], ids["person"]) {
						if word != never && strings.Contains(answer.body, word) {
							t.Errorf("%s reads %q at %s", name, word, path)
						}
					}
				})
			}
		}
	})
}

// probe asks every route for the other side's identifiers: the whole answer equals that
// for an identifier that never existed.
func (v *visitor) probe(ids map[string]string, module string) {
	v.t.Helper()
	token := v.csrf()
	probed := 0
	for _, route := range v.a.Web.Routes() {
		if route.Method != http.MethodGet && route.Method != http.MethodPost {
			continue
		}
		theirs, nobodys, ok := fill(v.t, route.Pattern, ids, module)
		if !ok || strings.HasPrefix(route.Pattern, "/me/devices") {
			continue
		}
		probed++
		form := url.Values{"_csrf": {token}}
		one, other := v.send(route.Method, theirs, form), v.send(route.Method, nobodys, form)
		if one.status < 400 && one.location == "" {
			v.t.Errorf("%s: %s %s answers %d", v.name, route.Method, route.Pattern, one.status)
		}
		if one.status != other.status || blind(one.body, theirs) != blind(other.body, nobodys) || blind(one.location, theirs) != blind(other.location, nobodys) {
			v.t.Errorf("%s: %s %s tells the other side's (%d, %d bytes) from nobody's (%d, %d bytes)", v.name, route.Method, route.Pattern,
				one.status, len(one.body), other.status, len(other.body))
		}
	}
	if probed < 50 {
		v.t.Errorf("only %d routes were probed: the walk is broken", probed)
	}
}

// blind takes out of an answer the address that was asked for, which the reader sent.
func blind(text, path string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, path, ""), url.QueryEscape(path), "")
}
