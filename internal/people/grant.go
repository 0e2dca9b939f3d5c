package people

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Grant lets a person hold a role in a sector from one day to another. In a sector
// other than the person's own it is a bridge, which only a director gives, with a
// reason, and never to themselves.
type Grant struct {
	ID             string
	PersonID       PersonID
	Role           Role
	Sector         Sector
	OrganisationID OrganisationID `bun:",nullzero"`
	StartsOn       string         // today when left empty
	EndsOn         string         `bun:",nullzero"` // its last day; empty while it goes on
	GivenBy        PersonID       `bun:",nullzero"`
	GivenAt        time.Time
	Reason         string
	Bridge         bool
}

// InForce says whether the grant holds on a day.
func (g Grant) InForce(day string) bool {
	return g.StartsOn <= day && (g.EndsOn == "" || g.EndsOn >= day)
}

// GivenByCoordinators are the roles that a coordinator may give; all others are
// given by a director.
var GivenByCoordinators = []Role{Trainee, Instructor, PartnerHR}

// Roles lists every role, in the order they are offered.
var Roles = []Role{Trainee, Instructor, PartnerHR, Coordinator, Director, Author, Auditor}

func (g Grant) validate() error {
	var wrong fault.InvalidError
	if !slices.Contains(Roles, g.Role) {
		wrong.Add("role", "people.grant.role_missing")
	}
	if !g.Sector.Known() {
		wrong.Add("sector", "people.grant.sector_missing")
	}
	if (g.Role == PartnerHR) != (g.OrganisationID != "") {
		wrong.Add("organisation", "people.grant.organisation")
	}
	if g.Role == Auditor && g.EndsOn == "" {
		wrong.Add("ends_on", "people.grant.auditor_end")
	}
	checkDays(&wrong, g.StartsOn, g.EndsOn)
	if len([]rune(g.Reason)) > 300 {
		wrong.Add("reason", "people.grant.reason_long")
	}
	return wrong.OrNil()
}

// checkDays tells what is wrong with a first and a last day; the last may be open.
func checkDays(wrong *fault.InvalidError, startsOn, endsOn string) {
	if !isDay(startsOn) {
		wrong.Add("starts_on", "people.grant.day")
	}
	if endsOn != "" && !isDay(endsOn) {
		wrong.Add("ends_on", "people.grant.day")
	}
	if endsOn != "" && endsOn < startsOn {
		wrong.Add("ends_on", "people.grant.backwards")
	}
}

func isDay(text string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil
}
