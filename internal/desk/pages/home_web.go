package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// home is a cohort's page.
func (h handler) home(c *fiber.Ctx) error {
	home, err := h.desk.Home(c.UserContext(), web.Viewer(c), cohorts.CohortID(web.Param(c, "cohort")), cohorts.EnrolmentID(web.Query(c, "after")))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, homePage(home))
}
