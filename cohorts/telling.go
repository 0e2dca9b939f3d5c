package cohorts

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Telling is what one person's calendar says of a class, beside what they were told of it
// last: the difference is what they don't know yet.
type Telling struct {
	SessionID     SessionID       `bun:"session_id"`
	PersonID      people.PersonID `bun:"person_id"`
	Sequence      int             `bun:"sequence"`
	StartsAt      time.Time       `bun:"starts_at"`
	EndsAt        time.Time       `bun:"ends_at"`
	Place         string          `bun:"place"`
	Cancelled     bool            `bun:"cancelled"`
	ChangedAt     time.Time       `bun:"changed_at"`
	ToldStartsAt  time.Time       `bun:"told_starts_at"`
	ToldEndsAt    time.Time       `bun:"told_ends_at"`
	ToldPlace     string          `bun:"told_place"`
	ToldCancelled bool            `bun:"told_cancelled"`
	TimeZone      string          `bun:"time_zone"`
}

// News is what became of a class that somebody knew otherwise.
type News string

// The news.
const (
	NewsOff   News = "called_off"
	NewsAdded News = "added" // or on again
	NewsMoved News = "moved"
	NewsPlace News = "elsewhere" // another room, or online
	NoNews    News = ""
)

// News is what the person does not know yet. A class that they were told of as called
// off, or that nobody told them of, and that is not any more, is an added one.
func (t Telling) News() News {
	switch {
	case t.Cancelled && !t.ToldCancelled:
		return NewsOff
	case t.Cancelled:
		return NoNews
	case t.ToldCancelled:
		return NewsAdded
	case !t.StartsAt.Equal(t.ToldStartsAt) || !t.EndsAt.Equal(t.ToldEndsAt):
		return NewsMoved
	case t.Place != t.ToldPlace:
		return NewsPlace
	}
	return NoNews
}

// Zone is the time zone in which the class's hours are told.
func (t Telling) Zone() *time.Location { return zone(t.TimeZone) }

// next is the moment from which the news is of no use: when the class begins, or when
// the person would come to one that is not there.
func (t Telling) next(now time.Time) time.Time {
	first := t.StartsAt
	if t.ToldStartsAt.After(now) && t.ToldStartsAt.Before(first) || !first.After(now) {
		first = t.ToldStartsAt
	}
	return first
}
