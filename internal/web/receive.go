package web

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"time"

	"github.com/gofiber/fiber/v2"
)

// receive lets a body in up to the route's limit. A longer one is refused before it
// is read: by its announced length, or, when it announces none, where the limit is reached.
func receive(c *fiber.Ctx, r *Route) error {
	request := c.Request()
	if len(request.Header.ContentEncoding()) > 0 {
		return fmt.Errorf("%w: packed", errUnreadable)
	}
	length := int64(request.Header.ContentLength())
	if length > r.Limit {
		return errTooLarge
	}
	if r.Limit > 1<<20 {
		// A big file over a slow line may take longer than other requests: 50 kB a second.
		slow := time.Duration(r.Limit/50_000) * time.Second
		if err := c.Context().Conn().SetReadDeadline(time.Now().Add(readTimeout + slow)); err != nil {
			return fmt.Errorf("deadline for the body: %w", err)
		}
	}
	if request.IsBodyStream() && (length < 0 || len(request.Header.MultipartFormBoundary()) == 0) {
		return take(c, r.Limit)
	}
	if r.API || len(request.Header.MultipartFormBoundary()) == 0 {
		return nil
	}
	if _, err := c.MultipartForm(); err != nil { // big parts go to temporary files, removed with the request
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}

// take reads a whole body of at most limit bytes into memory.
func take(c *fiber.Ctx, limit int64) error {
	request := c.Request()
	body, err := io.ReadAll(io.LimitReader(request.BodyStream(), limit+1))
	if int64(len(body)) > limit {
		return errTooLarge
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	request.SetBodyStream(bytes.NewReader(body), len(body))
	return nil
}

const (
	lingerFor   = 10 * time.Second
	lingerBytes = 512 << 20
)

// unread says whether part of a body may still be on the line. fasthttp would take it
// for the next request.
func unread(c *fiber.Ctx, v *visit) bool {
	length := c.Request().Header.ContentLength()
	return !v.received && (length > 0 || length == -1)
}

// hangUp ends the connection after the answer. What the browser is still sending is
// thrown away for a little while first: cut off in mid-sentence it would show an
// error of its own instead of our page.
func hangUp(c *fiber.Ctx) {
	ctx := c.Context()
	ctx.SetConnectionClose()
	if _, ok := ctx.Conn().(*caller); !ok {
		return
	}
	ctx.HijackSetNoResponse(true) // fasthttp would close right after its own
	ctx.Hijack(func(conn net.Conn) {
		if err := conn.SetDeadline(time.Now().Add(lingerFor)); err != nil {
			return
		}
		w := bufio.NewWriter(conn)
		if err := ctx.Response.Write(w); err != nil {
			return
		}
		if err := w.Flush(); err != nil {
			return
		}
		_, _ = io.CopyN(io.Discard, conn, lingerBytes) // however it ends, the connection is closed next
	})
}
