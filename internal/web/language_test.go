package web_test

import (
	"context"
	"net/url"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func TestLanguageIsTheSettingThenTheSwitchThenTheBrowsers(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.Public("GET", "/verify", page("Check"))
	for _, c := range []struct {
		name, cookie, accept, want string
	}{
		{"nothing said", "", "", "en"},
		{"the browser's Spanish", "", "es-MX,es;q=0.9,en;q=0.5", "es"},
		{"the browser's English", "", "en-US,en;q=0.9,es;q=0.8", "en"},
		{"Spanish as second choice after one we don't speak", "", "pl,es;q=0.8,en;q=0.2", "es"},
		{"Spanish, and English rather", "", "es-MX;q=0.3,en", "en"},
		{"only one we don't speak", "", "pl", "en"},
		{"nonsense", "", ";;;q=x", "en"},
		{"the switch beats the browser", "language=es", "en-US", "es"},
		{"a switch to nothing we speak", "language=tlh", "es", "es"},
		{"the person's setting beats both", "language=es; academy=tasha", "es", "en"},
	} {
		a := ask(t, app, "GET", "/verify", nil, header{"Cookie": c.cookie, "Accept-Language": c.accept})
		if !strings.Contains(a.body, `<html lang="`+c.want+`"`) || a.Header.Get("Content-Language") != c.want {
			t.Errorf("%s: want %s, got %s: %.60s", c.name, c.want, a.Header.Get("Content-Language"), a.body)
		}
	}
}

func TestTheLanguageSwitchIsKept(t *testing.T) {
	t.Parallel()
	var kept []string
	app := newApp(t, func(o *web.Options) {
		o.Speak = func(_ context.Context, v people.Viewer, language string) error {
			kept = append(kept, string(v.Person())+" "+language)
			return nil
		}
	})
	app.Public("GET", "/verify", page("Check"))
	token := ask(t, app, "GET", "/verify", nil, asTasha).token(t)
	a := ask(t, app, "POST", "/language", url.Values{"_csrf": {token}, "language": {"es"}, "next": {"/verify?n=1"}}, asTasha)
	if value, _ := a.cookie("language"); a.StatusCode != 303 || a.Header.Get("Location") != "/verify?n=1" || value != "es" {
		t.Errorf("%d to %q, cookie %q", a.StatusCode, a.Header.Get("Location"), value)
	}
	if len(kept) != 1 || kept[0] != "p-tasha es" {
		t.Errorf("stored: %v", kept)
	}
	shown := ask(t, app, "GET", "/verify", nil)
	visitor, _ := shown.cookie("visitor")
	a = ask(t, app, "POST", "/language", url.Values{"_csrf": {shown.token(t)}, "language": {"es"}}, header{"Cookie": "visitor=" + visitor})
	if value, _ := a.cookie("language"); a.StatusCode != 303 || value != "es" || len(kept) != 1 {
		t.Errorf("nobody's switch: %d, cookie %q, stored %v", a.StatusCode, value, kept)
	}
}
