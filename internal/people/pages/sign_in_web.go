package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// signInForm is the page at the door.
type signInForm struct {
	Next   string
	Name   string
	Failed *web.Errors
	Wait   *fault.Sentence // how long to wait, for who has tried too often
}

func (h handler) signInPage(c *fiber.Ctx) error {
	if web.Viewer(c).SignedIn() {
		return web.SeeOther(c, "%s", web.Next(c))
	}
	return web.Render(c, http.StatusOK, signIn(signInForm{Next: web.Next(c)}))
}

func (h handler) signIn(c *fiber.Ctx) error {
	attempt := people.Attempt{
		Name: web.Text(c, "name"), Secret: web.Secret(c, "password"), Shared: web.Text(c, "phone") == "shared",
		Address: web.AddressKey(c), Device: device(c), Previous: web.PresenceOf(c.UserContext()).Token,
	}
	token, err := h.store.SignIn(c.UserContext(), attempt)
	form := signInForm{Next: web.Next(c), Name: attempt.Name}
	if form.Failed = web.Failed(c, err); form.Failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, signIn(form))
	}
	if form.Wait = mustWait(c, err); form.Wait != nil {
		return web.Render(c, http.StatusTooManyRequests, signIn(form))
	}
	if err != nil {
		return err
	}
	startSession(c, token, attempt.Shared)
	return web.SeeOther(c, "%s", form.Next)
}

// startSession hands the token over: for thirty days on one's own phone, until the
// browser closes on a shared one.
func startSession(c *fiber.Ctx, token string, shared bool) {
	keep := people.OwnPhoneFor
	if shared {
		keep = 0
	}
	web.StartSession(c, token, keep)
}

func (h handler) signOut(c *fiber.Ctx) error {
	if err := h.store.SignOut(c.UserContext(), web.PresenceOf(c.UserContext()).Token); err != nil {
		return err
	}
	web.EndSession(c)
	return web.SeeOther(c, "/sign-in")
}

func (h handler) stand(c *fiber.Ctx) error {
	err := h.store.Stand(c.UserContext(), web.PresenceOf(c.UserContext()), people.Sector(web.Text(c, "sector")))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s", web.Next(c))
}
