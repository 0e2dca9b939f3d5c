package assessment

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CapstoneKind is what a line about a final project says.
type CapstoneKind string

// The kinds of line: who advises a trainee, and when and with whom their talk is.
const (
	CapstoneAdvisor CapstoneKind = "advisor"
	CapstoneTalk    CapstoneKind = "talk"
)

// CapstoneLine is one word about a trainee's final project. It is never overwritten; the
// newest of its kind speaks.
type CapstoneLine struct {
	ID          string              `bun:"id,pk"`
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	Kind        CapstoneKind        `bun:"kind"`
	Seq         int                 `bun:"seq"` // 0 where there is no line yet
	WithPerson  people.PersonID     `bun:"with_person"`
	Day         string              `bun:"day"`  // of a talk, as 2026-11-24; "" for an advisor
	Held        bool                `bun:"held"` // a talk that was; planned before
	Line        string              `bun:"line"`
	ByPerson    people.PersonID     `bun:"by_person,nullzero"`
	At          time.Time           `bun:"at"`

	Name string `bun:"name,scanonly"` // of the advisor, or who the talk is with
}

// Capstone is who advises a trainee's final project, and their talk. It is of an edition
// that asks for a final project.
type Capstone struct {
	EnrolmentID cohorts.EnrolmentID
	Advisor     CapstoneLine
	Talk        CapstoneLine
}

// CapstoneWord is what who runs a cohort says about a trainee's final project.
type CapstoneWord struct {
	Enrolment cohorts.EnrolmentID
	Kind      CapstoneKind
	With      people.PersonID // who teaches the cohort
	Day       string          // of a talk
	Held      bool
	Seen      int    // seq of the newest line of the kind that they saw; 0 for none
	Line      string // made by the form: sent twice, it is kept once
}

// Validate refuses a kind that is none, a person who is missing, a talk without a day,
// and one that was held after today.
func (w CapstoneWord) Validate(today string) error {
	_, err := time.Parse(time.DateOnly, w.Day)
	switch {
	case w.Kind != CapstoneAdvisor && w.Kind != CapstoneTalk:
		return fault.NotFound
	case w.With == "":
		return fault.Invalid("person", "assessment.capstone.choose")
	case w.Kind == CapstoneTalk && err != nil:
		return fault.Invalid("day", "assessment.capstone.no_day")
	case w.Kind == CapstoneTalk && w.Held && w.Day > today:
		return fault.Invalid("day", "assessment.capstone.ahead")
	}
	return nil
}
