package web

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/common/expfmt"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// mountHouse mounts what belongs to no room: files, health, metrics, the language switch, the size of a text,
// the keys of unsent lines.
func (a *App) mountHouse() {
	a.Public(fiber.MethodGet, "/static/*", a.file, bare)
	a.Public(fiber.MethodGet, "/favicon.ico", a.named("favicon.svg"), bare)
	a.Public(fiber.MethodGet, "/favicon.svg", a.named("favicon.svg"), bare)
	a.Public(fiber.MethodGet, "/robots.txt", a.named("robots.txt"), bare)
	a.Public(fiber.MethodGet, "/healthz", healthy, bare)
	a.Public(fiber.MethodGet, "/readyz", a.ready, bare)
	a.Public(fiber.MethodGet, "/metrics", a.showMetrics, bare)
	a.Public(fiber.MethodPost, "/language", a.speak)
	a.SignedIn(fiber.MethodPost, "/text-size", a.sizeText)
	a.SignedIn(fiber.MethodGet, "/unsent", a.unsent)
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

// metrics counts requests by route pattern; no label ever holds an id, a name or an address.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "academy_requests_total", Help: "Requests answered, by route pattern.",
		}, []string{"method", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "academy_request_seconds", Help: "Time to answer, by route pattern.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10},
		}, []string{"route"}),
	}
	m.registry.MustRegister(m.requests, m.seconds, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) observe(method, route string, status int, took time.Duration) {
	m.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(route).Observe(took.Seconds())
}

func (m *metrics) write(c *fiber.Ctx) error {
	families, err := m.registry.Gather()
	if err != nil {
		return err
	}
	var b bytes.Buffer
	for _, family := range families {
		if _, err := expfmt.MetricFamilyToText(&b, family); err != nil {
			return err
		}
	}
	c.Set(fiber.HeaderContentType, "text/plain; version=0.0.4; charset=utf-8")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(b.Bytes())
}

// Registry is where other rooms register what they count.
func (a *App) Registry() *prometheus.Registry { return a.metrics.registry }
