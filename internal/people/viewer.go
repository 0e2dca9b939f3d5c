// Package people holds persons, their organisations, sectors and grants, how they
// sign in, and the Viewer through which every record is looked at.
package people

import "slices"

// Sector is one side of the wall. Every person, cohort, session, file and report
// belongs to exactly one.
type Sector string

// The four sectors.
const (
	Outreach       Sector = "outreach"
	LawEnforcement Sector = "law_enforcement"
	Health         Sector = "health"
	Community      Sector = "community"
)

// Sectors lists all four, in the order they are offered.
var Sectors = []Sector{Outreach, LawEnforcement, Health, Community}

// Known says whether s is one of the four.
func (s Sector) Known() bool { return slices.Contains(Sectors, s) }

// Role is what a grant lets a person do, in one sector. Who teaches or attends a
// cohort is a row of cohorts, not a grant.
type Role string

// The roles.
const (
	Trainee     Role = "trainee"
	Instructor  Role = "instructor"
	PartnerHR   Role = "partner_hr"
	Coordinator Role = "coordinator"
	Director    Role = "director"
	Author      Role = "author"
	Auditor     Role = "auditor"
)

// PersonID is the key of a person.
type PersonID string

// OrganisationID is the key of an organisation.
type OrganisationID string

// Viewer is who looks: a person standing in exactly one sector, nobody (the
// public), or the system acting for a sector. Every store method that reads
// people, cohorts or their records takes one and narrows its query by it.
type Viewer struct {
	person        PersonID
	sector        Sector
	roles         []Role
	organisations []OrganisationID
	system        bool
}

// Nobody is the public: it belongs to no sector and sees no record.
var Nobody = Viewer{}

// System acts for jobs and commands in one sector and sees all of that sector.
func System(sector Sector) Viewer { return Viewer{sector: sector, system: true} }

// Seen makes the viewer of a signed-in person: the sector they stand in, the roles
// in force there today, and the organisations whose staff they look after (partner HR).
func Seen(person PersonID, sector Sector, roles []Role, organisations []OrganisationID) Viewer {
	return Viewer{person: person, sector: sector, roles: roles, organisations: organisations}
}

// Alike is a viewer who may see what v's roles and sector let one see, and is no person
// and no partner's HR: for what is drawn once for all who are alike in this.
func (v Viewer) Alike() Viewer {
	if v.SignedIn() {
		v.person, v.organisations = "somebody", nil
	}
	return v
}

// Likeness is the same for viewers whose Alike is.
func (v Viewer) Likeness() string {
	likeness := string(v.sector)
	switch {
	case v.system:
		likeness += " system"
	case v.person == "":
		likeness += " nobody"
	}
	for _, role := range v.roles {
		likeness += " " + string(role)
	}
	return likeness
}

// Person is the key of who looks; "" for nobody and the system.
func (v Viewer) Person() PersonID { return v.person }

// Sector is the one sector in which the viewer acts.
func (v Viewer) Sector() Sector { return v.sector }

// Organisations are those whose staff a partner-HR viewer looks after.
func (v Viewer) Organisations() []OrganisationID { return v.organisations }

// SignedIn says whether a person looks.
func (v Viewer) SignedIn() bool { return v.person != "" }

// IsSystem says whether a job or command looks.
func (v Viewer) IsSystem() bool { return v.system }

// Is says whether the viewer holds one of the roles in the sector where they stand.
// The system holds none: what it may do is decided by who starts it.
func (v Viewer) Is(roles ...Role) bool {
	return slices.ContainsFunc(roles, func(r Role) bool { return slices.Contains(v.roles, r) })
}

// RunsSector says whether the viewer works for the whole sector: its coordinators
// and directors, and the system.
func (v Viewer) RunsSector() bool { return v.system || v.Is(Coordinator, Director) }
