package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type ledgerPage struct {
	Cohort cohorts.Summary
	Totals []cohorts.Totals
	Next   cohorts.EnrolmentID
}

// short counts who of the page can't reach the total without a make-up.
func (p ledgerPage) short() int {
	n := 0
	for _, t := range p.Totals {
		if !t.Reachable() {
			n++
		}
	}
	return n
}

func (h handler) ledger(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.store.CohortRunBy(ctx, v, cohortID(c))
	if err != nil {
		return err
	}
	totals, next, err := h.store.Ledger(ctx, v, cohort.ID, after(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, ledger(ledgerPage{cohort, totals, next}))
}

// enrolmentPage is one person's minutes: for who runs the cohort with the form for
// make-ups, for the trainee to read.
type enrolmentPage struct {
	Way      cohorts.Way
	Absences []cohorts.Absence
	Lines    []cohorts.LedgerLine
	Fixes    []cohorts.Elsewhere // classes ahead that would cure an absence

	Elsewhere []cohorts.Elsewhere // classes that were held, in which one may have been cured
	Outside   int                 // minutes of training done elsewhere, which the course does not count
	Own       bool
	Manages   bool
	Today     string
	Line      string
	Done      string
	Failed    *web.Errors
}

// makeUps are the lines that a make-up posted, taken back or not.
func (p enrolmentPage) makeUps() (list []cohorts.LedgerLine) {
	for _, line := range p.Lines {
		if line.MakeUp != "" {
			list = append(list, line)
		}
	}
	return list
}

// outside is the page of what the person was trained in elsewhere.
func (p enrolmentPage) outside() string {
	if p.Own {
		return "/me/outside"
	}
	return outsideOf(p.Way.PersonID)
}

func (h handler) enrolment(c *fiber.Ctx) error { return h.showEnrolment(c, http.StatusOK, nil) }

func (h handler) showEnrolment(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v, id := c.UserContext(), web.Viewer(c), enrolmentID(c)
	way, err := h.store.Way(ctx, v, id)
	if err != nil {
		return err
	}
	page := enrolmentPage{Way: way, Own: way.PersonID == v.Person(), Manages: v.RunsSector(), Today: h.people.Today(), Line: database.NewID(), Done: done(c), Failed: failed}
	if page.Absences, err = h.store.Absences(ctx, v, id); err != nil {
		return err
	}
	if page.Lines, err = h.store.Lines(ctx, v, id); err != nil {
		return err
	}
	if page.Fixes, err = h.store.Fixes(ctx, v, id); err != nil {
		return err
	}
	if page.Own || page.Manages {
		if page.Outside, err = h.store.OutsideMinutes(ctx, v, way.PersonID); err != nil {
			return err
		}
	}
	if !page.Own {
		if page.Elsewhere, err = h.store.HeldElsewhere(ctx, v, id); err != nil {
			return err
		}
	}
	return web.Render(c, status, enrolment(page))
}

func (h handler) makeUp(c *fiber.Ctx) error {
	err := h.store.Approve(c.UserContext(), web.Viewer(c), cohorts.NewMakeUp{Enrolment: enrolmentID(c), Session: cohorts.SessionID(web.Text(c, "session")),
		Kind: cohorts.MakeUpKind(web.Text(c, "kind")), Minutes: number(c, "minutes"), DoneOn: web.Text(c, "done_on"), Line: web.Text(c, "line"),
		At: cohorts.SessionID(web.Text(c, "at"))})
	if failed := web.Failed(c, err); failed != nil {
		return h.showEnrolment(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/enrolments/%s?done=made_up", enrolmentID(c))
}

func (h handler) takeBack(c *fiber.Ctx) error {
	if err := h.store.TakeBack(c.UserContext(), web.Viewer(c), web.Text(c, "make_up")); err != nil {
		return err
	}
	return web.SeeOther(c, "/enrolments/%s?done=taken_back", enrolmentID(c))
}
