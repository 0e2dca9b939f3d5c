package content

import (
	"fmt"
	"strings"
	"testing"
)

// bombs are texts of about n bytes that ask for time or memory out of all proportion to
// their length: where each is told, counted from its own first line, and as what.
func bombs(n int) map[string]struct {
	text, want string
} {
	again := strings.Repeat
	var notes, lists strings.Builder
	for i := range n / 100 {
		fmt.Fprintf(&notes, "Text[^n%d].\n\n[^n%d]: See [^n%d].\n\n", i, i, i+1)
	}
	for depth := 0; lists.Len() < n; depth++ {
		lists.WriteString(again("  ", depth) + "- a\n")
	}
	return map[string]struct{ text, want string }{
		"quotes in quotes":                {again(">", n), "1 too_deep"},
		"quotes over many lines":          {"a\n\n" + again("> ", n/4) + "a\n" + again(">\n", n/4), "3 too_deep"},
		"lists on one line":               {again("- ", n/2) + "a", "1 too_deep"},
		"numbered lists on one line":      {again("1. ", n/3) + "a", "1 too_deep"},
		"lists in lists":                  {lists.String(), "52 too_deep"},
		"lists in lists, then no line":    {again("\t", 26) + "- a\n" + again("\n", n), "1 too_deep"},
		"opening brackets":                {again("[", n), "1 brackets_many"},
		"brackets that close":             {again("[", n/2) + again("]", n/2), "1 brackets_many"},
		"links without an end":            {again("[a](b(\n", n/7), "401 brackets_many"},
		"stars":                           {again("*", n), "1 run_long"},
		"stars about words":               {again("*a **b ", n/7), "1 run_long"},
		"a paragraph over many lines":     {again("a *b _c\n", n/8), "2049 run_long"},
		"footnotes that refer on":         {notes.String(), "1335 footnotes_many"},
		"one footnote, referred to often": {again("a[^a]\n\n", n/7) + "[^a]: x\n", "2001 footnotes_many"},
		"a table of empty rows":           {again("|a", 1000) + "|\n" + again("|-", 1000) + "|\n" + again("|\n", n/2), "8 table_gaps"},
		"an empty table in a quote":       {"> " + again("|a", 500) + "|\n> " + again("|-", 500) + "|\n" + again("> |\n", n/4), "13 table_gaps"},
	}
}

// Such a text is told with its line before anything of it is drawn: the one pass of bounded
// over its bytes is all that it costs.
func TestATextThatCostsMoreThanItsLengthIsToldAndNotDrawn(t *testing.T) {
	t.Parallel()
	for name, bomb := range bombs(1 << 20) {
		told := &Problems{Path: "t07-a.md"}
		d := (&parser{}).document(English, "T07", told)
		drawn := d.draw([]byte(bomb.text), 1)
		got := ""
		for _, p := range told.List {
			got += fmt.Sprintf("%d %s", p.Line, strings.TrimPrefix(p.Key, "content.problem."))
		}
		if got != bomb.want || drawn != "" || d.sections != nil {
			t.Errorf("%s: told %q, want %q; %d bytes drawn", name, got, bomb.want, len(drawn))
		}
	}
}

// What comes near the bounds and is an honest text is drawn.
func TestALongTextInPartsIsDrawn(t *testing.T) {
	t.Parallel()
	row := strings.Repeat("| a ", 8) + "|\n"
	for name, text := range map[string]string{
		"many paragraphs":     strings.Repeat(strings.Repeat("word ", 200)+"\n\n", 500),
		"a table of its own":  row + strings.Repeat("|---", 8) + "|\n" + strings.Repeat(row, 300),
		"a list ten deep":     "- a\n  - b\n    - c\n      - d\n        - e\n          - f\n            - g\n              - h\n                - i\n                  - j\n",
		"rules":               strings.Repeat("- - - - - - - - - - - - - - - - - - - - - - - - -\n\n***\n\n", 300),
		"three hundred notes": strings.Repeat("Text[^a].\n\n", 300) + "[^a]: x\n",
		"a quote in a list":   "1. a\n   > b\n   > - c\n",
	} {
		told := &Problems{Path: "t07-a.md"}
		if drawn := (&parser{}).document(English, "T07", told).draw([]byte(text), 1); drawn == "" || len(told.List) > 0 {
			t.Errorf("%s: %v, %d bytes drawn", name, told.List, len(drawn))
		}
	}
}

// Lines and names of headings are found without going over the text again for each: a step
// for each heading, whatever the others are called.
func TestManyHeadingsOfOneNameAreNumberedInOneStepEach(t *testing.T) {
	t.Parallel()
	a := &anchors{}
	const many = 200_000
	last := ""
	for range many {
		last = string(a.Generate([]byte("One"), 0))
	}
	if want := fmt.Sprintf("s-one-%d", many); last != want || len(a.taken) != many {
		t.Errorf("%s of %d, want %s", last, len(a.taken), want)
	}
}

// BenchmarkBombs reads each of them at a sixteenth of a megabyte and at one: the second
// takes sixteen times as long at most.
func BenchmarkBombs(b *testing.B) {
	for _, size := range []int{1 << 16, 1 << 20} {
		for name, bomb := range bombs(size) {
			b.Run(fmt.Sprintf("%s/%d", name, size>>10), func(b *testing.B) {
				for b.Loop() {
					(&parser{}).document(English, "T07", &Problems{}).draw([]byte(bomb.text), 1)
				}
			})
		}
	}
}

// BenchmarkText draws texts that pass the bounds, at a tenth and the whole of what a text
// may have: headings, footnotes, scenes, links to itself, lists and problems to tell.
func BenchmarkText(b *testing.B) {
	for name, part := range map[string]string{
		"headings": "## One\n\nText.\n\n", "choices": "::: scenario\n## a\n\nb\n\n## c\n\nd\n\n:::\n\n", "links": "[a](#b) and [c](d)\n\n",
		"emphasis": strings.Repeat("a *b* **c** _d", 100) + "\n\n", "html": "<b>\n\n", "terms": "[a]{term=none}\n\n",
	} {
		for _, size := range []int{1 << 16, 1 << 19} {
			text := []byte(strings.Repeat(part, size/len(part)))
			b.Run(fmt.Sprintf("%s/%d", name, size>>10), func(b *testing.B) {
				for b.Loop() {
					(&parser{}).document(English, "T07", &Problems{}).draw(text, 1)
				}
			})
		}
	}
}
