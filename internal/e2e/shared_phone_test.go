package e2e

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// lies is all that a device holds of the Academy's pages and that the next person could
// read: storage, caches, databases, cookies that a script sees, what history carries.
const lies = `const found = [location.href, window.name, JSON.stringify(history.state), document.cookie];
	for (const store of [localStorage, sessionStorage]) for (let n = 0; n < store.length; n += 1) found.push(store.key(n) + "=" + store.getItem(store.key(n)));
	for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) found.push(request.url, await (await caches.match(request)).text());
	for (const { name } of await indexedDB.databases()) {
		const base = await new Promise((done, failed) => { const open = indexedDB.open(name); open.onsuccess = () => done(open.result); open.onerror = failed; });
		for (const table of base.objectStoreNames) {
			const rows = await new Promise((done) => { const all = base.transaction(table).objectStore(table).getAll(); all.onsuccess = () => done(all.result); });
			for (const row of rows) {
				found.push("a row of " + name);
				for (const value of Object.values(row)) found.push(typeof value === "object" ? new TextDecoder("latin1").decode(value) : String(value));
			}
		}
		base.close();
	}
	return found.join("\n");`

// A trainee answers on a phone that others use, the network goes away, and they leave it:
// what waits lies sealed, and nothing else of their check is there for who comes next.
func TestNothingOfACheckStaysOnASharedPhone(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, phone)
	opens := func(path string) { b.do("open "+path, chromedp.Navigate(b.base+path)) }
	// acts runs a script that may lead to another page.
	acts := func(script string) { _, _ = b.tryJS(script + `; return ""`) }
	door := func() { b.until("the door", `location.pathname === "/sign-in" && document.readyState === "complete"`) }
	enters := func(account, whose string) {
		opens("/sign-in")
		acts(fmt.Sprintf(`const form = document.querySelector('main form[action^="/sign-in"]'); form.elements.name.value = %q; form.elements.password.value = %q;
			form.querySelector('[name="phone"][value=%q]').checked = true; form.requestSubmit()`, account, app.DemoPassword, whose))
		b.until("the way in", `location.pathname !== "/sign-in" && document.readyState === "complete"`)
	}
	for _, leaves := range []struct{ how, way string }{
		{"signs out", `document.querySelector('form[action="/sign-out"]').requestSubmit();
			for (let n = 0; n < 100 && !document.querySelector("dialog.ask[open]"); n += 1) await new Promise((next) => setTimeout(next, 50));
			[...document.querySelectorAll("dialog.ask button")].find((button) => button.textContent === "Sign out").click()`},
		{"idles out", `const now = Date.now; Date.now = () => now() + 16 * 60 * 1000; document.dispatchEvent(new Event("visibilitychange"))`},
	} {
		enters("trainee@demo.test", "shared")
		opens("/modules/t01/check")
		acts(`(document.querySelector('main form[action="/modules/t01/check"] button') ?? document.querySelector('main a[href^="/attempts/"]')).click()`)
		b.until("the check", `location.pathname.startsWith("/attempts/") && document.readyState === "complete"`)
		attempt := b.where()
		// What an earlier visit left is sent first, for it is its owner who is back.
		for n := 0; strings.Contains(b.js(lies), "a row of "); n++ {
			if n == 100 {
				t.Fatal("what waited is not sent when its owner is back")
			}
			time.Sleep(50 * time.Millisecond)
		}
		secret := strings.Split(b.js(`const words = (text) => text.match(/\p{L}{8,}/gu) ?? [];
			return [...new Set([...document.querySelectorAll("main h1, [data-question]")].flatMap((e) => words(e.textContent)))].join()`), ",")
		if len(secret) < 15 {
			t.Fatalf("the check shows %d long words", len(secret))
		}
		secret = append(secret, strings.TrimPrefix(attempt, "/attempts/"), "/attempts/", "t01-q1", "choices", "device", "Reyes", "trainee@demo.test")
		b.js(`window.fetch = () => Promise.reject(new TypeError("no network"));
			addEventListener("pageshow", ({ persisted }) => { if (persisted) sessionStorage.brought = document.documentElement.hidden ? "covered" : "bare"; });
			document.querySelector("[data-question] input[type=radio]:not(:checked)").click(); return ""`)
		b.until("the answer to wait", `document.querySelector('[data-question] [data-state="waiting"]') !== null`)
		acts(leaves.way)
		door()

		leftBy := func(who string, backs int) {
			t.Helper()
			held := b.js(lies)
			if n := strings.Count(held, "a row of "); n != 1 {
				t.Errorf("%s: %d answers wait, want 1, sealed", who, n)
			}
			for _, word := range append(secret, "brought=bare") {
				if strings.Contains(held, word) {
					t.Errorf("%s: %q lies on the phone", who, word)
				}
			}
			for range backs {
				acts(`setTimeout(() => history.back())`)
				time.Sleep(300 * time.Millisecond)
				if n := b.js(`return String(document.querySelectorAll("[data-question]").length)`); n != "0" {
					t.Errorf("%s: the questions are behind Back, at %s", who, b.where())
				}
			}
			if strings.Contains(b.js(lies), "brought=bare") {
				t.Errorf("%s: Back brings the questions as they were, before they are asked for anew", who)
			}
		}
		leftBy("who "+leaves.how, 3)
		enters("instructor@demo.test", "shared")
		opens(attempt)
		if n := b.js(`return String(document.querySelectorAll("[data-question]").length)`); n != "0" {
			t.Errorf("the next person opens the attempt of one who %s", leaves.how)
		}
		opens("/me")
		time.Sleep(300 * time.Millisecond) // the script that sends what is theirs has looked
		if notices := b.js(`return String(document.querySelectorAll("main > .notice[role=status], dialog").length)`); notices != "0" {
			t.Errorf("the next person, after one who %s, is told something: %s", leaves.how, b.text())
		}
		leftBy("the next person after one who "+leaves.how, 1)
		opens("/me")
		acts(`document.querySelector('form[action="/sign-out"]').requestSubmit()`)
		door()
	}
}
