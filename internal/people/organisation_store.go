package people

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// KeepOrganisations stores those that are not there yet, by their code, and
// leaves the rest as they are.
func (s Store) KeepOrganisations(ctx context.Context, organisations []Organisation) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		for _, o := range organisations {
			_, err := tx.ExecContext(ctx, `INSERT INTO organisations (id, code, name, kind, created_at)
				VALUES (?, ?, ?, ?, ?) ON CONFLICT (code) DO NOTHING`, database.NewID(), o.Code, o.Name, o.Kind, s.now())
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Organisations lists them all by name: they are public knowledge and belong to no sector.
func (s Store) Organisations(ctx context.Context) ([]Organisation, error) {
	var all []Organisation
	err := s.db.NewRaw(`SELECT id, code, name, kind FROM organisations ORDER BY name, id`).Scan(ctx, &all)
	return all, err
}

// OrganisationsFor lists them for the forms of who runs a sector; fault.Forbidden for others.
func (s Store) OrganisationsFor(ctx context.Context, v Viewer) ([]Organisation, error) {
	if !v.RunsSector() {
		return nil, fault.Forbidden
	}
	return s.Organisations(ctx)
}

// OrganisationByCode finds one by its short code.
func (s Store) OrganisationByCode(ctx context.Context, code string) (Organisation, error) {
	var o Organisation
	err := s.db.NewRaw(`SELECT id, code, name, kind FROM organisations WHERE code = ?`, code).Scan(ctx, &o)
	return o, database.One(err)
}

// Employ dates a person's work for an organisation; endsOn is the last day, ""
// while it goes on. The same employment told again only moves its end. Nobody tells
// of their own.
func (s Store) Employ(ctx context.Context, v Viewer, person PersonID, organisation OrganisationID, startsOn, endsOn string) error {
	if !v.RunsSector() {
		return fault.Forbidden
	}
	var wrong fault.InvalidError
	if organisation == "" {
		wrong.Add("organisation", "people.employment.organisation_missing")
	}
	checkDays(&wrong, startsOn, endsOn)
	if err := wrong.OrNil(); err != nil {
		return err
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.ExecContext(ctx, `INSERT INTO employments (id, person_id, organisation_id, starts_on, ends_on)
		SELECT ?, persons.id, organisations.id, ?, ? FROM persons, organisations
		WHERE persons.id = ? AND persons.id <> ? AND persons.sector = ? AND persons.closed_at IS NULL AND organisations.id = ?
		ON CONFLICT (person_id, organisation_id, starts_on) DO UPDATE SET ends_on = excluded.ends_on`,
			database.NewID(), startsOn, orNull(endsOn), person, v.Person(), v.Sector(), organisation)
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		return s.In(tx).Note(ctx, v, "employed", person, "")
	})
}

// EndEmployments makes a day the last one of a person's work for an organisation.
func (s Store) EndEmployments(ctx context.Context, v Viewer, person PersonID, organisation OrganisationID, lastDay string) error {
	if !v.RunsSector() {
		return fault.Forbidden
	}
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE employments SET ends_on = ?
		WHERE person_id = ? AND organisation_id = ? AND (ends_on IS NULL OR ends_on > ?)
		AND person_id <> ? AND EXISTS (SELECT 1 FROM persons WHERE persons.id = employments.person_id AND persons.sector = ?)`,
			lastDay, person, organisation, lastDay, v.Person(), v.Sector())
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		return s.In(tx).Note(ctx, v, "employment_ended", person, "")
	})
}
