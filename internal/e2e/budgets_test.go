package e2e

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// view is one kind of page with its budget: packed kilobytes of a first visit, with
// everything that the page asks for, and of the page alone once the rest is there.
type view struct {
	kind, account, path string
	first, later        int
}

// The budgets in kilobytes: of pages that load no library, of those that swap their
// parts, of a later page, and of gradebooks and reports, which are tables.
const (
	plainFirst, swapFirst = 60, 80
	laterPage, table      = 15, 60
)

// views are the kinds of pages of a demo.
func views(t *testing.T, a *app.Academy) []view {
	t.Helper()
	ctx := context.Background()
	one := func(query string, args ...any) (id string) {
		if err := a.DB.NewRaw(query, args...).Scan(ctx, &id); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		return id
	}
	taught := `SELECT c.id FROM cohorts AS c JOIN cohort_instructors AS i ON i.cohort_id = c.id JOIN sign_in_names AS n ON n.person_id = i.person_id
		WHERE n.name = 'instructor@demo.test' AND c.course_code = 'OUT' ORDER BY c.number LIMIT 1`
	cohort := "/cohorts/" + one(taught)
	roll := "/sessions/" + one(`SELECT id FROM sessions WHERE cohort_id = ? ORDER BY position LIMIT 1`, one(taught)) + "/roll"
	attempt, err := a.Assessment.Start(ctx, viewer(t, a, "trainee.es"), "T07")
	if err != nil {
		t.Fatal(err)
	}
	copies, err := a.Certificates.MyCopies(ctx, viewer(t, a, "graduate"))
	if err != nil {
		t.Fatal(err)
	}
	held, err := a.Certificates.Own(ctx, viewer(t, a, "graduate"), copies[0].CertificateID)
	if err != nil {
		t.Fatal(err)
	}
	draft := "/drafts/" + one(`SELECT id FROM drafts WHERE state = 'writing'`)
	return []view{
		{"front door", "", "/", plainFirst, laterPage},
		{"sign in", "", "/sign-in", plainFirst, laterPage},
		{"check", "", "/verify", plainFirst, laterPage},
		{"verdict", "", "/c/" + number.Copy{Number: held.Number, Share: copies[0].Share}.String(), plainFirst, laterPage},
		{"Today", "trainee", "/", plainFirst, laterPage},
		{"course", "trainee", "/course", plainFirst, laterPage},
		{"module", "trainee", "/modules/t07", plainFirst, laterPage},
		{"notes on a module", "trainee", "/modules/t07/notes", plainFirst, laterPage},
		{"my notes", "trainee", "/me/notes", plainFirst, laterPage},
		{"my reading", "trainee", "/me/readings", plainFirst, laterPage},
		{"protocols", "trainee", "/protocols", plainFirst, laterPage},
		{"protocol", "trainee", "/protocols/mediation", plainFirst, laterPage},
		{"calendar", "trainee", "/calendar", plainFirst, laterPage},
		{"messages", "trainee", "/me/messages", plainFirst, laterPage},
		{"own calendar", "trainee", "/me/calendar", plainFirst, laterPage},
		{"demo's mailbox", "trainee", "/demo/mail", plainFirst, laterPage},
		{"certificate", "graduate", "/certificates/" + string(held.ID), plainFirst, laterPage},
		{"quiz", "trainee.es", "/attempts/" + string(attempt), swapFirst, laterPage},
		{"Today, teaching", "instructor", "/", plainFirst, laterPage},
		{"cohort's home", "instructor", cohort, plainFirst, laterPage},
		{"roll call", "instructor", roll, swapFirst, laterPage},
		{"Today, coordinating", "coordinator", "/", plainFirst, laterPage},
		{"people", "coordinator", "/people", plainFirst, laterPage},
		{"gradebook", "coordinator", cohort + "/gradebook", swapFirst, table},
		{"results", "coordinator", cohort + "/results", swapFirst, table},
		{"minutes", "coordinator", cohort + "/ledger", swapFirst, table},
		{"graduation", "director", cohort + "/graduation", swapFirst, table},
		{"register", "director", "/register", swapFirst, table},
		{"staff", "hr", "/staff", swapFirst, table},
		{"curriculum", "author", "/curriculum", plainFirst, laterPage},
		{"draft", "author", draft, plainFirst, laterPage},
		{"draft that waits", "author", "/drafts/" + one(`SELECT id FROM drafts WHERE state = 'waiting'`), plainFirst, laterPage},
		{"editor", "author", draft + "/texts/es", swapFirst, laterPage},
		{"what a draft changes", "author", draft + "/texts/en/changes", plainFirst, laterPage},
	}
}

// viewer is who looks with a demo account.
func viewer(t *testing.T, a *app.Academy, name string) people.Viewer {
	t.Helper()
	presence, _, err := a.People.ByToken(context.Background(), "demo-"+name)
	if err != nil {
		t.Fatal(err)
	}
	return presence.Viewer
}

// asset is what a page asks for: style sheets, scripts, icons and the fonts of a sheet.
// The faces for letters from elsewhere are left out: few pages show one.
// What a script asks for by itself stands in data-notes.
var asset = regexp.MustCompile(`(?:href|src|url\()=?"(/static/[^"]+)"|data-notes="([^"]+)"`)

func TestEveryKindOfPageKeepsItsBytes(t *testing.T) {
	a := demoOn(t, "sqlite", quiet)
	signed := map[string]*visitor{"": {t: t, a: a}}
	t.Logf("%-20s %12s %12s", "", "first visit", "later page")
	for _, v := range views(t, a) {
		who := signed[v.account]
		if who == nil {
			who = signIn(t, a, v.account)
			signed[v.account] = who
		}
		later, body := who.packed(v.path)
		first := later
		for asked, todo := map[string]bool{}, []string{body}; len(todo) > 0; todo = todo[1:] {
			for _, m := range asset.FindAllStringSubmatch(todo[0], -1) {
				one := m[1] + html.UnescapeString(m[2])
				if !asked[one] && !strings.Contains(one, "-ext.") {
					asked[one] = true
					bytes, text := who.packed(one)
					first += bytes
					if strings.HasSuffix(one, ".css") {
						todo = append(todo, text)
					}
				}
			}
		}
		t.Logf("%-20s %5.1f of %d KB %5.1f of %d KB", v.kind, float64(first)/1024, v.first, float64(later)/1024, v.later)
		if first > v.first<<10 || later > v.later<<10 {
			t.Errorf("%s (%s) is over its budget", v.kind, v.path)
		}
	}
}

// packed asks as a browser does and gives the bytes that come and the text in them.
func (v *visitor) packed(path string) (bytes int, text string) {
	v.t.Helper()
	request := httptest.NewRequest(http.MethodGet, host+path, nil)
	request.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
	request.AddCookie(&http.Cookie{Name: "academy", Value: v.token})
	response, err := v.a.Web.Test(request)
	if err != nil || response.StatusCode != http.StatusOK {
		v.t.Fatalf("%s: %v", path, err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	var plain io.Reader = strings.NewReader(string(raw))
	switch response.Header.Get("Content-Encoding") {
	case "br":
		plain = brotli.NewReader(plain)
	case "gzip":
		if plain, err = gzip.NewReader(plain); err != nil {
			v.t.Fatal(err)
		}
	}
	unpacked, err := io.ReadAll(plain)
	if err != nil {
		v.t.Fatal(err)
	}
	return len(raw), string(unpacked)
}

// pace is what one visit in the browser was like, in milliseconds and bytes with headers.
type pace struct {
	Largest, Shift float64
	Bytes          int
	Moved          string // the elements that moved, from where to where
}

// measure reads a visit out of the page, once its fonts are there and it has come to rest.
const measure = `await document.fonts.ready;
	const seen = {};
	for (const type of ["largest-contentful-paint", "layout-shift"]) {
		seen[type] = [];
		new PerformanceObserver((list) => seen[type].push(...list.getEntries())).observe({type, buffered: true});
	}
	await new Promise((rest) => setTimeout(rest, 500));
	const sum = (list, of) => list.reduce((n, entry) => n + of(entry), 0);
	return JSON.stringify({
		Largest: Math.max(0, ...seen["largest-contentful-paint"].map((e) => e.startTime)),
		Shift: sum(seen["layout-shift"], (e) => e.value),
		Moved: seen["layout-shift"].flatMap((e) => e.sources).map((s) => [s.node?.nodeName, s.node?.className ?? s.node?.textContent, JSON.stringify(s.previousRect), JSON.stringify(s.currentRect)].join(" ")).join("\n"),
		Bytes: sum([...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")], (e) => e.transferSize),
	})`

// TestEveryKindOfPageHoldsStill shows each page on a throttled phone. What moves fails
// it; how long it took is told beside its budget, for machines differ.
func TestEveryKindOfPageHoldsStill(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, phone)
	b.slowDown(slower)
	slow := func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
			MatchedNetworkConditions: []*network.Conditions{{Latency: 150, DownloadThroughput: 1.6e6 / 8, UploadThroughput: 750e3 / 8}}})
		return err
	}
	b.do("throttle", chromedp.Func(slow))
	t.Logf("%-20s %34s   %34s   %s", "CPU 4 × slower,", "first visit: paint, bytes", "later page: paint, bytes", "blocked, longest task")
	t.Logf("%-20s %34s   %34s   %s", "1.6 Mbit/s, 150 ms", "at most 1500 ms", "800 ms", "50 ms")
	tokens := map[string]string{"": ""}
	for _, v := range views(t, a) {
		if _, known := tokens[v.account]; !known {
			tokens[v.account] = signIn(t, a, v.account).token
		}
		b.become(tokens[v.account])
		first, later := b.visit(v.path), b.visit(v.path)
		// A slow machine may paint a page of which half is read, and then the rest. What a
		// font, a picture or a script moves, it moves on every visit.
		for try := 0; try < 2 && first.Shift+later.Shift > 0; try++ {
			b.become(tokens[v.account])
			again, after := b.visit(v.path), b.visit(v.path)
			first.Shift, later.Shift = min(first.Shift, again.Shift), min(later.Shift, after.Shift)
		}
		b.become(tokens[v.account])
		b.slowDown(1)
		blocked, longest := b.blocked(v.path)
		b.slowDown(slower)
		t.Logf("%-20s %20.0f ms %8.1f KB   %20.0f ms %8.1f KB   %4.0f ms %4.0f ms", v.kind,
			first.Largest, float64(first.Bytes)/1024, later.Largest, float64(later.Bytes)/1024, blocked, longest)
		if first.Shift+later.Shift > 0 {
			t.Errorf("%s (%s) moves: %.4f at first, %.4f later\n%s%s", v.kind, v.path, first.Shift, later.Shift, first.Moved, later.Moved)
		}
	}
}

// become empties the browser's cache and signs it in with a session's token.
func (b *tab) become(token string) {
	b.t.Helper()
	b.do("sign in", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		if _, err := chromedp.Call(ctx, network.ClearBrowserCache, cdp.Empty{}); err != nil {
			return err
		}
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: "academy", Value: token, URL: b.base})
		return err
	}))
}

func (b *tab) visit(path string) (p pace) {
	b.t.Helper()
	b.do("open "+path, chromedp.Navigate(b.base+path))
	if err := json.Unmarshal([]byte(b.js(measure)), &p); err != nil {
		b.t.Fatal(fmt.Errorf("%s: %w", path, err))
	}
	return p
}
