package cohorts

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// LongestWalkIn is how many letters the name of a walk-in has at most.
const LongestWalkIn = 60

// WalkIn is somebody who came to a class and has no place in it: a name for the time
// being, and how late they came. It earns no minutes before a coordinator has said who it is.
type WalkIn struct {
	ID          string          `bun:"id,pk"`
	SessionID   SessionID       `bun:"session_id"`
	Sector      people.Sector   `bun:"sector"`
	Name        string          `bun:"name"` // "" once it has ended
	MinutesLate int             `bun:"minutes_late"`
	Line        string          `bun:"line"`
	MadeBy      people.PersonID `bun:"made_by,nullzero"`
	MadeAt      time.Time       `bun:"made_at"`
	EnrolmentID *EnrolmentID    `bun:"enrolment_id"` // whose place it turned out to be
	EndedBy     people.PersonID `bun:"ended_by,nullzero"`
	EndedAt     *time.Time      `bun:"ended_at"`
}

// walkInName checks the name of a walk-in.
func walkInName(name string) (string, error) {
	name = strings.Join(strings.Fields(name), " ")
	if name == "" || utf8.RuneCountInString(name) > LongestWalkIn {
		return "", fault.Invalid("name", "cohorts.walk_in.name_needed", "Max", LongestWalkIn)
	}
	return name, nil
}
