package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestACoordinatorNotesWhatAnInstructorIsTrainedIn(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c := a.Context(), a.class(1)
		ines := c.instructor.Person()
		n := cohorts.NewQualification{Cohort: c.id, Person: ines, Code: "mediation", Until: "2027-05-01"}
		a.ok(a.store.Qualify(ctx, c.coordinator, n))
		n.Until = ""
		a.ok(a.store.Qualify(ctx, c.coordinator, n)) // once more: the first ends
		n.Code, n.Until = "facilitator", "2026-11-02"
		a.ok(a.store.Qualify(ctx, c.coordinator, n))
		noted := func(v people.Viewer) []cohorts.Qualification {
			of, err := a.store.Qualifications(ctx, v, c.id)
			a.ok(err)
			return of[ines]
		}
		list := noted(c.coordinator)
		if len(list) != 2 || list[0].Code != "facilitator" || list[0].Over("2026-11-02") || !list[0].Over("2026-11-03") || list[1].Until != nil || list[1].Over("2040-01-01") {
			t.Fatalf("%+v", list)
		}
		if n := a.count(`SELECT COUNT(*) FROM instructor_qualifications`); n != 3 {
			t.Errorf("%d rows", n)
		}
		police := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		if theirs, learns := noted(police), noted(c.trainees[0]); len(theirs) != 0 || len(learns) != 0 {
			t.Errorf("told to police %+v, to a trainee %+v", theirs, learns)
		}
		n.Code = "wizard"
		a.invalid(a.store.Qualify(ctx, c.coordinator, n), "code", "cohorts.qualification.choose")
		n.Code, n.Until = "mediation", "2026-11-01"
		a.invalid(a.store.Qualify(ctx, c.coordinator, n), "until", "cohorts.qualification.day")
		n.Until = ""
		a.is(a.store.Qualify(ctx, police, n), fault.NotFound)
		a.is(a.store.Qualify(ctx, c.instructor, n), fault.Forbidden)
		n.Person = c.trainees[0].Person() // who teaches nothing
		a.is(a.store.Qualify(ctx, c.coordinator, n), fault.NotFound)
		n.Person = c.coordinator.Person()
		a.ok(a.store.Appoint(ctx, c.coordinator, c.id, n.Person, cohorts.Second))
		a.is(a.store.Qualify(ctx, c.coordinator, n), fault.Forbidden) // of themselves
		a.is(a.store.EndQualification(ctx, police, c.id, ines, list[0].ID), fault.NotFound)
		a.is(a.store.EndQualification(ctx, c.instructor, c.id, ines, list[0].ID), fault.Forbidden)
		a.ok(a.store.EndQualification(ctx, c.coordinator, c.id, ines, list[0].ID))
		a.is(a.store.EndQualification(ctx, c.coordinator, c.id, ines, list[0].ID), fault.NotFound)
		if list := noted(c.instructor); len(list) != 1 {
			t.Errorf("after the end: %+v", list)
		}
	})
}

func TestAGraduateOfTheAcademyWhoTeachesIsKnown(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c, d := a.Context(), a.class(1), a.class(0)
		graduate := func() bool {
			list, err := a.store.Instructors(ctx, d.coordinator, d.id)
			a.ok(err)
			return list[1].Graduate
		}
		a.exec(`INSERT INTO cohort_instructors (cohort_id, person_id, role, appointed_at) VALUES (?, ?, 'second', ?)`, d.id, c.trainees[0].Person(), a.now())
		if graduate() {
			t.Error("who still learns is no graduate")
		}
		a.exec(`UPDATE enrolments SET state = ? WHERE id = ?`, cohorts.Completed, c.enrolments[0])
		if !graduate() {
			t.Error("who completed a course is a graduate")
		}
	})
}
