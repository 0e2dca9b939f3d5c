package pages

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
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

// planPage is the form for a new cohort.
type planPage struct {
	Plan    cohorts.Plan
	Courses []cohorts.Course
	Rooms   []cohorts.Room
	Failed  *web.Errors
}

// newPage may be prefilled with a first day and a rhythm: that is how the parallel
// cohort of another sector is begun, and no more than these is carried across.
func (h handler) newPage(c *fiber.Ctx) error {
	plan := cohorts.Plan{FirstDay: web.Query(c, "first_day"), Start: web.Query(c, "start"), Mode: cohorts.InRoom}
	plan.Days = strings.Split(web.Query(c, "days"), "-")
	if plan.Start == "" {
		plan.Start = "09:00"
	}
	return h.showPlan(c, http.StatusOK, plan, nil)
}

func (h handler) showPlan(c *fiber.Ctx, status int, plan cohorts.Plan, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	offered, err := h.store.Courses(ctx, v)
	if err != nil {
		return err
	}
	rooms, err := h.store.Rooms(ctx, v)
	if err != nil {
		return err
	}
	return web.Render(c, status, newCohort(planPage{plan, offered, rooms, failed}))
}

func readPlan(c *fiber.Ctx) cohorts.Plan {
	number, err := strconv.Atoi(web.Text(c, "number"))
	if err != nil && web.Text(c, "number") != "" {
		number = -1
	}
	return cohorts.Plan{EditionID: courses.EditionID(web.Text(c, "edition")), FirstDay: web.Text(c, "first_day"), Days: web.Texts(c, "days"),
		Start: web.Text(c, "start"), Mode: cohorts.Mode(web.Text(c, "mode")), RoomID: web.Text(c, "room"), Link: web.Text(c, "link"), Number: number}
}

// preview shows the sessions laid on the calendar; with "change" it leads back to the form.
func (h handler) preview(c *fiber.Ctx) error {
	plan := readPlan(c)
	if web.Text(c, "change") != "" {
		return h.showPlan(c, http.StatusOK, plan, nil)
	}
	laid, err := h.store.Preview(c.UserContext(), web.Viewer(c), plan)
	if failed := web.Failed(c, err); failed != nil {
		return h.showPlan(c, http.StatusUnprocessableEntity, plan, failed)
	}
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, preview(laid))
}

func (h handler) make(c *fiber.Ctx) error {
	plan := readPlan(c)
	made, err := h.store.Make(c.UserContext(), web.Viewer(c), plan)
	if failed := web.Failed(c, err); failed != nil {
		return h.showPlan(c, http.StatusUnprocessableEntity, plan, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/sessions?done=made", made)
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

// rhythm is a cohort's first day and weekly rhythm, as an address that prefills the form
// for its parallel: read from its own first week, so that nothing else goes along.
func rhythm(list []cohorts.Session) string {
	if len(list) == 0 {
		return "/cohorts/new"
	}
	first := list[0].StartsAt.In(list[0].Zone())
	met := map[time.Weekday]bool{}
	for _, s := range list {
		met[s.StartsAt.In(s.Zone()).Weekday()] = true
	}
	var days []string
	for i, name := range cohorts.Weekdays {
		if met[time.Weekday((i+1)%7)] {
			days = append(days, name)
		}
	}
	return "/cohorts/new?first_day=" + first.Format(time.DateOnly) + "&days=" + strings.Join(days, "-") + "&start=" + first.Format("15:04")
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
