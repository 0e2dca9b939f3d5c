package e2e

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
)

// selected marks letters of the first long paragraph of a text, as a finger does, and
// gives them.
const selected = `const at = [...document.querySelectorAll(".reading > p")].find((p) => p.firstChild.length > 80 && !p.querySelector("mark"));
	at.scrollIntoView({block: "center", behavior: "instant"});
	const range = document.createRange(); range.setStart(at.firstChild, 3); range.setEnd(at.firstChild, 40);
	getSelection().removeAllRanges(); getSelection().addRange(range); return range.toString().trim()`

// A reader highlights and writes where they read; it is drawn again on the next visit,
// for them alone, and gone when they delete it.
func TestAReaderMarksATextAndNobodyElseSeesIt(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, móvil)
	b.signIn("trainee.es@demo.test")
	drawn := func() string {
		return b.js(`return [...document.querySelectorAll("mark.mine")].map((m) => m.textContent).join("|")`)
	}
	b.open("/modules/t07")
	b.until("the script", `document.querySelector("[data-drawn]") !== null`)
	if at := drawn(); at != "" {
		t.Errorf("drawn before anything is marked: %s", at)
	}
	quote := b.js(selected)
	b.until("the bar", `document.querySelector(".note-bar")?.hidden === false`)
	b.lookAgain()
	b.touch(".note-bar .button-primary")
	b.until("the highlight", `document.querySelector("mark.mine") !== null`)
	other := b.js(selected)
	b.until("the bar", `document.querySelector(".note-bar")?.hidden === false`)
	b.touch(".note-bar .button-secondary")
	b.until("the sheet", `document.querySelector(".note-sheet")?.open === true`)
	b.says("Use personas y lugares inventados", other)
	b.lookAgain()
	b.js(`document.querySelector(".note-sheet textarea").value = "<b>Respirar</b>"; return ""`)
	b.touch(`.note-sheet form button[type=submit]`)
	b.until("the note", `document.querySelectorAll("mark.mine").length === 2 && !document.querySelector(".note-sheet").open`)
	b.says("Mis notas: ")

	b.open("/me")
	b.open("/modules/t07")
	b.until("what was marked", `document.querySelectorAll("mark.mine").length === 2`)
	if at := drawn(); at != quote+"|"+other && at != other+"|"+quote {
		t.Errorf("drawn is %q, marked were %q and %q", at, quote, other)
	}
	b.touch("mark.mine")
	b.until("the sheet", `document.querySelector(".note-sheet")?.open === true`)
	b.do("Escape", chromedp.KeyEvent("\x1b"))
	b.until("the sheet to close", `!document.querySelector(".note-sheet").open`)

	b.open("/modules/t07?lang=en")
	b.until("the script", `document.querySelector("[data-drawn]") !== null`)
	if at := drawn(); at != "" {
		t.Errorf("drawn on the English text: %s", at)
	}
	b.open("/me/notes")
	b.says("<b>Respirar</b>", quote)
	name, file := b.download(`a[href="/me/notes/file"]`)
	if name != "notes.md" || !strings.Contains(string(file), "> "+quote) {
		t.Errorf("%s holds %s", name, file)
	}

	c := openTab(t, a.Config.BaseURL, desktop)
	c.signIn("instructor@demo.test")
	c.open("/modules/t07")
	c.until("the script", `document.querySelector("[data-drawn]") !== null`)
	c.saysNot("Respirar", "My notes:")
	c.open("/me/notes")
	c.says("No notes yet")

	b.touchWords("Borrar todas mis notas")
	b.press(`form[action="/me/notes/removal"] button`)
	b.says("Todavía no hay notas")
	b.open("/modules/t07")
	b.until("the script", `document.querySelector("[data-drawn]") !== null`)
	if at := drawn(); at != "" {
		t.Errorf("drawn though deleted: %s", at)
	}
}

// Without a script each section leads to a page that does the same.
func TestANoteIsWrittenWithoutAScript(t *testing.T) {
	a := openAcademy(t)
	v := signIn(t, a, "trainee")
	page := v.get("/modules/t07").body
	if !strings.Contains(page, `href="/modules/t07/notes?section=2"`) {
		t.Fatal("no section leads to its notes")
	}
	b := openTab(t, a.Config.BaseURL, phone)
	b.signIn("graduate@demo.test")
	b.open("/modules/t07/notes?section=2")
	if at := b.js(`return document.querySelector("main select").value`); at != "2" {
		t.Errorf("the form stands on section %s", at)
	}
	b.fill("text", "Breathe out first")
	b.press(`#write button`)
	if at := b.js(`return location.pathname + location.hash`); at != "/modules/t07#part-2" {
		t.Errorf("saved, and led to %s", at)
	}
	b.open("/modules/t07/notes?section=2")
	b.says("Breathe out first")
	b.press(".note a")
	b.fill("text", "Breathe in")
	b.press(`main form button.button-primary`)
	b.says("Breathe in")
}

// voice stands in for a browser's: what it is told to say is kept, and said at once where
// the test lets it go on.
const voice = `window.said = []; window.quietly = true;
	Object.defineProperty(window, "speechSynthesis", {value: Object.assign(new EventTarget(), {
		getVoices: () => [{lang: "en-US", localService: true}, {lang: "es-MX", localService: true}],
		speak(one) { window.said.push(one.lang + ": " + one.text); this.now = one; if (!window.quietly) setTimeout(() => one.onend(), 0); },
		cancel() { const one = this.now; this.now = undefined; window.cancelled = (window.cancelled ?? 0) + 1; if (one) one.onerror({error: "canceled"}); },
	})});
	window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };`

func (b *tab) hasVoice() {
	b.t.Helper()
	b.do("a voice", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: voice})
		return err
	}))
}

func TestATextIsReadAloudFromWhereTheReaderIs(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, phone)
	b.signIn("trainee@demo.test")
	b.open("/modules/t07")
	if shown := b.js(`return String(!document.querySelector("[data-aloud]").hidden && speechSynthesis.getVoices().length === 0)`); shown != "false" {
		t.Error("listening is offered where there is no voice")
	}
	b.hasVoice()
	b.do("once more", chromedp.Navigate(b.base+"/modules/t07#part-3"))
	b.do("once more", chromedp.Reload())
	b.until("the buttons", `!document.querySelector("[data-aloud]").hidden`)
	heading := b.js(`return document.querySelectorAll(".reading > h2")[2].textContent`)
	b.js(`document.querySelectorAll(".reading > h2")[2].scrollIntoView({block: "start", behavior: "instant"}); document.querySelector("[data-aloud-start]").click(); return ""`)
	b.until("the voice", `window.said.length > 0`)
	if first := b.js(`return window.said[0]`); first != "en: "+heading {
		t.Errorf("it begins with %q, not with %q", first, heading)
	}
	if marked := b.js(`return document.querySelector(".spoken").textContent + "/" + document.activeElement.hasAttribute("data-aloud-pause")`); marked != heading+"/true" {
		t.Errorf("marked is %s", marked)
	}
	b.lookAgain()
	b.touch("[data-aloud-pause]")
	b.touch("[data-aloud-go-on]")
	if again := b.js(`return JSON.stringify(window.said)`); again != `["en: `+heading+`","en: `+heading+`"]` {
		t.Errorf("after a pause it says %s", again)
	}
	b.do("Escape", chromedp.KeyEvent("\x1b"))
	if left := b.js(`return String(document.querySelector(".spoken")) + document.activeElement.hasAttribute("data-aloud-start")`); left != "nulltrue" {
		t.Errorf("stopped, and yet %s", left)
	}
	b.js(`window.quietly = false; window.said = []; document.querySelector("[data-aloud-start]").click(); return ""`)
	b.until("the end", `document.querySelector("[data-aloud-stop]").hidden`)
	said := b.js(`return window.said.join("\n")`)
	for _, never := range []string{"↩", "Note:", "Words in this text", "[", "^"} {
		if strings.Contains(said, never) {
			t.Errorf("%q is read aloud:\n%s", never, said)
		}
	}
	last := b.js(`const p = [...document.querySelectorAll(".reading > p:not(.note-way)")].at(-1); const copy = p.cloneNode(true); copy.querySelectorAll("sup").forEach((s) => s.remove()); return copy.textContent.trim().slice(-40)`)
	if !strings.Contains(said, last) {
		t.Errorf("it ends before %q:\n%s", last, said)
	}
	b.js(`window.cancelled = 0; dispatchEvent(new Event("academy:leaving")); return ""`)
	if n := b.js(`return String(window.cancelled)`); n != "1" {
		t.Errorf("leaving ends the voice %s times", n)
	}
}

// The size of the letters and the language of the text keep the reader's place, and what
// was read counts once.
func TestSizeAndLanguageKeepTheReadersPlace(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, phone)
	b.signIn("instructor@demo.test")
	b.open("/modules/t07")
	size := func() string { return b.js(`return getComputedStyle(document.querySelector(".reading")).fontSize`) }
	normal := size()
	b.js(`document.querySelector("#part-3").nextElementSibling.scrollIntoView({block: "start", behavior: "instant"}); return ""`)
	b.until("the place", `document.querySelector("form.place").elements.section.value >= 3`)
	reached := b.js(`return "#part-" + document.querySelector("form.place").elements.section.value`)
	b.touch(".text-tools summary")
	b.lookAgain()
	b.press(`.text-tools [name=size][value="4"]`)
	if at := b.js(`return location.hash`); at != reached || size() == normal {
		t.Errorf("with the largest letters, of %s, the page is at %s; the reader was at %s", size(), at, reached)
	}
	b.touch(".text-tools summary")
	b.press("[data-same-place]")
	if at := b.js(`return location.search + location.hash + document.documentElement.lang + document.querySelector(".reading").lang`); at != "?lang=es"+reached+"enes" {
		t.Errorf("the text in Spanish is at %s", at)
	}
	if top := b.js(`const top = document.querySelector(location.hash).nextElementSibling.getBoundingClientRect().top; return top > -10 && top < 200 ? "there" : String(top)`); top != "there" {
		t.Errorf("the section is at %s", top)
	}
	var rows int
	if err := a.DB.NewRaw(`SELECT COUNT(*) FROM readings WHERE module_id = 'T07' AND person_id = ?`, viewer(t, a, "instructor").Person()).Scan(t.Context(), &rows); err != nil || rows != 1 {
		t.Errorf("%d places in one module, %v", rows, err)
	}
	b.do("narrow", chromedp.EmulateViewport(320, 640))
	for _, path := range []string{"/modules/t07", "/modules/t07/another-way", "/protocols/mediation", "/modules/t07/notes", "/me/notes"} {
		b.open(path)
		if wide := b.js(sideways); wide != "" {
			t.Errorf("%s, in the largest letters, 320 wide, %s", path, wide)
		}
	}
}

// On paper stands the text, with every choice of its scene and its sources, and nothing
// that is pressed; nor what its reader marked.
func TestAModuleAndAProtocolPrintAsSheets(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, desktop)
	b.signIn("trainee@demo.test")
	b.do("paper", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
		return err
	}))
	shown := func(selector string) string {
		return b.js(`const seen = (e) => e.getClientRects().length > 0 && e.checkVisibility({contentVisibilityAuto: true});
			return [...document.querySelectorAll(` + quoted(selector) + `)].filter(seen).map((e) => e.textContent.trim().slice(0, 40)).join("|")`)
	}
	for path, wanted := range map[string][]string{
		"/modules/t07":         {".reading > h2", ".scenario-choice > p", ".footnotes li", ".terms dd", "table td", "#done .hint"},
		"/protocols/mediation": {".reading > h2", ".reading li", ".card-quiet li", "#read .hint"},
	} {
		b.do("open "+path, chromedp.Navigate(b.base+path))
		if strings.HasPrefix(path, "/modules") {
			b.until("what is marked", `document.querySelector("mark.mine") !== null`)
			if ground := b.js(`const s = getComputedStyle(document.querySelector("mark.mine")); return s.backgroundColor + s.boxShadow`); ground != "rgba(0, 0, 0, 0)none" {
				t.Errorf("the reader's marks are printed: %s", ground)
			}
		}
		for _, selector := range wanted {
			if shown(selector) == "" {
				t.Errorf("%s: no %s is printed", path, selector)
			}
		}
		if left := shown(".masthead, .places, .foot, .back, button, .button, form, select, .note-way, .reading-tools, .term-back, .footnote-backref, [data-resume]"); left != "" {
			t.Errorf("%s: printed is %s", path, left)
		}
		if wide := b.js(sideways); wide != "" {
			t.Errorf("%s, on paper, %s", path, wide)
		}
	}
}

// A word of the glossary explains itself where it stands and steps back at the next touch;
// a wide table scrolls in a frame of its own that has a name and is reached by keys.
func TestATermExplainsItselfAndATableScrollsAlone(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, phone)
	b.signIn("trainee@demo.test")
	b.do("the smallest phone", chromedp.EmulateViewport(320, 640))
	b.open("/modules/t07")
	b.touch(".reading a.term")
	meaning := b.js(`return document.querySelector("a.term").nextElementSibling.textContent`)
	if !strings.Contains(meaning, "Lowering the heat") || strings.Contains(meaning, "Back to the text") || b.js(`return location.hash`) != "" {
		t.Errorf("the term says %q", meaning)
	}
	b.touch(".reading a.term")
	if left := b.js(`return String(document.querySelector(".term-meaning"))`); left != "null" {
		t.Error("the meaning stays when it is touched again")
	}
	frame := b.js(`const f = document.querySelector(".table-scroll"); f.focus();
		return [document.activeElement === f, getComputedStyle(f).overflowX, f.getAttribute("role"), f.getAttribute("aria-label")].join(" ")`)
	if frame != "true auto region Table 1" {
		t.Errorf("the table's frame is %s", frame)
	}
}
