package pages_test

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"
)

func TestTheCalendarShowsOnesOwnClassesWeekByWeek(t *testing.T) {
	each(t, func(h *house) {
		h.live(0)
		status, body := h.get("Tasha", "/calendar", "en")
		if status != http.StatusOK {
			t.Fatalf("status %d: %s", status, body)
		}
		h.has(body, []string{"This week", "Next week", "Week of Mon 7 Dec", "Restorative justice and peace circles", "/calendar?from=2027-02-22", "/calendar?from=2026-08-23"},
			"desk.", "Community Training")
		_, body = h.get("Tasha", "/calendar?from=2030-01-01", "en")
		h.has(body, []string{"No classes in these months", `href="/"`}, "desk.")
		_, body = h.get("Tasha", "/calendar?from=%3Cscript%3E", "en")
		h.has(body, []string{"This week"}, "<script>")
		_, body = h.get("Cora", "/calendar", "en")
		h.has(body, []string{"No classes in these months"}, "Restorative")
		h.counts("calendar", 3, func(ctx context.Context) error {
			_, err := h.desk.Calendar(ctx, h.in["Tasha"].Viewer, "")
			return err
		})
	})
}

var feedAddress = regexp.MustCompile(`http://localhost:8080(/calendar/[A-Z0-9]+\.ics)`)

func TestACalendarFeedSaysWhenAndNothingElse(t *testing.T) {
	each(t, func(h *house) {
		h.live(0)
		feeds := map[string]string{}
		for _, who := range []string{"Tasha", "Mo"} {
			_, body := h.post(who, "/me/calendar", nil)
			address := feedAddress.FindStringSubmatch(body)
			if address == nil {
				t.Fatalf("no address in %s", body)
			}
			status, text := h.get("", address[1], "en")
			if status != http.StatusOK {
				t.Fatalf("status %d", status)
			}
			feeds[who] = text
			h.has(text, []string{"SUMMARY:Class\r\n", "PRODID:-//Calendar//EN", "X-WR-CALNAME:Classes"},
				"LOCATION", "DESCRIPTION", "Outreach", "Peace", "Restorative", who, "arran4", "ORGANIZER", "ATTENDEE", "localhost")
		}
		own, err := ics.ParseCalendar(strings.NewReader(feeds["Tasha"]))
		h.ok(err)
		if len(own.Events()) < 16 {
			t.Errorf("%d events", len(own.Events()))
		}
		for _, event := range own.Events() {
			if strings.Contains(feeds["Mo"], event.Id()) {
				t.Fatal("two people's feeds share a UID")
			}
		}
	})
}

func TestACalendarFeedEndsAndIsNotGuessed(t *testing.T) {
	each(t, func(h *house) {
		h.live(0)
		_, body := h.post("Tasha", "/me/calendar", nil)
		address := feedAddress.FindStringSubmatch(body)[1]
		if status, _ := h.post("Tasha", "/me/calendar/removal", nil); status != http.StatusSeeOther {
			t.Errorf("removal: status %d", status)
		}
		for _, path := range []string{address, "/calendar/NOSUCHTOKEN.ics"} {
			if status, _ := h.get("", path, "en"); status != http.StatusNotFound {
				t.Errorf("%s: status %d", path, status)
			}
		}
		for _, path := range []string{"/calendar", "/me/calendar"} {
			if status, _ := h.get("", path, "en"); status != http.StatusSeeOther {
				t.Errorf("%s as nobody: status %d", path, status)
			}
		}
		_, body = h.get("Tasha", "/me/calendar", "es")
		h.has(body, []string{"Make an address"}, address, "desk.")
	})
}
