package pages

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type listPage struct {
	Cohorts []cohorts.Summary
	Next    cohorts.CohortID
	Manages bool
	Waiting int // sessions that wait for the second person
	Done    string
}

func (h handler) list(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	found, next, err := h.store.Cohorts(ctx, v, cohorts.CohortID(web.Query(c, "after")))
	if err != nil {
		return err
	}
	page := listPage{Cohorts: found, Next: next, Manages: v.RunsSector(), Done: done(c)}
	if page.Manages {
		waiting, err := h.store.ToConfirm(ctx, v)
		if err != nil {
			return err
		}
		page.Waiting = len(waiting)
	}
	return web.Render(c, http.StatusOK, list(page))
}

type roomsPage struct {
	Rooms   []cohorts.Room
	Sectors []people.Sector // to which the viewer may release a room
	Done    string
	Failed  *web.Errors
}

func (h handler) rooms(c *fiber.Ctx) error { return h.showRooms(c, http.StatusOK, nil) }

func (h handler) showRooms(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	list, err := h.store.Rooms(ctx, v)
	if err != nil {
		return err
	}
	page := roomsPage{Rooms: list, Done: done(c), Failed: failed}
	for _, sector := range web.PresenceOf(ctx).Standings {
		if sector != v.Sector() {
			page.Sectors = append(page.Sectors, sector)
		}
	}
	return web.Render(c, status, rooms(page))
}

func (h handler) addRoom(c *fiber.Ctx) error {
	capacity, err := strconv.Atoi(web.Text(c, "capacity"))
	if err != nil && web.Text(c, "capacity") != "" {
		capacity = -1
	}
	_, err = h.store.AddRoom(c.UserContext(), web.Viewer(c), cohorts.Room{Name: web.Text(c, "name"), Address: web.Text(c, "address"), Capacity: capacity})
	if failed := web.Failed(c, err); failed != nil {
		return h.showRooms(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/rooms?done=room")
}

func (h handler) releaseRoom(c *fiber.Ctx) error {
	err := h.store.ReleaseRoom(c.UserContext(), web.Viewer(c), web.Text(c, "room"), people.Sector(web.Text(c, "sector")))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/rooms?done=released")
}

// rhythm is a cohort's first day, weekly rhythm and days off, as an address that prefills
// the form for its parallel: nothing else goes along.
func rhythm(cohort cohorts.Summary, list []cohorts.Session) string {
	if len(list) == 0 {
		return "/cohorts/new"
	}
	plan := cohorts.Plan{}.WithRhythm(cohort.Weekly(list))
	query := url.Values{}
	if len(plan.Starts) > 0 {
		var hours []string
		for _, name := range plan.Days {
			hours = append(hours, plan.Starts[name])
		}
		query.Set("starts", strings.Join(hours, "-"))
	}
	if plan.PerDay > 1 {
		query.Set("per_day", strconv.Itoa(plan.PerDay))
		query.Set("pause", strconv.Itoa(plan.Pause))
	}
	if len(cohort.DaysOff) > 0 {
		query.Set("days_off", strings.ReplaceAll(strings.ReplaceAll(cohorts.DaysOffText(cohort.DaysOff), " – ", ".."), "\n", ","))
	}
	address := "/cohorts/new?first_day=" + cohort.StartsOn + "&days=" + strings.Join(plan.Days, "-") + "&start=" + plan.Start
	if len(query) > 0 {
		address += "&" + query.Encode()
	}
	return address
}

// managed gives a cohort whose people the viewer may change: fault.Forbidden for who
// only teaches it.
func (h handler) managed(c *fiber.Ctx) (cohorts.Summary, error) {
	cohort, err := h.store.CohortRunBy(c.UserContext(), web.Viewer(c), cohortID(c))
	if err == nil && !web.Viewer(c).RunsSector() {
		err = fault.Forbidden
	}
	return cohort, err
}
