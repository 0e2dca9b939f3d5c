package people

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// standing is one row of a presence: the person, once for each grant in force today.
type standing struct {
	SignIn, Scopes                              string
	Stood, Home, GrantedSector                  Sector
	Shared                                      bool
	StartedAt, SeenAt                           database.Moment
	PersonID                                    PersonID
	GivenName, FamilyName, ChosenName, Language string
	Role                                        Role           // none where no grant is in force
	OrganisationID                              OrganisationID // of a partner's HR
}

// standings are the rows of who holds a session or an API token.
func (s Store) standings(ctx context.Context, question string, values ...any) (rows []standing, err error) {
	err = database.Ask(ctx, s.db, question, values, func(row database.Row) error {
		var r standing
		err := row.Scan(&r.SignIn, &r.Stood, &r.Shared, &r.StartedAt, &r.SeenAt, &r.Scopes,
			&r.PersonID, &r.Home, &r.GivenName, &r.FamilyName, &r.ChosenName, &r.Language, &r.Role, &r.GrantedSector, &r.OrganisationID)
		rows = append(rows, r)
		return err
	})
	return rows, err
}

// standingColumns and grantsInForce, on the day $1, are shared by sessions and API tokens. The
// grant of a partner's HR counts only under a partnership of today, and no longer
// than their own work for that partner where it is on record.
const standingColumns = `p.id AS person_id, p.sector AS home, p.given_name, p.family_name, p.chosen_name, p.language,
	COALESCE(g.role, ''), COALESCE(g.sector, '') AS granted_sector, COALESCE(g.organisation_id, '')`

const grantsInForce = `LEFT JOIN grants AS g ON g.person_id = p.id AND g.starts_on <= $1 AND (g.ends_on IS NULL OR g.ends_on >= $1)
	AND (g.role <> 'partner_hr' OR (
		EXISTS (SELECT 1 FROM partnerships AS ps WHERE ps.organisation_id = g.organisation_id AND ps.starts_on <= $1 AND (ps.ends_on IS NULL OR ps.ends_on >= $1))
		AND (EXISTS (SELECT 1 FROM employments AS e WHERE e.person_id = p.id AND e.organisation_id = g.organisation_id AND e.starts_on <= $1 AND (e.ends_on IS NULL OR e.ends_on >= $1))
			OR NOT EXISTS (SELECT 1 FROM employments AS e WHERE e.person_id = p.id AND e.organisation_id = g.organisation_id))))`

const presenceQuestion = `SELECT d.id, d.sector AS stood, d.shared, d.started_at, d.seen_at, '', ` + standingColumns + `
	FROM sign_ins AS d JOIN persons AS p ON p.id = d.person_id AND p.closed_at IS NULL ` + grantsInForce + `
	WHERE d.token_hash = $2 AND d.ends_at > $3`

// Presence is who holds a session token, in one query: person, name, language,
// where they stand, the roles in force there today, and where else they may stand.
// Who stands where their bridge has ended is back home. Fails with fault.NotFound
// when the token is unknown or has run out. Last seen is written once a minute.
func (s Store) Presence(ctx context.Context, token string) (Presence, error) {
	now := s.now()
	rows, err := s.standings(ctx, presenceQuestion, s.Today(), hashToken(token), now)
	if err != nil {
		return Presence{}, err
	}
	if len(rows) == 0 {
		return Presence{}, fault.NotFound
	}
	p := presenceOf(rows)
	p.Token = token
	// Seen in the future was a clock that has been set back since: a shared phone would
	// stay open until then.
	if row := rows[0]; now.Sub(row.SeenAt.Time).Abs() >= seenEvery {
		_, err = s.db.ExecContext(ctx, `UPDATE sign_ins SET seen_at = ?, ends_at = ? WHERE id = ? AND (seen_at < ? OR seen_at >= ?)`,
			now, endOf(row.Shared, row.StartedAt.Time, now), row.SignIn, now, now.Add(seenEvery))
	}
	return p, err
}

// presenceOf puts the rows of one person together.
func presenceOf(rows []standing) Presence {
	first := rows[0]
	p := Presence{
		Name: ShownName(first.ChosenName, first.GivenName, first.FamilyName), Language: first.Language, Shared: first.Shared,
		Home: first.Home, Standings: []Sector{first.Home},
		SignIn: first.SignIn,
	}
	for _, sector := range Sectors {
		bridge := func(row standing) bool { return row.GrantedSector == sector && sector != p.Home }
		if slices.ContainsFunc(rows, bridge) {
			p.Standings = append(p.Standings, sector)
		}
	}
	stood := first.Stood
	if !p.MayStandIn(stood) {
		stood = p.Home
	}
	var roles []Role
	var organisations []OrganisationID
	for _, row := range rows {
		if row.GrantedSector != stood {
			continue
		}
		if !slices.Contains(roles, row.Role) {
			roles = append(roles, row.Role)
		}
		if row.OrganisationID != "" && !slices.Contains(organisations, row.OrganisationID) {
			organisations = append(organisations, row.OrganisationID)
		}
	}
	p.Viewer = Seen(first.PersonID, stood, roles, organisations)
	return p
}

// Stand moves a device to another sector: home, or where a bridge grant is in force
// today. The switch is an audit line of the sector entered. Fails with
// fault.NotFound when the person may not stand there.
func (s Store) Stand(ctx context.Context, p Presence, sector Sector) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		today := s.Today()
		result, err := tx.ExecContext(ctx, `UPDATE sign_ins SET sector = ? WHERE id = ? AND person_id = ? AND (
			EXISTS (SELECT 1 FROM persons WHERE persons.id = sign_ins.person_id AND persons.sector = ?)
			OR EXISTS (SELECT 1 FROM grants WHERE grants.person_id = sign_ins.person_id AND grants.sector = ?
				AND grants.starts_on <= ? AND (grants.ends_on IS NULL OR grants.ends_on >= ?)))`,
			sector, p.SignIn, p.Viewer.Person(), sector, sector, today, today)
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		return s.In(tx).Note(ctx, Seen(p.Viewer.Person(), sector, nil, nil), "stood", p.Viewer.Person(), "")
	})
}
