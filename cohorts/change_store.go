package cohorts

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// seenMove is a move, and whether the viewer was told of it.
type seenMove struct {
	Move
	Seen bool `bun:"seen"`
}

// Change is what moves to other editions did to a cohort that the viewer may know of,
// since they last looked; the newest move where they have seen all. Fails with
// fault.NotFound where the cohort never moved.
func (s Store) Change(ctx context.Context, v people.Viewer, id CohortID) (Change, error) {
	cohort, err := s.Cohort(ctx, v, id)
	if err != nil {
		return Change{}, err
	}
	var moves []seenMove
	err = s.db.NewSelect().Model((*Move)(nil)).ColumnExpr("move.*").
		ColumnExpr("CASE WHEN EXISTS (SELECT 1 FROM edition_move_readings AS seen WHERE seen.move_id = move.id AND seen.person_id = ?) THEN TRUE ELSE FALSE END AS seen", v.Person()).
		Where("move.cohort_id = ?", cohort.ID).OrderExpr("move.moved_at, move.id").Scan(ctx, &moves)
	if err != nil {
		return Change{}, err
	}
	if len(moves) == 0 {
		return Change{}, fmt.Errorf("change of cohort %q: %w", id, fault.NotFound)
	}
	sessions, err := s.Sessions(ctx, v, cohort.ID)
	if err != nil {
		return Change{}, err
	}
	since := movesSince(moves)
	return Change{Cohort: cohort, From: since[0].FromEdition, MovedAt: since[len(since)-1].MovedAt, Sessions: changedSessions(since, sessions)}, nil
}

// SeeChange notes that the viewer, who learns or teaches in the cohort, has looked at what
// its moves did up to now. For anybody else it notes nothing.
func (s Store) SeeChange(ctx context.Context, v people.Viewer, id CohortID) error {
	if !v.SignedIn() {
		return nil
	}
	_, err := s.db.NewRaw(`INSERT INTO edition_move_readings (move_id, person_id, seen_at)
		SELECT move.id, ?, ? FROM edition_moves AS move JOIN cohorts AS cohort ON cohort.id = move.cohort_id
		WHERE cohort.id = ? AND cohort.sector = ? AND (`+belongs+`)
		ON CONFLICT (move_id, person_id) DO NOTHING`, v.Person(), s.now(), id, v.Sector(), v.Person(), v.Person()).Exec(ctx)
	return err
}

// belongs says that a person learns or teaches in a cohort.
const belongs = `EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = ? AND i.ended_at IS NULL)
	OR EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = cohort.id AND e.person_id = ? AND e.state <> 'withdrawn')`

// movedFrom is the edition that the viewer knows of a cohort (alias cohort) that has moved
// on since: NULL where there is nothing that they were not told, or where they moved it
// themselves or came after it.
func (s Store) movedFrom(v people.Viewer) *bun.SelectQuery {
	oldest := s.db.NewSelect().TableExpr("edition_moves AS move").ColumnExpr("move.from_edition").
		Where("move.cohort_id = cohort.id AND (move.moved_by IS NULL OR move.moved_by <> ?)", v.Person()).
		Where("NOT EXISTS (SELECT 1 FROM edition_move_readings AS seen WHERE seen.move_id = move.id AND seen.person_id = ?)", v.Person()).
		Where(`(EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = ? AND i.appointed_at <= move.moved_at)
			OR EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = cohort.id AND e.person_id = ? AND e.enrolled_at <= move.moved_at))`, v.Person(), v.Person()).
		OrderExpr("move.moved_at, move.id").Limit(1)
	return s.db.NewSelect().ColumnExpr("NULLIF((?), cohort.edition_id)", oldest)
}

// HeldEditions are the editions that the sessions of a cohort which the viewer may move
// are of, oldest first, and the one that it is pinned to.
func (s Store) HeldEditions(ctx context.Context, v people.Viewer, id CohortID) (list []courses.EditionID, err error) {
	err = s.db.NewSelect().TableExpr("editions AS edition").ColumnExpr("edition.id").
		Join("JOIN cohorts AS cohort ON cohort.course_code = edition.course_code AND cohort.sector = edition.sector").
		Where("cohort.id = ?", id).Apply(RunBy(v)).
		Where(`(edition.id = cohort.edition_id OR EXISTS (SELECT 1 FROM sessions AS session JOIN edition_sessions AS es ON es.id = session.edition_session_id
			WHERE session.cohort_id = cohort.id AND session.state <> ? AND es.edition_id = edition.id))`, Cancelled).
		OrderExpr("edition.in_force_on, edition.name").Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("editions of cohort %q: %w", id, database.One(err))
	}
	return list, nil
}
