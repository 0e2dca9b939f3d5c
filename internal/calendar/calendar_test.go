package calendar_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"

	"github.com/metropolitan-peace-academy/academy/internal/calendar"
)

// zones are some with odd rules: half an hour, a winter that is the summer's exception,
// no change at all, a change of side. The last has none of its own.
var zones = []string{"America/Chicago", "Europe/Dublin", "Australia/Lord_Howe", "America/Phoenix", "America/St_Johns", "Asia/Kathmandu", "UTC"}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// read reads a calendar with a reader that somebody else wrote.
func read(t testing.TB, text []byte) *ical.Calendar {
	t.Helper()
	cal, err := ical.NewDecoder(bytes.NewReader(text)).Decode()
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return cal
}

// offsetAt works out the offset (seconds east of UTC) that a calendar's own rules give a
// time on the wall: those of the last change before it. The reader knows zones by their
// names; what the file says of them is tried here.
func offsetAt(t testing.TB, cal *ical.Calendar, tzid, local string) int {
	t.Helper()
	newest, offset := "", 0
	for _, c := range cal.Children {
		if c.Name != ical.CompTimezone || c.Props.Get("TZID").Value != tzid {
			continue
		}
		for _, rule := range c.Children {
			if at := rule.Props.Get("DTSTART").Value; at <= local && at >= newest {
				newest = at
				var h, m int
				to := rule.Props.Get("TZOFFSETTO").Value
				if _, err := fmt.Sscanf(to[1:], "%02d%02d", &h, &m); err != nil {
					t.Fatal(err)
				}
				offset = h*3600 + m*60
				if to[0] == '-' {
					offset = -offset
				}
			}
		}
	}
	if newest == "" {
		t.Fatalf("no rule of %s holds at %s", tzid, local)
	}
	return offset
}

// agrees fails where the reader, or the calendar's own rules, give another minute.
func agrees(t testing.TB, cal *ical.Calendar, event *ical.Component, property string, want time.Time) {
	t.Helper()
	prop := event.Props.Get(property)
	got, err := prop.DateTime(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	if !got.Equal(want) {
		t.Errorf("%s: the reader says %v, want %v", property, got.UTC(), want.UTC())
	}
	tzid := prop.Params.Get("TZID")
	if tzid == "" {
		return
	}
	local, err := time.Parse("20060102T150405", prop.Value)
	if err != nil {
		t.Fatal(err)
	}
	if by := local.Add(-time.Duration(offsetAt(t, cal, tzid, prop.Value)) * time.Second); !by.Equal(want) {
		t.Errorf("%s: its own rules say %v, want %v", property, by, want.UTC())
	}
}

func TestClassesKeepTheirMinuteAcrossEveryChangeOfTheClock(t *testing.T) {
	t.Parallel()
	for _, name := range zones[:6] {
		loc := zone(t, name)
		var events []calendar.Event
		for i := range 53 {
			start := time.Date(2026, 10, 1, 18, 30, 0, 0, loc).AddDate(0, 0, i*14)
			events = append(events, calendar.Event{UID: fmt.Sprint(i), StartsAt: start.UTC(), EndsAt: start.Add(4 * time.Hour).UTC(), Zone: loc, Summary: "Class", Modified: start})
		}
		cal := read(t, calendar.Calendar{Method: calendar.Publish, Name: "Classes", Events: events}.Bytes())
		read := cal.Events()
		if len(read) != 53 {
			t.Fatalf("%s: %d events", name, len(read))
		}
		for i, e := range read {
			agrees(t, cal, e.Component, ical.PropDateTimeStart, events[i].StartsAt)
			agrees(t, cal, e.Component, ical.PropDateTimeEnd, events[i].EndsAt)
			if !strings.HasSuffix(e.Props.Get("DTSTART").Value, "T183000") {
				t.Errorf("%s: class %d stands at %s on the wall", name, i, e.Props.Get("DTSTART").Value)
			}
		}
	}
}

func TestTheHourThatComesTwiceIsToldByItsSecondNameInUTC(t *testing.T) {
	t.Parallel()
	chicago := zone(t, "America/Chicago")
	first := time.Date(2026, 11, 1, 6, 30, 0, 0, time.UTC) // 1:30 am, before the clocks go back
	for at, want := range map[time.Time]string{first: "20261101T013000", first.Add(time.Hour): "20261101T073000Z"} {
		cal := read(t, calendar.Calendar{Method: calendar.Publish, Events: []calendar.Event{{UID: "a", StartsAt: at, EndsAt: at.Add(2 * time.Hour), Zone: chicago, Modified: at}}}.Bytes())
		event := cal.Events()[0].Component
		if got := event.Props.Get("DTSTART").Value; got != want {
			t.Errorf("%v is written %s, want %s", at, got, want)
		}
		agrees(t, cal, event, "DTSTART", at)
		agrees(t, cal, event, "DTEND", at.Add(2*time.Hour))
	}
}

func TestAnInvitationNamesItsSenderAndOneReceiver(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 1, 15, 0, 0, 0, time.UTC)
	event := calendar.Event{UID: "u", Sequence: 3, Modified: at, StartsAt: at, EndsAt: at.Add(time.Hour), Zone: zone(t, "America/Chicago"), Summary: "Class",
		Organizer: "office@example.org", OrganizerName: `Training: "office"; 2, x`, Attendee: "dana@example.org", Cancelled: true}
	cal := read(t, calendar.Calendar{Method: calendar.Cancel, Events: []calendar.Event{event}}.Bytes())
	got := cal.Events()[0]
	for name, want := range map[string]string{"UID": "u", "SEQUENCE": "3", "STATUS": "CANCELLED", "ORGANIZER": "mailto:office@example.org", "ATTENDEE": "mailto:dana@example.org", "CLASS": "PRIVATE", "LAST-MODIFIED": "20261201T150000Z"} {
		if value := got.Props.Get(name).Value; value != want {
			t.Errorf("%s is %q, want %q", name, value, want)
		}
	}
	if n := len(got.Props.Values("ATTENDEE")); n != 1 {
		t.Errorf("%d attendees", n)
	}
	if method := cal.Props.Get("METHOD").Value; method != "CANCEL" {
		t.Errorf("method %s", method)
	}
	if cn := got.Props.Get("ORGANIZER").Params.Get("CN"); cn != "Training   office   2  x" {
		t.Errorf("the sender is called %q", cn)
	}
}

// FuzzTheReaderSaysWhatWasWritten lets a reader that somebody else wrote find every text
// and minute that was put in, whatever they are.
func FuzzTheReaderSaysWhatWasWritten(f *testing.F) {
	f.Add(int64(1793514600), int64(240), uint8(0), "Class", "Room 2, Main Street", 0, false)
	f.Add(int64(1793518200), int64(1), uint8(1), "Clase\nde; \\ hoy, \"sí\"", "ÿ🙂"+strings.Repeat("é", 90), 7, true)
	f.Add(int64(1772956800), int64(90), uint8(2), "END:VEVENT", "\r\nATTENDEE:mailto:x@example.org", 2, false)
	f.Fuzz(func(t *testing.T, start, minutes int64, zoneAt uint8, summary, place string, sequence int, cancelled bool) {
		loc := zone(t, zones[int(zoneAt)%len(zones)])
		if start < 0 || start > 4e9 || minutes <= 0 || minutes > 1e5 || sequence < 0 {
			return
		}
		at := time.Unix(start, 0).UTC()
		e := calendar.Event{UID: "u", Sequence: sequence, Modified: at, StartsAt: at, EndsAt: at.Add(time.Duration(minutes) * time.Minute), Zone: loc, Summary: summary, Place: place, Cancelled: cancelled}
		text := calendar.Calendar{Method: calendar.Publish, Name: "Classes", Events: []calendar.Event{e}}.Bytes()
		for _, line := range strings.Split(strings.TrimSuffix(string(text), "\r\n"), "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Fatalf("a line of %d bytes: %q", len(line), line)
			}
		}
		cal := read(t, text)
		if n := len(cal.Events()); n != 1 {
			t.Fatalf("%d events", n)
		}
		event := cal.Events()[0]
		agrees(t, cal, event.Component, "DTSTART", e.StartsAt)
		agrees(t, cal, event.Component, "DTEND", e.EndsAt)
		if got, err := event.Props.Text("SUMMARY"); err != nil || got != written(summary) {
			t.Errorf("summary %q, %v, want %q", got, err, written(summary))
		}
		if got, _ := event.Props.Text("LOCATION"); got != written(place) {
			t.Errorf("place %q, want %q", got, written(place))
		}
		if n := len(event.Props.Values("ATTENDEE")); n != 0 {
			t.Errorf("%d attendees slipped in", n)
		}
	})
}

// written is a text without what no calendar can hold.
func written(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r < ' ' || r == 0x7f || r == '\uFFFD' {
			return -1
		}
		return r
	}, text)
}
