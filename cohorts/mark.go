package cohorts

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Status is what a mark says: present (perhaps late, perhaps gone early), excused or
// absent. Not marked is no mark at all, and is not absent.
type Status string

// The statuses of a mark.
const (
	Present Status = "present"
	Excused Status = "excused"
	Absent  Status = "absent"

	// Unmarked is the status of a line that takes a mark back while the roll is open.
	Unmarked Status = "none"
)

// Excuse is the coded reason of an excused absence; the story is never stored
// (domain, requirement 16).
type Excuse string

// Excuses are the reasons that may be chosen.
var Excuses = []Excuse{"bereavement", "illness", "court", "work_emergency", "family", "transport", "disability", "other"}

// MarkReason says why a line was written: taken in the roll, or a correction after.
type MarkReason string

// The reasons of a mark.
const (
	InRoll       MarkReason = "roll"
	ByCode       MarkReason = "code"    // by the person themself, through the code on the wall
	ByCard       MarkReason = "card"    // the person's card, scanned by who takes the roll
	AsWalkIn     MarkReason = "walk_in" // came without a place; a coordinator has said who it was
	ByTimes      MarkReason = "times"   // minutes late anew, since class really began at another time
	SlipOfThumb  MarkReason = "slip"
	WrongPerson  MarkReason = "wrong_person"
	LateNews     MarkReason = "late_news"
	PaperSheet   MarkReason = "paper"
	AgreedByBoth MarkReason = "agreed"
	TakenBack    MarkReason = "undo"
)

// CorrectionReasons are those that a correction of a closed roll may give.
var CorrectionReasons = []MarkReason{SlipOfThumb, WrongPerson, LateNews, PaperSheet, AgreedByBoth}

// Mark is one line of attendance. It is never overwritten; the newest speaks.
type Mark struct {
	ID           string          `bun:"id,pk"`
	SessionID    SessionID       `bun:"session_id"`
	EnrolmentID  EnrolmentID     `bun:"enrolment_id"`
	Seq          int             `bun:"seq"`
	Status       Status          `bun:"status"`
	MinutesLate  int             `bun:"minutes_late"`
	MinutesEarly int             `bun:"minutes_early"`
	Excuse       Excuse          `bun:"excuse"`
	Reason       MarkReason      `bun:"reason"`
	Line         string          `bun:"line"`
	MadeBy       people.PersonID `bun:"made_by,nullzero"`
	MadeAt       time.Time       `bun:"made_at"`
	ReceivedAt   time.Time       `bun:"received_at"`
	Saw          *int            `bun:"saw"`    // lines of the person that the device had seen; nil where it is not known
	Device       string          `bun:"device"` // which open page made it; "" where it is not known

	ByName string `bun:"by_name,scanonly"`
}

// NewMark is a mark as an instructor sends it. Line is an id made on the phone, so
// that sending twice is harmless; MadeAt is when it was made on the device (zero: now).
type NewMark struct {
	Session      SessionID
	Enrolment    EnrolmentID
	Status       Status
	MinutesLate  int
	MinutesEarly int
	Excuse       Excuse
	Reason       MarkReason
	Line         string
	MadeAt       time.Time
	Saw          *int // see Mark
	Device       string
}

// longestDevice is how many letters the name of a device has at most.
const longestDevice = 64

// Validate checks a mark against the length of its session: late and early are
// minutes of a present mark, and leave some presence between them; an excuse goes
// with excused alone.
func (m NewMark) Validate(sessionMinutes int) error {
	var e fault.InvalidError
	switch m.Status {
	case Present:
		if m.MinutesLate < 0 || m.MinutesLate >= sessionMinutes {
			e.Add("minutes_late", "cohorts.mark.late", "Max", sessionMinutes-1)
		}
		if m.MinutesEarly < 0 || m.MinutesLate+m.MinutesEarly >= sessionMinutes {
			e.Add("minutes_early", "cohorts.mark.early", "Max", max(0, sessionMinutes-1-m.MinutesLate))
		}
	case Excused:
		if !slices.Contains(Excuses, m.Excuse) {
			e.Add("excuse", "cohorts.mark.excuse")
		}
	case Absent:
	default:
		e.Add("status", "cohorts.mark.choose")
	}
	if m.Status != Present && (m.MinutesLate != 0 || m.MinutesEarly != 0) {
		e.Add("status", "cohorts.mark.minutes_when_present")
	}
	if m.Status != Excused && m.Excuse != "" {
		e.Add("status", "cohorts.mark.excuse_when_excused")
	}
	return e.OrNil()
}

// Credit is the minutes that a mark earns in a session: what was held, less late
// and early minutes where each is beyond the edition's grace. Both are counted from the
// class as it was held: who stays to the end of a class that ended early left with
// all, not early. Excused and absent earn none.
func (m Mark) Credit(s Session, grace int) int {
	if m.Status != Present {
		return 0
	}
	minutes := s.Held(grace)
	if m.MinutesLate > grace {
		minutes -= m.MinutesLate
	}
	if m.MinutesEarly > grace {
		minutes -= m.MinutesEarly
	}
	return max(minutes, 0)
}
