package assessment

import (
	"context"
	"time"
)

// TextsKept is how long after grading an essay and the comment to it are kept (rule 18).
const TextsKept = 30 * 24 * time.Hour

// EraseTexts takes out the essays that were graded 30 days ago, with what was refused
// and with the comments to them, and tells how many; and the words beside the coded
// reasons of the gradebook. Points, times, codes and reasons stay.
func (s Store) EraseTexts(ctx context.Context) (erased int, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.db.NewRaw(`UPDATE gradebook_lines SET words = '', erased_at = ? WHERE erased_at IS NULL AND words <> '' AND at < ?`,
			s.now(), s.now().Add(-TextsKept)).Exec(ctx); err != nil {
			return err
		}
		var due []struct {
			AttemptID  AttemptID `bun:"attempt_id"`
			QuestionID string    `bun:"question_id"`
		}
		err := s.db.NewSelect().TableExpr("grade_lines AS line").ColumnExpr("line.attempt_id, line.question_id").
			Where("line.erased_at IS NULL AND line.source <> ?", Computed).
			GroupExpr("line.attempt_id, line.question_id").Having("MAX(line.at) < ?", s.now().Add(-TextsKept)).Limit(1000).Scan(ctx, &due)
		if err != nil {
			return err
		}
		for _, one := range due {
			_, err := s.db.NewRaw(`UPDATE grade_lines SET comment = '', erased_at = ? WHERE attempt_id = ? AND question_id = ? AND source <> ?`,
				s.now(), one.AttemptID, one.QuestionID, Computed).Exec(ctx)
			if err != nil {
				return err
			}
			if err := s.eraseGrading(ctx, ToGrade{AttemptID: one.AttemptID, QuestionID: one.QuestionID}); err != nil {
				return err
			}
			var essays int
			err = s.db.NewRaw(`SELECT COUNT(*) FROM questions AS q JOIN attempts AS a ON a.quiz_hash = q.quiz_hash WHERE a.id = ? AND q.id = ? AND q.type = ?`,
				one.AttemptID, one.QuestionID, Essay).Scan(ctx, &essays)
			if err != nil {
				return err
			}
			if essays > 0 {
				if err := s.erase(ctx, one.AttemptID, one.QuestionID); err != nil {
					return err
				}
				erased++
			}
		}
		return nil
	})
	return erased, err
}

// eraseGrading takes out what graders wrote on the way to a grade.
func (s Store) eraseGrading(ctx context.Context, t ToGrade) error {
	if err := s.dropDrafts(ctx, t, ""); err != nil {
		return err
	}
	_, err := s.db.NewRaw(`UPDATE grading_marks SET comment = '' WHERE attempt_id = ? AND question_id = ?`, t.AttemptID, t.QuestionID).Exec(ctx)
	return err
}

// erase takes the words of an answer out of all that the Academy holds of it: what
// counts, what counted before, and what was refused.
func (s Store) erase(ctx context.Context, attempt AttemptID, question string) error {
	for _, table := range []string{"answers", "current_answers"} {
		_, err := s.db.NewRaw(`UPDATE `+table+` SET value = ?, erased_at = ? WHERE attempt_id = ? AND question_id = ?`,
			`{"choices":[]}`, s.now(), attempt, question).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// UnreleasedKept is how long the notes on a sheet are kept that nobody releases.
const UnreleasedKept = 90 * 24 * time.Hour

// EraseNotes takes out the notes of observers 30 days after their round was released, with
// the reason of the release, and those of sheets that were left lying, and tells how many.
// Levels, times and who observed stay.
func (s Store) EraseNotes(ctx context.Context) (erased int, err error) {
	res, err := s.db.NewRaw(`UPDATE observations SET note = '', erased_at = ? WHERE note <> '' AND (received_at < ? OR EXISTS (
		SELECT 1 FROM observations AS release WHERE release.enrolment_id = observations.enrolment_id AND release.practical_id = observations.practical_id
		AND release.round = observations.round AND release.kind = ? AND release.received_at < ?))`,
		s.now(), s.now().Add(-UnreleasedKept), ObservationReleased, s.now().Add(-TextsKept)).Exec(ctx)
	if err != nil {
		return 0, err
	}
	n, err := res.RowsAffected()
	return int(n), err
}
