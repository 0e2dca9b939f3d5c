package pages

import (
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// demoBox is where the letters of a demo can be read.
type demoBox struct {
	store messages.Store
	box   *mail.Box
}

// mostLetters is how many of the newest are shown.
const mostLetters = 50

// page shows the letters to one address, as who opens that person's mailbox would: the
// address that was typed, else that of who is signed in. No two people's stand beside one
// another.
func (d demoBox) page(c *fiber.Ctx) error {
	to := strings.TrimSpace(web.Query(c, "address"))
	if to == "" && web.Viewer(c).SignedIn() {
		own, err := d.store.Wishes(c.UserContext(), web.Viewer(c))
		if err != nil {
			return err
		}
		to = own.Email
	}
	var letters []mail.Letter
	for _, letter := range slices.Backward(d.box.Letters()) {
		if to != "" && strings.EqualFold(letter.To, to) && len(letters) < mostLetters {
			letters = append(letters, letter)
		}
	}
	return web.Render(c, http.StatusOK, demoPage(to, letters))
}
