package pages_test

import (
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var noteLink = regexp.MustCompile(`href="(/me/notes/[0-9a-f-]{36})`)

// Nobody's pages change by a byte when somebody else writes a note.
func TestANoteChangesNoPageOfAnybodyElse(t *testing.T) {
	each(t, func(h house) {
		pages := []string{"/modules/t07", "/modules/t07/notes", "/me/notes", "/me/notes/file", "/course", "/courses/OUT", "/api/v1/modules/T07", "/api/v1/search?q=breathe"}
		before := map[string]string{}
		for _, as := range []string{"luz", "rosa", "ana"} {
			h.ask(as, "GET", "/modules/t07", nil) // opened, so that it stays as it is
			for _, path := range pages {
				before[as+path] = h.ask(as, "GET", path, nil).body
			}
		}
		if got := h.ask("maya", "POST", "/modules/t07/notes", url.Values{"section": {"1"}, "text": {"Breathe deeply"}}); got.status != 303 || got.to != "/modules/t07#part-1" {
			h.Fatalf("kept: %d to %q", got.status, got.to)
		}
		for _, as := range []string{"luz", "rosa", "ana"} {
			for _, path := range pages {
				if after := h.ask(as, "GET", path, nil).body; after != before[as+path] {
					h.Errorf("%s is another page for %s now", path, as)
				}
			}
		}
		if got := h.ask("maya", "GET", "/api/v1/search?q=deeply", nil).body; strings.Contains(got, "deeply") {
			h.Errorf("the search knows the note: %s", got)
		}
	})
}

func TestANoteIsChangedCarriedAwayAndDeletedByItsReader(t *testing.T) {
	each(t, func(h house) {
		for _, section := range []string{"1", "2"} {
			h.ask("maya", "POST", "/modules/t07/notes?lang=es", url.Values{"section": {section}, "text": {"Respire " + section}, "lang": {"es"}})
		}
		list := h.ask("maya", "GET", "/me/notes", nil).body
		link := noteLink.FindStringSubmatch(list)
		if link == nil || !strings.Contains(list, "Bajar la tensión") {
			h.Fatalf("the list: %s", list)
		}
		own := h.ask("maya", "GET", link[1]+"?next=/modules/t07/notes", nil)
		if own.status != 200 || !strings.Contains(own.body, "Respire 1") || !strings.Contains(own.body, `value="/modules/t07/notes"`) {
			h.Errorf("its page: %d", own.status)
		}
		if other := h.ask("luz", "GET", link[1], nil); other.status != 404 {
			h.Errorf("for another: %d", other.status)
		}
		if got := h.ask("maya", "POST", link[1], url.Values{"text": {""}}); got.status != 422 || !strings.Contains(got.body, "nothing written") {
			h.Errorf("emptied: %d", got.status)
		}
		if got := h.ask("maya", "POST", link[1], url.Values{"text": {"Exhale"}, "next": {"/modules/t07/notes"}}); got.to != "/modules/t07/notes" {
			h.Errorf("changed: %d to %q", got.status, got.to)
		}
		if got := h.ask("maya", "POST", link[1], url.Values{"text": {"Exhale"}, "next": {"//elsewhere.example"}}); got.to != "/me/notes" {
			h.Errorf("changed, and led to %q", got.to)
		}
		file := h.ask("maya", "GET", "/me/notes/file", nil)
		if !strings.Contains(file.body, "## Bajar la tensión") || !strings.Contains(file.body, "Exhale") || !strings.Contains(file.body, "Respire 2") {
			h.Errorf("the file:\n%s", file.body)
		}
		if got := h.ask("maya", "POST", link[1]+"/removal", url.Values{}); got.to != "/me/notes" {
			h.Errorf("deleted: %d to %q", got.status, got.to)
		}
		if left := h.ask("maya", "GET", "/me/notes", nil).body; strings.Contains(left, "Exhale") || !strings.Contains(left, "Respire 2") {
			h.Errorf("left: %s", left)
		}
		h.ask("maya", "POST", "/me/notes/removal", url.Values{})
		if left := h.ask("maya", "GET", "/me/notes", nil).body; !strings.Contains(left, "No notes yet") {
			h.Errorf("all deleted: %s", left)
		}
	})
}
