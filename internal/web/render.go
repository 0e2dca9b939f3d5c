package web

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/flate"
	"github.com/valyala/bytebufferpool"
)

// Render writes a page in the reader's language. Big ones are packed for browsers that take it.
func Render(c *fiber.Ctx, status int, component templ.Component) error {
	b := bytebufferpool.Get()
	defer bytebufferpool.Put(b)
	kept := new(keptTexts)
	if err := component.Render(context.WithValue(c.UserContext(), keptKey{}, kept), b); err != nil {
		return fmt.Errorf("page: %w", err)
	}
	c.Status(status)
	c.Set(fiber.HeaderContentType, "text/html; charset=utf-8")
	c.Set(fiber.HeaderContentLanguage, Language(c.UserContext()))
	return send(c, kept.leaves(b.B))
}

const worthPacking = 1400 // what fits one packet gains nothing

var packers = sync.Pool{New: func() any {
	w, _ := flate.NewWriter(nil, flate.BestSpeed)
	return w
}}

// send sends a page, gzipped at the fastest level when it is big enough to gain by it.
// A page may show typed text beside its form token; that the two are packed together
// is safe because the cookies are SameSite=Lax: no other site can make the request
// and watch its length.
func send(c *fiber.Ctx, page []leaf) error {
	c.Vary(fiber.HeaderAcceptEncoding)
	size := 0
	for _, l := range page {
		size += len(l.text)
	}
	var out bytes.Buffer
	if size < worthPacking || !strings.Contains(c.Get(fiber.HeaderAcceptEncoding), "gzip") {
		out.Grow(size)
		for _, l := range page {
			out.Write(l.text)
		}
		return c.Send(out.Bytes())
	}
	out.Grow(size / 3)
	if err := gzipped(&out, page); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentEncoding, "gzip")
	return c.Send(out.Bytes())
}
