package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// The size of a text's letters is the device's, whoever reads there, and on a shared
// phone it goes with its browser.
func TestTheSizeOfATextIsKeptOnTheDevice(t *testing.T) {
	t.Parallel()
	app := newApp(t)
	app.SignedIn("GET", "/text", func(c *fiber.Ctx) error {
		return web.Render(c, http.StatusOK, templ.Join(web.ReadingTools(), templ.Raw(`<div class="`+web.ReadingClass(c.UserContext())+`">`)))
	})
	for cookie, want := range map[string]string{"": `"reading"`, "1": `"reading reading-1"`, "2": `"reading"`, "4": `"reading reading-4"`,
		"5": `"reading"`, "0": `"reading"`, "\">x": `"reading"`, "４": `"reading"`} {
		shown := ask(t, app, "GET", "/text", nil, header{"Cookie": "academy=tasha; text=" + cookie})
		if !strings.Contains(shown.body, `<div class=`+want) {
			t.Errorf("%q: want %s in %s", cookie, want, shown.body)
		}
	}
	shown := ask(t, app, "GET", "/text?n=1", nil, asTasha)
	if !strings.Contains(shown.body, `name="next" value="/text?n=1"`) || strings.Count(shown.body, "aria-current") != 1 {
		t.Errorf("the tools: %s", shown.body)
	}
	for chosen, want := range map[string]string{"3": "3", "9": "2", "": "2"} {
		a := ask(t, app, "POST", "/text-size", url.Values{"_csrf": {shown.token(t)}, "size": {chosen}, "next": {"/text#part-3"}}, asTasha)
		if value, _ := a.cookie("text"); a.StatusCode != 303 || a.Header.Get("Location") != "/text#part-3" || value != want {
			t.Errorf("%q: %d to %q, cookie %q", chosen, a.StatusCode, a.Header.Get("Location"), value)
		}
	}
}
