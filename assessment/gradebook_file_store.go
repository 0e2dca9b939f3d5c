package assessment

import (
	"context"
	"errors"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// PreviewGrades says, line by line, what a file of grades would do to the gradebook of a
// cohort that the viewer runs; nothing is stored. A place of somebody else's cohort is
// told as one that never was.
func (s Store) PreviewGrades(ctx context.Context, v people.Viewer, id cohorts.CohortID, rows []GradeRow) (GradeIntake, error) {
	book, err := s.WholeGradebook(ctx, v, id)
	if err != nil {
		return GradeIntake{}, err
	}
	var places []cohorts.EnrolmentID
	err = s.db.NewSelect().TableExpr("enrolments AS enrolment").ColumnExpr("enrolment.id").Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("enrolment.cohort_id = ?", id).Apply(cohorts.RunBy(v), cohorts.NotOverOneself(v, s.people.Today())).Scan(ctx, &places)
	fair := map[cohorts.EnrolmentID]bool{}
	for _, place := range places {
		fair[place] = true
	}
	return book.weigh(rows, fair), err
}

// TakeInGrades does what PreviewGrades told, with one reason for all, or nothing.
// Hash is that of the preview; fault.Conflict where the file would do something else
// now, or where something hinders it. A file without anything new changes nothing.
func (s Store) TakeInGrades(ctx context.Context, v people.Viewer, id cohorts.CohortID, rows []GradeRow, code, words, hash string) (taken int, err error) {
	words = people.CleanText(words)
	if err := (NewLine{Kind: Cleared, Code: code, Words: words}).Validate(); err != nil {
		return 0, err
	}
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		intake, err := s.PreviewGrades(ctx, v, id, rows)
		switch {
		case err != nil:
			return err
		case len(intake.Items) == 0:
			return nil
		case intake.Hash != hash || !intake.Fits():
			return fault.Conflict("assessment.gradebook.file.meanwhile")
		}
		for _, item := range intake.Items {
			item.set.Code, item.set.Words = code, words
			if err := s.set(ctx, v, item.set); err != nil {
				return err
			}
		}
		taken = len(intake.Items)
		return nil
	})
	var conflict *fault.ConflictError
	if errors.As(err, &conflict) {
		err = fault.Conflict("assessment.gradebook.file.meanwhile")
	}
	return taken, err
}
