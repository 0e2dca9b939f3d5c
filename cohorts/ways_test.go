package cohorts_test

import (
	"slices"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestMyWaysNamesTheCourseAndItsMinutes(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c := a.class(2)
		a.hold(c, 0, cohorts.Present, cohorts.Absent)
		ways, err := a.store.MyWays(a.Context(), c.trainees[0])
		a.ok(err)
		if len(ways) != 1 || ways[0].Earned() != 240 || ways[0].Ahead != 5*240 || ways[0].Title("es") != "Curso out-1" || ways[0].Weeks != 3 {
			t.Fatalf("ways %+v", ways)
		}
		if week := ways[0].Week(a.now()); week != 1 {
			t.Errorf("week %d on the first day", week)
		}
		a.ok(a.store.Withdraw(a.Context(), c.coordinator, c.enrolments[0], "new_job"))
		if ways, err = a.store.MyWays(a.Context(), c.trainees[0]); err != nil || len(ways) != 0 {
			t.Errorf("withdrawn: %v %v", ways, err)
		}
	})
}

func TestTheWeekOfACourseIsCountedFromItsFirstMonday(t *testing.T) {
	way := cohorts.Way{StartsOn: "2026-11-03", TimeZone: "America/Chicago", Weeks: 3}
	for _, row := range []struct {
		at   string
		want int
	}{{"2026-11-02 23:59", 0}, {"2026-11-03 00:00", 1}, {"2026-11-08 23:59", 1}, {"2026-11-09 00:00", 2}, {"2026-11-16 12:00", 3}, {"2027-03-01 12:00", 3}} {
		at := must(time.ParseInLocation("2006-01-02 15:04", row.at, chicago))
		if got := way.Week(at); got != row.want {
			t.Errorf("%s: week %d, want %d", row.at, got, row.want)
		}
	}
}

func TestOutOfReachTellsOnlyWhoNeedsAMakeUpAndOnlyToWhoRunsTheCohort(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c, police := a.class(3), a.classOf("put-p", people.LawEnforcement, 1)
		a.hold(c, 0, cohorts.Present, cohorts.Absent, cohorts.Excused)
		a.hold(police, 0, cohorts.Absent)
		for _, v := range []people.Viewer{c.coordinator, c.instructor} {
			list, _, err := a.store.Forecast(a.Context(), v)
			a.ok(err)
			var ids []cohorts.EnrolmentID
			for _, way := range list {
				ids = append(ids, way.EnrolmentID)
			}
			if want := c.enrolments[1:]; !slices.Equal(ids, want) {
				t.Errorf("out of reach %v, want %v", ids, want)
			}
		}
		if list, complete, err := a.store.Forecast(a.Context(), c.trainees[1]); err != nil || len(list)+len(complete) != 0 {
			t.Errorf("a trainee sees %v %v %v", list, complete, err)
		}
	})
}

func TestHoursAreCompleteOnlyWhenTwoPeopleConfirmedThem(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c := a.class(1)
		for n := range 5 {
			a.hold(c, n, cohorts.Present)
		}
		a.at("2026-11-19 09:00")
		a.mark(c, 5, 0, cohorts.Present, 0, 0)
		a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[5].ID))
		if _, list, err := a.store.Forecast(a.Context(), c.coordinator); err != nil || len(list) != 0 {
			t.Errorf("before the second person: %v %v", list, err)
		}
		a.ok(a.store.Confirm(a.Context(), c.coordinator, c.sessions[5].ID))
		if _, list, err := a.store.Forecast(a.Context(), c.coordinator); err != nil || len(list) != 1 || list[0].Confirmed != 1440 {
			t.Errorf("after: %v %v", list, err)
		}
	})
}

func TestClassesAreOnesOwnWithWhoTeachesThem(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c := a.class(1)
		second := a.person(people.Outreach, "Ana", people.Instructor)
		a.ok(a.store.Appoint(a.Context(), c.coordinator, c.id, second, cohorts.Second))
		from, to := a.now(), a.now().AddDate(0, 1, 0)
		own, err := a.store.Classes(a.Context(), c.trainees[0], from, to, 2)
		a.ok(err)
		if len(own) != 2 || own[0].Teaches || !slices.Equal(own[0].With, []string{"Ines", "Ana"}) || own[0].Title("en") != "Topic 1" || own[1].Position != 2 {
			t.Fatalf("own %+v", own)
		}
		taught, err := a.store.Classes(a.Context(), c.instructor, from, to, 30)
		a.ok(err)
		if len(taught) != 6 || !taught[0].Teaches || !taught[0].Runs {
			t.Errorf("taught %+v", taught)
		}
		if list, err := a.store.Classes(a.Context(), c.coordinator, from, to, 30); err != nil || len(list) != 0 {
			t.Errorf("a coordinator who teaches nothing has %v %v", list, err)
		}
	})
}

func TestTurnoutsCountTheNewestMarkAndWhatIsOwed(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c := a.class(4)
		a.at("2026-11-03 09:00")
		a.mark(c, 0, 0, cohorts.Absent, 0, 0)
		a.mark(c, 0, 0, cohorts.Present, 0, 0)
		a.mark(c, 0, 1, cohorts.Present, 30, 0)
		a.mark(c, 0, 2, cohorts.Excused, 0, 0)
		list, err := a.store.Turnouts(a.Context(), c.instructor, c.id)
		a.ok(err)
		want := cohorts.Turnout{SessionID: c.sessions[0].ID, Present: 1, Late: 1, Excused: 1, Owed: 1}
		if len(list) != 1 || list[0] != want || list[0].Marked() != 3 || list[0].Came() != 2 {
			t.Errorf("turnouts %+v", list)
		}
		if list, err := a.store.Turnouts(a.Context(), c.trainees[0], c.id); err != nil || len(list) != 0 {
			t.Errorf("a trainee counts others: %v %v", list, err)
		}
	})
}

func TestAJointSessionWaitsForTheOtherSidesAnswer(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c, police := a.class(1), a.classOf("put-p", people.LawEnforcement, 1)
		_, err := a.store.ProposeJoint(a.Context(), c.coordinator, cohorts.NewJoint{Session: c.sessions[3].ID, With: people.LawEnforcement,
			Place: "Hall", Agenda: "Meet", GroundRules: "Listen"})
		a.ok(err)
		if list, err := a.store.JointsToAnswer(a.Context(), police.coordinator); err != nil || len(list) != 1 {
			t.Errorf("asked side: %v %v", list, err)
		}
		for _, v := range []people.Viewer{c.coordinator, police.instructor, police.trainees[0]} {
			if list, err := a.store.JointsToAnswer(a.Context(), v); err != nil || len(list) != 0 {
				t.Errorf("%v sees %v %v", v.Person(), list, err)
			}
		}
	})
}

func TestACohortIsFoundByItsNumberWithinTheSectorAlone(t *testing.T) {
	t.Parallel()
	each(t, func(a *academy) {
		c, police := a.class(1), a.classOf("put-p", people.LawEnforcement, 1)
		for _, row := range []struct {
			v    people.Viewer
			want []cohorts.CohortID
		}{{c.coordinator, []cohorts.CohortID{c.id}}, {c.trainees[0], []cohorts.CohortID{c.id}}, {police.instructor, []cohorts.CohortID{police.id}}, {people.Nobody, nil}} {
			list, err := a.store.Numbered(a.Context(), row.v, 1)
			a.ok(err)
			var ids []cohorts.CohortID
			for _, one := range list {
				ids = append(ids, one.ID)
			}
			if !slices.Equal(ids, row.want) {
				t.Errorf("%s finds %v, want %v", row.v.Person(), ids, row.want)
			}
		}
	})
}
