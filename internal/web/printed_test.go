package web_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"github.com/klauspost/compress/gzip"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// readers are people who differ from Tasha in one thing each: in who they are, or in
// something that a printed part shows.
func readers() map[string]people.Presence {
	like := func(change func(p *people.Presence)) people.Presence {
		p := tasha
		change(&p)
		return p
	}
	seen := func(id people.PersonID, sector people.Sector, roles ...people.Role) people.Viewer {
		return people.Seen(id, sector, roles, nil)
	}
	return map[string]people.Presence{
		"tasha": tasha,
		"marcus": like(func(p *people.Presence) {
			p.Name, p.Viewer = `Marcus "M" O'Hara <b>`, seen("p-marcus", people.Outreach, people.Trainee)
		}),
		"ana":   like(func(p *people.Presence) { p.Language, p.Viewer = "es", seen("p-ana", people.Outreach, people.Trainee) }),
		"phone": like(func(p *people.Presence) { p.Shared = true }),
		"ivy":   like(func(p *people.Presence) { p.Viewer = seen("p-ivy", people.Outreach, people.Instructor) }),
		"dana":  like(func(p *people.Presence) { p.Viewer = seen("p-dana", people.Outreach, people.Director) }),
		"bridge": like(func(p *people.Presence) {
			p.Standings = []people.Sector{people.Outreach, people.LawEnforcement}
			p.Viewer = seen("p-bridge", people.Outreach, people.Coordinator)
		}),
		"dara": like(func(p *people.Presence) { p.Viewer = seen("p-dara", people.Outreach, people.Coordinator) }),
		"crossed": like(func(p *people.Presence) {
			p.Standings = []people.Sector{people.Outreach, people.LawEnforcement}
			p.Viewer = seen("p-bridge", people.LawEnforcement, people.Coordinator)
		}),
	}
}

func newAppOf(t *testing.T, all map[string]people.Presence) *web.App {
	app := newApp(t, func(o *web.Options) {
		o.Presence = func(_ context.Context, token string) (people.Presence, error) {
			if p, known := all[token]; known {
				return p, nil
			}
			return people.Presence{}, fault.NotFound
		}
	})
	show := func(p web.Page, about any, own ...string) fiber.Handler {
		return func(c *fiber.Ctx) error {
			part := web.Printed(about, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				for i := range own {
					if _, err := io.WriteString(w, web.Blank(i)); err != nil {
						return err
					}
				}
				if _, err := io.WriteString(w, web.PresenceOf(ctx).Name+string(web.ViewerOf(ctx).Person())+strings.Repeat("<p>the circle</p>", 30)); err != nil {
					return err
				}
				if err := web.ReadingTools().Render(ctx, w); err != nil {
					return err
				}
				return web.Form("/sign-up").Render(ctx, w)
			}), own...)
			return web.Render(c, http.StatusOK, templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
				return web.Layout(p).Render(templ.WithChildren(ctx, part), w)
			}))
		}
	}
	type one struct{}
	type other struct{ number int }
	app.SignedIn("GET", "/plain", show(web.Page{Title: "Course", Nav: "course"}, one{}))
	app.SignedIn("GET", "/below", show(web.Page{Title: "Course", Nav: "course", Back: "/cohorts/7?a=1&b=2"}, one{}))
	app.SignedIn("GET", "/beside", show(web.Page{Title: "Course", Nav: "course", Back: "/cohorts/8"}, other{1}, "<i>"))
	app.SignedIn("GET", "/roll", show(web.Page{Title: "Class", Unsent: true, Scripts: []string{"reading.js"}}, other{2}, "a", "b"))
	app.Public("GET", "/open", show(web.Page{Title: "Check", Bare: true}, one{}))
	return app
}

// What one reader sees is the same whoever has been there before, and holds nothing of
// theirs: printed parts are drawn anew in an App that nobody has visited yet.
func TestPrintedPartsHoldNothingOfTheReaderBefore(t *testing.T) {
	t.Parallel()
	all, paths := readers(), []string{"/plain?x=1", "/plain?x=2", "/below", "/beside", "/roll", "/open"}
	busy := newAppOf(t, all)
	for range 2 {
		for name, reader := range all {
			for _, path := range paths {
				for _, text := range []string{"2", "4"} {
					who := header{"Cookie": "academy=" + name + "; text=" + text}
					got, want := ask(t, busy, "GET", path, nil, who), ask(t, newAppOf(t, all), "GET", path, nil, who)
					if got.StatusCode != 200 || got.body != want.body {
						t.Errorf("%s at %s sees another page after the others:\n%s\nalone:\n%s", name, path, got.body, want.body)
					}
					if shown := templ.EscapeString(reader.Name); !strings.Contains(got.body, `<p class="menu-name">`+shown+`</p>`) {
						t.Errorf("%s at %s is not named as %s", name, path, shown)
					}
					if strings.Contains(got.body, "\x00") || strings.Contains(got.body, "p-"+name) {
						t.Errorf("%s at %s: a blank stayed open, or the part knew the person", name, path)
					}
					for _, stranger := range all {
						if stranger.Name != reader.Name && strings.Contains(got.body, templ.EscapeString(stranger.Name)) {
							t.Errorf("%s at %s sees %s", name, path, stranger.Name)
						}
					}
				}
			}
		}
	}
	if a, b := ask(t, busy, "GET", "/plain", nil, header{"Cookie": "academy=tasha"}), ask(t, busy, "GET", "/plain", nil, header{"Cookie": "academy=phone"}); a.token(t) == b.token(t) {
		t.Error("two sessions have one form token")
	}
	if a := ask(t, busy, "GET", "/below", nil, asTasha); !strings.Contains(a.body, `href="/cohorts/7?a=1&amp;b=2"`) {
		t.Error("the way back is not that of the page")
	}
}

// The packed page is the page, with short and long blanks.
func TestPrintedPartsArePackedAsTheyAre(t *testing.T) {
	t.Parallel()
	all := readers()
	long := all["marcus"]
	long.Name = strings.Repeat("Ñandú ", 90)
	all["marcus"] = long
	app := newAppOf(t, all)
	for _, path := range []string{"/plain", "/roll", "/plain"} {
		for name := range all {
			who := header{"Cookie": "academy=" + name}
			packed, plain := ask(t, app, "GET", path, nil, who, header{"Accept-Encoding": "gzip"}), ask(t, app, "GET", path, nil, who)
			r, err := gzip.NewReader(strings.NewReader(packed.body))
			if err != nil {
				t.Fatal(path, name, err)
			}
			if got, err := io.ReadAll(r); err != nil || string(got) != plain.body {
				t.Errorf("%s at %s: %d letters of %d, %v", name, path, len(got), len(plain.body), err)
			}
		}
	}
}
