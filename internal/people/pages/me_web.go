package pages

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// mePage is one's own account as its owner sees it.
type mePage struct {
	Record  people.Record
	Devices []people.Device
	Here    string // key of the device on which the page is shown
	Links   []MeLink
	Done    string
	Zone    *time.Location
	Failed  *web.Errors
}

func (h handler) me(c *fiber.Ctx) error { return h.showMe(c, http.StatusOK, nil) }

func (h handler) showMe(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	record, err := h.store.Me(ctx, v)
	if err != nil {
		return err
	}
	devices, err := h.store.Devices(ctx, v)
	if err != nil {
		return err
	}
	return web.Render(c, status, me(mePage{record, devices, web.PresenceOf(ctx).SignIn, h.links, done(c), h.store.Zone(), failed}))
}

func (h handler) goBy(c *fiber.Ctx) error {
	err := h.store.GoBy(c.UserContext(), web.Viewer(c), web.Text(c, "chosen_name"), web.Text(c, "language"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showMe(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/me?done=name")
}

func (h handler) legalName(c *fiber.Ctx) error {
	err := h.store.SetLegalName(c.UserContext(), web.Viewer(c), web.Text(c, "legal_name"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showSecret(c, http.StatusUnprocessableEntity, secretPage{FailedLegal: failed})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/me?done=legal_name")
}

// secretPage is where one changes what nobody else reads: the secret, the legal name.
type secretPage struct {
	LegalName   string
	PINAllowed  bool
	Wait        *fault.Sentence
	Failed      *web.Errors
	FailedLegal *web.Errors
}

func (h handler) secretPage(c *fiber.Ctx) error { return h.showSecret(c, http.StatusOK, secretPage{}) }

func (h handler) showSecret(c *fiber.Ctx, status int, page secretPage) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	name, err := h.store.LegalName(ctx, v)
	if err != nil {
		return err
	}
	record, err := h.store.Me(ctx, v)
	if err != nil {
		return err
	}
	page.LegalName, page.PINAllowed = name, record.MayHavePIN()
	return web.Render(c, status, secret(page))
}

func (h handler) changeSecret(c *fiber.Ctx) error {
	ctx := c.UserContext()
	err := h.store.ChangeSecret(ctx, web.PresenceOf(ctx), web.AddressKey(c), web.Secret(c, "old"), web.Secret(c, "secret"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showSecret(c, http.StatusUnprocessableEntity, secretPage{Failed: failed})
	}
	if wait := mustWait(c, err); wait != nil {
		return h.showSecret(c, http.StatusTooManyRequests, secretPage{Wait: wait})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/me?done=secret")
}

// namesPage is where one adds and takes away the ways to sign in.
type namesPage struct {
	Names  []people.SignInName
	Wait   *fault.Sentence
	Failed *web.Errors
}

func (h handler) namesPage(c *fiber.Ctx) error { return h.showNames(c, http.StatusOK, namesPage{}) }

func (h handler) showNames(c *fiber.Ctx, status int, page namesPage) error {
	record, err := h.store.Me(c.UserContext(), web.Viewer(c))
	if err != nil {
		return err
	}
	page.Names = record.Names
	return web.Render(c, status, names(page))
}

func (h handler) addOwnName(c *fiber.Ctx) error {
	ctx := c.UserContext()
	err := h.store.AddOwnName(ctx, web.PresenceOf(ctx), web.AddressKey(c), web.Secret(c, "old"), web.Text(c, "name"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showNames(c, http.StatusUnprocessableEntity, namesPage{Failed: failed})
	}
	if wait := mustWait(c, err); wait != nil {
		return h.showNames(c, http.StatusTooManyRequests, namesPage{Wait: wait})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/me?done=way_added")
}

func (h handler) dropOwnName(c *fiber.Ctx) error {
	ctx := c.UserContext()
	if err := h.store.DropOwnName(ctx, web.PresenceOf(ctx), web.Text(c, "name")); err != nil {
		return err
	}
	return web.SeeOther(c, "/me?done=way_dropped")
}

// mustWait is what to say to who has tried too often, and tells the browser how long;
// nil for every other error.
func mustWait(c *fiber.Ctx, err error) *fault.Sentence {
	var often *fault.TooManyError
	if !errors.As(err, &often) {
		return nil
	}
	c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int(often.Wait/time.Second)+1))
	return &often.Sentence
}

func (h handler) signOutEverywhere(c *fiber.Ctx) error {
	if err := h.store.SignOutEverywhere(c.UserContext(), web.Viewer(c)); err != nil {
		return err
	}
	web.EndSession(c)
	return web.SeeOther(c, "/sign-in")
}

func (h handler) signOutDevice(c *fiber.Ctx) error {
	if err := h.store.SignOutDevice(c.UserContext(), web.Viewer(c), web.Param(c, "device")); err != nil {
		return err
	}
	return web.SeeOther(c, "/me?done=device")
}

func (h handler) openedMine(c *fiber.Ctx) error {
	lines, next, err := h.store.OpenedMine(c.UserContext(), web.Viewer(c), web.Query(c, "before"))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, opened(lines, next, h.store.Zone()))
}
