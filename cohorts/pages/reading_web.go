package pages

import (
	"context"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// readPage is which modules of their course a trainee has done, and at which version. Of
// the others it tells only that they are not done.
type readPage struct {
	Way  cohorts.Way
	Own  bool
	Done []courses.Read   // in the order of the course
	Left []content.Module // that have a text, without it
}

// read is for who runs the cohort, and for the trainee.
func (h handler) read(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	way, err := h.store.Way(ctx, v, enrolmentID(c))
	if err != nil {
		return err
	}
	edition, err := h.courses.Edition(ctx, v, way.EditionID)
	if err != nil {
		return err
	}
	texts, err := h.courses.Way(ctx, v, content.Lang(web.Language(ctx)), edition)
	if err != nil {
		return err
	}
	done, err := h.courses.DoneBy(ctx, v, way.PersonID, edition.ID)
	if err != nil {
		return err
	}
	page := readPage{Way: way, Own: way.PersonID == v.Person()}
	for _, id := range edition.ModuleIDs() {
		if r, found := done[id]; found {
			page.Done = append(page.Done, r)
		} else if step, found := texts[id]; found {
			page.Left = append(page.Left, step.Module)
		}
	}
	return web.Render(c, http.StatusOK, read(page))
}

// reviewedOn is the day of a version in words.
func reviewedOn(ctx context.Context, r courses.Read) string {
	parsed, err := time.Parse(time.DateOnly, r.ReviewedOn)
	if err != nil {
		return r.ReviewedOn
	}
	return web.DateYear(ctx, parsed, time.UTC)
}
