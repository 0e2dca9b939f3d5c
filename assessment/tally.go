package assessment

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// longestThought is the longest time between two answers that still says how long a
// question took; after more of it the trainee was elsewhere.
const longestThought = 30 * time.Minute

// tally is what one first try showed, question by question in the order of its quiz: what
// statistics need, without a person. Its text is one "points:choices:seconds" for each
// question, "100:0.2:35", a dash for points of one that counts nothing.
type tally []tallied

type tallied struct {
	points  int // −1 where the question counts nothing
	choices []int
	seconds int // 0 where it isn't known
}

func (t tally) String() string {
	parts := make([]string, len(t))
	for i, one := range t {
		points, choices := "-", make([]string, len(one.choices))
		if one.points >= 0 {
			points = strconv.Itoa(one.points)
		}
		for j, choice := range one.choices {
			choices[j] = strconv.Itoa(choice)
		}
		parts[i] = points + ":" + strings.Join(choices, ".") + ":" + strconv.Itoa(one.seconds)
	}
	return strings.Join(parts, " ")
}

// readTally reads what String wrote.
func readTally(text string) (tally, error) {
	parts := strings.Fields(text)
	t := make(tally, len(parts))
	for i, part := range parts {
		points, rest, found := strings.Cut(part, ":")
		choices, seconds, also := strings.Cut(rest, ":")
		if !found || !also {
			return nil, fmt.Errorf("tally %q", text)
		}
		one, err := readTallied(points, choices, seconds)
		if err != nil {
			return nil, fmt.Errorf("tally %q: %w", text, err)
		}
		t[i] = one
	}
	return t, nil
}

func readTallied(points, choices, seconds string) (one tallied, err error) {
	one.points = -1
	if points != "-" {
		if one.points, err = strconv.Atoi(points); err != nil {
			return one, err
		}
	}
	for choices != "" {
		var first string
		first, choices, _ = strings.Cut(choices, ".")
		choice, err := strconv.Atoi(first)
		if err != nil {
			return one, err
		}
		one.choices = append(one.choices, choice)
	}
	one.seconds, err = strconv.Atoi(seconds)
	return one, err
}

// tallyOf counts a try that was handed in. Lines are the answers that were kept, oldest
// first: a question took the time from the line before it to its own first one.
func tallyOf(attempt Attempt, questions []Question, answers map[string]Saved, lines []Line) tally {
	took, before := map[string]time.Duration{}, attempt.StartedAt
	for _, line := range lines {
		if _, known := took[line.QuestionID]; !known {
			took[line.QuestionID] = line.ReceivedAt.Sub(before)
		}
		before = line.ReceivedAt
	}
	t := make(tally, len(questions))
	for i, q := range questions {
		answer := answers[q.ID].Value
		t[i] = tallied{points: -1, choices: answer.Choices}
		if q.Counts() && !q.Waits() && attempt.drew(q) {
			t[i].points = q.Score(answer)
		}
		if d := took[q.ID]; d > 0 && d <= longestThought {
			t[i].seconds = max(1, int(d.Seconds()))
		}
	}
	return t
}
