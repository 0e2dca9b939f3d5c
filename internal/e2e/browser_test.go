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
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// screen is how a journey looks at the Academy.
type screen struct {
	width, height int64
	dark          bool
	language      string // of the browser: en or es
}

var (
	phone   = screen{width: 390, height: 844, language: "en"}
	móvil   = screen{width: 390, height: 844, language: "es"}
	desktop = screen{width: 1280, height: 900, language: "en"}
)

// tab is one browser tab with everything that went wrong in it.
type tab struct {
	t    *testing.T
	ctx  context.Context
	base string

	mu      sync.Mutex
	trouble []string
	axeDone map[string]bool
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
	needBrowser(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true), chromedp.Flag("lang", s.language),
		chromedp.Flag("accept-lang", s.language), chromedp.WindowSize(int(s.width), int(s.height)),
		chromedp.UserDataDir(t.TempDir()))
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stop := chromedp.NewContext(allocator)
	ctx, cancel := context.WithTimeout(ctx, 4*time.Minute)
	b := &tab{t: t, ctx: ctx, base: base, axeDone: map[string]bool{}}
	t.Cleanup(func() { cancel(); stop(); stopAllocator() })
	chromedp.ListenTarget(ctx, b.listen)
	scheme := "light"
	if s.dark {
		scheme = "dark"
	}
	b.do("start",
		network.Enable(), cdplog.Enable(), runtime.Enable(),
		emulation.SetDeviceMetricsOverride(s.width, s.height, 1, s.width < 600),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
	)
	return b
}

// listen notes console errors, exceptions and requests to anyone else.
func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.trouble = append(b.trouble, "exception: "+e.ExceptionDetails.Error())
	case *cdplog.EventEntryAdded:
		if e.Entry.Level == cdplog.LevelError {
			b.trouble = append(b.trouble, "console: "+e.Entry.Text+" "+e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if url := e.Request.URL; !strings.HasPrefix(url, b.base) && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "about:") && !strings.HasPrefix(url, "chrome") {
			b.trouble = append(b.trouble, "request to another place: "+url)
		}
	case *page.EventJavascriptDialogOpening:
		b.trouble = append(b.trouble, "dialog: "+e.Message)
	}
}

// do runs browser actions and ends the test where one fails.
func (b *tab) do(what string, actions ...chromedp.Action) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 20*time.Second)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var where string
		_ = chromedp.Run(b.ctx, chromedp.Location(&where))
		b.shoot("failed")
		b.t.Fatalf("%s at %s: %v", what, where, err)
	}
}

// open goes to a path and looks at the page with axe.
func (b *tab) open(path string) {
	b.t.Helper()
	b.do("open "+path, chromedp.Navigate(b.base+path), chromedp.WaitReady("body"))
	b.look()
}

// click presses what a selector finds, waits for the page that follows and looks at it.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.ScrollIntoView(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery, chromedp.NodeVisible))
	b.settle()
	b.look()
}

// press presses the button or link whose text contains words.
func (b *tab) press(words string) {
	b.t.Helper()
	quoted := fmt.Sprintf("%q", words)
	selector := `(//main//button[contains(normalize-space(.),` + quoted + `)] | //main//a[contains(normalize-space(.),` + quoted + `)] | //button[contains(normalize-space(.),` + quoted + `)] | //a[contains(normalize-space(.),` + quoted + `)])[1]`
	b.do("press "+words, chromedp.ScrollIntoView(selector, chromedp.BySearch), chromedp.Click(selector, chromedp.BySearch, chromedp.NodeVisible))
	b.settle()
	b.look()
}

// fill types into a field of the page by its name.
func (b *tab) fill(name, value string) {
	b.t.Helper()
	selector := fmt.Sprintf(`[name=%q]:not([type=hidden])`, name)
	b.do("fill "+name, chromedp.SetValue(selector, "", chromedp.ByQuery), chromedp.SendKeys(selector, value, chromedp.ByQuery))
}

// settle waits until the page that a press leads to has loaded.
func (b *tab) settle() {
	b.t.Helper()
	b.do("settle", chromedp.Sleep(150*time.Millisecond), chromedp.WaitReady("body"),
		chromedp.Poll(`document.readyState === "complete"`, nil, chromedp.WithPollingTimeout(10*time.Second)))
}

// text is what the page says.
func (b *tab) text() string {
	b.t.Helper()
	var text string
	b.do("read", chromedp.Evaluate(`document.body.innerText`, &text))
	return text
}

// says ends the test unless the page says all of the words.
func (b *tab) says(words ...string) {
	b.t.Helper()
	text := b.text()
	for _, w := range words {
		if !strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
			b.shoot("missing")
			b.t.Fatalf("the page at %s does not say %q; it says:\n%s", b.where(), w, text)
		}
	}
}

// where is the path that the tab is at.
func (b *tab) where() string {
	var url string
	b.do("location", chromedp.Location(&url))
	return strings.TrimPrefix(url, b.base)
}

// signIn signs in as a demo account.
func (b *tab) signIn(name string) {
	b.t.Helper()
	b.open("/sign-in")
	b.fill("name", name)
	b.fill("password", demoPassword)
	b.click(`main form[action="/sign-in"] button[type=submit]`)
	if strings.HasPrefix(b.where(), "/sign-in") {
		b.t.Fatalf("%s could not sign in: %s", name, b.text())
	}
}

// look runs axe on the page once per address, in both colour schemes.
func (b *tab) look() {
	b.t.Helper()
	where := b.where()
	if b.axeDone[where] {
		return
	}
	b.axeDone[where] = true
	source := axeSource(b.t)
	for _, scheme := range []string{"light", "dark"} {
		var answer string
		b.do("axe on "+where,
			emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
			chromedp.Evaluate(source+";0", nil),
			chromedp.Evaluate(`axe.run(document, {resultTypes: ["violations"]}).then(r => JSON.stringify(r.violations.map(v => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map(n => n.html + " :: " + n.failureSummary)}))))`,
				&answer, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
		var violations []struct {
			ID, Help string
			Nodes    []string
		}
		if err := json.Unmarshal([]byte(answer), &violations); err != nil {
			b.t.Fatal(err)
		}
		for _, v := range violations {
			b.t.Errorf("axe, %s, %s scheme: %s (%s)\n%s", where, scheme, v.Help, v.ID, strings.Join(v.Nodes, "\n"))
		}
	}
	b.shoot(strings.Trim(strings.NewReplacer("/", "_", "?", "_", "=", "_").Replace(where), "_"))
}

// done ends a journey: nothing may have gone wrong in the tab.
func (b *tab) done() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.trouble {
		b.t.Error(line)
	}
}

// shoot keeps a picture of the whole page where ACADEMY_TEST_PICTURES names a folder.
func (b *tab) shoot(name string) {
	dir := os.Getenv("ACADEMY_TEST_PICTURES")
	if dir == "" {
		return
	}
	var png []byte
	if err := chromedp.Run(b.ctx, chromedp.FullScreenshot(&png, 90)); err == nil {
		file := filepath.Join(dir, strings.ReplaceAll(b.t.Name(), "/", "_")+"-"+name+".png")
		_ = os.WriteFile(file, png, 0o644)
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
