package people

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// AddPerson makes an account in the sector where the viewer stands. It can't sign
// in until its owner has set a secret through an invitation or a hand-over code.
// Fails with fault.Forbidden unless the viewer runs the sector, and with
// fault.Invalid when an address or a number already opens another account here.
func (s Store) AddPerson(ctx context.Context, v Viewer, n NewPerson) (PersonID, error) {
	if !v.RunsSector() {
		return "", fault.Forbidden
	}
	n, err := n.Clean()
	if err != nil {
		return "", err
	}
	id := PersonID(database.NewID())
	err = database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		return s.In(tx).insertPerson(ctx, v, id, n)
	})
	return id, err
}

// insertPerson stores a tidied person with all that hangs on them.
func (s Store) insertPerson(ctx context.Context, v Viewer, id PersonID, n NewPerson) error {
	result, err := s.db.ExecContext(ctx, `INSERT INTO persons
		(id, sector, given_name, family_name, chosen_name, language, external_id, sort_key, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sector, external_id) DO NOTHING`,
		id, v.Sector(), n.GivenName, n.FamilyName, n.ChosenName, n.Language, orNull(n.ExternalID),
		orderKey(FullName(n.ChosenName, n.GivenName, n.FamilyName)), s.now())
	err = database.Changed(result, err, fault.Invalid("external_id", "people.external_id.taken"))
	if err != nil {
		return err
	}
	if err := s.insertNameKeys(ctx, id, v.Sector(), n.GivenName, n.FamilyName, n.ChosenName); err != nil {
		return err
	}
	if err := s.insertSignInNames(ctx, v, id, n.Email, n.Phone); err != nil {
		return err
	}
	if n.Organisation != "" {
		if err := s.Employ(ctx, v, id, n.Organisation, s.Today(), ""); err != nil {
			return err
		}
	}
	for _, role := range n.Roles {
		grant := Grant{PersonID: id, Role: role, Sector: v.Sector()}
		if role == PartnerHR {
			grant.OrganisationID = n.Organisation
		}
		if _, err := s.Grant(ctx, v, grant); err != nil {
			return err
		}
	}
	return s.Note(ctx, v, "added", id, "")
}

func (s Store) insertNameKeys(ctx context.Context, id PersonID, sector Sector, names ...string) error {
	for _, key := range nameKeys(names...) {
		_, err := s.db.ExecContext(ctx, `INSERT INTO name_keys (sector, key, person_id) VALUES (?, ?, ?)
			ON CONFLICT DO NOTHING`, sector, key, id)
		if err != nil {
			return err
		}
	}
	return nil
}

// insertSignInNames keeps the tidied address and number, or makes a card number
// for who has neither.
func (s Store) insertSignInNames(ctx context.Context, v Viewer, id PersonID, email, phone string) error {
	if email != "" {
		if err := s.insertSignInName(ctx, v, id, Email, email); err != nil {
			return err
		}
	}
	if phone != "" {
		if err := s.insertSignInName(ctx, v, id, Phone, phone); err != nil {
			return err
		}
	}
	if email+phone == "" {
		return s.insertSignInName(ctx, v, id, Card, NewCardNumber())
	}
	return nil
}

// words: people.email.*, people.phone.*, people.card.*

func (s Store) insertSignInName(ctx context.Context, v Viewer, id PersonID, kind NameKind, name string) error {
	result, err := s.db.ExecContext(ctx, `INSERT INTO sign_in_names (name, sector, kind, person_id, created_at)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT (name, sector) DO NOTHING`, name, v.Sector(), kind, id, s.now())
	return database.Changed(result, err, fault.Invalid(string(kind), "people."+string(kind)+".taken"))
}

// Person is an account that the viewer may open: their own, or one of the sector
// that they run.
func (s Store) Person(ctx context.Context, v Viewer, id PersonID) (Person, error) {
	var p Person
	err := s.db.NewRaw(`SELECT id, sector, given_name, family_name, chosen_name, language, external_id, created_at, closed_at
		FROM persons WHERE id = ? AND (id = ? OR (sector = ? AND ?))`,
		id, v.Person(), v.Sector(), v.RunsSector()).Scan(ctx, &p)
	if err != nil {
		return Person{}, fmt.Errorf("person: %w", database.One(err))
	}
	return p, nil
}

// PersonToChange is an open account that the viewer may change: one of the sector
// that they run, and not their own.
func (s Store) PersonToChange(ctx context.Context, v Viewer, id PersonID) (Person, error) {
	if id == v.Person() {
		return Person{}, fault.NotFound
	}
	p, err := s.Person(ctx, v, id)
	if err == nil && p.Closed() {
		return Person{}, fault.NotFound
	}
	return p, err
}

// LegalName is a person's name in law, "" when they never gave it. It is theirs
// alone to read.
func (s Store) LegalName(ctx context.Context, v Viewer) (string, error) {
	var name string
	err := s.db.NewRaw(`SELECT legal_name FROM persons WHERE id = ?`, v.Person()).Scan(ctx, &name)
	return name, database.One(err)
}

// SetLegalName keeps one's own name in law; "" takes it out again.
func (s Store) SetLegalName(ctx context.Context, v Viewer, name string) error {
	var wrong fault.InvalidError
	name = cleanName(&wrong, "legal_name", name)
	if err := wrong.OrNil(); err != nil {
		return err
	}
	result, err := s.db.ExecContext(ctx, `UPDATE persons SET legal_name = ? WHERE id = ? AND closed_at IS NULL`, name, v.Person())
	return database.Changed(result, err, fault.NotFound)
}

// orNull writes an empty text as NULL.
func orNull[T ~string](text T) sql.NullString {
	return sql.NullString{String: string(text), Valid: text != ""}
}

// Empty says whether nobody has an account yet: an Academy on its first day.
func (s Store) Empty(ctx context.Context) (bool, error) {
	there, err := s.db.NewSelect().TableExpr("persons").Limit(1).Count(ctx)
	return there == 0, err
}
