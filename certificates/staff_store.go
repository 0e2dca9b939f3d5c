package certificates

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// OfStaff gives the newest certificate of each of these places whose people let the
// viewer see it as partner HR (rule 15); a place without one, or not shared, has none.
func (s Store) OfStaff(ctx context.Context, v people.Viewer, places []cohorts.EnrolmentID) (map[cohorts.EnrolmentID]Certificate, error) {
	newest := map[cohorts.EnrolmentID]Certificate{}
	if len(places) == 0 {
		return newest, nil
	}
	list := []Certificate{}
	err := s.db.NewSelect().Model(&list).
		Join("JOIN enrolments AS enrolment ON enrolment.id = certificate.enrolment_id").
		Where("certificate.enrolment_id IN (?) AND certificate.standing <> ?", bun.List(places), credential.StandingSuperseded).
		Apply(cohorts.SharedWith(v, s.rooms.People.Today())).
		OrderExpr("certificate.issued_at, certificate.id").Scan(ctx)
	for _, c := range list {
		newest[c.EnrolmentID] = c
	}
	return newest, err
}
