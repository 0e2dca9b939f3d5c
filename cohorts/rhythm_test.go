package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestDaysOffAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"":                           "",
		"2026-12-21":                 "2026-12-21",
		"12/21/2026":                 "2026-12-21",
		"2026-12-21 to 2027-01-02":   "2026-12-21 – 2027-01-02",
		"2026-12-21 a 2027-01-02":    "2026-12-21 – 2027-01-02",
		"2026-12-21 – 2027-01-02":    "2026-12-21 – 2027-01-02",
		"2026-12-21..2027-01-02":     "2026-12-21 – 2027-01-02",
		"2026-12-21\r\n\n2026-12-24": "2026-12-21\n2026-12-24",
		"2026-12-21, 2026-12-24":     "2026-12-21\n2026-12-24",
	} {
		days, err := cohorts.ParseDaysOff(text)
		if err != nil || cohorts.DaysOffText(days) != want {
			t.Errorf("%q: %q %v", text, cohorts.DaysOffText(days), err)
		}
		if again, err := cohorts.ParseDaysOff(cohorts.DaysOffText(days)); err != nil || len(again) != len(days) {
			t.Errorf("%q does not come back: %v %v", text, again, err)
		}
	}
	for _, text := range []string{"soon", "2026-12-24 to 2026-12-21", "2026-02-30", "2026-01-01 to 2028-01-01", "0001-01-01"} {
		if days, err := cohorts.ParseDaysOff(text); err == nil {
			t.Errorf("%q: %v", text, days)
		}
	}
}

// Four whole days, each day with its own hour, days off left out, and another time zone.
func TestARhythmHasItsOwnHoursWholeDaysAndDaysOff(t *testing.T) {
	each(t, func(a *academy) {
		v := as(a.person(people.Outreach, "Cora", people.Coordinator), people.Outreach, people.Coordinator)
		for name, one := range map[string]struct {
			change func(p *cohorts.Plan)
			want   string
		}{
			"own hours":  {func(p *cohorts.Plan) { p.Starts = map[string]string{"thu": "18:30"} }, "11-03/09:00 11-05/18:30 11-10/09:00 11-12/18:30 11-17/09:00 11-19/18:30 "},
			"whole days": {func(p *cohorts.Plan) { p.PerDay, p.Pause = 2, 60 }, "11-03/09:00 11-03/14:00 11-05/09:00 11-05/14:00 11-10/09:00 11-10/14:00 "},
			"days off": {func(p *cohorts.Plan) { p.DaysOff = "2026-11-05\n2026-11-10 to 2026-11-15" },
				"11-03/09:00 11-17/09:00 11-19/09:00 11-24/09:00 12-01/09:00 12-03/09:00 "}, // Thanksgiving too
			"Denver": {func(p *cohorts.Plan) { p.TimeZone = "America/Denver" }, "11-03/10:00 11-05/10:00 11-10/10:00 11-12/10:00 11-17/10:00 11-19/10:00 "},
			"four days a week": {func(p *cohorts.Plan) { p.Days = []string{"mon", "tue", "wed", "thu"} },
				"11-03/09:00 11-04/09:00 11-05/09:00 11-09/09:00 11-10/09:00 11-12/09:00 "}, // Veterans Day
		} {
			p := plan("out-1")
			one.change(&p)
			preview, err := a.store.Preview(a.Context(), v, p)
			a.ok(err)
			said := ""
			for _, l := range preview.Laid {
				said += l.Starts.In(chicago).Format("01-02/15:04") + " "
			}
			if said != one.want {
				a.Errorf("%s: %s", name, said)
			}
		}
		for field, change := range map[string]func(p *cohorts.Plan){
			"per_day":   func(p *cohorts.Plan) { p.PerDay = 9 },
			"pause":     func(p *cohorts.Plan) { p.Pause = -1 },
			"start.thu": func(p *cohorts.Plan) { p.Starts = map[string]string{"thu": "late"} },
			"days_off":  func(p *cohorts.Plan) { p.DaysOff = "Christmas" },
			"time_zone": func(p *cohorts.Plan) { p.TimeZone = "Europe/Paris" },
		} {
			p := plan("out-1")
			change(&p)
			_, err := a.store.Preview(a.Context(), v, p)
			if _, found := fault.In(err, field); !found {
				a.Errorf("%s: %v", field, err)
			}
		}
		long := plan("out-1")
		long.PerDay, long.Start = 4, "13:00"
		_, err := a.store.Preview(a.Context(), v, long)
		a.invalid(err, "per_day", "cohorts.plan.day_long")
	})
}

// A cohort keeps its rhythm and days off: all after a session move by them.
func TestACohortKeepsItsRhythm(t *testing.T) {
	each(t, func(a *academy) {
		v := as(a.person(people.Outreach, "Cora", people.Coordinator), people.Outreach, people.Coordinator)
		p := plan("out-1")
		p.Starts, p.DaysOff = map[string]string{"thu": "18:30"}, "2026-11-24"
		id, err := a.store.Make(a.Context(), v, p)
		a.ok(err)
		c := class{id: id, coordinator: v}
		c.sessions, err = a.store.Sessions(a.Context(), v, id)
		a.ok(err)
		a.ok(a.reschedule(v, c.change(cohorts.MoveOn, 3, "2026-11-17")))
		if got := a.days(c); got != "1:11-03/09:00 2:11-05/18:30 3:11-10/09:00 4:11-17/09:00 5:11-19/18:30 6:12-01/09:00 " {
			a.Error(got)
		}
		clone, err := a.store.CloneOf(a.Context(), v, id)
		if err != nil || clone.Plan.Starts["thu"] != "18:30" || clone.Plan.Start != "09:00" || len(clone.Plan.Days) != 2 || clone.Plan.EditionID != "out-1" {
			a.Errorf("%+v %v", clone.Plan, err)
		}
	})
}

func TestAClonedCohortTakesInstructorsAndNobodyElse(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(2)
		clone, err := a.store.CloneOf(a.Context(), c.coordinator, c.id)
		if err != nil || len(clone.Instructors) != 1 {
			a.Fatalf("%+v %v", clone, err)
		}
		p := clone.Plan
		p.FirstDay, p.Instructors = "2026-11-10", []people.PersonID{c.instructor.Person()}
		_, err = a.store.Make(a.Context(), c.coordinator, p)
		a.invalid(err, "accept", "cohorts.reschedule.accept_needed") // she teaches at that time
		p.FirstDay = "2027-01-05"
		id, err := a.store.Make(a.Context(), c.coordinator, p)
		a.ok(err)
		teachers, err := a.store.Instructors(a.Context(), c.coordinator, id)
		cohort, lost := a.store.Cohort(a.Context(), c.coordinator, id)
		if err != nil || lost != nil || len(teachers) != 1 || teachers[0].Role != cohorts.Lead || cohort.Trainees != 0 {
			a.Errorf("%+v %+v %v %v", teachers, cohort, err, lost)
		}
	})
}
