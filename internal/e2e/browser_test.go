package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// screen is how a journey looks at the Academy.
type screen struct {
	width, height int64
	language      string // of the browser: en or es
}

var (
	phone   = screen{390, 844, "en"}
	móvil   = screen{390, 844, "es"}
	desktop = screen{1280, 900, "en"}
)

// tab is one browser tab.
type tab struct {
	t      *testing.T
	ctx    context.Context
	base   string
	looked map[string]bool
}

// needBrowser skips, with the way to get one, where no browser was asked for.
func needBrowser(t *testing.T) {
	t.Helper()
	if os.Getenv("ACADEMY_TEST_BROWSER") != "1" {
		t.Skip("set ACADEMY_TEST_BROWSER=1 to run the browser journeys; they need Chromium (Debian: apt-get install chromium) and, once, npm ci in internal/e2e/axe")
	}
}

// openTab starts a fresh browser on an Academy's address.
func openTab(t *testing.T, base string, s screen) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("accept-lang", s.language), chromedp.UserDataDir(t.TempDir()))
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stopAllocator)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, base: base, looked: map[string]bool{}}
	b.do("start", chromedp.EmulateViewport(s.width, s.height), emulate("light"))
	return b
}

// do runs browser steps and ends the test where one fails.
func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// js runs a script in the page and gives the text that it answers.
func (b *tab) js(script string) string {
	b.t.Helper()
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`(async () => { `+script+` })()`, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("script at the page: %v\n%s", err, script[max(0, len(script)-300):])
	}
	return text
}

// open goes to a path and looks at the page.
func (b *tab) open(path string) {
	b.t.Helper()
	b.do("open "+path, chromedp.Navigate(b.base+path))
	b.look()
}

// press sends the form that a selector's button belongs to, or follows its link, waits
// for the page that comes and looks at it.
func (b *tab) press(selector string) {
	b.t.Helper()
	before := b.js(`return String(performance.timeOrigin)`)
	if found := b.js(fmt.Sprintf(`const at = document.querySelector(%q); if (!at) return "no"; setTimeout(() => at.click(), 0); return "yes"`, selector)); found != "yes" {
		b.t.Fatalf("nothing is %s at %s:\n%s", selector, b.where(), b.text())
	}
	deadline := time.Now().Add(15 * time.Second)
	for {
		now, err := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.readyState === "complete" ? String(performance.timeOrigin) : ""`))
		if err == nil && now != "" && now != before {
			break
		}
		if time.Now().After(deadline) {
			b.t.Fatalf("pressing %s led nowhere from %s", selector, b.where())
		}
	}
	b.look()
}

// fill puts a value into a field of the page by its name.
func (b *tab) fill(name, value string) {
	b.t.Helper()
	if b.js(fmt.Sprintf(`const at = document.querySelector('main [name=%q]'); if (!at) return "no"; at.value = %q; return "yes"`, name, value)) != "yes" {
		b.t.Fatalf("no field %s at %s", name, b.where())
	}
}

func (b *tab) text() string  { b.t.Helper(); return b.js(`return document.body.innerText`) }
func (b *tab) where() string { b.t.Helper(); return b.js(`return location.pathname + location.search`) }

// says ends the test unless the page says all of the words.
func (b *tab) says(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
			b.t.Fatalf("the page at %s does not say %q; it says:\n%s", b.where(), w, text)
		}
	}
}

// signIn signs in as a demo account.
func (b *tab) signIn(name string) {
	b.t.Helper()
	b.open("/sign-in")
	b.fill("name", name)
	b.fill("password", app.DemoPassword)
	b.press(`main form[action^="/sign-in"] button`)
	if strings.HasPrefix(b.where(), "/sign-in") {
		b.t.Fatalf("%s could not sign in: %s", name, b.text())
	}
}

// look checks a page once: axe finds nothing in either colour scheme, nothing came from
// another place, nothing scrolls sideways.
func (b *tab) look() {
	b.t.Helper()
	where := b.where()
	if b.looked[where] {
		return
	}
	b.looked[where] = true
	if from := b.js(`return performance.getEntriesByType("resource").map((r) => r.name).filter((n) => !n.startsWith(location.origin) && !n.startsWith("data:")).join(" ")`); from != "" {
		b.t.Errorf("%s asks another place: %s", where, from)
	}
	if wide := b.js(`return document.documentElement.scrollWidth > innerWidth + 1 ? document.documentElement.scrollWidth + " in " + innerWidth : ""`); wide != "" {
		b.t.Errorf("%s scrolls sideways: %s", where, wide)
	}
	for _, scheme := range []string{"light", "dark"} {
		b.do("scheme", emulate(scheme))
		b.axe(where, scheme)
		b.shoot(where, scheme)
	}
}

func (b *tab) axe(where, scheme string) {
	b.t.Helper()
	source := axeSource(b.t)
	answer := b.js(source + `; const found = await axe.run(document, {resultTypes: ["violations"]});
		return JSON.stringify(found.violations.map((v) => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html + " :: " + n.failureSummary)})))`)
	var violations []struct {
		ID, Help string
		Nodes    []string
	}
	if err := json.Unmarshal([]byte(answer), &violations); err != nil {
		b.t.Fatal(err)
	}
	for _, v := range violations {
		b.t.Errorf("axe at %s, %s: %s (%s)\n%s", where, scheme, v.Help, v.ID, strings.Join(v.Nodes, "\n"))
	}
}

// shoot keeps a picture where ACADEMY_SHOTS names a folder.
func (b *tab) shoot(where, scheme string) {
	dir := os.Getenv("ACADEMY_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(90))
	if err != nil {
		b.t.Fatal(err)
	}
	name := strings.NewReplacer("/", "_", "?", "_", "=", "_", " ", "_").Replace(b.t.Name() + where + "-" + scheme)
	if err := os.WriteFile(filepath.Join(dir, name+".png"), png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}

var axeOnce = sync.OnceValues(func() (string, error) {
	source, err := os.ReadFile("axe/node_modules/axe-core/axe.min.js")
	return string(source), err
})

func axeSource(t *testing.T) string {
	t.Helper()
	source, err := axeOnce()
	if err != nil {
		t.Fatalf("axe-core is not there; run npm ci in internal/e2e/axe: %v", err)
	}
	return source
}

// emulate shows the page as someone with a preference for light or dark sees it.
func emulate(scheme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			// Colours in mid-change have no contrast to speak of.
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
		return err
	})
}
