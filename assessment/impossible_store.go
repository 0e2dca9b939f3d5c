package assessment

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"
)

// words: assessment.impossible.*
// words: assessment.repair.*

// Impossible is a record that the rules could not have made: a sign of a fault in the
// program, the disk or a hand in the database. Kind says what is wrong; its sentence is
// the word assessment.impossible. with the kind behind it, and assessment.repair. what a
// repair would do.
type Impossible struct {
	Kind     string
	Attempt  AttemptID
	Question string // "" where it is about the attempt
}

// kept are the lines of an attempt's answers that were not refused.
const kept = `FROM answers AS line WHERE NOT line.refused`

// impossibles are what must find nothing, by what it finds.
var impossibles = []struct{ kind, find string }{
	{"no_receipt", `SELECT id AS attempt, '' AS question FROM attempts WHERE finished_at IS NOT NULL AND receipt = ''`},
	{"graded_open", `SELECT id AS attempt, '' AS question FROM attempts WHERE finished_at IS NULL AND (receipt <> '' OR percent <> 0 OR earned <> 0 OR correct <> 0 OR timed_out)`},
	{"two_open", `SELECT MIN(id) AS attempt, '' AS question FROM attempts WHERE finished_at IS NULL GROUP BY enrolment_id, module_id HAVING COUNT(*) > 1`},
	{"before_start", `SELECT id AS attempt, '' AS question FROM attempts WHERE deadline < started_at OR finished_at < started_at OR paused_at < started_at`},
	{"clock", `SELECT id AS attempt, '' AS question FROM attempts WHERE closes_at < deadline OR (deadline IS NULL AND (closes_at IS NOT NULL OR timed_out))
		OR (finished_at IS NULL AND deadline IS NOT NULL AND (closes_at IS NULL) <> (paused_at IS NOT NULL))`},
	{"paused_finished", `SELECT id AS attempt, '' AS question FROM attempts WHERE finished_at IS NOT NULL AND paused_at IS NOT NULL`},
	{"gap", `SELECT line.attempt_id AS attempt, line.question_id AS question ` + kept + ` GROUP BY line.attempt_id, line.question_id
		HAVING COUNT(*) <> MAX(line.version) OR MIN(line.version) <> 1 OR COUNT(DISTINCT line.version) <> COUNT(*)`},
	{"not_newest", `SELECT saved.attempt_id AS attempt, saved.question_id AS question FROM current_answers AS saved WHERE NOT EXISTS (SELECT 1 ` + kept + `
			AND line.attempt_id = saved.attempt_id AND line.question_id = saved.question_id AND line.version = saved.version AND line.value = saved.value)
		OR EXISTS (SELECT 1 ` + kept + ` AND line.attempt_id = saved.attempt_id AND line.question_id = saved.question_id AND line.version > saved.version)`},
	{"not_current", `SELECT DISTINCT line.attempt_id AS attempt, line.question_id AS question ` + kept + ` AND NOT EXISTS (SELECT 1 FROM current_answers AS saved
		WHERE saved.attempt_id = line.attempt_id AND saved.question_id = line.question_id)`},
	{"after_end", `SELECT DISTINCT line.attempt_id AS attempt, line.question_id AS question FROM answers AS line JOIN attempts AS attempt ON attempt.id = line.attempt_id
		WHERE NOT line.refused AND NOT line.late AND line.received_at > attempt.finished_at`},
	{"no_question", `SELECT DISTINCT line.attempt_id AS attempt, line.question_id AS question FROM answers AS line JOIN attempts AS attempt ON attempt.id = line.attempt_id
		WHERE NOT EXISTS (SELECT 1 FROM questions AS question WHERE question.quiz_hash = attempt.quiz_hash AND question.id = line.question_id)`},
}

// Impossible finds attempts and answers in a state that can't be, in all sectors; it
// changes nothing. It is for a command on the machine itself.
func (s Store) Impossible(ctx context.Context) ([]Impossible, error) {
	wrong := []Impossible{}
	for _, one := range impossibles {
		rows := []struct {
			Attempt  AttemptID `bun:"attempt"`
			Question string    `bun:"question"`
		}{}
		if err := s.db.NewRaw(one.find).Scan(ctx, &rows); err != nil {
			return nil, fmt.Errorf("%s: %w", one.kind, err)
		}
		for _, row := range rows {
			wrong = append(wrong, Impossible{one.kind, row.Attempt, row.Question})
		}
	}
	graded, err := s.wronglyGraded(ctx)
	return append(wrong, graded...), err
}

// gradedTogether is how many attempts are graded again at a time.
const gradedTogether = 200

// wronglyGraded sums every attempt up again out of what is kept: the questions that it
// asks, those that were drawn among them, and the newest line of each one's points.
func (s Store) wronglyGraded(ctx context.Context) (wrong []Impossible, err error) {
	quizzes := map[QuizHash][]Question{}
	last := AttemptID("")
	for {
		var attempts []Attempt
		err := s.db.NewSelect().Model(&attempts).Where("id > ?", last).Order("id").Limit(gradedTogether).Scan(ctx)
		if err != nil || len(attempts) == 0 {
			return wrong, err
		}
		ids := make([]AttemptID, len(attempts))
		for i, a := range attempts {
			ids[i] = a.ID
		}
		last = ids[len(ids)-1]
		var rows []GradeLine
		err = s.db.NewSelect().Model(&rows).ModelTableExpr("grade_lines AS grade_line").Where("attempt_id IN (?)", bun.List(ids)).Order("seq").Scan(ctx)
		if err != nil {
			return nil, err
		}
		lines := map[AttemptID][]GradeLine{}
		for _, row := range rows {
			lines[row.AttemptID] = append(lines[row.AttemptID], row)
		}
		for _, a := range attempts {
			if _, known := quizzes[a.QuizHash]; !known {
				var questions []Question
				if err := s.db.NewSelect().Model(&questions).Where("quiz_hash = ?", a.QuizHash).Order("position").Scan(ctx); err != nil {
					return nil, err
				}
				quizzes[a.QuizHash] = questions
			}
			if kind := a.misgraded(quizzes[a.QuizHash], lines[a.ID]); kind != "" {
				wrong = append(wrong, Impossible{Kind: kind, Attempt: a.ID})
			}
		}
	}
}

// misgraded says what is wrong with an attempt, seen beside all questions of its quiz and
// its lines, the oldest first; "" for nothing. Attempts from before there were lines have
// none.
func (a Attempt) misgraded(all []Question, lines []GradeLine) string {
	known := map[string]bool{}
	for _, q := range all {
		known[q.ID] = true
	}
	for _, id := range a.Drawn {
		if !known[id] {
			return "drawn"
		}
	}
	if a.Open() && len(lines) > 0 {
		return "grade"
	}
	if a.Open() || len(lines) == 0 {
		return ""
	}
	sum := sumOf(a.asks(all), newest(lines))
	if a.ReleasedAt == nil {
		sum.correct, sum.earned, sum.percent = 0, 0, 0
	}
	if a.Total != sum.total || a.Correct != sum.correct || a.Earned != sum.earned || a.Percent != sum.percent {
		return "grade"
	}
	return ""
}
