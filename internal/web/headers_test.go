package web_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func TestEveryAnswerCarriesTheGuardingHeaders(t *testing.T) {
	t.Parallel()
	app := newApp(t, func(o *web.Options) { o.BaseURL = "https://academy.example" })
	app.Public("GET", "/verify", page("Check"))
	app.Public("GET", "/broken", func(*fiber.Ctx) error { return errors.New("secret detail") })
	app.Public("GET", "/worse", func(*fiber.Ctx) error { panic("secret detail") })
	want := map[string]string{
		"X-Content-Type-Options":       "nosniff",
		"Referrer-Policy":              "same-origin",
		"Cross-Origin-Opener-Policy":   "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin",
		"Strict-Transport-Security":    "max-age=31536000; includeSubDomains",
		"X-Frame-Options":              "DENY",
	}
	for path, status := range map[string]int{
		"/verify": 200, "/nothing": 404, "/broken": 500, "/worse": 500, "/healthz": 200, "/robots.txt": 200, "/api/openapi.json": 200, "/api/v1/nothing": 404,
	} {
		a := ask(t, app, "GET", path, nil)
		if a.StatusCode != status {
			t.Errorf("%s: %d, want %d", path, a.StatusCode, status)
		}
		for name, value := range want {
			if got := a.Header.Get(name); got != value {
				t.Errorf("%s: %s is %q, want %q", path, name, got, value)
			}
		}
		policy := a.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: the policy %q lacks %q", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy lets something inline in: %q", path, policy)
		}
		if permissions := a.Header.Get("Permissions-Policy"); !strings.Contains(permissions, "geolocation=()") {
			t.Errorf("%s: permissions are %q", path, permissions)
		}
		if strings.Contains(a.body, "secret detail") {
			t.Errorf("%s shows what went wrong inside: %s", path, a.body)
		}
	}
}

func TestSignedInPagesAreKeptNowhere(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.Public("GET", "/verify", page("Check"))
	if a := ask(t, app, "GET", "/verify", nil, asTasha); a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("signed in: %q", a.Header.Get("Cache-Control"))
	}
	if a := ask(t, app, "GET", "/verify", nil); a.Header.Get("Cache-Control") != "private, no-cache" {
		t.Errorf("nobody: %q", a.Header.Get("Cache-Control"))
	}
}

func TestADemoAnswersToThisMachineAlone(t *testing.T) {
	t.Parallel()
	app := newApp(t, func(o *web.Options) { o.Demo = true })
	app.Public("GET", "/verify", page("Check"))
	for host, want := range map[string]int{
		"localhost:8080": 200, "127.0.0.1:8080": 200, "[::1]:8080": 200, "LOCALHOST": 200,
		"academy.example": 403, "localhost.evil.example": 403, "127.0.0.1.evil.example:8080": 403, "10.0.0.1": 403,
	} {
		if a := ask(t, app, "GET", "/verify", nil, header{"Host": host}); a.StatusCode != want {
			t.Errorf("host %s: %d, want %d", host, a.StatusCode, want)
		}
	}
}
