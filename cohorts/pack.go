package cohorts

import (
	"math/rand/v2"
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Pack is the whole record of one cohort as it goes to somebody outside: an auditor, under
// pseudonyms, or the regulator of police training, by name.
type Pack struct {
	Cohort      Summary
	Edition     courses.EditionID
	Sessions    []Session
	Instructors []Instructor
	Seats       []PackSeat   // in the order in which they may be read
	Changes     []PackChange // oldest first
}

// PackSeat is one place in a pack. Name is a pseudonym that holds for this pack alone, or
// the person's name.
type PackSeat struct {
	Totals
	Label string
	Cells map[SessionID]PackCell
}

// PackCell is what stands of one person in one session.
type PackCell struct {
	EnrolmentID  EnrolmentID `bun:"enrolment_id"`
	SessionID    SessionID   `bun:"session_id"`
	Status       Status      `bun:"status"`
	MinutesLate  int         `bun:"minutes_late"`
	MinutesEarly int         `bun:"minutes_early"`
	Earned       int         `bun:"earned"`
	MadeUp       int         `bun:"made_up"`
}

// Minutes are all that the session brought.
func (c PackCell) Minutes() int { return c.Earned + c.MadeUp }

// PackChangeKind is what was changed after a roll was closed.
type PackChangeKind string

// The kinds of change.
const (
	MarkCorrected   PackChangeKind = "mark"
	MakeUpApproved  PackChangeKind = "make_up"
	MakeUpTakenBack PackChangeKind = "taken_back"
)

// PackChange is a line of a pack's change log: what was corrected, made up or taken back, when,
// by whom and why, in codes.
type PackChange struct {
	Kind        PackChangeKind  `bun:"kind"`
	EnrolmentID EnrolmentID     `bun:"enrolment_id"`
	SessionID   SessionID       `bun:"session_id"`
	Position    int             `bun:"position"`
	Code        string          `bun:"code"` // the new status, or the way of a make-up
	Reason      string          `bun:"reason"`
	Minutes     int             `bun:"minutes"`
	At          time.Time       `bun:"at"`
	ByPerson    people.PersonID `bun:"by_person"`
	ByName      string          `bun:"by_name"`

	Label string `bun:"-"` // of whose place, as the pack names it
}

// signs are what a pseudonym is made of: no vowels, that it spells nothing, and nothing
// that reads like another.
const signs = "BCDFGHJKMNPQRTVWXZ2346789"

// Pseudonymous names every place anew and puts the places in an order of chance, so that
// neither the name nor the order ties two packs to each other or to a roster (rule 18).
func (p Pack) Pseudonymous() Pack {
	taken, labels := map[string]bool{}, map[EnrolmentID]string{}
	seats := make([]PackSeat, len(p.Seats))
	for at, from := range rand.Perm(len(p.Seats)) {
		seat := p.Seats[from]
		for seat.Label == "" || taken[seat.Label] {
			seat.Label = pseudonym()
		}
		taken[seat.Label], labels[seat.EnrolmentID] = true, seat.Label
		seat.Name, seat.PersonID = "", ""
		seats[at] = seat
	}
	p.Seats = seats
	return p.labelled(labels)
}

func pseudonym() string {
	letters := make([]byte, 6)
	for i := range letters {
		letters[i] = signs[rand.IntN(len(signs))]
	}
	return string(letters)
}

// ByName names every place by its person, in the order of names.
func (p Pack) ByName() Pack {
	labels := map[EnrolmentID]string{}
	seats := make([]PackSeat, len(p.Seats))
	for i, seat := range p.Seats {
		seat.Label = seat.Name
		seats[i], labels[seat.EnrolmentID] = seat, seat.Name
	}
	p.Seats = seats
	return p.labelled(labels)
}

func (p Pack) labelled(labels map[EnrolmentID]string) Pack {
	changes := make([]PackChange, len(p.Changes))
	for i, c := range p.Changes {
		c.Label = labels[c.EnrolmentID]
		changes[i] = c
	}
	p.Changes = changes
	return p
}

// Mandated gives the minutes that a place earned by mandated topic: of each part of a
// session as much as was attended or made up of the whole session, rounded down. What a
// map says nothing of is under "".
func (p Pack) Mandated(seat PackSeat, edition courses.Edition) map[courses.Mandate]int {
	earned := map[string]PackCell{}
	for _, s := range p.Sessions {
		earned[s.EditionSessionID] = seat.Cells[s.ID]
	}
	sums := map[courses.Mandate]int{}
	for _, s := range edition.Sessions {
		got := min(earned[string(s.ID)].Minutes(), s.Minutes)
		for _, part := range s.Parts {
			if s.Minutes > 0 {
				sums[part.Mandate] += part.Minutes * got / s.Minutes
			}
		}
	}
	return sums
}
