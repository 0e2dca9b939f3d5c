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

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// heard keeps what a tab's browser complains of and what it asks for elsewhere.
type heard struct {
	base  string
	mutex sync.Mutex
	words []string
}

// event keeps one complaint: it runs while the browser's messages are read.
func (h *heard) event(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		text := e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			text += " " + e.ExceptionDetails.Exception.Description
		}
		h.keep("a script broke: " + text)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning || e.Type == runtime.ConsoleAPICalledTypeAssert {
			var parts []string
			for _, argument := range e.Args {
				parts = append(parts, string(argument.Value)+argument.Description)
			}
			h.keep("the console says: " + strings.Join(parts, " "))
		}
	case *log.EventEntryAdded:
		// What the network refuses is told by the events below, with its kind.
		if e.Entry.Source != log.EntrySourceNetwork && (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) {
			h.keep("the browser says: " + e.Entry.Text + " at " + e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, h.base) && !strings.HasPrefix(e.Request.URL, "data:") && !strings.HasPrefix(e.Request.URL, "blob:") {
			h.keep("another place is asked: " + e.Request.URL)
		}
	case *network.EventResponseReceived:
		// A page's own status is held by who opened it.
		if e.Response.Status >= 400 && e.Type != network.ResourceTypeDocument {
			h.keep(fmt.Sprintf("%s answers %d", e.Response.URL, e.Response.Status))
		}
	case *network.EventLoadingFailed:
		if !e.Canceled && e.ErrorText != "net::ERR_ABORTED" {
			h.keep(fmt.Sprintf("a %s failed to load: %s", e.Type, e.ErrorText))
		}
	}
}

func (h *heard) keep(words string) {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	h.words = append(h.words, words)
}

// tell fails the test with all that was heard since it was last told.
func (h *heard) tell(t *testing.T) {
	t.Helper()
	h.mutex.Lock()
	defer h.mutex.Unlock()
	for _, words := range h.words {
		t.Error(words)
	}
	h.words = nil
}

// look checks a page once: axe finds nothing in either colour scheme, the console says
// nothing, nothing came from another place, nothing scrolls sideways.
func (b *tab) look() {
	b.t.Helper()
	where := b.where()
	if b.looked[where] {
		return
	}
	b.lookAgain()
}

// lookAgain checks a page whose state has changed since it was looked at.
func (b *tab) lookAgain() {
	b.t.Helper()
	where := b.where()
	b.looked[where] = true
	if wide := b.js(`return document.documentElement.scrollWidth > innerWidth + 1 ? document.documentElement.scrollWidth + " in " + innerWidth : ""`); wide != "" {
		b.t.Errorf("%s scrolls sideways: %s", where, wide)
	}
	b.axe(where, "light", `{}`)
	b.shoot(where, "light")
	b.do("dark", emulate("dark"))
	// Another scheme changes colours alone.
	b.axe(where, "dark", `{runOnly: ["color-contrast", "link-in-text-block"]}`)
	b.shoot(where, "dark")
	b.do("light", emulate("light"))
	b.heard.tell(b.t)
}

// axe runs the accessibility checker, anew where the page loads itself again meanwhile, as
// one does that waits for a certificate to be drawn.
func (b *tab) axe(where, scheme, options string) {
	b.t.Helper()
	run := `const found = await axe.run(document, {resultTypes: ["violations"], ...` + options + `});
		return JSON.stringify(found.violations.map((v) => ({id: v.id, help: v.help, nodes: v.nodes.slice(0, 3).map((n) => n.html + " :: " + n.failureSummary)})))`
	answer, err := b.tryJS(b.axeThere() + run)
	for again := 0; err != nil && again < 5; again++ {
		answer, err = b.tryJS(axeSource(b.t) + ";" + run)
	}
	if err != nil {
		b.t.Fatalf("axe at %s, %s: %v", where, scheme, err)
	}
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

// axeThere is the checker's source where the page does not have it yet.
func (b *tab) axeThere() string {
	b.t.Helper()
	if b.js(`return typeof axe`) == "undefined" {
		return axeSource(b.t) + ";"
	}
	return ""
}

// shoot keeps a picture where ACADEMY_SHOTS names a folder.
func (b *tab) shoot(where, scheme string) {
	dir := os.Getenv("ACADEMY_SHOTS")
	if dir == "" {
		return
	}
	png, err := chromedp.Run(b.ctx, chromedp.FullScreenshot(100))
	if err != nil {
		b.t.Fatal(err)
	}
	name := strings.NewReplacer("/", "_", "?", "_", "=", "_", " ", "_").Replace(fmt.Sprintf("%s-%02d%s-%s", b.t.Name(), len(b.looked), where, scheme))
	if err := os.WriteFile(filepath.Join(dir, name[:min(len(name), 120)]+".png"), png, 0o600); err != nil {
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
