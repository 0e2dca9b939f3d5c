package web_test

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
	"github.com/metropolitan-peace-academy/academy/internal/web/specimen"
)

func specimenPage(c *fiber.Ctx) error {
	if c.Query("failed") == "" {
		return web.Render(c, http.StatusOK, specimen.Page(nil))
	}
	failed := web.Failed(c, fault.Invalid("name", "web.error.invalid.text"))
	return web.Render(c, http.StatusUnprocessableEntity, specimen.Page(failed))
}
