package web

import (
	"bytes"
	"fmt"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"
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

const worthPacking = 1400 // what fits one packet gains nothing

var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
	return w
}}

// pack sends a page, gzipped at the fastest level when it is big enough to gain by it.
// A page may show typed text beside its form token; that the two are packed together
// is safe because the cookies are SameSite=Lax: no other site can make the request
// and watch its length.
func pack(c *fiber.Ctx, page []byte) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	if len(page) < worthPacking || !strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		return c.Send(bytes.Clone(page))
	}
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	var out bytes.Buffer
	out.Grow(len(page) / 3)
	w.Reset(&out)
	if _, err := w.Write(page); err != nil {
		return err
	}
	if err := w.Close(); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return c.Send(out.Bytes())
}
