package pages

import (
	"context"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// weekName reads "This week", "Next week" or "Week of Mon 7 Dec".
func weekName(ctx context.Context, c desk.Calendar, w desk.Week) string {
	switch days := daysBetween(c.Now.In(c.Zone), w.Monday); {
	case days > -7 && days <= 0:
		return web.T(ctx, "desk.calendar.this_week")
	case days > 0 && days <= 7:
		return web.T(ctx, "desk.calendar.next_week")
	}
	return web.T(ctx, "desk.calendar.week_of", "Day", web.Date(ctx, w.Monday, c.Zone))
}

func dayNumber(class cohorts.Session, c desk.Calendar) string {
	return strconv.Itoa(class.StartsAt.In(c.Zone).Day())
}

// dayName is the weekday and the month: "Tue, Nov".
func dayName(ctx context.Context, class cohorts.Session, c desk.Calendar) string {
	parts := strings.Fields(web.Date(ctx, class.StartsAt, c.Zone))
	if len(parts) != 3 {
		return web.Date(ctx, class.StartsAt, c.Zone)
	}
	return parts[0] + ", " + parts[2]
}
