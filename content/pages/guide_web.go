package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// guide shows the facilitator's guide to those who may have it.
func (h handler) guide(c *fiber.Ctx) error {
	ctx := c.UserContext()
	guide, err := h.content.Guide(ctx, web.Viewer(c), content.ModuleOf(web.Param(c, "module")), content.Lang(web.Language(ctx)))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, guidePage(guide))
}

// picture answers a picture of a module. Only who may see the module gets it, so no
// one in between may keep it.
func (h handler) picture(c *fiber.Ctx) error {
	pic, err := h.content.Picture(c.UserContext(), web.Viewer(c), content.ModuleOf(web.Param(c, "module")), web.Param(c, "picture"))
	if err != nil {
		return err
	}
	return sendPicture(c, pic)
}

func sendPicture(c *fiber.Ctx, pic content.Picture) error {
	c.Set(fiber.HeaderContentType, pic.MediaType)
	c.Set(fiber.HeaderXContentTypeOptions, "nosniff")
	c.Set(fiber.HeaderCacheControl, "private, max-age=3600")
	return c.Status(http.StatusOK).Send(pic.Bytes)
}
