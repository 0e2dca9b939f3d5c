package e2e

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// TestAnAuthorWritesASecondPersonReviewsAndReadersSeeIt goes the whole way of a text: it
// is written beside its page, kept by itself, handed in, answered by another person from
// another field, and read.
func TestAnAuthorWritesASecondPersonReviewsAndReadersSeeIt(t *testing.T) {
	a := openAcademy(t)
	s := staff{t, a, people.Outreach}
	b := openTab(t, a.Config.BaseURL, phone)
	b.signIn("author@demo.test")
	b.says("A draft waits for your review")
	b.press(`main a[href="/curriculum"]`)
	b.says("Imani Foster", "Waits for a review", "Being written")
	b.look()
	b.reviewsAColleague(s)
	b.writes(s)
	b.beginsAModule()

	reviewer := openTab(t, a.Config.BaseURL, móvil)
	reviewer.signIn("director@demo.test")
	reviewer.says("A draft waits for your review")
	reviewer.press(`main a[href="/curriculum"]`)
	reviewer.look()
	draft := readText(s.t, s.a, `SELECT id FROM drafts WHERE module_id = 'T08'`)
	reviewer.open("/drafts/" + draft)
	reviewer.press(`a[href="/drafts/` + draft + `/texts/en/changes"]`)
	reviewer.says("Ask twice before you pass it on.")
	reviewer.look()
	reviewer.open("/drafts/" + draft + "/texts/check-en")
	reviewer.says("What do you do before you pass a rumor on?", "waits for a review")
	reviewer.look()
	reviewer.open("/drafts/" + draft)
	reviewer.choose("discipline", "teaching")
	reviewer.press(`button[value="approved"]`)
	reviewer.says("Published")

	reader := openTab(t, a.Config.BaseURL, phone)
	reader.signIn("instructor@demo.test")
	reader.open("/modules/t08")
	reader.says("Ask twice before you pass it on.")

	pinned := openTab(t, a.Config.BaseURL, phone) // to an edition that names version 1
	pinned.signIn("trainee@demo.test")
	pinned.open("/modules/t08")
	pinned.saysNot("Ask twice before you pass it on.")
	pinned.open("/modules/t08/check")
	pinned.saysNot("What do you do before you pass a rumor on?")
	pinned.press(`main form[action="/modules/t08/check"] button`)
	pinned.says("What do you do before you pass a rumor on?")
	if key := pinned.js(`return document.documentElement.outerHTML.includes("It may not be true.") ? "told" : ""`); key != "" {
		t.Error("a trainee is told the key before they answer")
	}
}

// TestAnAuthorWritesWithoutScripts shows the page by a button and keeps the text by another.
func TestAnAuthorWritesWithoutScripts(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, phone)
	b.signIn("author@demo.test")
	b.plainly(func() {
		draft := "/drafts/" + readText(t, a, `SELECT id FROM drafts WHERE module_id = 'T07'`)
		b.do("open", chromedp.Navigate(b.base+draft+"/texts/guide-en"))
		before := b.js(`return document.getElementById("f-source").value`)
		b.js(`const s = document.getElementById("f-source"); s.value += "\n# Too large\n"; return ""`)
		b.pressPlainly(`.editor-bar button[formaction]`)
		b.says("Use ## here", "Too large")
		if kept := readText(t, a, `SELECT r.source FROM draft_texts AS t JOIN draft_revisions AS r ON r.id = t.head JOIN drafts AS d ON d.id = t.draft_id
			WHERE d.module_id = 'T07' AND t.part = 'guide-en'`); kept != before {
			t.Error("showing the page kept the text")
		}
		b.pressPlainly(`.editor-bar button:not([formaction])`)
		b.says("Use ## here", "Saved")
		b.do("open", chromedp.Navigate(b.base+draft+"/texts/en"))
		b.js(`document.querySelector("details.editor-pictures").open = true; return ""`)
		b.upload("picture", "Two chairs.png", []byte("\x89PNG\r\n\x1a\n"))
		b.pressPlainly(`details.editor-pictures button`)
		b.says("![what the picture shows](t07-two-chairs.png)")
	})
}

// reviewsAColleague looks at what a colleague has handed in, tries to answer from the
// same field, and publishes it from another.
func (b *tab) reviewsAColleague(s staff) {
	b.t.Helper()
	draft := "/drafts/" + readText(s.t, s.a, `SELECT id FROM drafts WHERE module_id = 'T13'`)
	b.press(`main a[href="` + draft + `"]`)
	b.says("Review", "Victim services", "Says what families notice")
	b.look()
	b.press(`a[href="` + draft + `/texts/en"]`)
	b.says("Families who have lost someone", "waits for a review")
	b.look()
	b.open(draft)
	b.choose("discipline", "outreach")
	b.refused(`button[value="returned"]`, 422)
	b.says("Say what should change")
	b.look()
	b.press(`button[value="approved"]`)
	b.says("Published", "Approved and published by Samuel Oyelaran")
	b.open("/curriculum/t13")
	b.says("Version 2", "Says what families notice")
	b.look()
	b.open("/modules/t13")
	b.says("Families who have lost someone")
}

// writes revises a module: the page follows what is typed, problems lead to their lines,
// and what is typed is kept without a button.
func (b *tab) writes(s staff) {
	b.t.Helper()
	b.open("/curriculum?q=rumor")
	b.says("Rumor")
	b.look()
	b.press(`form[aria-label="Revise T08"] button`)
	draft := b.where()
	b.press(`a[href="` + draft + `/texts/en"]`)
	b.look()
	b.remembers()
	b.types("# Too large", "Ask twice before you pass it on.")
	b.until("the problem is told", `document.getElementById("problems").innerText.includes("Use ## here")`)
	b.until("the page is drawn", `document.getElementById("proof").innerText.includes("Ask twice before you pass it on.")`)
	b.until("the text is kept", `document.getElementById("saved").innerText.startsWith("Saved") && document.querySelector("form.editor-form").elements.revision.value !== window.first`)
	b.until("the margin shows it", `document.querySelector(".editor-mark[data-kind=problem]")?.title.includes("Use ## here")`)
	b.lookAgain()
	b.js(`document.querySelector("#problems a").click(); return ""`)
	if line := b.js(`const s = document.getElementById("f-source"); return s.value.slice(s.selectionStart, s.selectionEnd)`); line != "# Too large" {
		b.t.Errorf("the problem leads to %q", line)
	}
	b.types("", "Ask twice before you pass it on.")
	b.until("nothing is left to mend", `document.getElementById("problems").innerText.includes("Nothing to mend")`)
	b.press(`.editor-bar button:not([formaction])`)
	b.open(draft + "/texts/es?beside=original")
	b.says("Ask twice before you pass it on.")
	b.look()
	b.asks(draft, content.EnglishCheck, "What do you do before you pass a rumor on?", "- [x] Ask twice.\n  > It may not be true.\n- [ ] Pass it on.\n  > Ask first.\n")
	b.asks(draft, content.SpanishCheck, "¿Qué hace antes de pasar un rumor?", "- [x] Preguntar dos veces.\n  > Puede no ser cierto.\n- [ ] Pasarlo.\n  > Pregunte antes.\n")
	b.open(draft)
	b.fill("note", "Says to ask twice.")
	b.choose("discipline", "outreach")
	b.press(`#hand-in button`)
	b.says("Waits for a review", "another person reviews it")
	b.look()
	if n := readText(s.t, s.a, `SELECT CAST(COUNT(*) AS TEXT) FROM draft_revisions AS r JOIN drafts AS d ON d.id = r.draft_id WHERE d.module_id = 'T08' AND r.aside`); n != "0" {
		b.t.Errorf("%s saves of one author alone were kept aside", n)
	}
}

// asks writes one more question into a check, and sees it as a trainee will.
func (b *tab) asks(draft string, part content.Part, question, choices string) {
	b.t.Helper()
	b.open(draft + "/texts/" + string(part))
	b.look()
	b.types("## t08-more\ntype: single\n\n"+question, choices)
	b.until("the question is drawn", `document.getElementById("proof").innerText.includes(`+quoted(question)+`)`)
	b.press(`.editor-bar button:not([formaction])`)
	b.says("Nothing to mend")
}

// remembers keeps which revision the editor began with.
func (b *tab) remembers() {
	b.t.Helper()
	b.js(`window.first = document.querySelector("form.editor-form").elements.revision.value; return ""`)
}

// types puts two passages at the end of the text, in place of those typed before.
func (b *tab) types(first, second string) {
	b.t.Helper()
	b.js(`const s = document.getElementById("f-source");
		window.before ??= s.value;
		s.value = window.before + "\n" + ` + quoted(first) + ` + "\n\n" + ` + quoted(second) + ` + "\n";
		s.dispatchEvent(new Event("input", {bubbles: true})); return ""`)
}

// beginsAModule starts a text of one's own, and another hand changes it meanwhile.
func (b *tab) beginsAModule() {
	b.t.Helper()
	b.open("/curriculum/new")
	b.look()
	b.fill("title", "Walking together")
	b.press(`main form[action="/curriculum/new"] button`)
	draft := b.where()
	b.says("Walking together", "a new module")
	b.look()
	b.open(draft + "/texts/en")
	b.remembers()
	b.types("First hand.", "")
	b.until("the text is kept", `document.getElementById("saved").innerText.startsWith("Saved") && document.querySelector("form.editor-form").elements.revision.value !== window.first`)
	b.js(`const f = document.querySelector("form.editor-form"); f.elements.revision.value = window.first; return ""`)
	b.types("Second hand.", "")
	b.press(`.editor-bar button:not([formaction])`)
	b.says("Both texts are kept", "First", "Second")
	b.look()
	b.press(`main form button.button-primary`)
	b.says("Second hand.")
	b.open(draft)
	b.says("Kept beside the text")
	b.touch(`details.confirm summary`)
	b.press(`details.confirm form button`)
	b.saysNot("Walking together")
}

// TestAnAuthorsPagesAreThereInBothLanguages looks at what the curriculum is written and
// compared on: for everybody, at both widths and in both schemes.
func TestAnAuthorsPagesAreThereInBothLanguages(t *testing.T) {
	a := openAcademy(t)
	draft := "/drafts/" + readText(t, a, `SELECT id FROM drafts WHERE module_id = 'T07'`)
	waits := "/drafts/" + readText(t, a, `SELECT id FROM drafts WHERE module_id = 'T13'`)
	for _, s := range []screen{phone, {1280, 900, "es"}} {
		if _, err := a.DB.NewRaw(`UPDATE persons SET language = ?`, s.language).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		b := openTab(t, a.Config.BaseURL, s)
		b.signIn("author@demo.test")
		for _, path := range []string{
			"/curriculum", "/curriculum/new", "/curriculum/t07", "/curriculum/protocols", "/curriculum/protocols/mediation", draft, waits,
			draft + "/texts/en", draft + "/texts/guide-es", draft + "/texts/check-es", draft + "/texts/en/changes", waits + "/texts/check-en",
			"/protocols", "/protocols/mediation", "/protocols/mediation/versions", "/modules/t07/versions",
		} {
			b.open(path)
			b.look()
		}
	}
}
