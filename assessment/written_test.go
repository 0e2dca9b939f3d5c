package assessment_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
)

// oneOfEach is a question of every type as an author writes it.
const oneOfEach = `## one
type: single
objective: 2
tags: breath, first move
order: fixed

What comes first?

Think of *your* body.

- [x] Breathe out
  and open your hands.
  > Yes.
  >
  > Always.
- [50%] Step back
  > Nearly.
- [ ] Run

> The first person you read is yourself.
>
> Then others.

## many
type: multiple

- a list
- in the question

Which help?

- [50%] Room
- [50%] Time
- [-50%] Threats
- [ ] Noise

## tf
type: truefalse

Silence is agreement.

- [ ] True
- [x] False

## word
type: short
case: exact
accents: exact

What do we call it?

- [x] pa*se
- [50%] stop \*
- [ ] yell
  > That adds heat.

## num
type: numeric
units: min = 1, h = 60

How long?

- [x] 90 +- 5
- [50%] 60..120
- [ ] 10

## match
type: matching

Which goes with which?

- Heat => Breathe
  > Your own first.
- a \=> b => Room
- Noise => Breathe
- => Shout

## steps
type: ordering

In which order?

1. Look
2. Breathe
   > Long.
3. Speak

> In this order.

## gaps
type: cloze
accents: exact

First {{breathe|breath*|a \| b}}, then {{=step back|run \} jump|shout}}.

- {2}
  > Room gives time.

## think
type: reflection
words: 80

What did you feel?

> Only you read this.

## write
type: essay
points: 10
words: 150

Describe a de-escalation.

## read
type: description

A man shouts.

> Remember it.

## draws
type: pool
draw: 1

- one
- many
`

func readAll(t testing.TB, source string) ([]assessment.Written, []content.Problem) {
	t.Helper()
	told := content.Problems{Path: "q.md"}
	questions := assessment.ReadWritten(strings.Split(source, "\n"), 1, &told)
	for i := range questions {
		questions[i].Check(&told)
	}
	return questions, told.List
}

func writeAll(questions []assessment.Written) string {
	var b strings.Builder
	for _, q := range questions {
		b.WriteString(q.Markdown() + "\n")
	}
	return b.String()
}

// bare is a question without what only its file knows: lines.
func bare(q assessment.Written) string {
	var b strings.Builder
	v := reflect.ValueOf(q)
	for i := range v.NumField() {
		if field := v.Type().Field(i); field.IsExported() && field.Name != "Answers" {
			fmt.Fprintf(&b, "%s=%q ", field.Name, fmt.Sprint(v.Field(i).Interface()))
		}
	}
	for _, a := range q.Answers {
		fmt.Fprintf(&b, "\n%q %q %d %v %q", a.Text, a.Side, a.Gap, a.Credit, a.Feedback)
	}
	return b.String()
}

func same(t testing.TB, what string, got, want []assessment.Written) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d questions, want %d", what, len(got), len(want))
	}
	for i := range want {
		if g, w := bare(got[i]), bare(want[i]); g != w {
			t.Fatalf("%s:\n%s\nwant\n%s", what, g, w)
		}
	}
}

func TestEveryTypeIsReadAndWrittenAsItStands(t *testing.T) {
	t.Parallel()
	questions, problems := readAll(t, oneOfEach)
	if len(problems) > 0 || len(questions) != 12 {
		t.Fatalf("%d questions, %v", len(questions), problems)
	}
	if got := questions[0]; got.Answers[0].Text != "Breathe out\nand open your hands." || got.Answers[0].Feedback != "Yes.\n\nAlways." ||
		got.Answers[1].Credit != 50 || got.General != "The first person you read is yourself.\n\nThen others." || !got.Fixed || len(got.Tags) != 2 {
		t.Errorf("%+v", got)
	}
	if got := questions[1]; !strings.HasPrefix(got.Stem, "- a list\n- in") || got.Answers[2].Credit != -50 {
		t.Errorf("%+v", got)
	}
	if got := questions[5].Answers; got[1].Text != `a \=> b` || got[1].Side != "Room" || got[3].Text != "" || got[3].Side != "Shout" {
		t.Errorf("%+v", got)
	}
	again, problems := readAll(t, writeAll(questions))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	same(t, "written and read", again, questions)
}

// FuzzQuestionsReadWhatTheyWrite reads any text as questions, writes them and reads them
// again: the same questions.
func FuzzQuestionsReadWhatTheyWrite(f *testing.F) {
	f.Add(oneOfEach)
	for _, part := range strings.Split(oneOfEach, "\n## ") {
		f.Add("## " + strings.TrimPrefix(part, "## "))
	}
	f.Add("## a\ntype: matching\n\n> q\n- [x\n\n- \\=>=>=> b\n- c => d\n")
	f.Add("## a\ntype: essay\npoints: 1\n\n> x\n\n> y\n")
	f.Fuzz(func(t *testing.T, source string) {
		questions, problems := readAll(t, source)
		if len(problems) > 0 || len(questions) == 0 {
			return
		}
		written := writeAll(questions)
		again, problems := readAll(t, written)
		if len(problems) > 0 {
			t.Fatalf("%v in\n%s", problems, written)
		}
		same(t, written, again, questions)
		drawn(t, questions, again)
	})
}

// drawn draws two lists of questions and compares what a reader sees and what is right.
func drawn(t testing.TB, some, others []assessment.Written) {
	t.Helper()
	for i := range some {
		if some[i].Type == "pool" {
			continue
		}
		one, other := content.Problems{}, content.Problems{}
		a, b := some[i].Question(&one, nil, nil), others[i].Question(&other, nil, nil)
		if len(one.List) == 0 && !reflect.DeepEqual(a, b) {
			t.Fatalf("%+v\nbecame\n%+v", a, b)
		}
	}
}

// scraps are what an author or another system may put into any text.
var scraps = []string{"Stay calm", "- [x] right", "- [ ] no", "> said", "1. first", "2. next", "- left => right", "=> x", "# Head", "## q",
	"::: note", "type: single", "", "  set in", "a|b", "\\", "`code`", "*soft*", "a_b", "- {1}", "- plain", "50%", "ñandú", "…", "- pool-id", "[link](https://example.org)", "\\#"}

func TestWhatIsWrittenFromElsewhereReadsTheSame(t *testing.T) {
	t.Parallel()
	for seed := range uint64(3000) {
		mix := rand.New(rand.NewPCG(seed, 7))
		text := func(lines int) string {
			var all []string
			for range 1 + mix.IntN(lines) {
				all = append(all, scraps[mix.IntN(len(scraps))])
			}
			return strings.TrimSpace(strings.Join(all, "\n"))
		}
		word := func() string {
			if s := strings.ReplaceAll(text(1), "\n", " "); s != "" {
				return s
			}
			return "word"
		}
		kinds := []assessment.QuestionType{assessment.Single, assessment.Multiple, assessment.Short, assessment.Matching,
			assessment.Ordering, assessment.Essay, assessment.Description, assessment.Reflection}
		q := assessment.Written{ID: "q1", Type: kinds[mix.IntN(len(kinds))], Stem: "Well " + text(4), General: text(3)}
		switch q.Type {
		case assessment.Essay:
			q.Points = 5
		case assessment.Description, assessment.Reflection:
		default:
			for n := range 2 + mix.IntN(3) {
				a := assessment.WrittenAnswer{Text: word(), Feedback: text(3)}
				switch q.Type {
				case assessment.Matching:
					a.Text, a.Side = fmt.Sprint(n, " ", a.Text), word()
				case assessment.Ordering:
				default:
					if a.Credit = 0; n == 0 {
						a.Credit = 100
					}
					if q.Type != assessment.Short {
						a.Text += "\nx " + text(2)
					}
				}
				q.Answers = append(q.Answers, a)
			}
		}
		written := q.Markdown()
		again, problems := readAll(t, written)
		if len(problems) > 0 || len(again) != 1 || len(again[0].Answers) != len(q.Answers) {
			t.Fatalf("seed %d: %v, %d read of\n%s", seed, problems, len(again), written)
		}
		twice, _ := readAll(t, again[0].Markdown())
		same(t, written, twice, again)
		for i, a := range again[0].Answers {
			if a.Credit != q.Answers[i].Credit || (a.Feedback == "") != (q.Answers[i].Feedback == "") {
				t.Fatalf("seed %d: %+v of\n%s", seed, a, written)
			}
		}
	}
}
