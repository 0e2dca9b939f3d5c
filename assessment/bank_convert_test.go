package assessment

import (
	"slices"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
)

// oneOfEach holds a question of each type, as a quiz file has it.
const oneOfEach = `## q-single
type: single
tags: calm, radio
order: fixed

Who speaks **first**?

- [x] They
  > Yes.
- [50%] You, with
  two lines
  > Sometimes *so*.
- [ ] Nobody

> Listening
>
> comes first.

## q-multiple
type: multiple

What calms?

- [x] Time
- [x] Space
- [ ] Noise

## q-shares
type: multiple

What calms?

- [75%] Time
- [25%] Space
- [-50%] Noise

## q-truth
type: truefalse

Calm helps.

- [x] True
- [ ] False
  > It does.

## q-short
type: short
case: exact

The piece that is passed is the …

- [x] talking piece
- [50%] talk*piece \*
- [ ] gun
  > No.

## q-number
type: numeric

How many?

- [x] 3.14 +- 0.01
- [50%] 1..9

## q-pairs
type: matching

Match.

- Ear => hears
- Eye \=> both => sees
- => smells

## q-order
type: ordering

Order.

1. First
2. *Second*
3. Third

## q-essay
type: essay
points: 10

Write.

## q-for-me
type: reflection

Think.

## q-words
type: description

Read this: 1 < 2.

## q-gaps
type: cloze

Calm is {{=good|bad|worse}} and {{slow|not fast}}.

- {1}
  > Yes.
`

func written(t *testing.T, source string) []Written {
	t.Helper()
	told := &content.Problems{}
	all := ReadWritten(strings.Split(source, "\n"), 1, told)
	for i := range all {
		all[i].Check(told)
	}
	if len(told.List) > 0 {
		t.Fatal(told.List)
	}
	return all
}

// What is exported and read again is the same question, in every format that holds it.
func TestExportFollowedByImportGivesTheSameQuestions(t *testing.T) {
	all := written(t, oneOfEach)
	var items []formats.Item
	for _, w := range all {
		items = append(items, w.Item("A title"))
	}
	for format, beyond := range map[formats.Format][]string{
		formats.GIFT:      {"q-single order", "q-short case"},
		formats.CSV:       nil,
		formats.MoodleXML: nil,
	} {
		source, warnings, err := formats.Write(format, items)
		if err != nil {
			t.Fatal(err)
		}
		reading, err := formats.Read(format, content.File{Path: "f", Bytes: source})
		if err != nil || len(reading.Items) != len(all) {
			t.Fatalf("%s: %d items, %v, %v, %v\n%s", format, len(reading.Items), warnings, reading.Warnings, err, source)
		}
		for i, item := range reading.Items {
			got, refused := Convert(item, content.English)
			if refused != nil {
				t.Errorf("%s: %s is refused: %+v\n%+v", format, all[i].ID, refused, item)
				continue
			}
			want := all[i].Markdown()
			if slices.Contains(beyond, all[i].ID+" order") {
				want = strings.Replace(want, "order: fixed\n", "", 1)
			}
			if slices.Contains(beyond, all[i].ID+" case") {
				want = strings.Replace(want, "case: exact\n", "", 1)
			}
			if got.Written.ID != all[i].ID && got.Named || contentHash(got.Written) != contentHash(written(t, want)[0]) || got.Title != "A title" || len(got.Notes) > 0 || !got.Named && format != formats.MoodleXML {
				t.Errorf("%s: %q %v\n%s\nis not\n%s\nfrom\n%+v", format, got.Title, got.Notes, got.Written.Markdown(), want, item)
			}
		}
	}
}

func TestTextsOfFilesBecomeSafeMarkdown(t *testing.T) {
	for source, want := range map[formats.Text]string{
		{Markup: formats.HTML, Words: "<p>A <b>bold</b> word &amp; <script>alert(1)</script>more</p><p>Second</p>"}: "A **bold** word & more\n\nSecond",
		{Markup: formats.HTML, Words: "<h2>Head</h2><ul><li>a</li><li>b</li></ul>"}:                                 "**Head**\n\n- a\n- b",
		{Markup: formats.HTML, Words: `See <img src="/a/seat.png" alt="the seat">.`}:                                `See \[the seat\].`,
		{Markup: formats.Plain, Words: "2 * 3 * 4 <b>"}:                                                             "2 * 3 * 4 &lt;b&gt;",
		{Markup: formats.Plain, Words: "# no heading"}:                                                              `\# no heading`,
		{Markup: formats.Moodle, Words: "line\nline"}:                                                               "line\\\nline",
		{Markup: formats.Markdown, Words: "a <b>b</b>"}:                                                             "a **b**",
		{Markup: formats.Markdown, Words: "*a* and _____"}:                                                          "*a* and _____",
	} {
		got, _ := inMarkdown(source)
		told := &content.Problems{}
		content.Short(got, 1, told)
		if got != want || len(told.List) > 0 {
			t.Errorf("%q is %q, not %q: %v", source.Words, got, want, told.List)
		}
	}
}
