package cohorts

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Reader is a trainee of a cohort with the protocols whose version in force they have not
// said they read.
type Reader struct {
	EnrolmentID EnrolmentID
	Name        string
	Unread      []content.Citation
}

type readerRow struct {
	EnrolmentID EnrolmentID
	Name        string
	Due         string
}

// ProtocolReaders gives the trainees of a cohort that the viewer runs, by name, a page at
// a time, with what is left of the protocols that the viewer may see.
func (s Store) ProtocolReaders(ctx context.Context, v people.Viewer, cohort CohortID, after EnrolmentID, lang content.Lang) (list []Reader, next EnrolmentID, err error) {
	var rows []readerRow
	due := s.db.NewSelect().TableExpr("protocol_versions AS pv").Apply(courses.UnreadProtocols(v, s.now(), lang, bun.Safe("enrolment.person_id")))
	err = s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, "+seatName+" AS name").ColumnExpr("(?) AS due", due).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id").
		Where("cohort.id = ? AND enrolment.state <> ?", cohort, Withdrawn).
		Apply(RunBy(v), ByName(v, after)).Scan(ctx, &rows)
	rows, next = Cut(rows, func(r readerRow) EnrolmentID { return r.EnrolmentID })
	for _, row := range rows {
		list = append(list, Reader{row.EnrolmentID, row.Name, content.ReadCitations(row.Due)})
	}
	return list, next, err
}
