package pages_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

const (
	sideways     = `document.scrollingElement.scrollWidth - document.documentElement.clientWidth`
	smallTargets = `[...document.querySelectorAll("main a, main button, main summary, main input:not([type=hidden]), main select")]
		.filter(e => !e.closest("p, td, .error-summary") && !e.matches(".choice input"))
		.map(e => [e, e.getBoundingClientRect()])
		.filter(([e, r]) => r.width > 0 && (r.height < 43.5 || r.width < 43.5))
		.map(([e, r]) => e.outerHTML.slice(0, 80) + " " + Math.round(r.width) + "x" + Math.round(r.height)).join("\n")`
)

func TestPagesFitEveryScreen(t *testing.T) {
	if os.Getenv("ACADEMY_TEST_BROWSER") != "1" {
		t.Skip("set ACADEMY_TEST_BROWSER=1 to look at pages in Chromium (Debian: apt-get install chromium)")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium on the path (Debian: apt-get install chromium)")
	}
	h := openAt(t, dbtest.Open(t, "sqlite", people.Migrations, outbox.Migrations), "http://localhost:8080")
	long, err := h.store.AddPerson(t.Context(), people.System(people.Outreach), people.NewPerson{
		GivenName: "Wolfeschlegelsteinhausenbergerdorff", FamilyName: "Núñez de la Cruz y Ortiz", Phone: "312 555 0177", Language: "es"})
	if err != nil {
		t.Fatal(err)
	}
	sessions := map[string]string{}
	for _, name := range []string{"maya", "carla", "dee"} {
		sessions[name], err = h.store.SignIn(t.Context(), people.Attempt{Name: name + "@example.org", Secret: right, Device: "Chrome, Android", Shared: name == "maya"})
		if err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.store.SignIn(t.Context(), people.Attempt{Name: "maya@example.org", Secret: right, Device: "Firefox, Windows"}); err != nil {
		t.Fatal(err)
	}
	carla, err := h.store.Presence(t.Context(), sessions["carla"])
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.store.Open(t.Context(), carla.Viewer, h.people["maya"]); err != nil {
		t.Fatal(err)
	}
	invitation, err := h.store.MakeLink(t.Context(), people.System(people.Outreach), people.Invitation, long)
	if err != nil {
		t.Fatal(err)
	}
	h.app.Public("GET", "/enter/:person/:language", func(c *fiber.Ctx) error {
		web.StartSession(c, sessions[web.Param(c, "person")], 0)
		c.Cookie(&fiber.Cookie{Name: "language", Value: web.Param(c, "language"), Path: "/"})
		return c.SendString("in")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- h.app.Serve(l) }()
	t.Cleanup(func() {
		if err := h.app.Shutdown(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancelTab := chromedp.NewContext(allocator)
	t.Cleanup(cancelTab)
	ctx, cancelTime := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancelTime)

	one := "/people/" + string(long)
	for _, page := range []struct{ name, as, path, press string }{
		{"sign-in", "", "/sign-in", ""}, {"code", "", "/invitation", ""}, {"forgotten", "", "/reset", ""}, {"gone", "", "/reset/none", ""},
		{"invitation", "", "/invitation/" + url.PathEscape(invitation), ""},
		{"sign-in-wrong", "", "/sign-in", "form[action='/sign-in'] button"},
		{"me", "maya", "/me", ""}, {"secret", "maya", "/me/secret", ""}, {"names", "maya", "/me/names", ""}, {"record", "maya", "/me/record", ""},
		{"list", "carla", "/people", ""}, {"new", "carla", "/people/new", ""}, {"imports", "carla", "/people/imports", ""},
		{"organisations", "dee", "/organisations", ""},
		{"person", "dee", one, ""}, {"made", "carla", one, "button[value=hand_over]"}, {"grant", "dee", one + "/grants/new", ""},
	} {
		for language, width := range map[string]int64{"en": 390, "es": 1280, "en-small": 320} {
			base := "http://" + l.Addr().String()
			for _, scheme := range []string{"light", "dark"} {
				media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
				steps := []chromedp.Action[chromedp.Void]{
					chromedp.EmulateViewport(width, 844),
					chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
						_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media)
						return err
					}),
					chromedp.Navigate(base + "/enter/" + orNobody(page.as) + "/" + language[:2]), chromedp.Navigate(base + page.path),
				}
				if page.press != "" {
					steps = append(steps, chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(document.querySelector(%q).form.noValidate = true, undefined)`, page.press)), chromedp.Click(page.press), chromedp.WaitVisible("[role=alert], .code, .notice"))
				}
				steps = append(steps, chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise))
				if err := chromedp.Do(ctx, steps...); err != nil {
					t.Fatalf("%s: %v", page.name, err)
				}
				over, err := chromedp.Run(ctx, chromedp.Evaluate[int](sideways))
				if err != nil {
					t.Fatal(err)
				}
				small, err := chromedp.Run(ctx, chromedp.Evaluate[string](smallTargets))
				if err != nil {
					t.Fatal(err)
				}
				if over > 0 {
					t.Errorf("%s at %d px scrolls %d px sideways", page.name, width, over)
				}
				if small != "" {
					t.Errorf("%s at %d px has targets too small for a thumb:\n%s", page.name, width, small)
				}
				keepShot(t, ctx, fmt.Sprintf("people-%s-%d-%s", page.name, width, scheme))
			}
		}
	}
}

func orNobody(name string) string {
	if name == "" {
		return "nobody"
	}
	return name
}

// keepShot writes a picture of the whole page into the folder ACADEMY_SHOTS, for people to look at.
func keepShot(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("ACADEMY_SHOTS")
	if folder == "" {
		return
	}
	data, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), data, 0o644); err != nil {
		t.Fatal(err)
	}
}
