package assessment

import (
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// GradeSource is where the points of a line come from.
type GradeSource string

// The sources.
const (
	Computed GradeSource = "computed" // by the program, from answer and key
	Graded   GradeSource = "graded"   // by a person, for a text
	Override GradeSource = "override" // by a person, beside what was computed, with a reason

	// Corrected is by the program, from the answer and a key that was corrected later than
	// the try, at somebody's word: not Computed, which no person stands behind and which is
	// always the first line.
	Corrected GradeSource = "corrected"
)

// GradeLine is the points of one question of an attempt at one time. The newest of a
// question speaks; none is ever changed, but for its comment, which is taken out 30 days
// later.
type GradeLine struct {
	ID         string           `bun:"id,pk"`
	AttemptID  AttemptID        `bun:"attempt_id"`
	QuestionID string           `bun:"question_id"`
	Seq        int              `bun:"seq"`    // from 1
	Points     int              `bun:"points"` // of Points
	Source     GradeSource      `bun:"source"`
	ByPerson   *people.PersonID `bun:"by_person"` // nil where the program did
	At         time.Time        `bun:"at"`
	Reason     string           `bun:"reason"`  // why points that stood were changed
	Comment    string           `bun:"comment"` // to the trainee
	ErasedAt   *time.Time       `bun:"erased_at"`
}

// Grade is points that a person gives to one question of an attempt.
type Grade struct {
	Attempt  AttemptID
	Question string
	Points   int // of Points; an essay's own scale is turned into it by PointsOf
	Source   GradeSource
	Seen     int // the newest line that the grader saw, 0 for none
	Reason   string
	Comment  string
}

// Lengths in characters.
const (
	longestReason  = 300
	longestComment = 1000
)

// Validate refuses points that can't be given, an override without a reason, and words
// that are too long.
func (g Grade) Validate() error {
	switch {
	case g.Points < 0 || g.Points > Points || g.Seen < 0:
		return fault.Invalid("points", "assessment.grade.points")
	case g.Source != Graded && g.Source != Override:
		return fault.Invalid("source", "assessment.grade.points")
	case g.Source == Override && g.Reason == "":
		return fault.Invalid("reason", "assessment.grade.reason")
	case utf8.RuneCountInString(g.Reason) > longestReason:
		return fault.Invalid("reason", "assessment.grade.long", "Most", longestReason)
	case utf8.RuneCountInString(g.Comment) > longestComment:
		return fault.Invalid("comment", "assessment.grade.long", "Most", longestComment)
	}
	return nil
}

// PointsOf turns points on an essay's own scale into points of 100, rounded down.
func (q Question) PointsOf(given int) int { return given * Points / max(1, q.Body.Points) }

// Given turns points of 100 back into the essay's own scale, rounded up: what PointsOf
// has cut away.
func (q Question) Given(points int) int {
	return (points*q.Body.Points + Points - 1) / Points
}

// newest is the line of each question that speaks; lines stand by seq.
func newest(lines []GradeLine) map[string]GradeLine {
	speaks := map[string]GradeLine{}
	for _, line := range lines {
		speaks[line.QuestionID] = line
	}
	return speaks
}
