package people

import (
	"slices"
	"strings"
	"time"
)

// Record is what who runs a sector sees of a person's account.
type Record struct {
	Person
	HasSecret   bool
	Names       []SignInName
	Grants      []HeldGrant
	Employments []Employment
}

// MayHavePIN says whether a PIN is enough for the person: with a phone or a card.
func (r Record) MayHavePIN() bool { return pinAllowed(r.Names) }

// Holds says whether a role is in force on a day, in the person's own sector.
func (r Record) Holds(role Role, day string) bool {
	return slices.ContainsFunc(r.Grants, func(g HeldGrant) bool { return g.Role == role && !g.Bridge && g.InForce(day) })
}

// RunsSector says whether the person is a coordinator or director anywhere, today or
// from a later day.
func (r Record) RunsSector(day string) bool {
	return slices.ContainsFunc(r.Grants, func(g HeldGrant) bool {
		return (g.Role == Coordinator || g.Role == Director) && (g.EndsOn == "" || g.EndsOn >= day)
	})
}

// HeldGrant is a grant with the names that belong to it.
type HeldGrant struct {
	Grant
	Organisation string
	Giver        string // "" when the system gave it
}

// Listed is a person in a list: no more than the list shows.
type Listed struct {
	ID         PersonID
	GivenName  string
	FamilyName string
	ChosenName string
	Closed     bool
	HasSecret  bool
}

// FullName is the shown name with the family name.
func (l Listed) FullName() string { return FullName(l.ChosenName, l.GivenName, l.FamilyName) }

// AuditLine says who did what to whose record, and when.
type AuditLine struct {
	ID     string
	At     time.Time
	Act    string
	Record string
	Actor  string // the name that everyone sees; "" for the system
}

// Word is the key of the words for what was done. Another room's acts are the whole
// key ("certificates.act.issued"), those of this package the end of one.
func (l AuditLine) Word() string {
	if strings.Contains(l.Act, ".") {
		return l.Act
	}
	return "people.act." + l.Act // words: people.act.*
}
