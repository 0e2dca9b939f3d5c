package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func formPage(c *fiber.Ctx) error {
	return web.Render(c, http.StatusOK, web.Form("/notes"))
}

func TestAChangeNeedsTheSessionsOwnFormToken(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	changed := 0
	app.SignedIn("GET", "/notes", formPage)
	app.SignedIn("POST", "/notes", func(c *fiber.Ctx) error {
		changed++
		return web.SeeOther(c, "/notes")
	})
	app.Public("GET", "/sign-in", formPage)
	token := ask(t, app, "GET", "/notes", nil, asTasha).token(t)
	visitor := ask(t, app, "GET", "/sign-in", nil).token(t)

	cases := []struct {
		name    string
		form    url.Values
		headers header
		want    int
	}{
		{"the session's token", url.Values{"_csrf": {token}}, nil, 303},
		{"the token in a header, as a script sends it", url.Values{}, header{"X-Csrf-Token": token}, 303},
		{"a browser that says same-origin", url.Values{"_csrf": {token}}, header{"Sec-Fetch-Site": "same-origin"}, 303},
		{"a browser that names our origin", url.Values{"_csrf": {token}}, header{"Origin": "http://localhost:8080"}, 303},
		{"no token", url.Values{}, nil, 403},
		{"another's token", url.Values{"_csrf": {visitor}}, nil, 403},
		{"a token cut short", url.Values{"_csrf": {token[:20]}}, nil, 403},
		{"another site's form with the right token", url.Values{"_csrf": {token}}, header{"Sec-Fetch-Site": "cross-site"}, 403},
		{"a neighbour under the same domain", url.Values{"_csrf": {token}}, header{"Sec-Fetch-Site": "same-site"}, 403},
		{"an old browser on another site", url.Values{"_csrf": {token}}, header{"Origin": "https://evil.example"}, 403},
		{"a page without an origin", url.Values{"_csrf": {token}}, header{"Origin": "null"}, 403},
	}
	for _, c := range cases {
		before := changed
		a := ask(t, app, "POST", "/notes", c.form, asTasha, c.headers)
		if a.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.name, a.StatusCode, c.want)
		}
		if done := changed > before; done != (c.want == 303) {
			t.Errorf("%s: the change was made: %v", c.name, done)
		}
	}
}

func TestAPublicFormIsGuardedByAVisitorCookie(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.Public("GET", "/sign-in", formPage)
	app.Public("POST", "/sign-in", func(c *fiber.Ctx) error { return web.SeeOther(c, "/") })
	shown := ask(t, app, "GET", "/sign-in", nil)
	visitor, _ := shown.cookie("visitor")
	form := url.Values{"_csrf": {shown.token(t)}}

	if a := ask(t, app, "POST", "/sign-in", form, header{"Cookie": "visitor=" + visitor}); a.StatusCode != 303 {
		t.Errorf("with the cookie that came with the form: %d", a.StatusCode)
	}
	if a := ask(t, app, "POST", "/sign-in", form); a.StatusCode != 403 {
		t.Errorf("without a cookie: %d, want 403", a.StatusCode)
	}
	if a := ask(t, app, "POST", "/sign-in", form, header{"Cookie": "visitor=ANOTHER"}); a.StatusCode != 403 {
		t.Errorf("with another visitor's cookie: %d, want 403", a.StatusCode)
	}
	again := ask(t, app, "GET", "/sign-in", nil, header{"Cookie": "visitor=" + visitor})
	if again.token(t) != shown.token(t) {
		t.Error("a second tab got another token, so the first one's form went stale")
	}
	if _, named := again.cookie("visitor"); named {
		t.Error("the visitor cookie is set again although it is there")
	}
}

func TestCookiesAreBoundToTheHostWhereThereIsHTTPS(t *testing.T) {
	t.Parallel()
	for base, name := range map[string]string{"http://localhost:8080": "academy", "https://academy.example": "__Host-academy"} {
		app := newApp(t, func(o *web.Options) { o.BaseURL = base })
		app.Public("GET", "/in", func(c *fiber.Ctx) error {
			web.StartSession(c, "secret-token", 0)
			return c.SendString("in")
		})
		found := false
		for _, c := range ask(t, app, "GET", "/in", nil).Cookies() {
			if c.Name != name {
				continue
			}
			found = true
			secure := strings.HasPrefix(base, "https")
			if !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Secure != secure || c.Path != "/" || c.Domain != "" {
				t.Errorf("%s: %s", base, c)
			}
			if c.MaxAge != 0 || !c.Expires.IsZero() {
				t.Errorf("%s: a shared phone's cookie outlives the browser: %s", base, c)
			}
		}
		if !found {
			t.Errorf("%s: no cookie %s", base, name)
		}
	}
}

func TestNextStaysInside(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.Public("GET", "/go", func(c *fiber.Ctx) error { return c.SendString(web.Next(c)) })
	for next, want := range map[string]string{
		"/course?week=3": "/course?week=3", "/": "/", "": "/", "//evil.example": "/", "https://evil.example/": "/", "/\\evil.example": "/",
		"/%09/evil.example": "/%09/evil.example", "/\t/evil.example": "/", "javascript:alert(1)": "/", "/sign-in": "/", "/sign-out": "/",
	} {
		if a := ask(t, app, "GET", "/go?next="+url.QueryEscape(next), nil); a.body != want {
			t.Errorf("next %q: %q, want %q", next, a.body, want)
		}
	}
}
