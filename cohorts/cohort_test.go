package cohorts_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestSessionsSkipHolidaysAndKeepTheirHour(t *testing.T) {
	var topics []cohorts.Topic
	for n := 1; n <= 12; n++ {
		topics = append(topics, cohorts.Topic{Position: n, Minutes: 240})
	}
	rhythm, err := cohorts.ParseRhythm([]string{"thu", "tue"}, "09:00")
	if err != nil {
		t.Fatal(err)
	}
	laid, skipped := cohorts.LayOut(topics, time.Date(2026, 10, 27, 0, 0, 0, 0, time.UTC), rhythm, chicago, cohorts.Holiday)
	if !slices.Equal(skipped, []string{"2026-11-26"}) {
		t.Errorf("skipped %v", skipped)
	}
	last := laid[len(laid)-1]
	if got := last.Starts.In(chicago).Format("2006-01-02"); got != "2026-12-08" || last.Week != 7 {
		t.Errorf("last on %s in week %d", got, last.Week)
	}
	for _, session := range laid {
		if got := session.Starts.In(chicago).Format("15:04"); got != "09:00" {
			t.Errorf("%s begins at %s", session.Starts, got)
		}
		if session.Ends.Sub(session.Starts) != 4*time.Hour {
			t.Errorf("%s ends at %s", session.Starts, session.Ends)
		}
	}
	// Daylight saving ended between the first and the third session.
	if laid[0].Starts.Hour() != 14 || laid[2].Starts.Hour() != 15 {
		t.Errorf("in UTC %d and %d", laid[0].Starts.Hour(), laid[2].Starts.Hour())
	}
}

func TestDaysOnWhichTheAcademyIsClosed(t *testing.T) {
	for _, c := range []struct {
		day    string
		closed bool
	}{
		{"2026-01-01", true}, {"2026-01-19", true}, {"2026-01-12", false}, {"2026-02-16", true}, {"2026-05-25", true}, {"2026-05-18", false},
		{"2026-06-19", true}, {"2026-07-04", true}, {"2026-09-07", true}, {"2026-10-12", true}, {"2026-11-11", true}, {"2026-11-26", true},
		{"2026-11-19", false}, {"2026-12-24", true}, {"2026-12-31", true}, {"2026-12-23", false}, {"2027-05-31", true}, {"", false},
	} {
		if cohorts.Holiday(c.day) != c.closed {
			t.Errorf("%s closed: %v", c.day, !c.closed)
		}
	}
}

func TestPlanTellsAllThatIsWrongAtOnce(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(0)
		_, err := a.store.Preview(a.Context(), c.coordinator, cohorts.Plan{FirstDay: "soon", Start: "9", Mode: "tent", Link: "javascript:alert(1)", Number: -1})
		for field, key := range map[string]string{"edition": "cohorts.plan.edition", "first_day": "cohorts.plan.first_day", "start": "cohorts.schedule.start",
			"days": "cohorts.schedule.days", "mode": "cohorts.plan.mode", "link": "cohorts.plan.link", "number": "cohorts.plan.number"} {
			a.invalid(err, field, key)
		}
		other := plan("put-p")
		_, err = a.store.Preview(a.Context(), c.coordinator, other)
		a.is(err, fault.NotFound)
		_, err = a.store.Make(a.Context(), c.coordinator, other)
		a.is(err, fault.NotFound)
		_, err = a.store.Make(a.Context(), c.instructor, plan("out-1"))
		a.is(err, fault.Forbidden)
	})
}

func TestCohortHasItsNumberAndSessions(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(2)
		twentyOne := plan("out-1")
		twentyOne.Number = 21
		id, err := a.store.Make(ctx, c.coordinator, twentyOne)
		a.ok(err)
		_, err = a.store.Make(ctx, c.coordinator, twentyOne)
		a.invalid(err, "number", "cohorts.plan.number_taken")
		next, err := a.store.Make(ctx, c.coordinator, plan("out-1"))
		a.ok(err)
		list, _, err := a.store.Cohorts(ctx, c.coordinator, "")
		a.ok(err)
		if len(list) != 3 || list[0].ID != next || list[0].Number != 22 || list[1].ID != id || list[1].Number != 21 || list[2].Number != 1 {
			a.Fatalf("cohorts %+v", list)
		}
		if first := list[2]; first.Trainees != 2 || first.Sessions != 6 || first.StartsOn != "2026-11-03" || first.EndsOn != "2026-11-19" || first.Title("es") != "Curso out-1" {
			a.Errorf("first %+v", first)
		}
		mine, _, err := a.store.Cohorts(ctx, c.trainees[0], "")
		a.ok(err)
		if len(mine) != 1 || mine[0].ID != c.id {
			a.Errorf("a trainee sees %d cohorts", len(mine))
		}
		if s := c.sessions[3]; s.Position != 4 || !s.Joint || s.Title("es") != "Tema 4" || s.StartsAt.In(chicago).Format("Mon 2 Jan 15:04") != "Thu 12 Nov 09:00" {
			a.Errorf("fourth session %+v", s)
		}
	})
}

func TestTwoCoordinatorsAtOnceGetTwoNumbers(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(0)
		for _, err := range atOnce(8, func(int) error {
			_, err := a.store.Make(a.Context(), c.coordinator, plan("out-1"))
			return err
		}) {
			a.ok(err)
		}
		if n := a.count(`SELECT COUNT(DISTINCT number) FROM cohorts`); n != 9 {
			a.Errorf("%d numbers for 9 cohorts", n)
		}
	})
}

func TestRoomsAreThoseReleasedToTheSector(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(0)
		room, err := a.store.AddRoom(ctx, c.coordinator, cohorts.Room{Name: "Blue room", Capacity: 30})
		a.ok(err)
		police := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		theirs := plan("put-p")
		theirs.RoomID = room
		_, err = a.store.Make(ctx, police, theirs)
		a.is(err, fault.NotFound)
		rooms, err := a.store.Rooms(ctx, police)
		a.ok(err)
		if len(rooms) > 0 {
			a.Errorf("police see %+v", rooms)
		}
		// Nor are its hours: a room that was not released tells nothing of who has it when.
		booked := plan("out-1")
		booked.RoomID = room
		made, err := a.store.Make(ctx, c.coordinator, booked)
		a.ok(err)
		asked, err := a.store.Preview(ctx, police, theirs)
		a.is(err, fault.NotFound)
		if len(asked.Clashes) != 0 {
			a.Errorf("police are told of %+v", asked.Clashes)
		}
		a.exec(`DELETE FROM sessions WHERE cohort_id = ?`, made)
		a.is(a.store.ReleaseRoom(ctx, c.coordinator, room, people.LawEnforcement), fault.NotFound)
		a.exec(`INSERT INTO grants (id, person_id, home, role, sector, starts_on, given_at, reason, bridge)
			VALUES ('g', ?, 'outreach', 'coordinator', 'law_enforcement', '2026-01-01', ?, 'Runs both sides', TRUE)`, c.coordinator.Person(), a.now())
		a.ok(a.store.ReleaseRoom(ctx, c.coordinator, room, people.LawEnforcement))
		_, err = a.store.Make(ctx, police, theirs)
		a.ok(err)
		// The other side's booking is told as "not available", one's own by its name.
		ours := plan("out-1")
		ours.RoomID = room
		preview, err := a.store.Preview(ctx, c.coordinator, ours)
		a.ok(err)
		if len(preview.Clashes) != 6 || preview.Clashes[0].CourseCode != "" || preview.Clashes[0].Number != 0 {
			a.Errorf("clashes %+v", preview.Clashes)
		}
		preview, err = a.store.Preview(ctx, police, theirs)
		a.ok(err)
		if len(preview.Clashes) != 6 || preview.Clashes[0].CourseCode != "PUT" || preview.Clashes[0].Number != 1 {
			a.Errorf("clashes %+v", preview.Clashes)
		}
	})
}

func TestInstructorsOtherClassesAreToldBeforeTheyAreAppointed(t *testing.T) {
	each(t, func(a *academy) {
		c, d := a.class(0), a.class(0)
		clashes, err := a.store.InstructorClashes(a.Context(), d.coordinator, d.id, c.instructor.Person())
		a.ok(err)
		if len(clashes) != 6 || clashes[0].CourseCode != "OUT" || clashes[0].Number != 1 {
			a.Errorf("clashes %+v", clashes)
		}
	})
}

func TestWithdrawnTraineeComesBackWithTheirMinutes(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(2)
		a.hold(c, 0, cohorts.Present, cohorts.Present)
		closed := func() int {
			return a.count(`SELECT COUNT(*) FROM closed_answers WHERE person_id = ?`, c.trainees[0].Person())
		}
		if closed() != 6 {
			a.Errorf("%d modules closed to a trainee", closed())
		}
		a.invalid(a.store.Withdraw(ctx, c.coordinator, c.enrolments[0], "because"), "code", "cohorts.withdrawal.choose")
		a.ok(a.store.Withdraw(ctx, c.coordinator, c.enrolments[0], "new_job"))
		a.conflicts(a.store.Withdraw(ctx, c.coordinator, c.enrolments[0], "new_job"), "cohorts.withdrawal.not_active")
		if closed() != 0 {
			a.Errorf("%d modules still closed", closed())
		}
		_, err := a.store.Cohort(ctx, c.trainees[0], c.id)
		a.is(err, fault.NotFound)
		list, _, err := a.store.Ledger(ctx, c.coordinator, c.id, "")
		a.ok(err)
		if len(list) != 1 {
			a.Errorf("%d in the ledger", len(list))
		}
		again, err := a.store.Enroll(ctx, c.coordinator, c.id, c.trainees[0].Person())
		a.ok(err)
		if again != c.enrolments[0] || a.standing(c, 0).Attended != 240 || closed() != 6 {
			a.Errorf("came back as %s with %d minutes", again, a.standing(c, 0).Attended)
		}
	})
}

func TestFileOfPeopleEnrolsOnceHoweverOftenItIsSent(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(0)
		rows, problems, _ := people.ReadCSV(strings.NewReader("given_name,family_name,email,cohort\nAna,Sol,ana@example.org,\nBo,Ray,bo@example.org,OUT 1\nCy,Low,cy@example.org,Course out-1 Cohort 1\nDee,High,dee@example.org,OUT 2\n"))
		if len(problems) > 0 {
			a.Fatal(problems)
		}
		dry, err := a.store.EnrollRows(ctx, c.coordinator, c.id, rows, true)
		a.ok(err)
		if dry.Stored || dry.Enrolled != 3 || dry.Elsewhere != 1 || dry.Count(people.Added) != 3 {
			a.Errorf("preview %+v", dry)
		}
		if n := a.count(`SELECT COUNT(*) FROM enrolments`); n != 0 {
			a.Fatalf("%d places after a preview", n)
		}
		for _, want := range []int{3, 0} {
			done, err := a.store.EnrollRows(ctx, c.coordinator, c.id, rows, false)
			a.ok(err)
			if !done.Stored || done.Enrolled != want || done.Already != 3-want {
				a.Errorf("stored %v, enrolled %d, already %d", done.Stored, done.Enrolled, done.Already)
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM enrolments`); n != 3 {
			a.Errorf("%d places", n)
		}
		_, err = a.store.EnrollRows(ctx, c.instructor, c.id, rows, true)
		a.is(err, fault.Forbidden)
	})
}

func TestFileWithOneBadLineStoresNothing(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(0)
		a.ok(a.store.Appoint(a.Context(), c.coordinator, c.id, a.person(people.Outreach, "Tess", people.Instructor), cohorts.Second))
		a.exec(`UPDATE persons SET external_id = 'E1' WHERE given_name = 'Tess'`)
		rows, _, _ := people.ReadCSV(strings.NewReader("external_id,given_name\nE2,Ana\nE1,Tess\n"))
		done, err := a.store.EnrollRows(a.Context(), c.coordinator, c.id, rows, false)
		a.ok(err)
		if done.Stored || len(done.Problems) != 1 || done.Problems[0].Line != 3 || done.Problems[0].Key != "cohorts.enrol.teaches" {
			a.Errorf("%+v", done)
		}
		if n := a.count(`SELECT COUNT(*) FROM persons WHERE given_name = 'Ana'`); n != 0 {
			a.Errorf("%d people stored", n)
		}
	})
}

func TestEnrollingAndAppointingOnePersonAtOnceDoesNotDoBoth(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(0)
		for range 5 {
			person := a.person(people.Outreach, "Both")
			errs := atOnce(2, func(i int) error {
				if i == 0 {
					return a.store.Appoint(a.Context(), c.coordinator, c.id, person, cohorts.Second)
				}
				_, err := a.store.Enroll(a.Context(), c.coordinator, c.id, person)
				return err
			})
			if (errs[0] == nil) == (errs[1] == nil) {
				a.Errorf("appointed: %v, enrolled: %v", errs[0], errs[1])
			}
		}
	})
}

func TestEditionsAreThoseOneLearns(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		mine, err := a.store.EditionsOf(a.Context(), c.trainees[0])
		a.ok(err)
		theirs, err2 := a.store.EditionsOf(a.Context(), c.instructor)
		if !slices.Equal(mine, []courses.EditionID{"out-1"}) || len(theirs) > 0 || errors.Join(err, err2) != nil {
			a.Errorf("mine %v, theirs %v, %v", mine, theirs, err2)
		}
	})
}

func TestBreaksThatDoNotCountMakeTheDayLonger(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		a.exec(`UPDATE edition_sessions SET breaks = 30 WHERE edition_id = 'out-1'`)
		c := a.class(1)
		if got := c.sessions[0].EndsAt.In(chicago).Format("15:04"); got != "13:30" {
			a.Errorf("ends at %s", got)
		}
		a.at("2026-11-03 13:30")
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.ok(a.store.SetActualTimes(ctx, c.instructor, c.sessions[0].ID, cohorts.ActualTimes{From: c.sessions[0].StartsAt, To: c.sessions[0].StartsAt.Add(230 * time.Minute)}))
		if got := a.standing(c, 0).Attended; got != 200 {
			a.Errorf("attended %d of 230 minutes with a break of 30", got)
		}
	})
}
