package pages

import (
	"crypto/rand"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// allowancePage is a cohort with what its people were given besides the edition's rules.
type allowancePage struct {
	cohortPage
	Lines  []assessment.AllowanceLine
	Before assessment.AllowanceID // of the next page of lines
	Line   string                 // the form's own key
	Done   bool
	Failed *web.Errors
}

// waiting are those who ask for time, newest first.
func (p allowancePage) asking() (list []assessment.AllowanceLine) {
	for _, line := range p.Lines {
		if line.Waits {
			list = append(list, line)
		}
	}
	return list
}

// given are the lines that gave something or took it back.
func (p allowancePage) given() (list []assessment.AllowanceLine) {
	for _, line := range p.Lines {
		if line.Kind != assessment.Asked {
			list = append(list, line)
		}
	}
	return list
}

// module is a check of the cohort's course.
func (p allowancePage) module(id string) (assessment.ModuleResult, bool) {
	for _, m := range p.modules() {
		if m.ModuleID == id {
			return m, true
		}
	}
	return assessment.ModuleResult{}, false
}

func (h handler) allowances(c *fiber.Ctx) error { return h.showAllowances(c, http.StatusOK, nil) }

func (h handler) showAllowances(c *fiber.Ctx, status int, failed *web.Errors) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	people, next, err := h.assessment.KnowledgeOfCohort(c.UserContext(), web.Viewer(c), cohort.ID, after(c))
	if err != nil {
		return err
	}
	lines, before, err := h.assessment.Allowances(c.UserContext(), web.Viewer(c), cohort.ID, assessment.AllowanceID(web.Query(c, "before")))
	if err != nil {
		return err
	}
	return web.Render(c, status, allowancesPage(allowancePage{cohortPage: cohortPage{Cohort: cohort, People: people, Next: next},
		Lines: lines, Before: before, Line: rand.Text(), Done: web.Query(c, "done") != "", Failed: failed}))
}

func (h handler) allow(c *fiber.Ctx) error {
	n := assessment.NewAllowance{Cohort: cohortOf(c), ModuleID: web.Text(c, "module"), Kind: assessment.AllowanceKind(web.Text(c, "kind")),
		Reason: web.Text(c, "reason"), Line: web.Text(c, "line")}
	for _, id := range web.Texts(c, "enrolment") {
		n.People = append(n.People, cohorts.EnrolmentID(id))
	}
	n.Amount, _ = strconv.Atoi(web.Text(c, "amount")) // what is no number is refused as 0 is
	err := h.assessment.Allow(c.UserContext(), web.Viewer(c), n)
	if failed := web.Failed(c, err); failed != nil {
		return h.showAllowances(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/allowances?done=1", cohortOf(c))
}

func (h handler) undoAllowance(c *fiber.Ctx) error {
	if err := h.assessment.Undo(c.UserContext(), web.Viewer(c), cohortOf(c), assessment.AllowanceID(web.Text(c, "allowance"))); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/allowances?done=1", cohortOf(c))
}

// ask notes that a trainee asks for more time; what the form holds is saved first.
func (h handler) ask(c *fiber.Ctx) error {
	refused, err := h.saveForm(c, h.assessment.SaveAll)
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		return h.late(c, refused)
	}
	if err := h.assessment.Ask(c.UserContext(), web.Viewer(c), attemptOf(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s?asked=1#time", attemptOf(c))
}
