package assessment

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// AllowanceID is the key of an allowance's line.
type AllowanceID string

// AllowanceKind is what a trainee is given.
type AllowanceKind string

// The kinds. Asked gives nothing: the trainee asks for time.
const (
	MoreMinutes AllowanceKind = "minutes" // for each attempt
	MorePercent AllowanceKind = "percent" // of the edition's minutes, rounded up
	MoreTries   AllowanceKind = "tries"   // besides those of the edition, at each check
	Asked       AllowanceKind = "asked"
)

// words: assessment.allowance.kind.*, assessment.allowance.reason.*, assessment.allowance.gave.*, assessment.allowance.took.*

// AllowanceKinds are those that staff give, in the order of the form.
var AllowanceKinds = []AllowanceKind{MoreMinutes, MorePercent, MoreTries}

// mostAllowed is the most of each kind that one line gives.
var mostAllowed = map[AllowanceKind]int{MoreMinutes: 240, MorePercent: 200, MoreTries: 5}

// AllowanceReasons are the kinds of reason. There is no other, and no words: why somebody
// needs time is theirs.
var AllowanceReasons = []string{"agreed", "interrupted", "technical", "language"}

// Allowance is one line: given, taken back (Undoes) or asked for.
type Allowance struct {
	ID          AllowanceID         `bun:"id,pk"`
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	ModuleID    string              `bun:"module_id"` // "" for every check of the course
	Kind        AllowanceKind       `bun:"kind"`
	Amount      int                 `bun:"amount"`
	Reason      string              `bun:"reason"`
	Undoes      AllowanceID         `bun:"undoes,nullzero"`
	At          time.Time           `bun:"at"`
}

// NewAllowance gives the same to several people of one cohort.
type NewAllowance struct {
	Cohort   cohorts.CohortID
	People   []cohorts.EnrolmentID
	ModuleID string // "" for every check of the course
	Kind     AllowanceKind
	Amount   int
	Reason   string
	Line     string // the form's own key: sent twice, it is given once
}

// Validate refuses what no page of ours sends, field by field.
func (n NewAllowance) Validate() error {
	var wrong fault.InvalidError
	if len(n.People) == 0 || len(n.People) > cohorts.PageSize {
		wrong.Add("enrolment", "assessment.allowance.nobody")
	}
	if most, known := mostAllowed[n.Kind]; !known {
		wrong.Add("kind", "assessment.allowance.what_kind")
	} else if n.Amount < 1 || n.Amount > most {
		wrong.Add("amount", "assessment.allowance.how_much", "Most", most)
	}
	if !slices.Contains(AllowanceReasons, n.Reason) {
		wrong.Add("reason", "assessment.allowance.why")
	}
	return wrong.OrNil()
}
