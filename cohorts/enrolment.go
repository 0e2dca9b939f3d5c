package cohorts

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// EnrolmentID is the key of a person's place in a cohort.
type EnrolmentID string

// EnrolmentState is active while a trainee learns, withdrawn or completed after.
type EnrolmentState string

// The states of an enrolment.
const (
	Active    EnrolmentState = "active"
	Withdrawn EnrolmentState = "withdrawn"
	Completed EnrolmentState = "completed"
)

// Enrolment is one person's place in one cohort. Minutes, attempts, practicals and
// certificates hang on it.
type Enrolment struct {
	ID             EnrolmentID     `bun:"id,pk"`
	CohortID       CohortID        `bun:"cohort_id"`
	PersonID       people.PersonID `bun:"person_id"`
	Sector         people.Sector   `bun:"sector"`
	State          EnrolmentState  `bun:"state"`
	EnrolledBy     people.PersonID `bun:"enrolled_by,nullzero"`
	EnrolledAt     time.Time       `bun:"enrolled_at"`
	WithdrawnBy    people.PersonID `bun:"withdrawn_by,nullzero"`
	WithdrawnAt    *time.Time      `bun:"withdrawn_at"`
	WithdrawalCode *WithdrawalCode `bun:"withdrawal_code"`
	Revision       int             `bun:"revision"`
	Award          string          `bun:"award"` // the funding award that pays for it; "" for none
}

// WithdrawalCode is the kind, coded reason why a trainee left a cohort. There is no
// text: the story is theirs (domain, requirement 8).
type WithdrawalCode string

// WithdrawalCodes are the reasons that may be chosen.
var WithdrawalCodes = []WithdrawalCode{"new_job", "schedule", "health", "family", "moved", "later_cohort", "other"}

// Validate refuses a code that is not one of WithdrawalCodes.
func (w WithdrawalCode) Validate() error {
	if slices.Contains(WithdrawalCodes, w) {
		return nil
	}
	return fault.Invalid("code", "cohorts.withdrawal.choose")
}

// Place is an enrolment with the names a page shows: the person's, their cohort's
// course and number.
type Place struct {
	Enrolment
	Name       string            `bun:"name"`
	CourseCode string            `bun:"course_code"`
	Number     int               `bun:"number"`
	EditionID  courses.EditionID `bun:"edition_id"`
	TitleEN    string            `bun:"title_en"`
	TitleES    string            `bun:"title_es"`
	Wording    string            `bun:"wording"`
	StartsOn   string            `bun:"starts_on"`
	EndsOn     string            `bun:"ends_on"`
	TimeZone   string            `bun:"time_zone"`
}

// Title is the course's title in the language asked for ("en" or "es").
func (p Place) Title(language string) string { return titled(language, p.TitleEN, p.TitleES) }
