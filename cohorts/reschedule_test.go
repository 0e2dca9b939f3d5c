package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// change asks for a change of a session, 0 for the first, to a day at nine.
func (c class) change(kind cohorts.RescheduleKind, session int, day string) cohorts.NewReschedule {
	return cohorts.NewReschedule{Cohort: c.id, Kind: kind, Session: c.sessions[session].ID, Day: day, Start: "09:00", Mode: cohorts.InRoom, Reason: "The room floods"}
}

// reschedule previews a change and does it.
func (a *academy) reschedule(v people.Viewer, ask cohorts.NewReschedule) error {
	plan, err := a.store.PreviewReschedule(a.Context(), v, ask)
	if err != nil {
		return err
	}
	ask.Seen = plan.Mark()
	return a.store.Reschedule(a.Context(), v, ask)
}

// days writes the sessions of a cohort in the order of their time: number, day, hour and,
// where it is not planned, state.
func (a *academy) days(c class) (said string) {
	a.Helper()
	list, err := a.store.Sessions(a.Context(), c.coordinator, c.id)
	a.ok(err)
	for _, s := range list {
		said += string(rune('0'+s.Position)) + ":" + s.StartsAt.In(chicago).Format("01-02/15:04")
		if s.State != cohorts.Planned {
			said += ":" + string(s.State)
		}
		said += " "
	}
	return said
}

const laidOut = "1:11-03/09:00 2:11-05/09:00 3:11-10/09:00 4:11-12/09:00 5:11-17/09:00 6:11-19/09:00 "

func TestASessionMovesAloneOrWithAllThatComeAfter(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		if got := a.days(c); got != laidOut {
			t.Fatal(got)
		}
		a.ok(a.reschedule(c.coordinator, c.change(cohorts.MoveOne, 1, "2026-11-06")))
		if got := a.days(c); got != "1:11-03/09:00 2:11-06/09:00 3:11-10/09:00 4:11-12/09:00 5:11-17/09:00 6:11-19/09:00 " {
			t.Error(got)
		}
		// Thanksgiving is left out: the fifth goes on after it.
		a.ok(a.reschedule(c.coordinator, c.change(cohorts.MoveOn, 2, "2026-11-18")))
		if got := a.days(c); got != "1:11-03/09:00 2:11-06/09:00 3:11-18/09:00 4:11-19/09:00 5:11-24/09:00 6:12-01/09:00 " {
			t.Error(got)
		}
		cohort, err := a.store.Cohort(a.Context(), c.coordinator, c.id)
		if err != nil || cohort.EndsOn != "2026-12-01" {
			t.Error(cohort.EndsOn, err)
		}
		session, err := a.store.Session(a.Context(), c.coordinator, c.sessions[5].ID)
		if err != nil || session.Week != 5 || session.EndsAt.Sub(session.StartsAt).Minutes() != 240 {
			t.Errorf("week %d, %v to %v %v", session.Week, session.StartsAt, session.EndsAt, err)
		}
	})
}

func TestAChangeIsUndoneNewestFirst(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		a.ok(a.reschedule(c.coordinator, c.change(cohorts.MoveOne, 1, "2026-11-06")))
		a.ok(a.reschedule(c.coordinator, c.change(cohorts.CancelOne, 4, "")))
		list, err := a.store.Reschedules(a.Context(), c.coordinator, c.id)
		if err != nil || len(list) != 2 || list[0].ByName != "Cora" || list[0].Reason != "The room floods" {
			t.Fatalf("%+v %v", list, err)
		}
		a.conflicts(a.store.UndoReschedule(a.Context(), c.coordinator, c.id, list[1].ID), "cohorts.reschedule.meanwhile")
		a.ok(a.store.UndoReschedule(a.Context(), c.coordinator, c.id, list[0].ID))
		a.ok(a.store.UndoReschedule(a.Context(), c.coordinator, c.id, list[1].ID))
		if got := a.days(c); got != laidOut {
			t.Error(got)
		}
		a.is(a.store.UndoReschedule(a.Context(), c.coordinator, c.id, list[1].ID), fault.NotFound)
		if n := a.count(`SELECT COUNT(*) FROM schedule_changes`); n != 4 {
			t.Errorf("%d rows", n)
		}
	})
}

func TestACancelledTopicIsAddedAgainAndTheMinutesAreTold(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		cancel := c.change(cohorts.CancelOne, 4, "")
		plan, err := a.store.PreviewReschedule(a.Context(), c.coordinator, cancel)
		if err != nil || plan.Short() != 240 || len(plan.Unlaid) != 1 || plan.Unlaid[0].TitleEN != "Topic 5" {
			t.Fatalf("%d short, %+v %v", plan.Short(), plan.Unlaid, err)
		}
		a.ok(a.reschedule(c.coordinator, cancel))
		add := cohorts.NewReschedule{Cohort: c.id, Kind: cohorts.AddOne, Topic: "out-1-s4", Day: "2026-11-21", Start: "10:00", Mode: cohorts.Online, Link: "https://meet.example.org/a", Reason: "A free Saturday"}
		a.invalid(a.reschedule(c.coordinator, add), "topic", "cohorts.reschedule.topic")
		add.Topic = "out-1-s5"
		add.Minutes = 300
		a.invalid(a.reschedule(c.coordinator, add), "minutes", "cohorts.reschedule.minutes_map")
		add.Minutes = 0
		plan, err = a.store.PreviewReschedule(a.Context(), c.coordinator, add)
		if err != nil || plan.Short() != 0 || len(plan.Unlaid) != 0 {
			t.Fatalf("%+v %v", plan, err)
		}
		a.ok(a.reschedule(c.coordinator, add))
		if got := a.days(c); got != "1:11-03/09:00 2:11-05/09:00 3:11-10/09:00 4:11-12/09:00 5:11-17/09:00:cancelled 6:11-19/09:00 7:11-21/10:00 " {
			t.Error(got)
		}
	})
}

func TestASessionOfTheRecordsStaysWhereItIs(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		ask := c.change(cohorts.MoveOne, 0, "2026-11-06")
		plan, err := a.store.PreviewReschedule(a.Context(), c.coordinator, ask)
		a.ok(err)
		a.at("2026-11-03 09:05")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		ask.Seen = plan.Mark()
		a.conflicts(a.store.Reschedule(a.Context(), c.coordinator, ask), "cohorts.reschedule.held")
		a.conflicts(a.reschedule(c.coordinator, c.change(cohorts.CancelOne, 0, "")), "cohorts.reschedule.held")
		// What comes after it may move; a day that is past may not be chosen.
		a.invalid(a.reschedule(c.coordinator, c.change(cohorts.MoveOne, 1, "2026-11-02")), "day", "cohorts.reschedule.past")
		a.invalid(a.reschedule(c.coordinator, c.change(cohorts.MoveOne, 1, "2026-11-10")), "day", "cohorts.reschedule.own")
		a.ok(a.reschedule(c.coordinator, c.change(cohorts.MoveOne, 1, "2026-11-06")))
	})
}

func TestARoomIsNotBookedTwiceAndPeopleAreTold(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		room, err := a.store.AddRoom(a.Context(), c.coordinator, cohorts.Room{Name: "Large room"})
		a.ok(err)
		a.ok(a.store.ReleaseRoom(a.Context(), people.System(people.Outreach), room, people.LawEnforcement))
		other := plan("put-p")
		other.Days, other.RoomID = []string{"fri"}, room
		police := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		_, err = a.store.Make(a.Context(), police, other)
		a.ok(err)
		_, err = a.store.Make(a.Context(), police, other)
		a.invalid(err, "room", "cohorts.plan.room_taken")

		ask := c.change(cohorts.MoveOne, 1, "2026-11-06") // a Friday
		ask.RoomID = room
		shown, err := a.store.PreviewReschedule(a.Context(), c.coordinator, ask)
		if err != nil || !shown.RoomTaken() || len(shown.Clashes) != 1 || shown.Clashes[0].CourseCode != "" || shown.Clashes[0].Number != 0 {
			t.Fatalf("%+v %v", shown.Clashes, err)
		}
		ask.Accept = true
		a.conflicts(a.reschedule(c.coordinator, ask), "cohorts.reschedule.room_taken")

		// The trainee learns elsewhere on Wednesdays, where the instructor teaches.
		again := plan("out-1")
		again.Days = []string{"wed"}
		elsewhere, err := a.store.Make(a.Context(), c.coordinator, again)
		a.ok(err)
		_, err = a.store.Enroll(a.Context(), c.coordinator, elsewhere, c.trainees[0].Person())
		a.ok(err)
		a.ok(a.store.Appoint(a.Context(), c.coordinator, elsewhere, c.instructor.Person(), cohorts.Second))
		ask = c.change(cohorts.MoveOne, 1, "2026-11-18")
		shown, err = a.store.PreviewReschedule(a.Context(), c.coordinator, ask)
		if err != nil || len(shown.Clashes) != 2 || shown.Clashes[0].Kind != cohorts.InstructorClash || shown.Clashes[1].Person != "Trainee0 I." || shown.Clashes[1].CourseCode != "OUT" {
			t.Fatalf("%+v %v", shown.Clashes, err)
		}
		a.invalid(a.reschedule(c.coordinator, ask), "accept", "cohorts.reschedule.accept_needed")
		ask.Accept = true
		a.ok(a.reschedule(c.coordinator, ask))
	})
}

func TestAJointSessionIsNotMovedByOneSide(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		_, err := a.store.ProposeJoint(a.Context(), c.coordinator, cohorts.NewJoint{Session: c.sessions[3].ID, With: people.LawEnforcement, Place: "Hall", Agenda: "Talk", GroundRules: "Listen"})
		a.ok(err)
		a.conflicts(a.reschedule(c.coordinator, c.change(cohorts.MoveOne, 3, "2026-11-13")), "cohorts.reschedule.joint")
		// All after the third move round it.
		a.ok(a.reschedule(c.coordinator, c.change(cohorts.MoveOn, 1, "2026-11-10")))
		if got := a.days(c); got != "1:11-03/09:00 2:11-10/09:00 4:11-12/09:00 3:11-17/09:00 5:11-19/09:00 6:11-24/09:00 " {
			t.Error(got)
		}
	})
}

func TestAStalePreviewIsToldAndOfTwoAtOnceOneWins(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		asks := []cohorts.NewReschedule{c.change(cohorts.MoveOne, 1, "2026-11-06"), c.change(cohorts.CancelOne, 1, "")}
		for i := range asks {
			plan, err := a.store.PreviewReschedule(a.Context(), c.coordinator, asks[i])
			a.ok(err)
			asks[i].Seen = plan.Mark()
		}
		won := 0
		for _, err := range atOnce(2, func(i int) error { return a.store.Reschedule(a.Context(), c.coordinator, asks[i]) }) {
			if err == nil {
				won++
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM schedule_changes`); won != 1 || n != 1 {
			t.Errorf("%d won, %d rows", won, n)
		}
	})
}

func TestARoomThatTwoWantAtOnceGoesToOne(t *testing.T) {
	onPostgres(t, func(a *academy) {
		one, two := a.class(0), a.classOf("put-p", people.LawEnforcement, 0)
		room, err := a.store.AddRoom(a.Context(), one.coordinator, cohorts.Room{Name: "Large room"})
		a.ok(err)
		a.ok(a.store.ReleaseRoom(a.Context(), people.System(people.Outreach), room, people.LawEnforcement))
		won := 0
		for _, err := range atOnce(2, func(i int) error {
			c := []class{one, two}[i]
			ask := c.change(cohorts.MoveOne, 1, "2026-11-06")
			ask.RoomID = room
			return a.reschedule(c.coordinator, ask)
		}) {
			if err == nil {
				won++
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM sessions WHERE room_id = ?`, room); won != 1 || n != 1 {
			t.Errorf("%d won, %d sessions in the room", won, n)
		}
	})
}

func TestOnlyWhoRunsTheSectorReschedules(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		ask := c.change(cohorts.MoveOne, 1, "2026-11-06")
		police := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		for _, who := range []struct {
			viewer people.Viewer
			want   error
		}{{police, fault.NotFound}, {c.trainees[0], fault.NotFound}, {c.instructor, fault.Forbidden}, {people.Nobody, fault.NotFound}} {
			a.is(a.store.Reschedule(a.Context(), who.viewer, ask), who.want)
			_, err := a.store.PreviewReschedule(a.Context(), who.viewer, ask)
			a.is(err, who.want)
			_, err = a.store.Schedule(a.Context(), who.viewer, c.id)
			a.is(err, who.want)
			a.is(a.store.UndoReschedule(a.Context(), who.viewer, c.id, "x"), who.want)
		}
	})
}
