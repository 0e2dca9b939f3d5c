package pages_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// newer brings a second edition of OUT into force: its first session is longer and has
// another title, its last is gone, and one module fewer is required.
func (h house) newer() {
	h.Helper()
	id := h.edition("OUT", people.Outreach)
	e, err := h.courses.Edition(h.Context(), people.System(people.Outreach), id)
	h.must(err)
	e.After = []courses.Prerequisite{{Position: 1, CourseCode: "CM"}}
	e.Name, e.InForceOn, e.Source, e.Path, e.Grace = "2026-b", "2026-11-01", "# newer\n", "out-b.yaml", 20
	e.Sessions = slices.Clone(e.Sessions[:len(e.Sessions)-1])
	e.Sessions[0].TitleEN, e.Sessions[0].TitleES, e.Sessions[0].Minutes = "<b>Opening", "Apertura", e.Sessions[0].Minutes+30
	e.Modules = slices.Clone(e.Modules)
	for i := range e.Modules {
		if e.Modules[i].ModuleID == "T13" {
			e.Modules[i].Required = false
		}
	}
	_, err = h.courses.Import(h.Context(), []courses.Edition{e})
	h.must(err)
}

func TestWhoRunsTheSectorOrWritesSeesHowEditionsDiffer(t *testing.T) {
	each(t, func(h house) {
		h.person("cora", people.Outreach, "en", nil, people.Coordinator)
		h.person("arlo", people.Outreach, "es", nil, people.Author)
		h.person("kim", people.LawEnforcement, "en", nil, people.Director)
		h.newer()
		const list = "/courses/OUT/editions"
		for _, row := range []struct {
			who, path string
			status    int
			wanted    string // all of these, between bars; those with ! not
		}{
			{"cora", list, 200, "Edition 2026-b|in force from 1 Nov 2026|What changed since 2026|from=2026&amp;to=2026-b"},
			{"cora", list + "?from=2026&to=2026-b", 200, "&lt;b&gt;Opening|now 20|is not required any more|Not taught any more|Was: |!<b>Opening|!courses."},
			{"arlo", list + "?from=2026&to=2026-b", 200, "Apertura|ya no|!courses."},
			{"cora", list + "?from=2026&to=2026", 404, ""}, {"cora", list + "?from=2026&to=2099", 404, ""}, {"cora", list + "?from=2026", 404, ""},
			{"cora", "/courses/CTA/editions", 404, ""}, {"cora", "/courses/XYZ/editions", 404, ""},
			{"kim", list, 404, ""}, {"kim", list + "?from=2026&to=2026-b", 404, ""},
			{"maya", list, 404, ""}, {"rosa", list, 404, ""}, {"", list, 303, ""},
			{"cora", "/courses/OUT", 200, `href="/courses/OUT/editions"|Before this course|href="/courses/CM"|Case Management`}, {"rosa", "/courses/OUT", 200, `!href="/courses/OUT/editions"`},
		} {
			got := h.ask(row.who, "GET", row.path, nil)
			if got.status != row.status {
				t.Errorf("%s to %s: %d, want %d", row.path, row.who, got.status, row.status)
			}
			for _, word := range strings.Split(row.wanted, "|") {
				if strings.HasPrefix(word, "!") == strings.Contains(got.body, strings.TrimPrefix(word, "!")) {
					t.Errorf("%s to %s: %q", row.path, row.who, word)
				}
			}
		}
	})
}
