package cohorts

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// WarningKind is what there is to tell early about somebody's minutes.
type WarningKind string

// The kinds of warning: so many percent of the course's minutes missed and not made up,
// or the minutes ahead no longer enough without a make-up.
const (
	Missed5     WarningKind = "missed_5"
	Missed8     WarningKind = "missed_8"
	Missed10    WarningKind = "missed_10"
	Unreachable WarningKind = "unreachable"
)

// warnings are the shares of a course's minutes, in percent, from which missing them is
// told, the largest first.
var warnings = []struct {
	percent int
	kind    WarningKind
}{{10, Missed10}, {8, Missed8}, {5, Missed5}}

// firstWarning is the smallest share that is told, in percent.
const firstWarning = 5

// Missed is the minutes of classes that were held and that nothing has brought back yet.
func (t Totals) Missed() int { return max(0, t.Held-t.Earned()) }

// MissedPercent is the share of the course's minutes that was missed, rounded down.
func (t Totals) MissedPercent() int {
	if t.Required == 0 {
		return 0
	}
	return t.Missed() * 100 / t.Required
}

// Warned is the largest share, in percent, that the minutes missed have come to of those
// that are told; 0 below the smallest.
func (t Totals) Warned() int {
	for _, w := range warnings {
		if t.Missed() > 0 && t.Missed()*100 >= t.Required*w.percent {
			return w.percent
		}
	}
	return 0
}

// Warnings are all that there is to tell of where somebody stands: every share that the
// minutes missed have come to, and whether the total is out of reach.
func (t Totals) Warnings() (kinds []WarningKind) {
	if t.State != Active {
		return nil
	}
	for _, w := range warnings {
		if t.Warned() >= w.percent {
			kinds = append(kinds, w.kind)
		}
	}
	if !t.Reachable() {
		kinds = append(kinds, Unreachable)
	}
	return kinds
}

// Warning is one that was raised for a place, with what a message needs: whom it is for
// and how many minutes it speaks of, as they were on that day.
type Warning struct {
	ID          string      `bun:"id,pk"`
	EnrolmentID EnrolmentID `bun:"enrolment_id"`
	Kind        WarningKind `bun:"kind"`
	Missed      int         `bun:"missed"`     // minutes
	ToMakeUp    int         `bun:"to_make_up"` // minutes
	RaisedAt    time.Time   `bun:"raised_at"`
	ToldAt      *time.Time  `bun:"told_at"`

	PersonID people.PersonID `bun:"person_id,scanonly"`
	CohortID CohortID        `bun:"cohort_id,scanonly"`
	Hour     int             `bun:"hour,scanonly"` // minutes that the edition calls an hour
}

// Elsewhere is a class of another cohort that holds the session that somebody missed.
type Elsewhere struct {
	EnrolmentID EnrolmentID `bun:"enrolment_id"`
	Missed      SessionID   `bun:"missed"`
	SessionID   SessionID   `bun:"session_id"`
	CohortID    CohortID    `bun:"cohort_id"`
	Number      int         `bun:"number"` // of the other cohort
	Position    int         `bun:"position"`
	StartsAt    time.Time   `bun:"starts_at"`
	EndsAt      time.Time   `bun:"ends_at"`
	TimeZone    string      `bun:"time_zone"`
	Mode        Mode        `bun:"mode"`
	Capacity    int         `bun:"capacity"` // seats of its room, else of its cohort; 0 where nothing limits them
	Taken       int         `bun:"taken"`
	TitleEN     string      `bun:"title_en"`
	TitleES     string      `bun:"title_es"`
}

// Title is the session's topic in the language asked for ("en" or "es").
func (e Elsewhere) Title(language string) string { return titled(language, e.TitleEN, e.TitleES) }

// Zone is the time zone in which the class's day is told.
func (e Elsewhere) Zone() *time.Location { return zone(e.TimeZone) }

// Free is how many seats are left; 0 where nothing limits them.
func (e Elsewhere) Free() int { return max(0, e.Capacity-e.Taken) }
