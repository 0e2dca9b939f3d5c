package cohorts

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// QualificationID is the key of a note of what an instructor is qualified for.
type QualificationID string

// QualificationCodes are what an instructor can be qualified for.
var QualificationCodes = []string{"facilitator", "restorative", "mental_health_first_aid", "trauma_informed", "bleeding_control", "mediation"}

// Qualification is what an instructor is qualified for, until a day where it runs out.
type Qualification struct {
	ID       QualificationID `bun:"id,pk"`
	PersonID people.PersonID `bun:"person_id"`
	Sector   people.Sector   `bun:"sector"`
	Code     string          `bun:"code"`
	Until    *string         `bun:"until"` // a calendar day; nil where it does not run out
}

// Over says whether the qualification has run out before a day, as people.Store.Today
// gives it.
func (q Qualification) Over(today string) bool { return q.Until != nil && *q.Until < today }

// NewQualification is what a coordinator notes of an instructor of a cohort. Until is a day,
// "" where it does not run out.
type NewQualification struct {
	Cohort CohortID
	Person people.PersonID
	Code   string
	Until  string
}

// validate refuses what is not on the list, and a day that is none or is past.
func (n NewQualification) validate(today string) error {
	var e fault.InvalidError
	if !slices.Contains(QualificationCodes, n.Code) {
		e.Add("code", "cohorts.qualification.choose")
	}
	if _, err := time.Parse(time.DateOnly, n.Until); n.Until != "" && (err != nil || n.Until < today) {
		e.Add("until", "cohorts.qualification.day")
	}
	return e.OrNil()
}
