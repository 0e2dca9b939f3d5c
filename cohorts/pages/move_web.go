package pages

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// movePage is what a newer edition would do to a cohort or, where there is none, the
// move that can be undone.
type movePage struct {
	Cohort  cohorts.Summary
	Plan    *cohorts.MovePlan
	Change  courses.EditionDifference
	Last    *cohorts.Move
	Refused *fault.ConflictError
	Failed  *web.Errors
}

func (h handler) move(c *fiber.Ctx) error { return h.showMove(c, http.StatusOK, nil) }

func (h handler) showMove(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.managed(c)
	if err != nil {
		return err
	}
	page := movePage{Cohort: cohort, Failed: failed}
	if cohort.Newer == "" {
		last, err := h.store.LastMove(ctx, v, cohort.ID)
		switch {
		case err == nil:
			page.Last = &last
		case !errors.Is(err, fault.NotFound):
			return err
		}
		return web.Render(c, status, moveBack(page))
	}
	to, maps, err := h.maps(c, cohort, cohort.Newer)
	if err != nil {
		return err
	}
	plan, err := h.store.PlanMove(ctx, v, cohort.ID, to, maps...)
	if err != nil {
		return err
	}
	seen, err := h.courses.Maps(ctx, v, []courses.Edition{pinned(cohort, maps), to})
	if err != nil {
		return err
	}
	page.Plan, page.Change = &plan, courses.Difference(seen[0], seen[1])
	errors.As(plan.Refusal(), &page.Refused)
	return web.Render(c, status, move(page))
}

// maps are the edition that a cohort would move to, and those that its sessions are of,
// oldest first.
func (h handler) maps(c *fiber.Ctx, cohort cohorts.Summary, to courses.EditionID) (newer courses.Edition, maps []courses.Edition, err error) {
	ctx, v := c.UserContext(), web.Viewer(c)
	if newer, err = h.courses.Edition(ctx, v, to); err != nil {
		return newer, nil, err
	}
	held, err := h.store.HeldEditions(ctx, v, cohort.ID)
	for _, id := range held {
		one, err := h.courses.Edition(ctx, v, id)
		if err != nil {
			return newer, nil, err
		}
		maps = append(maps, one)
	}
	return newer, maps, err
}

// pinned is the one of the maps that the cohort is pinned to.
func pinned(cohort cohorts.Summary, maps []courses.Edition) courses.Edition {
	i := slices.IndexFunc(maps, func(e courses.Edition) bool { return e.ID == cohort.EditionID })
	if i < 0 {
		return courses.Edition{}
	}
	return maps[i]
}

// confirmMove moves the cohort from the edition that the page showed. Of two who confirm
// at once one wins.
func (h handler) confirmMove(c *fiber.Ctx) error {
	cohort, err := h.managed(c)
	if err != nil {
		return err
	}
	to, maps, err := h.maps(c, cohort, courses.EditionID(web.Text(c, "edition")))
	if err != nil {
		return err
	}
	if to.ID != cohort.Newer {
		return fault.Conflict("cohorts.move.meanwhile")
	}
	m := cohorts.NewMove{Cohort: cohort.ID, From: cohort.EditionID, Reason: web.Text(c, "reason")}
	for _, id := range web.Texts(c, "cancel") {
		m.Cancel = append(m.Cancel, cohorts.SessionID(id))
	}
	err = h.store.Move(c.UserContext(), web.Viewer(c), m, to, maps...)
	if failed := web.Failed(c, err); failed != nil {
		return h.showMove(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/sessions?done=moved", cohort.ID)
}

func (h handler) undoMove(c *fiber.Ctx) error {
	err := h.store.MoveBack(c.UserContext(), web.Viewer(c), cohortID(c), web.Text(c, "move"), web.Text(c, "reason"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showMove(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/sessions?done=moved_back", cohortID(c))
}

// gone are the sessions that the newer map has no more, to tick.
func (p movePage) gone(ctx context.Context) (options []web.Option) {
	for _, f := range p.Plan.Gone {
		options = append(options, web.Option{Value: string(f.ID), Label: f.Title(web.Language(ctx)), Hint: when(ctx, f.Session), Disabled: f.Linked})
	}
	return options
}
