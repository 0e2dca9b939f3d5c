package people

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// AddName gives a person one more way to sign in: the e-mail address or phone number
// typed, or a new card when nothing is. Who may is as in MakeLink, because an address
// is a key to the account.
func (s Store) AddName(ctx context.Context, v Viewer, person PersonID, typed string) error {
	name, err := newName(typed)
	if err != nil {
		return err
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		if err := s.within(ctx, v, person); err != nil {
			return err
		}
		if err := s.insertSignInName(ctx, v, person, name.Kind, name.Name); err != nil {
			return onField("name", err)
		}
		return s.Note(ctx, v, "name_added", person, "")
	})
}

// DropName takes a way to sign in from a person, but never the last. Who may is as in MakeLink.
func (s Store) DropName(ctx context.Context, v Viewer, person PersonID, name string) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		if err := s.within(ctx, v, person); err != nil {
			return err
		}
		if err := s.dropName(ctx, person, name); err != nil {
			return err
		}
		return s.Note(ctx, v, "name_dropped", person, "")
	})
}

// AddOwnName gives oneself one more e-mail address or phone number, for who knows
// the secret. Wrong tries count like those at the door.
func (s Store) AddOwnName(ctx context.Context, p Presence, address, secret, typed string) error {
	if typed == "" {
		return fault.Invalid("name", "people.name_new.missing")
	}
	name, err := newName(typed)
	if err != nil {
		return err
	}
	if err := s.proveSelf(ctx, p, address, secret); err != nil {
		return err
	}
	own := Seen(p.Viewer.Person(), p.Home, nil, nil)
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		if err := s.insertSignInName(ctx, own, own.Person(), name.Kind, name.Name); err != nil {
			return onField("name", err)
		}
		return s.Note(ctx, own, "name_added", own.Person(), "")
	})
}

// DropOwnName takes a way to sign in from oneself, but never the last.
func (s Store) DropOwnName(ctx context.Context, p Presence, name string) error {
	own := Seen(p.Viewer.Person(), p.Home, nil, nil)
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		if err := s.dropName(ctx, own.Person(), name); err != nil {
			return err
		}
		return s.Note(ctx, own, "name_dropped", own.Person(), "")
	})
}

// newName reads what was typed into a form for a new sign-in name.
func newName(typed string) (SignInName, error) {
	if typed == "" {
		return SignInName{Card, NewCardNumber()}, nil
	}
	name, ok := NormalName(typed)
	if !ok || name.Kind == Card {
		return SignInName{}, fault.Invalid("name", "people.name_new.odd")
	}
	return name, nil
}

// dropName holds the person's row while it looks for another name, so that two who
// drop one each at once don't drop both.
func (s Store) dropName(ctx context.Context, person PersonID, name string) error {
	_, err := s.db.ExecContext(ctx, `UPDATE persons SET language = language WHERE id = ?`, person)
	if err != nil {
		return err
	}
	result, err := s.db.ExecContext(ctx, `DELETE FROM sign_in_names WHERE person_id = ? AND name = ?
		AND EXISTS (SELECT 1 FROM sign_in_names AS other WHERE other.person_id = sign_in_names.person_id AND other.name <> sign_in_names.name)`, person, name)
	return database.Changed(result, err, fault.NotFound)
}

// within fails with fault.NotFound unless the viewer may act on the account.
func (s Store) within(ctx context.Context, v Viewer, person PersonID) error {
	var id PersonID
	err := s.db.NewRaw(`SELECT persons.id FROM persons WHERE `+withinPower, powerArgs(v, person, s.Today())...).Scan(ctx, &id)
	return database.One(err)
}

// onField moves the problems of an error to the one field that the form has.
func onField(field string, err error) error {
	var wrong, moved fault.InvalidError
	if !wrong.Take(err) {
		return err
	}
	for _, problem := range wrong.Problems {
		problem.Field = field
		moved.Problems = append(moved.Problems, problem)
	}
	return moved.OrNil()
}

// Holders gives whose open accounts of the viewer's sector an e-mail address or a phone
// number opens, both as NewPerson.Clean writes them and either of them "". Only who runs
// the sector may ask.
func (s Store) Holders(ctx context.Context, v Viewer, email, phone string) ([]PersonID, error) {
	if !v.RunsSector() {
		return nil, fault.Forbidden
	}
	found := []PersonID{}
	err := s.db.NewRaw(`SELECT DISTINCT n.person_id FROM sign_in_names AS n JOIN persons AS p ON p.id = n.person_id AND p.closed_at IS NULL
		WHERE n.sector = ? AND n.name IN (?, ?) ORDER BY n.person_id`, v.Sector(), email, phone).Scan(ctx, &found)
	return found, err
}
