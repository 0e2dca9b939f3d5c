package web_test

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/people"
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

// stickingOut names the parts that end beyond the screen's edge.
const stickingOut = `[...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
	.slice(0, 5).map((e) => e.tagName + "." + e.getAttribute("class")).join(", ")`

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
			// No cookie was given to this name of the machine: nobody is signed in there.
			if err := chromedp.Do(ctx, look(strings.Replace(address, "127.0.0.1", "localhost", 1)+"/api", width, scheme)); err != nil {
				t.Fatal(err)
			}
			if over := evaluate[int](t, ctx, sideways); over > 0 {
				t.Errorf("%d px: a public page scrolls %d px sideways", width, over)
			}
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
				t.Errorf("%d px, %s: the page scrolls %d px sideways: %s", width, scheme, over, evaluate[string](t, ctx, stickingOut))
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

// entered opens the browser on an App where Tasha has signed in, on a phone of her own
// or a shared one, and gives the App's address.
func entered(t *testing.T, shared bool) (ctx context.Context, address string) {
	t.Helper()
	ctx = browser(t)
	app := newApp(t, func(o *web.Options) {
		o.Presence = func(_ context.Context, token string) (people.Presence, error) {
			p := tasha
			p.Shared = shared
			return p, nil
		}
	})
	app.SignedIn("GET", "/specimen", specimenPage)
	app.SignedIn("POST", "/specimen", func(c *fiber.Ctx) error { return web.SeeOther(c, "/specimen?sent=1") })
	app.Public("GET", "/enter", func(c *fiber.Ctx) error {
		web.StartSession(c, "tasha", 0)
		return web.SeeOther(c, "/specimen")
	})
	app.Public("POST", "/sign-out", func(c *fiber.Ctx) error {
		web.EndSession(c)
		return web.SeeOther(c, "/out")
	})
	app.Public("GET", "/out", page("Out"))
	address = "http://" + served(t, app)
	if err := chromedp.Do(ctx, look(address+"/enter", 390, "light")); err != nil {
		t.Fatal(err)
	}
	return ctx, address
}

func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	return value
}

// goesTo runs a script that leads to another page, and waits until that page is there.
func goesTo(t *testing.T, ctx context.Context, script, path string) {
	t.Helper()
	response, err := chromedp.RunResponse(ctx, chromedp.Evaluate[chromedp.Void](`setTimeout(() => {`+script+`}, 10)`))
	if err != nil {
		t.Fatalf("%s: %v", script, err)
	}
	if u, err := url.Parse(response.URL); err != nil || u.Path != path {
		t.Fatalf("%s leads to %s, want %s", script, response.URL, path)
	}
}

// away lets a quarter of an hour and a second go by, and the phone wake up.
const away = `{ const then = Date.now(); Date.now = () => then + 15 * 60 * 1000 + 1000; document.dispatchEvent(new Event("visibilitychange")); true }`

func TestOnesOwnPhoneCoversThePageWhenIdle(t *testing.T) {
	ctx, _ := entered(t, false)
	if covered := evaluate[bool](t, ctx, `document.dispatchEvent(new Event("visibilitychange")); document.querySelector(".cover") !== null`); covered {
		t.Error("the page is covered before its time")
	}
	evaluate[bool](t, ctx, away)
	if hidden := evaluate[bool](t, ctx, `document.querySelector(".cover") !== null && document.querySelector("main").closest("[inert]") !== null && document.activeElement.closest(".cover") !== null`); !hidden {
		t.Error("the page is not covered after 15 idle minutes")
	}
	goesTo(t, ctx, `document.querySelector(".cover button").click()`, "/specimen")
	if covered := evaluate[bool](t, ctx, `document.querySelector(".cover") !== null`); covered {
		t.Error("the page does not come back")
	}
}

func TestASharedPhoneIsSignedOutWhenIdle(t *testing.T) {
	ctx, address := entered(t, true)
	goesTo(t, ctx, away, "/out")
	if status := evaluate[int](t, ctx, `fetch("`+address+`/specimen", {redirect: "manual"}).then(r => r.status)`); status == http.StatusOK {
		t.Error("the session goes on")
	}
}

func TestLeaveQuicklyReplacesThePage(t *testing.T) {
	ctx, _ := entered(t, false)
	// The place it leads to is out of reach here; what counts is that this page goes, and that Back does not bring it.
	left := evaluate[string](t, ctx, `{ const link = document.querySelector("[data-leave]"); link.href = location.origin + "/healthz"; link.rel + " " + history.length }`)
	if left != "noreferrer noopener 2" && left != "noreferrer noopener 3" {
		t.Fatalf("%q", left)
	}
	// A form half filled in asks nobody, either: whoever looks over the shoulder would see it.
	evaluate[bool](t, ctx, `addEventListener("beforeunload", (event) => { if (event.defaultPrevented) sessionStorage.asked = "yes"; });
		const form = document.querySelector("main form"); form.dataset.guard = ""; form.dispatchEvent(new Event("input", { bubbles: true })); true`)
	before := evaluate[int](t, ctx, `history.length`)
	goesTo(t, ctx, `document.querySelector("[data-leave]").click()`, "/healthz")
	if after := evaluate[int](t, ctx, `history.length`); after != before {
		t.Errorf("%d pages to go back to, %d before", after, before)
	}
	if asked := evaluate[bool](t, ctx, `sessionStorage.asked === "yes"`); asked {
		t.Error("the browser asks before the page goes")
	}
}

func TestATermExplainsItselfWhereItStands(t *testing.T) {
	ctx, _ := entered(t, false)
	shown := evaluate[string](t, ctx, `document.querySelector("a.term").click(); document.querySelector("a.term").nextElementSibling.textContent`)
	if shown != "Ways to lower the heat of a conflict." {
		t.Errorf("%q", shown)
	}
	if again := evaluate[bool](t, ctx, `document.querySelector("a.term").click(); document.querySelector(".term-meaning") === null`); !again {
		t.Error("a second tap leaves the meaning open")
	}
}
