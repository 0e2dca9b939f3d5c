package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// sheetPage is a roll to be filled in with a pen. It lies about in a room, so it has
// first names and initials of one side alone, and no course and no topic.
type sheetPage struct {
	Session cohorts.Session
	Seats   []cohorts.Seat
}

func (h handler) sheet(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	found, err := h.store.SessionRunBy(ctx, v, sessionID(c))
	if err != nil {
		return err
	}
	seats, err := h.store.Roll(ctx, v, found.ID)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, sheet(sheetPage{found, seats}))
}
