package pages_test

import (
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestEveryRouteForTheRightThePersonTheWrongOneAndNobody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		maya, bo := "/people/"+string(h.people["maya"]), "/people/"+string(h.people["bo"])
		grant := url.Values{"role": {"instructor"}, "starts_on": {"2026-11-24"}}
		iman, err := h.store.OrganisationByCode(t.Context(), "IMAN")
		if err != nil {
			t.Fatal(err)
		}
		work := url.Values{"organisation": {string(iman.ID)}, "starts_on": {"2026-11-24"}}
		for _, row := range []struct {
			who, method, path string
			form              url.Values
			status            int
			texts             []string
		}{
			{"maya", "GET", "/me", nil, 200, []string{"maya@example.org"}},
			{"", "GET", "/me", nil, 303, nil},
			{"maya", "GET", "/me/secret", nil, 200, []string{"Legal name"}},
			{"", "GET", "/me/secret", nil, 303, nil},
			{"maya", "GET", "/me/record", nil, 200, []string{"Made your account"}},
			{"", "GET", "/me/record", nil, 303, nil},
			{"maya", "POST", "/me/name", url.Values{"chosen_name": {"<script>M"}, "language": {"en"}}, 303, nil},
			{"", "POST", "/me/name", nil, 403, nil},
			{"maya", "POST", "/me/name", url.Values{"language": {"fr"}}, 422, []string{"Choose English or Spanish"}},
			{"maya", "POST", "/me/legal-name", url.Values{"legal_name": {"María"}}, 303, nil},
			{"maya", "POST", "/me/legal-name", url.Values{"legal_name": {strings.Repeat("x", 201)}}, 422, []string{"too long"}},
			{"", "POST", "/me/legal-name", nil, 403, nil},
			{"maya", "POST", "/me/secret", url.Values{"old": {"wrong"}, "secret": {"other words for her"}}, 422, []string{"not the password or PIN you use now"}},
			{"", "POST", "/me/secret", nil, 403, nil},
			{"maya", "GET", "/me/names", nil, 200, []string{"maya@example.org", "!Take it away"}},
			{"", "GET", "/me/names", nil, 303, nil},
			{"maya", "POST", "/me/names", url.Values{"name": {"312 555 0199"}, "old": {"wrong"}}, 422, []string{"not the password or PIN you use now"}},
			{"maya", "POST", "/me/names", url.Values{"name": {"<script>"}, "old": {right}}, 422, []string{"neither an e-mail address nor a phone number", "&lt;script&gt;"}},
			{"maya", "POST", "/me/names", url.Values{"name": {"carla@example.org"}, "old": {right}}, 422, []string{"already opens another account"}},
			{"maya", "POST", "/me/names", url.Values{"name": {"bo@example.org"}, "old": {right}}, 303, nil},
			{"", "POST", "/me/names", nil, 403, nil},
			{"maya", "POST", "/me/names/removal", url.Values{"name": {"carla@example.org"}}, 404, nil},
			{"maya", "POST", "/me/names/removal", url.Values{"name": {"bo@example.org"}}, 303, nil},
			{"maya", "POST", "/me/names/removal", url.Values{"name": {"maya@example.org"}}, 404, nil},
			{"", "POST", "/me/names/removal", nil, 403, nil},
			{"maya", "POST", "/me/devices/not-hers/removal", nil, 404, nil},
			{"", "POST", "/me/devices/not-hers/removal", nil, 403, nil},
			{"", "POST", "/me/devices/removal", nil, 303, nil},
			{"", "POST", "/sign-out", nil, 303, nil},
			{"", "POST", "/standing", url.Values{"sector": {"outreach"}}, 403, nil},

			{"carla", "GET", "/people", nil, 200, []string{"&lt;script&gt;M &lt;script&gt;Mayason", "!Boson"}},
			{"maya", "GET", "/people", nil, 403, []string{"!Carlason"}},
			{"", "GET", "/people", nil, 303, nil},
			{"carla", "POST", "/people/search", url.Values{"name": {"mayas"}}, 200, []string{"Mayason", "!Carlason"}},
			{"carla", "POST", "/people/search", url.Values{"name": {"boson"}}, 200, []string{"Nobody by that name here"}},
			{"carla", "POST", "/people/search", url.Values{"name": {"<script>"}, "after": {string(h.people["bo"])}}, 200, []string{"Nobody by that name here"}},
			{"maya", "POST", "/people/search", url.Values{"name": {"carla"}}, 403, []string{"!Carlason"}},
			{"", "POST", "/people/search", nil, 403, nil},
			{"carla", "GET", "/people/new", nil, 200, []string{"Inner-City Muslim Action Network"}},
			{"maya", "GET", "/people/new", nil, 403, nil},
			{"", "GET", "/people/new", nil, 303, nil},
			{"carla", "POST", "/people", url.Values{"given_name": {"<script>N"}, "email": {"Maya@example.org"}, "phone": {"12"}, "language": {"fr"}}, 422, []string{"not a phone number", "Choose English", "&lt;script&gt;N"}},
			{"carla", "POST", "/people", url.Values{"given_name": {"N"}, "email": {"Maya@example.org"}}, 422, []string{"already opens another account"}},
			{"carla", "POST", "/people", url.Values{"given_name": {"N"}, "email": {"bo@example.org"}}, 303, nil},
			{"carla", "POST", "/people", url.Values{}, 422, []string{"A name is missing"}},
			{"maya", "POST", "/people", url.Values{"given_name": {"N"}}, 403, nil},
			{"", "POST", "/people", nil, 403, nil},
			{"carla", "GET", maya, nil, 200, []string{"maya@example.org", "They can see that you opened this page", "Close this account"}},
			{"carla", "GET", bo, nil, 404, []string{"!Boson"}},
			{"carla", "GET", "/people/" + string(h.people["carla"]), nil, 200, []string{"your own account", "!Close this account"}},
			{"carla", "GET", "/people/" + string(h.people["dee"]), nil, 200, []string{"runs a sector", "!Close this account"}},
			{"maya", "GET", maya, nil, 404, nil},
			{"", "GET", maya, nil, 303, nil},
			{"carla", "POST", maya + "/links", url.Values{"kind": {"x"}}, 404, nil},
			{"carla", "POST", bo + "/links", url.Values{"kind": {"reset"}}, 404, nil},
			{"carla", "POST", "/people/" + string(h.people["dee"]) + "/links", url.Values{"kind": {"reset"}}, 404, nil},
			{"maya", "POST", maya + "/links", url.Values{"kind": {"reset"}}, 404, nil},
			{"", "POST", maya + "/links", nil, 403, nil},
			{"carla", "POST", bo + "/letters", url.Values{"kind": {"reset"}}, 404, nil},
			{"maya", "POST", maya + "/letters", url.Values{"kind": {"reset"}}, 404, nil},
			{"", "POST", maya + "/letters", nil, 403, nil},
			{"carla", "POST", maya + "/names", url.Values{"name": {"312 555 0188"}}, 303, nil},
			{"carla", "POST", maya + "/names", url.Values{"name": {"<script>"}}, 422, []string{"neither an e-mail address", "&lt;script&gt;"}},
			{"carla", "POST", maya + "/names", url.Values{}, 303, nil},
			{"carla", "GET", maya, nil, 200, []string{"+1 312 555 0188", "Card number", "Take it away"}},
			{"carla", "POST", bo + "/names", url.Values{"name": {"312 555 0189"}}, 404, nil},
			{"carla", "POST", "/people/" + string(h.people["dee"]) + "/names", url.Values{"name": {"me@example.org"}}, 404, nil},
			{"carla", "POST", "/people/" + string(h.people["carla"]) + "/names", url.Values{"name": {"me@example.org"}}, 404, nil},
			{"maya", "POST", maya + "/names", url.Values{"name": {"me@example.org"}}, 404, nil},
			{"", "POST", maya + "/names", nil, 403, nil},
			{"carla", "POST", maya + "/names/removal", url.Values{"name": {"+13125550188"}}, 303, nil},
			{"carla", "POST", "/people/" + string(h.people["dee"]) + "/names/removal", url.Values{"name": {"dee@example.org"}}, 404, nil},
			{"carla", "POST", bo + "/names/removal", url.Values{"name": {"bo@example.org"}}, 404, nil},
			{"maya", "POST", maya + "/names/removal", url.Values{"name": {"maya@example.org"}}, 404, nil},
			{"", "POST", maya + "/names/removal", nil, 403, nil},
			{"carla", "GET", maya + "/grants/new", nil, 200, []string{"Instructor", "!Director<"}},
			{"dee", "GET", maya + "/grants/new", nil, 200, []string{"Director", "Law enforcement"}},
			{"carla", "GET", bo + "/grants/new", nil, 404, nil},
			{"maya", "GET", maya + "/grants/new", nil, 404, nil},
			{"", "GET", maya + "/grants/new", nil, 303, nil},
			{"carla", "POST", maya + "/grants", grant, 303, nil},
			{"carla", "POST", maya + "/grants", url.Values{"role": {"partner_hr"}, "ends_on": {"2026-01-01"}}, 422, []string{"needs an organization", "before the first"}},
			{"carla", "POST", maya + "/grants", url.Values{"role": {"director"}}, 403, nil},
			{"dee", "POST", maya + "/grants", url.Values{"role": {"coordinator"}, "sector": {"law_enforcement"}}, 422, []string{"A bridge needs a reason"}},
			{"dee", "POST", maya + "/grants", url.Values{"role": {"trainee"}, "sector": {"law_enforcement"}, "reason": {"x"}}, 403, nil},
			{"carla", "POST", bo + "/grants", grant, 404, nil},
			{"maya", "POST", maya + "/grants", grant, 403, nil},
			{"", "POST", maya + "/grants", nil, 403, nil},
			{"carla", "POST", maya + "/grants/none/ending", nil, 404, nil},
			{"carla", "POST", bo + "/grants/none/ending", nil, 404, nil},
			{"maya", "POST", maya + "/grants/none/ending", nil, 403, nil},
			{"", "POST", maya + "/grants/none/ending", nil, 403, nil},
			{"carla", "GET", maya + "/employments/new", nil, 200, []string{"UCAN"}},
			{"carla", "GET", bo + "/employments/new", nil, 404, nil},
			{"maya", "GET", maya + "/employments/new", nil, 404, nil},
			{"", "GET", maya + "/employments/new", nil, 303, nil},
			{"carla", "POST", maya + "/employments", url.Values{"starts_on": {"soon"}}, 422, []string{"Choose an employer", "year, month, day"}},
			{"carla", "POST", maya + "/employments", work, 303, nil},
			{"carla", "POST", bo + "/employments", work, 404, nil},
			{"maya", "POST", maya + "/employments", work, 403, nil},
			{"", "POST", maya + "/employments", nil, 403, nil},
			{"carla", "GET", maya, nil, 200, []string{"Inner-City Muslim Action Network", "given by Carla"}},
			{"carla", "POST", bo + "/employments/" + string(iman.ID) + "/ending", nil, 404, nil},
			{"maya", "POST", maya + "/employments/" + string(iman.ID) + "/ending", nil, 403, nil},
			{"", "POST", maya + "/employments/" + string(iman.ID) + "/ending", nil, 403, nil},
			{"carla", "POST", maya + "/employments/" + string(iman.ID) + "/ending", nil, 303, nil},
			{"carla", "GET", "/people/imports", nil, 200, []string{"external_id"}},
			{"maya", "GET", "/people/imports", nil, 403, nil},
			{"", "GET", "/people/imports", nil, 303, nil},
			{"carla", "GET", "/organisations", nil, 200, []string{"Not a partner today", "UCAN", "!Begin a partnership", "!Add an employer"}},
			{"maya", "GET", "/organisations", nil, 403, nil},
			{"", "GET", "/organisations", nil, 303, nil},
			{"dee", "GET", "/organisations", nil, 200, []string{"Begin a partnership", "Add an employer"}},
			{"dee", "POST", "/organisations", url.Values{"name": {"<script>Together"}}, 303, nil},
			{"dee", "GET", "/organisations", nil, 200, []string{"&lt;script&gt;Together"}},
			{"dee", "POST", "/organisations", url.Values{"name": {"  ucan "}}, 422, []string{"is here already"}},
			{"dee", "POST", "/organisations", url.Values{"name": {" "}}, 422, []string{"Write the name"}},
			{"carla", "POST", "/organisations", url.Values{"name": {"Mine"}}, 403, nil},
			{"", "POST", "/organisations", url.Values{"name": {"Mine"}}, 403, nil},
			{"dee", "POST", "/organisations/" + string(iman.ID) + "/partnerships", url.Values{"starts_on": {"2026-11-24"}, "ends_on": {"2026-11-01"}}, 422, []string{"before the first"}},
			{"dee", "POST", "/organisations/" + string(iman.ID) + "/partnerships", url.Values{"starts_on": {"2026-11-24"}}, 303, nil},
			{"dee", "GET", "/organisations?done=partnership", nil, 200, []string{"Partner today", "since 24 Nov 2026", "End the partnership today", "The partnership is saved"}},
			{"dee", "POST", "/organisations/none/partnerships", url.Values{"starts_on": {"2026-11-24"}}, 404, nil},
			{"carla", "POST", "/organisations/" + string(iman.ID) + "/partnerships", url.Values{"starts_on": {"2026-11-24"}}, 403, nil},
			{"maya", "POST", "/organisations/" + string(iman.ID) + "/partnerships", url.Values{"starts_on": {"2026-11-24"}}, 403, nil},
			{"", "POST", "/organisations/" + string(iman.ID) + "/partnerships", url.Values{"starts_on": {"2026-11-24"}}, 403, nil},
			{"carla", "POST", bo + "/closure", nil, 404, nil},
			{"maya", "POST", "/people/" + string(h.people["carla"]) + "/closure", nil, 404, nil},
			{"", "POST", maya + "/closure", nil, 403, nil},
			{"carla", "POST", maya + "/closure", nil, 303, nil},
			{"carla", "GET", maya, nil, 200, []string{"Closed", "!Close this account", "!maya@example.org"}},
			{"carla", "GET", maya + "/grants/new", nil, 404, nil},
		} {
			b := h.visit(t, row.who)
			a := b.get(row.path)
			if row.method == "POST" {
				a = b.post(row.path, row.form)
			}
			a.expect(t, row.who+" "+row.method+" "+row.path, row.status, row.texts...)
		}
	})
}

// visit signs somebody in once and gives the same browser ever after.
func (h *house) visit(t *testing.T, name string) *browser {
	t.Helper()
	if h.browsers == nil {
		h.browsers = map[string]*browser{}
	}
	if h.browsers[name] == nil {
		h.browsers[name] = h.as(t, name)
	}
	return h.browsers[name]
}

func TestPersonOfTheOtherSectorIsAnsweredLikeOneWhoNeverWas(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		carla, bo := h.as(t, "carla"), string(h.people["bo"])
		never := database.NewID()
		unmarked := regexp.MustCompile(`name="_csrf" value="[^"]+"|[0-9a-f]{8}-[0-9a-f-]{27}|<code>[^<]*</code>`)
		for _, rest := range []string{"", "/grants/new", "/employments/new"} {
			theirs, none := carla.get("/people/"+bo+rest), carla.get("/people/"+never+rest)
			if theirs.StatusCode != none.StatusCode || unmarked.ReplaceAllString(theirs.body, "") != unmarked.ReplaceAllString(none.body, "") {
				t.Errorf("GET …%s differs: %d, %d\n%s\n%s", rest, theirs.StatusCode, none.StatusCode, theirs.body, none.body)
			}
		}
		for rest, form := range map[string]url.Values{"/links": {"kind": {"reset"}}, "/letters": {"kind": {"reset"}}, "/names": {"name": {"x@example.org"}}, "/names/removal": {"name": {"bo@example.org"}}, "/closure": {}, "/grants": {"role": {"instructor"}}} {
			theirs, none := carla.post("/people/"+bo+rest, form), carla.post("/people/"+never+rest, form)
			if theirs.StatusCode != 404 || none.StatusCode != 404 || unmarked.ReplaceAllString(theirs.body, "") != unmarked.ReplaceAllString(none.body, "") {
				t.Errorf("POST …%s differs: %d, %d", rest, theirs.StatusCode, none.StatusCode)
			}
		}
	})
}

func TestFileIsReadThenStored(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		carla := h.as(t, "carla")
		file := "given_name,family_name,email,shoe\r\nAna,<script>Uno,ana@example.org,4\r\nTeo,Dos,not an address,5\r\n"
		count := func() int64 {
			n, err := h.db.NewSelect().TableExpr("persons").Count(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		before := count()
		a := carla.upload("/people/imports", file, map[string]string{})
		a.expect(t, "the preview", 200, "One new account.", "One thing is wrong.", "Line 3:", "not an e-mail address", "column shoe", "Ana &lt;script&gt;Uno", "Leave out the bad lines")
		carla.upload("/people/imports/confirmation", "", map[string]string{"text": file}).expect(t, "all or nothing", 422, "Line 3:")
		if count() != before {
			t.Error("something was stored")
		}
		if a := carla.upload("/people/imports/confirmation", "", map[string]string{"text": file, "skip_bad": "yes"}); a.StatusCode != 303 {
			t.Errorf("%d %s", a.StatusCode, a.body)
		}
		if count() != before+1 {
			t.Errorf("%d persons, want one more than %d", count(), before)
		}
		carla.upload("/people/imports", "", map[string]string{}).expect(t, "no file", 422, "Choose a file first")
		carla.upload("/people/imports", "\xff\xfe", map[string]string{}).expect(t, "no text", 200, "not in UTF-8")
		carla.upload("/people/imports", strings.Repeat("x", 9<<20), map[string]string{}).expect(t, "too much", 413)
		for _, path := range []string{"/people/imports", "/people/imports/confirmation"} {
			h.as(t, "maya").upload(path, file, map[string]string{"text": file}).expect(t, "by a trainee: "+path, 403)
			h.as(t, "").upload(path, file, map[string]string{"text": file}).expect(t, "by nobody: "+path, 403)
		}
	})
}

func TestPagesCostFewQueries(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for i := range 60 {
			if _, err := h.store.AddPerson(t.Context(), people.System(people.Outreach), people.NewPerson{GivenName: fmt.Sprintf("Person %d", i)}); err != nil {
				t.Fatal(err)
			}
		}
		maya := "/people/" + string(h.people["maya"])
		for path, who := range map[string]string{"/me": "maya", "/me/record": "maya", "/me/secret": "maya", "/me/names": "maya", "/people": "carla", "/people/new": "carla",
			maya: "carla", maya + "/grants/new": "carla", maya + "/employments/new": "carla", "/sign-in": "", "/invitation/none": ""} {
			b := h.visit(t, who)
			before := h.queries.Load()
			b.get(path)
			if n := h.queries.Load() - before; n > 4 {
				t.Errorf("%s costs %d queries, want 4 at most", path, n)
			}
		}
	})
}
