package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type readersPage struct {
	Cohort  cohorts.Summary
	Count   int // protocols in force
	Readers []cohorts.Reader
	Next    cohorts.EnrolmentID
}

// read is how many of the protocols in force a trainee has read.
func (p readersPage) read(r cohorts.Reader) int { return max(0, p.Count-len(r.Unread)) }

// protocols tells who runs a cohort which protocols each trainee has still to read.
func (h handler) protocols(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	lang := content.Lang(web.Language(ctx))
	cohort, err := h.store.CohortRunBy(ctx, v, cohortID(c))
	if err != nil {
		return err
	}
	steps, err := h.courses.Protocols(ctx, v, lang)
	if err != nil {
		return err
	}
	readers, next, err := h.store.ProtocolReaders(ctx, v, cohort.ID, after(c), lang)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, protocolReaders(readersPage{cohort, len(steps), readers, next}))
}
