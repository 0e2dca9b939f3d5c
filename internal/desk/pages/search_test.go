package pages_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"

	"github.com/metropolitan-peace-academy/academy/content"
)

func TestSearchFindsWhatTheViewerMaySeeAndNothingElse(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(0)
		for _, row := range []struct {
			who, text    string
			wanted, bare []string
		}{
			{"Tasha", "nonviolence", []string{"Modules", `href="/modules/t03"`}, []string{"Nothing found"}},
			{"Tasha", "outreach 1", []string{"Cohorts", `href="/cohorts/` + string(w.cohort)}, []string{string(w.police)}},
			{"Tasha", "adeyemi", []string{"Nothing found"}, []string{"/people/"}},
			{"Denise", "reyes", []string{"Nothing found"}, []string{"/people/"}},
			{"Cora", "adeyemi", []string{"People", "Mo Adeyemi", `href="/people/`}, nil},
			{"Cora", "canaryfield", []string{"Nothing found"}, []string{"Oren"}},
			{"Cora", "1", []string{"Outreach Training 1"}, []string{"Community Training"}},
			{"Cora", "police officers", nil, []string{"T20", "/modules/t20"}},
			{"Oren", "outreach", nil, []string{"/cohorts/" + string(w.cohort), "Tasha"}},
			{"Petra", "canaryfield", []string{"Oren Canaryfield"}, nil},
			{"Cora", "<script>alert(1)</script>", []string{"&lt;script&gt;"}, []string{"<script>alert"}},
			{"Cora", " ", []string{"Nothing found"}, nil},
		} {
			status, body := h.post(row.who, "/search", url.Values{"q": {row.text}})
			if status != http.StatusOK {
				t.Fatalf("%s %q: status %d: %s", row.who, row.text, status, body)
			}
			t.Logf("%s looks for %q", row.who, row.text)
			h.has(body, row.wanted, append(row.bare, "desk.")...)
		}
		_, body := h.get("Tasha", "/search", "en")
		h.has(body, []string{"What are you looking for?", "<title>Search · Peace Academy</title>"}, "Nothing found", "desk.")
		if status, _ := h.get("", "/search", "en"); status != http.StatusSeeOther {
			t.Errorf("nobody: status %d", status)
		}
		h.in["Tasha"] = spanish(h.in["Tasha"])
		_, body = h.post("Tasha", "/search", url.Values{"q": {"nonviolence"}})
		h.has(body, []string{`<span lang="en">`, "En inglés"}, "desk.")
		h.counts("search", 4, func(ctx context.Context) error {
			_, err := h.desk.Search(ctx, h.in["Cora"].Viewer, content.English, "outreach 1")
			return err
		})
	})
}
