package pages

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// correctionsView is what corrected questions do, with a decision that came back.
type correctionsView struct {
	assessment.Corrections
	First  bool // the first page, with the questions and the decision
	Failed *web.Errors
	Zone   *time.Location
}

func (c correctionsView) address() string {
	return "/modules/" + slug(c.ModuleID) + "/check/corrections"
}

// running is a decision whose tries are being gone through.
func (c correctionsView) running() (assessment.CorrectionBy, bool) {
	for _, d := range c.Decided {
		if d.DoneAt == nil {
			return d, true
		}
	}
	return assessment.CorrectionBy{}, false
}

func (h handler) corrections(c *fiber.Ctx) error { return h.showCorrections(c, http.StatusOK, nil) }

func (h handler) showCorrections(c *fiber.Ctx, status int, failed *web.Errors) error {
	after := assessment.AttemptID(web.Query(c, "after"))
	page, err := h.assessment.Corrections(c.UserContext(), web.Viewer(c), moduleOf(c), after)
	if err != nil {
		return err
	}
	view := correctionsView{page, after == "", failed, h.texts.Zone()}
	if running, is := view.running(); is && status == http.StatusOK {
		comesBack(c, running.Total-running.Step)
	}
	return web.Render(c, status, correctionsPage(view))
}

// comesBack lets a page of work that goes on be asked for again in a while.
func comesBack(c *fiber.Ctx, left int) {
	if left > 0 {
		c.Set("Refresh", "3")
	}
}

// decideCorrection keeps a decision and does it.
func (h handler) decideCorrection(c *fiber.Ctx) error {
	_, err := h.assessment.DecideCorrection(c.UserContext(), web.Viewer(c), assessment.NewCorrection{
		Module: moduleOf(c), Quiz: assessment.QuizHash(web.Text(c, "quiz")), Decision: assessment.Decision(web.Text(c, "decision")),
		Lowers: web.Text(c, "lower") != "", Reason: web.Text(c, "reason"),
	})
	var conflict *fault.ConflictError
	if errors.As(err, &conflict) {
		err = &fault.InvalidError{Problems: []fault.Problem{{Sentence: conflict.Sentence}}}
		return h.showCorrections(c, http.StatusConflict, web.Failed(c, err))
	}
	if failed := web.Failed(c, err); failed != nil {
		return h.showCorrections(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/modules/%s/check/corrections#decided", slug(moduleOf(c)))
}

// decidedWords says what a decision did.
func decidedWords(ctx context.Context, d assessment.CorrectionBy) string {
	if d.Decision == assessment.Leave {
		return web.T(ctx, "assessment.correction.left", "Name", d.By())
	}
	if d.DoneAt == nil {
		return web.T(ctx, "assessment.correction.going", "Done", d.Step, "Total", d.Total)
	}
	return web.T(ctx, "assessment.correction.done", "Name", d.By(), "Count", d.Changed)
}

// whose names a try where the viewer runs its cohort, and else numbers it on the page.
func whose(ctx context.Context, r assessment.Regraded, number int) string {
	if r.Name != "" {
		return r.Name
	}
	return web.T(ctx, "assessment.correction.person", "Number", number)
}
