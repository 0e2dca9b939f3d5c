package pages_test

import (
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestAFinalProjectHasAnAdvisorAndATalkThroughTheDoor(t *testing.T) {
	each(t, func(h *house) {
		page, class := "/enrolments/"+string(h.enrolments["maya"])+"/practicals", "/cohorts/"+string(h.cohort)+"/practicals"
		at := "/enrolments/" + string(h.enrolments["maya"]) + "/capstone"
		ruth := string(h.viewer("ruth").Person())
		word := func(kind, person, seen, line string) url.Values {
			return url.Values{"kind": {kind}, "person": {person}, "seen": {seen}, "line": {line}}
		}
		h.wants("no final project", h.ask("ruth", "GET", page, nil), 200, "!capstone", "!advisor")
		h.wants("nor in her class", h.ask("ruth", "GET", class, nil), 200, "!Advisor")
		h.wants("nor a way to it", h.ask("ruth", "POST", at, word("advisor", ruth, "0", "a")), 404)
		_, err := h.db.NewRaw(`UPDATE editions SET capstone = TRUE WHERE sector = ?`, people.Outreach).Exec(h.Context())
		h.must(err)

		for _, name := range []string{"omar", "luz"} {
			got, never := h.ask(name, "POST", at, word("advisor", ruth, "0", "a")), h.ask(name, "POST", "/enrolments/never/capstone", word("advisor", ruth, "0", "a"))
			if got.StatusCode != 404 || got.body != never.body {
				h.Errorf("as %s: %d, one that never was: %d, the same bytes: %v", name, got.StatusCode, never.StatusCode, got.body == never.body)
			}
		}
		response, err := h.app.Test(httptest.NewRequest("POST", "http://localhost:8080"+at, nil))
		h.must(err)
		if response.StatusCode != 403 {
			h.Errorf("as nobody: %d", response.StatusCode)
		}
		h.wants("her own", h.ask("maya", "POST", at, word("advisor", ruth, "0", "a")), 403)
		h.wants("hers before", h.ask("maya", "GET", page, nil), 200, "Your advisor is not named yet.", "Your talk has no day yet.", "!<select")

		h.wants("who does not teach", h.ask("ruth", "POST", at, word("advisor", string(h.viewer("luz").Person()), "0", "a")), 422, "Choose one of the people who teach this cohort.")
		h.wants("an advisor", h.ask("ruth", "POST", at, word("advisor", ruth, "0", "a")), 303)
		h.wants("the slower", h.ask("ruth", "POST", at, word("advisor", ruth, "0", "b")), 409, "Somebody else changed this")
		talk := word("talk", ruth, "0", "c")
		h.wants("a talk without a day", h.ask("ruth", "POST", at, talk), 422, "Choose the day of the talk.")
		talk.Set("day", "2026-10-01")
		h.wants("a talk", h.ask("ruth", "POST", at, talk), 303)
		h.wants("her page", h.ask("maya", "GET", page, nil), 200, "Your advisor is ruth.", "Your talk is on ", "Thu 1 Oct with ruth.")
		h.wants("and the class", h.ask("ruth", "GET", class, nil), 200, "Advisor: ruth", "Talk planned:", "No advisor yet")
		held := word("talk", ruth, "1", "d")
		held.Set("day", "2026-10-01")
		held.Set("held", "yes")
		h.wants("held", h.ask("ruth", "POST", at, held), 303)
		h.wants("and said", h.ask("maya", "GET", page, nil), 200, "Your talk with ruth was held on")
	})
}
