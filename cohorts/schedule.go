package cohorts

import (
	"errors"
	"net/url"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Meeting is one weekly slot of a rhythm: a weekday and the hour it begins, local time.
// Where more than one session is held on the day, they follow one another, with Pause
// minutes between them.
type Meeting struct {
	Weekday  time.Weekday `json:"weekday"`
	Hour     int          `json:"hour"`
	Minute   int          `json:"minute"`
	Sessions int          `json:"sessions,omitempty"` // 0 is one
	Pause    int          `json:"pause,omitempty"`
}

// Topic is one session of an edition's map that is to be laid on a day.
type Topic struct {
	EditionSessionID string
	Position         int
	Minutes          int
	Breaks           int    // minutes of breaks that don't count, besides
	TitleEN          string `bun:"title_en"`
	TitleES          string `bun:"title_es"`
}

// Title is the topic's title in the language asked for ("en" or "es").
func (t Topic) Title(language string) string { return titled(language, t.TitleEN, t.TitleES) }

// Laid is a topic with its time, before it is made.
type Laid struct {
	Topic
	Week         int
	Starts, Ends time.Time // UTC
}

// ParseRhythm reads weekdays ("tue", "thu") and one starting hour ("09:00") into the
// meetings of a week, in the order of the week from Monday.
func ParseRhythm(days []string, start string) ([]Meeting, error) {
	var e fault.InvalidError
	at, err := time.Parse("15:04", start)
	if err != nil {
		e.Add("start", "cohorts.schedule.start")
	}
	var meetings []Meeting
	for i, name := range Weekdays {
		if slices.Contains(days, name) {
			meetings = append(meetings, Meeting{Weekday: time.Weekday((i + 1) % 7), Hour: at.Hour(), Minute: at.Minute()})
		}
	}
	if len(meetings) == 0 {
		e.Add("days", "cohorts.schedule.days")
	}
	if err := e.OrNil(); err != nil {
		return nil, err
	}
	return meetings, nil
}

// Weekdays are the short names that forms use, from Monday.
var Weekdays = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// LayOut lays the topics of an edition on the calendar: from the first day on, one
// topic on each meeting of the rhythm, days off skipped. Hours are wall-clock hours
// of the zone, so nine o'clock stays nine o'clock when daylight saving begins or ends.
// Skipped are the days off on which the rhythm would have met.
func LayOut(topics []Topic, firstDay time.Time, rhythm []Meeting, zone *time.Location, off func(day string) bool) (laid []Laid, skipped []string) {
	lengths := make([]int, len(topics))
	for i, topic := range topics {
		lengths[i] = topic.Minutes + topic.Breaks
	}
	first := noonOf(firstDay, zone)
	spans, skipped := layOut(lengths, first, rhythm, off, nil)
	for i, at := range spans {
		laid = append(laid, Laid{Topic: topics[i], Week: weeksBetween(first, noonOf(at.starts.In(zone), zone)) + 1, Starts: at.starts, Ends: at.ends})
	}
	return laid, skipped
}

// span is from one time to another, UTC.
type span struct{ starts, ends time.Time }

func (s span) meets(other span) bool {
	return s.starts.Before(other.ends) && s.ends.After(other.starts)
}

// noonOf is the middle of a calendar day in a zone, from which days can be counted.
func noonOf(day time.Time, zone *time.Location) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, zone)
}

// layOut finds a time for each length, in minutes, from a day on (in its zone), on the
// meetings of the rhythm, days off skipped. Where a time is not free it goes on to the
// next meeting; nil takes every time as free.
func layOut(lengths []int, day time.Time, rhythm []Meeting, off func(day string) bool, free func(span) bool) (laid []span, skipped []string) {
	meets := func(day time.Time) bool {
		return slices.ContainsFunc(rhythm, func(m Meeting) bool { return m.Weekday == day.Weekday() })
	}
	// A year of days off in a row would never end; ten years of days is the bound.
	for tries := 0; len(laid) < len(lengths) && tries < 3660; tries, day = tries+1, day.AddDate(0, 0, 1) {
		if !meets(day) {
			continue
		}
		if off != nil && off(day.Format(time.DateOnly)) {
			skipped = append(skipped, day.Format(time.DateOnly))
			continue
		}
		for _, m := range rhythm {
			if m.Weekday != day.Weekday() {
				continue
			}
			starts := time.Date(day.Year(), day.Month(), day.Day(), m.Hour, m.Minute, 0, 0, day.Location())
			for range max(1, m.Sessions) {
				if len(laid) == len(lengths) {
					break
				}
				at := span{starts.UTC(), starts.Add(time.Duration(lengths[len(laid)]) * time.Minute).UTC()}
				if free != nil && !free(at) {
					break
				}
				laid = append(laid, at)
				starts = starts.Add(time.Duration(lengths[len(laid)-1]+m.Pause) * time.Minute)
			}
		}
	}
	return laid, skipped
}

// weeksBetween counts calendar weeks (from Monday) from the first day to a later one.
func weeksBetween(first, later time.Time) int {
	monday := func(t time.Time) time.Time { return t.AddDate(0, 0, -((int(t.Weekday()) + 6) % 7)) }
	return int(monday(later).Sub(monday(first)).Hours()+12) / (24 * 7)
}

// Holiday says whether the Academy is closed on a day (YYYY-MM-DD): the federal
// holidays on which it does not meet, and the days between Christmas and New Year.
func Holiday(day string) bool {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return false
	}
	month, date := t.Month(), t.Day()
	nth := (date-1)/7 + 1
	last := t.AddDate(0, 0, 7).Month() != month
	switch {
	case month == time.January && date == 1,
		month == time.June && date == 19,
		month == time.July && date == 4,
		month == time.November && date == 11,
		month == time.December && date >= 24:
		return true
	case t.Weekday() == time.Monday:
		return (month == time.January && nth == 3) || (month == time.February && nth == 3) ||
			(month == time.May && last) || (month == time.September && nth == 1) || (month == time.October && nth == 2)
	case t.Weekday() == time.Thursday:
		return month == time.November && nth == 4
	}
	return false
}

// problems are those of an error that says what is wrong with a form.
func problems(err error) []fault.Problem {
	var invalid *fault.InvalidError
	if errors.As(err, &invalid) {
		return invalid.Problems
	}
	return nil
}

// webLink says whether a text is an address that a browser may be led to.
func webLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Host != ""
}
