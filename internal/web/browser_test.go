package web_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// browser starts Chromium; ACADEMY_TEST_BROWSER=1 asks for these tests.
func browser(t *testing.T) context.Context {
	t.Helper()
	if os.Getenv("ACADEMY_TEST_BROWSER") != "1" {
		t.Skip("set ACADEMY_TEST_BROWSER=1 to look at pages in Chromium (Debian: apt-get install chromium)")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium on the path (Debian: apt-get install chromium)")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancelTab := chromedp.NewContext(allocator)
	t.Cleanup(cancelTab)
	ctx, cancelTime := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(cancelTime)
	return ctx
}

// look opens an address as one sees it at a width and in a scheme.
func look(address string, width int64, scheme string) chromedp.Action[chromedp.Void] {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	return chromedp.Steps(
		chromedp.EmulateViewport(width, 844),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media)
			return err
		}),
		chromedp.Navigate(address),
		chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise),
	)
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

const (
	sideways = `document.scrollingElement.scrollWidth - document.documentElement.clientWidth`
	// Links inside a sentence may be as small as their line; all else is a target for a thumb.
	smallTargets = `[...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")]
		.filter(e => !e.closest("p, li.soft, .reading, .checklist, .skip, td, .foot") && !e.matches(".choice input, .skip"))
		.map(e => [e, e.getBoundingClientRect()])
		.filter(([e, r]) => r.width > 0 && (r.height < 43.5 || r.width < 43.5))
		.map(([e, r]) => e.outerHTML.slice(0, 80) + " " + Math.round(r.width) + "x" + Math.round(r.height)).join("\n")`
)

func TestEveryPartFitsEveryScreen(t *testing.T) {
	ctx := browser(t)
	app := newApp(t)
	app.SignedIn("GET", "/specimen", specimenPage)
	app.Public("GET", "/enter", func(c *fiber.Ctx) error {
		web.StartSession(c, "tasha", 0)
		return c.SendString("in")
	})
	address := "http://" + served(t, app)
	if err := chromedp.Do(ctx, chromedp.Navigate(address+"/enter")); err != nil {
		t.Fatal(err)
	}
	messages := chromedp.Console(ctx)
	for _, width := range []int64{320, 390, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			if err := chromedp.Do(ctx, look(address+"/specimen", width, scheme)); err != nil {
				t.Fatal(err)
			}
			over, err := chromedp.Run(ctx, chromedp.Evaluate[int](sideways))
			if err != nil {
				t.Fatal(err)
			}
			small, err := chromedp.Run(ctx, chromedp.Evaluate[string](smallTargets))
			if err != nil {
				t.Fatal(err)
			}
			keepShot(t, ctx, fmt.Sprintf("specimen-%d-%s", width, scheme))
			if over > 0 {
				t.Errorf("%d px, %s: the page scrolls %d px sideways", width, scheme, over)
			}
			if small != "" && width == 390 {
				t.Errorf("%s: too small for a thumb:\n%s", scheme, small)
			}
		}
	}
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`console.log("the end")`)); err != nil {
		t.Fatal(err)
	}
	for message, err := range messages {
		if err != nil {
			t.Fatal(err)
		}
		if message.Text == "the end" {
			break
		}
		t.Errorf("the browser says: %s %s", message.Type, message.Text)
	}
}
