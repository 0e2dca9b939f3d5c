package web

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// serve is around every request: it gives it an id, its headers and its language,
// turns errors and panics into answers, and writes its one log line.
func (a *App) serve(c *fiber.Ctx) error {
	start := time.Now()
	v := a.receiveVisit(c)
	ctx := c.UserContext()
	err := a.attempt(c)
	if err != nil {
		if strings.HasPrefix(c.Path(), "/api/v1/") && v.route == nil {
			v.route = &Route{API: true}
		}
		c.SetUserContext(ctx) // the route's own has a deadline, which may be what went wrong
		if answering := a.answer(c, err); answering != nil {
			c.Status(fiber.StatusInternalServerError)
			err = errors.Join(err, answering)
		}
	}
	if unread(c, v) {
		hangUp(c)
	}
	if err == nil {
		err = v.cause
	}
	a.report(c, v, err, time.Since(start))
	return nil
}

// receiveVisit starts a visit: its id, its language as far as the browser tells it, its headers.
func (a *App) receiveVisit(c *fiber.Ctx) *visit {
	v := &visit{app: a, id: rand.Text()[:12], words: a.words, path: here(c)}
	v.textSize = textSize(c.Cookies(textCookie))
	v.language = negotiate(c.Cookies(languageCookie), c.Get(fiber.HeaderAcceptLanguage))
	ctx, queries := database.CountQueries(c.UserContext())
	v.queries = queries
	c.SetUserContext(context.WithValue(ctx, visitKey{}, v))
	a.setHeaders(c)
	return v
}

// here is the address to come back to: the page's own or, for a form that comes back
// filled in, the page that it stood on.
func here(c *fiber.Ctx) string {
	if !changes(c.Method()) {
		return string(c.Request().URI().RequestURI())
	}
	from, err := url.Parse(c.Get(fiber.HeaderReferer))
	if err != nil || from.Host != string(c.Request().Host()) {
		return ""
	}
	return from.RequestURI()
}

// attempt runs the request and turns a panic into an error with its stack.
func (a *App) attempt(c *fiber.Ctx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if a.options.Demo && !loopback(string(c.Request().Host())) {
		return fmt.Errorf("a demo answers on this machine alone: %w", fault.Forbidden)
	}
	return c.Next()
}

// report writes the one log line of a request: the route's pattern, never its path,
// query, address or body.
func (a *App) report(c *fiber.Ctx, v *visit, err error, took time.Duration) {
	pattern, method := "none", c.Method()
	if v.route != nil && v.route.Pattern != "" {
		pattern = v.route.Pattern
	}
	status := c.Response().StatusCode()
	a.metrics.observe(method, pattern, status, took)
	level, attributes := slog.LevelInfo, []slog.Attr{
		slog.String("id", v.id), slog.String("method", method), slog.String("route", pattern), slog.Int("status", status),
		slog.Int("bytes", len(c.Response().Body())), slog.Int("queries", v.queries.Queries()), slog.Float64("ms", float64(took.Microseconds())/1000),
	}
	if err != nil && status >= 500 {
		level = slog.LevelError
		attributes = append(attributes, slog.String("error", err.Error()))
	}
	a.options.Logger.LogAttrs(context.Background(), level, "request", attributes...)
}
