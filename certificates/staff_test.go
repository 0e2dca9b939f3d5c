package certificates_test

import (
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/certificates/certtest"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestPartnerHRSeesACertificateOnlyWhileItsHolderSaysYes(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		a := certtest.New(t, db)
		ctx, system := t.Context(), people.System(people.Outreach)
		holder, made, _ := a.Graduates(people.Outreach, "Maya Ortiz")
		a.Ok(a.People.KeepOrganisations(ctx, people.KnownOrganisations))
		partners, err := a.People.Organisations(ctx)
		a.Ok(err)
		own, other := partners[0].ID, partners[1].ID
		for _, partner := range []people.OrganisationID{own, other} {
			a.Ok(a.People.Partner(ctx, system, partner, "2026-01-01", ""))
		}
		a.Ok(a.People.Employ(ctx, system, holder.Person(), own, "2026-01-01", ""))
		hr := func(partner people.OrganisationID) people.Viewer {
			return people.Seen("hr", people.Outreach, []people.Role{people.PartnerHR}, []people.OrganisationID{partner})
		}
		answer := func(yes bool) {
			questions, err := a.Cohorts.Questions(ctx, holder)
			a.Ok(err)
			a.Ok(a.Cohorts.Answer(ctx, holder, map[string]bool{questions[0].Key(): yes}))
		}
		places := []cohorts.EnrolmentID{made.EnrolmentID}
		sees := func(v people.Viewer) bool {
			t.Helper()
			list, err := a.Certificates.OfStaff(ctx, v, places)
			a.Ok(err)
			return list[made.EnrolmentID].ID == made.ID
		}
		if sees(hr(own)) {
			t.Error("seen before anyone said yes")
		}
		answer(true)
		if !sees(hr(own)) {
			t.Error("not seen after a yes")
		}
		for name, v := range map[string]people.Viewer{"another employer": hr(other), "nobody": people.Nobody, "the holder as such": holder,
			"HR in another sector": people.Seen("hr", people.LawEnforcement, []people.Role{people.PartnerHR}, []people.OrganisationID{own})} {
			if sees(v) {
				t.Errorf("%s sees it", name)
			}
		}
		answer(false)
		if sees(hr(own)) {
			t.Error("seen after a no")
		}
	}, certtest.Migrations...)
}
