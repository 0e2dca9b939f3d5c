// Package pages faces people for the desk: the front door, Today, a cohort's home, the
// calendar, partner HR's view and search.
package pages

import (
	"context"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type handler struct {
	desk  desk.Desk
	words *web.Words // for what is read outside a page
	base  string     // absolute address of the Academy
}

// Routes mounts the desk's pages.
func Routes(app *web.App, d desk.Desk) {
	h := handler{d, app.Words(), app.BaseURL()}
	app.Public(fiber.MethodGet, "/", h.start)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort", h.home)
	app.SignedIn(fiber.MethodGet, "/calendar", h.calendar)
	app.Public(fiber.MethodGet, "/calendar/:token.ics", h.feed, web.PerAddress(60, time.Minute))
	app.SignedIn(fiber.MethodGet, "/me/calendar", h.feedPage)
	app.SignedIn(fiber.MethodPost, "/me/calendar", h.makeFeed)
	app.SignedIn(fiber.MethodPost, "/me/calendar/removal", h.endFeed)
	app.SignedIn(fiber.MethodPost, "/me/calendar/settings", h.setFeed)
	h.reports(app)
	app.SignedIn(fiber.MethodGet, "/staff", h.staff)
	app.SignedIn(fiber.MethodGet, "/staff/list.csv", h.staffFile)
	app.SignedIn(fiber.MethodGet, "/search", h.search)
	app.SignedIn(fiber.MethodPost, "/search", h.find, web.Limit(16<<10))
}

// lang is the reader's language as the rooms name it.
func lang(ctx context.Context) content.Lang { return content.Lang(web.Language(ctx)) }
