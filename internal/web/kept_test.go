package web_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// A page with kept texts is the page that shows them as they are: packed or not, the first
// time and after, one text in two pages, in any place and beside text that a stranger sent.
func TestAKeptTextStandsWhereItWasPut(t *testing.T) {
	t.Parallel()
	long := func(word string) string { return strings.Repeat("<p>"+word+" sits in the circle.</p>\n", 100) }
	app := newApp(t)
	pages := map[string][]string{
		"/in-the-middle": {"<h1>One</h1>", long("Ana"), long("Bo"), "<footer>End</footer>"},
		"/alone":         {long("Ana")},
		"/twice":         {long("Bo"), "<hr>", long("Bo")},
		"/beside-a-nul":  {"<p>a\x00b</p>", long("Ana"), "<p>\x000\x00</p>"},
		"/short":         {"<p>short</p>", "", "<p>text</p>"},
	}
	for path, parts := range pages {
		app.SignedIn("GET", path, func(c *fiber.Ctx) error {
			return web.Render(c, 200, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				for _, part := range parts {
					one := templ.Raw(part)
					if len(part) > 100 {
						one = web.Kept(part)
					}
					if err := one.Render(ctx, w); err != nil {
						return err
					}
				}
				return nil
			}))
		})
	}
	for range 2 {
		for path, parts := range pages {
			want := strings.Join(parts, "")
			if plain := ask(t, app, "GET", path, nil, asTasha); plain.body != want {
				t.Errorf("%s not packed: %d letters of %d", path, len(plain.body), len(want))
			}
			packed := ask(t, app, "GET", path, nil, asTasha, header{"Accept-Encoding": "gzip"})
			if len(want) < 1400 {
				continue
			}
			r, err := gzip.NewReader(strings.NewReader(packed.body))
			if err != nil {
				t.Fatal(path, err)
			}
			got, err := io.ReadAll(r)
			if err != nil || string(got) != want {
				t.Errorf("%s packed: %d letters of %d, %v", path, len(got), len(want), err)
			}
			if len(packed.body) > len(want)/5 {
				t.Errorf("%s: packed to %d of %d", path, len(packed.body), len(want))
			}
		}
	}
}
