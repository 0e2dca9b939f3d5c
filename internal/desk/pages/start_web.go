package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// start is Today for who is signed in and the front door for everyone else.
func (h handler) start(c *fiber.Ctx) error {
	ctx := c.UserContext()
	if v := web.Viewer(c); v.SignedIn() {
		today, err := h.desk.Today(ctx, v, lang(ctx))
		if err != nil {
			return err
		}
		return web.Render(c, http.StatusOK, todayPage(today))
	}
	offers, err := h.desk.Offers(ctx)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, frontPage(offers))
}
