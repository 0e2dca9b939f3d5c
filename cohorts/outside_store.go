package cohorts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// outsideSeen narrows outside hours (alias outside_line) to one's own, and those of the
// sector for who runs it.
func outsideSeen(v people.Viewer) narrow {
	switch {
	case v.RunsSector():
		return narrow{"outside_line.sector = ?", []any{v.Sector()}}
	case v.SignedIn():
		return narrow{"outside_line.sector = ? AND outside_line.person_id = ?", []any{v.Sector(), v.Person()}}
	}
	return nothing
}

// outsideBy narrows persons (alias person) to those whose outside hours the viewer may
// write: of the sector that they run, and by rule 17 neither their own nor those of anyone
// who teaches a cohort in which the viewer learns, or runs its sector meanwhile.
func outsideBy(v people.Viewer, today string) narrow {
	if !v.RunsSector() || !v.SignedIn() {
		return nothing
	}
	return narrow{`person.sector = ? AND person.closed_at IS NULL AND person.id <> ? AND NOT EXISTS (
		SELECT 1 FROM enrolments AS own JOIN cohorts AS mine ON mine.id = own.cohort_id
		WHERE own.person_id = ? AND own.state = 'active' AND (` + powerOf("person.id") + `))`,
		[]any{v.Sector(), v.Person(), v.Person(), today, today}}
}

// Outside gives a person's outside hours, newest first, a page at a time: one's own, or of
// somebody of the sector that the viewer runs. After is the last line of the page before;
// next is "" on the last page.
func (s Store) Outside(ctx context.Context, v people.Viewer, person people.PersonID, after string) (list []OutsideLine, next string, err error) {
	list = []OutsideLine{}
	q := s.db.NewSelect().Model((*OutsideLine)(nil)).ColumnExpr("outside_line.*, "+shownName+" AS by_name").
		ColumnExpr("CASE WHEN EXISTS (SELECT 1 FROM outside_lines AS back WHERE back.reverses = outside_line.id) THEN TRUE ELSE FALSE END AS taken_back").
		Join("JOIN persons AS by_person ON by_person.id = outside_line.by_person").
		Where("outside_line.person_id = ?", person).Apply(outsideSeen(v).on).OrderExpr("outside_line.id DESC").Limit(PageSize + 1)
	if after != "" {
		q = q.Where("outside_line.id < ?", after)
	}
	if err := q.Scan(ctx, &list); err != nil {
		return nil, "", err
	}
	if len(list) > PageSize {
		list = list[:PageSize]
		next = list[PageSize-1].ID
	}
	return list, next, nil
}

// OutsideMinutes is the sum of a person's outside hours, by the same wall as Outside.
func (s Store) OutsideMinutes(ctx context.Context, v people.Viewer, person people.PersonID) (minutes int, err error) {
	err = s.db.NewSelect().Model((*OutsideLine)(nil)).ColumnExpr("COALESCE(SUM(outside_line.minutes), 0)").
		Where("outside_line.person_id = ?", person).Apply(outsideSeen(v).on).Scan(ctx, &minutes)
	return minutes, err
}

// AddOutside enters training that a person did elsewhere, of which the viewer has seen the
// proof. The form sent twice adds one line. It fails with fault.NotFound for who is not of
// the sector that the viewer runs, with fault.Forbidden by rule 17.
func (s Store) AddOutside(ctx context.Context, v people.Viewer, n NewOutside) error {
	n.Provider = strings.TrimSpace(n.Provider)
	if err := n.Validate(s.people.Today()); err != nil {
		return err
	}
	if n.Line == "" {
		n.Line = database.NewID()
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		may := outsideBy(v, s.people.Today())
		res, err := s.db.NewRaw(`INSERT INTO outside_lines (id, person_id, sector, category, minutes, done_on, provider, seen_on, by_person, at, line)
			SELECT ?, person.id, person.sector, ?, ?, ?, ?, ?, ?, ?, ? FROM persons AS person WHERE person.id = ? AND (`+may.sql+`)
			ON CONFLICT (line) DO NOTHING`,
			with([]any{database.NewID(), n.Category, n.Minutes, n.DoneOn, n.Provider, n.SeenOn, v.Person(), s.now(), lineIn(string(n.Person), n.Line), n.Person}, may)...).Exec(ctx)
		if err != nil {
			return err
		}
		if added, err := res.RowsAffected(); err != nil || added == 0 {
			return s.whyNotOutside(ctx, v, n.Person, err)
		}
		return s.people.Note(ctx, v, "outside", n.Person, "")
	})
}

// whyNotOutside tells why nothing was written: nil where the line stands already.
func (s Store) whyNotOutside(ctx context.Context, v people.Viewer, person people.PersonID, err error) error {
	if err != nil {
		return err
	}
	if !v.RunsSector() {
		return fmt.Errorf("outside hours: %w", fault.NotFound)
	}
	if _, err := s.people.Person(ctx, v, person); err != nil {
		return err
	}
	may, there := outsideBy(v, s.people.Today()), 0
	err = s.db.NewRaw(`SELECT COUNT(*) FROM persons AS person WHERE person.id = ? AND (`+may.sql+`)`, with([]any{person}, may)...).Scan(ctx, &there)
	if err == nil && there == 0 {
		err = fault.Forbidden
	}
	return err
}

// ReverseOutside takes a line of a person's outside hours back: a line reverses its
// minutes, and it stays to be seen. It fails with fault.NotFound where the viewer may not
// know of the line, with fault.Forbidden by rule 17, and once it was taken back with
// fault.Conflict.
func (s Store) ReverseOutside(ctx context.Context, v people.Viewer, person people.PersonID, id string, reason OutsideReason) error {
	if !slices.Contains(OutsideReasons, reason) {
		return fault.Conflict("cohorts.outside.reason_needed")
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		may := outsideBy(v, s.people.Today())
		res, err := s.db.NewRaw(`INSERT INTO outside_lines (id, person_id, sector, category, minutes, done_on, provider, seen_on, by_person, at, line, reverses, reason)
			SELECT ?, stood.person_id, stood.sector, stood.category, -stood.minutes, stood.done_on, stood.provider, stood.seen_on, ?, ?, 'reversal:' || stood.id, stood.id, ?
			FROM outside_lines AS stood JOIN persons AS person ON person.id = stood.person_id
			WHERE stood.id = ? AND stood.person_id = ? AND stood.reverses IS NULL AND (`+may.sql+`) ON CONFLICT DO NOTHING`,
			with([]any{database.NewID(), v.Person(), s.now(), reason, id, person}, may)...).Exec(ctx)
		if err != nil {
			return err
		}
		if written, err := res.RowsAffected(); err != nil || written == 0 {
			return s.whyNotReversed(ctx, v, person, id, err)
		}
		return s.people.Note(ctx, v, "outside_taken_back", person, "")
	})
}

func (s Store) whyNotReversed(ctx context.Context, v people.Viewer, person people.PersonID, id string, err error) error {
	if err != nil {
		return err
	}
	there, err := s.db.NewSelect().Model((*OutsideLine)(nil)).
		Where("outside_line.id = ? AND outside_line.person_id = ? AND outside_line.reverses IS NULL", id, person).Apply(outsideSeen(v).on).Count(ctx)
	if err != nil {
		return err
	}
	if there == 0 {
		return fmt.Errorf("outside hours %q: %w", id, fault.NotFound)
	}
	if !v.RunsSector() {
		return fault.Forbidden
	}
	if err := s.whyNotOutside(ctx, v, person, nil); err != nil {
		return err
	}
	return fault.Conflict("cohorts.outside.taken_back_already")
}
