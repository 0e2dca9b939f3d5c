package web

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"
)

const (
	sessionCookie  = "academy"
	visitorCookie  = "visitor"
	languageCookie = "language"
	tokenField     = "_csrf"
)

// guard keeps changes to those that a form of ours asked for: the browser must not
// say that another site sent it, and the form must carry the token of its session.
type guard struct {
	key    []byte
	origin *http.CrossOriginProtection
}

func newGuard(key []byte, base string) (guard, error) {
	origin := http.NewCrossOriginProtection()
	if err := origin.AddTrustedOrigin(base); err != nil {
		return guard{}, fmt.Errorf("base address: %w", err)
	}
	return guard{key: derive(key, "form tokens"), origin: origin}, nil
}

// derive makes a key for one use out of the Academy's secret.
func derive(key []byte, use string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(use))
	return mac.Sum(nil)
}

func (g guard) token(secret string) string {
	mac := hmac.New(sha256.New, g.key)
	mac.Write([]byte(secret))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// check refuses a change that another site started, or whose form token is not that
// of the session (or, for who is not signed in, of the visitor cookie).
func (g guard) check(c *fiber.Ctx, v *visit) error {
	request := http.Request{
		Method: c.Method(),
		Host:   string(c.Request().Host()),
		URL:    &url.URL{Path: "/"},
		Header: http.Header{},
	}
	for _, name := range []string{"Sec-Fetch-Site", "Origin"} {
		if value := c.Get(name); value != "" {
			request.Header.Set(name, value)
		}
	}
	if err := g.origin.Check(&request); err != nil {
		return errOtherSite
	}
	secret := v.secret()
	if secret == "" {
		return errStaleForm
	}
	sent := c.FormValue(tokenField)
	if sent == "" {
		sent = c.Get("X-CSRF-Token")
	}
	if !hmac.Equal([]byte(sent), []byte(g.token(secret))) {
		return errStaleForm
	}
	return nil
}

// secret is what the form token is made of: "s" and the session, or "v" and the visitor.
func (v *visit) secret() string {
	switch {
	case v.presence.Token != "":
		return "s" + v.presence.Token
	case v.visitor != "":
		return "v" + v.visitor
	}
	return ""
}

// formToken is the hidden field's value. For who is not signed in it makes the
// visitor cookie, which the answer then sets.
func (v *visit) formToken() string {
	if v.printing {
		return blankOf(blankToken)
	}
	if v.app == nil {
		return ""
	}
	if v.secret() == "" {
		v.visitor, v.newVisitor = rand.Text(), true
	}
	return v.app.guard.token(v.secret())
}

// cookie is the full name of a cookie: bound to host and https where there is https.
func (a *App) cookie(name string) string {
	if a.secure {
		return "__Host-" + name
	}
	return name
}

func (a *App) setCookie(c *fiber.Ctx, name, value string, keep time.Duration) {
	cookie := fiber.Cookie{
		Name: a.cookie(name), Value: value, Path: "/", HTTPOnly: true, Secure: a.secure, SameSite: fiber.CookieSameSiteLaxMode,
	}
	if keep > 0 {
		cookie.MaxAge = int(keep.Seconds())
		cookie.Expires = a.options.Now().Add(keep)
	}
	c.Cookie(&cookie)
}

func (a *App) dropCookie(c *fiber.Ctx, name string) {
	c.Cookie(&fiber.Cookie{
		Name: a.cookie(name), Value: "", Path: "/", HTTPOnly: true, Secure: a.secure, SameSite: fiber.CookieSameSiteLaxMode,
		Expires: time.Unix(1, 0), MaxAge: -1,
	})
}

func (a *App) setVisitor(c *fiber.Ctx, value string) { a.setCookie(c, visitorCookie, value, 0) }

// StartSession hands the browser the token of a new session. It is kept for a time,
// or until the browser closes when keep is 0 (a shared phone).
func StartSession(c *fiber.Ctx, token string, keep time.Duration) {
	a := visitOf(c.UserContext()).app
	a.setCookie(c, sessionCookie, token, keep)
	a.dropCookie(c, visitorCookie)
}

// EndSession takes the token back. On a shared phone it also asks the browser to forget
// the pages it keeps; not its storage, where unsent lines may wait for their owner.
func EndSession(c *fiber.Ctx) {
	v := visitOf(c.UserContext())
	v.app.dropCookie(c, sessionCookie)
	if v.presence.Shared {
		clearDevice(c)
	}
}

func clearDevice(c *fiber.Ctx) { c.Set("Clear-Site-Data", `"cache"`) }
