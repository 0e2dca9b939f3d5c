package pages_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

const (
	// rows are the lines that wait on the device, as whoever holds it can read them.
	rows = `const rows = await new Promise((done, failed) => {
		const request = indexedDB.open("unsent", 1);
		request.onupgradeneeded = () => request.result.createObjectStore("lines", { keyPath: "id" });
		request.onerror = () => failed(request.error);
		request.onsuccess = () => {
			const all = request.result.transaction("lines").objectStore("lines").getAll();
			all.onsuccess = () => { request.result.close(); done(all.result); };
		};
	});`
	inClear = rows + `return rows.map((row) => Object.values(row).map((value) =>
		typeof value === "object" ? new TextDecoder("latin1").decode(value) : String(value)).join(" ")).join("\n");`
	// asked waits until the page's script has asked the Academy whose lines it may send.
	asked = `for (let n = 0; n < 100 && !performance.getEntriesByType("resource").some((e) => e.name.endsWith("/unsent")); n += 1) await new Promise((next) => setTimeout(next, 50));
		await new Promise((next) => setTimeout(next, 400));`
)

// text runs a script that answers a text.
func (h *house) text(ctx context.Context, script string) string {
	h.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](`(async () => { `+script+` })()`, chromedp.EvalAwaitPromise))
	h.must(err)
	return got
}

// waiting says how many lines lie on the device, once there are so many or time is over.
func (h *house) waiting(ctx context.Context, want int) {
	h.Helper()
	got := h.text(ctx, fmt.Sprintf(`let n = -1; for (let tries = 0; tries < 60 && n !== %d; tries += 1) {
		n = await (async () => { %s return rows.length; })();
		await new Promise((next) => setTimeout(next, 50));
	} return String(n);`, want, rows))
	if got != fmt.Sprint(want) {
		h.Errorf("%s lines wait on the device, want %d", got, want)
	}
}

// answer gives the choices that the Academy holds for a question, and its lines.
func (h *house) answered(name, attempt string, n int) (choices string, lines int) {
	h.Helper()
	paper, err := h.Attempt(h.Context(), h.viewer(name), assessment.AttemptID(strings.TrimPrefix(attempt, "/attempts/")))
	h.must(err)
	return fmt.Sprint(paper.Answers[fmt.Sprintf("t07-q%d", n)].Value.Choices), paper.Answers[fmt.Sprintf("t07-q%d", n)].Version
}

func (h *house) holds(name, attempt string, n int, choices string, version int) {
	h.Helper()
	if got, v := h.answered(name, attempt, n); got != choices || v != version {
		h.Errorf("question %d: the Academy holds %s in version %d, want %s in version %d", n, got, v, choices, version)
	}
}

func TestAnswersWaitSealedForTheirOwnerAlone(t *testing.T) {
	ctx, h, address := browsing(t)
	attempt := h.start("maya", "t07")
	state := func(n int) string { return fmt.Sprintf(`[data-question="t07-q%d"] [data-state]`, n) }
	tab, kill := chromedp.NewContext(ctx)
	h.run(tab, chromedp.Navigate(address+"/enter/maya"), chromedp.Navigate(address+attempt))
	h.run(tab, pick("t07-q2", 2))
	h.until(tab, state(2), "Saved 12:00")
	h.run(tab, js(netDies), pick("t07-q1", 1), pick("t07-q1", 0), pick("t07-q2", 0))
	h.until(tab, state(2), "Not saved yet")
	h.waiting(tab, 2)
	paper, err := h.Attempt(h.Context(), h.viewer("maya"), assessment.AttemptID(strings.TrimPrefix(attempt, "/attempts/")))
	h.must(err)
	lying := h.text(tab, inClear)
	for _, word := range []string{"t07-q1", "t07-q2", "attempt", "choice", "seen", "device", attempt, paper.TitleEN, strings.Fields(paper.TitleEN)[0], "maya", "Lake"} {
		if strings.Contains(lying, word) {
			t.Errorf("%q lies on the device in clear", word)
		}
	}
	kill()

	// Another person on the same phone is told nothing, has nothing to send, and takes nothing away.
	tab, kill = chromedp.NewContext(ctx)
	h.run(tab, chromedp.Navigate(address+"/enter/luz"), chromedp.Navigate(address+"/modules/t07/check"), js(asked))
	if notices := h.text(tab, `return String(document.querySelectorAll(".notice, dialog").length)`); notices != "0" {
		t.Errorf("luz is told something: %s", h.text(tab, `return document.querySelector("main").textContent`))
	}
	h.waiting(tab, 2)
	h.holds("maya", attempt, 1, "[]", 0)
	kill()

	// The page takes up what its last opening left; what was picked last counts, once.
	tab, kill = chromedp.NewContext(ctx)
	h.run(tab, chromedp.Navigate(address+"/enter/maya"), chromedp.Navigate(address+attempt))
	h.until(tab, state(1), "Saved")
	h.until(tab, state(2), "Saved")
	h.until(tab, "[data-overall]", "2 of 10 answered. All saved.")
	h.waiting(tab, 0)
	h.holds("maya", attempt, 1, "[0]", 1)
	h.holds("maya", attempt, 2, "[0]", 2)

	// The Academy had an answer whose yes was lost, then another was picked, and the page died.
	h.run(tab, js(yesIsLost), pick("t07-q3", 0))
	h.until(tab, state(3), "Not saved yet")
	h.run(tab, js(netDies), pick("t07-q3", 1))
	h.waiting(tab, 1)
	h.holds("maya", attempt, 3, "[0]", 1)
	kill()
	tab, kill = chromedp.NewContext(ctx)
	defer kill()
	h.run(tab, chromedp.Navigate(address+"/enter/maya"), chromedp.Navigate(address+"/modules/t07/check"))
	h.until(tab, ".notice", "has been sent: 1")
	h.waiting(tab, 0)
	h.holds("maya", attempt, 3, "[1]", 2)
}

func TestAnAnswerThatWaitedNeverUndoesANewerOne(t *testing.T) {
	ctx, h, address := browsing(t)
	attempt := h.start("maya", "t07")
	state := func(n int) string { return fmt.Sprintf(`[data-question="t07-q%d"] [data-state]`, n) }
	h.run(ctx, chromedp.Navigate(address+"/enter/maya"), chromedp.Navigate(address+attempt), js(netDies), pick("t07-q1", 0))
	h.waiting(ctx, 1)
	h.ask("maya", "POST", attempt+"/answers", url.Values{"device": {"other"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"1"}})
	h.run(ctx, chromedp.Navigate(address+attempt))
	h.until(ctx, state(1), "Another page or phone saved this answer")
	h.waiting(ctx, 0)
	h.holds("maya", attempt, 1, "[1]", 1)
	if checked := h.text(ctx, `return [...document.querySelectorAll('[data-question="t07-q1"] input:checked')].map((input) => input.value).join()`); checked != "1" {
		t.Errorf("the page shows choice %s", checked)
	}

	// What waited while the check was handed in elsewhere changes nothing, and is told.
	h.run(ctx, js(netDies), pick("t07-q2", 0))
	h.waiting(ctx, 1)
	h.ask("maya", "POST", attempt+"/submission", url.Values{"sure": {"yes"}})
	h.run(ctx, chromedp.Navigate(address+"/modules/t07/check"))
	h.until(ctx, ".notice", "was not taken")
	h.waiting(ctx, 0)
	h.holds("maya", attempt, 2, "[]", 0)
}

func TestLevelsWaitSealedAndAreRecordedOnce(t *testing.T) {
	ctx, h, address := browsing(t)
	mayas := "/enrolments/" + string(h.enrolments["maya"]) + "/practicals"
	tap := func(section, level int) chromedp.Action[chromedp.Void] {
		return js(fmt.Sprintf(`document.querySelectorAll("form.levels")[%d].querySelectorAll("button")[%d].click()`, section, level))
	}
	records := func(want int) {
		h.Helper()
		practice, err := h.PracticalsOf(h.Context(), h.viewer("ruth"), h.enrolments["maya"])
		h.must(err)
		got := 0
		for _, skill := range practice.Skills {
			got += len(skill.Records)
		}
		if got != want {
			h.Errorf("%d levels recorded, want %d", got, want)
		}
	}
	h.run(ctx, chromedp.Navigate(address+"/enter/ruth"), chromedp.Navigate(address+mayas), tap(0, 1))
	h.until(ctx, "section[id^='p-'] .tag-done", "Practiced")
	h.waiting(ctx, 0)
	records(1)
	h.run(ctx, js(netDies), tap(0, 2))
	h.until(ctx, "[data-practicals]", "kept on this device, locked")
	h.waiting(ctx, 1)
	records(1)
	h.run(ctx, chromedp.Navigate(address+mayas))
	h.until(ctx, "section[id^='p-'] .tag-done", "Demonstrated")
	h.waiting(ctx, 0)
	records(2)
}
