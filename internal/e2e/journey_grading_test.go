package e2e

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// grader is an instructor who grades by keys alone.
type grader struct {
	*tab
	a     *app.Academy
	given map[string]assessment.NewMark // by the handle of the text
}

// Ten long texts wait in the longest course of the demo. Whoever reads them needs no mouse, and each mark is
// acknowledged before the next text is read.
func TestTenTextsAreGradedByKeysAlone(t *testing.T) {
	for name, s := range map[string]screen{"on a desk": desktop, "on a phone": phone} {
		t.Run(name, func(t *testing.T) {
			a := openAcademy(t)
			p := &grader{openTab(t, a.Config.BaseURL, s), a, map[string]assessment.NewMark{}}
			p.signIn("instructor@demo.test")
			cohort := readText(t, a, `SELECT e.cohort_id FROM attempts AS attempt JOIN enrolments AS e ON e.id = attempt.enrolment_id
				WHERE attempt.waits > 0 AND e.sector = 'outreach' AND attempt.module_id = 'T14' GROUP BY e.cohort_id ORDER BY COUNT(*) DESC LIMIT 1`)
			p.open("/cohorts/" + cohort + "/grading")
			p.says("10 to read")
			p.tabsTo(`main form[action$="/grading/t14/claims"] button`)
			p.leads("Enter on the way in", 200, chromedp.KeyEvent("\r"))
			p.begins()
			for n := range 10 {
				p.grades(n)
			}
			p.says("That was the last one", "Points kept for")
			p.holds(cohorts.CohortID(cohort))
		})
	}
}

// tabsTo goes on by the Tab key until a thing has the focus.
func (p *grader) tabsTo(selector string) {
	p.t.Helper()
	for range 80 {
		p.do("Tab", chromedp.KeyEvent("\t"))
		if p.js(`return String(document.activeElement === document.querySelector(`+quoted(selector)+`))`) == "true" {
			return
		}
	}
	p.t.Fatalf("no key reaches %s at %s", selector, p.where())
}

// begins looks at the list of keys, and sees that one that is not held down by accident
// does what it says.
func (p *grader) begins() {
	p.t.Helper()
	p.key("?")
	p.says("Leave the comment", "Use these keys")
	p.key("?")
	p.key("\r") // no points picked yet, unless there is a draft
	if p.picked() == "" {
		p.says("Pick the points first")
	}
}

func (p *grader) key(keys string, more ...chromedp.KeyOption) {
	p.t.Helper()
	p.do("the key "+keys, chromedp.KeyEvent(keys, more...))
}

func (p *grader) picked() string {
	p.t.Helper()
	return p.js(`return document.querySelector('[name="points"]:checked')?.value ?? ""`)
}

var answerAt = regexp.MustCompile(`answer=([0-9a-f]+)`)

// grades gives one text its points, with a comment that is typed, one that is used again,
// or none, and waits for the page to acknowledge it.
func (p *grader) grades(n int) {
	p.t.Helper()
	found := answerAt.FindStringSubmatch(p.where())
	if found == nil {
		p.t.Fatalf("after %d texts the page is %s", n, p.where())
	}
	number := p.js(`return document.querySelector("h1").textContent.trim()`)
	mark := assessment.NewMark{Points: n % 7, Comment: p.js(`return document.querySelector("#f-comment").value`)}
	p.key(fmt.Sprint(mark.Points))
	switch n % 3 {
	case 0: // a digit in the comment is a digit
		words := fmt.Sprintf("Clear. See step %d, next time.", n)
		p.key("c")
		p.js(`document.activeElement.select(); return ""`)
		p.key(words)
		p.key("\x1b")
		mark.Comment = words
	case 1:
		p.key("1", chromedp.KeyModifiers(chromedp.ModifierAlt))
		phrase := p.js(`return document.querySelector("[data-phrase]").dataset.phrase`)
		mark.Comment = strings.TrimSpace(mark.Comment + "\n" + phrase)
	}
	if n == 4 { // on to the next and back: what was put down is there
		p.leads("n", 200, chromedp.KeyEvent("n"))
		at := ""
		for range 10 { // the way on leaves out what has its points, the way back shows it
			p.leads("p", 200, chromedp.KeyEvent("p"))
			if at = p.js(`return document.querySelector("h1").textContent.trim()`); at == number {
				break
			}
		}
		if at != number {
			p.t.Fatalf("next and previous lead from %s to %s", number, at)
		}
	}
	if got := p.picked(); got != fmt.Sprint(mark.Points) {
		p.t.Fatalf("%s: the key %d picks %q", number, mark.Points, got)
	}
	p.given[found[1]] = mark
	p.leads("Enter", 200, chromedp.KeyEvent("\r"))
	if told := p.js(`return document.querySelector("main [data-given]")?.textContent.trim() ?? ""`); told != "Points kept for "+number+"." {
		p.t.Fatalf("after %s the page acknowledges %q:\n%s", number, told, p.text())
	}
}

// holds sees that the Academy has every mark as it was given, once.
func (p *grader) holds(cohort cohorts.CohortID) {
	p.t.Helper()
	v := people.Seen(signIn(p.t, p.a, "instructor").person, people.Outreach, []people.Role{people.Instructor}, nil)
	list, err := p.a.Assessment.GradingIn(p.t.Context(), v, assessment.GradingOrder{Cohort: cohort, Module: "T14"})
	if err != nil {
		p.t.Fatal(err)
	}
	found := 0
	for _, text := range list {
		mark, ours := p.given[text.Handle]
		if !ours {
			continue
		}
		found++
		sheet, err := p.a.Assessment.GradingSheet(p.t.Context(), v, text)
		if err != nil {
			p.t.Fatal(err)
		}
		if sheet.Question.Given(sheet.Line.Points) != mark.Points || sheet.Line.Comment != mark.Comment || sheet.Line.Seq != 1 || sheet.Draft.Version != 0 {
			p.t.Errorf("text %d has %+v, draft %+v; given were %d with %q", text.Number, sheet.Line, sheet.Draft, mark.Points, mark.Comment)
		}
	}
	if found != 10 || len(p.given) != 10 {
		p.t.Errorf("%d texts, %d of them found", len(p.given), found)
	}
}
