package pages_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

// puts writes a comment as a hand does, without waiting for the pause after which it is kept.
func puts(comment string) chromedp.Action[chromedp.Void] {
	return js(`const at = document.querySelector("#f-comment"); at.value = ` + "`" + comment + "`" + `; at.dispatchEvent(new Event("input", { bubbles: true }));`)
}

// points taps a number of points.
func points(n string) chromedp.Action[chromedp.Void] {
	return js(`document.querySelector('[name="points"][value="` + n + `"]').click()`)
}

// give presses the button that leads on, once the script that does it has ended.
var give = js(`setTimeout(() => document.querySelector('[data-key="give"]').click(), 20)`)

// comes is until across pages that load meanwhile.
func (h *house) comes(ctx context.Context, selector, want string) {
	h.Helper()
	ctx, stop := context.WithTimeout(ctx, 10*time.Second)
	defer stop()
	var text string
	for ctx.Err() == nil {
		var err error
		text, err = chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector(%q)?.textContent ?? ""`, selector)))
		if err == nil && strings.Contains(text, want) {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	h.Errorf("%s does not come to say %q, it says %q", selector, want, text)
}

// Two pages of one grader hold the same text with other drafts: neither loses what was
// typed, whichever is first and whatever it does.
func TestTwoPagesOfOneGraderLoseNothing(t *testing.T) {
	ctx, h, address := browsing(t)
	h.essays(map[string]string{"maya": "I breathe.", "luz": "Hablo bajo."})
	list, err := h.GradingIn(h.Context(), h.viewer("ruth"), assessment.GradingOrder{Cohort: h.cohort, Module: "T07", Question: 1})
	h.must(err)
	page := func(n int) string {
		return address + "/cohorts/" + string(h.cohort) + "/grading/t07?question=1&answer=" + list[n].Handle
	}
	sheet := func(n int) assessment.GradingSheet {
		h.Helper()
		list, err := h.GradingIn(h.Context(), h.viewer("ruth"), assessment.GradingOrder{Cohort: h.cohort, Module: "T07", Question: 1})
		h.must(err)
		sheet, err := h.GradingSheet(h.Context(), h.viewer("ruth"), list[n])
		h.must(err)
		return sheet
	}
	shown := func(tab string, got string, words ...string) {
		h.Helper()
		for _, w := range words {
			if !strings.Contains(got, w) {
				t.Errorf("%s does not show %q: %s", tab, w, got)
			}
		}
	}
	// all is what a reader of the page sees of what was put down.
	const all = `return document.querySelector("#f-comment").value + " | " + [...document.querySelectorAll(".feedback")].map((box) => box.textContent).join(" | ")`
	h.run(ctx, chromedp.Navigate(address+"/enter/ruth"))

	// Both write: the later one is told and shows both, and what it holds goes on.
	first, closeFirst := chromedp.NewContext(ctx)
	h.run(first, chromedp.Navigate(page(0)))
	second, closeSecond := chromedp.NewContext(ctx)
	h.run(second, chromedp.Navigate(page(0)))
	h.run(first, puts("Calm from the first page."), points("4"))
	h.comes(first, "[data-state]", "Draft kept")
	h.run(second, puts("Warm from the second page."), points("5"))
	h.comes(second, "[data-state]", "changed this draft on another page")
	h.comes(second, "[data-state]", "Draft kept")
	shown("the second page", h.text(second, all), "Warm from the second page.", "Calm from the first page.")
	if d := sheet(0).Draft; d.Points != 5 || d.Comment != "Warm from the second page." {
		t.Errorf("the draft is %+v", d)
	}

	// The first gives its points while the second has typed on: both stand, and either can count.
	h.run(first, js(netDies), puts("Calm, and more."), give)
	h.comes(first, "[data-given]", "Points kept for Answer 1")
	h.run(second, puts("Warm, and more."))
	h.comes(second, "[data-state]", "You gave this answer its points on another page")
	shown("the second page after the points", h.text(second, all), "Warm, and more.", "Calm, and more.")
	if s := sheet(0); s.Line.Comment != "Calm, and more." || s.Draft.Comment != "Warm, and more." {
		t.Errorf("given %q, draft %q", s.Line.Comment, s.Draft.Comment)
	}
	h.run(second, points("6"), give)
	h.comes(second, "[data-given]", "Points kept for Answer 1")
	if s := sheet(0); s.Line.Seq != 2 || s.Line.Comment != "Warm, and more." {
		t.Errorf("the later one counts: %+v", s.Line)
	}
	closeSecond()

	// Points from another page come before this one's: its form comes back as it was, beside
	// what stands, and nothing of it is taken off the device before.
	third, closeThird := chromedp.NewContext(ctx)
	defer closeThird()
	h.run(third, chromedp.Navigate(page(1)), js(netDies), puts("Slow on the third page."), points("3"))
	h.run(first, chromedp.Navigate(page(1)), puts("Quick on the first page."), points("2"), give)
	h.comes(first, "[data-given]", "Points kept for Answer 2")
	h.run(third, give)
	h.comes(third, "[data-standing]", "Quick on the first page.")
	shown("the third page", h.text(third, all), "Slow on the third page.", "Quick on the first page.")
	h.comes(third, "[data-state]", "Draft kept")
	h.waiting(third, 0)
	h.run(third, give)
	h.comes(third, "[data-given]", "Points kept for Answer 2")
	if s := sheet(1); s.Line.Seq != 2 || s.Line.Comment != "Slow on the third page." {
		t.Errorf("the later one counts: %+v", s.Line)
	}
	closeFirst()
}
