package people

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// NewToken makes an API token for a person standing in a sector and gives it, once:
// only its hash is kept. The system makes them; the sector is the person's own or
// one where a bridge grant is in force.
func (s Store) NewToken(ctx context.Context, v Viewer, person PersonID, sector Sector, scopes []string) (string, error) {
	token, _ := newToken()
	token = "mpa_" + token
	return token, s.KeepToken(ctx, v, person, sector, scopes, token)
}

// KeepToken stores a token whose text is given, for the demo's accounts. The same
// token told again changes nothing.
func (s Store) KeepToken(ctx context.Context, v Viewer, person PersonID, sector Sector, scopes []string, token string) error {
	if !v.IsSystem() {
		return fault.Forbidden
	}
	if len(scopes) == 0 {
		return fault.Invalid("scope", "people.token.scope_missing", "Scopes", strings.Join(Scopes, ", "))
	}
	for _, scope := range scopes {
		if !KnownScope(scope) {
			return fault.Invalid("scope", "people.token.scope_odd", "Scope", scope, "Scopes", strings.Join(Scopes, ", "))
		}
	}
	list, err := json.Marshal(slices.Compact(slices.Sorted(slices.Values(scopes))))
	if err != nil {
		return err
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		today := s.Today()
		result, err := tx.ExecContext(ctx, `INSERT INTO api_tokens (id, token_hash, person_id, sector, scopes, made_at)
			SELECT ?, ?, persons.id, ?, ?, ? FROM persons WHERE persons.id = ? AND persons.closed_at IS NULL AND (persons.sector = ?
				OR EXISTS (SELECT 1 FROM grants WHERE grants.person_id = persons.id AND grants.sector = ?
					AND grants.starts_on <= ? AND (grants.ends_on IS NULL OR grants.ends_on >= ?)))
			ON CONFLICT (token_hash) DO UPDATE SET scopes = excluded.scopes`,
			database.NewID(), hashToken(token), sector, string(list), s.now(), person, sector, sector, today, today)
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		return s.In(tx).Note(ctx, System(sector), "token", person, "")
	})
}

const tokenQuestion = `SELECT t.id, t.sector AS stood, FALSE, t.made_at, t.made_at, t.scopes, ` + standingColumns + `
	FROM api_tokens AS t JOIN persons AS p ON p.id = t.person_id AND p.closed_at IS NULL ` + grantsInForce + `
	WHERE t.token_hash = $2 AND t.ended_at IS NULL`

// ByToken is who holds an API token, standing in the sector that it names, and its
// scopes; in one query. Fails with fault.NotFound when the token is unknown or has
// ended, or its bridge has.
func (s Store) ByToken(ctx context.Context, token string) (Presence, []string, error) {
	rows, err := s.standings(ctx, tokenQuestion, s.Today(), hashToken(token))
	if err != nil {
		return Presence{}, nil, err
	}
	if len(rows) == 0 {
		return Presence{}, nil, fault.NotFound
	}
	p := presenceOf(rows)
	if p.Viewer.Sector() != rows[0].Stood {
		return Presence{}, nil, fault.NotFound
	}
	p.SignIn = ""
	var scopes []string
	if err := json.Unmarshal([]byte(rows[0].Scopes), &scopes); err != nil {
		return Presence{}, nil, err
	}
	return p, scopes, nil
}

// EndTokens ends every API token of a person of the viewer's sector.
func (s Store) EndTokens(ctx context.Context, v Viewer, person PersonID) error {
	if !v.IsSystem() && !v.Is(Director) {
		return fault.Forbidden
	}
	_, err := s.db.ExecContext(ctx, `UPDATE api_tokens SET ended_at = ? WHERE person_id = ? AND ended_at IS NULL
		AND EXISTS (SELECT 1 FROM persons WHERE persons.id = api_tokens.person_id AND persons.sector = ?)`, s.now(), person, v.Sector())
	return err
}

// BySignInName finds an account of the viewer's sector by what its owner types at
// the door; for commands and whoever runs the sector.
func (s Store) BySignInName(ctx context.Context, v Viewer, text string) (PersonID, error) {
	name, ok := NormalName(text)
	if !ok || !v.RunsSector() {
		return "", fault.NotFound
	}
	var id PersonID
	err := s.db.NewRaw(`SELECT person_id FROM sign_in_names WHERE name = ? AND sector = ?`, name.Name, v.Sector()).Scan(ctx, &id)
	return id, database.One(err)
}
