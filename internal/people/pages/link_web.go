package pages

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func (h handler) codePage(c *fiber.Ctx) error { return web.Render(c, http.StatusOK, codeForm(nil)) }

// code sends who typed a short code to its page, when there is one.
func (h handler) code(c *fiber.Ctx) error {
	code := people.NormalCode(web.Text(c, "code"))
	_, err := h.store.Link(c.UserContext(), code, web.AddressKey(c))
	if errors.Is(err, fault.NotFound) {
		err = fault.Invalid("code", "people.code.unknown")
	}
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, codeForm(failed))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/invitation/%s", url.PathEscape(code))
}

// token is what the address of a one-time link ends with.
func token(c *fiber.Ctx) string {
	if invitation := web.Param(c, "invitation"); invitation != "" {
		return invitation
	}
	return web.Param(c, "reset")
}

func (h handler) linkPage(c *fiber.Ctx) error {
	link, err := h.store.Link(c.UserContext(), token(c), web.AddressKey(c))
	if errors.Is(err, fault.NotFound) {
		return web.Render(c, http.StatusNotFound, linkGone())
	}
	if err != nil {
		return err
	}
	web.SpeakTo(c, link.Language)
	return web.Render(c, http.StatusOK, linkForm(c.Path(), link, h.store.Zone(), nil))
}

func (h handler) accept(c *fiber.Ctx) error {
	ctx := c.UserContext()
	link, err := h.store.Link(ctx, token(c), web.AddressKey(c))
	if errors.Is(err, fault.NotFound) {
		return web.Render(c, http.StatusNotFound, linkGone())
	}
	if err != nil {
		return err
	}
	web.SpeakTo(c, link.Language)
	choice := people.Acceptance{
		Language: web.Text(c, "language"), ChosenName: web.Text(c, "chosen_name"), Secret: web.Secret(c, "secret"),
		Shared: web.Text(c, "phone") == "shared", Address: web.AddressKey(c), Device: device(c), Previous: web.PresenceOf(ctx).Token,
	}
	session, err := h.store.Accept(ctx, token(c), choice)
	if errors.Is(err, fault.NotFound) {
		return web.Render(c, http.StatusNotFound, linkGone())
	}
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, linkForm(c.Path(), link, h.store.Zone(), failed))
	}
	if err != nil {
		return err
	}
	startSession(c, session, choice.Shared)
	if link.First {
		return web.SeeOther(c, "/welcome")
	}
	return web.SeeOther(c, "/")
}

func (h handler) forgottenPage(c *fiber.Ctx) error {
	return web.Render(c, http.StatusOK, forgotten(h.letters, false, nil))
}

func (h handler) forgotten(c *fiber.Ctx) error {
	if !h.letters {
		return fault.NotFound
	}
	err := h.store.AskForReset(c.UserContext(), web.Text(c, "name"))
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, forgotten(true, false, failed))
	}
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, forgotten(true, true, nil))
}
