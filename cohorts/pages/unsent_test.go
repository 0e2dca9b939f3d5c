package pages_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
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

func (h *house) stored(want int) {
	h.Helper()
	if n := h.count(`SELECT COUNT(*) FROM marks`); n != want {
		h.Errorf("%d marks are stored, want %d", n, want)
	}
}

// phone opens a tab in the browser, and gives what kills it as a crash would.
func phone(ctx context.Context) (tab context.Context, kill func()) {
	return chromedp.NewContext(ctx)
}

func TestMarksWaitSealedForTheirOwnerAlone(t *testing.T) {
	ctx, h, address := browsing(t)
	tab, kill := phone(ctx)
	h.run(tab, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(tab, "[data-turn-name]", "luz L.")
	h.run(tab, js(netDies), tap("present"), tap("absent"))
	h.until(tab, "[data-roll-status]", "kept on this device, locked")
	h.until(tab, "[data-roll-status]", "Marks that wait: 2")
	h.waiting(tab, 2)
	h.stored(0)
	if left := h.text(tab, `return String(document.body.dataset.unsentKeys)`); left != "undefined" {
		t.Error("the keys stand in the document")
	}
	lying := h.text(tab, inClear)
	for _, word := range []string{"luz", "Lake", "present", "absent", "mark", "session", "enrolment", string(h.sessions[1].ID), string(h.enrolments["luz"]), h.roll(1), "ines"} {
		if strings.Contains(lying, word) {
			t.Errorf("%q lies on the device in clear", word)
		}
	}
	kill()

	// Another person on the same phone is told nothing, has nothing to send, and takes nothing away.
	tab, kill = phone(ctx)
	h.run(tab, chromedp.Navigate(address+"/enter/sam"), chromedp.Navigate(address+"/me/sharing"), js(asked))
	if notices := h.text(tab, `return String(document.querySelectorAll(".notice, dialog").length)`); notices != "0" {
		t.Errorf("sam is told something: %s", h.text(tab, `return document.querySelector("main").textContent`))
	}
	h.waiting(tab, 2)
	h.stored(0)
	h.run(tab, js(`document.querySelector("form[action='/sign-out'] button").click()`), chromedp.WaitVisible(".page.bare"))
	h.waiting(tab, 2)
	kill()

	// Wherever the owner comes in, everything is sent, once.
	tab, kill = phone(ctx)
	defer kill()
	h.run(tab, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+"/cohorts"))
	h.until(tab, ".notice", "has been sent: 2")
	h.waiting(tab, 0)
	h.stored(2)
	h.run(tab, chromedp.Navigate(address+h.roll(1)))
	h.until(tab, ".legend", "Present 1")
	h.until(tab, ".legend", "Absent 1")
	h.stored(2)
}

func TestARollTakesUpWhatItsLastOpeningLeft(t *testing.T) {
	ctx, h, address := browsing(t)
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "[data-turn-name]", "luz L.")
	h.run(ctx, js(netDies), tap("present"))
	h.waiting(ctx, 1)
	h.run(ctx, chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "main", "saved 9:05")
	h.until(ctx, ".legend", "Present 1")
	h.waiting(ctx, 0)
	h.stored(1)

	// The Academy had the mark when the page died, but its yes never came.
	h.run(ctx, js(yesIsLost), tap("absent"))
	h.until(ctx, "[data-roll-status]", "Marks that wait: 1")
	h.stored(2)
	h.run(ctx, chromedp.Navigate(address+h.roll(1)))
	h.waiting(ctx, 0)
	h.until(ctx, ".legend", "Absent 1")
	h.stored(2)

	// What was kept and came too late is told where it belongs.
	h.run(ctx, js(netDies), tap("present"))
	h.waiting(ctx, 1)
	h.must(h.store.MarkRest(h.Context(), h.viewer("cora"), h.sessions[1].ID, "r"))
	h.must(h.store.Close(h.Context(), h.viewer("cora"), h.sessions[1].ID))
	h.run(ctx, chromedp.Navigate(address+"/cohorts"))
	h.until(ctx, ".notice", "was not taken")
	if to := h.text(ctx, `return document.querySelector(".notice a").getAttribute("href")`); to != h.roll(1) {
		t.Errorf("the notice leads to %s", to)
	}
	h.waiting(ctx, 0)
}

func TestTwoOpenPagesSendEachTheirOwn(t *testing.T) {
	ctx, h, address := browsing(t)
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "[data-turn-name]", "luz L.")
	h.run(ctx, js(netDies), tap("present"))
	h.waiting(ctx, 1)
	other, kill := phone(ctx)
	defer kill()
	h.run(other, chromedp.Navigate(address+h.roll(0)), chromedp.Navigate(address+h.roll(1)), js(`await new Promise((next) => setTimeout(next, 800))`))
	h.stored(0)
	h.waiting(other, 1)

	// Somebody else signs in beside the open page: it sends nothing in their name.
	h.run(other, chromedp.Navigate(address+"/enter/cora"))
	h.run(ctx, js(netLives))
	h.until(ctx, "[data-roll-status]", "You are signed out")
	h.stored(0)
	h.run(other, chromedp.Navigate(address+"/enter/ines"))
	h.run(ctx, js(`dispatchEvent(new Event("online"))`))
	h.until(ctx, "main", "saved 9:05")
	h.waiting(ctx, 0)
	h.stored(1)
}

func TestSigningOutWithUnsentMarksAsksFirst(t *testing.T) {
	ctx, h, address := browsing(t)
	signOut := js(`document.querySelector("form[action='/sign-out'] button").click()`)
	press := func(n int) chromedp.Action[chromedp.Void] {
		return js(fmt.Sprintf(`document.querySelectorAll("dialog button")[%d].click()`, n))
	}
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "[data-turn-name]", "luz L.")
	h.run(ctx, js(netDies), tap("present"))
	h.waiting(ctx, 1)
	h.run(ctx, signOut)
	h.until(ctx, "dialog[open] h2", "Not sent yet: 1")
	h.run(ctx, press(0))
	h.until(ctx, "dialog[open] h2", "Not sent yet: 1")
	h.run(ctx, press(2))
	if open := h.text(ctx, `return document.querySelectorAll("dialog").length + location.pathname`); open != "0"+h.roll(1) {
		t.Errorf("after staying: %s", open)
	}
	h.run(ctx, signOut, chromedp.WaitVisible("dialog[open]"), press(1), chromedp.WaitVisible(".page.bare"))
	h.waiting(ctx, 1)
	h.stored(0)

	// Once the network is back, trying is enough.
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+"/cohorts"))
	h.until(ctx, ".notice", "has been sent: 1")
	h.run(ctx, chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, ".legend", "Present 1")
	h.run(ctx, js(netDies), tap("absent"))
	h.waiting(ctx, 1)
	h.run(ctx, signOut, chromedp.WaitVisible("dialog[open]"), js(`window.fetch = window.real`), press(0), chromedp.WaitVisible(".page.bare"))
	h.waiting(ctx, 0)
	h.stored(2)
}

func TestASharedPhoneKeepsUnsentMarksWhenItSignsItselfOut(t *testing.T) {
	ctx, h, address := browsing(t)
	ines := h.seen["ines"]
	ines.Shared = true
	h.seen["ines"] = ines
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "[data-turn-name]", "luz L.")
	h.run(ctx, js(netDies), tap("present"))
	h.waiting(ctx, 1)
	h.run(ctx, js(`const then = Date.now(); Date.now = () => then + 15 * 60 * 1000 + 1000; document.dispatchEvent(new Event("visibilitychange"))`), chromedp.WaitVisible(".page.bare"))
	h.waiting(ctx, 1)
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+"/cohorts"))
	h.until(ctx, ".notice", "has been sent: 1")
	h.stored(1)
}

func TestUnsentMarksAreWipedAfterADay(t *testing.T) {
	ctx, h, address := browsing(t)
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "[data-turn-name]", "luz L.")
	h.run(ctx, js(netDies), tap("present"))
	h.waiting(ctx, 1)
	// later opens the door some time after, by the device's clock, with nobody signed in.
	later := func(minutes int) {
		h.Helper()
		var id page.ScriptIdentifier
		h.run(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			script := fmt.Sprintf(`{ const now = Date.now; Date.now = () => now() + %d * 60 * 1000; }`, minutes)
			made, err := chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
			id = made.Identifier
			return err
		}), chromedp.Navigate(address+"/enter/nobody"), chromedp.Navigate(address+"/sign-in"))
		h.run(ctx, chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, page.RemoveScriptToEvaluateOnNewDocument, page.RemoveScriptToEvaluateOnNewDocumentParams{Identifier: id})
			return err
		}))
	}
	later(24*60 - 5)
	h.run(ctx, js(`await new Promise((next) => setTimeout(next, 500))`))
	h.waiting(ctx, 1)
	later(24*60 + 1)
	h.waiting(ctx, 0)
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+"/cohorts"), js(`await new Promise((next) => setTimeout(next, 500))`))
	h.stored(0)
}
