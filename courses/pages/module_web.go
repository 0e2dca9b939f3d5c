package pages

import (
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// module is the page for reading.
func (h handler) module(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	mine, err := h.mine.EditionsOf(ctx, v)
	if err != nil {
		return err
	}
	place, err := h.courses.Open(ctx, v, moduleOf(c), textLanguage(c), mine...)
	if err != nil {
		return err
	}
	view := newModuleView(place, mine...)
	view.Asked = textLanguage(c)
	return web.Render(c, http.StatusOK, modulePage(view))
}

// textLanguage is the language in which a module's text is read: that of the page, or
// the one that the reader asked for, for this text alone.
func textLanguage(c *fiber.Ctx) content.Lang {
	asked := content.Lang(web.Query(c, "lang"))
	if asked == "" {
		asked = content.Lang(web.Text(c, "lang"))
	}
	if asked.Known() {
		return asked
	}
	return language(c.UserContext())
}

// anotherWay is the equivalent task. Who opens it has opened the module, as who opens the
// text has: no row tells one from the other.
func (h handler) anotherWay(c *fiber.Ctx) error {
	place, err := h.look(c)
	if err != nil {
		return err
	}
	if !place.Module.HasAnotherWay() {
		return fault.NotFound
	}
	if place, err = h.courses.NoteOpened(c.UserContext(), web.Viewer(c), place); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, anotherWayPage(newModuleView(place)))
}

// pause is where a reader who stops finds people to talk to.
func (h handler) pause(c *fiber.Ctx) error {
	place, err := h.look(c)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, pausePage(newModuleView(place)))
}

func (h handler) look(c *fiber.Ctx) (courses.Place, error) {
	ctx, v := c.UserContext(), web.Viewer(c)
	mine, err := h.mine.EditionsOf(ctx, v)
	if err != nil {
		return courses.Place{}, err
	}
	return h.courses.Look(ctx, v, moduleOf(c), language(ctx), mine...)
}

// keepPlace keeps how far the reader has come. A script sends it while one reads and
// wants no page back.
func (h handler) keepPlace(c *fiber.Ctx) error {
	if err := h.readTo(c); err != nil {
		return err
	}
	if web.Text(c, "quietly") != "" {
		return c.SendStatus(http.StatusNoContent)
	}
	return web.SeeOther(c, "/modules/%s", moduleOf(c).Slug())
}

// stopHere keeps the place and leads to the pause.
func (h handler) stopHere(c *fiber.Ctx) error {
	if err := h.readTo(c); err != nil {
		return err
	}
	return web.SeeOther(c, "/modules/%s/pause", moduleOf(c).Slug())
}

func (h handler) readTo(c *fiber.Ctx) error {
	section, err := strconv.Atoi(web.Text(c, "section"))
	if err != nil {
		section = -1
	}
	ctx, v := c.UserContext(), web.Viewer(c)
	mine, err := h.mine.EditionsOf(ctx, v)
	if err != nil {
		return err
	}
	return h.courses.ReadTo(ctx, v, moduleOf(c), section, mine...)
}

// complete marks the module done, whichever way the reader took.
func (h handler) complete(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	mine, err := h.mine.EditionsOf(ctx, v)
	if err != nil {
		return err
	}
	if err := h.courses.MarkDone(ctx, v, moduleOf(c), mine...); err != nil {
		return err
	}
	return web.SeeOther(c, "/modules/%s#done", moduleOf(c).Slug())
}
