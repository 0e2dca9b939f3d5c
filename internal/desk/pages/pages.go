// Package pages faces people for the desk: the front door, Today, a cohort's home, the
// calendar, partner HR's view and search.
package pages

import (
	"context"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type handler struct{ desk desk.Desk }

// Routes mounts the desk's pages.
func Routes(app *web.App, d desk.Desk) {
	h := handler{d}
	app.Public(fiber.MethodGet, "/", h.start)
}

// lang is the reader's language as the rooms name it.
func lang(ctx context.Context) content.Lang { return content.Lang(web.Language(ctx)) }
