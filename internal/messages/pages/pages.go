// Package pages holds the page on which a person says what they want to be written of,
// and the work that sends the letters.
package pages

import (
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type handler struct {
	store messages.Store
	on    bool
}

// Routes mounts everything here. On says whether mail can be sent: where it can't, the
// page says so.
func Routes(app *web.App, store messages.Store, on bool) {
	h := handler{store, on}
	app.SignedIn(fiber.MethodGet, "/me/messages", h.wishesPage)
	app.SignedIn(fiber.MethodPost, "/me/messages", h.wish)
	app.Public(fiber.MethodGet, "/messages/stop/:stop", h.stopPage, web.PerAddress(60, time.Minute))
	app.Public(fiber.MethodPost, "/messages/stop/:stop", h.stop, web.PerAddress(60, time.Minute))
}

// DemoRoutes mounts the mailbox of a demo, which listens on this machine alone.
func DemoRoutes(app *web.App, store messages.Store, box *mail.Box) {
	app.Public(fiber.MethodGet, "/demo/mail", demoBox{store, box}.page)
}
