package assessment

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// gradedBy selects attempts, in a cohort that the viewer runs, that were handed in.
func (s Store) gradedBy(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("attempts AS attempt").
		Join("JOIN enrolments AS enrolment ON enrolment.id = attempt.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("attempt.finished_at IS NOT NULL").Apply(cohorts.RunBy(v))
}

// Grade adds a line with the points that the viewer gives to one question of an attempt
// in a cohort that they run, and sums the attempt up again, in one transaction.
// fault.NotFound for other attempts and questions, fault.Forbidden under rule 17, and
// fault.Conflict where another line was added since the grader looked, or the result
// counts already: then only an override, with its reason, changes it.
func (s Store) Grade(ctx context.Context, v people.Viewer, g Grade) error {
	if err := g.Validate(); err != nil {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		attempt, err := s.holdFor(ctx, v, g.Attempt)
		if err != nil {
			return err
		}
		sheet, err := s.sheet(ctx, attempt)
		if err != nil {
			return err
		}
		if !asksFor(attempt.asks(sheet.all), g.Question) {
			return fmt.Errorf("question %q: %w", g.Question, fault.NotFound)
		}
		if g.Source == Graded && attempt.ReleasedAt != nil {
			return fault.Conflict("assessment.grading.released")
		}
		// The program's own lines come first, so that a person's line follows what it changes.
		if err := s.compute(ctx, attempt, sheet); err != nil {
			return err
		}
		allowed := s.gradedBy(v).Where("attempt.id = ?", g.Attempt).Apply(cohorts.NotOverOneself(v, s.people.Today())).
			ColumnExpr("?, attempt.id, ?, ?, ?, ?, ?, ?, ?, ?", database.NewID(), g.Question, g.Seen+1, g.Points, g.Source, nullPerson(v), s.now(), g.Reason, g.Comment)
		res, err := s.db.NewRaw(`INSERT INTO grade_lines (id, attempt_id, question_id, seq, points, source, by_person, at, reason, comment) ?
			ON CONFLICT DO NOTHING`, allowed).Exec(ctx)
		if err := database.Changed(res, err, errNotWritten); errors.Is(err, errNotWritten) {
			return s.whyNot(ctx, allowed, fault.Conflict("assessment.grade.meanwhile"))
		} else if err != nil {
			return err
		}
		return s.sumUp(ctx, attempt, sheet.all)
	})
}

func asksFor(questions []Question, id string) bool {
	for _, q := range questions {
		if q.ID == id {
			return q.Counts()
		}
	}
	return false
}

// holdFor takes an attempt that the viewer may see as its grader for the rest of the
// transaction, so that no two sum it up at once.
func (s Store) holdFor(ctx context.Context, v people.Viewer, id AttemptID) (Attempt, error) {
	var attempt Attempt
	err := s.db.NewRaw(`UPDATE attempts SET revision = revision + 1 WHERE id IN (?) RETURNING *`,
		s.gradedBy(v).ColumnExpr("attempt.id").Where("attempt.id = ?", id)).Scan(ctx, &attempt)
	if err != nil {
		return Attempt{}, fmt.Errorf("attempt %q: %w", id, database.One(err))
	}
	return attempt, nil
}

// Release lets the grades of a module's attempts in a cohort that the viewer runs count,
// where no text waits for points any more, and tells how many they were. Attempts over
// which rule 17 gives no power are left. fault.Conflict as long as two graders' marks of
// one of its texts differ.
func (s Store) Release(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, moduleID string) (released int, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		var attempts []Attempt
		err := s.db.NewRaw(`UPDATE attempts SET released_at = ?, revision = revision + 1 WHERE released_at IS NULL AND waits = 0 AND id IN (?) RETURNING *`,
			s.now(), s.gradedBy(v).ColumnExpr("attempt.id").Where("enrolment.cohort_id = ? AND attempt.module_id = ?", cohort, moduleID).
				Where("NOT EXISTS (?)", s.differing(v, cohort, moduleID)).Apply(cohorts.NotOverOneself(v, s.people.Today()))).Scan(ctx, &attempts)
		if err != nil {
			return fmt.Errorf("release of %q: %w", moduleID, err)
		}
		if len(attempts) == 0 {
			differ, err := s.differing(v, cohort, moduleID).Exists(ctx)
			if err == nil && differ {
				err = fault.Conflict("assessment.grading.differ_first")
			}
			return err
		}
		for _, attempt := range attempts {
			sheet, err := s.sheet(ctx, attempt)
			if err != nil {
				return err
			}
			if err := s.sumUp(ctx, attempt, sheet.all); err != nil {
				return err
			}
		}
		released = len(attempts)
		return nil
	})
	return released, err
}

// differing selects the texts of a module's check, in a cohort that the viewer runs, to
// which two graders gave different points, as long as nobody has settled them.
func (s Store) differing(v people.Viewer, cohort cohorts.CohortID, moduleID string) *bun.SelectQuery {
	return s.essays(v).ColumnExpr("1").Where("enrolment.cohort_id = ? AND attempt.module_id = ? AND attempt.released_at IS NULL AND NOT "+hasLine, cohort, moduleID).
		Where(markersOf + " > 1 AND (SELECT COUNT(*) " + marksOf + ") > 1")
}

// GradeLines are those of an attempt in a cohort that the viewer runs, by question and seq.
func (s Store) GradeLines(ctx context.Context, v people.Viewer, id AttemptID) ([]GradeLine, error) {
	seen, err := s.gradedBy(v).Where("attempt.id = ?", id).Exists(ctx)
	if err == nil && !seen {
		err = fault.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("attempt %q: %w", id, err)
	}
	return s.gradeLines(ctx, id)
}

func (s Store) gradeLines(ctx context.Context, id AttemptID) ([]GradeLine, error) {
	lines := []GradeLine{}
	err := s.db.NewSelect().Model(&lines).ModelTableExpr("grade_lines AS grade_line").Where("attempt_id = ?", id).Order("question_id", "seq").Scan(ctx)
	return lines, err
}

// grade gives a finished attempt, which is held, the lines that the program computes and
// sums it up. Where no text waits for a person its grade counts at once.
func (s Store) grade(ctx context.Context, attempt Attempt, sheet sheet) (Attempt, error) {
	if err := s.compute(ctx, attempt, sheet); err != nil {
		return attempt, err
	}
	if !waits(attempt.asks(sheet.all)) {
		now := s.now()
		attempt.ReleasedAt = &now
		if _, err := s.db.NewRaw(`UPDATE attempts SET released_at = ? WHERE id = ?`, now, attempt.ID).Exec(ctx); err != nil {
			return attempt, err
		}
	}
	return attempt, s.sumUp(ctx, attempt, sheet.all)
}

func waits(questions []Question) bool {
	for _, q := range questions {
		if q.Waits() {
			return true
		}
	}
	return false
}

// compute writes the first line of each question that the program scores, once.
func (s Store) compute(ctx context.Context, attempt Attempt, sheet sheet) error {
	var lines []GradeLine
	for _, q := range attempt.asks(sheet.all) {
		if q.Counts() && !q.Waits() {
			lines = append(lines, GradeLine{ID: database.NewID(), AttemptID: attempt.ID, QuestionID: q.ID, Seq: 1,
				Points: q.Score(sheet.answers[q.ID].Value), Source: Computed, At: s.now()})
		}
	}
	if len(lines) == 0 {
		return nil
	}
	_, err := s.db.NewInsert().Model(&lines).ModelTableExpr("grade_lines").On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// sumUp makes the attempt's numbers of its lines. While it is not released they are
// kept back: its percent is 0 and counts nowhere.
func (s Store) sumUp(ctx context.Context, attempt Attempt, all []Question) error {
	lines, err := s.gradeLines(ctx, attempt.ID)
	if err != nil {
		return err
	}
	sum := sumOf(attempt.asks(all), newest(lines))
	if attempt.ReleasedAt == nil {
		sum.correct, sum.earned, sum.percent = 0, 0, 0
	}
	_, err = s.db.NewRaw(`UPDATE attempts SET total = ?, waits = ?, correct = ?, earned = ?, percent = ? WHERE id = ?`,
		sum.total, sum.waits, sum.correct, sum.earned, sum.percent, attempt.ID).Exec(ctx)
	return err
}
