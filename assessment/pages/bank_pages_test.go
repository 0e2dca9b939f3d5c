package pages_test

import (
	"net/url"
	"regexp"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// joins gives the house somebody more.
func (h *house) joins(name string, sector people.Sector, role people.Role) {
	h.Helper()
	id, err := h.people.AddPerson(h.Context(), people.System(sector), people.NewPerson{GivenName: name, FamilyName: "Lake",
		Email: name + "@example.org", Language: "en", Roles: []people.Role{role}})
	h.must(err)
	h.seen[name] = people.Presence{Viewer: people.Seen(id, sector, []people.Role{role}, nil), Name: name, Language: "en", Home: sector, Standings: []people.Sector{sector}}
}

var bankLink = regexp.MustCompile(`/courses/PUT/questions/([0-9a-f-]{36})"`)

func TestABankIsFoundReadCorrectedAndTakenAlong(t *testing.T) {
	each(t, func(h *house) {
		h.joins("ana", people.Outreach, people.Author)
		h.joins("pia", people.LawEnforcement, people.Author)
		const bank = "/courses/PUT/questions"
		h.wants("an empty bank", h.ask("ana", "GET", bank, nil), 200, "No questions yet")
		h.wants("a file", h.upload("ana", "/api/v1/questions/import?course=PUT&module=T07", "markdown", "q.quiz.md",
			"## t07-q1\ntype: single\nobjective: 2\ntags: calm\n\nWho `<script>` speaks first?\n\n- [x] They\n  > Yes.\n- [ ] You\n\n## two\ntype: numeric\n\nTwo and two?\n\n- [x] 4\n"), 200)
		list := h.ask("ana", "GET", bank+"?tag=calm", nil)
		h.wants("by tag", list, 200, "speaks", "!Two and two", "!<script>speaks")
		h.wants("by objective", h.ask("ana", "GET", bank+"?objective=2", nil), 200, "speaks", "objective 2", "!Two and two", `name="objective" value="2"`)
		h.wants("another objective", h.ask("ana", "GET", bank+"?objective=3", nil), 200, "!speaks", "!Two and two")
		h.wants("no number", h.ask("ana", "GET", bank+"?objective=none", nil), 200, "speaks", "Two and two")
		id := bankLink.FindStringSubmatch(list.body)[1]
		one := bank + "/" + id
		h.wants("one", h.ask("ana", "GET", one, nil), 200, "They", "Version 1", "T07", "Not as it is here", "Update these checks?", "<title>Questions · Peace Academy</title>")
		h.wants("read by who teaches", h.ask("ruth", "GET", one, nil), 200, "They", "!Update these checks?", "!Correct this question")
		h.wants("a file to take", h.ask("ana", "GET", bank+"/file?pick="+id+"&format=gift", nil), 200, "=They", "!Two and two")
		h.wants("nothing ticked", h.ask("ana", "GET", bank+"/file?format=gift", nil), 422, "There is no question to write.")
		h.wants("what a format lacks", h.ask("ana", "GET", bank+"/file?which=found&format=aiken", nil), 200, "no place in this format", "Take the file")

		form := func(english, reason string) url.Values {
			return url.Values{"version": {"1"}, "source_en": {english}, "source_es": {""}, "reason": {reason}}
		}
		h.wants("a bad text", h.ask("ana", "POST", one+"/correction", form("## t07-q1\ntype: single\n\nWho?\n\n- [ ] You\n- [ ] They\n", "")), 422, "Line ", "Say in one sentence why.", "- [ ] They")
		if a := h.ask("ana", "POST", one+"/correction", form("## t07-q1\ntype: single\n\nWho?\n\n- [x] They\n- [ ] You\n", "Shorter <script>")); a.StatusCode != 303 {
			h.Errorf("corrected: %d %s", a.StatusCode, a.body)
		}
		h.wants("corrected", h.ask("ana", "GET", one, nil), 200, "Version 2", "Why: Shorter &lt;script&gt;", "<del>")
		h.wants("too late", h.ask("ana", "POST", one+"/correction", form("## t07-q1\ntype: single\n\nWhich?\n\n- [x] They\n- [ ] You\n", "Why")), 409, "Someone else has changed", "Which?")

		for _, path := range []string{bank, one, bank + "/file?which=found", one + "/correction"} {
			for who, status := range map[string]int{"ruth": 200, "maya": 404, "omar": 404, "nobody": 303} {
				if who == "ruth" && path == one+"/correction" {
					status = 404
				}
				h.wants(who+" at "+path, h.ask(who, "GET", path, nil), status)
			}
		}
		for _, path := range []string{one, one + "/correction"} {
			h.wants("police at "+path, h.ask("pia", "GET", path, nil), 404)
		}
		for who, status := range map[string]int{"ruth": 404, "maya": 404, "pia": 404} {
			h.wants(who+" corrects", h.ask(who, "POST", one+"/correction", form("## t07-q1\ntype: single\n\nWho?\n\n- [x] They\n- [ ] You\n", "Why")), status)
			h.wants(who+" updates", h.ask(who, "POST", one+"/checks", url.Values{"module": {"t07"}}), status)
		}
		h.wants("nobody corrects", h.ask("nobody", "POST", one+"/correction", nil), 403)
	})
}
