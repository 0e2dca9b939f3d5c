package cohorts

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// LineKind tells what a ledger line counts.
type LineKind string

// The kinds of a ledger line.
const (
	ForSession LineKind = "session"
	ForMakeUp  LineKind = "make_up"
)

// LedgerLine is one line of the minutes ledger: minutes earned (or, reversing another
// line, taken back) for one session of one enrolment. Lines are append-only.
type LedgerLine struct {
	ID          string          `bun:"id,pk"`
	EnrolmentID EnrolmentID     `bun:"enrolment_id"`
	SessionID   SessionID       `bun:"session_id"`
	Kind        LineKind        `bun:"kind"`
	Minutes     int             `bun:"minutes"`
	Cause       string          `bun:"cause"`
	Reverses    *string         `bun:"reverses"`
	ByPerson    people.PersonID `bun:"by_person,nullzero"`
	At          time.Time       `bun:"at"`
	Reason      string          `bun:"reason"` // coded: why a line was taken back

	ByName    string    `bun:"by_name,scanonly"`
	Position  int       `bun:"position,scanonly"`
	SessionEN string    `bun:"session_en,scanonly"`
	SessionES string    `bun:"session_es,scanonly"`
	StartsAt  time.Time `bun:"starts_at,scanonly"`
	TimeZone  string    `bun:"time_zone,scanonly"`
	Settled   bool      `bun:"settled,scanonly"` // confirmed by two people

	// Of a line for a make-up.
	MakeUp    string     `bun:"make_up,scanonly"`
	Way       MakeUpKind `bun:"way,scanonly"`
	DoneOn    string     `bun:"done_on,scanonly"`
	TakenBack bool       `bun:"taken_back,scanonly"`
}

// Session is the session's topic in the language asked for ("en" or "es").
func (l LedgerLine) Session(language string) string {
	return titled(language, l.SessionEN, l.SessionES)
}

// Zone is the time zone in which the line's day is told.
func (l LedgerLine) Zone() *time.Location { return zone(l.TimeZone) }

// Rule says when the minutes of a course are enough to graduate.
type Rule string

// The two rules of an edition: all minutes after make-ups, or at most a tenth missed.
const (
	Full   Rule = "full"
	Ninety Rule = "ninety"
)

// Enough is the least number of minutes that the rule asks of a course's minutes.
func (r Rule) Enough(required int) int {
	if r == Ninety {
		return required - required/10
	}
	return required
}

// Totals is where one enrolment stands in minutes. The denominator is always the
// course's minutes, never the sessions so far.
type Totals struct {
	EnrolmentID EnrolmentID     `bun:"enrolment_id"`
	PersonID    people.PersonID `bun:"person_id"`
	CohortID    CohortID        `bun:"cohort_id"`
	Name        string          `bun:"name"`
	Rule        Rule            `bun:"rule"`
	Required    int             `bun:"required"`
	Attended    int             `bun:"attended"`
	MadeUp      int             `bun:"made_up"`
	Confirmed   int             `bun:"confirmed"` // of attended and made up: what two people have confirmed
	Held        int             `bun:"held"`      // planned minutes of sessions whose roll is closed
	Ahead       int             `bun:"ahead"`     // planned minutes of sessions still to come
	Hour        int             `bun:"hour"`      // minutes that the edition calls an hour
	State       EnrolmentState  `bun:"state"`
}

// Earned is attended plus made up.
func (t Totals) Earned() int { return t.Attended + t.MadeUp }

// Missing is what is left of the course's minutes.
func (t Totals) Missing() int { return max(0, t.Required-t.Earned()) }

// ToMakeUp is what the sessions ahead can't bring: minutes that only a make-up can
// cure.
func (t Totals) ToMakeUp() int {
	return max(0, t.Rule.Enough(t.Required)-t.Earned()-t.Ahead)
}

// Reachable says whether the sessions ahead, attended whole, are enough without a make-up.
func (t Totals) Reachable() bool { return t.ToMakeUp() == 0 }

// Met says whether the confirmed minutes are enough by the edition's rule.
func (t Totals) Met() bool { return t.Confirmed >= t.Rule.Enough(t.Required) }

// Percent is the share of the course's minutes that was earned, rounded down.
func (t Totals) Percent() int {
	if t.Required == 0 {
		return 0
	}
	return min(100, t.Earned()*100/t.Required)
}
