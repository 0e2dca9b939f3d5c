package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func cohortOf(c *fiber.Ctx) cohorts.CohortID { return cohorts.CohortID(web.Param(c, "cohort")) }

func enrolmentOf(c *fiber.Ctx) cohorts.EnrolmentID {
	return cohorts.EnrolmentID(web.Param(c, "enrolment"))
}

// after is the last person of the page before, "" for the first page.
func after(c *fiber.Ctx) cohorts.EnrolmentID { return cohorts.EnrolmentID(web.Query(c, "after")) }

// cohortPage is a cohort with what its people have shown.
type cohortPage struct {
	Cohort cohorts.Summary
	People []assessment.Person // of this page
	Next   cohorts.EnrolmentID
	Talked bool // a talk has just been noted
}

// modules are those of the cohort's edition that have a quiz: the same for everyone.
func (p cohortPage) modules() []assessment.ModuleResult {
	if len(p.People) == 0 {
		return nil
	}
	return p.People[0].Modules
}

func (h handler) results(c *fiber.Ctx) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	people, next, err := h.assessment.KnowledgeOfCohort(c.UserContext(), web.Viewer(c), cohort.ID, after(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, resultsPage(cohortPage{cohort, people, next, web.Query(c, "talked") != ""}))
}

func (h handler) items(c *fiber.Ctx) error {
	quiz, items, err := h.assessment.Items(c.UserContext(), web.Viewer(c), cohortOf(c), moduleOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, itemsPage(cohortOf(c), quiz, items))
}

func (h handler) talk(c *fiber.Ctx) error {
	place, err := h.cohorts.Enrolment(c.UserContext(), web.Viewer(c), enrolmentOf(c))
	if err != nil {
		return err
	}
	if err := h.assessment.Talked(c.UserContext(), web.Viewer(c), place.ID, web.Text(c, "module")); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/results?talked=1", place.CohortID)
}
