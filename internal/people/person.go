package people

import (
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Person is one account, in one sector for good. The legal name is no field of it:
// it is asked for by itself, for a copy that its holder wants (Store.LegalName).
type Person struct {
	ID         PersonID
	Sector     Sector
	GivenName  string
	FamilyName string
	ChosenName string // the first name to go by, where it differs from the given one
	Language   string
	ExternalID string `bun:",nullzero"`
	CreatedAt  time.Time
	ClosedAt   time.Time `bun:",nullzero"`
}

// Name is the first name that everyone sees: the chosen one, else the given one.
func (p Person) Name() string { return ShownName(p.ChosenName, p.GivenName, p.FamilyName) }

// FullName is the shown name with the family name, as on a roster or a certificate.
func (p Person) FullName() string { return FullName(p.ChosenName, p.GivenName, p.FamilyName) }

// Closed says whether the account has ended: nobody signs in to it any more, and
// its certificates stay answerable.
func (p Person) Closed() bool { return !p.ClosedAt.IsZero() }

// ShownName is Person.Name for rows that another room has joined.
func ShownName(chosen, given, family string) string {
	for _, name := range []string{chosen, given, family} {
		if name != "" {
			return name
		}
	}
	return ""
}

// FullName is Person.FullName for rows that another room has joined.
func FullName(chosen, given, family string) string {
	first := chosen
	if first == "" {
		first = given
	}
	return strings.TrimSpace(first + " " + family)
}

// NewPerson is what is needed to add somebody: one name, and how they will sign in.
// With neither e-mail address nor phone they are given a card.
type NewPerson struct {
	GivenName, FamilyName, ChosenName string
	Email, Phone                      string
	Language                          string // "en" when left empty
	ExternalID                        string
	Organisation                      OrganisationID // who employs them, from today; may be empty
	Roles                             []Role         // in the viewer's sector; a trainee when empty
}

// Clean tidies every field and tells all that is wrong with them.
func (n NewPerson) Clean() (NewPerson, error) {
	var wrong fault.InvalidError
	n.GivenName = cleanName(&wrong, "given_name", n.GivenName)
	n.FamilyName = cleanName(&wrong, "family_name", n.FamilyName)
	n.ChosenName = cleanName(&wrong, "chosen_name", n.ChosenName)
	if n.GivenName+n.FamilyName+n.ChosenName == "" {
		wrong.Add("given_name", "people.name.missing")
	}
	if n.Email = strings.TrimSpace(n.Email); n.Email != "" {
		if name, ok := NormalEmail(n.Email); ok {
			n.Email = name
		} else {
			wrong.Add("email", "people.email.odd")
		}
	}
	if n.Phone = strings.TrimSpace(n.Phone); n.Phone != "" {
		if name, ok := NormalPhone(n.Phone); ok {
			n.Phone = name
		} else {
			wrong.Add("phone", "people.phone.odd")
		}
	}
	switch n.Language {
	case "":
		n.Language = "en"
	case "en", "es":
	default:
		wrong.Add("language", "people.language.odd")
	}
	n.ExternalID = CleanText(n.ExternalID)
	if len(n.ExternalID) > 100 {
		wrong.Add("external_id", "people.external_id.long")
	}
	if len(n.Roles) == 0 {
		n.Roles = []Role{Trainee}
	}
	return n, wrong.OrNil()
}

func cleanName(wrong *fault.InvalidError, field, name string) string {
	name = CleanText(name)
	if len([]rune(name)) > LongestName {
		wrong.Add(field, "people.name.long", "Most", LongestName)
	}
	return name
}
