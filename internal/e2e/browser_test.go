package e2e

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
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

// patience is how long a page may take to come on a busy machine.
const patience = 60 * time.Second

// tab is one browser tab of one person.
type tab struct {
	t      *testing.T
	ctx    context.Context
	base   string
	screen screen
	looked map[string]bool
	heard  *heard
}

// needBrowser skips, with the way to get one, where no browser was asked for.
func needBrowser(t *testing.T) {
	t.Helper()
	if os.Getenv("ACADEMY_TEST_BROWSER") != "1" {
		t.Skip("set ACADEMY_TEST_BROWSER=1 to run the browser journeys; they need Chromium (Debian: apt-get install chromium) and, once, npm ci in internal/e2e/axe")
	}
}

// door is the address at which one demo after the other opens: what a demo has signed
// names it, so that the copies of one must be there.
var door = "127.0.0.1:0"

// openAcademy starts a demo on a port of this machine, with the work that follows.
func openAcademy(t *testing.T) *app.Academy {
	t.Helper()
	needBrowser(t)
	listener, err := net.Listen("tcp", door)
	if err != nil { // somebody else has taken it
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	door = listener.Addr().String()
	c := app.Defaults()
	c.Addr = door
	a, err := app.Open(context.Background(), demoCopy(t, "sqlite", c), quiet, clock.System)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, a, listener)
	return a
}

// openAcademyBy is openAcademy with a demo that goes by a clock, built for it alone.
func openAcademyBy(t *testing.T, now clock.Clock) *app.Academy {
	t.Helper()
	needBrowser(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := app.Defaults()
	c.Demo, c.Addr, c.Data = true, listener.Addr().String(), filepath.Join(t.TempDir(), "demo")
	a, err := app.OpenDemoBy(context.Background(), c, quiet, now)
	if err != nil {
		t.Fatal(err)
	}
	serve(t, a, listener)
	return a
}

// serve answers for an Academy, and does the work that follows, until the test ends.
func serve(t *testing.T, a *app.Academy, listener net.Listener) {
	t.Helper()
	work, stop := context.WithCancel(context.Background())
	served, worked := make(chan error, 1), make(chan error, 1)
	go func() { served <- a.Web.Serve(listener) }()
	go func() { worked <- a.Jobs.Run(work) }()
	t.Cleanup(func() {
		stop()
		<-worked
		if err := a.Web.Shutdown(); err != nil {
			t.Error(err)
		}
		<-served
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
}

// openTab starts a fresh browser on an Academy's address. What its console says, what
// fails to load and what asks another place fails the test.
func openTab(t *testing.T, base string, s screen) *tab {
	t.Helper()
	return openTabWith(t, base, s)
}

// openTabWith is openTab in a browser that its owner has set otherwise.
func openTabWith(t *testing.T, base string, s screen, settings ...chromedp.ExecAllocatorOption) *tab {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("accept-lang", s.language), chromedp.UserDataDir(t.TempDir()))
	options = append(options, settings...)
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stopAllocator)
	ctx, stop := chromedp.NewContext(allocator)
	t.Cleanup(stop)
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(cancel)
	b := &tab{t: t, ctx: ctx, base: base, screen: s, looked: map[string]bool{}, heard: &heard{base: base}}
	// The browser lives as long as the context that it is first asked in.
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(s.width, s.height), emulate("light")); err != nil {
		t.Fatalf("the browser does not start: %v", err)
	}
	if err := chromedp.Listen(ctx, b.heard.event); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.heard.tell(t) })
	return b
}

// do runs browser steps and ends the test where one fails.
func (b *tab) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// js runs a script in the page and gives the text that it answers.
func (b *tab) js(script string) string {
	b.t.Helper()
	text, err := b.tryJS(script)
	if err != nil {
		b.t.Fatalf("script at the page: %v\n%s", err, script[max(0, len(script)-300):])
	}
	return text
}

// tryJS is js where the page may load itself again meanwhile.
func (b *tab) tryJS(script string) (string, error) {
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => { `+script+` })()`, chromedp.EvalAwaitPromise))
}

// open goes to a path and looks at the page that comes.
func (b *tab) open(path string) { b.t.Helper(); b.answers(path, 200) }

// answers goes to a path that answers with a status, and looks at the page.
func (b *tab) answers(path string, status int64) {
	b.t.Helper()
	b.leads("open "+path, status, chromedp.Navigate(b.base+path))
}

// leads runs steps that lead to a page, waits for it, holds its status and looks at it.
func (b *tab) leads(what string, status int64, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	var from string
	if len(b.looked) > 0 {
		from = b.where()
	}
	response, err := chromedp.RunResponse(ctx, steps...)
	if err != nil {
		b.t.Fatalf("%s led nowhere from %s: %v", what, from, err)
	}
	b.came(what, from, status, response)
	b.look()
}

func (b *tab) came(what, from string, status int64, response *network.Response) {
	b.t.Helper()
	if response == nil {
		b.t.Fatalf("%s from %s brought no page", what, from)
	}
	if response.Status != status {
		b.t.Fatalf("%s from %s answers %d, not %d:\n%s", what, from, response.Status, status, b.text())
	}
}

// text is all that a reader sees on the page.
func (b *tab) text() string {
	b.t.Helper()
	return strings.NewReplacer("\u00a0", " ", "\u202f", " ").Replace(b.js(`return document.body.innerText`))
}

// where is the page's address on this Academy.
func (b *tab) where() string { b.t.Helper(); return b.js(`return location.pathname + location.search`) }

// says ends the test unless the page says all of the words.
func (b *tab) says(words ...string) {
	b.t.Helper()
	text := strings.ToLower(b.text())
	for _, w := range words {
		if !strings.Contains(text, strings.ToLower(w)) {
			b.t.Fatalf("the page at %s does not say %q; it says:\n%s", b.where(), w, b.text())
		}
	}
}

// saysNot ends the test where the page says any of the words.
func (b *tab) saysNot(words ...string) {
	b.t.Helper()
	text := strings.ToLower(b.text())
	for _, w := range words {
		if strings.Contains(text, strings.ToLower(w)) {
			b.t.Fatalf("the page at %s says %q:\n%s", b.where(), w, b.text())
		}
	}
}

// at ends the test unless the page's path begins so.
func (b *tab) at(path string) {
	b.t.Helper()
	if where := b.where(); !strings.HasPrefix(where, path) {
		b.t.Fatalf("the page is %s, not %s:\n%s", where, path, b.text())
	}
}

// until waits for what a script in the page comes to say yes to, as a reader would, also
// where the page loads itself again meanwhile.
func (b *tab) until(what, condition string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		_, err := chromedp.Run(ctx, chromedp.Poll[bool](condition, chromedp.WithPollingTimeout(patience)))
		if err == nil {
			return
		}
		if ctx.Err() != nil {
			b.t.Fatalf("waiting at %s for %s: %v\n%s", b.where(), what, err, b.text())
		}
	}
}

// signIn signs in as a demo account.
func (b *tab) signIn(name string) {
	b.t.Helper()
	b.signInWith(name, app.DemoPassword)
}

func (b *tab) signInWith(name, secret string) {
	b.t.Helper()
	b.open("/sign-in")
	b.fill("name", name)
	b.fill("password", secret)
	b.press(`main form[action^="/sign-in"] button`)
	if where := b.where(); strings.HasPrefix(where, "/sign-in") {
		b.t.Fatalf("%s could not sign in: %s", name, b.text())
	}
}

// quoted is a text as a script holds it.
func quoted(text string) string { return fmt.Sprintf("%q", text) }
