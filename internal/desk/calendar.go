package desk

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/calendar"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Calendar is one's own classes over three months, week by week.
type Calendar struct {
	Now      time.Time
	Zone     *time.Location
	From, To time.Time // first day, and the day behind the last
	Weeks    []Week
}

// Week is a calendar week from its Monday, with the classes in it.
type Week struct {
	Monday  time.Time
	Classes []cohorts.Session
}

// calendarMonths is how far a page of the calendar reaches.
const calendarMonths = 3

// Before and After are the first days of the pages before and after this one.
func (c Calendar) Before() string { return c.From.AddDate(0, -calendarMonths, 0).Format(time.DateOnly) }

// After is the first day of the page after this one.
func (c Calendar) After() string { return c.To.Format(time.DateOnly) }

// Calendar gathers the viewer's own classes from a day on (YYYY-MM-DD; today's week
// where it is none), in one query.
func (d Desk) Calendar(ctx context.Context, v people.Viewer, from string) (Calendar, error) {
	c := Calendar{Now: d.Now(), Zone: d.Zone}
	day, err := time.ParseInLocation(time.DateOnly, from, d.Zone)
	if err != nil || day.Year() < 2000 || day.Year() > 2200 {
		day = c.Now.In(d.Zone)
	}
	c.From = monday(day)
	c.To = monday(c.From.AddDate(0, calendarMonths, 0))
	classes, err := d.Cohorts.Between(ctx, v, c.From.UTC(), c.To.UTC())
	if err != nil {
		return c, err
	}
	for _, class := range classes {
		start := monday(class.StartsAt.In(d.Zone))
		if n := len(c.Weeks); n == 0 || !c.Weeks[n-1].Monday.Equal(start) {
			c.Weeks = append(c.Weeks, Week{Monday: start})
		}
		week := &c.Weeks[len(c.Weeks)-1]
		week.Classes = append(week.Classes, class)
	}
	return c, nil
}

// monday is the first moment of a day's week.
func monday(t time.Time) time.Time {
	back := (int(t.Weekday()) + 6) % 7
	return time.Date(t.Year(), t.Month(), t.Day()-back, 0, 0, 0, 0, t.Location())
}

// feedBehind and feedAhead are how far a calendar feed reaches.
const (
	feedBehind = 30 * 24 * time.Hour
	feedAhead  = 2 * 365 * 24 * time.Hour
)

// Feed draws the calendar that a feed's token opens: events that say when, and nothing of
// what or where unless its owner wants that (rule 14). Their names are the owner's own,
// so that two people's calendars share nothing. Word says "Class" and "Classes" in the
// feed's language.
func (d Desk) Feed(ctx context.Context, token string, word func(language, key string) string) ([]byte, error) {
	feed, err := d.Cohorts.FeedOf(ctx, token)
	if err != nil {
		return nil, err
	}
	classes, err := d.Cohorts.Dated(ctx, feed.Viewer(), d.Now().Add(-feedBehind), d.Now().Add(feedAhead))
	if err != nil {
		return nil, err
	}
	own := calendar.Calendar{Method: calendar.Publish, Name: word(feed.Language, "desk.calendar.feed_name")}
	for _, class := range classes {
		own.Events = append(own.Events, class.Event(feed, word(feed.Language, "desk.calendar.feed_event")))
	}
	return own.Bytes(), nil
}
