package web

import (
	"fmt"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/valyala/bytebufferpool"
)

// Render writes a page in the reader's language. Big ones are packed for browsers that take it.
func Render(c *fiber.Ctx, status int, component templ.Component) error {
	b := bytebufferpool.Get()
	defer bytebufferpool.Put(b)
	if err := component.Render(c.UserContext(), b); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.Set(fiber.HeaderContentLanguage, Language(c.UserContext()))
	return pack(c, b.B)
}
