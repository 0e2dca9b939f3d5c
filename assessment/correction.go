package assessment

import (
	"slices"
	"strconv"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CorrectionID is the key of a decision about corrected questions.
type CorrectionID string

// Decision is what becomes of tries at older versions of a check.
type Decision string

// The decisions.
const (
	Regrade Decision = "regrade" // they are scored by the corrected keys
	Leave   Decision = "leave"   // they stay as they are
)

// Correction is a decision about the tries at older versions of a module's check.
type Correction struct {
	ID       CorrectionID    `bun:"id,pk"`
	Sector   people.Sector   `bun:"sector"`
	ModuleID string          `bun:"module_id"`
	QuizHash QuizHash        `bun:"quiz_hash"` // the version with the corrected questions
	Decision Decision        `bun:"decision"`
	Lowers   bool            `bun:"lowers"` // points may fall too
	Reason   string          `bun:"reason"`
	ByPerson people.PersonID `bun:"by_person,nullzero"`
	At       time.Time       `bun:"at"`
	Total    int             `bun:"total"`   // tries to look at
	Step     int             `bun:"step"`    // looked at so far
	Changed  int             `bun:"changed"` // tries in which points changed
	After    AttemptID       `bun:"after"`   // the last that was looked at
	DoneAt   *time.Time      `bun:"done_at"`
}

// NewCorrection is a decision as its author makes it, on the version that they saw.
type NewCorrection struct {
	Module   string
	Quiz     QuizHash
	Decision Decision
	Lowers   bool
	Reason   string
}

// Validate wants a decision and a reason.
func (n NewCorrection) Validate() error {
	var wrong fault.InvalidError
	if n.Decision != Regrade && n.Decision != Leave {
		wrong.Add("decision", "assessment.correction.decision_missing")
	}
	checkReason(&wrong, n.Reason)
	return wrong.OrNil()
}

// CorrectedQuestion is a question that gives points otherwise in a check's newest version
// than in an older one at which people have tried themselves.
type CorrectedQuestion struct {
	Old, New Question
	Version  int  // of the older check
	Rewrote  bool // it is another question now: its answers can't be scored by the new key
}

// correctedIn are the questions of the newest version of a check that score otherwise than
// those of the same id in an older one, in the order of the newest.
func correctedIn(older, newest []Question, version int) (list []CorrectedQuestion) {
	for _, now := range newest {
		i := slices.IndexFunc(older, func(q Question) bool { return q.ID == now.ID })
		if i < 0 || !now.Counts() || now.Waits() || older[i].Waits() {
			continue
		}
		carry, fits := carrier(older[i], now)
		if fits && (carry == nil || carry.scoresAlike(older[i], now)) {
			continue
		}
		list = append(list, CorrectedQuestion{Old: older[i], New: now, Version: version, Rewrote: !fits})
	}
	return list
}

// carrying says which number of the newer question stands for a number of the older one.
type carrying struct {
	choices, sides, units []int
	options               [][]int
}

// carrier tells how an answer to the older question reads as one to the newer: what has
// the same words is the same, and where one alone was reworded it is the other that is
// left. Not where the type, or how many there are to choose from, differs. Nil where the
// two are one and the same.
func carrier(older, newer Question) (*carrying, bool) {
	a, b := older.Text("en"), newer.Text("en")
	if older.Type != newer.Type || len(a.Gaps) != len(b.Gaps) {
		return nil, false
	}
	if older.Hash != "" && older.Hash == newer.Hash {
		return nil, true
	}
	c := carrying{choices: matched(a.Choices, b.Choices, older.Type != Ordering), sides: matched(a.Sides, b.Sides, false), units: matched(a.Units, b.Units, true)}
	if c.choices == nil || c.sides == nil || c.units == nil {
		return nil, false
	}
	for i := range a.Gaps {
		options := matched(a.Gaps[i].Options, b.Gaps[i].Options, false)
		if options == nil {
			return nil, false
		}
		c.options = append(c.options, options)
	}
	return &c, true
}

// scoresAlike says whether every answer to the older question earns in the newer what it
// earned before.
func (c carrying) scoresAlike(older, newer Question) bool {
	a, b := older.Body, newer.Body
	if a.ExactCase != b.ExactCase || a.ExactAccents != b.ExactAccents || len(a.Credit) != len(b.Credit) || len(a.Match) != len(b.Match) || len(a.Texts) != len(b.Texts) ||
		len(a.Right) != len(b.Right) || !slices.Equal(a.Numbers, b.Numbers) {
		return false
	}
	for i := range a.Right {
		if a.Right[i] != b.Right[c.choices[i]] || older.Picked() && len(a.Credit) > 0 && a.Credit[i] != b.Credit[c.choices[i]] {
			return false
		}
	}
	for i, with := range a.Match {
		if older.Type == Matching && with >= 0 {
			with = c.sides[with]
		}
		if b.Match[c.choices[i]] != with {
			return false
		}
	}
	for i := range a.Units {
		if a.Units[i] != b.Units[c.units[i]] {
			return false
		}
	}
	for i := range a.Gaps {
		if a.Gaps[i].Chosen != b.Gaps[i].Chosen || a.Gaps[i].Chosen && c.options[i][a.Gaps[i].Right] != b.Gaps[i].Right {
			return false
		}
	}
	for in, text := range a.Texts {
		other := b.Texts[in]
		if older.Type == Short && (!slices.Equal(text.Answers, other.Answers) || !slices.Equal(text.Credit, other.Credit)) || len(text.Gaps) != len(other.Gaps) {
			return false
		}
		for i := range text.Gaps {
			if !slices.Equal(text.Gaps[i].Answers, other.Gaps[i].Answers) {
				return false
			}
		}
	}
	return older.Picked() || slices.Equal(a.Credit, b.Credit)
}

// matched gives each text of a list the number of its like in another one of the same
// length. What was reworded keeps its place, where places are those of the file, or is the
// one that is left. Nil where that can't be told.
func matched(older, newer []string, placed bool) []int {
	if len(older) != len(newer) {
		return nil
	}
	number, taken := make([]int, len(older)), make([]bool, len(newer))
	left := []int{}
	for i, text := range older {
		number[i] = slices.IndexFunc(newer, func(other string) bool { return other == text })
		if n := number[i]; n >= 0 && !taken[n] {
			taken[n] = true
		} else {
			number[i] = -1
			left = append(left, i)
		}
	}
	for _, i := range left {
		switch {
		case placed && !taken[i]:
			number[i] = i
		case len(left) == 1:
			number[i] = slices.Index(taken, false)
		default:
			return nil
		}
	}
	return number
}

// carry reads an answer to the older question as one to the newer.
func (c carrying) carry(q Question, a Answer) Answer {
	to := Answer{Texts: slices.Clone(a.Texts)}
	for _, choice := range a.Choices {
		if choice < len(c.choices) {
			to.Choices = append(to.Choices, c.choices[choice])
		}
	}
	for _, pair := range a.Pairs {
		if pair[0] >= len(c.choices) || q.Type == Matching && pair[1] >= len(c.sides) {
			continue
		}
		with := pair[1]
		if q.Type == Matching {
			with = c.sides[pair[1]]
		}
		to.Pairs = append(to.Pairs, [2]int{c.choices[pair[0]], with})
	}
	swap := func(n int, numbers []int) {
		if picked, err := strconv.Atoi(to.Texts[n]); err == nil && picked >= 0 && picked < len(numbers) {
			to.Texts[n] = strconv.Itoa(numbers[picked])
		}
	}
	for n := range to.Texts {
		if q.Type == Cloze && n < len(q.Body.Gaps) && q.Body.Gaps[n].Chosen {
			swap(n, c.options[n])
		}
		if q.Type == Numeric && n == 1 {
			swap(n, c.units)
		}
	}
	return to.tidy()
}

// rescore are the points of an answer to the older question by the newer one's key.
func (c CorrectedQuestion) rescore(a Answer) int {
	carry, fits := carrier(c.Old, c.New)
	switch {
	case !fits:
		return c.Old.Score(a)
	case carry == nil:
		return c.New.Score(a)
	}
	return c.New.Score(carry.carry(c.New, a))
}

// PointsChange is what a correction does to the points of one question of a try.
type PointsChange struct {
	QuestionID    string
	Before, After int // of Points
	seq           int // of the line that speaks
}

// Outcome is what a correction does to one try.
type Outcome struct {
	Changes       []PointsChange
	Before, After int // percent
	Kept          int // questions that a person gave points: those stay
	Held          int // questions that would lose points and keep them
}

// regraded tells what corrected questions do to a try: asked are its questions as it asked
// them, lines those that speak. Points that a person gave stay. Points fall only where
// lowers says so.
func regraded(asked []Question, corrected []CorrectedQuestion, answers map[string]Answer, lines map[string]GradeLine, lowers bool) (o Outcome) {
	after := map[string]GradeLine{}
	for _, q := range asked {
		line, given := lines[q.ID]
		if !given {
			continue
		}
		after[q.ID] = line
		i := slices.IndexFunc(corrected, func(c CorrectedQuestion) bool { return c.Old.ID == q.ID && c.Old.QuizHash == q.QuizHash })
		if i < 0 || corrected[i].Rewrote {
			continue
		}
		points := corrected[i].rescore(answers[q.ID])
		switch {
		case points == line.Points:
		case line.Source != Computed && line.Source != Corrected:
			o.Kept++
		case points < line.Points && !lowers:
			o.Held++
		default:
			o.Changes = append(o.Changes, PointsChange{q.ID, line.Points, points, line.Seq})
			line.Points = points
			after[q.ID] = line
		}
	}
	o.Before, o.After = sumOf(asked, lines).percent, sumOf(asked, after).percent
	return o
}

// speaking are the lines that speak for a try, with those that the program would write
// where it has written none yet.
func speaking(asked []Question, answers map[string]Answer, lines map[string]GradeLine) map[string]GradeLine {
	all := map[string]GradeLine{}
	for _, q := range asked {
		if line, there := lines[q.ID]; there {
			all[q.ID] = line
		} else if q.Counts() && !q.Waits() {
			all[q.ID] = GradeLine{QuestionID: q.ID, Seq: 1, Points: q.Score(answers[q.ID]), Source: Computed}
		}
	}
	return all
}
