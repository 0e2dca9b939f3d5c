package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// Pages fit the narrowest phone, which is also a desktop at four times its size, and a phone
// whose owner has set letters twice as large; whatever can be pressed is reached by keys, in
// the order of reading, and shows that it is.
func TestEveryKindOfPageIsReached(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, móvil)
	large := openTabWith(t, a.Config.BaseURL, móvil, chromedp.Flag("blink-settings", "defaultFontSize=32"))
	tokens := map[string]string{"": ""}
	for _, v := range views(t, a) {
		if _, known := tokens[v.account]; !known {
			tokens[v.account] = signIn(t, a, v.account).token
		}
		for _, one := range []*tab{b, large} {
			one.become(tokens[v.account])
			one.do("open "+v.path, chromedp.Navigate(one.base+v.path))
		}
		if size := large.js(`return getComputedStyle(document.documentElement).fontSize`); size != "34px" {
			t.Fatalf("letters set twice as large are %s", size)
		}
		if wide := large.js(sideways); wide != "" {
			t.Errorf("%s (%s), in letters twice as large, %s", v.kind, v.path, wide)
		}
		b.do("narrow", chromedp.EmulateViewport(320, 640))
		if wide := b.js(sideways); wide != "" {
			t.Errorf("%s (%s), 320 wide, %s", v.kind, v.path, wide)
		}
		b.do("a phone again", chromedp.EmulateViewport(móvil.width, móvil.height))
		b.tabsThrough(v.kind)
	}
}

// sideways says how a page is too wide for its screen, and what is.
const sideways = `const wide = document.documentElement.scrollWidth; if (wide <= innerWidth + 1) return "";
	const out = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest(".table-scroll"));
	return "scrolls sideways, " + wide + " in " + innerWidth + ": " + out.slice(0, 4).map((e) => e.outerHTML.slice(0, 90)).join(" | ")`

// tabsThrough goes through a page by the Tab key: the skip link first, then forward only,
// and each stop is seen, with a mark around it, and nothing lies over it.
func (b *tab) tabsThrough(kind string) {
	b.t.Helper()
	b.js(`document.activeElement?.blur(); getSelection().removeAllRanges(); scrollTo(0, 0); window.stops = []; return ""`)
	for stop := range 40 {
		b.do("Tab", chromedp.KeyEvent("\t"))
		said := b.js(stepped)
		if said == "end" {
			if stop == 0 {
				b.t.Errorf("%s: no key reaches anything", kind)
			}
			return
		}
		if said != "" {
			b.t.Errorf("%s, stop %d: %s", kind, stop+1, said)
		}
	}
}

const stepped = `const at = document.activeElement; if (!at || at === document.body || window.stops.includes(at)) return "end";
	const before = window.stops.at(-1); window.stops.push(at);
	const what = at.outerHTML.slice(0, 140), box = at.getBoundingClientRect();
	if (window.stops.length === 1 && at.autofocus) return "";
	if (before && !(before.compareDocumentPosition(at) & Node.DOCUMENT_POSITION_FOLLOWING)) return "the order jumps back to " + what;
	const marked = (e) => { const s = getComputedStyle(e); return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2; };
	const seat = at.matches(".seat") && parseFloat(getComputedStyle(at.querySelector("circle")).strokeWidth) >= 4;
	if (!at.matches(".skip") && !seat && ![at, at.parentElement, at.closest("label"), ...(at.labels ?? [])].some((e) => e && marked(e))) return "nothing marks " + what;
	if (box.bottom < 1 || box.top > innerHeight - 1 || box.width < 1) return "the page does not show " + what + " at " + Math.round(box.top);
	const over = document.elementFromPoint(Math.min(innerWidth - 1, Math.max(1, box.x + box.width / 2)), Math.min(innerHeight - 1, Math.max(1, box.y + box.height / 2)));
	if (over && !at.contains(over) && !over.contains(at) && over.closest(".places, .turn-card") && !at.closest(".places, .turn-card")) return "the bar lies over " + what;
	return ""`

// The skip link leads past the head of the page, and what opens by a key closes by Escape.
func TestKeysSkipOpenAndClose(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, phone)
	b.signIn("coordinator@demo.test")
	b.js(`document.activeElement?.blur(); return ""`)
	b.do("the skip link", chromedp.KeyEvent("\t"), chromedp.KeyEvent("\r"))
	if at := b.js(`return document.activeElement.id`); at != "main" {
		t.Errorf("the skip link leads to %q", at)
	}
	b.js(`document.querySelector(".menu summary").focus(); return ""`)
	b.do("open the menu", chromedp.KeyEvent("\r"))
	if b.js(`return String(document.querySelector(".menu").open)`) != "true" {
		t.Fatal("Enter does not open the menu")
	}
	b.do("into it and out", chromedp.KeyEvent("\t"), chromedp.KeyEvent("\x1b"))
	if at := b.js(`return document.querySelector(".menu").open + " " + document.activeElement.tagName`); !strings.HasPrefix(at, "false SUMMARY") {
		t.Errorf("Escape leaves the menu %s", at)
	}
}
