package people

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// readSecret checks a new secret against the rules and a person's names, and hashes it.
func (s Store) readSecret(ctx context.Context, secret string, signIn []SignInName, names ...string) (secretKind, string, error) {
	for _, n := range signIn {
		names = append(names, n.Name)
	}
	kind, err := checkSecret(secret, pinAllowed(signIn), names...)
	if err != nil {
		return "", "", err
	}
	hash, err := s.hasher.hash(ctx, secret)
	return kind, hash, err
}

func (s Store) keepSecret(ctx context.Context, person PersonID, kind secretKind, hash string) error {
	_, err := s.db.ExecContext(ctx, `INSERT INTO secrets (person_id, kind, hash, set_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (person_id) DO UPDATE SET kind = excluded.kind, hash = excluded.hash, set_at = excluded.set_at`,
		person, kind, hash, s.now())
	return err
}

// ChangeSecret changes one's own secret, for who knows the old one, and signs out
// every other device. Wrong tries count like those at the door.
func (s Store) ChangeSecret(ctx context.Context, p Presence, address, old, secret string) error {
	v := p.Viewer
	if err := s.proveSelf(ctx, p, address, old); err != nil {
		return err
	}
	record, err := s.Me(ctx, v)
	if err != nil {
		return err
	}
	kind, hash, err := s.readSecret(ctx, secret, record.Names, record.GivenName, record.FamilyName, record.ChosenName)
	if err != nil {
		return err
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		if err := s.keepSecret(ctx, v.Person(), kind, hash); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM sign_ins WHERE person_id = ? AND id <> ?`, v.Person(), p.SignIn)
		if err != nil {
			return err
		}
		return s.Note(ctx, Seen(v.Person(), p.Home, nil, nil), "secret_changed", v.Person(), "")
	})
}

// proveSelf asks who is signed in for their secret once more, before something that
// whoever found the phone lying there must not do.
func (s Store) proveSelf(ctx context.Context, p Presence, address, secret string) error {
	keys := s.tryKeys("person "+string(p.Viewer.Person()), address)
	if err := s.mayTry(ctx, keys); err != nil {
		return err
	}
	var hash string
	err := s.db.NewRaw(`SELECT hash FROM secrets WHERE person_id = ?`, p.Viewer.Person()).Scan(ctx, &hash)
	if err := database.One(err); err != nil {
		return err
	}
	fits, _, err := s.hasher.fits(ctx, secret, hash)
	if err != nil {
		return err
	}
	if fits {
		return s.undisturbed(ctx, func(ctx context.Context, s Store) error { return s.countGood(ctx, keys) })
	}
	if err := s.undisturbed(ctx, func(ctx context.Context, s Store) error { return s.countBad(ctx, keys) }); err != nil {
		return err
	}
	return fault.Invalid("old", "people.secret.old_wrong")
}

// GiveSecrets sets one secret for many people of a sector at once, hashed once: for
// the demo's accounts. Only the system may.
func (s Store) GiveSecrets(ctx context.Context, v Viewer, persons []PersonID, secret string) error {
	if !v.IsSystem() {
		return fault.Forbidden
	}
	kind, err := checkSecret(secret, true)
	if err != nil {
		return err
	}
	hash, err := s.hasher.hash(ctx, secret)
	if err != nil {
		return err
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		for _, person := range persons {
			if err := s.In(tx).keepSecret(ctx, person, kind, hash); err != nil {
				return err
			}
		}
		return nil
	})
}
