package people

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Partnerships lists every organisation by name with its partnerships, for who runs a
// sector; fault.Forbidden for others.
func (s Store) Partnerships(ctx context.Context, v Viewer) ([]Partnered, error) {
	if !v.RunsSector() {
		return nil, fault.Forbidden
	}
	var rows []struct {
		Organisation
		StartsOn string
		EndsOn   string
	}
	err := s.db.NewRaw(`SELECT o.id, o.code, o.name, o.kind, COALESCE(p.starts_on, '') AS starts_on, COALESCE(p.ends_on, '') AS ends_on
		FROM organisations AS o LEFT JOIN partnerships AS p ON p.organisation_id = o.id
		ORDER BY o.name, o.id, p.starts_on DESC`).Scan(ctx, &rows)
	var all []Partnered
	for _, row := range rows {
		if len(all) == 0 || all[len(all)-1].ID != row.ID {
			all = append(all, Partnered{Organisation: row.Organisation})
		}
		if last := &all[len(all)-1]; row.StartsOn != "" {
			last.Partnerships = append(last.Partnerships, Partnership{row.StartsOn, row.EndsOn})
		}
	}
	return all, err
}

// Partner dates a partnership; endsOn is its last day, "" while it goes on. The same
// partnership told again only moves its end. With it ends what the partner's HR sees.
// Only a director, or the system, may.
func (s Store) Partner(ctx context.Context, v Viewer, organisation OrganisationID, startsOn, endsOn string) error {
	if !v.IsSystem() && !v.Is(Director) {
		return fault.Forbidden
	}
	var wrong fault.InvalidError
	checkDays(&wrong, startsOn, endsOn)
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO partnerships (id, organisation_id, starts_on, ends_on)
			SELECT ?, id, ?, ? FROM organisations WHERE id = ?
			ON CONFLICT (organisation_id, starts_on) DO UPDATE SET ends_on = excluded.ends_on`,
			database.NewID(), startsOn, orNull(endsOn), organisation)
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		return s.In(tx).Note(ctx, v, "partnered", "", "organisations/"+string(organisation))
	})
}

// AddOrganisation makes an employer known by its name. Only a director may.
func (s Store) AddOrganisation(ctx context.Context, v Viewer, name string) error {
	if !v.Is(Director) {
		return fault.Forbidden
	}
	var wrong fault.InvalidError
	if name = cleanName(&wrong, "name", name); fold(name) == "" {
		wrong.Add("name", "people.organisation.name_missing")
	}
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		all, err := s.Organisations(ctx)
		if err != nil {
			return err
		}
		taken := fault.Invalid("name", "people.organisation.taken")
		if _, known := organisationNamed(all, name); known {
			return taken
		}
		id := OrganisationID(database.NewID())
		result, err := tx.ExecContext(ctx, `INSERT INTO organisations (id, code, name, kind, created_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING`,
			id, strings.ToUpper(strings.ReplaceAll(fold(name), " ", "-")), name, Partner, s.now())
		if err := database.Changed(result, err, taken); err != nil {
			return err
		}
		return s.Note(ctx, v, "organisation_added", "", "organisations/"+string(id))
	})
}
