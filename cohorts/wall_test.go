package cohorts_test

import (
	"errors"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestOtherSectorsCohortsDoNotExist(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		a.hold(c, 0, cohorts.Absent)
		coordinator := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		officer := as(a.person(people.LawEnforcement, "Lee"), people.LawEnforcement, people.Trainee)
		stranger := as(a.person(people.Outreach, "Sam"), people.Outreach, people.Trainee)
		session, place := c.sessions[0].ID, c.enrolments[0]
		for _, v := range []people.Viewer{coordinator, officer, stranger, people.Nobody} {
			for name, try := range map[string]func() error{
				"cohort":    func() error { _, err := a.store.Cohort(ctx, v, c.id); return err },
				"session":   func() error { _, err := a.store.Session(ctx, v, session); return err },
				"enrolment": func() error { _, err := a.store.Enrolment(ctx, v, place); return err },
				"standing":  func() error { _, err := a.store.Standing(ctx, v, place); return err },
				"mark": func() error {
					return a.store.Mark(ctx, v, cohorts.NewMark{Session: session, Enrolment: place, Status: cohorts.Present})
				},
				"undo":      func() error { return a.store.Undo(ctx, v, session, place, newLine()) },
				"mark rest": func() error { return a.store.MarkRest(ctx, v, session, newLine()) },
				"close":     func() error { return a.store.Close(ctx, v, session) },
				"confirm":   func() error { return a.store.Confirm(ctx, v, session) },
				"correct": func() error {
					return a.store.Correct(ctx, v, cohorts.NewMark{Session: session, Enrolment: place, Status: cohorts.Present, Reason: cohorts.LateNews})
				},
				"times": func() error {
					return a.store.SetActualTimes(ctx, v, session, cohorts.ActualTimes{From: a.now().Add(-time.Hour), To: a.now()})
				},
				"make-up": func() error {
					return a.store.Approve(ctx, v, cohorts.NewMakeUp{Enrolment: place, Session: session, Kind: cohorts.OneToOne, Minutes: 1, DoneOn: "2026-11-03"})
				},
				"for all": func() error {
					_, err := a.store.ApproveForAll(ctx, v, cohorts.NewMakeUp{Session: session, Kind: cohorts.OneToOne, DoneOn: "2026-11-03"})
					return err
				},
				"enrol":     func() error { _, err := a.store.Enroll(ctx, v, c.id, officer.Person()); return err },
				"withdraw":  func() error { return a.store.Withdraw(ctx, v, place, "moved") },
				"appoint":   func() error { return a.store.Appoint(ctx, v, c.id, officer.Person(), cohorts.Lead) },
				"dismiss":   func() error { return a.store.Dismiss(ctx, v, c.id, c.instructor.Person()) },
				"take back": func() error { return a.store.TakeBack(ctx, v, "none") },
			} {
				if err := try(); !errors.Is(err, fault.NotFound) {
					a.Errorf("%s: %v", name, err)
				}
			}
			list, _, err := a.store.Cohorts(ctx, v, "")
			sessions, err2 := a.store.Sessions(ctx, v, c.id)
			roster, _, err3 := a.store.Roster(ctx, v, c.id, "")
			ledger, _, err4 := a.store.Ledger(ctx, v, c.id, "")
			roll, err5 := a.store.Roll(ctx, v, session)
			lines, err6 := a.store.Lines(ctx, v, place)
			a.ok(errors.Join(err, err2, err3, err4, err5, err6))
			if n := len(list) + len(sessions) + len(roster) + len(ledger) + len(roll) + len(lines); n > 0 {
				a.Errorf("%d rows of another's", n)
			}
		}
	})
}

func TestTraineeSeesTheirOwnAndRunsNothing(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(2)
		a.hold(c, 0, cohorts.Present, cohorts.Absent)
		me := c.trainees[0]
		_, err := a.store.Standing(ctx, me, c.enrolments[0])
		a.ok(err)
		_, err = a.store.Standing(ctx, me, c.enrolments[1])
		a.is(err, fault.NotFound)
		roster, _, err := a.store.Roster(ctx, me, c.id, "")
		a.ok(err)
		roll, err := a.store.Roll(ctx, me, c.sessions[0].ID)
		a.ok(err)
		if len(roster)+len(roll) > 0 {
			a.Errorf("roster %d, roll %d", len(roster), len(roll))
		}
		a.is(a.store.Close(ctx, me, c.sessions[1].ID), fault.NotFound)
		_, err = a.store.Enroll(ctx, me, c.id, me.Person())
		a.is(err, fault.Forbidden)
	})
}

// A coordinator who takes the course learns in it like anyone: one act after the other
// is refused (rule 17).
func TestNobodyActsOnTheirOwnRecord(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		other := as(a.person(people.Outreach, "Olu", people.Coordinator), people.Outreach, people.Coordinator)
		own, err := a.store.Enroll(ctx, other, c.id, c.coordinator.Person())
		a.ok(err)
		me, session := c.coordinator, c.sessions[0].ID
		a.at("2026-11-03 13:05")
		mark := cohorts.NewMark{Session: session, Enrolment: own, Status: cohorts.Present}
		a.is(a.store.Mark(ctx, me, mark), fault.NotFound)
		a.is(a.store.MarkRest(ctx, me, session, newLine()), fault.NotFound)
		a.ok(a.store.Mark(ctx, c.instructor, mark))
		a.is(a.store.Undo(ctx, me, session, own, newLine()), fault.NotFound)
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.is(a.store.Close(ctx, me, session), fault.NotFound)
		a.ok(a.store.Close(ctx, c.instructor, session))
		a.is(a.store.Confirm(ctx, me, session), fault.NotFound)
		mark.Reason = cohorts.LateNews
		a.is(a.store.Correct(ctx, me, mark), fault.NotFound)
		a.is(a.store.Approve(ctx, me, cohorts.NewMakeUp{Enrolment: own, Session: session, Kind: cohorts.OneToOne, Minutes: 5, DoneOn: "2026-11-03"}), fault.NotFound)
		a.is(a.store.SetActualTimes(ctx, me, session, cohorts.ActualTimes{From: a.now().Add(-time.Hour), To: a.now()}), fault.NotFound)
		a.is(a.store.Withdraw(ctx, me, own, "moved"), fault.Forbidden)
	})
}

func TestNobodyEnrolsThemselves(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(0)
		_, err := a.store.Enroll(a.Context(), c.coordinator, c.id, c.coordinator.Person())
		a.is(err, fault.Forbidden)
	})
}

func TestNobodyAppointsThemselvesWhereTheyLearn(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		other := as(a.person(people.Outreach, "Olu", people.Coordinator), people.Outreach, people.Coordinator)
		_, err := a.store.Enroll(ctx, other, c.id, c.coordinator.Person())
		a.ok(err)
		a.is(a.store.Appoint(ctx, c.coordinator, c.id, c.coordinator.Person(), cohorts.Lead), fault.Forbidden)
		// Nor does anyone else make a trainee of the edition teach another cohort of it.
		second, err := a.store.Make(ctx, other, plan("out-1"))
		a.ok(err)
		a.conflicts(a.store.Appoint(ctx, other, second, c.trainees[0].Person(), cohorts.Lead), "cohorts.instructor.learns")
		_, err = a.store.Enroll(ctx, other, c.id, c.instructor.Person())
		a.conflicts(err, "cohorts.enrol.teaches")
	})
}

// The instructor of the first cohort learns in the second, which a trainee of the first
// teaches: neither may act on the other's record.
func TestNobodyActsOnWhoHoldsPowerOverThem(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c, d := a.class(1), a.class(1)
		boss := c.instructor.Person()
		theirs, err := a.store.Enroll(ctx, c.coordinator, d.id, boss)
		a.ok(err)
		_, err = a.store.Enroll(ctx, c.coordinator, c.id, d.instructor.Person())
		a.ok(err)
		session := d.sessions[0].ID
		a.at("2026-11-03 13:05")
		mark := cohorts.NewMark{Session: session, Enrolment: theirs, Status: cohorts.Absent}
		a.is(a.store.Mark(ctx, d.instructor, mark), fault.Forbidden)
		a.mark(d, 0, 0, cohorts.Present, 0, 0) // another's record in the same roll is theirs to mark
		a.is(a.store.MarkRest(ctx, d.instructor, session, newLine()), fault.Forbidden)
		a.ok(a.store.Mark(ctx, d.coordinator, mark))
		a.is(a.store.Undo(ctx, d.instructor, session, theirs, newLine()), fault.Forbidden)
		a.is(a.store.SetActualTimes(ctx, d.instructor, session, cohorts.ActualTimes{From: a.now().Add(-time.Hour), To: a.now()}), fault.Forbidden)
		a.is(a.store.Close(ctx, d.instructor, session), fault.Forbidden)
		a.ok(a.store.Close(ctx, d.coordinator, session))
		a.is(a.store.Confirm(ctx, d.instructor, session), fault.Forbidden)
		waiting, err := a.store.ToConfirm(ctx, d.instructor)
		a.ok(err)
		if len(waiting) > 0 {
			a.Errorf("offered to confirm %d", len(waiting))
		}
		mark.Reason = cohorts.LateNews
		a.is(a.store.Correct(ctx, d.instructor, mark), fault.Forbidden)
		up := cohorts.NewMakeUp{Enrolment: theirs, Session: session, Kind: cohorts.OneToOne, Minutes: 5, DoneOn: "2026-11-03"}
		a.is(a.store.Approve(ctx, d.instructor, up), fault.Forbidden)
		a.ok(a.store.Approve(ctx, d.coordinator, up))
		made, err := a.store.MakeUps(ctx, d.coordinator, theirs)
		a.ok(err)
		a.is(a.store.TakeBack(ctx, d.instructor, made[0].ID), fault.Forbidden)
		a.ok(a.store.Confirm(ctx, c.coordinator, session))
	})
}

func TestNobodyWithdrawsTheirCoordinator(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c, d := a.class(1), a.class(0)
		mine, err := a.store.Enroll(ctx, d.coordinator, c.id, c.coordinator.Person())
		a.ok(err)
		theirs, err := a.store.Enroll(ctx, c.coordinator, d.id, d.coordinator.Person())
		a.ok(err)
		a.is(a.store.Withdraw(ctx, d.coordinator, mine, "moved"), fault.Forbidden)
		a.is(a.store.Withdraw(ctx, c.coordinator, theirs, "moved"), fault.Forbidden)
		third := as(a.person(people.Outreach, "Uma", people.Coordinator), people.Outreach, people.Coordinator)
		a.ok(a.store.Withdraw(ctx, third, mine, "moved"))
	})
}
