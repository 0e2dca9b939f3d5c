package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// sharingPage asks what each employer may see: once in the welcome, at will after.
type sharingPage struct {
	Questions []cohorts.Question
	Welcome   bool
	Name      string
	Done      string
}

// back leads to one's own page, from where the question is asked again; a welcome goes on.
func (p sharingPage) back() string {
	if p.Welcome {
		return ""
	}
	return "/me"
}

func (h handler) welcome(c *fiber.Ctx) error { return h.showSharing(c, true) }

func (h handler) sharing(c *fiber.Ctx) error { return h.showSharing(c, false) }

func (h handler) showSharing(c *fiber.Ctx, first bool) error {
	questions, err := h.store.Questions(c.UserContext(), web.Viewer(c))
	if err != nil {
		return err
	}
	page := sharingPage{Questions: questions, Welcome: first, Name: web.PresenceOf(c.UserContext()).Name, Done: done(c)}
	return web.Render(c, http.StatusOK, sharing(page))
}

// answer keeps a yes or a no for each question that the form held.
func (h handler) answer(c *fiber.Ctx) error {
	shares := map[string]bool{}
	for _, key := range web.Texts(c, "asked") {
		shares[key] = web.Text(c, "shares."+key) == "yes"
	}
	if err := h.store.Answer(c.UserContext(), web.Viewer(c), shares); err != nil {
		return err
	}
	if web.Text(c, "welcome") != "" {
		return web.SeeOther(c, "/")
	}
	return web.SeeOther(c, "/me/sharing?done=sharing")
}
