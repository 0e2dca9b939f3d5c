package pages_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
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
	h = newHouse(t, dbtest.OpenFilled(t, "sqlite", shelves, migrations...))
	h.app.Public("GET", "/enter/:name", func(c *fiber.Ctx) error {
		web.StartSession(c, web.Param(c, "name"), 0)
		return c.SendString("in")
	})
	h.app.SignedIn("POST", "/sign-out", func(c *fiber.Ctx) error {
		web.EndSession(c)
		return web.SeeOther(c, "/sign-in")
	})
	h.app.Public("GET", "/sign-in", func(c *fiber.Ctx) error {
		return web.Render(c, 200, web.Layout(web.Page{Title: "Door", Bare: true}))
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

// tap presses one of the big targets.
func tap(mark string) chromedp.Action[chromedp.Void] {
	return js(fmt.Sprintf(`document.querySelector('#turn input[name="mark"][value="%s"]').form.querySelector("button").click()`, mark))
}

const (
	netDies   = `window.real ??= fetch; window.fetch = () => Promise.reject(new TypeError("no network"));`
	yesIsLost = `window.real ??= fetch; window.fetch = async (...sent) => { await window.real(...sent); throw new TypeError("lost"); };`
	netLives  = `window.fetch = window.real; dispatchEvent(new Event("online"));`
	onPhone   = 390
)

func TestMarksAreKeptThroughABadNetwork(t *testing.T) {
	ctx, h, address := browsing(t)
	h.run(ctx, chromedp.EmulateViewport(onPhone, 844), chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "[data-turn-name]", "luz L.")

	h.run(ctx, tap("present"))
	h.until(ctx, "main", "saved 9:05")
	h.until(ctx, "[data-turn-name]", "<script>al L.")

	// Without a network the circle fills all the same, and the page says what waits.
	h.run(ctx, js(netDies), tap("absent"))
	h.until(ctx, "[data-turn-name]", "tasha L.")
	h.until(ctx, "[data-roll-status]", "Marks that wait: 1")
	h.run(ctx, tap("present"))
	h.until(ctx, "[data-roll-status]", "Marks that wait: 2")
	h.until(ctx, ".seat-big", "2")
	if n := h.count(`SELECT COUNT(*) FROM marks`); n != 1 {
		h.Errorf("%d marks stored without a network", n)
	}
	h.run(ctx, js(netLives))
	h.until(ctx, "main", "Everyone is marked")
	if n := h.count(`SELECT COUNT(*) FROM marks`); n != 3 {
		h.Errorf("%d marks of 3", n)
	}
	h.waiting(ctx, 0) // a page that is left before it knows of a yes sends that line again

	// The Academy has the mark, but its yes never came: sent again, it stands once.
	h.run(ctx, chromedp.Navigate(address+h.roll(1)+"?seat="+string(h.enrolments["luz"])), js(yesIsLost), tap("excused"))
	h.until(ctx, "[data-roll-status]", "Marks that wait: 1")
	h.run(ctx, js(netLives))
	h.until(ctx, ".legend", "Excused 1")
	h.until(ctx, "[data-roll-status]", "")
	if n := h.count(`SELECT COUNT(*) FROM marks`); n != 4 {
		h.Errorf("%d marks of 4", n)
	}
	h.waiting(ctx, 0)
	if left := h.text(ctx, `return [localStorage.length, sessionStorage.length, (await indexedDB.databases()).map((base) => base.name)].join()`); left != "0,0,unsent" {
		h.Errorf("the device keeps something of the roll: %s", left)
	}
}

func TestRefusedMarkIsToldAndTheRollShownAnew(t *testing.T) {
	ctx, h, address := browsing(t)
	h.run(ctx, chromedp.Navigate(address+"/enter/ines"), chromedp.Navigate(address+h.roll(1)))
	h.until(ctx, "[data-turn-name]", "luz L.")
	h.must(h.store.MarkRest(h.Context(), h.viewer("cora"), h.sessions[1].ID, "r"))
	h.must(h.store.Close(h.Context(), h.viewer("cora"), h.sessions[1].ID))
	h.run(ctx, tap("absent"))
	h.until(ctx, "[data-roll-status]", "This roll is closed")
	h.until(ctx, "main", "It is right. Confirm it")
}

// Every page fits a small phone and a wide screen, in both schemes.
func TestPagesFitPhonesAndWideScreens(t *testing.T) {
	ctx, h, address := browsing(t)
	h.fill()
	cohort, session := "/cohorts/"+string(h.cohort), "/sessions/"+string(h.sessions[1].ID)
	joint := "/joint/" + string(h.joint())
	for _, page := range []struct{ name, as, path string }{
		{"cohorts", "cora", "/cohorts"}, {"new", "cora", "/cohorts/new"}, {"rooms", "cora", "/rooms"}, {"schedule", "cora", cohort + "/sessions"},
		{"session", "ines", session}, {"session-es", "luz", session}, {"roll", "ines", h.roll(1) + "?after=" + string(h.enrolments["Nia"])},
		{"roll-closed", "cora", h.roll(0) + "?seat=" + string(h.enrolments["tasha"])}, {"confirmations", "cora", "/confirmations"},
		{"roster", "cora", cohort + "/roster"}, {"import", "cora", cohort + "/imports"}, {"instructors", "cora", cohort + "/instructors"},
		{"ledger", "ines", cohort + "/ledger"}, {"enrolment", "ines", "/enrolments/" + string(h.enrolments["tasha"])},
		{"enrolment-es", "luz", "/enrolments/" + string(h.enrolments["luz"])}, {"joints", "cora", "/joint"}, {"joint", "cora", joint},
		{"joint-new", "cora", "/joint/new?session=" + string(h.sessions[0].ID)}, {"badge", "tasha", joint + "/badge"},
		{"welcome", "tasha", "/welcome"}, {"sharing-es", "luz", "/me/sharing"},
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

// fill makes the outreach cohort a class of twenty, with one session held and another
// whose roll is half taken, and two of its people asked by an employer.
func (h *house) fill() {
	h.Helper()
	ctx, ines := h.Context(), h.viewer("ines")
	for i, name := range strings.Fields("Andre Andrea Ana Brian Cristina Deshawn Imani Jamal Kevin Leticia Lupe Marcus Moises Nia Pedro Rasheed Zoe") {
		h.person(name, "en", []people.Sector{people.Outreach}, people.Trainee)
		id, err := h.store.Enroll(ctx, h.viewer("cora"), h.cohort, h.viewer(name).Person())
		h.must(err)
		h.enrolments[name] = id
		mark := cohorts.NewMark{Session: h.sessions[1].ID, Enrolment: id, Status: cohorts.Present}
		switch i {
		case 3:
			mark.Status = cohorts.Absent
		case 5:
			mark.MinutesLate = 15
		case 8:
			mark.Status, mark.Excuse = cohorts.Excused, "court"
		case 14, 15:
			continue
		}
		h.must(h.store.Mark(ctx, ines, mark))
	}
	absent := cohorts.NewMark{Session: h.sessions[0].ID, Enrolment: h.enrolments["tasha"], Status: cohorts.Absent}
	h.must(h.store.Mark(ctx, ines, absent))
	h.must(h.store.MarkRest(ctx, ines, h.sessions[0].ID, "rest"))
	h.must(h.store.Close(ctx, ines, h.sessions[0].ID))
	h.must(h.store.Approve(ctx, ines, cohorts.NewMakeUp{Enrolment: h.enrolments["tasha"], Session: h.sessions[0].ID, Kind: cohorts.OneToOne, Minutes: 60, DoneOn: "2026-11-10"}))
	h.must(h.people.KeepOrganisations(ctx, []people.Organisation{{Code: "one", Name: "Partner One", Kind: people.Partner}}))
	one, err := h.people.OrganisationByCode(ctx, "one")
	h.must(err)
	h.must(h.people.Partner(ctx, people.System(people.Outreach), one.ID, "2020-01-01", ""))
	for _, name := range []string{"tasha", "luz"} {
		h.must(h.people.Employ(ctx, people.System(people.Outreach), h.viewer(name).Person(), one.ID, "2024-01-01", ""))
	}
	_, err = h.store.AddRoom(ctx, h.viewer("cora"), cohorts.Room{Name: "Circle room", Address: "2100 South Morgan Street, second floor", Capacity: 30})
	h.must(err)
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
