package people

import (
	"context"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Grant gives a person of the viewer's sector a role. In another sector than the
// person's own it is a bridge: given only by a director of both sectors (or the
// system, when the Academy is founded), with a reason, to coordinators and
// directors. Nobody grants anything to themselves. All of it is decided in the
// statement; what does not hold answers fault.NotFound, like a person who is not there.
func (s Store) Grant(ctx context.Context, v Viewer, g Grant) (string, error) {
	if g.StartsOn == "" {
		g.StartsOn = s.Today()
	}
	if g.Sector == "" {
		g.Sector = v.Sector()
	}
	if err := g.validate(); err != nil {
		return "", err
	}
	if !v.mayGive(g.Role, g.Sector != v.Sector()) {
		return "", fault.Forbidden
	}
	if g.Sector != v.Sector() && g.Reason == "" {
		return "", fault.Invalid("reason", "people.grant.reason_missing")
	}
	g.ID = database.NewID()
	err := database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		s := s.In(tx)
		result, err := tx.ExecContext(ctx, `INSERT INTO grants
			(id, person_id, home, role, sector, organisation_id, starts_on, ends_on, given_by, given_at, reason, bridge)
			SELECT ?, persons.id, persons.sector, ?, ?, ?, ?, ?, ?, ?, ?, persons.sector <> ? FROM persons
			WHERE persons.id = ? AND persons.sector = ? AND persons.closed_at IS NULL AND persons.id <> ?
			AND (persons.sector = ? OR ? OR EXISTS (SELECT 1 FROM grants AS mine WHERE mine.person_id = ? AND mine.role = ?
				AND mine.sector = ? AND mine.starts_on <= ? AND (mine.ends_on IS NULL OR mine.ends_on >= ?)))`,
			g.ID, g.Role, g.Sector, orNull(g.OrganisationID), g.StartsOn, orNull(g.EndsOn), orNull(v.Person()), s.now(), g.Reason, g.Sector,
			g.PersonID, v.Sector(), v.Person(),
			g.Sector, v.IsSystem(), v.Person(), Director,
			g.Sector, s.Today(), s.Today())
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		return s.Note(ctx, v, "granted", g.PersonID, string(g.Role))
	})
	return g.ID, err
}

// mayGive says whether the viewer's role is enough to give another, before the
// statement looks at the person.
func (v Viewer) mayGive(role Role, bridge bool) bool {
	switch {
	case v.IsSystem(), v.Is(Director):
		return !bridge || role == Coordinator || role == Director
	default:
		return v.Is(Coordinator) && !bridge && slices.Contains(GivenByCoordinators, role)
	}
}

// EndGrant ends a grant of a person of the viewer's sector: one that the viewer might
// have given, and not their own. Yesterday is its last day, so that it holds no
// longer; one that began today never held.
func (s Store) EndGrant(ctx context.Context, v Viewer, person PersonID, grant string) error {
	if !v.RunsSector() {
		return fault.Forbidden
	}
	all := v.IsSystem() || v.Is(Director)
	yesterday := s.now().In(s.zone).AddDate(0, 0, -1).Format(time.DateOnly)
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		result, err := tx.ExecContext(ctx, `UPDATE grants SET ends_on = ? WHERE id = ? AND person_id = ? AND home = ? AND person_id <> ?
			AND (ends_on IS NULL OR ends_on > ?) AND (? OR (NOT bridge AND role IN (?)))`,
			yesterday, grant, person, v.Sector(), v.Person(), yesterday, all, bun.List(GivenByCoordinators))
		if err := database.Changed(result, err, fault.NotFound); err != nil {
			return err
		}
		return s.In(tx).Note(ctx, v, "grant_ended", person, "")
	})
}
