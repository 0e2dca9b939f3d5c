package assessment

import (
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/content"
)

// keyed reads one question as a quiz would hold it.
func keyed(t *testing.T, source string) Question {
	t.Helper()
	told := &content.Problems{}
	all := ReadWritten(strings.Split("## q\n"+source, "\n"), 1, told)
	if len(all) != 1 || len(told.List) > 0 {
		t.Fatal(source, told.List)
	}
	q := all[0].Question(told, nil, told)
	q.Hash = contentHash(all[0])
	return q
}

func TestAnAnswerToAnOlderQuestionIsScoredByTheCorrectedKey(t *testing.T) {
	const single, pairs, order = "type: single\n\nWhich?\n\n", "type: matching\n\nWhich?\n\n", "type: ordering\n\nWhich?\n\n"
	pair := func(q Question, left int, side string) Answer { // by what the sides say
		for n, text := range q.Text("en").Sides {
			if text == side {
				return Answer{Pairs: [][2]int{{left, n}}}
			}
		}
		return Answer{}
	}
	for name, c := range map[string]struct {
		before, after string
		answer        func(q Question) Answer
		points        int
		asks, rewrote bool // it is a correction; it is another question
	}{
		"the key alone":            {single + "- [x] A\n- [ ] B", single + "- [ ] A\n- [x] B", nil, 100, true, false},
		"the order and the key":    {single + "- [x] A\n- [ ] B", single + "- [x] B\n- [ ] A", nil, 100, true, false},
		"a choice reworded":        {single + "- [x] A\n- [ ] B", single + "- [x] A\n- [ ] Bee", nil, 0, false, false},
		"a choice more":            {single + "- [x] A\n- [ ] B", single + "- [x] A\n- [ ] B\n- [ ] C", nil, 0, true, true},
		"another type":             {single + "- [x] A\n- [ ] B", "type: short\n\nWhich?\n\n- [x] B", nil, 0, true, true},
		"only words of the stem":   {single + "- [x] A\n- [ ] B", "type: single\n\nWho?\n\n- [x] A\n- [ ] B", nil, 0, false, false},
		"a typed answer more":      {"type: short\n\nWhich?\n\n- [x] A", "type: short\n\nWhich?\n\n- [x] A\n- [x] B", func(Question) Answer { return Answer{Texts: []string{"b"}} }, 100, true, false},
		"a number's tolerance":     {"type: numeric\n\nMany?\n\n- [x] 4", "type: numeric\n\nMany?\n\n- [x] 4 +- 1", func(Question) Answer { return Answer{Texts: []string{"5"}} }, 100, true, false},
		"pairs crossed":            {pairs + "- a => x\n- b => y", pairs + "- a => y\n- b => x", func(q Question) Answer { return pair(q, 0, "y") }, 50, true, false},
		"a side reworded":          {pairs + "- a => x\n- b => y", pairs + "- a => ex\n- b => y", func(q Question) Answer { return pair(q, 0, "x") }, 50, false, false},
		"an order turned":          {order + "1. a\n2. b", order + "1. b\n2. a", func(q Question) Answer { return turned(q) }, 100, true, false},
		"a gap that accepts more":  {"type: cloze\n\nIt is {{a}}.", "type: cloze\n\nIt is {{a|b}}.", func(Question) Answer { return Answer{Texts: []string{"b"}} }, 100, true, false},
		"a gap with another right": {"type: cloze\n\nIt is {{=a|b}}.", "type: cloze\n\nIt is {{=b|a}}.", func(q Question) Answer { return Answer{Texts: []string{string('0' + rune(1-q.Body.Gaps[0].Right))}} }, 100, true, false},
	} {
		before, after := keyed(t, c.before), keyed(t, c.after)
		answer := Answer{Choices: []int{1}}
		if c.answer != nil {
			answer = c.answer(before)
		}
		if asks := len(correctedIn([]Question{before}, []Question{after}, 1)) > 0; asks != c.asks {
			t.Errorf("%s: is a correction: %v", name, asks)
		}
		one := CorrectedQuestion{Old: before, New: after}
		if _, fits := carrier(before, after); fits == c.rewrote {
			t.Errorf("%s: is another question: %v", name, !fits)
		} else if got := one.rescore(answer); fits && got != c.points {
			t.Errorf("%s: %d points, want %d", name, got, c.points)
		}
	}
}

// turned puts the items of an ordering in the opposite order.
func turned(q Question) (a Answer) {
	for item, place := range q.Body.Match {
		a.Pairs = append(a.Pairs, [2]int{item, len(q.Body.Match) - 1 - place})
	}
	return a
}

func TestARegradeOnlyRaisesUnlessItIsTold(t *testing.T) {
	a, b := keyed(t, "type: single\n\nWhich?\n\n- [x] A\n- [ ] B"), keyed(t, "type: single\n\nWhich?\n\n- [ ] A\n- [x] B")
	corrected := []CorrectedQuestion{{Old: a, New: b}}
	for name, c := range map[string]struct {
		picked              int
		source              GradeSource
		points              int
		lowers              bool
		after               int
		changes, kept, held int
	}{
		"gains":                  {1, Computed, 0, false, 100, 1, 0, 0},
		"would lose":             {0, Computed, 100, false, 100, 0, 0, 1},
		"loses where it is told": {0, Computed, 100, true, 0, 1, 0, 0},
		"was corrected before":   {1, Corrected, 50, false, 100, 1, 0, 0},
		"a person's points stay": {1, Override, 0, true, 0, 0, 1, 0},
		"has the right points":   {1, Computed, 100, true, 100, 0, 0, 0},
	} {
		lines := map[string]GradeLine{"q": {QuestionID: "q", Seq: 1, Points: c.points, Source: c.source}}
		o := regraded([]Question{a}, corrected, map[string]Answer{"q": {Choices: []int{c.picked}}}, lines, c.lowers)
		if o.Before != c.points || o.After != c.after || len(o.Changes) != c.changes || o.Kept != c.kept || o.Held != c.held {
			t.Errorf("%s: %+v", name, o)
		}
	}
}
