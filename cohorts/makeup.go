package cohorts

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// MakeUpKind is the way in which an absence was cured (domain, requirement 17).
type MakeUpKind string

// The kinds of make-up.
const (
	OtherCohort MakeUpKind = "other_cohort"
	OneToOne    MakeUpKind = "one_to_one"
	SelfStudy   MakeUpKind = "self_study"
	SkillsCheck MakeUpKind = "skills_check"
)

// MakeUpKinds are those that may be chosen, in the order they are offered.
var MakeUpKinds = []MakeUpKind{OtherCohort, OneToOne, SelfStudy, SkillsCheck}

// MakeUp cures minutes of one absence, approved by a named person.
type MakeUp struct {
	ID          string          `bun:"id,pk"`
	EnrolmentID EnrolmentID     `bun:"enrolment_id"`
	SessionID   SessionID       `bun:"session_id"`
	Kind        MakeUpKind      `bun:"kind"`
	Minutes     int             `bun:"minutes"`
	DoneOn      string          `bun:"done_on"`
	Line        string          `bun:"line"`
	ApprovedBy  people.PersonID `bun:"approved_by"`
	ApprovedAt  time.Time       `bun:"approved_at"`
	TakenBackBy people.PersonID `bun:"taken_back_by,nullzero"`
	TakenBackAt *time.Time      `bun:"taken_back_at"`
	AtSession   *SessionID      `bun:"at_session"` // the class of another cohort in which it was done, where it is one of ours

	ByName    string `bun:"by_name,scanonly"`
	Position  int    `bun:"position,scanonly"`
	SessionEN string `bun:"session_en,scanonly"`
	SessionES string `bun:"session_es,scanonly"`
}

// For is the topic of the session that was missed, in the language asked for.
func (m MakeUp) For(language string) string { return titled(language, m.SessionEN, m.SessionES) }

// Absence is a session whose minutes one person did not earn whole, and what could
// still be made up of it.
type Absence struct {
	Session
	Earned int    `bun:"earned"`
	MadeUp int    `bun:"made_up"`
	Status Status `bun:"status"` // what the newest mark says; Unmarked where there is none
}

// Open is how many minutes of the absence nothing has cured yet: planned minutes, or
// the actual ones where those are more.
func (a Absence) Open() int { return max(0, a.Cap(a.Grace)-a.Earned-a.MadeUp) }

// NewMakeUp is a make-up as it is approved: for which session's absence, how, on
// which day, and how many minutes: 0 for all that is still missing. Line is the form's own id, so that a form sent
// twice adds one.
type NewMakeUp struct {
	Enrolment EnrolmentID
	Session   SessionID
	Kind      MakeUpKind
	Minutes   int
	DoneOn    string
	Line      string
	At        SessionID // the class of another cohort in which it was done; "" where it is none of ours
}

// Validate checks what can be known without the record: a make-up has a kind, minutes
// and a day that has come.
func (m NewMakeUp) Validate(day string) error {
	today, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return err
	}
	var e fault.InvalidError
	if !slices.Contains(MakeUpKinds, m.Kind) {
		e.Add("kind", "cohorts.make_up.kind")
	}
	if m.At != "" && m.Kind != OtherCohort {
		e.Add("at", "cohorts.make_up.at_kind")
	}
	if m.Minutes < 0 {
		e.Add("minutes", "cohorts.make_up.minutes")
	}
	if day, err := time.Parse(time.DateOnly, m.DoneOn); err != nil || day.After(today) {
		e.Add("done_on", "cohorts.make_up.day")
	}
	if m.Session == "" {
		e.Add("session", "cohorts.make_up.session")
	}
	return e.OrNil()
}
