package pages_test

import (
	"context"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
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
		own := h.read(feeds["Tasha"])
		if len(own) < 16 {
			t.Errorf("%d events", len(own))
		}
		for uid := range own {
			if strings.Contains(feeds["Mo"], uid) {
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

// read reads a feed with a reader that somebody else wrote, by UID.
func (h *house) read(text string) map[string]ical.Event {
	h.Helper()
	cal, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	h.ok(err)
	events := map[string]ical.Event{}
	for _, event := range cal.Events() {
		events[event.Props.Get("UID").Value] = event
	}
	return events
}

// makes gives somebody a feed, and its path.
func (h *house) makesFeed(who string) string {
	h.Helper()
	_, body := h.post(who, "/me/calendar", nil)
	address := feedAddress.FindStringSubmatch(body)
	if address == nil {
		h.Fatalf("no address in %s", body)
	}
	return address[1]
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	_, err := h.db.NewRaw(query, args...).Exec(h.ctx)
	h.ok(err)
}

func TestFiftyThreeClassesOverTwoYearsStandAtTheirMinuteInAnotherReader(t *testing.T) {
	each(t, func(h *house) {
		w := h.live(0)
		tasha := h.in["Tasha"].Viewer
		w.enroll(w.coordinator, w.begin(w.coordinator, "OUT", "2026-09-15", w.instructor), tasha)
		h.at(morning)
		all, err := h.desk.Cohorts.Between(h.ctx, tasha, morning.AddDate(-1, 0, 0), morning.AddDate(2, 0, 0))
		h.ok(err)
		if len(all) < 53 {
			t.Fatalf("only %d classes to lay out", len(all))
		}
		starts := map[time.Time]bool{}
		for i, class := range all {
			local := time.Date(2026, 11, 3, 18, 30, 0, 0, h.desk.Zone).AddDate(0, 0, 14*i)
			h.exec(`UPDATE sessions SET starts_at = ?, ends_at = ? WHERE id = ?`, local.UTC(), local.Add(215*time.Minute).UTC(), class.ID)
			if i >= 53 { // a class that is cancelled before a calendar has it is nobody's news
				h.exec(`UPDATE sessions SET state = 'cancelled' WHERE id = ?`, class.ID)
				continue
			}
			starts[local.UTC()] = true
		}
		_, text := h.get("", h.makesFeed("Tasha"), "en")
		h.has(text, []string{"BEGIN:VTIMEZONE", "TZID:America/Chicago", "BEGIN:DAYLIGHT", "DTSTART;TZID=America/Chicago:20261103T183000"})
		events := h.read(text)
		for _, event := range events {
			start, err := event.DateTimeStart(time.UTC)
			h.ok(err)
			end, err := event.DateTimeEnd(time.UTC)
			h.ok(err)
			if !starts[start.UTC()] || end.Sub(start) != 215*time.Minute {
				t.Errorf("the reader sees a class from %v to %v", start.UTC(), end.UTC())
			}
			delete(starts, start.UTC())
		}
		if len(events) != 53 || len(starts) != 0 {
			t.Errorf("%d events, %d classes missing", len(events), len(starts))
		}
	})
}

func TestACalendarSaysWhatItsOwnerLetsItSay(t *testing.T) {
	each(t, func(h *house) {
		h.live(0)
		path := h.makesFeed("Tasha")
		topic := "SUMMARY:Restorative justice and peace circles"
		for _, c := range []struct {
			show         []string
			want, wanted []string
		}{
			{nil, []string{"SUMMARY:Class\r\n"}, []string{topic, "LOCATION"}},
			{[]string{"topic"}, []string{topic}, []string{"SUMMARY:Class\r\n", "LOCATION"}},
			{[]string{"place", "<script>"}, []string{"SUMMARY:Class\r\n", "LOCATION:The <script> room"}, []string{topic}},
		} {
			h.exec(`INSERT INTO rooms (id, name) VALUES ('r', 'The <script> room') ON CONFLICT DO NOTHING`)
			h.exec(`UPDATE sessions SET room_id = 'r' WHERE sector = 'outreach'`)
			if status, _ := h.post("Tasha", "/me/calendar/settings", url.Values{"show": c.show}); status != http.StatusSeeOther {
				t.Fatalf("%v: status %d", c.show, status)
			}
			_, text := h.get("", path, "en")
			h.has(text, c.want, c.wanted...)
		}
		h.in["Tasha"] = spanish(h.in["Tasha"])
		_, page := h.get("Tasha", "/me/calendar?done=calendar", "es")
		h.has(page, []string{"Guardado.", `value="place" checked`}, `value="topic" checked`, "desk.")
		if status, _ := h.get("", "/me/calendar/settings", "en"); status == http.StatusOK {
			t.Error("nobody sets a calendar")
		}
	})
}
