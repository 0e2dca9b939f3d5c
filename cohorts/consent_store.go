package cohorts

import (
	"context"
	"slices"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Questions lists what the viewer is or could be asked, for each place and each
// employer of today with a partnership in force.
func (s Store) Questions(ctx context.Context, v people.Viewer) ([]Question, error) {
	list := []Question{}
	if !v.SignedIn() {
		return list, nil
	}
	today := s.people.Today()
	err := s.db.NewRaw(`SELECT enrolment.id AS enrolment_id, organisation.id AS organisation_id, organisation.name AS organisation,
			edition.title_en, edition.title_es,
			CASE WHEN consent.id IS NULL THEN FALSE ELSE TRUE END AS answered, COALESCE(consent.shares, FALSE) AS shares
		FROM enrolments AS enrolment
		JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id
		JOIN editions AS edition ON edition.id = cohort.edition_id
		JOIN employments AS employment ON employment.person_id = enrolment.person_id
			AND employment.starts_on <= ? AND (employment.ends_on IS NULL OR employment.ends_on >= ?)
		JOIN organisations AS organisation ON organisation.id = employment.organisation_id
		LEFT JOIN consents AS consent ON consent.enrolment_id = enrolment.id
			AND consent.organisation_id = organisation.id AND consent.ended_at IS NULL
		WHERE enrolment.person_id = ? AND enrolment.sector = ? AND enrolment.state <> ?
			AND EXISTS (SELECT 1 FROM partnerships AS p WHERE p.organisation_id = organisation.id
				AND p.starts_on <= ? AND (p.ends_on IS NULL OR p.ends_on >= ?))
		ORDER BY enrolment.id, organisation.name`,
		today, today, v.Person(), v.Sector(), Withdrawn, today, today).Scan(ctx, &list)
	return list, err
}

// Answer stores the viewer's answers, keyed by Question.Key; questions that aren't
// theirs are passed over. Each change is a new row that ends the one before.
func (s Store) Answer(ctx context.Context, v people.Viewer, shares map[string]bool) error {
	open, err := s.Questions(ctx, v)
	if err != nil || !slices.ContainsFunc(open, func(q Question) bool { return q.changed(shares) }) {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		// Their own row is held, so that two answers at once follow one another.
		if _, err := s.db.NewRaw(`UPDATE enrolments SET revision = revision + 1 WHERE person_id = ?`, v.Person()).Exec(ctx); err != nil {
			return err
		}
		questions, err := s.Questions(ctx, v)
		if err != nil {
			return err
		}
		for _, q := range questions {
			if !q.changed(shares) {
				continue
			}
			answer := shares[q.Key()]
			if _, err := s.db.NewRaw(`UPDATE consents SET ended_at = ? WHERE enrolment_id = ? AND organisation_id = ? AND ended_at IS NULL`,
				s.now(), q.EnrolmentID, q.OrganisationID).Exec(ctx); err != nil {
				return err
			}
			row := Consent{ID: database.NewID(), PersonID: v.Person(), OrganisationID: q.OrganisationID, EnrolmentID: q.EnrolmentID, Shares: answer, GivenAt: s.now()}
			if _, err := s.db.NewInsert().Model(&row).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}
