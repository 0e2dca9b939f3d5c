package people

// Organisation employs people: a partner, the police department, or the Academy.
type Organisation struct {
	ID   OrganisationID
	Code string
	Name string
	Kind string // "partner", "police" or "academy"
}

// The kinds of organisation.
const (
	Partner = "partner"
	Police  = "police"
	Academy = "academy"
)

// KnownOrganisations are the fourteen partners that CP4P names, the Chicago Police
// Department and the Academy itself. Partnerships are dated, so whether one is a
// partner today is another question.
var KnownOrganisations = []Organisation{
	{Code: "ALSO", Name: "Alliance of Local Service Organizations", Kind: Partner},
	{Code: "BREAKTHROUGH", Name: "Breakthrough Urban Ministries", Kind: Partner},
	{Code: "IMAN", Name: "Inner-City Muslim Action Network", Kind: Partner},
	{Code: "INVC", Name: "Institute for Nonviolence Chicago", Kind: Partner},
	{Code: "NLC", Name: "New Life Centers", Kind: Partner},
	{Code: "PBMR", Name: "Precious Blood Ministry of Reconciliation", Kind: Partner},
	{Code: "TADC", Name: "Target Area Development Corporation", Kind: Partner},
	{Code: "UCAN", Name: "UCAN", Kind: Partner},
	{Code: "ACCLIVUS", Name: "Acclivus", Kind: Partner},
	{Code: "CLARETIAN", Name: "Claretian Associates", Kind: Partner},
	{Code: "ROSELAND", Name: "Roseland CeaseFire", Kind: Partner},
	{Code: "SWOP", Name: "Southwest Organizing Project", Kind: Partner},
	{Code: "ONE", Name: "ONE Northside", Kind: Partner},
	{Code: "HOOD", Name: "Project H.O.O.D.", Kind: Partner},
	{Code: "CPD", Name: "Chicago Police Department", Kind: Police},
	{Code: "MPA", Name: "Metropolitan Peace Academy", Kind: Academy},
}

// Partnership is the time that an organisation is the Academy's partner; ends_on is its
// last day, and empty while it goes on.
type Partnership struct {
	StartsOn string
	EndsOn   string
}

// InForce says whether the partnership holds on a day.
func (p Partnership) InForce(day string) bool {
	return p.StartsOn <= day && (p.EndsOn == "" || p.EndsOn >= day)
}

// Partnered is an organisation with its partnerships, the newest first.
type Partnered struct {
	Organisation
	Partnerships []Partnership
}

// Current is the partnership in force on a day; false when there is none.
func (p Partnered) Current(day string) (Partnership, bool) {
	for _, one := range p.Partnerships {
		if one.InForce(day) {
			return one, true
		}
	}
	return Partnership{}, false
}

// Employment is the time that a person works for an organisation; ends_on is its
// last day, and empty while it goes on.
type Employment struct {
	ID             string
	PersonID       PersonID
	OrganisationID OrganisationID
	Organisation   string `bun:"organisation_name"`
	StartsOn       string
	EndsOn         string `bun:",nullzero"`
}
