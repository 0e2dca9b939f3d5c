package pages_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/certtest"
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
	h = newHouse(t, dbtest.Open(t, "sqlite", certtest.Migrations...))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	h.Ok(err)
	address = "http://" + l.Addr().String()
	h.openDoor(address)
	h.app.Public("GET", "/enter/:name", func(c *fiber.Ctx) error {
		web.StartSession(c, web.Param(c, "name"), 0)
		return c.SendString("in")
	})
	done := make(chan error, 1)
	go func() { done <- h.app.Serve(l) }()
	t.Cleanup(func() {
		h.Ok(h.app.Shutdown())
		h.Ok(<-done)
	})
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-background-networking", true),
		chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(cancel)
	ctx, cancelTab := chromedp.NewContext(allocator)
	t.Cleanup(cancelTab)
	ctx, cancelTime := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(cancelTime)
	return ctx, h, address
}

// keepShot writes a picture of the whole page into the folder ACADEMY_SHOTS, for people to look at.
func (h *house) keepShot(ctx context.Context, name string) {
	h.Helper()
	folder := os.Getenv("ACADEMY_SHOTS")
	if folder == "" {
		return
	}
	data, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	h.Ok(err)
	h.Ok(os.WriteFile(filepath.Join(folder, name+".png"), data, 0o644))
}

const (
	sideways = `document.scrollingElement.scrollWidth - document.documentElement.clientWidth`
	// Links inside a sentence may be as small as their line; all else is a target for a thumb.
	smallTargets = `[...document.querySelectorAll("a, button, summary, input:not([type=hidden]), select, textarea")]
		.filter(e => !e.closest("p, dd, li.soft, .checklist, .skip, th, td, .foot") && !e.matches(".choice input, .skip"))
		.map(e => [e, e.getBoundingClientRect()])
		.filter(([e, r]) => r.width > 0 && (r.height < 43.5 || r.width < 43.5))
		.map(([e, r]) => e.outerHTML.slice(0, 80) + " " + Math.round(r.width) + "x" + Math.round(r.height)).join("\n")`
)

// live makes the house one that is lived in: copies made, ended and being drawn, checks
// by several ways, a second certificate that is revoked, an open checklist.
func (h *house) live() (revoked certificates.Certificate, hers certificates.Copy) {
	h.Helper()
	ctx := h.Context()
	for _, label := range []string{"Institute for Nonviolence", "Court, for the file of a very long name that wraps"} {
		_, err := h.Certificates.MakeCopy(ctx, h.viewer("tasha"), certificates.NewCopy{Certificate: h.made.ID, Label: label, EndsOn: "2027-02-28", Name: certificates.ChosenName, Language: "both"})
		h.Ok(err)
	}
	h.Work()
	copies, err := h.Certificates.Copies(ctx, h.viewer("tasha"), h.made.ID)
	h.Ok(err)
	h.Ok(h.Certificates.EndCopy(ctx, h.viewer("tasha"), copies[0].ID))
	_, err = h.Certificates.CheckFile(ctx, h.File(h.viewer("tasha"), h.copy.ID), certificates.ByFile)
	h.Ok(err)
	v, revoked, hers := h.Graduates(people.Outreach, "Maria del Carmen Hernández de la Cruz y Villanueva")
	h.meet("maria", "es", v)
	h.Ok(h.Certificates.Revoke(ctx, h.viewer("dora"), revoked.ID, "issued_in_error"))
	h.Exec(`DELETE FROM practical_records WHERE enrolment_id = ?`, h.class.Enrolments[1])
	for _, who := range []string{"tasha", "dora"} {
		spanish := h.seen[who]
		spanish.Language = "es"
		h.seen[who+"-es"] = spanish
	}
	return revoked, hers
}

func TestEveryPageFitsEveryScreen(t *testing.T) {
	ctx, h, address := browsing(t)
	revoked, hers := h.live()
	own, cohort := "/certificates/"+string(h.made.ID), string(h.class.Cohort)
	for _, p := range []struct{ name, who, path string }{
		{"mine", "tasha", "/certificates"}, {"mine", "tasha-es", "/certificates"}, {"mine-none", "luz", "/certificates"},
		{"certificate", "tasha", own}, {"certificate", "tasha-es", own},
		{"verify", "", "/verify"}, {"verify", "luz", "/verify"}, {"verify-slip", "", "/c/hello"},
		{"valid", "", "/c/" + h.copyCode()}, {"valid", "luz", "/c/" + h.copyCode()},
		{"revoked", "maria", "/c/" + string(revoked.Number) + "-" + string(hers.Share)}, {"unknown", "", "/c/" + string(h.made.Number) + "-00000000"},
		{"list", "", "/verify/list"}, {"trust", "", "/trust"}, {"achievement", "", "/achievements/PUT/2026"},
		{"checklist", "luz", "/enrolments/" + string(h.class.Enrolments[1]) + "/checklist"}, {"checklist", "dora", "/enrolments/" + string(h.class.Enrolments[1]) + "/checklist"},
		{"graduation", "dora", "/cohorts/" + cohort + "/graduation"}, {"graduation", "dora-es", "/cohorts/" + cohort + "/graduation"},
		{"register", "dora", "/register"}, {"register", "dora-es", "/register"}, {"registered", "dora", "/register/" + string(h.made.ID)},
		{"registered", "dora-es", "/register/" + string(h.made.ID)},
	} {
		enter := chromedp.Navigate(address + "/enter/" + p.who)
		if p.who == "" {
			enter = chromedp.Navigate(address + "/enter/nobody")
		}
		h.Ok(chromedp.Do(ctx, enter))
		for _, as := range []struct {
			width  int64
			scheme string
		}{{320, "light"}, {390, "light"}, {390, "dark"}, {1280, "light"}} {
			h.see(ctx, address+p.path, fmt.Sprintf("%s-%s-%d-%s", p.name, p.who, as.width, as.scheme), as.width, as.scheme)
		}
	}
}

// see opens a page at a width and in a scheme, and complains of what does not fit.
func (h *house) see(ctx context.Context, address, name string, width int64, scheme string) {
	h.Helper()
	media := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	h.Ok(chromedp.Do(ctx, chromedp.EmulateViewport(width, 844), chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media)
		return err
	}), chromedp.Navigate(address), chromedp.Evaluate[chromedp.Void](`document.fonts.ready.then(() => true)`, chromedp.EvalAwaitPromise)))
	over, err := chromedp.Run(ctx, chromedp.Evaluate[int](sideways))
	h.Ok(err)
	if over > 0 {
		h.Errorf("%s scrolls %d px sideways", name, over)
	}
	small, err := chromedp.Run(ctx, chromedp.Evaluate[string](smallTargets))
	h.Ok(err)
	if small != "" && width == 390 && scheme == "light" {
		h.Errorf("%s: too small for a thumb:\n%s", name, small)
	}
	if width != 320 {
		h.keepShot(ctx, name)
	}
}
