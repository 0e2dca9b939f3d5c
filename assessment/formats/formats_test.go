package formats_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
)

// lost counts the items that stay outside.
func lost(r formats.Reading) int {
	n := 0
	for _, w := range r.Warnings {
		if w.Lost {
			n++
		}
	}
	return n
}

// brief is an item in one line.
func brief(i formats.Item) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d %s|%s|%s:%s", i.Line, i.Type, i.Title, i.Stem.Markup, i.Stem.Words)
	for _, a := range i.Answers {
		fmt.Fprintf(&b, "|%g %s", a.Fraction, a.Text.Words)
		if a.Number != nil {
			fmt.Fprintf(&b, " (%g to %g)", a.Number.Low, a.Number.High)
		}
		if !a.Feedback.Empty() {
			b.WriteString("#" + a.Feedback.Words)
		}
	}
	for _, p := range i.Pairs {
		b.WriteString("|" + p.Left.Words + "=>" + p.Right.Words)
	}
	for _, g := range i.Gaps {
		fmt.Fprintf(&b, "|gap %v", g.Chosen)
		for _, a := range g.Answers {
			fmt.Fprintf(&b, " %g %s#%s", a.Fraction, a.Text.Words, a.Feedback.Words)
		}
	}
	if !i.General.Empty() {
		b.WriteString("|####" + i.General.Words)
	}
	if i.Name != "" || len(i.Tags) > 0 || i.Category != "" {
		fmt.Fprintf(&b, "|%s %v %s", i.Name, i.Tags, i.Category)
	}
	return b.String()
}

// giftOfEverything holds each form of GIFT once.
const giftOfEverything = `// A comment. [id:q1] [tag:calm] [tag:radio]
::Before the call::Who speaks first\:
you or they?{
    ~%50%You #Sometimes.
    =They    #Yes.
             Listening comes first.
    ~Nobody
####The circle decides.}

$CATEGORY: $course$/Listening

A circle has {=one talking piece =a talking piece #Good.} at a time.

[markdown]**Calm**\n\n- breathe
- wait{}

How many steps?{#=4:1 =%50%1..9#Near. ~#Count again.}

Pick all.{~%50%a ~%50%b ~%-100%c \{d\}}

Match.{
  =Ear -> hears

  =Eye -> sees
  = -> smells
}

The sky is green.{FALSE#Look up.#You looked.####Every day.}

Read this before you go on.

Calm is {1:MULTICHOICE:=good#Yes~bad} and {1:SHORTANSWER:%100%slow~*#No}.
`

func TestGIFTIsReadAsItIsWritten(t *testing.T) {
	reading, err := formats.Read(formats.GIFT, content.File{Path: "a.gift", Bytes: []byte(strings.ReplaceAll(giftOfEverything, "\n", "\r\n"))})
	if err != nil || len(reading.Warnings) > 0 {
		t.Fatal(err, reading.Warnings)
	}
	want := []string{
		"2 MC|Before the call|moodle:Who speaks first: you or they?|50 You#Sometimes.|100 They#Yes. Listening comes first.|0 Nobody|####The circle decides.|q1 [calm radio] ",
		"12 Short||moodle:A circle has _____ at a time.|100 one talking piece|100 a talking piece#Good.| [] $course$/Listening",
		"14 Essay||markdown:**Calm**\n\n- breathe\n- wait| [] $course$/Listening",
		"17 Numerical||moodle:How many steps?|100 4:1 (3 to 5)|50 1..9 (1 to 9)#Near.|0 *#Count again.| [] $course$/Listening",
		"19 MC||moodle:Pick all.|50 a|50 b|-100 c {d}| [] $course$/Listening",
		"21 Matching||moodle:Match.|Ear=>hears|Eye=>sees|=>smells| [] $course$/Listening",
		"28 TF||moodle:The sky is green.|0 True#Look up.|100 False#You looked.|####Every day.| [] $course$/Listening",
		"30 Description||moodle:Read this before you go on.| [] $course$/Listening",
		"32 Cloze||moodle:Calm is {{1}} and {{2}}.|gap true 100 good#Yes 0 bad#|gap false 100 slow# 0 *#No| [] $course$/Listening",
	}
	for i, item := range reading.Items {
		if i >= len(want) || brief(item) != want[i] {
			t.Errorf("item %d is\n%s", i, brief(item))
		}
	}
	if len(reading.Items) != len(want) {
		t.Errorf("%d items of %d", len(reading.Items), len(want))
	}
}

// What can't be read is told with its line, and what stands beside it is read.
func TestWhatCannotBeReadIsNamed(t *testing.T) {
	for name, c := range map[string]struct {
		format formats.Format
		source string
		want   string // "line key" of each that is lost
		items  int
	}{
		"never closed":         {formats.GIFT, "a{=b\n\nc{T}\n", "1 assessment.format.unclosed", 1},
		"two places":           {formats.GIFT, "a{T} b {F}\n\nc{T}", "1 assessment.format.braces", 1},
		"closed, never opened": {formats.GIFT, "a} b{T}\n\nc{T}", "1 assessment.format.braces", 1},
		"a word for a number":  {formats.GIFT, "c{T}\n\na{#four}", "3 assessment.format.number", 1},
		"too heavy":            {formats.GIFT, "a{~%150%b =c}", "1 assessment.format.weight", 0},
		"no question":          {formats.GIFT, "::t::{T}", "1 assessment.format.no_stem", 0},
		"one to choose from":   {formats.GIFT, "a {1:MC:=b} c", "1 assessment.format.gap_one", 0},
		"an unknown gap":       {formats.GIFT, "a {1:DRAG:=b} c", "1 assessment.format.gap_kind", 0},
		"Aiken, no answer":     {formats.Aiken, "p\nA) a\nB) b\n\nq\nA) a\nB) b\nANSWER: B", "1 assessment.format.unanswered", 1},
		"Aiken, wrong letter":  {formats.Aiken, "q\nA) a\nB) b\nANSWER: C\n", "1 assessment.format.letter", 0},
		"Aiken, one choice":    {formats.Aiken, "q\nA) a\nANSWER: A\n", "1 assessment.format.few", 0},
		"CSV, open quotes":     {formats.CSV, "stem,type\na,Essay\n\"b,Essay\n", "3 assessment.format.quotes", 1},
		"CSV, unknown type":    {formats.CSV, "stem,type\na,Riddle\nb,Essay", "2 assessment.format.type", 1},
	} {
		reading, err := formats.Read(c.format, content.File{Path: "f", Bytes: []byte(c.source)})
		var told []string
		for _, w := range reading.Warnings {
			told = append(told, fmt.Sprint(w.Problem.Line, " ", w.Problem.Key))
		}
		if got := strings.Join(told, ", "); err != nil || got != c.want || len(reading.Items) != c.items || lost(reading) != len(told) {
			t.Errorf("%s: %d items, %s, %v", name, len(reading.Items), got, err)
		}
	}
}

func TestAFormatIsToldByWhatIsInTheFile(t *testing.T) {
	for source, want := range map[string]string{
		"q{T}":                           "gift ",
		"::t::only words":                "gift ",
		"q\nA) a\nB) b\nANSWER: A":       "aiken ",
		"q\nA. a {x}\nB. b\nANSWER: A":   "aiken ",
		"Type;Stem\nTF;a":                "csv ",
		"<?xml version='1.0'?><quiz/>":   "moodle ",
		"<p>a</p>{T}":                    "gift ",
		"<!-- x --><assessmentItem x=''": "qti ",
		"PK\x03\x04":                     "qti ",
		"---\nmodule: T01\n---\n\n## q-one\ntype: single\n": "markdown ",
		"topic: a\nitems:\n  a: b {c}\n  d: e\n":            " YAML",
		"# comment\n---\na: b\nc: d\ne: f\n":                " YAML",
		"{\"a\": 1}":                                        " JSON",
		"%PDF-1.7":                                          " PDF",
		"<?xml ?><svg/>":                                    " XML",
		"DOCUMENT();\n{":                                    " WeBWorK",
		"Only a few words.":                                 " ",
		"# A text {with} it":                                " ",
		"":                                                  " ",
	} {
		format, kind := formats.Detect(content.File{Path: "f.txt", Bytes: []byte(source)})
		if got := string(format) + " " + kind; got != want {
			t.Errorf("%q is %q", source, got)
		}
	}
}

// A spreadsheet runs no cell that we write, and what stood there comes back.
func TestNoCellIsAFormula(t *testing.T) {
	words := []string{"=1+1", "+1", "-1", "@a", "'=a", "''a", "'a", "a=1"}
	var items []formats.Item
	for _, w := range words {
		text := formats.Text{Markup: formats.Plain, Words: w}
		items = append(items, formats.Item{Title: w, Type: formats.Essay, Stem: text, General: text})
	}
	written, _, err := formats.Write(formats.CSV, items)
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(written), "\n") {
		for cell := range strings.SplitSeq(line, ",") {
			if cell != "" && strings.ContainsAny(cell[:1], "=+-@") {
				t.Errorf("%q stands in a cell", cell)
			}
		}
	}
	reading, err := formats.Read(formats.CSV, content.File{Path: "f", Bytes: written})
	if err != nil || same(t, reading.Items) != same(t, items) {
		t.Errorf("%s\n%v\n%s", same(t, reading.Items), err, written)
	}
}
