package people

import (
	"context"
	"errors"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// ImportRules say how a file of people is taken in.
type ImportRules struct {
	DryRun  bool // say what would happen, and store nothing
	SkipBad bool // store the good lines though others are bad
}

// Outcome is what an import does with one line.
type Outcome string

// The outcomes of a line.
const (
	Added   Outcome = "added"
	Changed Outcome = "changed"
	Same    Outcome = "same"
)

// Imported is one line of a report. The person has no key yet in a dry run.
type Imported struct {
	Row
	PersonID PersonID
	Outcome  Outcome
}

// Report tells what an import did, or would do.
type Report struct {
	Rows     []Imported
	Problems []LineProblem
	Stored   bool
}

// Count is how many lines had an outcome.
func (r Report) Count(outcome Outcome) int {
	n := 0
	for _, row := range r.Rows {
		if row.Outcome == outcome {
			n++
		}
	}
	return n
}

var errNotStored = errors.New("nothing is stored")

// ImportPeople takes rows into the sector that the viewer runs, all in one
// transaction: nothing is stored when a line is bad, unless bad ones are to be
// skipped. The same person (the same external_id, else the same e-mail address)
// comes only once, in the file and among those who are there; what a line adds is
// added, and an empty cell takes nothing away. The same file again changes nothing.
// Inside a transaction of the caller's, the caller looks at Report.Stored and undoes.
func (s Store) ImportPeople(ctx context.Context, v Viewer, rows []Row, rules ImportRules) (Report, error) {
	if !v.RunsSector() {
		return Report{}, fault.Forbidden
	}
	var report Report
	err := database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		all, err := s.Organisations(ctx)
		if err != nil {
			return err
		}
		for _, row := range rows {
			imported, err := s.importRow(ctx, v, row, all)
			var wrong *fault.InvalidError
			switch {
			case errors.As(err, &wrong):
				for _, problem := range wrong.Problems {
					report.Problems = append(report.Problems, LineProblem{row.Line, problem})
				}
			case err != nil:
				return err
			default:
				report.Rows = append(report.Rows, imported)
			}
		}
		if rules.DryRun || len(report.Problems) > 0 && !rules.SkipBad {
			return errNotStored
		}
		report.Stored = true
		return nil
	})
	if errors.Is(err, errNotStored) {
		for i := range report.Rows {
			report.Rows[i].PersonID = ""
		}
		return report, nil
	}
	return report, err
}

// importRow takes one line in. Everything that can be wrong is looked for before
// anything is written, so that a bad line leaves nothing behind.
func (s Store) importRow(ctx context.Context, v Viewer, row Row, organisations []Organisation) (Imported, error) {
	n := row.Person
	if row.Partner != "" {
		organisation, ok := organisationNamed(organisations, row.Partner)
		if !ok {
			return Imported{}, fault.Invalid("partner", "people.csv.partner_unknown", "Partner", row.Partner)
		}
		n.Organisation = organisation
	}
	found, err := s.samePerson(ctx, v, n)
	if err != nil {
		return Imported{}, err
	}
	for _, name := range []SignInName{{Email, n.Email}, {Phone, n.Phone}} {
		if err := s.nameFree(ctx, v, found.ID, name); err != nil {
			return Imported{}, err
		}
	}
	if found.ID == "" {
		id := PersonID(database.NewID())
		return Imported{row, id, Added}, s.insertPerson(ctx, v, id, n)
	}
	changed, err := s.merge(ctx, v, found, n)
	outcome := Same
	if changed {
		outcome = Changed
	}
	return Imported{row, found.ID, outcome}, err
}

// samePerson finds the open account that a line speaks of, or none.
func (s Store) samePerson(ctx context.Context, v Viewer, n NewPerson) (Person, error) {
	const columns = `SELECT p.id, p.sector, p.given_name, p.family_name, p.chosen_name, p.language, p.external_id FROM persons AS p `
	var p Person
	if n.ExternalID != "" {
		err := s.db.NewRaw(columns+`WHERE p.sector = ? AND p.external_id = ? AND p.closed_at IS NULL`, v.Sector(), n.ExternalID).Scan(ctx, &p)
		if err = database.One(err); err == nil || !errors.Is(err, fault.NotFound) {
			return p, err
		}
	}
	if n.Email == "" {
		return Person{}, nil
	}
	err := s.db.NewRaw(columns+`JOIN sign_in_names AS n ON n.person_id = p.id WHERE n.name = ? AND n.sector = ?`, n.Email, v.Sector()).Scan(ctx, &p)
	if err = database.One(err); errors.Is(err, fault.NotFound) {
		return Person{}, nil
	}
	if err == nil && n.ExternalID != "" && p.ExternalID != "" && p.ExternalID != n.ExternalID {
		return Person{}, fault.Invalid("email", "people.email.taken")
	}
	return p, err
}

// nameFree says what is wrong when a sign-in name opens somebody else's account here.
func (s Store) nameFree(ctx context.Context, v Viewer, id PersonID, name SignInName) error {
	if name.Name == "" {
		return nil
	}
	var taken bool
	err := s.db.NewRaw(`SELECT EXISTS (SELECT 1 FROM sign_in_names WHERE name = ? AND sector = ? AND person_id <> ?)`,
		name.Name, v.Sector(), id).Scan(ctx, &taken)
	if err == nil && taken {
		return fault.Invalid(string(name.Kind), "people."+string(name.Kind)+".taken")
	}
	return err
}

// merge adds what a line knows to somebody who is there. The name to go by and the
// language are the person's own choice: a line only fills an empty name. Whoever a
// viewer may not let in (see MakeLink) their file can't change: an address added to
// an account is a key to it.
func (s Store) merge(ctx context.Context, v Viewer, p Person, n NewPerson) (changed bool, err error) {
	var lacks struct{ Email, Phone, Employment, Power bool }
	today := s.Today()
	power := powerArgs(v, p.ID, today)
	err = s.db.NewRaw(`SELECT
		NOT EXISTS (SELECT 1 FROM sign_in_names WHERE name = ? AND sector = ?) AS email,
		NOT EXISTS (SELECT 1 FROM sign_in_names WHERE name = ? AND sector = ?) AS phone,
		NOT EXISTS (SELECT 1 FROM employments WHERE person_id = ? AND organisation_id = ? AND (ends_on IS NULL OR ends_on >= ?)) AS employment,
		NOT EXISTS (SELECT 1 FROM persons WHERE `+withinPower+`) AS power`,
		append([]any{n.Email, p.Sector, n.Phone, p.Sector, p.ID, n.Organisation, today}, power...)...).Scan(ctx, &lacks)
	if err != nil {
		return false, err
	}
	given, family, chosen := orElse(n.GivenName, p.GivenName), orElse(n.FamilyName, p.FamilyName), orElse(p.ChosenName, n.ChosenName)
	renamed := given != p.GivenName || family != p.FamilyName || chosen != p.ChosenName
	numbered := n.ExternalID != "" && p.ExternalID == ""
	email, phone := n.Email != "" && lacks.Email, n.Phone != "" && lacks.Phone
	employed := n.Organisation != "" && lacks.Employment
	if !renamed && !numbered && !email && !phone && !employed {
		return false, nil
	}
	if lacks.Power {
		return false, fault.Invalid("", "people.csv.power")
	}
	if renamed {
		err = s.rename(ctx, p.ID, p.Sector, given, family, chosen, p.Language)
	}
	if err == nil && numbered {
		_, err = s.db.ExecContext(ctx, `UPDATE persons SET external_id = ? WHERE id = ?`, n.ExternalID, p.ID)
	}
	if err == nil && email {
		err = s.insertSignInName(ctx, v, p.ID, Email, n.Email)
	}
	if err == nil && phone {
		err = s.insertSignInName(ctx, v, p.ID, Phone, n.Phone)
	}
	if err == nil && employed {
		err = s.Employ(ctx, v, p.ID, n.Organisation, today, "")
	}
	if err != nil {
		return false, err
	}
	return true, s.Note(ctx, v, "imported", p.ID, "")
}

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// organisationNamed finds an organisation by its code or its name, however written.
func organisationNamed(all []Organisation, text string) (OrganisationID, bool) {
	for _, o := range all {
		if strings.EqualFold(o.Code, text) || fold(o.Name) == fold(text) {
			return o.ID, true
		}
	}
	return "", false
}
