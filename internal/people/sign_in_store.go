package people

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// account is what stands behind a sign-in name in one sector.
type account struct {
	PersonID PersonID
	Sector   Sector
	Kind     secretKind
	Hash     string
	SetAt    time.Time
}

// SignIn opens the account that the name and secret fit and gives its session
// token. One name may stand for an account in each sector; every attempt costs one
// hash a sector, whoever is known. Where a secret fits two, the one set last opens.
// Fails with fault.Invalid in the same words for an unknown name and a wrong secret,
// and with fault.TooMany when this address must wait.
func (s Store) SignIn(ctx context.Context, a Attempt) (string, error) {
	name, known := NormalName(a.Name)
	if !known {
		name.Name = fold(a.Name)
	}
	keys := s.tryKeys(name.Name, a.Address)
	if err := s.mayTry(ctx, keys); err != nil {
		return "", err
	}
	found, rehashed, err := s.unlock(ctx, name, a.Secret)
	if err != nil {
		return "", err
	}
	if found.PersonID == "" {
		if err := s.undisturbed(ctx, func(ctx context.Context, s Store) error { return s.countBad(ctx, keys) }); err != nil {
			return "", err
		}
		return "", fault.Invalid("", "people.sign_in.wrong")
	}
	var token string
	err = s.undisturbed(ctx, func(ctx context.Context, s Store) error {
		if err := s.countGood(ctx, keys); err != nil {
			return err
		}
		if rehashed != "" {
			_, err := s.db.ExecContext(ctx, `UPDATE secrets SET hash = ? WHERE person_id = ? AND hash = ?`, rehashed, found.PersonID, found.Hash)
			if err != nil {
				return err
			}
		}
		token, err = s.open(ctx, found.PersonID, a)
		return err
	})
	return token, err
}

// unlock tries the secret against the name's account in each sector.
func (s Store) unlock(ctx context.Context, name SignInName, secret string) (found account, rehashed string, err error) {
	var accounts []account
	err = s.db.NewRaw(`SELECT secrets.person_id, persons.sector, secrets.kind, secrets.hash, secrets.set_at
		FROM sign_in_names JOIN persons ON persons.id = sign_in_names.person_id JOIN secrets ON secrets.person_id = persons.id
		WHERE sign_in_names.name = ? AND persons.closed_at IS NULL`, name.Name).Scan(ctx, &accounts)
	if err != nil {
		return account{}, "", err
	}
	if len([]rune(secret)) > LongestSecret {
		secret = ""
	}
	for _, sector := range Sectors {
		var here account
		for _, a := range accounts {
			if a.Sector == sector && (a.Kind == password || name.Kind != Email) {
				here = a
			}
		}
		fits, outdated, err := s.hasher.fits(ctx, secret, here.Hash)
		if err != nil {
			return account{}, "", err
		}
		if fits && (found.PersonID == "" || here.SetAt.After(found.SetAt)) {
			found, rehashed = here, ""
			if outdated {
				if rehashed, err = s.hasher.hash(ctx, secret); err != nil {
					return account{}, "", err
				}
			}
		}
	}
	return found, rehashed, nil
}

// open signs a device in under a fresh token and ends the one that it had.
func (s Store) open(ctx context.Context, person PersonID, a Attempt) (string, error) {
	if err := s.SignOut(ctx, a.Previous); err != nil {
		return "", err
	}
	token, hash := newToken()
	now := s.now()
	result, err := s.db.ExecContext(ctx, `INSERT INTO sign_ins (id, token_hash, person_id, sector, shared, device, started_at, seen_at, ends_at)
		SELECT ?, ?, id, sector, ?, ?, ?, ?, ? FROM persons WHERE id = ? AND closed_at IS NULL`,
		database.NewID(), hash, a.Shared, a.Device, now, now, endOf(a.Shared, now, now), person)
	return token, database.Changed(result, err, fault.NotFound)
}

// SignOut ends the session of a token; one that is no longer there has ended already.
func (s Store) SignOut(ctx context.Context, token string) error {
	if token == "" {
		return nil
	}
	_, err := s.db.ExecContext(ctx, `DELETE FROM sign_ins WHERE token_hash = ?`, hashToken(token))
	return err
}

// SignOutEverywhere ends every session of one's own.
func (s Store) SignOutEverywhere(ctx context.Context, v Viewer) error {
	_, err := s.db.ExecContext(ctx, `DELETE FROM sign_ins WHERE person_id = ?`, v.Person())
	return err
}

// SignOutDevice ends one session of one's own.
func (s Store) SignOutDevice(ctx context.Context, v Viewer, device string) error {
	result, err := s.db.ExecContext(ctx, `DELETE FROM sign_ins WHERE id = ? AND person_id = ?`, device, v.Person())
	return database.Changed(result, err, fault.NotFound)
}

// Devices lists where one is signed in, the one used last first.
func (s Store) Devices(ctx context.Context, v Viewer) ([]Device, error) {
	var all []Device
	err := s.db.NewRaw(`SELECT id, device, shared, started_at, seen_at FROM sign_ins
		WHERE person_id = ? AND ends_at > ? ORDER BY seen_at DESC, id LIMIT 50`, v.Person(), s.now()).Scan(ctx, &all)
	return all, err
}

// undisturbed runs work in a transaction that is finished even when the browser's
// time has run out meanwhile: a counted try must not depend on who waits for it.
func (s Store) undisturbed(ctx context.Context, work func(ctx context.Context, s Store) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error { return work(ctx, s.In(tx)) })
}
