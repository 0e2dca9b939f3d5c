package pages

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// when reads "today, 9:00 am", "tomorrow, 9:00 am" or "Tue 24 Nov, 9:00 am".
func when(ctx context.Context, at, now time.Time, zone *time.Location) string {
	switch days := daysBetween(now.In(zone), at.In(zone)); days {
	case 0:
		return web.T(ctx, "desk.day.today") + ", " + web.Clock(ctx, at, zone)
	case 1:
		return web.T(ctx, "desk.day.tomorrow") + ", " + web.Clock(ctx, at, zone)
	}
	return web.DateTime(ctx, at, zone)
}

// daysBetween counts midnights from one moment to another, both in one zone.
func daysBetween(from, to time.Time) int {
	midnight := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(midnight(to).Sub(midnight(from)).Hours() / 24)
}

// hours reads minutes in the edition's own hour: "12 h 30 min" where an hour is 60
// minutes, else "12.5 h".
func hours(ctx context.Context, minutes, hour int) string {
	if hour == 0 || hour == 60 {
		return web.Minutes(ctx, minutes)
	}
	return figure(minutes, hour) + "\u00a0h"
}

// figure is minutes as hours without a unit: "76" or "76.5".
func figure(minutes, hour int) string {
	if hour == 0 {
		hour = 60
	}
	return strings.TrimSuffix(strconv.FormatFloat(float64(minutes*10/hour)/10, 'f', 1, 64), ".0")
}

// list joins words as a sentence does: "a, b and c".
func list(ctx context.Context, words []string) string {
	switch len(words) {
	case 0:
		return ""
	case 1:
		return words[0]
	}
	return strings.Join(words[:len(words)-1], ", ") + " " + web.T(ctx, "desk.and") + " " + words[len(words)-1]
}

// readingMinutes is how long a text takes at 180 words a minute.
func readingMinutes(m content.Module) int { return max(1, (m.Words+179)/180) }

// cohortName reads "Outreach Training, cohort 21".
func cohortName(ctx context.Context, title string, number int) string {
	return web.T(ctx, "desk.cohort_name", "Course", title, "Number", number)
}

// place is where a class meets, and how long.
func place(ctx context.Context, s cohorts.Session) string {
	return where(ctx, s, s.Place()) + " · " + web.Minutes(ctx, s.Minutes)
}

// room is where a class meets, without the address that a list would say each time.
func room(ctx context.Context, s cohorts.Session) string { return where(ctx, s, s.Room()) }

func where(ctx context.Context, s cohorts.Session, named string) string {
	switch {
	case s.Mode == cohorts.Online:
		return web.T(ctx, "desk.class.online")
	case s.Mode == cohorts.Hybrid && named != "":
		return web.T(ctx, "cohorts.session.room_or_online", "Room", named)
	case named == "":
		return web.T(ctx, "desk.class.no_room")
	}
	return named
}
