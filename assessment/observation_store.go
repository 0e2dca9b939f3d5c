package assessment

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Observation gives a practical of a trainee, by its number in their edition, with what
// was observed by its rubric: one's own, or of a cohort that the viewer runs. It holds
// what the viewer may know by now, and no more. fault.NotFound for all others, and where
// the practical has no rubric. Three queries.
func (s Store) Observation(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID, number int) (Observation, error) {
	observation, err := s.observation(ctx, v, id, number)
	observation.hideFrom(v)
	return observation, err
}

// observation is Observation with all that was observed.
func (s Store) observation(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID, number int) (Observation, error) {
	var row practicalRow
	err := s.practicalRows().Where("enrolment.id = ?", id).Apply(cohorts.EnrolmentsVisibleTo(v)).Scan(ctx, &row)
	if err != nil {
		return Observation{}, fmt.Errorf("observation of %q: %w", id, database.One(err))
	}
	if number < 1 || number > len(row.Practicals) {
		return Observation{}, fmt.Errorf("practical %d: %w", number, fault.NotFound)
	}
	o := Observation{EnrolmentID: row.EnrolmentID, CohortID: row.CohortID, PersonID: row.PersonID, Name: row.short(), TimeZone: row.TimeZone,
		Active: row.State == cohorts.Active, Number: number, Practical: row.Practicals[number-1]}
	rubrics, err := s.rubricsOf(ctx, row, o.Practical, &o.newest)
	if err != nil {
		return Observation{}, err
	}
	var lines []ObservationLine
	err = s.db.NewSelect().Model((*ObservationLine)(nil)).ModelTableExpr("observations AS line").ColumnExpr("line.*").
		ColumnExpr("COALESCE(NULLIF(observer.chosen_name, ''), observer.given_name, '') AS by_name").
		Join("JOIN enrolments AS enrolment ON enrolment.id = line.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("LEFT JOIN persons AS observer ON observer.id = line.by_person").
		Where("line.enrolment_id = ? AND line.practical_id = ?", id, o.ID).Apply(cohorts.EnrolmentsVisibleTo(v)).
		OrderExpr("line.round, line.seq").Scan(ctx, &lines)
	if err != nil {
		return Observation{}, fmt.Errorf("observation of %q: %w", id, err)
	}
	o.Rounds = roundsOf(lines, rubrics)
	return o, nil
}

// rubricsOf gives the rubrics by which a practical of a place was observed, and the
// newest, by which it will be.
func (s Store) rubricsOf(ctx context.Context, row practicalRow, practical courses.Practical, newest *Rubric) (map[RubricHash]Rubric, error) {
	var list []struct {
		Rubric
		Newest bool `bun:"newest"`
	}
	now := s.db.NewSelect().TableExpr("rubric_courses AS rc").Column("rc.rubric_hash").
		Where("rc.practical_id = ? AND rc.sector = ? AND rc.course_code = ?", practical.ID, row.Sector, row.CourseCode).OrderExpr("rc.version DESC").Limit(1)
	err := s.db.NewSelect().TableExpr("rubrics AS rubric").ColumnExpr("rubric.hash, rubric.version, rubric.minutes, rubric.setup, rubric.criteria").
		ColumnExpr("rubric.hash = (?) AS newest", now).
		Where("rubric.hash = (?) OR rubric.hash IN (SELECT line.rubric_hash FROM observations AS line WHERE line.enrolment_id = ? AND line.practical_id = ?)",
			now, row.EnrolmentID, practical.ID).Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("rubrics of %q: %w", practical.ID, err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("rubric of %q: %w", practical.ID, fault.NotFound)
	}
	rubrics := map[RubricHash]Rubric{}
	for _, one := range list {
		rubrics[one.Hash] = one.Rubric
		if one.Newest {
			*newest = one.Rubric
		}
	}
	return rubrics, nil
}

// SheetState is how far the observation of one practical of one trainee is.
type SheetState struct {
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	PracticalID string              `bun:"practical_id"`
	Round       int                 `bun:"round"` // 0 where nobody has begun
	Begun       int                 `bun:"begun"` // sheets
	Sent        int                 `bun:"sent"`
	Released    bool                `bun:"released"`
}

// SheetStates gives the newest round of each practical that has a rubric, of places that
// the viewer may see. One query.
func (s Store) SheetStates(ctx context.Context, v people.Viewer, places []cohorts.EnrolmentID) (map[cohorts.EnrolmentID]map[string]SheetState, error) {
	states := map[cohorts.EnrolmentID]map[string]SheetState{}
	if len(places) == 0 {
		return states, nil
	}
	var list []SheetState
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, asked.practical_id, COALESCE(line.round, 0) AS round").
		ColumnExpr("COUNT(DISTINCT CASE WHEN line.kind IN (?, ?) AND NOT line.late THEN line.by_person END) AS begun", CriterionSeen, SheetSent).
		ColumnExpr("COUNT(CASE WHEN line.kind = ? AND NOT line.late THEN 1 END) AS sent", SheetSent).
		ColumnExpr("COUNT(CASE WHEN line.kind = ? THEN 1 END) > 0 AS released", ObservationReleased).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Join("JOIN (SELECT DISTINCT practical_id, sector, course_code FROM rubric_courses) AS asked ON asked.sector = edition.sector AND asked.course_code = edition.course_code").
		Join("LEFT JOIN observations AS line ON line.enrolment_id = enrolment.id AND line.practical_id = asked.practical_id").
		Where("enrolment.id IN (?)", bun.List(places)).Apply(cohorts.EnrolmentsVisibleTo(v)).
		GroupExpr("enrolment.id, asked.practical_id, line.round").OrderExpr("3").Scan(ctx, &list)
	if err != nil {
		return nil, fmt.Errorf("sheets: %w", err)
	}
	for _, state := range list {
		if states[state.EnrolmentID] == nil {
			states[state.EnrolmentID] = map[string]SheetState{}
		}
		states[state.EnrolmentID][state.PracticalID] = state
	}
	return states, nil
}
