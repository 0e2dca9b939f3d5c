package e2e

import (
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// shownTo are the accounts that may stand before others with their screen.
var shownTo = []string{"instructor", "coordinator", "director", "hr"}

// TestAProjectorHidesEveryName looks at every page that staff open: a trainee's name
// stands only where the class on the root of the page hides it.
func TestAProjectorHidesEveryName(t *testing.T) {
	a := demoOn(t, "sqlite", slog.New(&journal{}))
	named := traineesNames(t, a)
	for _, account := range shownTo {
		seen, bare := 0, map[string]bool{}
		signIn(t, a, account).crawl(120, func(path string, answer answer) {
			if !strings.Contains(answer.kind, "html") || answer.status != 200 {
				return
			}
			page, err := html.Parse(strings.NewReader(answer.body))
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(answer.body, "screen.") || !strings.Contains(answer.body, "data-screen-on") {
				t.Errorf("%s: %s can't hide names", account, path)
			}
			for text, hidden := range texts(page, false) {
				if name := named.FindString(text); name != "" {
					seen++
					if !hidden && !bare[address.ReplaceAllString(path, "/…")+name] {
						bare[address.ReplaceAllString(path, "/…")+name] = true
						t.Errorf("%s: %s shows %q in %q", account, path, name, strings.TrimSpace(text))
					}
				}
			}
		})
		if seen < 3 {
			t.Errorf("%s read only %d names: the walk is broken", account, seen)
		}
	}
}

// TestOneKeyHidesNamesInThisTab turns the projector's mode on and off by its key and its
// button, and follows it to the next page.
func TestOneKeyHidesNamesInThisTab(t *testing.T) {
	a := openAcademy(t)
	b := openTab(t, a.Config.BaseURL, desktop)
	b.signIn("instructor@demo.test")
	b.open("/cohorts/" + readText(t, a, `SELECT cohort_id FROM cohort_instructors WHERE person_id = (SELECT person_id FROM sign_in_names WHERE name = 'instructor@demo.test') LIMIT 1`))
	colour := func() string { return b.js(`return getComputedStyle(document.querySelector(".rings bdi")).color`) }
	before := colour()
	b.do("hide", chromedp.KeyEvent("\u0809"))
	if b.js(`return document.documentElement.className`) != "screen-safe" || !strings.HasPrefix(colour(), "rgba(0, 0, 0, 0") {
		t.Fatalf("F9 hides nothing: %s", colour())
	}
	if said := b.js(`return document.querySelector("[data-screen-on]").textContent`); !strings.Contains(said, "hidden") {
		t.Errorf("the page says %q", said)
	}
	b.open(b.where())
	if !strings.HasPrefix(colour(), "rgba(0, 0, 0, 0") {
		t.Error("the next page shows names")
	}
	if pressed := b.js(`const s = document.querySelector("[data-screen]"); const was = s.getAttribute("aria-pressed"); s.click(); return was + s.getAttribute("aria-pressed")`); pressed != "truefalse" {
		t.Errorf("the button says %s", pressed)
	}
	if colour() != before {
		t.Errorf("names stay %s", colour())
	}
}

// address is a key in a path.
var address = regexp.MustCompile(`/[0-9a-f]{8}-[0-9a-f-]{27}`)

// traineesNames finds any trainee's name as a page may write it: whole, or the first
// name with an initial.
func traineesNames(t *testing.T, a *app.Academy) *regexp.Regexp {
	t.Helper()
	var rows []struct{ GivenName, FamilyName, ChosenName string }
	err := a.DB.NewRaw(`SELECT DISTINCT p.given_name, p.family_name, p.chosen_name FROM persons AS p JOIN enrolments AS e ON e.person_id = p.id WHERE p.family_name <> ''`).Scan(t.Context(), &rows)
	if err != nil || len(rows) < 10 {
		t.Fatalf("%d trainees: %v", len(rows), err)
	}
	var forms []string
	for _, r := range rows {
		first := r.ChosenName
		if first == "" {
			first = r.GivenName
		}
		forms = append(forms, regexp.QuoteMeta(first+" "+r.FamilyName), regexp.QuoteMeta(first+" "+string([]rune(r.FamilyName)[:1])+"."))
	}
	return regexp.MustCompile(strings.Join(forms, "|"))
}

// texts walks the texts that a page shows, each with whether the projector hides it. What
// a screen reader alone hears is not shown.
func texts(n *html.Node, hidden bool) func(yield func(string, bool) bool) {
	return func(yield func(string, bool) bool) {
		var walk func(n *html.Node, hidden bool) bool
		walk = func(n *html.Node, hidden bool) bool {
			if n.Type == html.TextNode {
				return yield(n.Data, hidden)
			}
			if n.Type == html.ElementNode {
				switch n.Data {
				case "title", "script", "style":
					return true
				}
				hidden = hidden || n.Data == "bdi"
				for _, attr := range n.Attr {
					hidden = hidden || attr.Key == "data-private" || attr.Key == "class" && strings.Contains(" "+attr.Val+" ", " unseen ")
				}
			}
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				if !walk(c, hidden) {
					return false
				}
			}
			return true
		}
		walk(n, hidden)
	}
}
