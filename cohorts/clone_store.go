package cohorts

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Clone is what a cohort hands on to one that is made like it: the newest edition of its
// course, its rhythm, days off, place and zone, and who teaches it, to choose from. Of its
// trainees it hands on nobody.
type Clone struct {
	Of          Summary
	Plan        Plan
	Instructors []Instructor
}

// CloneOf is the plan for a cohort like one that the viewer manages, on days still to be
// given; else fault.NotFound.
func (s Store) CloneOf(ctx context.Context, v people.Viewer, id CohortID) (Clone, error) {
	cohort, err := s.CohortManagedBy(ctx, v, id)
	if err != nil {
		return Clone{}, err
	}
	sessions, err := s.Sessions(ctx, v, id)
	if err != nil {
		return Clone{}, err
	}
	clone := Clone{Of: cohort, Plan: Plan{EditionID: cohort.EditionID, TimeZone: cohort.TimeZone, Mode: InRoom}}
	if cohort.Newer != "" {
		clone.Plan.EditionID = cohort.Newer
	}
	if len(sessions) > 0 {
		clone.Plan.Mode = sessions[0].Mode
	}
	if cohort.RoomID != nil {
		clone.Plan.RoomID = *cohort.RoomID
	}
	clone.Plan = clone.Plan.WithRhythm(cohort.Weekly(sessions))
	clone.Instructors, err = s.Instructors(ctx, v, id)
	return clone, err
}
