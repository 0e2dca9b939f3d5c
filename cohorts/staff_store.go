package cohorts

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// shared is a yes (alias consent) that is in force today to an employer of the person
// (alias enrolment) whose staff the viewer looks after, under a partnership in force.
func shared(v people.Viewer, today string) narrow {
	if !v.Is(people.PartnerHR) || len(v.Organisations()) == 0 {
		return nothing
	}
	return narrow{`consent.shares AND consent.ended_at IS NULL AND consent.organisation_id IN (?)
		AND EXISTS (SELECT 1 FROM employments AS em WHERE em.person_id = enrolment.person_id AND em.organisation_id = consent.organisation_id
			AND em.starts_on <= ? AND (em.ends_on IS NULL OR em.ends_on >= ?))
		AND EXISTS (SELECT 1 FROM partnerships AS pa WHERE pa.organisation_id = consent.organisation_id
			AND pa.starts_on <= ? AND (pa.ends_on IS NULL OR pa.ends_on >= ?))`,
		[]any{bun.List(v.Organisations()), today, today, today, today}}
}

// SharedWith narrows a query over enrolments (alias enrolment) to those of the viewer's
// sector that their people let the viewer see as partner HR today; see StaffOf.
func SharedWith(v people.Viewer, today string) func(*bun.SelectQuery) *bun.SelectQuery {
	yes := shared(v, today)
	return narrow{"enrolment.sector = ? AND EXISTS (SELECT 1 FROM consents AS consent WHERE consent.enrolment_id = enrolment.id AND " + yes.sql + ")",
		append([]any{v.Sector()}, yes.args...)}.on
}

// StaffOf lists the places of the people whom partner HR looks after and who let that
// employer see that place, by name, a page at a time: after is the enrolment of the
// last row before, next is "" on the last page. Employment and partnership must be in
// force today. Who has not said yes is no row, and nothing tells that they are missing.
func (s Store) StaffOf(ctx context.Context, v people.Viewer, after EnrolmentID) (list []Staff, next EnrolmentID, err error) {
	list = []Staff{}
	if !v.Is(people.PartnerHR) || len(v.Organisations()) == 0 {
		return list, "", nil
	}
	var rows []struct {
		Totals
		OrganisationID people.OrganisationID
		GivenName      string
		FamilyName     string
		ChosenName     string
		CourseCode     string
		TitleEN        string `bun:"title_en"`
		TitleES        string `bun:"title_es"`
		EndsOn         string
	}
	q := s.totals().
		ColumnExpr("consent.organisation_id, person.given_name, person.family_name, person.chosen_name").
		ColumnExpr("cohort.course_code, cohort.ends_on, edition.title_en, edition.title_es").
		Join("JOIN consents AS consent ON consent.enrolment_id = enrolment.id").
		Where("enrolment.sector = ? AND enrolment.state <> ?", v.Sector(), Withdrawn).
		Apply(shared(v, s.people.Today()).on, ByName(v, after)).OrderExpr("consent.organisation_id")
	if err := q.Scan(ctx, &rows); err != nil {
		return nil, "", err
	}
	if len(rows) > PageSize {
		rows = rows[:PageSize]
		next = rows[PageSize-1].EnrolmentID
	}
	for _, r := range rows {
		list = append(list, Staff{EnrolmentID: r.EnrolmentID, PersonID: r.PersonID, OrganisationID: r.OrganisationID,
			Name: people.FullName(r.ChosenName, r.GivenName, r.FamilyName), CourseCode: r.CourseCode, TitleEN: r.TitleEN, TitleES: r.TitleES,
			State: r.State, Percent: r.Percent(), Left: r.Missing(), EndsOn: r.EndsOn})
	}
	return list, next, nil
}
