package cohorts

import (
	"context"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Qualifications gives what the instructors of a cohort that the viewer runs are qualified
// for, by person.
func (s Store) Qualifications(ctx context.Context, v people.Viewer, cohort CohortID) (map[people.PersonID][]Qualification, error) {
	list, of := []Qualification{}, map[people.PersonID][]Qualification{}
	err := s.db.NewSelect().Model((*Qualification)(nil)).ModelTableExpr("instructor_qualifications AS qualification").
		ColumnExpr("qualification.id, qualification.person_id, qualification.sector, qualification.code, qualification.until").
		Join("JOIN cohort_instructors AS instructor ON instructor.person_id = qualification.person_id AND instructor.ended_at IS NULL").
		Join("JOIN cohorts AS cohort ON cohort.id = instructor.cohort_id AND cohort.sector = qualification.sector").
		Where("cohort.id = ? AND qualification.ended_at IS NULL", cohort).Apply(RunBy(v)).
		OrderExpr("qualification.person_id, qualification.code").Scan(ctx, &list)
	for _, q := range list {
		of[q.PersonID] = append(of[q.PersonID], q)
	}
	return of, err
}

// Qualify notes what an instructor of a cohort that the viewer manages is qualified for; one
// that is noted already ends, and the new one follows. Nobody does so of themselves (rule 17).
func (s Store) Qualify(ctx context.Context, v people.Viewer, n NewQualification) error {
	return s.ofInstructor(ctx, v, n.Cohort, n.Person, func(ctx context.Context, s Store) error {
		if err := n.validate(s.people.Today()); err != nil {
			return err
		}
		if _, err := s.db.NewRaw(`UPDATE instructor_qualifications SET ended_by = ?, ended_at = ? WHERE person_id = ? AND sector = ? AND code = ? AND ended_at IS NULL`,
			nullPerson(v), s.now(), n.Person, v.Sector(), n.Code).Exec(ctx); err != nil {
			return err
		}
		var until any
		if n.Until != "" {
			until = n.Until
		}
		if _, err := s.db.NewRaw(`INSERT INTO instructor_qualifications (id, person_id, sector, code, until, set_by, set_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
			database.NewID(), n.Person, v.Sector(), n.Code, until, nullPerson(v), s.now()).Exec(ctx); err != nil {
			return err
		}
		return s.people.Note(ctx, v, "qualified", n.Person, "cohorts/"+string(n.Cohort))
	})
}

// EndQualification ends what an instructor of a cohort that the viewer manages is qualified
// for. Nobody does so of themselves.
func (s Store) EndQualification(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID, id QualificationID) error {
	return s.ofInstructor(ctx, v, cohort, person, func(ctx context.Context, s Store) error {
		res, err := s.db.NewRaw(`UPDATE instructor_qualifications SET ended_by = ?, ended_at = ? WHERE id = ? AND person_id = ? AND sector = ? AND ended_at IS NULL`,
			nullPerson(v), s.now(), id, person, v.Sector()).Exec(ctx)
		if err := database.Changed(res, err, fmt.Errorf("qualification %q: %w", id, fault.NotFound)); err != nil {
			return err
		}
		return s.people.Note(ctx, v, "qualification_ended", person, "cohorts/"+string(cohort))
	})
}

// ofInstructor takes a cohort that the viewer manages and one of its instructors, who is
// somebody else, and does something of them.
func (s Store) ofInstructor(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID, do func(context.Context, Store) error) error {
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.holdCohort(ctx, v, cohort); err != nil {
			return err
		}
		teaches, err := s.db.NewSelect().TableExpr("cohort_instructors AS i").
			Where("i.cohort_id = ? AND i.person_id = ? AND i.ended_at IS NULL", cohort, person).Count(ctx)
		switch {
		case err != nil:
			return err
		case teaches == 0:
			return fmt.Errorf("instructor %q: %w", person, fault.NotFound)
		case v.SignedIn() && v.Person() == person:
			return fault.Forbidden
		}
		return do(ctx, s)
	})
	if database.Unique(err) { // somebody noted the same a moment ago
		return fault.Conflict("cohorts.qualification.meanwhile")
	}
	return err
}
