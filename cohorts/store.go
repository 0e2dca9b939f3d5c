package cohorts

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Store keeps cohorts and everything that happens in them.
type Store struct {
	db       bun.IDB
	now      clock.Clock
	people   people.Store
	content  content.Store
	timeZone string
	key      []byte // of check-in codes
}

// NewStore makes the room's store. People tells the day and takes audit lines and
// imports; content is told which modules a joint session opens and whose answer keys
// an enrolment closes. New cohorts keep Chicago time; see InZone.
func NewStore(db bun.IDB, now clock.Clock, people people.Store, content content.Store) Store {
	return Store{db: db, now: now, people: people, content: content, timeZone: "America/Chicago"}
}

// In is the same store inside a transaction.
func (s Store) In(tx bun.IDB) Store {
	s.db, s.people, s.content = tx, s.people.In(tx), s.content.In(tx)
	return s
}

// InZone is the same store whose new cohorts keep another time zone.
func (s Store) InZone(name string) Store {
	s.timeZone = name
	return s
}

// Keyed is the same store whose check-in codes are made with a key, which every process
// of one Academy shares.
func (s Store) Keyed(key []byte) Store {
	s.key = key
	return s
}

// inTx runs work with the store inside one transaction.
func (s Store) inTx(ctx context.Context, work func(ctx context.Context, s Store) error) error {
	return database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		return work(ctx, s.In(tx))
	})
}

// Cohort gives one cohort that the viewer may know of, else fault.NotFound.
func (s Store) Cohort(ctx context.Context, v people.Viewer, id CohortID) (Summary, error) {
	return s.oneCohort(ctx, id, VisibleTo(v))
}

// CohortRunBy gives one cohort that the viewer runs, else fault.NotFound.
func (s Store) CohortRunBy(ctx context.Context, v people.Viewer, id CohortID) (Summary, error) {
	return s.oneCohort(ctx, id, RunBy(v))
}

// CohortManagedBy gives one cohort whose plan and people the viewer may change, else
// fault.NotFound.
func (s Store) CohortManagedBy(ctx context.Context, v people.Viewer, id CohortID) (Summary, error) {
	return s.oneCohort(ctx, id, managedBy(v).on)
}

func (s Store) oneCohort(ctx context.Context, id CohortID, wall func(*bun.SelectQuery) *bun.SelectQuery) (Summary, error) {
	var cohort Summary
	err := s.summaries().Where("cohort.id = ?", id).Apply(wall).Scan(ctx, &cohort)
	if err != nil {
		return Summary{}, fmt.Errorf("cohort %q: %w", id, database.One(err))
	}
	return cohort, nil
}

// PageSize is how many rows a page of a list has.
const PageSize = 50

// Cohorts lists the cohorts that the viewer may know of, newest first, a page at a
// time. After is the last cohort of the page before; next is "" on the last page.
func (s Store) Cohorts(ctx context.Context, v people.Viewer, after CohortID) (list []Summary, next CohortID, err error) {
	list = []Summary{}
	q := s.summaries().Apply(VisibleTo(v)).OrderExpr("cohort.id DESC").Limit(PageSize + 1)
	if after != "" {
		q = q.Where("cohort.id < ?", after)
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

func (s Store) summaries() *bun.SelectQuery {
	return s.db.NewSelect().Model((*Cohort)(nil)).
		ColumnExpr("cohort.*, edition.title_en, edition.title_es, edition.weeks, edition.minutes, edition.hour").
		ColumnExpr("(SELECT COUNT(*) FROM enrolments AS e WHERE e.cohort_id = cohort.id AND e.state <> ?) AS trainees", Withdrawn).
		ColumnExpr("(SELECT COUNT(*) FROM sessions AS t WHERE t.cohort_id = cohort.id AND t.state <> ?) AS sessions", Cancelled).
		ColumnExpr("(SELECT COUNT(*) FROM sessions AS t WHERE t.cohort_id = cohort.id AND t.state IN (?, ?)) AS held", Closed, Confirmed).
		ColumnExpr(`COALESCE((SELECT later.id FROM editions AS later WHERE later.course_code = cohort.course_code AND later.sector = cohort.sector
			AND later.in_force_on <= ? AND (later.in_force_on > edition.in_force_on OR (later.in_force_on = edition.in_force_on AND later.name > edition.name))
			ORDER BY later.in_force_on DESC, later.name DESC LIMIT 1), '') AS newer`, s.people.Today()).
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id")
}

// holdCohort takes a cohort that the viewer manages for the length of the transaction,
// so that enrolling, appointing and the like follow one another.
func (s Store) holdCohort(ctx context.Context, v people.Viewer, id CohortID) (Summary, error) {
	managed := managedBy(v)
	args := append([]any{id}, managed.args...)
	res, err := s.db.NewRaw(`UPDATE cohorts SET revision = revision + 1
		WHERE id = ? AND EXISTS (SELECT 1 FROM cohorts AS cohort WHERE cohort.id = cohorts.id AND `+managed.sql+`)`, args...).Exec(ctx)
	if err := database.Changed(res, err, fmt.Errorf("cohort %q: %w", id, fault.NotFound)); err != nil {
		// Who may know of the cohort but not change it is told so.
		if _, hidden := s.Cohort(ctx, v, id); hidden == nil {
			return Summary{}, fault.Forbidden
		}
		return Summary{}, err
	}
	return s.CohortManagedBy(ctx, v, id)
}

// nullPerson is who acts, or NULL where the system does.
func nullPerson(v people.Viewer) any {
	if v.SignedIn() {
		return v.Person()
	}
	return nil
}
