package cohorts

import "github.com/metropolitan-peace-academy/academy/internal/calendar"

// Event is the class in its owner's calendar: a neutral word, unless they let it say the
// topic or the place. Where it meets online it says so and not the link, which opens
// what whoever looks over a shoulder has no business in.
func (d Dated) Event(feed Feed, word string) calendar.Event {
	e := calendar.Event{UID: feed.NameOf(d.ID), Sequence: d.Sequence, Modified: d.ChangedAt, StartsAt: d.StartsAt, EndsAt: d.EndsAt,
		Zone: d.Zone(), Cancelled: d.State == Cancelled, Summary: word}
	if feed.Topic {
		e.Summary = d.Title(feed.Language)
	}
	if feed.Place {
		e.Place = d.Place()
	}
	return e
}
