package cohorts_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// partnerHR is HR of a new partner, in a sector.
func (a *academy) partnerHR(code string, sector people.Sector) people.Viewer {
	a.Helper()
	a.ok(a.people.KeepOrganisations(a.Context(), []people.Organisation{{Code: code, Name: "Partner " + code, Kind: people.Partner}}))
	organisation, err := a.people.OrganisationByCode(a.Context(), code)
	a.ok(err)
	a.ok(a.people.Partner(a.Context(), people.System(sector), organisation.ID, "2020-01-01", ""))
	return people.Seen(a.person(sector, "Hana"), sector, []people.Role{people.PartnerHR}, []people.OrganisationID{organisation.ID})
}

func TestAPartnerAsksAndACoordinatorAnswersOnce(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c, hr, other := a.Context(), a.class(1), a.partnerHR("one", people.Outreach), a.partnerHR("two", people.Outreach)
		ask := func(v people.Viewer, email string) error {
			return a.store.Nominate(ctx, v, cohorts.NewNomination{Cohort: c.id, GivenName: "Renee", FamilyName: "Calloway", Email: email})
		}
		a.is(ask(hr, "r@example.org"), fault.NotFound) // not open to partners
		a.ok(a.store.SetSeats(ctx, c.coordinator, c.id, cohorts.SeatRules{Seats: 2, AsksUntil: "2026-11-20"}))
		a.is(ask(c.trainees[0], "r@example.org"), fault.NotFound)
		a.is(ask(a.partnerHR("three", people.LawEnforcement), "r@example.org"), fault.NotFound)
		a.invalid(ask(hr, ""), "email", "cohorts.nomination.address")
		for _, email := range []string{"r@example.org", "r@example.org", "s@example.org", "t@example.org"} {
			a.ok(ask(hr, email))
		}
		asked, err := a.store.ToAnswer(ctx, c.coordinator, c.id)
		a.ok(err)
		if len(asked) != 3 || asked[0].Organisation != "Partner one" {
			t.Fatalf("asked %+v", asked)
		}
		if theirs, _, err := a.store.OurNominations(ctx, other, ""); err != nil || len(theirs) != 0 {
			t.Fatalf("another partner sees %+v, %v", theirs, err)
		}
		a.is(a.store.TakeBackNomination(ctx, other, asked[0].ID), fault.NotFound)
		a.is(a.store.Accept(ctx, c.instructor, c.id, asked[0].ID), fault.Forbidden)
		a.ok(a.store.Accept(ctx, c.coordinator, c.id, asked[0].ID))
		a.is(a.store.Accept(ctx, c.coordinator, c.id, asked[0].ID), fault.NotFound)
		a.ok(a.store.Accept(ctx, c.coordinator, c.id, asked[1].ID)) // every seat is taken now
		a.ok(a.store.Decline(ctx, c.coordinator, c.id, asked[2].ID))
		ours, _, err := a.store.OurNominations(ctx, hr, "")
		a.ok(err)
		for i, want := range []cohorts.NominationState{cohorts.Declined, cohorts.GotTurn, cohorts.GotSeat} {
			if ours[i].State != want || ours[i].Email != "" {
				t.Errorf("%d is %s with the address %q, want %s without one", i, ours[i].State, ours[i].Email, want)
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM enrolments WHERE cohort_id = ? AND state = 'active'`, c.id); n != 2 || len(a.waiting(c)) != 1 {
			t.Errorf("%d have a seat and %d wait", n, len(a.waiting(c)))
		}
		a.at("2026-11-21 09:00")
		a.is(ask(hr, "late@example.org"), fault.NotFound)
	})
}

func TestAPartnerTakesBackWhatHasNoAnswer(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c, hr := a.Context(), a.class(1), a.partnerHR("one", people.Outreach)
		a.ok(a.store.SetSeats(ctx, c.coordinator, c.id, cohorts.SeatRules{AsksUntil: "2026-11-20"}))
		a.ok(a.store.Nominate(ctx, hr, cohorts.NewNomination{Cohort: c.id, GivenName: "Renee", Phone: "+1 312 555 0142"}))
		ours, _, err := a.store.OurNominations(ctx, hr, "")
		a.ok(err)
		a.ok(a.store.TakeBackNomination(ctx, hr, ours[0].ID))
		a.is(a.store.TakeBackNomination(ctx, hr, ours[0].ID), fault.NotFound)
		a.is(a.store.Accept(ctx, c.coordinator, c.id, ours[0].ID), fault.NotFound)
		a.invalid(a.store.SetSeats(ctx, c.coordinator, c.id, cohorts.SeatRules{AsksUntil: "soon"}), "asks_until", "cohorts.seats.day")
	})
}

// What a partner writes lets somebody in who is there already. It gives them no other name,
// and nobody a key to their account.
func TestANominationChangesNobodysAccount(t *testing.T) {
	each(t, func(a *academy) {
		ctx, c, hr := a.Context(), a.class(0), a.partnerHR("one", people.Outreach)
		a.ok(a.store.SetSeats(ctx, c.coordinator, c.id, cohorts.SeatRules{AsksUntil: "2026-11-20"}))
		ana, err := a.people.AddPerson(ctx, c.coordinator, people.NewPerson{GivenName: "Ana", FamilyName: "Lake", Email: "ana@example.org"})
		a.ok(err)
		_, err = a.people.AddPerson(ctx, c.coordinator, people.NewPerson{GivenName: "Bo", Phone: "+1 312 555 0144"})
		a.ok(err)
		account := func() string {
			var said string
			a.ok(a.db.NewRaw(`SELECT p.given_name || ' ' || p.family_name || ' ' || (SELECT MIN(n.name) || COUNT(*) FROM sign_in_names AS n WHERE n.person_id = p.id)
				|| ' ' || (SELECT COUNT(*) FROM employments AS e WHERE e.person_id = p.id) FROM persons AS p WHERE p.id = ?`, ana).Scan(ctx, &said))
			return said
		}
		before := account()
		answer := func(n cohorts.NewNomination) error {
			n.Cohort = c.id
			a.ok(a.store.Nominate(ctx, hr, n))
			asked, err := a.store.ToAnswer(ctx, c.coordinator, c.id)
			a.ok(err)
			return a.store.Accept(ctx, c.coordinator, c.id, asked[len(asked)-1].ID)
		}
		a.ok(answer(cohorts.NewNomination{GivenName: "Eve", FamilyName: "Other", Email: "ana@example.org", Phone: "+1 312 555 0177"}))
		a.conflicts(answer(cohorts.NewNomination{GivenName: "Ana", Email: "ana@example.org", Phone: "+1 312 555 0144"}), "cohorts.nomination.two")
		if after := account(); after != before {
			t.Errorf("the account %q became %q", before, after)
		}
		if n := a.count(`SELECT COUNT(*) FROM enrolments WHERE cohort_id = ? AND person_id = ?`, c.id, ana); n != 1 {
			t.Errorf("she has %d places", n)
		}
	})
}

// Two coordinators answer at once: one yes or one no, never both.
func TestANominationIsAnsweredOnce(t *testing.T) {
	onPostgres(t, func(a *academy) {
		ctx, c, hr := a.Context(), a.class(1), a.partnerHR("one", people.Outreach)
		a.ok(a.store.SetSeats(ctx, c.coordinator, c.id, cohorts.SeatRules{AsksUntil: "2026-11-20"}))
		a.ok(a.store.Nominate(ctx, hr, cohorts.NewNomination{Cohort: c.id, GivenName: "Renee", Email: "r@example.org"}))
		asked, err := a.store.ToAnswer(ctx, c.coordinator, c.id)
		a.ok(err)
		done := 0
		for _, err := range atOnce(8, func(i int) error {
			if i%2 == 0 {
				return a.store.Accept(ctx, c.coordinator, c.id, asked[0].ID)
			}
			return a.store.Decline(ctx, c.coordinator, c.id, asked[0].ID)
		}) {
			if err == nil {
				done++
			}
		}
		if n := a.count(`SELECT COUNT(*) FROM nominations WHERE state IN ('seat', 'declined')`); done != 1 || n != 1 {
			t.Fatalf("%d answers were taken", done)
		}
	})
}
