package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func (h handler) sendReflection(c *fiber.Ctx) error {
	if err := h.assessment.SendReflection(c.UserContext(), web.Viewer(c), attemptOf(c), web.Text(c, "question")); err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s/result", attemptOf(c))
}

func (h handler) deleteReflection(c *fiber.Ctx) error {
	if err := h.assessment.DeleteReflection(c.UserContext(), web.Viewer(c), attemptOf(c), web.Text(c, "question")); err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s/result", attemptOf(c))
}

func (h handler) reflections(c *fiber.Ctx) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	sent, err := h.assessment.ReflectionsSent(c.UserContext(), web.Viewer(c), cohort.ID, moduleOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, reflectionsPage(cohort, moduleOf(c), sent))
}
