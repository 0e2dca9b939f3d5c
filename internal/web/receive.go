package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
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
		c.Context().SetConnectionClose()
		return errTooLarge
	}
	if r.Limit > 1<<20 {
		// A big file over a slow line may take longer than other requests: 50 kB a second.
		slow := time.Duration(r.Limit/50_000) * time.Second
		if err := c.Context().Conn().SetReadDeadline(time.Now().Add(readTimeout + slow)); err != nil {
			return fmt.Errorf("deadline for the body: %w", err)
		}
	}
	if length < 0 && request.IsBodyStream() {
		body, err := io.ReadAll(io.LimitReader(request.BodyStream(), r.Limit+1))
		if int64(len(body)) > r.Limit {
			c.Context().SetConnectionClose()
			return errTooLarge
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errUnreadable, err)
		}
		request.SetBodyStream(bytes.NewReader(body), len(body))
	}
	if r.API {
		return nil
	}
	if _, err := c.MultipartForm(); err != nil && len(request.Header.MultipartFormBoundary()) > 0 {
		if errors.Is(err, http.ErrNotMultipart) {
			return nil
		}
		return fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return nil
}
