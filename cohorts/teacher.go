package cohorts

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Teacher is an instructor of a cohort beside one of its sessions, with the role that they
// have in it: their own for the session, else that of the cohort.
type Teacher struct {
	Instructor
	SessionID SessionID `bun:"session_id,scanonly"`
	Teaches   bool      `bun:"teaches,scanonly"`
	Named     bool      `bun:"named,scanonly"` // a coordinator has said that they teach this session
}

// Teaching narrows the instructors beside a session to those who teach it.
func Teaching(list []Teacher) (teaching []Teacher) {
	for _, t := range list {
		if t.Teaches {
			teaching = append(teaching, t)
		}
	}
	return teaching
}

// A session with a module of pairCare or more wants pairSize instructors: one can look after
// somebody who steps out, while the other goes on.
const (
	pairCare = 3
	pairSize = 2
)

// pairAhead is how long before it a session without its second instructor is told on a
// coordinator's Today.
const pairAhead = 21 * 24 * time.Hour

// NeedsPair says whether the session is still to come, wants two instructors, and fewer than
// two teach it.
func (s Session) NeedsPair(teaching int, now time.Time) bool {
	return s.State == Planned && s.Care >= pairCare && teaching < pairSize && s.StartsAt.After(now)
}

// NewTeachers says who teaches one session. Seen is the session's revision as its page
// showed it.
type NewTeachers struct {
	Session SessionID
	Seen    int
	Persons []people.PersonID
	Lead    people.PersonID
}

// validate refuses nobody, and a lead who does not teach. Who is not an instructor of the
// session's cohort is not there, fault.NotFound.
func (n NewTeachers) validate(team []Teacher) error {
	for _, person := range append(slices.Clone(n.Persons), n.Lead) {
		if person != "" && !slices.ContainsFunc(team, func(t Teacher) bool { return t.PersonID == person }) {
			return fault.NotFound
		}
	}
	var e fault.InvalidError
	switch {
	case len(n.Persons) == 0:
		e.Add("instructor", "cohorts.teachers.nobody")
	case n.Lead == "":
		e.Add("lead", "cohorts.teachers.no_lead")
	case !slices.Contains(n.Persons, n.Lead):
		e.Add("lead", "cohorts.teachers.lead_teaches")
	}
	return e.OrNil()
}

// role is what one of those named is in the session.
func (n NewTeachers) role(person people.PersonID) InstructorRole {
	if person == n.Lead {
		return Lead
	}
	return Second
}
