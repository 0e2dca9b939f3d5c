package pages

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// planPage is the form for a new cohort, perhaps one like another.
type planPage struct {
	Plan    cohorts.Plan
	Courses []cohorts.Course
	Rooms   []cohorts.Room
	Like    *cohorts.Clone
	Failed  *web.Errors
}

// special says whether the plan says more than its days and one hour.
func (p planPage) special() bool {
	return len(p.Plan.Starts) > 0 || p.Plan.PerDay > 1 || p.Plan.Pause > 0 || p.Plan.DaysOff != "" || p.Plan.TimeZone != "" || p.Failed.Any()
}

// newPage may be prefilled with a first day and a rhythm: that is how the parallel
// cohort of another sector is begun, and no more than these is carried across. With a cohort
// it is prefilled with what that hands on.
func (h handler) newPage(c *fiber.Ctx) error {
	plan := cohorts.Plan{FirstDay: web.Query(c, "first_day"), Start: web.Query(c, "start"), Mode: cohorts.InRoom, DaysOff: daysOffLines(web.Query(c, "days_off")), Starts: map[string]string{}}
	plan.Days = strings.Split(web.Query(c, "days"), "-")
	plan.PerDay, plan.Pause = numberIn(web.Query(c, "per_day")), numberIn(web.Query(c, "pause"))
	for i, hour := range strings.Split(web.Query(c, "starts"), "-") {
		if hour != "" && i < len(plan.Days) {
			plan.Starts[plan.Days[i]] = hour
		}
	}
	if plan.Start == "" {
		plan.Start = "09:00"
	}
	return h.showPlan(c, http.StatusOK, plan, cohorts.CohortID(web.Query(c, "cohort")), nil)
}

// daysOffLines writes days off, as they stand in an address, on lines.
func daysOffLines(text string) string {
	days, err := cohorts.ParseDaysOff(text)
	if err != nil {
		return ""
	}
	return cohorts.DaysOffText(days)
}

// showPlan shows the form with a plan or, where the form is new, with what a cohort hands on.
func (h handler) showPlan(c *fiber.Ctx, status int, plan cohorts.Plan, like cohorts.CohortID, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	page := planPage{Plan: plan, Failed: failed}
	var err error
	if page.Courses, err = h.store.Courses(ctx, v); err != nil {
		return err
	}
	if page.Rooms, err = h.store.Rooms(ctx, v); err != nil {
		return err
	}
	if like != "" {
		clone, err := h.store.CloneOf(ctx, v, like)
		if err != nil {
			return err
		}
		page.Like = &clone
		if plan.EditionID == "" && failed == nil {
			page.Plan = clone.Plan
		}
	}
	return web.Render(c, status, newCohort(page))
}

func readPlan(c *fiber.Ctx) cohorts.Plan {
	plan := cohorts.Plan{EditionID: courses.EditionID(web.Text(c, "edition")), FirstDay: web.Text(c, "first_day"), Days: web.Texts(c, "days"),
		Start: web.Text(c, "start"), Starts: map[string]string{}, PerDay: numberIn(web.Text(c, "per_day")), Pause: numberIn(web.Text(c, "pause")),
		DaysOff: web.Text(c, "days_off"), Mode: cohorts.Mode(web.Text(c, "mode")), RoomID: web.Text(c, "room"), Link: web.Text(c, "link"),
		Number: numberIn(web.Text(c, "number")), TimeZone: web.Text(c, "time_zone"), Accept: web.Text(c, "accept") != ""}
	for _, name := range cohorts.Weekdays {
		if own := web.Text(c, "start."+name); own != "" && own != plan.Start {
			plan.Starts[name] = own
		}
	}
	for _, person := range web.Texts(c, "instructor") {
		if id := people.PersonID(person); id != "" && !slices.Contains(plan.Instructors, id) {
			plan.Instructors = append(plan.Instructors, id)
		}
	}
	return plan
}

// numberIn reads a number that may be left empty; -1 for what is none.
func numberIn(text string) int {
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

// like is the cohort that the plan was begun from, "" for none.
func like(c *fiber.Ctx) cohorts.CohortID { return cohorts.CohortID(web.Text(c, "cohort")) }

// preview shows the sessions laid on the calendar; with "change" it leads back to the form.
func (h handler) preview(c *fiber.Ctx) error {
	plan := readPlan(c)
	if web.Text(c, "change") != "" {
		return h.showPlan(c, http.StatusOK, plan, like(c), nil)
	}
	return h.showPreview(c, http.StatusOK, plan, nil)
}

func (h handler) showPreview(c *fiber.Ctx, status int, plan cohorts.Plan, failed *web.Errors) error {
	laid, err := h.store.Preview(c.UserContext(), web.Viewer(c), plan)
	if failed := web.Failed(c, err); failed != nil {
		return h.showPlan(c, http.StatusUnprocessableEntity, plan, like(c), failed)
	}
	if err != nil {
		return err
	}
	return web.Render(c, status, preview(previewPage{laid, like(c), failed}))
}

// previewPage is a plan before it is made.
type previewPage struct {
	cohorts.Preview
	Like   cohorts.CohortID
	Failed *web.Errors
}

func (h handler) make(c *fiber.Ctx) error {
	plan := readPlan(c)
	made, err := h.store.Make(c.UserContext(), web.Viewer(c), plan)
	switch failed := web.Failed(c, err); {
	case failed != nil && onlyOf(err, "accept"):
		return h.showPreview(c, http.StatusUnprocessableEntity, plan, failed)
	case failed != nil:
		return h.showPlan(c, http.StatusUnprocessableEntity, plan, like(c), failed)
	case err != nil:
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/sessions?done=made", made)
}
