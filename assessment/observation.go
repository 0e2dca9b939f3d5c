package assessment

import (
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// LongestNote is how many characters a note about a performance has at most.
const LongestNote = 200

// MostObservers is how many people fill in a sheet of their own in one round.
const MostObservers = 2

// ObservationKind is what a line of an observation says.
type ObservationKind string

// The kinds.
const (
	CriterionSeen       ObservationKind = "level"    // a level or a note, on one's own sheet
	SheetSent           ObservationKind = "sent"     // an observer has finished their sheet
	DifferenceSettled   ObservationKind = "settled"  // which level counts where two differ
	ObservationReleased ObservationKind = "released" // the whole, to the trainee and the checklist
)

// ObservationLine is one line of what was observed. It is never changed, but for its note,
// which is erased.
type ObservationLine struct {
	ID          string              `bun:"id,pk"`
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	PracticalID string              `bun:"practical_id"`
	Round       int                 `bun:"round"`
	Seq         int                 `bun:"seq"`
	Kind        ObservationKind     `bun:"kind"`
	RubricHash  RubricHash          `bun:"rubric_hash"`
	Criterion   string              `bun:"criterion"`
	Level       Level               `bun:"level"`
	Proposed    Level               `bun:"proposed"` // of a release: what the criteria come to
	Note        string              `bun:"note"`     // of a release: why another level
	Late        bool                `bun:"late"`     // came after the sheet was sent or the round released: it counts for nothing
	Line        string              `bun:"line"`
	ByPerson    people.PersonID     `bun:"by_person,nullzero"`
	MadeAt      *time.Time          `bun:"made_at"` // by the phone's clock
	ReceivedAt  time.Time           `bun:"received_at"`
	ErasedAt    *time.Time          `bun:"erased_at"` // when the note was taken out

	ByName string `bun:"by_name,scanonly"`
}

// Seen is a level, a note or both of one criterion, as one observer saw it.
type Seen struct {
	Criterion string
	Level     Level // "" while none is chosen
	Note      string
}

// Validate refuses an unknown level and a note that is too long.
func (s Seen) Validate() error {
	var wrong fault.InvalidError
	if s.Level != "" && s.Level.Validate() != nil {
		wrong.Add("level."+s.Criterion, "assessment.practical.choose")
	}
	if utf8.RuneCountInString(s.Note) > LongestNote {
		wrong.Add("note."+s.Criterion, "assessment.observation.long", "Most", LongestNote)
	}
	return wrong.OrNil()
}

// Sheet is what one observer saw in one round.
type Sheet struct {
	By    people.PersonID
	Name  string // first name; "" where the page may not tell what stands on it yet
	Seen  map[string]Seen
	Sent  bool
	Begun time.Time
}

// Levels counts the criteria that have a level.
func (s Sheet) Levels() (n int) {
	for _, seen := range s.Seen {
		if seen.Level != "" {
			n++
		}
	}
	return n
}

// Round is one observation of a practical: one role play, one or two sheets.
type Round struct {
	Number  int
	Rubric  Rubric
	Sheets  []Sheet                    // in the order in which they were begun
	Settled map[string]ObservationLine // by criterion, the newest
	Release *ObservationLine
	Late    []ObservationLine
	last    int // seq of the newest line
}

// Sheet gives somebody's own.
func (r Round) Sheet(by people.PersonID) (Sheet, bool) {
	for _, sheet := range r.Sheets {
		if sheet.By == by {
			return sheet, true
		}
	}
	return Sheet{}, false
}

// Sent counts the sheets that their observers have finished.
func (r Round) Sent() (n int) {
	for _, sheet := range r.Sheets {
		if sheet.Sent {
			n++
		}
	}
	return n
}

// sent are the sheets that count.
func (r Round) sent() (list []Sheet) {
	for _, sheet := range r.Sheets {
		if sheet.Sent {
			list = append(list, sheet)
		}
	}
	return list
}

// Differs says whether two sheets have another level for a criterion.
func (r Round) Differs(criterion string) bool {
	sheets := r.sent()
	for i := 1; i < len(sheets); i++ {
		if sheets[i].Seen[criterion].Level != sheets[0].Seen[criterion].Level {
			return true
		}
	}
	return false
}

// Counts is the level that counts for a criterion: what all sheets say, or what was
// settled; "" while there is none.
func (r Round) Counts(criterion string) Level {
	if settled, ok := r.Settled[criterion]; ok {
		return settled.Level
	}
	if sheets := r.sent(); len(sheets) > 0 && !r.Differs(criterion) {
		return sheets[0].Seen[criterion].Level
	}
	return ""
}

// Open are the criteria on which two differ and nothing is settled yet.
func (r Round) Open() (list []Criterion) {
	for _, c := range r.Rubric.Criteria {
		if r.Counts(c.ID) == "" {
			list = append(list, c)
		}
	}
	return list
}

// Proposed is the level of the whole that the criteria come to; "" while one is open.
func (r Round) Proposed() Level {
	levels := make([]Level, len(r.Rubric.Criteria))
	for i, c := range r.Rubric.Criteria {
		if levels[i] = r.Counts(c.ID); levels[i] == "" {
			return ""
		}
	}
	return Overall(levels)
}

// Overall is what the levels of a rubric's criteria come to: not yet while one of them is,
// demonstrated when more than half are, else practised. Of no criteria it is not yet.
func Overall(levels []Level) Level {
	demonstrated := 0
	for _, level := range levels {
		switch level {
		case Demonstrated:
			demonstrated++
		case Practised:
		default:
			return NotYet
		}
	}
	switch {
	case len(levels) == 0:
		return NotYet
	case 2*demonstrated > len(levels):
		return Demonstrated
	}
	return Practised
}

// Observation is a practical of one trainee with all rounds in which it was observed.
type Observation struct {
	EnrolmentID cohorts.EnrolmentID
	CohortID    cohorts.CohortID
	PersonID    people.PersonID
	Name        string // first name and initial
	TimeZone    string
	Active      bool // lines may still be added
	Number      int  // of the practical in the edition, from 1
	courses.Practical
	Rounds []Round // oldest first
	newest Rubric
}

// Round is the one that observers work on: the newest, or the next once that is released.
func (o Observation) Round() Round {
	if n := len(o.Rounds); n > 0 && o.Rounds[n-1].Release == nil {
		return o.Rounds[n-1]
	}
	return Round{Number: len(o.Rounds) + 1, Rubric: o.newest}
}

// Released is the newest round that was released.
func (o Observation) Released() (Round, bool) {
	for i := len(o.Rounds) - 1; i >= 0; i-- {
		if o.Rounds[i].Release != nil {
			return o.Rounds[i], true
		}
	}
	return Round{}, false
}

// round is one by its number, where lines may still arrive; false for one that nobody
// could have begun.
func (o Observation) round(number int) (Round, bool) {
	if next := o.Round(); next.Number == number {
		return next, true
	}
	if number >= 1 && number <= len(o.Rounds) {
		return o.Rounds[number-1], true
	}
	return Round{}, false
}

// LateOf are the lines of an observer that came too late to count, of every round.
func (o Observation) LateOf(by people.PersonID) (n int) {
	for _, round := range o.Rounds {
		for _, line := range round.Late {
			if line.ByPerson == by && line.Kind == CriterionSeen {
				n++
			}
		}
	}
	return n
}
