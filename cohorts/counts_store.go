package cohorts

import (
	"context"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CourseCount is how many places of one course are in one state.
type CourseCount struct {
	CourseCode string         `bun:"course_code"`
	TitleEN    string         `bun:"title_en"`
	TitleES    string         `bun:"title_es"`
	State      EnrolmentState `bun:"state"`
	Count      int            `bun:"count"`
}

// Title is the course's title in the language asked for ("en" or "es").
func (c CourseCount) Title(language string) string { return titled(language, c.TitleEN, c.TitleES) }

// CourseCounts counts the places of the viewer's sector by course and state, in cohorts
// that began in one calendar year: whole years alone, so that two reports can't be
// subtracted from each other. It is for who runs the sector, and leaves the Academy only as
// Counts; fault.NotFound for anyone else.
func (s Store) CourseCounts(ctx context.Context, v people.Viewer, year int) ([]CourseCount, error) {
	if !v.RunsSector() {
		return nil, fault.NotFound
	}
	list := []CourseCount{}
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("cohort.course_code, MIN(edition.title_en) AS title_en, MIN(edition.title_es) AS title_es, enrolment.state, COUNT(*) AS count").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Where("cohort.sector = ? AND cohort.starts_on >= ? AND cohort.starts_on < ?", v.Sector(), fmt.Sprintf("%04d-01-01", year), fmt.Sprintf("%04d-01-01", year+1)).
		GroupExpr("cohort.course_code, enrolment.state").OrderExpr("cohort.course_code, enrolment.state").Scan(ctx, &list)
	return list, err
}

// PartnerCount is how many people of one partner have gone through one course.
type PartnerCount struct {
	OrganisationID people.OrganisationID `bun:"organisation_id"`
	Organisation   string                `bun:"organisation"`
	CourseCode     string                `bun:"course_code"`
	Count          int                   `bun:"count"`
}

// PartnerCounts counts, by partner and course, the people of the viewer's sector who have
// completed it and who let that employer see so today (rule 15: employed there, the
// partnership in force). Who did not say yes is in no count. It is for who runs the sector;
// fault.NotFound for anyone else.
func (s Store) PartnerCounts(ctx context.Context, v people.Viewer) ([]PartnerCount, error) {
	if !v.RunsSector() {
		return nil, fault.NotFound
	}
	list, today := []PartnerCount{}, s.people.Today()
	err := s.db.NewSelect().TableExpr("consents AS consent").
		ColumnExpr("organisation.id AS organisation_id, organisation.name AS organisation, cohort.course_code, COUNT(DISTINCT enrolment.person_id) AS count").
		Join("JOIN enrolments AS enrolment ON enrolment.id = consent.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN organisations AS organisation ON organisation.id = consent.organisation_id").
		Where("cohort.sector = ? AND enrolment.state = ? AND consent.shares AND consent.ended_at IS NULL", v.Sector(), Completed).
		Where(`EXISTS (SELECT 1 FROM employments AS em WHERE em.person_id = enrolment.person_id AND em.organisation_id = consent.organisation_id
			AND em.starts_on <= ? AND (em.ends_on IS NULL OR em.ends_on >= ?))`, today, today).
		Where(`EXISTS (SELECT 1 FROM partnerships AS pa WHERE pa.organisation_id = consent.organisation_id
			AND pa.starts_on <= ? AND (pa.ends_on IS NULL OR pa.ends_on >= ?))`, today, today).
		GroupExpr("organisation.id, organisation.name, cohort.course_code").
		OrderExpr("organisation.name, organisation.id, cohort.course_code").Limit(mostPartnerCounts).Scan(ctx, &list)
	return list, err
}

// mostPartnerCounts is how many lines a report of partners has at most.
const mostPartnerCounts = 1000

// Auditable lists the cohorts of the sector whose record the viewer may take out, newest
// first, a page at a time; see Cohorts.
func (s Store) Auditable(ctx context.Context, v people.Viewer, after CohortID) (list []Summary, next CohortID, err error) {
	list = []Summary{}
	q := s.summaries().Apply(auditedBy(v).on).OrderExpr("cohort.id DESC").Limit(PageSize + 1)
	if after != "" {
		q = q.Where("cohort.id < ?", after)
	}
	if err := q.Scan(ctx, &list); err != nil {
		return nil, "", err
	}
	if len(list) > PageSize {
		list, next = list[:PageSize], list[PageSize-1].ID
	}
	return list, next, nil
}
