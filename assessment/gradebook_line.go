package assessment

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ColumnKind is what a column of the gradebook holds.
type ColumnKind string

// The kinds of column. The capstone is a practical, as an instructor records it.
const (
	QuizColumn      ColumnKind = "quiz"
	PracticalColumn ColumnKind = "practical"
)

// ColumnRef names a column of the gradebook: a module's check, or a practical.
type ColumnRef struct {
	Kind ColumnKind
	ID   string // of the module or of the practical
}

// String is the column as addresses and files name it: "quiz.t07", "practical.listen".
func (c ColumnRef) String() string {
	if c.Kind == QuizColumn {
		return string(c.Kind) + "." + strings.ToLower(c.ID)
	}
	return string(c.Kind) + "." + c.ID
}

// ReadColumn reads what ColumnRef.String writes; fault.NotFound for anything else.
func ReadColumn(text string) (ColumnRef, error) {
	kind, id, found := strings.Cut(text, ".")
	c := ColumnRef{ColumnKind(kind), id}
	if c.Kind == QuizColumn {
		c.ID = strings.ToUpper(id)
	}
	if !found || id == "" || c.Kind != QuizColumn && c.Kind != PracticalColumn {
		return ColumnRef{}, fmt.Errorf("column %q: %w", text, fault.NotFound)
	}
	return c, nil
}

// LineKind is what a line of the gradebook does.
type LineKind string

// The kinds of line.
const (
	Set     LineKind = "override" // a value beside the computed one, which counts instead
	Excuse  LineKind = "excuse"   // the check counts in no average
	Cleared LineKind = "cleared"  // the line before is taken back
)

// SetReasons are the coded reasons of a line, of which one is always chosen.
var SetReasons = []string{"shown_otherwise", "equal_task", "earlier", "not_taught", "put_right", "other"}

// longestWords is how many characters may stand beside a coded reason.
const longestWords = 120

// GradebookLine is one line beside a computed value. It is never changed, but for its
// words, which are taken out 30 days later.
type GradebookLine struct {
	ID          string              `bun:"id,pk"`
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	ColumnKind  ColumnKind          `bun:"column_kind"`
	ColumnID    string              `bun:"column_id"`
	Seq         int                 `bun:"seq"` // from 1
	Kind        LineKind            `bun:"kind"`
	Percent     int                 `bun:"percent"` // of a check that was set
	Level       Level               `bun:"level"`   // of a practical that was set
	Code        string              `bun:"code"`    // one of SetReasons
	Words       string              `bun:"words"`   // beside the code
	ByPerson    people.PersonID     `bun:"by_person,nullzero"`
	At          time.Time           `bun:"at"`
	ErasedAt    *time.Time          `bun:"erased_at"`

	ByName string `bun:"by_name,scanonly"`
}

// Value is what the line makes count: "80", "practised", "excused", "" for a line that
// takes another back.
func (l GradebookLine) Value() string {
	switch {
	case l.Kind == Excuse:
		return Excused
	case l.Kind != Set:
		return ""
	case l.ColumnKind == PracticalColumn:
		return string(l.Level)
	}
	return strconv.Itoa(l.Percent)
}

// NewLine is what a person sets in a cell of the gradebook.
type NewLine struct {
	Enrolment cohorts.EnrolmentID
	Column    ColumnRef
	Kind      LineKind
	Percent   int
	Level     Level
	Code      string
	Words     string
	Seen      int // the newest line that the person saw, 0 for none
}

// Validate refuses values that can't be, and a line without a reason. Only a check can
// be excused: every practical is shown at least as practised (rule 3).
func (n NewLine) Validate() error {
	var wrong fault.InvalidError
	switch {
	case n.Kind == Set && n.Column.Kind == QuizColumn && (n.Percent < 0 || n.Percent > 100):
		wrong.Add("percent", "assessment.gradebook.percent")
	case n.Kind == Set && n.Column.Kind == PracticalColumn && n.Level.Validate() != nil:
		wrong.Add("level", "assessment.practical.choose")
	case n.Kind == Excuse && n.Column.Kind == PracticalColumn:
		wrong.Add("kind", "assessment.gradebook.no_excuse")
	case n.Kind != Set && n.Kind != Excuse && n.Kind != Cleared, n.Seen < 0:
		wrong.Add("kind", "assessment.gradebook.kind")
	}
	if !slices.Contains(SetReasons, n.Code) {
		wrong.Add("reason", "assessment.gradebook.reason_missing")
	}
	if utf8.RuneCountInString(n.Words) > longestWords {
		wrong.Add("words", "assessment.grade.long", "Most", longestWords)
	}
	return wrong.OrNil()
}

// line is the new line without its keys, as it would stand.
func (n NewLine) line() GradebookLine {
	l := GradebookLine{EnrolmentID: n.Enrolment, ColumnKind: n.Column.Kind, ColumnID: n.Column.ID, Seq: n.Seen + 1, Kind: n.Kind, Code: n.Code, Words: n.Words}
	if n.Kind == Set && n.Column.Kind == QuizColumn {
		l.Percent = n.Percent
	} else if n.Kind == Set {
		l.Level = n.Level
	}
	return l
}
