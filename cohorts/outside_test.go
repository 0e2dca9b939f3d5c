package cohorts_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func outsideHours(person people.PersonID) cohorts.NewOutside {
	return cohorts.NewOutside{Person: person, Category: "first_aid", Minutes: 240, DoneOn: "2026-10-20", Provider: "Red Cross", SeenOn: "2026-10-22"}
}

func TestOutsideHoursHaveADayAProofAndABody(t *testing.T) {
	for _, c := range []struct {
		change func(n *cohorts.NewOutside)
		field  string
	}{
		{func(*cohorts.NewOutside) {}, ""},
		{func(n *cohorts.NewOutside) { n.Category = "circles" }, "category"},
		{func(n *cohorts.NewOutside) { n.Minutes = 0 }, "minutes"},
		{func(n *cohorts.NewOutside) { n.Minutes = 1 }, ""},
		{func(n *cohorts.NewOutside) { n.Minutes = cohorts.MostOutside }, ""},
		{func(n *cohorts.NewOutside) { n.Minutes = cohorts.MostOutside + 1 }, "minutes"},
		{func(n *cohorts.NewOutside) { n.DoneOn = "" }, "done_on"},
		{func(n *cohorts.NewOutside) { n.DoneOn, n.SeenOn = "2026-11-01", "2026-11-01" }, ""},
		{func(n *cohorts.NewOutside) { n.DoneOn, n.SeenOn = "2026-11-02", "2026-11-02" }, "done_on"},
		{func(n *cohorts.NewOutside) { n.SeenOn = "2026-10-20" }, ""},
		{func(n *cohorts.NewOutside) { n.SeenOn = "2026-10-19" }, "seen_on"},
		{func(n *cohorts.NewOutside) { n.Provider = "" }, "provider"},
		{func(n *cohorts.NewOutside) { n.Provider = strings.Repeat("é", cohorts.LongestProvider) }, ""},
		{func(n *cohorts.NewOutside) { n.Provider = strings.Repeat("é", cohorts.LongestProvider+1) }, "provider"},
		{func(n *cohorts.NewOutside) { n.Provider = "Red Cross\nA story" }, "provider"},
	} {
		n := outsideHours("somebody")
		c.change(&n)
		err := n.Validate("2026-11-01")
		var invalid *fault.InvalidError
		if c.field == "" && err != nil || c.field != "" && (!errors.As(err, &invalid) || !strings.Contains(err.Error(), c.field+":")) {
			t.Errorf("%+v: %v, want %q", n, err, c.field)
		}
	}
}

func TestOutsideHoursAreALedgerThatNoCourseCounts(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(2)
		a.at("2026-11-03 13:05")
		person := c.trainees[0].Person()
		before := a.standing(c, 0)
		n := outsideHours(person)
		n.Line = "form"
		a.ok(a.store.AddOutside(ctx, c.coordinator, n))
		a.ok(a.store.AddOutside(ctx, c.coordinator, n)) // the form sent twice
		list, next, err := a.store.Outside(ctx, c.trainees[0], person, "")
		a.ok(err)
		if len(list) != 1 || next != "" || list[0].Minutes != 240 || list[0].ByPerson != c.coordinator.Person() || list[0].TakenBack {
			a.Fatalf("lines %+v", list)
		}
		if a.standing(c, 0) != before {
			a.Error("the course counts what was done elsewhere")
		}
		a.conflicts(a.store.ReverseOutside(ctx, c.coordinator, person, list[0].ID, "because"), "cohorts.outside.reason_needed")
		a.is(a.store.ReverseOutside(ctx, c.coordinator, c.trainees[1].Person(), list[0].ID, "twice"), fault.NotFound)
		a.ok(a.store.ReverseOutside(ctx, c.coordinator, person, list[0].ID, "twice"))
		a.conflicts(a.store.ReverseOutside(ctx, c.coordinator, person, list[0].ID, "twice"), "cohorts.outside.taken_back_already")
		list, _, err = a.store.Outside(ctx, c.coordinator, person, "")
		a.ok(err)
		if len(list) != 2 || list[0].Minutes != -240 || list[0].Reason != "twice" || !list[1].TakenBack {
			a.Errorf("lines %+v", list)
		}
		a.is(a.store.ReverseOutside(ctx, c.coordinator, person, list[0].ID, "twice"), fault.NotFound) // a reversal stands
		if sum, err := a.store.OutsideMinutes(ctx, c.trainees[0], person); err != nil || sum != 0 {
			a.Errorf("%d minutes: %v", sum, err)
		}
	})
}

func TestOutsideHoursAreWrittenBySomebodyElseOfTheSector(t *testing.T) {
	each(t, func(a *academy) {
		ctx := a.Context()
		c := a.class(1)
		person := c.trainees[0].Person()
		a.ok(a.store.AddOutside(ctx, c.coordinator, outsideHours(person)))
		list, _, err := a.store.Outside(ctx, c.coordinator, person, "")
		a.ok(err)
		police := as(a.person(people.LawEnforcement, "Kim", people.Coordinator), people.LawEnforcement, people.Coordinator)
		for _, v := range []people.Viewer{police, c.instructor, as(a.person(people.Outreach, "Sam"), people.Outreach), people.Nobody} {
			a.is(a.store.AddOutside(ctx, v, outsideHours(person)), fault.NotFound)
			a.is(a.store.ReverseOutside(ctx, v, person, list[0].ID, "twice"), fault.NotFound)
			if seen, _, err := a.store.Outside(ctx, v, person, ""); err != nil || len(seen) > 0 {
				a.Errorf("%v reads %+v: %v", v, seen, err)
			}
			if sum, err := a.store.OutsideMinutes(ctx, v, person); err != nil || sum != 0 {
				a.Errorf("%v reads %d minutes: %v", v, sum, err)
			}
		}
		a.is(a.store.ReverseOutside(ctx, c.trainees[0], person, list[0].ID, "twice"), fault.Forbidden)
		a.is(a.store.AddOutside(ctx, c.coordinator, outsideHours(c.coordinator.Person())), fault.Forbidden)

		// Rule 17: who coordinates and learns writes nothing of who teaches them.
		learns := as(a.person(people.Outreach, "Lee", people.Coordinator), people.Outreach, people.Coordinator)
		a.ok(a.store.AddOutside(ctx, learns, outsideHours(c.instructor.Person())))
		_, err = a.store.Enroll(ctx, c.coordinator, c.sessions[0].CohortID, learns.Person())
		a.ok(err)
		a.is(a.store.AddOutside(ctx, learns, outsideHours(c.instructor.Person())), fault.Forbidden)
		a.ok(a.store.AddOutside(ctx, learns, outsideHours(person)))
	})
}

func TestTwoWhoTakeALineOfOutsideHoursBackAtOnceTakeItOnce(t *testing.T) {
	onPostgres(t, func(a *academy) {
		c := a.class(1)
		person := c.trainees[0].Person()
		n := outsideHours(person)
		n.Line = "form"
		for _, err := range atOnce(6, func(int) error { return a.store.AddOutside(a.Context(), c.coordinator, n) }) {
			a.ok(err)
		}
		list, _, err := a.store.Outside(a.Context(), c.coordinator, person, "")
		a.ok(err)
		if len(list) != 1 {
			a.Fatalf("%d lines", len(list))
		}
		done := 0
		for _, err := range atOnce(6, func(int) error {
			return a.store.ReverseOutside(a.Context(), c.coordinator, person, list[0].ID, "twice")
		}) {
			if err == nil {
				done++
			} else {
				a.conflicts(err, "cohorts.outside.taken_back_already")
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM outside_lines`); done != 1 || n != 2 {
			a.Errorf("%d took it back, %d lines", done, n)
		}
	})
}

func TestOutsideHoursArePaged(t *testing.T) {
	each(t, func(a *academy) {
		c := a.class(1)
		person := c.trainees[0].Person()
		for range cohorts.PageSize + 1 {
			a.ok(a.store.AddOutside(a.Context(), c.coordinator, outsideHours(person)))
		}
		first, next, err := a.store.Outside(a.Context(), c.trainees[0], person, "")
		a.ok(err)
		last, end, err := a.store.Outside(a.Context(), c.trainees[0], person, next)
		a.ok(err)
		if len(first) != cohorts.PageSize || len(last) != 1 || end != "" || last[0].ID >= first[len(first)-1].ID {
			a.Errorf("%d and %d lines", len(first), len(last))
		}
	})
}
