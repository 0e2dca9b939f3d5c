package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Route is one mounted address, as the canary test walks them.
type Route struct {
	Method, Pattern string
	Public          bool  // nobody is asked to sign in
	API             bool  // answers a Bearer token, never a cookie
	Limit           int64 // bytes of body
	perAddress      *rate
	wait            time.Duration
	leaving         bool // it ends a session: who has none any more has what they came for
	bare            bool // no session is looked up: files and health
}

// RouteOption changes what a route allows.
type RouteOption func(*Route)

// Limit sets how many bytes of body a route takes; 1 MiB unless said.
func Limit(bytes int64) RouteOption { return func(r *Route) { r.Limit = bytes } }

// Deadline sets how long a request may take; 30 seconds unless said.
func Deadline(d time.Duration) RouteOption { return func(r *Route) { r.wait = d } }

// PerAddress lets n requests through in a time from one address, then answers 429.
// It stops floods; what an account may do is counted by people.
func PerAddress(n int, per time.Duration) RouteOption {
	return func(r *Route) { r.perAddress = &rate{n: n, per: per} }
}

// Leaving is for a route that ends a session. When the session has ended by itself
// meanwhile, the device is cleared all the same and the reader sent to sign in.
func Leaving(r *Route) { r.leaving = true }

func bare(r *Route) { r.bare = true }

// Public mounts a route that asks nobody to sign in. Who is signed in is known in it all the same.
func (a *App) Public(method, pattern string, h fiber.Handler, opts ...RouteOption) {
	a.mount(Route{Method: method, Pattern: pattern, Public: true}, h, opts)
}

// SignedIn mounts a route for who is signed in. Others are sent to sign in (GET) or
// told that they must (the rest).
func (a *App) SignedIn(method, pattern string, h fiber.Handler, opts ...RouteOption) {
	a.mount(Route{Method: method, Pattern: pattern}, h, opts)
}

// Routes lists every mounted address in the order of mounting.
func (a *App) Routes() []Route { return a.routes }

func (a *App) mount(r Route, h fiber.Handler, opts []RouteOption) {
	r.Limit, r.wait = 1<<20, 30*time.Second
	for _, opt := range opts {
		opt(&r)
	}
	a.routes = append(a.routes, r)
	handler := a.enter(&r, h)
	a.fiber.Add(r.Method, r.Pattern, handler)
	if r.Method == fiber.MethodGet {
		a.fiber.Add(fiber.MethodHead, r.Pattern, handler)
	}
}

// enter is what every routed request passes before its handler: limit, deadline,
// who is signed in, language, body, form token.
func (a *App) enter(r *Route, h fiber.Handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v := visitOf(c.UserContext())
		v.route = r
		if err := a.limits.take(c, r); err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(c.UserContext(), r.wait)
		defer cancel()
		c.SetUserContext(ctx)
		if r.API && !plain(c) {
			return errUnreadable
		}
		if !r.bare && !r.API {
			c.Set(fiber.HeaderCacheControl, "private, no-cache")
			if err := a.recognise(c, v); err != nil {
				return err
			}
			if !r.Public && !v.presence.Viewer.SignedIn() {
				return toSignIn(c)
			}
		}
		if changes(r.Method) {
			if err := receive(c, r); err != nil {
				return err
			}
			v.received = true
			if !r.API {
				if err := a.guard.check(c, v); err != nil {
					return err
				}
			}
		}
		err := h(c)
		if v.newVisitor {
			a.setVisitor(c, v.visitor)
		}
		return err
	}
}

// plain says whether what the address asks for is text. Pages clean it with Query; the
// API's library hands it on as it came, and no database takes a NUL.
func plain(c *fiber.Ctx) bool {
	for _, value := range c.Context().QueryArgs().All() {
		if bytes.IndexByte(value, 0) >= 0 || !utf8.Valid(value) {
			return false
		}
	}
	return true
}

func changes(method string) bool {
	return method != fiber.MethodGet && method != fiber.MethodHead && method != fiber.MethodOptions
}

// recognise finds out who is signed in (one query) and settles the language.
func (a *App) recognise(c *fiber.Ctx, v *visit) error {
	if token := c.Cookies(a.cookie(sessionCookie)); token != "" && a.options.Presence != nil {
		presence, err := a.options.Presence(c.UserContext(), token)
		switch {
		case errors.Is(err, fault.NotFound):
			a.dropCookie(c, sessionCookie)
		case err != nil:
			return fmt.Errorf("who is signed in: %w", err)
		default:
			presence.Token = token
			v.presence = presence
			c.Set(fiber.HeaderCacheControl, "no-store")
		}
	}
	if v.presence.Language != "" {
		v.language = known(v.presence.Language)
	}
	v.visitor = c.Cookies(a.cookie(visitorCookie))
	return nil
}

func toSignIn(c *fiber.Ctx) error {
	if visitOf(c.UserContext()).route.leaving {
		clearDevice(c)
		return SeeOther(c, "/sign-in")
	}
	if changes(c.Method()) {
		return errSignInFirst
	}
	if c.Get("HX-Request") != "" { // a part of a page: the whole page must go to sign in
		c.Set("HX-Redirect", "/sign-in")
		return c.SendStatus(fiber.StatusNoContent)
	}
	next := visitOf(c.UserContext()).path
	if next == "/" {
		return SeeOther(c, "/sign-in")
	}
	return SeeOther(c, "/sign-in?next=%s", url.QueryEscape(next))
}

// Next is the place inside the Academy that a request wants to go on to, from its
// field or query "next"; "/" when that is missing or leads elsewhere.
func Next(c *fiber.Ctx) string {
	next := c.FormValue("next")
	if next == "" {
		next = c.Query("next")
	}
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") {
		return "/"
	}
	u, err := url.Parse(next)
	if err != nil || u.Host != "" || u.Scheme != "" || u.Path == "/sign-in" || u.Path == "/sign-out" {
		return "/"
	}
	return next
}

// Viewer is who looks: the person signed in, or people.Nobody.
func Viewer(c *fiber.Ctx) people.Viewer { return ViewerOf(c.UserContext()) }
