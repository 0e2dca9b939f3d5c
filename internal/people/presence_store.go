package people

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// standing is one row of a presence: the person, once for each grant in force today.
type standing struct {
	SignIn         string
	Stood          Sector
	Shared         bool
	StartedAt      time.Time
	SeenAt         time.Time
	PersonID       PersonID
	Home           Sector
	GivenName      string
	FamilyName     string
	ChosenName     string
	Language       string
	Role           Role           `bun:",nullzero"`
	GrantedSector  Sector         `bun:",nullzero"`
	OrganisationID OrganisationID `bun:",nullzero"`
	Scopes         string
}

// standingColumns and grantsInForce are shared by sessions and API tokens. The
// grant of a partner's HR counts only under a partnership of today, and no longer
// than their own work for that partner where it is on record.
const standingColumns = `p.id AS person_id, p.sector AS home, p.given_name, p.family_name, p.chosen_name, p.language,
	g.role, g.sector AS granted_sector, g.organisation_id`

const grantsInForce = `LEFT JOIN grants AS g ON g.person_id = p.id AND g.starts_on <= ? AND (g.ends_on IS NULL OR g.ends_on >= ?)
	AND (g.role <> 'partner_hr' OR (
		EXISTS (SELECT 1 FROM partnerships AS ps WHERE ps.organisation_id = g.organisation_id AND ps.starts_on <= ? AND (ps.ends_on IS NULL OR ps.ends_on >= ?))
		AND (EXISTS (SELECT 1 FROM employments AS e WHERE e.person_id = p.id AND e.organisation_id = g.organisation_id AND e.starts_on <= ? AND (e.ends_on IS NULL OR e.ends_on >= ?))
			OR NOT EXISTS (SELECT 1 FROM employments AS e WHERE e.person_id = p.id AND e.organisation_id = g.organisation_id))))`

// Presence is who holds a session token, in one query: person, name, language,
// where they stand, the roles in force there today, and where else they may stand.
// Who stands where their bridge has ended is back home. Fails with fault.NotFound
// when the token is unknown or has run out. Last seen is written once a minute.
func (s Store) Presence(ctx context.Context, token string) (Presence, error) {
	var rows []standing
	today, now := s.Today(), s.now()
	err := s.db.NewRaw(`SELECT d.id AS sign_in, d.sector AS stood, d.shared, d.started_at, d.seen_at, `+standingColumns+`
		FROM sign_ins AS d JOIN persons AS p ON p.id = d.person_id AND p.closed_at IS NULL `+grantsInForce+`
		WHERE d.token_hash = ? AND d.ends_at > ?`,
		today, today, today, today, today, today, hashToken(token), now).Scan(database.Often(ctx), &rows)
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
	if row := rows[0]; now.Sub(row.SeenAt).Abs() >= seenEvery {
		_, err = s.db.ExecContext(ctx, `UPDATE sign_ins SET seen_at = ?, ends_at = ? WHERE id = ? AND (seen_at < ? OR seen_at >= ?)`,
			now, endOf(row.Shared, row.StartedAt, now), row.SignIn, now, now.Add(seenEvery))
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
