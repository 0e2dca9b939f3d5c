// Package calendar writes iCalendar (RFC 5545): a person's own classes for a calendar
// program, and the invitations that put them there one by one (RFC 5546).
package calendar

import (
	"strings"
	"time"

	ics "github.com/arran4/golang-ical"
)

// Method is what the receiver's program does with a calendar.
type Method string

// The methods: a feed that is fetched, an invitation or its newer form, and its end.
const (
	Publish Method = Method(ics.MethodPublish)
	Request Method = Method(ics.MethodRequest)
	Cancel  Method = Method(ics.MethodCancel)
)

// Calendar is what one person's program reads.
type Calendar struct {
	Method Method
	Name   string // of the calendar in the program; "" in an invitation
	Events []Event
}

// Event is one dated meeting. UID is the same for as long as the meeting is one, and
// Sequence grows with each change that the receiver must hear of.
type Event struct {
	UID       string
	Sequence  int
	Modified  time.Time
	StartsAt  time.Time
	EndsAt    time.Time
	Zone      *time.Location
	Cancelled bool
	Summary   string
	Place     string // "" for nothing said

	// Organizer and Attendee are e-mail addresses, in an invitation alone: the sender,
	// and the one receiver.
	Organizer, OrganizerName, Attendee string
}

// product says which program wrote the calendar, and nothing of whose it is (rule 14).
const product = "-//Calendar//EN"

// Bytes are the calendar as it is sent, with the rules of every time zone in it.
func (c Calendar) Bytes() []byte {
	cal := &ics.Calendar{}
	cal.SetVersion("2.0")
	cal.SetProductId(product)
	cal.SetMethod(ics.Method(c.Method))
	if c.Name != "" {
		cal.SetXWRCalName(c.Name)
	}
	if c.Method == Publish {
		cal.SetXPublishedTTL("PT6H")
	}
	for _, zone := range zonesOf(c.Events) {
		cal.Components = append(cal.Components, zone)
	}
	for _, e := range c.Events {
		e.add(cal)
	}
	return []byte(cal.Serialize(ics.WithNewLineWindows))
}

func (e Event) add(cal *ics.Calendar) {
	event := cal.AddEvent(e.UID)
	event.SetDtStampTime(e.Modified.UTC())
	event.SetLastModifiedAt(e.Modified.UTC())
	event.SetSequence(e.Sequence)
	e.at(event, ics.ComponentPropertyDtStart, e.StartsAt)
	e.at(event, ics.ComponentPropertyDtEnd, e.EndsAt)
	event.SetSummary(plain(e.Summary))
	if e.Place != "" {
		event.SetLocation(plain(e.Place))
	}
	event.SetClass(ics.ClassificationPrivate)
	status := ics.ObjectStatusConfirmed
	if e.Cancelled {
		status = ics.ObjectStatusCancelled
	}
	event.SetStatus(status)
	if e.Organizer != "" {
		event.SetOrganizer("mailto:"+e.Organizer, ics.WithCN(asParameter(e.OrganizerName)))
		event.AddAttendee("mailto:"+e.Attendee, ics.ParticipationStatusNeedsAction, ics.WithRSVP(false))
	}
}

// at writes a time by the clock of its zone, so that it stays the hour of the class; in
// UTC where that clock shows the hour twice and this is the second one.
func (e Event) at(event *ics.VEvent, property ics.ComponentProperty, t time.Time) {
	if named(e.Zone) {
		local := t.In(e.Zone)
		if first := time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, e.Zone); first.Equal(t.Truncate(time.Second)) {
			event.SetProperty(property, local.Format(wall), ics.WithTZID(e.Zone.String()))
			return
		}
	}
	event.SetProperty(property, t.UTC().Format(wall+"Z"))
}

// wall is a time as a clock on the wall shows it.
const wall = "20060102T150405"

// named says whether a zone has rules of its own to be told.
func named(zone *time.Location) bool {
	return zone != nil && zone != time.UTC && zone.String() != "UTC" && zone.String() != "Local"
}

// plain takes out what no line of a calendar may hold.
func plain(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' || r == 0x7f || r == '\uFFFD' {
			return -1
		}
		return r
	}, text)
}

// asParameter is a name as it may stand beside a property without quotes.
func asParameter(name string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if strings.ContainsRune("\",;:\\'\n", r) {
			return ' '
		}
		return r
	}, plain(name)))
}
