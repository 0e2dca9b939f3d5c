package pages_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
)

// everyType is a quiz with a question of every type that is answered, whose keys are
// words that stand nowhere else on a page.
const everyType = `---
module: T07
title: "Check: every type"
lang: en
version: 90
---

## read
type: description

A man shouts in a doorway.

## word
type: short

What comes before the first word?

- [x] zebrabreath
  > Zebrasaid.
- [50%] zebrapause*

> Zebrageneral.

## num
type: numeric
units: min = 1, h = 60

How long does it take a body to settle?

- [x] 717 +- 12.25
  > Zebralong.

## match
type: matching

Which goes with which?

- Heat => Breathe & wait
  > Zebrapair.
- Noise => A quiet place
- Crowd => More room
- => A louder voice

## steps
type: ordering

In which order?

1. Look at the scene
   > Zebrafirst.
2. Breathe
3. Speak
4. Leave

## gaps
type: cloze

First you {{zebragap|zebraother}}, then you {{=step back|run|shout}}.

- {2}
  > Zebraroom.

## most
type: multiple

Which help?

- [50%] Room
  > Zebraright.
- [50%] Time
- [-50%] Threats

## think
type: reflection

What did you feel?

## drawn
type: pool
draw: 1

- one
- other

## one
type: truefalse

Calm spreads.

- [x] True
- [ ] False

## other
type: truefalse

Heat spreads.

- [x] True
- [ ] False
`

// spanishType gives everyType Spanish words.
var spanishType = strings.NewReplacer("lang: en", "lang: es", "zebrabreath", "cebrarespira", "zebragap|zebraother", "cebrahueco",
	"What comes before", "¿Qué va antes de", "Breathe & wait", "Respirar & esperar", "zebrapause*", "cebrapausa*", "717 +- 12.25", "717 +- 12,25",
	"In which order?", "¿En qué orden?", "Look at the scene", "Mirar la escena", "step back", "retroceder").Replace(everyType)

func (h *house) importEveryType() {
	h.Helper()
	quizzes, problems := assessment.ReadQuizzes([]content.QuizFile{
		{ModuleID: "T07", Lang: content.English, Path: "t07.quiz.md", Source: []byte(everyType)},
		{ModuleID: "T07", Lang: content.Spanish, Path: "t07.quiz.es.md", Source: []byte(spanishType)},
	})
	if len(problems) > 0 {
		h.Fatal(problems)
	}
	_, err := h.Import(h.Context(), quizzes)
	h.must(err)
}

// option finds what a form sends for one of a list's words.
func option(h *house, page, words string) string {
	h.Helper()
	found := regexp.MustCompile(`<option value="([^"]*)"[^>]*>\s*` + regexp.QuoteMeta(words) + `\s*</option>`).FindStringSubmatch(page)
	if found == nil {
		h.Fatalf("no option %q", words)
	}
	return found[1]
}

// place finds what a form sends for an item at a place, from 1.
func place(h *house, page, words string, at int) string {
	h.Helper()
	found := regexp.MustCompile(`(?s)<label for="p-steps-([0-9])"[^>]*>\s*` + regexp.QuoteMeta(words)).FindStringSubmatch(page)
	if found == nil {
		h.Fatalf("no item %q", words)
	}
	return fmt.Sprintf("%s-%d", found[1], at-1)
}

func TestEveryTypeIsAnsweredWithoutScripts(t *testing.T) {
	each(t, func(h *house) {
		h.importEveryType()
		attempt := h.start("maya", "t07")
		page := h.ask("maya", "GET", attempt, nil)
		h.wants("the attempt", page, 200, "Question 1 of 8", "Question 8 of 8", "A man shouts in a doorway.", "0 of 8 answered",
			"Use invented people and places. No names, blocks or incidents.", "This is for you alone.", "Breathe &amp; wait")
		if size := packed(h, page.body); size > 15<<10 {
			t.Errorf("the page is %d bytes on the way, more than 15 KB", size)
		}
		drawn := "one"
		if strings.Contains(page.body, "Heat spreads.") {
			drawn = "other"
		}
		if strings.Contains(page.body, "Calm spreads.") == (drawn == "other") {
			t.Error("not one of two was drawn")
		}
		side := func(left int, words string) string {
			_, right, _ := strings.Cut(option(h, page.body, words), "-")
			return fmt.Sprintf("%d-%s", left, right)
		}
		form := url.Values{"device": {"plain"}, "seen.word": {"0"}, "t.word": {" Zebrabreath "}, "seen.num": {"0"}, "t.num": {"12", "1"},
			"seen.match": {"0"}, "p.match": {side(0, "Breathe &amp; wait"), side(1, "A quiet place"), ""},
			"seen.steps": {"0"}, "p.steps": {place(h, page.body, "Look at the scene", 1), place(h, page.body, "Breathe", 2), place(h, page.body, "Speak", 4), place(h, page.body, "Leave", 3)},
			"seen.gaps": {"0"}, "t.gaps": {"zebraother", option(h, page.body, "step back")},
			"seen.most": {"0"}, "a.most": {"0", "2"}, "seen.think": {"0"}, "t.think": {"Warm <b>hands</b>"}, "seen." + drawn: {"0"}, "a." + drawn: {"0"}}
		if a := h.ask("maya", "POST", attempt+"/answers", form); a.StatusCode != 303 {
			t.Fatalf("saving: %d", a.StatusCode)
		}
		again := h.ask("maya", "GET", attempt, nil)
		h.wants("kept", again, 200, `value="Zebrabreath"`, `value="12"`, "8 of 8 answered", "Warm &lt;b&gt;hands", `value="zebraother"`)
		for _, chosen := range append(form["p.steps"], append(form["p.match"][:2], form["t.gaps"][1])...) {
			if !strings.Contains(again.body, `value="`+chosen+`" selected`) {
				t.Errorf("%s was not kept as chosen", chosen)
			}
		}
		h.ask("maya", "POST", attempt+"/answers", url.Values{"device": {"late"}, "seen.word": {"0"}, "t.word": {"too late"}, "seen.steps": {"0"}, "p.steps": {place(h, page.body, "Leave", 1)}})
		h.wants("what came too late", h.ask("maya", "GET", attempt, nil), 200, "does not count", "too late", "1. Leave")
		h.ask("maya", "POST", attempt+"/submission", url.Values{})
		result := h.ask("maya", "GET", attempt+"/result", nil)
		// word 100, num 100 (12 h are 720 min), match 66, steps 33, gaps 100, most 0, drawn 100: 499 of 700.
		h.wants("the result", result, 200, "71 percent", "4 of 7 right", "Zebrasaid.", "Zebralong.", "Zebrapair.", "Zebraroom.", "Zebrafirst.", "Zebrageneral.",
			"Yours alone", "Heat → Breathe &amp; wait", "Crowd", "More room", "The right order", "12 h", "too late", "Partly right")
		if strings.Contains(result.body, "\uE001") {
			t.Error("the mark of a gap is on the page")
		}
	})
}

// packed is how many bytes a page has on the way.
func packed(h *house, page string) int {
	h.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(page))
	h.must(err)
	h.must(w.Close())
	return b.Len()
}

// leaks are words that only the key of everyType and what is said to it hold. A number
// stands by itself: three digits turn up in random keys and tokens too.
var leaks = regexp.MustCompile(`(?i)zebra|cebra|(?:^|[^\w-])717(?:[^\w-]|$)|12\.25|12,25`)

func TestAnOpenAttemptHoldsNoKey(t *testing.T) {
	each(t, func(h *house) {
		h.importEveryType()
		for _, name := range []string{"maya", "luz"} {
			attempt := h.start(name, "t07")
			page := h.ask(name, "GET", attempt, nil)
			h.wants("the attempt", page, 200)
			saved := h.ask(name, "POST", attempt+"/answers", url.Values{"device": {"x"}, "one": {"word"}, "seen.word": {"0"}, "t.word": {"wrong"}}, "Accept", "application/json")
			h.wants("a save", saved, 200, `"texts":["wrong"]`)
			refused := h.ask(name, "POST", attempt+"/answers", url.Values{"device": {"y"}, "one": {"word"}, "seen.word": {"0"}, "t.word": {"other"}}, "Accept", "application/json")
			h.wants("a refused save", refused, 409, `"texts":["wrong"]`)
			sure := h.ask(name, "POST", attempt+"/submission", url.Values{})
			for _, a := range []answer{page, saved, refused, sure} {
				if leak := leaks.FindString(a.body); leak != "" {
					t.Errorf("%s reads %q in an open attempt", name, leak)
				}
			}
		}
		// What a page sends for a right side or a place is the same in every attempt, and no
		// order in which the key is written.
		page := h.ask("maya", "GET", h.start("maya", "t07"), nil).body
		var right, steps []string
		for _, words := range []string{"Breathe &amp; wait", "A quiet place", "More room", "A louder voice"} {
			_, n, _ := strings.Cut(option(h, page, words), "-")
			right = append(right, n)
		}
		for _, words := range []string{"Look at the scene", "Breathe", "Speak", "Leave"} {
			steps = append(steps, strings.Split(place(h, page, words, 1), "-")[0])
		}
		if strings.Join(right, "") == "0123" || strings.Join(steps, "") == "0123" {
			t.Errorf("the numbers on the page are the key's: %v, %v", right, steps)
		}
	})
}

func TestSidesAndItemsAreMixedByTheAttempt(t *testing.T) {
	each(t, func(h *house) {
		h.importEveryType()
		seen := map[string]bool{}
		items := regexp.MustCompile(`id="p-steps-([0-9])"`)
		for _, name := range []string{"maya", "luz", "<script>al"} {
			page := h.ask(name, "GET", h.start(name, "t07"), nil).body
			if again := h.ask(name, "GET", h.start(name, "t07"), nil).body; fmt.Sprint(items.FindAllString(again, -1)) != fmt.Sprint(items.FindAllString(page, -1)) {
				t.Error("the order changes within an attempt")
			}
			seen[fmt.Sprint(items.FindAllString(page, -1), regexp.MustCompile(`value="0-[0-9]"`).FindAllString(page, -1))] = true
		}
		if len(seen) < 2 {
			t.Errorf("three attempts, one order: %v", seen)
		}
	})
}

func TestWhatNoPageSendsIsRefused(t *testing.T) {
	each(t, func(h *house) {
		h.importEveryType()
		attempt := h.start("maya", "t07")
		undrawn := "one"
		if strings.Contains(h.ask("maya", "GET", attempt, nil).body, "Calm spreads.") {
			undrawn = "other"
		}
		for name, row := range map[string]struct {
			question string
			field    string
			values   []string
			want     int
		}{
			"a pick where words are typed":    {"word", "a.word", []string{"0"}, 422},
			"words where one picks":           {"most", "t.most", []string{"x"}, 422},
			"a side that is not there":        {"match", "p.match", []string{"0-9"}, 422},
			"no pair":                         {"match", "p.match", []string{"x-1"}, 422},
			"a left side twice":               {"match", "p.match", []string{"0-1", "0-2"}, 422},
			"one gap of two":                  {"gaps", "t.gaps", []string{"x"}, 422},
			"an option that is not there":     {"gaps", "t.gaps", []string{"x", "7"}, 422},
			"too many letters":                {"word", "t.word", []string{strings.Repeat("x", assessment.LongestShort+1)}, 422},
			"an answer to what is only read":  {"read", "t.read", []string{"x"}, 422},
			"a question that was not drawn":   {undrawn, "a." + undrawn, []string{"0"}, 404},
			"a question that is not there":    {"none", "a.none", []string{"0"}, 404},
			"a unit that is not there":        {"num", "t.num", []string{"1", "2"}, 422},
			"a long text with a control sign": {"think", "t.think", []string{"a\x07b"}, 422},
		} {
			form := url.Values{"device": {"x"}, "one": {row.question}, "seen." + row.question: {"0"}, row.field: row.values}
			if a := h.ask("maya", "POST", attempt+"/answers", form, "Accept", "application/json"); a.StatusCode != row.want {
				t.Errorf("%s: %d, want %d", name, a.StatusCode, row.want)
			}
		}
	})
}
