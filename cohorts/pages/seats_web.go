package pages

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// seatsPage is how a cohort is filled, and who waits.
type seatsPage struct {
	Cohort  cohorts.Summary
	Seats   cohorts.Seats
	Asked   []cohorts.Nomination
	Waiting []cohorts.Wait
	Next    cohorts.WaitID
	Failed  *web.Errors
	Done    string
}

// asksUntil is the day until which partners may ask, "" where they may not.
func (p seatsPage) asksUntil() string {
	if p.Cohort.AsksUntil == nil {
		return ""
	}
	return *p.Cohort.AsksUntil
}

// limit is the number of seats as the form shows it: empty for as many as come.
func (p seatsPage) limit() string {
	if p.Cohort.Seats == 0 {
		return ""
	}
	return strconv.Itoa(p.Cohort.Seats)
}

func (h handler) seats(c *fiber.Ctx) error { return h.showSeats(c, http.StatusOK, nil) }

func (h handler) showSeats(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.store.CohortManagedBy(ctx, v, cohortID(c))
	if err != nil {
		return err
	}
	page := seatsPage{Cohort: cohort, Failed: failed, Done: done(c)}
	if page.Seats, err = h.store.Seats(ctx, v, cohort.ID); err != nil {
		return err
	}
	if page.Asked, err = h.store.ToAnswer(ctx, v, cohort.ID); err != nil {
		return err
	}
	if page.Waiting, page.Next, err = h.store.Waiting(ctx, v, cohort.ID, cohorts.WaitID(web.Query(c, "after"))); err != nil {
		return err
	}
	return web.Render(c, status, seats(page))
}

func (h handler) setSeats(c *fiber.Ctx) error {
	err := h.store.SetSeats(c.UserContext(), web.Viewer(c), cohortID(c), readSeats(c))
	if failed := web.Failed(c, err); failed != nil {
		return h.showSeats(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/seats?done=seats", cohortID(c))
}

// readSeats reads no number as no limit, and what is no number as one that is refused.
func readSeats(c *fiber.Ctx) cohorts.SeatRules {
	rules := cohorts.SeatRules{Award: strings.TrimSpace(web.Text(c, "award")), AsksUntil: web.Text(c, "asks_until")}
	if typed := strings.TrimSpace(web.Text(c, "seats")); typed != "" {
		var err error
		if rules.Seats, err = strconv.Atoi(typed); err != nil {
			rules.Seats = -1
		}
	}
	return rules
}

func (h handler) wait(c *fiber.Ctx) error {
	if err := h.store.Wait(c.UserContext(), web.Viewer(c), cohortID(c), people.PersonID(web.Text(c, "person"))); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/seats?done=waits", cohortID(c))
}

func (h handler) takeOff(c *fiber.Ctx) error {
	if err := h.store.TakeOff(c.UserContext(), web.Viewer(c), cohortID(c), cohorts.WaitID(web.Text(c, "wait"))); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/seats?done=off_list", cohortID(c))
}

func (h handler) setAward(c *fiber.Ctx) error {
	err := h.store.SetAward(c.UserContext(), web.Viewer(c), enrolmentID(c), strings.TrimSpace(web.Text(c, "award")))
	if failed := web.Failed(c, err); failed != nil {
		return h.showEnrolment(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/enrolments/%s?done=award", enrolmentID(c))
}
