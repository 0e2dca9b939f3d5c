package e2e

import (
	"context"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
)

// cohort22 is the demo's class that meets today; the account trainee@demo.test learns in it.
const cohort22 = "Outreach Training, Cohort 22"

// inClass is a clock that starts at half past ten on the next Tuesday on which the
// Academy is open: Cohort 22 is in class, and its roll can be taken and closed.
func inClass(t *testing.T) clock.Clock {
	t.Helper()
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	day := began.In(zone).AddDate(0, 0, 1)
	for day.Weekday() != time.Tuesday || cohorts.Holiday(day.Format(time.DateOnly)) {
		day = day.AddDate(0, 0, 1)
	}
	start := time.Date(day.Year(), day.Month(), day.Day(), 10, 30, 0, 0, zone)
	return func() time.Time { return clock.Cut(start.Add(time.Since(began))) }
}

// teacher is an instructor with 21 people in the room and a phone in the hand.
type teacher struct {
	*tab
	roll  string // the address of the roll that is taken
	all   int    // how many learn in the class
	tasha string // the enrolment of trainee@demo.test
}

func TestInstructorsJourney(t *testing.T) {
	a := openAcademyBy(t, inClass(t))
	p := &teacher{tab: openTab(t, a.Config.BaseURL, phone)}
	p.signIn("instructor@demo.test")
	p.findsTheRoll()
	p.marksWithoutScript()
	p.marksEveryone()
	tasha, coordinator, self := signIn(t, a, "trainee"), signIn(t, a, "coordinator"), signIn(t, a, "instructor")
	tasha.reads("/enrolments/"+p.tasha, "+3 h 45 min", "Not confirmed yet")
	p.closes()
	coordinator.reads("/confirmations", p.roll)
	self.refused(409, strings.TrimSuffix(p.roll, "/roll")+"/confirmation")
	coordinator.reads("/confirmations", p.roll)
	p.recordsASkill()
	tasha.reads("/enrolments/"+p.tasha+"/practicals", "Demonstrated", "3 records")
	p.readsResults()
	p.seesEveryChecklist(self)
	p.looksOnAWideScreen()
}

// findsTheRoll goes from Today to the roll of the class that is on.
func (p *teacher) findsTheRoll() {
	p.t.Helper()
	p.says("Next session · today, 9:00 am", cohort22)
	p.roll = p.href(`main a[href$="/roll"]`)
	p.press(`main a[href="` + p.roll + `"]`)
	p.says("Roll call", cohort22, "Mark the rest present")
	p.saysNot("Close the roll", "Undo")
	p.tasha = regexp.MustCompile(`seat=([0-9a-f-]+)`).FindStringSubmatch(p.href(`main a.seat[aria-label^="Tasha R."]`))[1]
	if l := p.legend(); l["Not marked"] < 15 || len(l) != 1 {
		p.t.Fatalf("before the first tap the legend says %v", l)
	}
	p.all = p.legend()["Not marked"]
}

// legend counts the seats of the circle by what the page says beside it.
func (p *teacher) legend() map[string]int {
	p.t.Helper()
	counts := map[string]int{}
	for _, line := range strings.Split(p.js(`return [...document.querySelectorAll(".legend li")].map((li) => li.textContent.trim()).join("\n")`), "\n") {
		at := strings.LastIndex(line, " ")
		n, err := strconv.Atoi(line[at+1:])
		if err != nil {
			p.t.Fatalf("the legend says %q", line)
		}
		counts[line[:at]] = n
	}
	return counts
}

// holds ends the test unless the legend says these counts beside what is not marked.
func (p *teacher) holds(notMarked int, want map[string]int) {
	p.t.Helper()
	got := p.legend()
	if got["Not marked"] != notMarked || len(got) != len(want)+1 {
		p.t.Fatalf("the legend says %v, want %v and %d not marked", got, want, notMarked)
	}
	for state, n := range want {
		if got[state] != n {
			p.t.Fatalf("the legend says %v, want %s %d", got, state, n)
		}
	}
}

func (p *teacher) turn() string {
	p.t.Helper()
	return p.js(`return document.querySelector("[data-turn-name]")?.textContent ?? ""`)
}

// plainly runs with script switched off, as on an old phone or behind a strict filter.
func (b *tab) plainly(run func()) {
	b.t.Helper()
	script := func(off bool) {
		b.do("script on or off", chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
			_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: off})
			return err
		}))
	}
	script(true)
	defer script(false)
	run()
}

// pressPlainly presses a button where no script runs, so that no checker can look.
func (b *tab) pressPlainly(selector string) {
	b.t.Helper()
	x, y := b.point(selector, found(selector, ""))
	response, err := chromedp.RunResponse(b.ctx, chromedp.MouseClickXY(x, y))
	if err != nil {
		b.t.Fatalf("pressing %s without script: %v", selector, err)
	}
	b.came("pressing "+selector, b.where(), http.StatusOK, response)
}

// button is a target of the person in turn: its own form's, or one inside what unfolds.
func button(mark, rest string) string {
	return `#turn form:has(input[name="mark"][value="` + mark + `"]) button` + rest
}

func (p *teacher) marksWithoutScript() {
	p.t.Helper()
	all := p.legend()["Not marked"]
	p.plainly(func() {
		p.do("reload", chromedp.Navigate(p.base+p.roll))
		first := p.turn()
		p.pressPlainly(button("present", ""))
		if p.turn() == first || p.turn() == "" {
			p.t.Fatalf("after a tap it is still the turn of %s", first)
		}
		p.holds(all-1, map[string]int{"Present": 1})
		second := p.turn()
		p.touchWords("Late")
		p.pressPlainly(button("late", `[value="15"]`))
		p.holds(all-2, map[string]int{"Present": 1, "Late": 1})
		p.pressPlainly("#turn .undo button")
		if p.turn() != second {
			p.t.Fatalf("a slip of %s is taken back, and the turn is %s", second, p.turn())
		}
		p.holds(all-1, map[string]int{"Present": 1})
	})
	p.open(p.roll)
	p.holds(all-1, map[string]int{"Present": 1})
}

// taps presses targets for the person in turn and waits until the Academy has said that
// the mark is stored.
func (p *teacher) taps(press func()) {
	p.t.Helper()
	who := p.turn()
	press()
	p.until("the mark of "+who, fmt.Sprintf(`document.querySelector(".undo-name")?.textContent === %s && document.querySelector("[data-roll-status]").hidden`, quoted(who)))
}

func (p *teacher) marksEveryone() {
	p.t.Helper()
	left := p.legend()["Not marked"]
	p.press(`main a.seat[aria-label^="Tasha R."]`)
	p.taps(func() {
		p.touchWords("Late")
		p.says("How late?")
		p.lookAgain()
		p.touch(button("late", `[value="15"]`))
	})
	p.taps(func() {
		p.touchWords("Left early")
		p.fill("minutes", "20")
		p.touchWords("Save")
	})
	p.taps(func() {
		p.touchWords("Excused")
		p.touchWords("Court")
	})
	p.holds(left-3, map[string]int{"Present": 1, "Late": 2, "Excused": 1})
	slip := p.turn()
	p.taps(func() { p.touchWords("Absent") })
	p.holds(left-4, map[string]int{"Present": 1, "Late": 2, "Excused": 1, "Absent": 1})
	p.press("#turn .undo button")
	if p.turn() != slip {
		p.t.Fatalf("a slip of %s is taken back, and the turn is %s", slip, p.turn())
	}
	p.holds(left-3, map[string]int{"Present": 1, "Late": 2, "Excused": 1})
	p.taps(func() { p.touchWords("Present") })
	p.taps(func() { p.touchWords("Absent") })
	p.open(p.roll + "?again=1") // another day, another page: what was marked is there
	p.holds(left-5, map[string]int{"Present": 2, "Late": 2, "Excused": 1, "Absent": 1})
	p.touchWords("Mark the rest present")
	p.says(fmt.Sprintf("%d people are not marked. Are they all here?", left-5))
	p.lookAgain()
	p.press(`main form[action$="/marks/rest"] button`)
	p.holds(0, map[string]int{"Present": left - 3, "Late": 2, "Excused": 1, "Absent": 1})
}

func (p *teacher) closes() {
	p.t.Helper()
	p.says("Everyone is marked")
	p.touchWords("Close the roll")
	p.says("changes need a reason")
	p.lookAgain()
	p.press(`main form[action$="/closure"] button`)
	p.says("The roll is closed", "Another person has to confirm it")
	p.saysNot("It is right. Confirm it")
}

// skill is one that Cohort 22 comes to in its last weeks: nobody has shown it yet.
const skill = "Hand a person over to a service"

// recordsASkill sees one skill grow in front of the whole class, on one page.
func (p *teacher) recordsASkill() {
	p.t.Helper()
	p.pressWords("Back")
	p.pressWords("Cohorts")
	p.pressWords("Outreach Training, Cohort 22")
	p.pressWords("Practical skills")
	p.pressWords(skill)
	p.says(fmt.Sprintf("0 of %d have shown it", p.all))
	seat := "#e-" + p.tasha
	if p.js(`return String(document.querySelectorAll("main form.levels button").length / document.querySelectorAll("main form.levels").length)`) != "3" {
		p.t.Fatal("a skill has not three levels")
	}
	for _, level := range []struct{ value, word, shown string }{
		{"not_yet", "Not yet", "0 of"}, {"practised", "Practiced", "1 of"}, {"demonstrated", "Demonstrated", "1 of"},
	} {
		p.touch(seat + " details.more summary")
		p.press(seat + ` button[value="` + level.value + `"]`)
		p.says(fmt.Sprintf("%s %d ha", level.shown, p.all))
		if tag := p.js(`return document.querySelector("` + seat + ` .tag").textContent.trim()`); tag != level.word {
			p.t.Fatalf("after %s the page says %s", level.word, tag)
		}
	}
	p.press(seat + " a.entry-title")
	p.says("Tasha", "3 records", "Demonstrated")
	p.lookAgain()
}

func (p *teacher) readsResults() {
	p.t.Helper()
	p.pressWords("Cohorts")
	p.pressWords("Outreach Training, Cohort 22")
	p.pressWords("Knowledge check results")
	p.says("have tried", "Tasha R.", "By name")
	p.press(`main a[href*="/results/"]`)
	p.says("percent right", "picked by")
}

// seesEveryChecklist opens Tasha's checklist on the phone, and everyone's at the door.
func (p *teacher) seesEveryChecklist(self *visitor) {
	p.t.Helper()
	p.pressWords("Cohorts")
	p.pressWords("Outreach Training, Cohort 22")
	p.press(`main a[href="/enrolments/` + p.tasha + `/checklist"]`)
	p.says("Tasha R.", "practical skills shown", "wait for a second person to confirm", "Final project still open")
	p.saysNot("Graduate and issue")
	home := regexp.MustCompile(`/enrolments/[0-9a-f-]+/checklist`)
	p.pressWords("Back")
	everyone := home.FindAllString(self.get(p.where()).body, -1)
	if len(everyone) != p.all {
		p.t.Fatalf("%d checklists of a class of %d", len(everyone), p.all)
	}
	for _, path := range everyone {
		self.reads(path, "What the course asks for", "practical skills shown", "left")
	}
}

func (p *teacher) looksOnAWideScreen() {
	p.t.Helper()
	p.do("a wide screen", chromedp.EmulateViewport(desktop.width, desktop.height))
	p.looked = map[string]bool{}
	p.open("/")
	p.open(p.roll)
	p.says("Waiting for a second person")
	p.pressWords("Back")
	p.pressWords("Back")
	p.pressWords("Hours")
	p.says("Tasha R.", "to make up")
}

// reads gets a page at the door and ends the test unless it says all of the words.
func (v *visitor) reads(path string, words ...string) string {
	v.t.Helper()
	page := v.get(path)
	body := strings.ReplaceAll(html.UnescapeString(page.body), "\u00a0", " ")
	if page.status != http.StatusOK {
		v.t.Fatalf("%s at %s: %d", v.name, path, page.status)
	}
	for _, w := range words {
		if !strings.Contains(body, w) {
			v.t.Fatalf("%s does not read %q at %s:\n%s", v.name, w, path, plain(body))
		}
	}
	return body
}

// post sends a form of pairs at the door, as its page would.
func (v *visitor) post(path string, pairs ...string) answer {
	v.t.Helper()
	form := url.Values{"_csrf": {v.csrf()}}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return v.send(http.MethodPost, path, form)
}

// refused sends a form and ends the test unless it is refused with a status.
func (v *visitor) refused(status int, path string, pairs ...string) answer {
	v.t.Helper()
	got := v.post(path, pairs...)
	if got.status != status {
		v.t.Fatalf("%s sends to %s: %d, not %d:\n%s", v.name, path, got.status, status, plain(got.body))
	}
	return got
}

var tag = regexp.MustCompile(`(?s)<(script|style).*?</|<[^>]*>`)

// plain is a page's text without its tags, for a failing test to show.
func plain(body string) string {
	return strings.Join(strings.Fields(tag.ReplaceAllString(body, " ")), " ")
}
