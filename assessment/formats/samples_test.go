package formats_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
)

func html(words string) formats.Text  { return formats.Text{Markup: formats.HTML, Words: words} }
func plain(words string) formats.Text { return formats.Text{Markup: formats.Plain, Words: words} }

// number is an answer that accepts a range of numbers.
func number(low, high, fraction float64) formats.Answer {
	r := formats.Range{Low: low, High: high}
	return formats.Answer{Text: plain(r.String()), Number: &r, Fraction: fraction, Feedback: plain("Said.")}
}

// everyType is a question of each type with all that one can say.
func everyType() []formats.Item {
	return []formats.Item{
		{Name: "q-calm", Title: "A calm voice", Type: formats.Choice, Stem: html("<p>What lowers the <b>heat</b> first?</p>"),
			General: html("<p>A voice is heard before its words.</p>"), Tags: []string{"T07", "objective 2"}, Category: "Talk/De-escalation",
			Answers: []formats.Answer{
				{Text: html("<p>A slow &amp; low voice</p>"), Fraction: 100, Feedback: html("<p>Yes: it is <i>caught</i>.</p>")},
				{Text: plain("A step forward, < 3 feet"), Fraction: 0, Feedback: plain("It reads as a threat.")},
				{Text: plain("All of the above")},
			}},
		{Name: "q-some", Title: "Some of these", Type: formats.Choice, Several: true, Fixed: true, Stem: plain("Which two help?"), General: plain("Room and time."),
			Answers: []formats.Answer{{Text: plain("Space"), Fraction: 50}, {Text: plain("Time"), Fraction: 50}, {Text: plain("Noise"), Fraction: -50}, {Text: plain("Light")}}},
		{Name: "q-true", Type: formats.TrueFalse, Stem: plain("Silence is an answer."), General: plain("Wait."), Category: "Talk",
			Answers: []formats.Answer{{Text: plain("True"), Fraction: 100, Feedback: plain("It is.")}, {Text: plain("False"), Feedback: plain("Think again.")}}},
		{Name: "q-short", Title: "¿Cómo se llama?", Type: formats.Short, ExactCase: true, Stem: plain("Name the first step."), General: plain("Breath comes first."),
			Answers: []formats.Answer{{Text: plain("breathe"), Fraction: 100}, {Text: plain("breath*"), Fraction: 66.66667, Feedback: plain("Nearly.")}, {Text: plain("run"), Feedback: plain("No.")}}},
		{Name: "q-number", Title: "How far", Type: formats.Numerical, Stem: plain("How far is an arm and a half?"), General: html("<p>Out of <b>reach</b>.</p>"),
			Answers: []formats.Answer{number(0.9, 1.1, 100), number(0.8, 1.2, 50)},
			Units:   []formats.Unit{{Name: "m", Factor: 1}, {Name: "cm", Factor: 0.01}}},
		{Name: "q-match", Type: formats.Matching, Stem: plain("What belongs together?"), General: plain("See the module."),
			Pairs: []formats.Pair{{Left: html("<b>Ear</b>"), Right: plain("hear")}, {Left: plain("Eye"), Right: plain("see")}, {Left: plain("Ears"), Right: plain("hear")}, {Right: plain("taste")}}},
		{Name: "q-order", Type: formats.Ordering, Stem: plain("In which order?"), General: plain("Speech comes last."),
			Answers: []formats.Answer{{Text: plain("Stop")}, {Text: plain("Look")}, {Text: html("<i>Speak</i>")}}},
		{Name: "q-gaps", Type: formats.Cloze, Stem: html("<p>Speak {{1}} and {{2}}, from {{3}} feet; say {{4}}.</p>"), General: plain("Low and slow."),
			Gaps: []formats.Gap{
				{Chosen: true, Answers: []formats.Answer{{Text: plain("slowly"), Fraction: 100, Feedback: plain("Right #1 ~ {so}")}, {Text: plain("fast = loud")}, {Text: plain("R&D \\ 50%"), Fraction: 25}}},
				{Answers: []formats.Answer{{Text: plain("low"), Fraction: 100}, {Text: plain("deep"), Fraction: 50, Feedback: plain("Nearly.")}}},
				{Numerical: true, Answers: []formats.Answer{number(5, 7, 100)}},
				{ExactCase: true, Answers: []formats.Answer{{Text: plain("I"), Fraction: 100}}},
			}},
		{Name: "q-essay", Type: formats.Essay, Stem: html("<p>Tell of a talk that went well.</p>"), Words: 150, General: plain("Thank you.")},
		{Name: "q-think", Type: formats.Reflection, Stem: plain("What stays with you?"), General: plain("Yours alone.")},
		{Name: "q-read", Type: formats.Description, Stem: html("<p>Read this first.<br>Then go on.</p>"), General: plain("Done.")},
	}
}

// sameItems fails where two lists of items differ in anything but their lines.
func sameItems(t testing.TB, want, got []formats.Item) {
	t.Helper()
	if len(want) != len(got) {
		t.Fatalf("%d items became %d", len(want), len(got))
	}
	for i := range want {
		w, g := want[i], got[i]
		w.Line, g.Line = 0, 0
		if !reflect.DeepEqual(w, g) {
			t.Errorf("item %d became another:\n%s\n%s", i+1, told(w), told(g))
		}
	}
}

func told(item formats.Item) string {
	return strings.ReplaceAll(fmt.Sprintf("%+v, numbers %v", item, numbers(item)), "\n", "\\n")
}

func numbers(item formats.Item) (all []formats.Range) {
	lists := [][]formats.Answer{item.Answers}
	for _, g := range item.Gaps {
		lists = append(lists, g.Answers)
	}
	for _, list := range lists {
		for _, a := range list {
			if a.Number != nil {
				all = append(all, *a.Number)
			}
		}
	}
	return all
}
