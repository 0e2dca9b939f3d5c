package cohorts

import (
	"context"
	"errors"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var errNotAppointed = errors.New("not appointed")

// Appoint makes a person of the sector an instructor of a cohort that the viewer
// manages. Who learns in a cohort of the same edition can't teach it meanwhile, and
// nobody appoints themselves where they learn (rule 17).
func (s Store) Appoint(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID, role InstructorRole) error {
	if role != Lead && role != Second {
		return fault.Invalid("role", "cohorts.instructor.role")
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.holdCohort(ctx, v, cohort); err != nil {
			return err
		}
		res, err := s.db.NewRaw(`INSERT INTO cohort_instructors (cohort_id, person_id, role, appointed_by, appointed_at)
			SELECT cohort.id, person.id, ?, ?, ?
			FROM cohorts AS cohort JOIN persons AS person ON person.sector = cohort.sector AND person.closed_at IS NULL
			WHERE cohort.id = ? AND person.id = ?
			AND NOT EXISTS (SELECT 1 FROM enrolments AS e JOIN cohorts AS c ON c.id = e.cohort_id
				WHERE e.person_id = person.id AND e.state = ? AND c.edition_id = cohort.edition_id)
			ON CONFLICT (cohort_id, person_id) DO UPDATE SET role = excluded.role, ended_at = NULL`,
			role, nullPerson(v), s.now(), cohort, person, Active).Exec(ctx)
		err = database.Changed(res, err, errNotAppointed)
		switch {
		case err == nil:
			return s.people.Note(ctx, v, "appointed", person, "cohorts/"+string(cohort))
		case !errors.Is(err, errNotAppointed):
			return err
		case v.SignedIn() && v.Person() == person:
			return fault.Forbidden
		}
		if err := s.personOfSector(ctx, v, person); err != nil {
			return err
		}
		return fault.Conflict("cohorts.instructor.learns")
	})
}

// InstructorClashes tells which sessions ahead of a cohort that the viewer manages meet
// another class that a person teaches or attends, before they are appointed.
func (s Store) InstructorClashes(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID) ([]Clash, error) {
	if !v.RunsSector() {
		return nil, fault.Forbidden
	}
	if err := s.personOfSector(ctx, v, person); err != nil {
		return nil, err
	}
	found, err := s.personClashes(ctx, v, cohort, []people.PersonID{person},
		"NOT EXISTS (SELECT 1 FROM session_instructors AS named WHERE named.session_id = session.id)")
	return found[person], err
}

// Dismiss ends an instructor's appointment to a cohort.
func (s Store) Dismiss(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.holdCohort(ctx, v, cohort); err != nil {
			return err
		}
		res, err := s.db.NewRaw(`UPDATE cohort_instructors SET ended_at = ? WHERE cohort_id = ? AND person_id = ? AND ended_at IS NULL`,
			s.now(), cohort, person).Exec(ctx)
		if err := database.Changed(res, err, fmt.Errorf("instructor %q: %w", person, fault.NotFound)); err != nil {
			return err
		}
		if err := s.forgetTeacher(ctx, cohort, person); err != nil {
			return err
		}
		return s.people.Note(ctx, v, "dismissed", person, "cohorts/"+string(cohort))
	})
}

// Instructors gives who teaches a cohort that the viewer may know of, lead first.
func (s Store) Instructors(ctx context.Context, v people.Viewer, cohort CohortID) ([]Instructor, error) {
	list := []Instructor{}
	err := s.db.NewSelect().Model((*Instructor)(nil)).ModelTableExpr("cohort_instructors AS instructor").
		ColumnExpr("instructor.*, "+shownName+" AS name").
		ColumnExpr(`CASE WHEN EXISTS (SELECT 1 FROM enrolments AS done WHERE done.person_id = instructor.person_id AND done.sector = cohort.sector AND done.state = ?)
			THEN TRUE ELSE FALSE END AS graduate`, Completed).
		Join("JOIN cohorts AS cohort ON cohort.id = instructor.cohort_id").
		Join("JOIN persons AS by_person ON by_person.id = instructor.person_id").
		Where("instructor.cohort_id = ? AND instructor.ended_at IS NULL", cohort).Apply(VisibleTo(v)).
		OrderExpr("instructor.role, by_person.sort_key, instructor.person_id").Scan(ctx, &list)
	return list, err
}
