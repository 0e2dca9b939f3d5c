package people

import (
	"context"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Open is a person's account, for who runs their sector. The look is an audit line
// that the person can read. Fails with fault.NotFound for anybody else's eyes.
func (s Store) Open(ctx context.Context, v Viewer, id PersonID) (Record, error) {
	result, err := s.db.ExecContext(ctx, `INSERT INTO audit_lines (id, sector, at, actor_id, act, person_id)
		SELECT ?, persons.sector, ?, ?, 'opened', persons.id FROM persons WHERE persons.id = ? AND persons.sector = ? AND ?`,
		database.NewID(), s.now(), orNull(v.Person()), id, v.Sector(), v.RunsSector())
	if err := database.Changed(result, err, fault.NotFound); err != nil {
		return Record{}, fmt.Errorf("person: %w", err)
	}
	return s.record(ctx, id)
}

// Me is one's own account, wherever one stands.
func (s Store) Me(ctx context.Context, v Viewer) (Record, error) {
	if !v.SignedIn() {
		return Record{}, fault.NotFound
	}
	return s.record(ctx, v.Person())
}

// record reads an account in two queries, whatever hangs on it.
func (s Store) record(ctx context.Context, id PersonID) (Record, error) {
	var rows []struct {
		Person
		HasSecret bool
		NameKind  NameKind `bun:",nullzero"`
		Name      string   `bun:",nullzero"`
	}
	err := s.db.NewRaw(`SELECT p.id, p.sector, p.given_name, p.family_name, p.chosen_name, p.language, p.external_id, p.created_at, p.closed_at,
		EXISTS (SELECT 1 FROM secrets WHERE secrets.person_id = p.id) AS has_secret, n.kind AS name_kind, n.name
		FROM persons AS p LEFT JOIN sign_in_names AS n ON n.person_id = p.id WHERE p.id = ? ORDER BY n.created_at, n.kind DESC, n.name`, id).Scan(ctx, &rows)
	if err != nil {
		return Record{}, err
	}
	if len(rows) == 0 {
		return Record{}, fault.NotFound
	}
	r := Record{Person: rows[0].Person, HasSecret: rows[0].HasSecret}
	for _, row := range rows {
		if row.Name != "" {
			r.Names = append(r.Names, SignInName{row.NameKind, row.Name})
		}
	}
	return r, s.readHeld(ctx, &r)
}

// readHeld reads grants and employments, newest first, in one query: an employment
// comes as a row without a role.
func (s Store) readHeld(ctx context.Context, r *Record) error {
	var rows []HeldGrant
	err := s.db.NewRaw(`SELECT g.id AS id, g.role, g.sector, COALESCE(o.id, '') AS organisation_id, COALESCE(o.name, '') AS organisation,
			g.starts_on, COALESCE(g.ends_on, '') AS ends_on, g.reason, g.bridge, COALESCE(NULLIF(giver.chosen_name, ''), giver.given_name, '') AS giver
		FROM grants AS g LEFT JOIN organisations AS o ON o.id = g.organisation_id LEFT JOIN persons AS giver ON giver.id = g.given_by
		WHERE g.person_id = ?
		UNION ALL
		SELECT e.id, '', '', o.id, o.name, e.starts_on, COALESCE(e.ends_on, ''), '', FALSE, ''
		FROM employments AS e JOIN organisations AS o ON o.id = e.organisation_id WHERE e.person_id = ?
		ORDER BY starts_on DESC, id DESC`, r.ID, r.ID).Scan(ctx, &rows)
	for _, row := range rows {
		if row.Role == "" {
			r.Employments = append(r.Employments, Employment{ID: row.ID, PersonID: r.ID, OrganisationID: row.OrganisationID,
				Organisation: row.Organisation, StartsOn: row.StartsOn, EndsOn: row.EndsOn})
		} else {
			r.Grants = append(r.Grants, row)
		}
	}
	return err
}

// PageSize is how many people a page of a list has.
const PageSize = 50

// Find lists the people of the sector that the viewer runs in the order of their
// names, a page at a time. Every word typed is the beginning of one of a person's
// names, without regard to case or accents; no word lists everybody. After is the
// last person of the page before; next is "" on the last page.
func (s Store) Find(ctx context.Context, v Viewer, typed string, after PersonID) (found []Listed, next PersonID, err error) {
	if !v.RunsSector() {
		return nil, "", fault.Forbidden
	}
	q := s.db.NewSelect().TableExpr("persons").
		ColumnExpr("persons.id, persons.given_name, persons.family_name, persons.chosen_name").
		ColumnExpr("persons.closed_at IS NOT NULL AS closed").
		ColumnExpr("EXISTS (SELECT 1 FROM secrets WHERE secrets.person_id = persons.id) AS has_secret").
		Apply(VisibleTo(v)).OrderExpr("persons.sort_key, persons.id").Limit(PageSize + 1)
	for _, key := range nameKeys(typed) {
		q.Where("persons.id IN (SELECT person_id FROM name_keys WHERE sector = ? AND key >= ? AND key < ?)", v.Sector(), key, key+"g")
	}
	if after != "" {
		q.Where("(persons.sort_key, persons.id) > (SELECT last.sort_key, last.id FROM persons AS last WHERE last.id = ? AND last.sector = ?)", after, v.Sector())
	}
	if err := q.Scan(ctx, &found); err != nil {
		return nil, "", err
	}
	if len(found) > PageSize {
		found = found[:PageSize]
		next = found[PageSize-1].ID
	}
	return found, next, nil
}

// OpenedMine lists who did what to one's own record in the sector where one stands, the
// latest first, a page at a time; one's own acts are left out.
func (s Store) OpenedMine(ctx context.Context, v Viewer, before string) (lines []AuditLine, next string, err error) {
	q := s.db.NewSelect().TableExpr("audit_lines AS a").
		ColumnExpr("a.id, a.at, a.act, a.record, COALESCE(NULLIF(actor.chosen_name, ''), NULLIF(actor.given_name, ''), actor.family_name, '') AS actor").
		Join("LEFT JOIN persons AS actor ON actor.id = a.actor_id").
		Where("a.person_id = ? AND a.sector = ?", v.Person(), v.Sector()).Where("(a.actor_id IS NULL OR a.actor_id <> ?)", v.Person()).
		OrderExpr("a.id DESC").Limit(PageSize + 1)
	if before != "" {
		q.Where("a.id < ?", before)
	}
	if err := q.Scan(ctx, &lines); err != nil {
		return nil, "", err
	}
	if len(lines) > PageSize {
		lines = lines[:PageSize]
		next = lines[PageSize-1].ID
	}
	return lines, next, nil
}
