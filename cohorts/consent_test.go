package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestPartnerSeesOnlyWhoSaidYes(t *testing.T) {
	each(t, func(a *academy) {
		ctx, system := a.Context(), people.System(people.Outreach)
		c := a.class(3)
		a.hold(c, 0, cohorts.Present, cohorts.Present, cohorts.Absent)
		a.ok(a.people.KeepOrganisations(ctx, []people.Organisation{{Code: "one", Name: "Partner One", Kind: people.Partner}, {Code: "two", Name: "Partner Two", Kind: people.Partner}}))
		one, err := a.people.OrganisationByCode(ctx, "one")
		a.ok(err)
		two, err := a.people.OrganisationByCode(ctx, "two")
		a.ok(err)
		for _, partner := range []people.Organisation{one, two} {
			a.ok(a.people.Partner(ctx, system, partner.ID, "2020-01-01", ""))
		}
		for i, employer := range []people.OrganisationID{one.ID, one.ID, two.ID} {
			a.ok(a.people.Employ(ctx, system, c.trainees[i].Person(), employer, "2024-01-01", ""))
		}
		hr := people.Seen(a.person(people.Outreach, "Hana"), people.Outreach, []people.Role{people.PartnerHR}, []people.OrganisationID{one.ID})
		sees := func(want ...people.PersonID) {
			a.Helper()
			list, next, err := a.store.StaffOf(ctx, hr, "")
			a.ok(err)
			if len(list) != len(want) || next != "" {
				a.Fatalf("%d rows, want %d", len(list), len(want))
			}
			for i, id := range want {
				if list[i].PersonID != id {
					a.Errorf("row %d is %+v", i, list[i])
				}
			}
		}
		sees()
		questions, err := a.store.Questions(ctx, c.trainees[0])
		a.ok(err)
		if len(questions) != 1 || questions[0].Answered || questions[0].Shares || questions[0].Organisation != "Partner One" {
			a.Fatalf("asked %+v", questions)
		}
		say := func(trainee int, shares bool) {
			a.Helper()
			asked, err := a.store.Questions(ctx, c.trainees[trainee])
			a.ok(err)
			a.ok(a.store.Answer(ctx, c.trainees[trainee], map[string]bool{asked[0].Key(): shares}))
		}
		say(0, true)
		say(1, false)
		say(2, true)
		sees(c.trainees[0].Person())
		list, _, err := a.store.StaffOf(ctx, hr, "")
		a.ok(err)
		if row := list[0]; row.Percent != 16 || row.Left != 1200 || row.Name != "Trainee0 Invented" || row.CourseCode != "OUT" || row.State != cohorts.Active {
			a.Errorf("row %+v", row)
		}
		say(0, false)
		sees()
		say(0, true)
		say(0, true) // nothing changes
		if n := a.count(`SELECT COUNT(*) FROM consents WHERE person_id = ?`, c.trainees[0].Person()); n != 3 {
			a.Errorf("%d answers are kept", n)
		}
		a.ok(a.people.EndEmployments(ctx, system, c.trainees[0].Person(), one.ID, "2026-11-03"))
		sees(c.trainees[0].Person())
		a.at("2026-11-04 12:00")
		sees()
		say(1, true)
		sees(c.trainees[1].Person())
		a.exec(`UPDATE partnerships SET ends_on = '2026-11-03' WHERE organisation_id = ?`, one.ID)
		sees()
		if asked, err := a.store.Questions(ctx, c.trainees[1]); err != nil || len(asked) != 0 {
			a.Errorf("asked of an ended partnership: %+v, %v", asked, err)
		}
	})
}

func TestAnotherPersonsAnswerIsPassedOver(t *testing.T) {
	each(t, func(a *academy) {
		ctx, system := a.Context(), people.System(people.Outreach)
		c := a.class(2)
		a.ok(a.people.KeepOrganisations(ctx, []people.Organisation{{Code: "one", Name: "Partner One", Kind: people.Partner}}))
		one, err := a.people.OrganisationByCode(ctx, "one")
		a.ok(err)
		a.ok(a.people.Partner(ctx, system, one.ID, "2020-01-01", ""))
		a.ok(a.people.Employ(ctx, system, c.trainees[0].Person(), one.ID, "2024-01-01", ""))
		asked, err := a.store.Questions(ctx, c.trainees[0])
		a.ok(err)
		a.ok(a.store.Answer(ctx, c.trainees[1], map[string]bool{asked[0].Key(): true}))
		if n := a.count(`SELECT COUNT(*) FROM consents`) + a.count(`SELECT COUNT(*) FROM enrolments WHERE revision > 0`); n != 0 {
			a.Errorf("%d rows written", n)
		}
	})
}
