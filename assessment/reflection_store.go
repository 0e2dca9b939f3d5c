package assessment

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ReflectionSent is a reflection that its writer wanted to be read.
type ReflectionSent struct {
	names
	AttemptID  AttemptID `bun:"attempt_id"`
	QuestionID string    `bun:"question_id"`
	Value      Answer    `bun:"value,type:jsonb"`
	SentAt     time.Time `bun:"sent_at"`
}

// Name is the writer as a class list has them: first name and initial.
func (r ReflectionSent) Name() string { return r.short() }

// SendReflection lets who teaches the viewer read one of their reflections, of an
// attempt that was handed in. Twice is once. fault.NotFound where there is none.
func (s Store) SendReflection(ctx context.Context, v people.Viewer, id AttemptID, question string) error {
	own := s.ownReflection(v, id, question).Where("attempt.finished_at IS NOT NULL").ColumnExpr("attempt.id, saved.question_id, ?", s.now())
	res, err := s.db.NewRaw(`INSERT INTO reflections_sent (attempt_id, question_id, sent_at) ? ON CONFLICT (attempt_id, question_id) DO UPDATE SET sent_at = reflections_sent.sent_at`, own).Exec(ctx)
	return database.Changed(res, err, fmt.Errorf("reflection %q: %w", question, fault.NotFound))
}

// DeleteReflection takes one of the viewer's reflections out of all that the Academy
// holds, sent or not.
func (s Store) DeleteReflection(ctx context.Context, v people.Viewer, id AttemptID, question string) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		own, err := s.ownReflection(v, id, question).ColumnExpr("1").Exists(ctx)
		if err == nil && !own {
			err = fault.NotFound
		}
		if err != nil {
			return fmt.Errorf("reflection %q: %w", question, err)
		}
		if _, err := s.db.NewRaw(`DELETE FROM reflections_sent WHERE attempt_id = ? AND question_id = ?`, id, question).Exec(ctx); err != nil {
			return err
		}
		return s.erase(ctx, id, question)
	})
}

// ownReflection selects a reflection of the viewer's own that was not deleted.
func (s Store) ownReflection(v people.Viewer, id AttemptID, question string) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("attempts AS attempt").
		Join("JOIN questions AS q ON q.quiz_hash = attempt.quiz_hash AND q.type = ?", Reflection).
		Join("JOIN current_answers AS saved ON saved.attempt_id = attempt.id AND saved.question_id = q.id AND saved.erased_at IS NULL").
		Where("attempt.id = ? AND q.id = ?", id, question).Apply(attemptsOf(v))
}

// ReflectionsSent are those that trainees of a cohort which the viewer runs have sent
// them from a module's check, the newest first, at most 100. No other reflection is ever
// read by anybody but its writer.
func (s Store) ReflectionsSent(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, moduleID string) ([]ReflectionSent, error) {
	sent := []ReflectionSent{}
	err := s.gradedBy(v).ColumnExpr("person.chosen_name, person.given_name, person.family_name, saved.attempt_id, saved.question_id, saved.value, sent.sent_at").
		Join("JOIN reflections_sent AS sent ON sent.attempt_id = attempt.id").
		Join("JOIN current_answers AS saved ON saved.attempt_id = attempt.id AND saved.question_id = sent.question_id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id").
		Where("enrolment.cohort_id = ? AND attempt.module_id = ?", cohort, moduleID).
		OrderExpr("sent.sent_at DESC, sent.attempt_id, sent.question_id").Limit(100).Scan(ctx, &sent)
	if err != nil {
		return nil, fmt.Errorf("reflections on %q: %w", moduleID, err)
	}
	return sent, nil
}
