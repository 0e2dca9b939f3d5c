package pages

import (
	"context"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// changesPage is what a move to another edition changed for who learns or teaches there.
type changesPage struct {
	cohorts.Change
	Editions courses.EditionDifference
}

// changes tells it. Once they have looked, Today says no more of it.
func (h handler) changes(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	change, err := h.store.Change(ctx, v, cohortID(c))
	if err != nil {
		return err
	}
	before, err := h.courses.Edition(ctx, v, change.From)
	if err != nil {
		return err
	}
	after, err := h.courses.Edition(ctx, v, change.Cohort.EditionID)
	if err != nil {
		return err
	}
	seen, err := h.courses.Maps(ctx, v, []courses.Edition{before, after})
	if err != nil {
		return err
	}
	if err := h.store.SeeChange(ctx, v, change.Cohort.ID); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, changes(changesPage{change, courses.Difference(seen[0], seen[1])}))
}

// words: cohorts.change.session_*

// changed says in words what became of a session.
func changed(ctx context.Context, s cohorts.ChangedSession) string {
	switch {
	case s.Added:
		return web.T(ctx, "cohorts.change.session_added", "Time", web.Minutes(ctx, s.Minutes))
	case s.State == cohorts.Cancelled:
		return web.T(ctx, "cohorts.change.session_cancelled")
	}
	return web.T(ctx, "cohorts.change.session_minutes", "Before", web.Minutes(ctx, s.Before), "After", web.Minutes(ctx, s.Minutes))
}
