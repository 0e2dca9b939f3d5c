package pages_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

// typing writes into the nth field of a question as a keyboard does, without leaving it.
func typing(question string, n int, text string) chromedp.Action[chromedp.Void] {
	return js(fmt.Sprintf(`const field = document.querySelectorAll('[data-question="%s"] :is([type=text], textarea)')[%d];
		field.focus();
		field.value = %q;
		field.dispatchEvent(new Event("input", { bubbles: true }));`, question, n, text))
}

// putting chooses a place, from 1, for the nth item that is shown.
func putting(question string, n, place int) chromedp.Action[chromedp.Void] {
	return js(fmt.Sprintf(`const list = document.querySelectorAll('[data-question="%s"] select')[%d];
		list.selectedIndex = %d;
		list.dispatchEvent(new Event("change", { bubbles: true }));`, question, n, place))
}

func TestWhatIsTypedAndOrderedIsKeptThroughABadNetwork(t *testing.T) {
	ctx, h, address := browsing(t)
	h.importEveryType()
	attempt := h.start("luz", "t07")
	state := func(question string) string { return fmt.Sprintf(`[data-question="%s"] [data-state]`, question) }
	h.run(ctx, chromedp.EmulateViewport(390, 844), chromedp.Navigate(address+"/enter/luz"), chromedp.Navigate(address+attempt))

	// Saved at a pause of the keyboard, with nobody leaving the field.
	h.run(ctx, typing("word", 0, "Cebrarespira"))
	h.until(ctx, state("word"), "Se guarda cuando haga una pausa")
	h.until(ctx, state("word"), "Guardada")

	// The network goes in the middle; both wait on the device, then go out by themselves.
	h.run(ctx, js(netDies), typing("think", 0, "Manos tibias."), putting("steps", 0, 2), putting("steps", 1, 3))
	h.until(ctx, state("think"), "sin guardar")
	h.until(ctx, state("steps"), "sin guardar")
	h.waiting(ctx, 2)
	h.run(ctx, js(netLives))
	h.until(ctx, state("think"), "Guardada")
	h.until(ctx, state("steps"), "Guardada")
	h.waiting(ctx, 0)

	// A place is one item's: who takes it gives their own in return.
	h.run(ctx, putting("steps", 0, 3))
	h.until(ctx, state("steps"), "Guardada")
	if got := h.text(ctx, `return [...document.querySelectorAll('[data-question="steps"] select')].map((list) => list.selectedIndex).join("")`); got != "3200" {
		t.Errorf("the places are %s, want 3200", got)
	}

	// Another phone was first: its words count, one's own stand beside them.
	h.ask("luz", "POST", attempt+"/answers", url.Values{"device": {"other"}, "one": {"word"}, "seen.word": {"1"}, "t.word": {"desde el otro"}})
	h.run(ctx, typing("word", 0, "desde este"))
	h.until(ctx, state("word"), "La suya quedó anotada")
	h.until(ctx, `[data-question="word"] .quiz-refused`, "desde este")
	if got := h.text(ctx, `return document.querySelector('[data-question="word"] [type=text]').value`); got != "desde el otro" {
		t.Errorf("the field holds %q", got)
	}

	// Who hands in with words still in the keyboard loses none of them.
	h.run(ctx, typing("gaps", 0, "cebrahueco"), js(`document.querySelector("[data-hand-in]").click()`))
	h.run(ctx, chromedp.WaitVisible(`form[action$="/submission"] .button-secondary`))
	paper, err := h.Attempt(h.Context(), h.viewer("luz"), assessment.AttemptID(strings.TrimPrefix(attempt, "/attempts/")))
	h.must(err)
	if got := paper.Answers["gaps"].Value.Text(0); got != "cebrahueco" {
		t.Errorf("the gap holds %q", got)
	}
	if got := paper.Answers["think"].Value.Text(0); got != "Manos tibias." {
		t.Errorf("the reflection holds %q", got)
	}
	if left := h.text(ctx, `return [localStorage.length, sessionStorage.length].join()`); left != "0,0" {
		t.Errorf("the device keeps something of the attempt: %s", left)
	}
}
