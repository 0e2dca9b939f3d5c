package pages_test

import (
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

func TestTwoRollsThatDifferAreShownSideBySide(t *testing.T) {
	each(t, func(h *house) {
		session, who := "/sessions/"+string(h.sessions[1].ID), string(h.enrolments["<script>al"])
		mark := func(as, mark, page, saw string) {
			h.Helper()
			if a := h.post(as, session+"/marks", "enrolment", who, "mark", mark, "page", page, "saw", saw); a.StatusCode != 303 {
				h.Errorf("%s: %d", mark, a.StatusCode)
			}
		}
		h.wants("before", h.get("ines", h.roll(1)), 200, `name="saw" value="0"`, "!Two phones say different things")
		mark("ines", "present", "one", "0")
		mark("cora", "absent", "two", "0")
		h.queries.Store(0)
		page := h.get("ines", h.roll(1))
		if n := h.queries.Load() + 1; n > 4 {
			h.Errorf("%d queries", n)
		}
		h.wants("told", page, 200, "Two phones say different things", "&lt;script&gt;al L.", "Present · ines, 9:05", "Absent · cora, 9:05")
		h.must(h.store.MarkRest(h.Context(), h.viewer("ines"), h.sessions[1].ID, "r"))
		h.wants("closing", h.post("ines", session+"/closure"), 422, "Two phones say different things about one person")
		mark("ines", "present", "one", "2")
		h.wants("settled", h.get("ines", h.roll(1)), 200, "!Two phones say different things")
		mark("ines", "absent", "one", "nonsense")
		h.wants("nonsense", h.get("ines", h.roll(1)), 200, "!Two phones say different things")
		h.leads("closed", h.post("ines", session+"/closure"), h.roll(1)+"?done=closed")
	})
}

// A phone is without a network at 390 px while somebody else marks the same person.
func TestAPhoneWithoutANetworkMergesAndTellsWhatDiffers(t *testing.T) {
	ctx, h, address := browsing(t)
	h.run(ctx, chromedp.EmulateViewport(onPhone, 844), chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "[data-turn-name]", "luz L.")
	h.run(ctx, js(netDies), tap("present"))
	h.until(ctx, "[data-turn-name]", "<script>al L.")
	h.run(ctx, tap("absent"))
	h.until(ctx, "[data-roll-status]", "Marks that wait: 2")
	none := 0
	h.must(h.store.Mark(h.Context(), h.viewer("cora"), cohorts.NewMark{Session: h.sessions[1].ID, Enrolment: h.enrolments["luz"], Status: cohorts.Absent, Saw: &none, Device: "another phone"}))
	h.must(h.store.Mark(h.Context(), h.viewer("cora"), cohorts.NewMark{Session: h.sessions[1].ID, Enrolment: h.enrolments["<script>al"], Status: cohorts.Absent, Saw: &none, Device: "another phone"}))
	h.run(ctx, js(netLives))
	h.until(ctx, ".disputes", "Two phones say different things")
	h.until(ctx, ".disputes", "luz L.")
	h.until(ctx, ".disputes", "Absent · cora")
	h.until(ctx, ".disputes", "Present · ines")
	if n := h.text(ctx, `return String(document.querySelectorAll(".disputes li").length)`); n != "1" {
		t.Errorf("%s people are in dispute, want 1: both phones say the same of the other", n)
	}
	h.waiting(ctx, 0)
	h.stored(4)
	h.run(ctx, chromedp.Navigate(address+h.roll(1)+"?seat="+string(h.enrolments["luz"])), tap("present"))
	h.until(ctx, "[data-turn-name]", "tasha L.")
	h.until(ctx, ".legend", "Present 1")
	h.run(ctx, js(`for (let n = 0; n < 160 && document.querySelector(".disputes"); n += 1) await new Promise((next) => setTimeout(next, 50))`))
	h.stored(5)
	if n := h.text(ctx, `return String(document.querySelectorAll(".disputes").length)`); n != "0" {
		t.Error("a settled dispute is still told")
	}
}
