package pages_test

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// browsing opens Chromium on a house; ACADEMY_TEST_BROWSER=1 asks for these tests.
func browsing(t *testing.T) (ctx context.Context, h *house, address string) {
	t.Helper()
	if os.Getenv("ACADEMY_TEST_BROWSER") != "1" {
		t.Skip("set ACADEMY_TEST_BROWSER=1 to look at pages in Chromium (Debian: apt-get install chromium)")
	}
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("no chromium on the path (Debian: apt-get install chromium)")
	}
	db := dbtest.OpenFilled(t, "sqlite", shelves, migrations...)
	h = newHouse(t, db)
	h.app.Public("GET", "/enter/:name", func(c *fiber.Ctx) error {
		web.StartSession(c, web.Param(c, "name"), 0)
		return c.SendString("in")
	})
	l, err := net.Listen("tcp", "127.0.0.1:0")
	h.must(err)
	done := make(chan error, 1)
	go func() { done <- h.app.Serve(l) }()
	t.Cleanup(func() {
		h.must(h.app.Shutdown())
		h.must(<-done)
	})
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancelTab := chromedp.NewContext(allocator)
	t.Cleanup(cancelTab)
	ctx, cancelTime := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancelTime)
	return ctx, h, "http://" + l.Addr().String()
}

func (h *house) run(ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	h.Helper()
	h.must(chromedp.Do(ctx, steps...))
}

// js runs a line of script and waits for what it promises.
func js(script string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](`(async () => { `+script+` })()`, chromedp.EvalAwaitPromise)
}

// until waits until a text of the page holds what is wanted, and fails with what it held.
func (h *house) until(ctx context.Context, selector, want string) {
	h.Helper()
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](fmt.Sprintf(`(async () => {
		const text = () => document.querySelector(%q)?.textContent.trim() ?? "";
		for (let n = 0; n < 160 && !text().includes(%q); n += 1) await new Promise((next) => setTimeout(next, 50));
		return text();
	})()`, selector, want), chromedp.EvalAwaitPromise))
	h.must(err)
	if !strings.Contains(got, want) {
		h.Errorf("%s says %q, want %q", selector, got, want)
	}
}

// pick taps a choice by its number in the file.
func pick(question string, choice int) chromedp.Action[chromedp.Void] {
	return js(fmt.Sprintf(`document.querySelector('[data-question="%s"] input[value="%d"]').click()`, question, choice))
}

const (
	netDies   = `window.real ??= fetch; window.fetch = () => Promise.reject(new TypeError("no network"));`
	yesIsLost = `window.real ??= fetch; window.fetch = async (...sent) => { await window.real(...sent); throw new TypeError("lost"); };`
	netLives  = `window.fetch = window.real; dispatchEvent(new Event("online"));`
)

func TestAnswersAreKeptThroughABadNetwork(t *testing.T) {
	ctx, h, address := browsing(t)
	attempt := h.start("maya", "t07")
	state := func(n int) string { return fmt.Sprintf(`[data-question="t07-q%d"] [data-state]`, n) }
	question := func(n int) string { return fmt.Sprintf("t07-q%d", n) }
	h.run(ctx, chromedp.Navigate(address+"/enter/maya"), chromedp.Navigate(address+attempt))

	h.run(ctx, pick(question(1), 0))
	h.until(ctx, state(1), "Saved 12:00")
	h.until(ctx, "[data-overall]", "1 of 10 answered. All saved.")

	h.run(ctx, js(netDies), pick(question(2), 0))
	h.until(ctx, state(2), "Not saved yet")
	h.until(ctx, "[data-overall]", "2 of 10 answered. Not everything is saved yet.")
	h.run(ctx, js(netLives))
	h.until(ctx, state(2), "Saved")

	// The Academy has the answer, but its yes never came; then another is picked.
	h.run(ctx, js(yesIsLost), pick(question(3), 0))
	h.until(ctx, state(3), "Not saved yet")
	h.run(ctx, js(netLives), pick(question(3), 1))
	h.until(ctx, state(3), "Saved")

	// Another device was first: what it said is shown, and can be changed.
	h.ask("maya", "POST", attempt+"/answers", url.Values{"device": {"other"}, "seen.t07-q4": {"0"}, "a.t07-q4": {"1"}})
	h.run(ctx, pick(question(4), 0))
	h.until(ctx, state(4), "Another page or phone saved this answer")
	h.run(ctx, pick(question(4), 0))
	h.until(ctx, state(4), "Saved")

	// A quick thumb among boxes: what is ticked in the end counts.
	h.run(ctx, pick(question(5), 0), pick(question(5), 1), pick(question(5), 2), pick(question(5), 1), pick(question(5), 0))
	h.until(ctx, state(5), "Saved")

	paper, err := h.Attempt(h.Context(), h.viewer("maya"), assessment.AttemptID(strings.TrimPrefix(attempt, "/attempts/")))
	h.must(err)
	for n, want := range map[int]int{1: 0, 2: 0, 3: 1, 4: 0, 5: 2} {
		if !paper.Answers[question(n)].Value.Same(assessment.Answer{Choices: []int{want}}) {
			h.Errorf("question %d: %v, want %d", n, paper.Answers[question(n)].Value, want)
		}
	}
	h.waiting(ctx, 0)
	if left := h.text(ctx, `return [localStorage.length, sessionStorage.length, (await indexedDB.databases()).map((base) => base.name)].join()`); left != "0,0,unsent" {
		h.Errorf("the device keeps something of the attempt: %s", left)
	}

	h.run(ctx, js(`document.querySelector("[data-hand-in]").click()`))
	h.run(ctx, chromedp.WaitVisible(`form[action$="/submission"] .button-secondary`))
	h.until(ctx, "h1", "Hand in now?")
	h.until(ctx, "main", "5 questions have no answer: 6, 7, 8, 9 and 10.")
}

func TestPagesFitEveryScreen(t *testing.T) {
	ctx, h, address := browsing(t)
	class := "/cohorts/" + string(h.cohort)
	for name, module := range map[string]string{"maya": "t07", "luz": "t07"} {
		done := h.start(name, module)
		form := url.Values{"device": {"x"}}
		for n := range 10 {
			form.Set(fmt.Sprintf("seen.t07-q%d", n+1), "0")
			form.Set(fmt.Sprintf("a.t07-q%d", n+1), "1")
		}
		h.ask(name, "POST", done+"/answers", form)
		h.ask(name, "POST", done+"/answers", url.Values{"device": {"y"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"0"}})
		h.ask(name, "POST", done+"/submission", url.Values{"sure": {"yes"}})
	}
	practice, err := h.PracticalsOf(h.Context(), h.viewer("ruth"), h.enrolments["maya"])
	h.must(err)
	for n, skill := range practice.Skills {
		h.must(h.Record(h.Context(), h.viewer("ruth"), h.enrolments["maya"], skill.ID, assessment.Levels[n%3], ""))
	}
	result := func(name string) string {
		check, err := h.Check(h.Context(), h.viewer(name), "T07")
		h.must(err)
		return "/attempts/" + string(check.Attempts[0].ID) + "/result"
	}
	mayas := "/enrolments/" + string(h.enrolments["maya"]) + "/practicals"
	for _, page := range []struct{ name, as, path string }{
		{"check", "maya", "/modules/t07/check"}, {"check-es", "luz", "/modules/t07/check"},
		{"result", "maya", result("maya")}, {"result-es", "luz", result("luz")},
		{"attempt", "maya", h.start("maya", "t01")}, {"attempt-es", "luz", h.start("luz", "t01")},
		{"results", "ruth", class + "/results"}, {"items", "ruth", class + "/results/t07"},
		{"practicals", "ruth", class + "/practicals"}, {"practice", "ruth", mayas}, {"practice-own", "maya", mayas},
	} {
		h.run(ctx, chromedp.Navigate(address+"/enter/"+page.as))
		for _, width := range []int64{320, 390, 1280} {
			for _, scheme := range []string{"light", "dark"} {
				h.run(ctx, look(address+page.path, width, scheme))
				over, err := chromedp.Run(ctx, chromedp.Evaluate[int](`document.scrollingElement.scrollWidth - document.documentElement.clientWidth`))
				h.must(err)
				if over > 0 {
					h.Errorf("%s at %d px scrolls %d px sideways", page.name, width, over)
				}
				h.keepShot(ctx, fmt.Sprintf("%s-%d-%s", page.name, width, scheme))
			}
		}
	}
}

// look opens an address as one sees it at a width and in a scheme.
func look(address string, width int64, scheme string) chromedp.Action[chromedp.Void] {
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	return chromedp.Steps(
		chromedp.EmulateViewport(width, 844),
		chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media)
			return err
		}),
		chromedp.Navigate(address),
		chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise),
	)
}

// keepShot writes a picture of the whole page into the folder ACADEMY_SHOTS, for people to look at.
func (h *house) keepShot(ctx context.Context, name string) {
	h.Helper()
	folder := os.Getenv("ACADEMY_SHOTS")
	if folder == "" {
		return
	}
	data, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	h.must(err)
	h.must(os.WriteFile(filepath.Join(folder, name+".png"), data, 0o644))
}
