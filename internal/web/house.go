package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// mountHouse mounts what belongs to no room: files, health, metrics, the language switch.
func (a *App) mountHouse() {
	a.Public(fiber.MethodGet, "/static/*", a.file, bare)
	a.Public(fiber.MethodGet, "/favicon.ico", a.named("favicon.svg"), bare)
	a.Public(fiber.MethodGet, "/favicon.svg", a.named("favicon.svg"), bare)
	a.Public(fiber.MethodGet, "/robots.txt", a.named("robots.txt"), bare)
	a.Public(fiber.MethodGet, "/healthz", healthy, bare)
	a.Public(fiber.MethodGet, "/readyz", a.ready, bare)
	a.Public(fiber.MethodGet, "/metrics", a.showMetrics, bare)
	a.Public(fiber.MethodPost, "/language", a.speak)
}

func healthy(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.SendString("ok\n")
}

func (a *App) ready(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	if a.options.Ready != nil {
		if err := a.options.Ready(c.UserContext()); err != nil {
			a.options.Logger.Warn("not ready", "error", err)
			return c.Status(http.StatusServiceUnavailable).SendString("not ready\n")
		}
	}
	return c.SendString("ready\n")
}

// showMetrics answers a peer on this machine that no proxy stands before, or a token
// with the scope metrics. For all others the address does not exist.
func (a *App) showMetrics(c *fiber.Ctx) error {
	if !a.local(c) {
		_, scopes, err := a.bearer(c)
		if errors.Is(err, fault.NotFound) || (err == nil && !slices.Contains(scopes, "metrics")) {
			return fault.NotFound
		}
		if err != nil {
			return err
		}
	}
	return a.metrics.write(c)
}

func (a *App) local(c *fiber.Ctx) bool {
	for _, header := range []string{"X-Forwarded-For", "Forwarded", "X-Real-Ip", "X-Forwarded-Host", "X-Forwarded-Proto", "Via"} {
		if c.Get(header) != "" {
			return false
		}
	}
	return c.Context().RemoteIP().IsLoopback()
}
