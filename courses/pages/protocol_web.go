package pages

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// protocols lists the common practices, those to read first.
func (h handler) protocols(c *fiber.Ctx) error {
	ctx := c.UserContext()
	steps, err := h.courses.Protocols(ctx, web.Viewer(c), language(ctx))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, protocolsPage(steps, h.courses.Today()))
}

// protocol is one of them, to read and to print.
func (h handler) protocol(c *fiber.Ctx) error {
	ctx := c.UserContext()
	page, err := h.courses.Protocol(ctx, web.Viewer(c), protocolOf(c), language(ctx))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, protocolPage(page, h.courses.Today()))
}

// readProtocol takes "I have read version N". The version is the one that the page
// showed: a newer one that came meanwhile still asks.
func (h handler) readProtocol(c *fiber.Ctx) error {
	ctx := c.UserContext()
	version, err := strconv.Atoi(web.Text(c, "version"))
	if err != nil {
		version = 0
	}
	if err := h.courses.ReadProtocol(ctx, web.Viewer(c), protocolOf(c), version, language(ctx)); err != nil {
		return err
	}
	return web.SeeOther(c, "/protocols/%s#read", string(protocolOf(c)))
}

func protocolOf(c *fiber.Ctx) content.ProtocolID { return content.ProtocolOf(web.Param(c, "protocol")) }

// day is a calendar day in words.
func day(ctx context.Context, text string) string {
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return web.DateYear(ctx, parsed, nil)
}
