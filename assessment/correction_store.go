package assessment

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// RegradeWork is the kind of the work that goes through many tries.
const RegradeWork = "assessment.regrade"

// atOnce is how many tries are gone through while their author waits; more go through the outbox.
const atOnce = 200

// regradeBatch is how many tries are gone through in one transaction of that work.
const regradeBatch = 100

// correctable gives the newest check of a module to who writes the curriculum of the
// sector, and takes no course with the module.
func (s Store) correctable(ctx context.Context, v people.Viewer, module string) (Quiz, error) {
	var quiz Quiz
	if !content.Writes(v) {
		return quiz, fmt.Errorf("check of %q: %w", module, fault.NotFound)
	}
	err := s.db.NewSelect().Model(&quiz).ExcludeColumn("source_en", "source_es").Where("quiz.module_id = ?", module).
		Where(`EXISTS (SELECT 1 FROM module_versions AS mv JOIN module_sectors AS ms ON ms.hash = mv.hash WHERE mv.module_id = quiz.module_id AND ms.sector = ?)`, v.Sector()).
		Apply(content.AnswersOpenTo(v, "quiz.module_id")).OrderExpr("quiz.version DESC").Limit(1).Scan(ctx)
	if err != nil {
		return quiz, fmt.Errorf("check of %q: %w", module, database.One(err))
	}
	return quiz, nil
}

// regradable selects the tries at older versions of a check than its newest that were
// handed in in the viewer's sector, but for those over which rule 17 gives no power.
func (s Store) regradable(v people.Viewer, newest Quiz) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("attempts AS attempt").
		Join("JOIN enrolments AS enrolment ON enrolment.id = attempt.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("attempt.sector = ? AND cohort.sector = ? AND attempt.module_id = ?", v.Sector(), v.Sector(), newest.ModuleID).
		Where("attempt.quiz_hash IN (?)", s.olderThan(newest)).
		Where("attempt.finished_at IS NOT NULL AND enrolment.state <> ?", cohorts.Withdrawn).
		Apply(cohorts.NotOverOneself(v, s.people.Today()))
}

// olderThan selects the hashes of the versions of a check before one of them.
func (s Store) olderThan(newest Quiz) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("quizzes AS older").ColumnExpr("older.hash").Join("JOIN quizzes AS newer ON newer.module_id = older.module_id AND newer.version > older.version").
		Where("newer.hash = ?", newest.Hash)
}

// versions are the questions of a check, by version: of the newest and of those older ones
// at which somebody of the sector has tried themselves.
type versions struct {
	newest    []Question
	older     map[QuizHash][]Question
	corrected []CorrectedQuestion
}

func (s Store) versions(ctx context.Context, v people.Viewer, quiz Quiz) (all versions, err error) {
	var rows []struct {
		Question
		Version int `bun:"version"`
	}
	err = s.db.NewSelect().Model((*Question)(nil)).ColumnExpr("question.*, quiz.version").Join("JOIN quizzes AS quiz ON quiz.hash = question.quiz_hash").
		Where("quiz.module_id = ?", quiz.ModuleID).
		Where(`(quiz.hash = ? OR quiz.hash IN (?) AND EXISTS (SELECT 1 FROM attempts AS a WHERE a.quiz_hash = quiz.hash AND a.module_id = quiz.module_id AND a.sector = ? AND a.finished_at IS NOT NULL))`,
			quiz.Hash, s.olderThan(quiz), v.Sector()).
		OrderExpr("quiz.version DESC, question.position").Scan(ctx, &rows)
	if err != nil {
		return all, fmt.Errorf("versions of the check of %q: %w", quiz.ModuleID, err)
	}
	all.older = map[QuizHash][]Question{}
	order, number := []QuizHash{}, map[QuizHash]int{}
	for _, row := range rows {
		if row.QuizHash == quiz.Hash {
			all.newest = append(all.newest, row.Question)
			continue
		}
		if len(all.older[row.QuizHash]) == 0 {
			order, number[row.QuizHash] = append(order, row.QuizHash), row.Version
		}
		all.older[row.QuizHash] = append(all.older[row.QuizHash], row.Question)
	}
	for _, hash := range order {
		all.corrected = append(all.corrected, correctedIn(all.older[hash], all.newest, number[hash])...)
	}
	return all, nil
}

// triedRow is a try with whose it is.
type triedRow struct {
	Attempt
	names
	State    cohorts.EnrolmentState `bun:"state"`
	CohortID cohorts.CohortID       `bun:"cohort_id"`
	Cohort   int                    `bun:"cohort_number"`
	CourseEN string                 `bun:"course_en"`
	CourseES string                 `bun:"course_es"`
	Mine     bool                   `bun:"mine"`

	answers map[string]Answer
	lines   map[string]GradeLine
}

// triesFrom reads some tries after a key, with what was answered and the points that speak, in
// three queries.
func (s Store) triesFrom(ctx context.Context, v people.Viewer, quiz Quiz, after AttemptID, limit int) ([]triedRow, error) {
	rows := []triedRow{}
	runs := s.db.NewSelect().TableExpr("cohorts AS cohort").ColumnExpr("cohort.id").Apply(cohorts.RunBy(v))
	err := s.regradable(v, quiz).ColumnExpr("attempt.*, enrolment.state, cohort.id AS cohort_id, cohort.number AS cohort_number, edition.title_en AS course_en, edition.title_es AS course_es").
		ColumnExpr("person.chosen_name, person.given_name, person.family_name").
		ColumnExpr("CASE WHEN cohort.id IN (?) THEN TRUE ELSE FALSE END AS mine", runs).
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").Join("JOIN persons AS person ON person.id = attempt.person_id").
		Where("attempt.id > ?", after).OrderExpr("attempt.id").Limit(int64(limit)).Scan(ctx, &rows)
	if err != nil || len(rows) == 0 {
		return rows, err
	}
	ids, at := []AttemptID{}, map[AttemptID]int{}
	for i := range rows {
		ids, at[rows[i].ID] = append(ids, rows[i].ID), i
		rows[i].answers, rows[i].lines = map[string]Answer{}, map[string]GradeLine{}
	}
	var saved []Saved
	if err := s.db.NewSelect().Model(&saved).ModelTableExpr("current_answers AS saved").Where("attempt_id IN (?)", bun.List(ids)).Scan(ctx, &saved); err != nil {
		return nil, err
	}
	for _, one := range saved {
		rows[at[one.AttemptID]].answers[one.QuestionID] = one.Value
	}
	var lines []GradeLine
	err = s.db.NewSelect().Model(&lines).ModelTableExpr("grade_lines AS grade_line").Where("attempt_id IN (?)", bun.List(ids)).Order("attempt_id", "question_id", "seq").Scan(ctx)
	for _, line := range lines {
		rows[at[line.AttemptID]].lines[line.QuestionID] = line
	}
	return rows, err
}

// outcome is what the corrected questions do to a try.
func (v versions) outcome(row triedRow, lowers bool) Outcome {
	asked := row.asks(v.older[row.QuizHash])
	return regraded(asked, v.corrected, row.answers, speaking(asked, row.answers, row.lines), lowers && row.State == cohorts.Active)
}

// DecideCorrection keeps what is to become of the tries at older versions of a module's
// check, and does it: at once where they are few, else in the outbox. Each change of points
// is a line with the reason and who decided. Fails with fault.NotFound for who writes no
// curriculum of the sector or takes the module, and with fault.Conflict where another
// version of the check was published since the author looked.
func (s Store) DecideCorrection(ctx context.Context, v people.Viewer, n NewCorrection) (Correction, error) {
	n.Reason = people.CleanText(n.Reason)
	if err := n.Validate(); err != nil {
		return Correction{}, err
	}
	done := Correction{ID: CorrectionID(database.NewID()), Sector: v.Sector(), ModuleID: n.Module, QuizHash: n.Quiz, Decision: n.Decision,
		Lowers: n.Lowers && n.Decision == Regrade, Reason: n.Reason, ByPerson: v.Person(), At: s.now()}
	return done, s.inTx(ctx, func(ctx context.Context, s Store) error {
		quiz, err := s.correctable(ctx, v, n.Module)
		if err != nil {
			return err
		}
		if quiz.Hash != n.Quiz {
			return fault.Conflict("assessment.correction.newer")
		}
		if done.Decision == Regrade {
			count, err := s.regradable(v, quiz).Count(ctx)
			if err != nil {
				return err
			}
			done.Total = int(count)
		} else {
			done.DoneAt = &done.At
		}
		if _, err := s.db.NewInsert().Model(&done).Exec(ctx); err != nil {
			return err
		}
		switch {
		case done.Decision == Leave:
			return nil
		case done.Total > atOnce:
			return outbox.Enqueue(ctx, s.db, RegradeWork, done.ID, s.now())
		}
		for done.DoneAt == nil {
			if err := s.regradeSome(ctx, v, &done); err != nil {
				return err
			}
		}
		return nil
	})
}

// GoOnRegrading goes through the tries that a decision is about, from where it stood, in
// one transaction after the other. Doing it again changes nothing.
func (s Store) GoOnRegrading(ctx context.Context, id CorrectionID) error {
	for {
		var done Correction
		err := s.inTx(ctx, func(ctx context.Context, s Store) error {
			// Holds the row: a second process waits, and finds it further on.
			err := s.db.NewRaw(`UPDATE corrections SET step = step WHERE id = ? RETURNING *`, id).Scan(ctx, &done)
			if err != nil || done.DoneAt != nil {
				return err
			}
			return s.regradeSome(ctx, people.Seen(done.ByPerson, done.Sector, []people.Role{people.Author}, nil), &done)
		})
		if err != nil || done.DoneAt != nil {
			return err
		}
	}
}

// regradeSome goes through the next tries and notes how far it came.
func (s Store) regradeSome(ctx context.Context, v people.Viewer, done *Correction) error {
	quiz := Quiz{Hash: done.QuizHash, ModuleID: done.ModuleID}
	all, err := s.versions(ctx, v, quiz)
	if err != nil {
		return err
	}
	rows, err := s.triesFrom(ctx, v, quiz, done.After, regradeBatch)
	if err != nil {
		return err
	}
	for _, row := range rows {
		done.After = row.ID
		if len(all.outcome(row, done.Lowers).Changes) == 0 {
			continue
		}
		changed, err := s.regradeOne(ctx, v, quiz, all, row, *done)
		if err != nil {
			return fmt.Errorf("attempt %q: %w", row.ID, err)
		}
		if changed {
			done.Changed++
		}
	}
	if done.Step += len(rows); len(rows) < regradeBatch {
		now := s.now()
		done.DoneAt = &now
	}
	_, err = s.db.NewRaw(`UPDATE corrections SET step = ?, changed = ?, after = ?, done_at = ? WHERE id = ?`, done.Step, done.Changed, done.After, done.DoneAt, done.ID).Exec(ctx)
	return err
}

// regradeOne holds a try, looks at it anew, and writes a line for each question whose
// points change.
func (s Store) regradeOne(ctx context.Context, v people.Viewer, quiz Quiz, all versions, row triedRow, why Correction) (bool, error) {
	err := s.db.NewRaw(`UPDATE attempts SET revision = revision + 1 WHERE id IN (?) RETURNING *`,
		s.regradable(v, quiz).ColumnExpr("attempt.id").Where("attempt.id = ?", row.ID)).Scan(ctx, &row.Attempt)
	if err = database.One(err); errors.Is(err, fault.NotFound) {
		return false, nil // withdrawn, or out of the author's power since it was read
	} else if err != nil {
		return false, err
	}
	sheet, err := s.sheet(ctx, row.Attempt)
	if err != nil {
		return false, err
	}
	if err := s.compute(ctx, row.Attempt, sheet); err != nil {
		return false, err
	}
	row.lines, row.answers = sheet.lines, map[string]Answer{}
	for id, saved := range sheet.answers {
		row.answers[id] = saved.Value
	}
	changes := all.outcome(row, why.Lowers).Changes
	for _, change := range changes {
		allowed := s.regradable(v, quiz).Where("attempt.id = ?", row.ID).
			ColumnExpr("?, attempt.id, ?, ?, ?, ?, ?, ?, ?, ''", database.NewID(), change.QuestionID, change.seq+1, change.After, Corrected, nullPerson(v), s.now(), why.Reason)
		res, err := s.db.NewRaw(`INSERT INTO grade_lines (id, attempt_id, question_id, seq, points, source, by_person, at, reason, comment) ? ON CONFLICT DO NOTHING`, allowed).Exec(ctx)
		if err := database.Changed(res, err, errNotWritten); err != nil && !errors.Is(err, errNotWritten) {
			return false, err
		}
	}
	return len(changes) > 0, s.sumUp(ctx, row.Attempt, sheet.all)
}
