package pages

import (
	"net/http"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// calendar is one's own classes, three months a page.
func (h handler) calendar(c *fiber.Ctx) error {
	calendar, err := h.desk.Calendar(c.UserContext(), web.Viewer(c), web.Query(c, "from"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, calendarPage(calendar))
}

// feed is the calendar that a token opens, for a calendar program.
func (h handler) feed(c *fiber.Ctx) error {
	text, err := h.desk.Feed(c.UserContext(), web.Param(c, "token"), func(language, key string) string {
		return h.words.Say(language, fault.Say(key))
	})
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/calendar; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "private, no-cache")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="calendar.ics"`)
	return c.Send(text)
}

// feedPage tells whether one has a calendar feed, and makes one.
func (h handler) feedPage(c *fiber.Ctx) error { return h.showFeed(c, "") }

func (h handler) showFeed(c *fiber.Ctx, address string) error {
	feed, err := h.desk.Cohorts.MyFeed(c.UserContext(), web.Viewer(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, feedPage(ownFeed{feed, h.desk.Zone, address, web.Query(c, "done") == "calendar"}))
}

// setFeed says what the calendar tells of a class beside when it is.
func (h handler) setFeed(c *fiber.Ctx) error {
	shown := web.Texts(c, "show")
	settings := cohorts.CalendarSettings{Place: slices.Contains(shown, "place"), Topic: slices.Contains(shown, "topic")}
	if err := h.desk.Cohorts.SetCalendar(c.UserContext(), web.Viewer(c), settings); err != nil {
		return err
	}
	return web.SeeOther(c, "/me/calendar?done=calendar")
}

// makeFeed shows the new address once: only its hash is kept.
func (h handler) makeFeed(c *fiber.Ctx) error {
	token, err := h.desk.Cohorts.MakeFeed(c.UserContext(), web.Viewer(c))
	if err != nil {
		return err
	}
	return h.showFeed(c, h.base+"/calendar/"+token+".ics")
}

func (h handler) endFeed(c *fiber.Ctx) error {
	if err := h.desk.Cohorts.EndFeed(c.UserContext(), web.Viewer(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/me/calendar")
}

// ownFeed is what the page shows of a person's calendar feed.
type ownFeed struct {
	cohorts.Feed
	Zone    *time.Location
	Address string // just made; never shown again
	Done    bool   // the settings were kept just now
}

// Has says whether an address is in force.
func (f ownFeed) Has() bool { return !f.MadeAt.IsZero() }
