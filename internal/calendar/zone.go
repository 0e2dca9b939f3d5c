package calendar

import (
	"fmt"
	"time"

	ics "github.com/arran4/golang-ical"
)

// zonesOf are the rules of the zones in which the events stand, each once, for the time
// from the first event in it to the last.
func zonesOf(events []Event) []*ics.VTimezone {
	type span struct {
		zone        *time.Location
		first, last time.Time
	}
	var spans []span
	at := map[string]int{}
	for _, e := range events {
		if !named(e.Zone) {
			continue
		}
		i, known := at[e.Zone.String()]
		if !known {
			i = len(spans)
			at[e.Zone.String()] = i
			spans = append(spans, span{e.Zone, e.StartsAt, e.EndsAt})
		}
		if e.StartsAt.Before(spans[i].first) {
			spans[i].first = e.StartsAt
		}
		if e.EndsAt.After(spans[i].last) {
			spans[i].last = e.EndsAt
		}
	}
	zones := make([]*ics.VTimezone, len(spans))
	for i, s := range spans {
		zones[i] = rules(s.zone, s.first, s.last)
	}
	return zones
}

// rules tells when the clocks of a zone change from one time to another: the state that
// holds at the first, then each change, dated. A rule that repeats would say what no
// parliament has promised.
func rules(zone *time.Location, first, last time.Time) *ics.VTimezone {
	timezone := ics.NewTimezone(zone.String())
	since, until := first.In(zone).ZoneBounds()
	_, before := first.In(zone).Zone()
	if since.IsZero() { // a zone that never changed its clocks before
		since = time.Date(1970, 1, 1, 0, 0, 0, 0, zone)
	} else {
		_, before = since.Add(-time.Second).Zone()
	}
	for {
		timezone.Components = append(timezone.Components, change(since, before))
		if until.IsZero() || until.After(last) {
			return timezone
		}
		_, before = since.Zone()
		since = until
		_, until = since.ZoneBounds()
	}
}

// change is one moment at which the clocks of a zone change, from an offset (seconds
// east of UTC) to the one that the moment has. It is dated by the clock before it.
func change(at time.Time, before int) ics.Component {
	name, after := at.Zone()
	base := ics.ComponentBase{}
	base.SetProperty(ics.ComponentPropertyDtStart, at.In(time.FixedZone("", before)).Format(wall))
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), offset(before))
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), offset(after))
	base.SetProperty(ics.ComponentProperty(ics.PropertyTzname), name)
	if at.IsDST() {
		return &ics.Daylight{ComponentBase: base}
	}
	return &ics.Standard{ComponentBase: base}
}

// offset writes seconds east of UTC as "-0600".
func offset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
