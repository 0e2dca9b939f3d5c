package cohorts

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func (s Store) places() *bun.SelectQuery {
	return s.db.NewSelect().Model((*Enrolment)(nil)).
		ColumnExpr("enrolment.*, " + seatName + " AS name").
		ColumnExpr("cohort.course_code, cohort.number, cohort.edition_id, cohort.starts_on, cohort.ends_on, cohort.time_zone").
		ColumnExpr("edition.title_en, edition.title_es, edition.wording").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id")
}

// Enrolment gives one place: one's own, or one in a cohort that the viewer runs.
func (s Store) Enrolment(ctx context.Context, v people.Viewer, id EnrolmentID) (Place, error) {
	var place Place
	err := s.places().Where("enrolment.id = ?", id).Apply(EnrolmentsVisibleTo(v)).Scan(ctx, &place)
	if err != nil {
		return Place{}, fmt.Errorf("enrolment %q: %w", id, database.One(err))
	}
	return place, nil
}

// MyPlaces gives the viewer's own enrolments that were not withdrawn, newest first.
func (s Store) MyPlaces(ctx context.Context, v people.Viewer) ([]Place, error) {
	list := []Place{}
	if !v.SignedIn() {
		return list, nil
	}
	err := s.places().Where("enrolment.person_id = ? AND enrolment.sector = ? AND enrolment.state <> ?", v.Person(), v.Sector(), Withdrawn).
		OrderExpr("enrolment.enrolled_at DESC, enrolment.id DESC").Limit(PageSize).Scan(ctx, &list)
	return list, err
}

// EditionsOf gives the editions that the viewer learns now, newest first: what pages
// to the right show as "my course".
func (s Store) EditionsOf(ctx context.Context, v people.Viewer) ([]courses.EditionID, error) {
	list := []courses.EditionID{}
	if !v.SignedIn() {
		return list, nil
	}
	err := database.Ask(ctx, s.db, `SELECT cohort.edition_id FROM enrolments AS enrolment JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id
		WHERE enrolment.person_id = $1 AND enrolment.sector = $2 AND enrolment.state <> $3 GROUP BY cohort.edition_id
		ORDER BY MIN(CASE WHEN enrolment.state = $4 THEN 0 ELSE 1 END), MAX(enrolment.enrolled_at) DESC, cohort.edition_id LIMIT 50`,
		[]any{v.Person(), v.Sector(), Withdrawn, Active}, func(row database.Row) error {
			var id courses.EditionID
			err := row.Scan(&id)
			list = append(list, id)
			return err
		})
	return list, err
}

// Roster gives the people of a cohort that the viewer runs, by name, a page at a time;
// who withdrew stands among them. After is the last one of the page before, next is ""
// on the last page.
func (s Store) Roster(ctx context.Context, v people.Viewer, cohort CohortID, after EnrolmentID) (list []Place, next EnrolmentID, err error) {
	list = []Place{}
	err = s.places().Where("enrolment.cohort_id = ?", cohort).Apply(RunBy(v), ByName(v, after)).Scan(ctx, &list)
	list, next = Cut(list, func(p Place) EnrolmentID { return p.ID })
	return list, next, err
}

// Seated tells which of the persons have a place in a cohort that the viewer runs.
func (s Store) Seated(ctx context.Context, v people.Viewer, cohort CohortID, persons []people.PersonID) (map[people.PersonID]bool, error) {
	seated := map[people.PersonID]bool{}
	if len(persons) == 0 {
		return seated, nil
	}
	var found []people.PersonID
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").ColumnExpr("enrolment.person_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("cohort.id = ? AND enrolment.state <> ? AND enrolment.person_id IN (?)", cohort, Withdrawn, bun.List(persons)).
		Apply(RunBy(v)).Scan(ctx, &found)
	for _, person := range found {
		seated[person] = true
	}
	return seated, err
}

// Unmet tells which of the courses that a cohort's edition comes after the persons have not
// completed, by code, for who runs the cohort. It keeps nobody out.
func (s Store) Unmet(ctx context.Context, v people.Viewer, cohort CohortID, persons []people.PersonID) (map[people.PersonID][]string, error) {
	unmet := map[people.PersonID][]string{}
	if len(persons) == 0 {
		return unmet, nil
	}
	var rows []struct {
		PersonID   people.PersonID
		CourseCode string
	}
	err := s.db.NewSelect().TableExpr("cohorts AS cohort").ColumnExpr("person.id AS person_id, need.course_code").
		Join("JOIN edition_prerequisites AS need ON need.edition_id = cohort.edition_id").
		Join("JOIN persons AS person ON person.sector = cohort.sector AND person.id IN (?)", bun.List(persons)).
		Where("cohort.id = ?", cohort).Apply(RunBy(v)).
		Where(`NOT EXISTS (SELECT 1 FROM enrolments AS done JOIN cohorts AS earlier ON earlier.id = done.cohort_id
			WHERE done.person_id = person.id AND done.state = ? AND earlier.course_code = need.course_code)`, Completed).
		OrderExpr("person.id, need.position").Scan(ctx, &rows)
	for _, row := range rows {
		unmet[row.PersonID] = append(unmet[row.PersonID], row.CourseCode)
	}
	return unmet, err
}

// Enroll gives a person of the sector a place in a cohort that the viewer manages, and
// closes the guides and answer keys of its modules to them. Who is enrolled already
// keeps their place; who withdrew comes back. Fails with fault.NotFound for a cohort or
// person that is not of the sector, with fault.Conflict where the person teaches the
// cohort or no seat is free, and with fault.Forbidden for one's own place (rule 17).
func (s Store) Enroll(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID) (EnrolmentID, error) {
	var id EnrolmentID
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		held, err := s.holdCohort(ctx, v, cohort)
		if err != nil {
			return err
		}
		if held.State != CohortOpen {
			return fault.Conflict("cohorts.enrol.ended")
		}
		res, err := s.db.NewRaw(`INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_by, enrolled_at, award)
			SELECT ?, cohort.id, person.id, cohort.sector, ?, ?, ?, cohort.award
			FROM cohorts AS cohort JOIN persons AS person ON person.sector = cohort.sector AND person.closed_at IS NULL
			WHERE cohort.id = ? AND person.id = ? AND person.id <> ? AND `+hasSeat+`
			AND NOT EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = person.id AND i.ended_at IS NULL)
			ON CONFLICT (cohort_id, person_id) DO UPDATE SET
				state = CASE WHEN enrolments.state = ? THEN ? ELSE enrolments.state END,
				withdrawn_by = NULL, withdrawn_at = NULL, withdrawal_code = NULL`,
			database.NewID(), Active, nullPerson(v), s.now(), cohort, person, v.Person(), Withdrawn, Active).Exec(ctx)
		if err := database.Changed(res, err, errNotEnrolled); err != nil {
			return s.whyNotEnrolled(ctx, v, cohort, person, err)
		}
		if err := s.leaveList(ctx, v, cohort, person); err != nil {
			return err
		}
		if err := s.db.NewRaw(`SELECT id FROM enrolments WHERE cohort_id = ? AND person_id = ?`, cohort, person).Scan(ctx, &id); err != nil {
			return err
		}
		if err := s.closeAnswers(ctx, id, held, person); err != nil {
			return err
		}
		return s.note(ctx, v, "enrolled", id)
	})
	return id, err
}

// closeAnswers closes the keys and guides of a course to one of its trainees.
func (s Store) closeAnswers(ctx context.Context, id EnrolmentID, cohort Summary, person people.PersonID) error {
	modules, err := s.modulesOf(ctx, cohort.EditionID)
	if err != nil {
		return err
	}
	return s.content.CloseAnswers(ctx, person, modules, "enrolment:"+string(id))
}

// modulesOf are the modules that an edition names.
func (s Store) modulesOf(ctx context.Context, edition courses.EditionID) (modules []content.ModuleID, err error) {
	err = s.db.NewRaw(`SELECT part.module_id FROM edition_parts AS part
			JOIN edition_sessions AS es ON es.id = part.edition_session_id
			WHERE es.edition_id = ? AND part.module_id IS NOT NULL
		UNION SELECT required.module_id FROM edition_modules AS required WHERE required.edition_id = ?
		ORDER BY 1`, edition, edition).Scan(ctx, &modules)
	return modules, err
}

// whyNotEnrolled tells one's own place, a person who teaches the cohort and a full cohort
// from who isn't there for the viewer.
func (s Store) whyNotEnrolled(ctx context.Context, v people.Viewer, cohort CohortID, person people.PersonID, err error) error {
	if err != errNotEnrolled {
		return err
	}
	if v.SignedIn() && v.Person() == person {
		return fault.Forbidden
	}
	if err := s.personOfSector(ctx, v, person); err != nil {
		return err
	}
	teaches, err := s.db.NewSelect().TableExpr("cohort_instructors AS i").Where("i.cohort_id = ? AND i.person_id = ? AND i.ended_at IS NULL", cohort, person).Count(ctx)
	switch {
	case err != nil:
		return err
	case teaches > 0:
		return fault.Conflict("cohorts.enrol.teaches")
	}
	return fault.Conflict("cohorts.enrol.full")
}

// personOfSector fails with fault.NotFound unless the person has an open account in the
// sector where the viewer stands.
func (s Store) personOfSector(ctx context.Context, v people.Viewer, person people.PersonID) error {
	known, err := s.db.NewSelect().TableExpr("persons").Where("persons.id = ? AND persons.closed_at IS NULL", person).
		Apply(people.VisibleTo(v)).Count(ctx)
	if err == nil && known == 0 {
		err = fmt.Errorf("person %q: %w", person, fault.NotFound)
	}
	return err
}

// Withdraw ends a place with its coded reason. What was attended stays in the ledger, and
// the seat goes to who waits longest for it.
func (s Store) Withdraw(ctx context.Context, v people.Viewer, id EnrolmentID, code WithdrawalCode) error {
	if err := code.Validate(); err != nil {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		// The cohort first, as where places are given: two who wait for each other never end.
		cohort, err := s.holdCohortOf(ctx, v, id)
		if err != nil {
			return s.whyNotWithdrawn(ctx, v, id, err)
		}
		managed, fair := managedBy(v), notOverOneself(v, s.people.Today())
		res, err := s.db.NewRaw(`UPDATE enrolments SET state = ?, withdrawn_by = ?, withdrawn_at = ?, withdrawal_code = ?
			WHERE id = ? AND state = ? AND EXISTS (SELECT 1 FROM enrolments AS enrolment JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id
				WHERE enrolment.id = enrolments.id AND `+managed.sql+` AND (`+fair.sql+`))`,
			with([]any{Withdrawn, nullPerson(v), s.now(), code, id, Active}, managed, fair)...).Exec(ctx)
		if err := database.Changed(res, err, fault.Forbidden); err != nil {
			return s.whyNotWithdrawn(ctx, v, id, err)
		}
		if err := s.content.ReopenAnswers(ctx, "enrolment:"+string(id)); err != nil {
			return err
		}
		if err := s.note(ctx, v, "withdrawn", id); err != nil {
			return err
		}
		return s.seatTheWaiting(ctx, cohort.Sector, cohort.ID)
	})
}

// holdCohortOf is holdCohort for the cohort of a place.
func (s Store) holdCohortOf(ctx context.Context, v people.Viewer, id EnrolmentID) (Summary, error) {
	var cohort CohortID
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").ColumnExpr("cohort.id").Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("enrolment.id = ?", id).Apply(VisibleTo(v)).Scan(ctx, &cohort)
	if err != nil {
		return Summary{}, fmt.Errorf("enrolment %q: %w", id, database.One(err))
	}
	return s.holdCohort(ctx, v, cohort)
}

func (s Store) whyNotWithdrawn(ctx context.Context, v people.Viewer, id EnrolmentID, err error) error {
	if err != fault.Forbidden {
		return err
	}
	var place Enrolment
	lost := s.db.NewSelect().Model(&place).Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("enrolment.id = ?", id).Apply(VisibleTo(v)).Scan(ctx)
	switch {
	case lost != nil:
		return fmt.Errorf("enrolment %q: %w", id, database.One(lost))
	case place.State != Active:
		return fault.Conflict("cohorts.withdrawal.not_active")
	}
	return err
}

// Complete marks a place of the viewer's sector as completed: certificates calls it in the
// transaction of the decision that graduates, which has asked whether the viewer may.
func (s Store) Complete(ctx context.Context, v people.Viewer, id EnrolmentID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		res, err := s.db.NewRaw(`UPDATE enrolments SET state = ? WHERE id = ? AND sector = ? AND state = ?`, Completed, id, v.Sector(), Active).Exec(ctx)
		if err := database.Changed(res, err, fault.Conflict("cohorts.withdrawal.not_active")); err != nil {
			return err
		}
		return s.content.ReopenAnswers(ctx, "enrolment:"+string(id))
	})
}

// errNotEnrolled is for this file alone: whyNotEnrolled turns it into a reason.
var errNotEnrolled = errors.New("not enrolled")
