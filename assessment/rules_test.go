package assessment

import (
	"slices"
	"testing"
	"time"
)

func TestScoreOfAnAnswer(t *testing.T) {
	t.Parallel()
	several := Question{Type: Multiple, Body: Body{Right: []bool{true, false, true, false, true}}}
	one := Question{Type: Single, Body: Body{Right: []bool{false, true, false}}}
	for name, row := range map[string]struct {
		q      Question
		picked []int
		want   int
	}{
		"the right one":                  {one, []int{1}, 100},
		"a wrong one":                    {one, []int{0}, 0},
		"none":                           {one, nil, 0},
		"all the right ones":             {several, []int{0, 2, 4}, 100},
		"two of three, rounded down":     {several, []int{0, 2}, 66},
		"one of three":                   {several, []int{4}, 33},
		"all right and one of two wrong": {several, []int{0, 2, 4, 1}, 50},
		"everything ticked":              {several, []int{0, 1, 2, 3, 4}, 0},
		"only wrong ones, never below 0": {several, []int{1, 3}, 0},
		"several, all of them right":     {Question{Type: Multiple, Body: Body{Right: []bool{true, true}}}, []int{0, 1}, 100},
	} {
		if got := row.q.Score(Answer{Choices: row.picked}); got != row.want {
			t.Errorf("%s: %d, want %d", name, got, row.want)
		}
	}
}

func TestPercentIsRoundedDown(t *testing.T) {
	t.Parallel()
	questions := []Question{{ID: "a", Type: Single}, {ID: "b", Type: Single}, {ID: "c", Type: Essay}, {ID: "d", Type: Description}, {ID: "e", Type: Reflection}}
	lines := map[string]GradeLine{"a": {Points: 100}, "b": {Points: 100}, "c": {Points: 0}}
	if got, want := sumOf(questions, lines), (sum{total: 3, correct: 2, earned: 200, percent: 66}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	delete(lines, "c")
	if got := sumOf(questions, lines); got.waits != 1 {
		t.Errorf("an essay without points: %+v", got)
	}
	if got := sumOf(nil, nil); got.percent != 0 {
		t.Errorf("no question at all: %+v", got)
	}
}

func TestGateBeforeTheNextTry(t *testing.T) {
	t.Parallel()
	last := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	before, after := last.Add(-time.Minute), last.Add(time.Minute)
	for name, row := range map[string]struct {
		tries, reopened int
		read            *time.Time
		want            Gate
	}{
		"the first try":                        {0, 0, nil, Ready},
		"the second":                           {1, 0, nil, Ready},
		"the third, never read":                {2, 0, nil, ReadAgain},
		"the third, read before":               {2, 0, &before, ReadAgain},
		"the third, read at that very moment":  {2, 0, &last, ReadAgain},
		"the third, read since":                {2, 0, &after, Ready},
		"the fourth":                           {3, 0, &before, Ready},
		"the fifth, read since but not talked": {4, 0, &after, Talk},
		"the fifth after a talk":               {4, 4, &before, Ready},
		"the seventh after one talk":           {6, 4, &after, Talk},
		"the seventh after two":                {6, 6, nil, Ready},
		"the third, noted as read again":       {2, 2, &before, Ready},
		"the fifth, noted as read after two":   {4, 2, &after, Talk},
	} {
		if got := gateAfter(2, row.tries, row.reopened, &last, row.read); got != row.want {
			t.Errorf("%s: %s, want %s", name, got, row.want)
		}
	}
}

func TestChoicesAreMixedByTheSeedAndKeepTheirPlaceWhereTheyMust(t *testing.T) {
	t.Parallel()
	q := Question{ID: "q1", Type: Single, Body: Body{Right: make([]bool, 4), Texts: map[string]Text{
		"en": {Choices: []string{"All of the above", "One", "Two", "Three"}}}}}
	seen := map[string]bool{}
	for seed := range int64(40) {
		order := q.Order(seed)
		if order[3] != 0 || len(order) != 4 {
			t.Fatalf("seed %d: %v", seed, order)
		}
		if !slices.Equal(order, q.Order(seed)) {
			t.Fatalf("seed %d gives two orders", seed)
		}
		seen[string(rune('0'+order[0]))+string(rune('0'+order[1]))] = true
	}
	if len(seen) < 5 {
		t.Errorf("only %d of 6 orders in 40 seeds", len(seen))
	}
	q.Type = TrueFalse
	if order := q.Order(7); !slices.Equal(order, []int{0, 1, 2, 3}) {
		t.Errorf("true and false: %v", order)
	}
}
