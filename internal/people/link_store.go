package people

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// MakeLink makes a one-time link to a person's account and gives its token, or the
// short code of a hand-over; only a hash of it is kept. The viewer runs the sector;
// the account is not their own; and that of a coordinator or director is opened only
// by a director or the system. Fails with fault.NotFound otherwise.
func (s Store) MakeLink(ctx context.Context, v Viewer, kind LinkKind, person PersonID) (string, error) {
	if !kind.Known() {
		return "", fault.NotFound
	}
	token, hash := newToken()
	if kind == HandOver {
		token = newCode()
		hash = hashToken(token)
	}
	err := database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s, today := s.In(tx), s.Today()
		result, err := tx.ExecContext(ctx, `INSERT INTO one_time_links (id, token_hash, kind, person_id, made_by, made_at, ends_at)
			SELECT ?, ?, ?, persons.id, ?, ?, ? FROM persons WHERE `+withinPower,
			append([]any{database.NewID(), hash, kind, orNull(v.Person()), s.now(), s.now().Add(kind.For())},
				powerArgs(v, person, today)...)...)
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		return s.Note(ctx, v, "link_"+string(kind), person, "")
	})
	if err != nil {
		return "", err
	}
	return token, nil
}

// withinPower narrows persons to one whose account the viewer may act on: an open
// one of the sector that they run, never their own, and one that runs a sector only
// for directors and the system.
const withinPower = `persons.id = ? AND persons.sector = ? AND ? AND persons.closed_at IS NULL AND persons.id <> ?
	AND (? OR NOT EXISTS (SELECT 1 FROM grants AS power WHERE power.person_id = persons.id AND power.role IN ('coordinator', 'director')
		AND (power.ends_on IS NULL OR power.ends_on >= ?)))`

func powerArgs(v Viewer, person PersonID, today string) []any {
	return []any{person, v.Sector(), v.RunsSector(), v.Person(), v.IsSystem() || v.Is(Director), today}
}

// Link is what an unused link of a token or code leads to; looking changes nothing.
// Fails with fault.NotFound when it is unknown, used or has run out, and with
// fault.TooMany when the address has tried too many short codes that are not there;
// a long token is beyond guessing, and is not counted.
func (s Store) Link(ctx context.Context, token, address string) (Link, error) {
	code, keys := NormalCode(token), s.tryKeys("", address)
	short := len(code) == codeLength
	if short {
		if err := s.mayTry(ctx, tryKeys{address: keys.address}); err != nil {
			return Link{}, err
		}
	}
	var link Link
	err := s.db.NewRaw(`SELECT l.kind, l.person_id, l.ends_at, p.sector, p.given_name, p.family_name, p.chosen_name, p.language,
		NOT EXISTS (SELECT 1 FROM secrets WHERE secrets.person_id = p.id) AS first
		FROM one_time_links AS l JOIN persons AS p ON p.id = l.person_id AND p.closed_at IS NULL
		WHERE l.token_hash = ? AND l.used_at IS NULL AND l.ends_at > ?`,
		hashToken(code), s.now()).Scan(ctx, &link)
	if err = database.One(err); err == fault.NotFound && short {
		if err := s.countWindow(ctx, keys.address, addressWindow, ""); err != nil {
			return Link{}, err
		}
	}
	if err != nil {
		return Link{}, err
	}
	link.Names, err = s.signInNames(ctx, link.PersonID)
	return link, err
}

// Accept uses a link up: it sets the secret, the language and the name to go by,
// ends every session and every other link of the account, and signs the device in.
// Of two who press the button at once, one gets in and one fault.NotFound.
func (s Store) Accept(ctx context.Context, token string, a Acceptance) (string, error) {
	link, err := s.Link(ctx, token, a.Address)
	if err != nil {
		return "", err
	}
	kind, hash, err := s.readSecret(ctx, a.Secret, link.Names, link.GivenName, link.FamilyName, link.ChosenName)
	var wrong fault.InvalidError
	if !wrong.Take(err) && err != nil {
		return "", err
	}
	chosen := cleanName(&wrong, "chosen_name", a.ChosenName)
	if a.Language != "en" && a.Language != "es" {
		wrong.Add("language", "people.language.odd")
	}
	if err := wrong.OrNil(); err != nil {
		return "", err
	}
	var session string
	err = database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		result, err := tx.ExecContext(ctx, `UPDATE one_time_links SET used_at = ? WHERE token_hash = ? AND used_at IS NULL AND ends_at > ?`,
			s.now(), hashToken(NormalCode(token)), s.now())
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE one_time_links SET used_at = ? WHERE person_id = ? AND used_at IS NULL`, s.now(), link.PersonID); err != nil {
			return err
		}
		if err := s.keepSecret(ctx, link.PersonID, kind, hash); err != nil {
			return err
		}
		if err := s.SignOutEverywhere(ctx, Seen(link.PersonID, link.Sector, nil, nil)); err != nil {
			return err
		}
		if err := s.rename(ctx, link.PersonID, link.Sector, link.GivenName, link.FamilyName, chosen, a.Language); err != nil {
			return err
		}
		if err := s.Note(ctx, Seen(link.PersonID, link.Sector, nil, nil), "accepted_"+string(link.Kind), link.PersonID, ""); err != nil {
			return err
		}
		session, err = s.open(ctx, link.PersonID, Attempt{Shared: a.Shared, Device: a.Device, Previous: a.Previous})
		return err
	})
	return session, err
}

// signInNames are the names that open an account, in the order they were given.
func (s Store) signInNames(ctx context.Context, person PersonID) ([]SignInName, error) {
	var names []SignInName
	err := s.db.NewRaw(`SELECT kind, name FROM sign_in_names WHERE person_id = ? ORDER BY created_at, kind DESC, name`, person).Scan(ctx, &names)
	return names, err
}
