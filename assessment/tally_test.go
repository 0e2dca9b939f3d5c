package assessment

import (
	"reflect"
	"testing"
	"time"
)

func FuzzATallyReadsAsItWasWritten(f *testing.F) {
	f.Add("100:0.2:35 0::0 -:1:7")
	f.Add("::")
	f.Fuzz(func(t *testing.T, text string) {
		first, err := readTally(text)
		if err != nil {
			return
		}
		again, err := readTally(first.String())
		if err != nil || first.String() != again.String() {
			t.Errorf("%q is written %q and read %q, %v", text, first, again, err)
		}
	})
}

func TestATallyHoldsPointsChoicesAndTimes(t *testing.T) {
	start := time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)
	line := func(question string, after time.Duration) Line {
		return Line{QuestionID: question, ReceivedAt: start.Add(after)}
	}
	questions := []Question{{ID: "a", Type: Single, Body: Body{Right: []bool{true, false}}},
		{ID: "b", Type: Multiple, Body: Body{Right: []bool{true, false, true}}}, {ID: "c", Type: Single, Body: Body{Right: []bool{true, false}}}}
	answers := map[string]Saved{"a": {Value: Answer{Choices: []int{0}}}, "b": {Value: Answer{Choices: []int{0, 1}}}}
	lines := []Line{line("a", 20*time.Second), line("a", 25*time.Second), line("b", time.Hour), line("a", 61*time.Minute)}
	got := tallyOf(Attempt{StartedAt: start}, questions, answers, lines)
	if got.String() != "100:0:20 0:0.1:0 0::0" {
		t.Errorf("tally %q", got)
	}
	back, err := readTally(got.String())
	if err != nil || !reflect.DeepEqual(back, got) {
		t.Errorf("read back %+v, %v", back, err)
	}
}
