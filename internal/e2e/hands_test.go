package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// found is a script that finds the first thing of a selector, or with words the first
// button, link or label that begins with them, which a reader can see.
func found(selector, words string) string {
	return fmt.Sprintf(`const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
		const said = (e) => (e.innerText || e.value || "").trim().replace(/\s+/g, " ");
		const at = [...document.querySelectorAll(%s)].find((e) => seen(e) && said(e).startsWith(%s));`, quoted(selector), quoted(words))
}

// point scrolls a thing into the middle and gives the point where a thumb meets it; it
// ends the test where nothing is there or something else lies over it.
func (b *tab) point(what, find string) (x, y float64) {
	b.t.Helper()
	answer := b.js(find + `
		if (!at) return "nothing";
		at.scrollIntoView({block: "center", inline: "nearest", behavior: "instant"});
		const box = [...at.getClientRects()].sort((a, b) => b.width * b.height - a.width * a.height)[0];
		const x = box.x + box.width / 2, y = box.y + box.height / 2, over = document.elementFromPoint(x, y);
		if (!over || !(at.contains(over) || over.contains(at) || [...(at.labels || [])].some((l) => l.contains(over))))
			return "covered by " + (over ? over.outerHTML.slice(0, 120) : "nothing");
		return JSON.stringify([x, y])`)
	var place [2]float64
	if err := json.Unmarshal([]byte(answer), &place); err != nil {
		b.t.Fatalf("%s at %s: %s\n%s", what, b.where(), answer, b.text())
	}
	return place[0], place[1]
}

// press touches the thing of a selector that leads on (a form's button, a link), waits
// for the page that comes and looks at it.
func (b *tab) press(selector string) { b.t.Helper(); b.refused(selector, 200) }

// refused is press where the page that comes has another status than 200.
func (b *tab) refused(selector string, status int64) {
	b.t.Helper()
	x, y := b.point(selector, found(selector, ""))
	b.leads("pressing "+selector, status, chromedp.MouseClickXY(x, y))
}

// pressWords is press on the button or link that begins with words.
func (b *tab) pressWords(words string) {
	b.t.Helper()
	x, y := b.point(words, found("main a, main button, main input[type=submit], nav a, header a", words))
	b.leads("pressing "+words, 200, chromedp.MouseClickXY(x, y))
}

// touch presses a thing that stays on its page: a choice, a disclosure, a script's button.
func (b *tab) touch(selector string) {
	b.t.Helper()
	x, y := b.point(selector, found(selector, ""))
	b.do("touching "+selector, chromedp.MouseClickXY(x, y))
}

// touchWords is touch on the label, summary or button that begins with words.
func (b *tab) touchWords(words string) {
	b.t.Helper()
	x, y := b.point(words, found("main label, main summary, main button, header summary", words))
	b.do("touching "+words, chromedp.MouseClickXY(x, y))
}

// field is the selector of a field of the page by its name.
func field(name string) string { return `main [name="` + name + `"]:not([type=hidden])` }

// fill types a text into a field, in the place of what was there.
func (b *tab) fill(name, value string) {
	b.t.Helper()
	b.touch(field(name))
	b.js(`const at = document.activeElement; if (at.select) at.select(); return ""`)
	if value == "" {
		b.do("emptying "+name, chromedp.KeyEvent("\b"))
		return
	}
	b.do("typing into "+name, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: value})
		return err
	}))
	if kept := b.js(`return document.activeElement.value ?? ""`); kept != value {
		b.t.Fatalf("typed %q into %s at %s, it holds %q", value, name, b.where(), kept)
	}
}

// set gives a date, a time or another field that thumbs fill in a wheel its value.
func (b *tab) set(name, value string) {
	b.t.Helper()
	b.settle(name, fmt.Sprintf(`at.value = %s; const ok = at.value === %[1]s;`, quoted(value)))
}

// choose picks an option of a list by its value, or else by its words.
func (b *tab) choose(name, option string) {
	b.t.Helper()
	b.settle(name, fmt.Sprintf(`const want = %s, options = [...at.options], o = options.find((o) => o.value === want) || options.find((o) => o.text.trim().startsWith(want));
		const ok = Boolean(o); if (ok) at.value = o.value;`, quoted(option)))
}

func (b *tab) settle(name, script string) {
	b.t.Helper()
	if b.js(found(field(name), "")+`if (!at) return "no"; at.focus(); `+script+`
		at.dispatchEvent(new Event("input", {bubbles: true})); at.dispatchEvent(new Event("change", {bubbles: true})); return ok ? "yes" : "no"`) != "yes" {
		b.t.Fatalf("no field %s takes that at %s:\n%s", name, b.where(), b.text())
	}
}

// tick touches one box or button of a group by its value and holds that it is chosen.
func (b *tab) tick(name, value string) {
	b.t.Helper()
	at := fmt.Sprintf(`main [name="%s"][value="%s"]`, name, value)
	b.touch(at)
	if b.js(`return String(document.querySelector(`+quoted(at)+`).checked)`) != "true" {
		b.t.Fatalf("%s %s at %s is not chosen after a touch", name, value, b.where())
	}
}

// upload gives a file field a file of that name and bytes.
func (b *tab) upload(name, file string, data []byte) {
	b.t.Helper()
	path := filepath.Join(b.t.TempDir(), file)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		b.t.Fatal(err)
	}
	b.do("uploading "+file, chromedp.SetUploadFiles(chromedp.CSS(`main input[type=file][name="`+name+`"]`), []string{path}))
}

// download touches what a selector finds and gives the name and bytes of the file that
// the browser keeps.
func (b *tab) download(selector string) (name string, data []byte) {
	b.t.Helper()
	x, y := b.point(selector, found(selector, ""))
	dir, on := b.t.TempDir(), true
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	_, err := chromedp.CallBrowser(ctx, browser.SetDownloadBehavior, browser.SetDownloadBehaviorParams{
		Behavior: browser.SetDownloadBehaviorBehaviorAllowAndName, DownloadPath: dir, EventsEnabled: &on})
	if err != nil {
		b.t.Fatal(err)
	}
	begins, progress := chromedp.BrowserEvents(ctx, browser.DownloadWillBegin), chromedp.BrowserEvents(ctx, browser.DownloadProgress)
	if err := chromedp.Do(ctx, chromedp.MouseClickXY(x, y)); err != nil {
		b.t.Fatal(err)
	}
	for begun, err := range begins {
		if err != nil {
			b.t.Fatalf("%s at %s downloads nothing: %v", selector, b.where(), err)
		}
		name = begun.SuggestedFilename
		break
	}
	for p, err := range progress {
		if err != nil || p.State == browser.DownloadProgressStateCanceled {
			b.t.Fatalf("the download of %s ended: %v", name, err)
		}
		if p.State == browser.DownloadProgressStateCompleted {
			data, err = os.ReadFile(filepath.Join(dir, p.GUID))
			if err != nil {
				b.t.Fatal(err)
			}
			return name, data
		}
	}
	b.t.Fatalf("the download of %s has no end", name)
	return "", nil
}

// href is the address, on this Academy, of the first link of a selector.
func (b *tab) href(selector string) string {
	b.t.Helper()
	address := b.js(`const at = document.querySelector(` + quoted(selector) + `); return at ? at.getAttribute("href") : ""`)
	if address == "" {
		b.t.Fatalf("no link %s at %s:\n%s", selector, b.where(), b.text())
	}
	return strings.TrimPrefix(address, b.base)
}
