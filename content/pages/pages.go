// Package pages shows the curriculum to those who teach it, and to programs.
package pages

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// Routes mounts the room's pages.
func Routes(app *web.App, store content.Store) {
	h := handler{store}
	app.SignedIn(fiber.MethodGet, "/modules/:module/guide", h.guide)
	app.SignedIn(fiber.MethodGet, "/modules/:module/pictures/:picture", h.picture)
}

// API mounts the room's operations.
func API(api huma.API, store content.Store) {
	h := handler{store}
	huma.Get(api, "/modules/{module}", h.module, web.Scope("read"))
}

type handler struct{ content content.Store }
