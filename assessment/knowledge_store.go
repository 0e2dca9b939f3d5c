package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// resultRow is one person's result in one module; the module is empty for a person
// whose edition has no quiz.
type resultRow struct {
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	names
	ModuleID string `bun:"module_id"`
	TitleEN  string `bun:"title_en"`
	TitleES  string `bun:"title_es"`
	Pass     int    `bun:"pass"`
	Best     int    `bun:"best"`
	Tries    int    `bun:"tries"`
	Begun    int    `bun:"begun"`
	Waiting  int    `bun:"waiting"`
	Reopened int    `bun:"reopened"`
	Each     int    `bun:"each"`    // tries before a gate, by the edition
	Counted  int    `bun:"counted"` // tries without those given besides
	Spare    int    `bun:"spare"`
	Drop     int    `bun:"drop_lowest"`
	lineRow
}

func (r resultRow) result() ModuleResult {
	due := r.Begun == r.Tries && r.Waiting == 0 && r.Spare <= 0 && gateAfter(r.Each, r.Counted, 0, nil, nil) == Talk
	waits := due && gateAfter(r.Each, r.Counted, r.Reopened, nil, nil) == Talk
	return r.on(ModuleResult{ModuleID: r.ModuleID, TitleEN: r.TitleEN, TitleES: r.TitleES, Pass: r.Pass, Best: r.Best, Tries: r.Tries,
		Waiting: r.Waiting > 0, Talk: waits, talked: due && !waits, counted: r.Counted})
}

// lineRow is what a person set beside a computed value, if anything.
type lineRow struct {
	LineKind    LineKind `bun:"line_kind"`
	LinePercent int      `bun:"line_percent"`
}

// on puts it beside a result.
func (l lineRow) on(r ModuleResult) ModuleResult {
	switch l.LineKind {
	case Set:
		r.Set = &l.LinePercent
	case Excuse:
		r.Excused = true
	}
	return r
}

// newestLine narrows lines of the gradebook (alias line) to the one of each cell that speaks.
const newestLine = `line.seq = (SELECT MAX(later.seq) FROM gradebook_lines AS later
	WHERE later.enrolment_id = line.enrolment_id AND later.column_kind = line.column_kind AND later.column_id = line.column_id)`

// results selects a row for each enrolment and each required module with a quiz.
func (s Store) results() *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, person.chosen_name, person.given_name, person.family_name").
		ColumnExpr("COALESCE(quiz.module_id, '') AS module_id, COALESCE(quiz.title_en, '') AS title_en").
		ColumnExpr("COALESCE(quiz.title_es, '') AS title_es, COALESCE(quiz.pass, 0) AS pass").
		ColumnExpr("COALESCE(MAX(CASE WHEN tried.finished_at IS NOT NULL THEN tried.percent END), 0) AS best").
		ColumnExpr("COUNT(tried.finished_at) AS tries, COUNT(tried.id) AS begun").
		ColumnExpr("COUNT(tried.finished_at) - COUNT(tried.released_at) AS waiting").
		ColumnExpr(reopened("em.module_id")+" AS reopened, edition.quiz_tries AS each, edition.drop_lowest").
		ColumnExpr("COALESCE(line.kind, '') AS line_kind, COALESCE(line.percent, 0) AS line_percent").
		ColumnExpr("COUNT(CASE WHEN NOT tried.extra THEN 1 END) AS counted, "+spare("em.module_id")+" AS spare").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id").
		Join("LEFT JOIN edition_modules AS em ON em.edition_id = cohort.edition_id AND em.required").
		Join("LEFT JOIN "+newestQuiz).
		Join("LEFT JOIN attempts AS tried ON tried.enrolment_id = enrolment.id AND tried.module_id = quiz.module_id").
		Join("LEFT JOIN gradebook_lines AS line ON line.enrolment_id = enrolment.id AND line.column_kind = ? AND line.column_id = em.module_id AND "+newestLine, QuizColumn).
		GroupExpr("enrolment.id, person.sort_key, person.chosen_name, person.given_name, person.family_name, em.module_id, quiz.module_id, quiz.title_en, quiz.title_es, quiz.pass, edition.quiz_tries, edition.drop_lowest, line.kind, line.percent").
		OrderExpr("person.sort_key, enrolment.id, COALESCE(quiz.module_id, '')")
}

// KnowledgeOf gives what a trainee has shown: one's own, or of a cohort that the viewer
// runs; else fault.NotFound. One query.
func (s Store) KnowledgeOf(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID) (Knowledge, error) {
	rows := []resultRow{}
	err := s.results().Where("enrolment.id = ?", id).Apply(cohorts.EnrolmentsVisibleTo(v)).Scan(ctx, &rows)
	if err == nil && len(rows) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return Knowledge{}, fmt.Errorf("knowledge of enrolment %q: %w", id, err)
	}
	return grouped(rows)[0].Knowledge, nil
}

// KnowledgeOfCohort gives what the trainees of a cohort that the viewer runs have shown,
// by name, a page at a time; who withdrew is left out. One query; empty where the viewer
// does not run it.
func (s Store) KnowledgeOfCohort(ctx context.Context, v people.Viewer, id cohorts.CohortID, after cohorts.EnrolmentID) (list []Person, next cohorts.EnrolmentID, err error) {
	rows := []resultRow{}
	shown := s.db.NewSelect().TableExpr("enrolments AS enrolment").ColumnExpr("enrolment.id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id").
		Where("enrolment.cohort_id = ? AND enrolment.state <> ?", id, cohorts.Withdrawn).Apply(cohorts.ByName(v, after))
	if err := s.results().Where("enrolment.id IN (?)", shown).Apply(cohorts.RunBy(v)).Scan(ctx, &rows); err != nil {
		return nil, "", fmt.Errorf("knowledge of cohort %q: %w", id, err)
	}
	list, next = cohorts.Cut(grouped(rows), func(p Person) cohorts.EnrolmentID { return p.EnrolmentID })
	return list, next, nil
}

// grouped makes people of rows that stand in the order of enrolments.
func grouped(rows []resultRow) []Person {
	list := []Person{}
	for start := 0; start < len(rows); {
		end, modules := start, []ModuleResult{}
		for ; end < len(rows) && rows[end].EnrolmentID == rows[start].EnrolmentID; end++ {
			if rows[end].ModuleID != "" {
				modules = append(modules, rows[end].result())
			}
		}
		list = append(list, Person{rows[start].short(), knowledgeOf(rows[start].EnrolmentID, rows[start].Drop, modules)})
		start = end
	}
	return list
}

// Items gives how a cohort that the viewer runs answered each question of a module's
// newest quiz in first tries. It holds the answer key: fault.NotFound for who takes a
// course with this module, whatever else they are (rule 17).
func (s Store) Items(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, moduleID string) (Quiz, []Item, error) {
	var quiz Quiz
	err := s.db.NewSelect().Model(&quiz).ExcludeColumn("source_en", "source_es").
		Join("JOIN edition_modules AS em ON em.module_id = quiz.module_id").
		Join("JOIN cohorts AS cohort ON cohort.edition_id = em.edition_id").
		Where("cohort.id = ? AND quiz.module_id = ?", cohort, moduleID).Apply(cohorts.RunBy(v), content.AnswersOpenTo(v, "quiz.module_id")).
		Order("quiz.version DESC").Limit(1).Scan(ctx)
	if err != nil {
		return Quiz{}, nil, fmt.Errorf("items of %q: %w", moduleID, database.One(err))
	}
	if err := s.db.NewSelect().Model(&quiz.Questions).Where("quiz_hash = ?", quiz.Hash).Order("position").Scan(ctx); err != nil {
		return Quiz{}, nil, err
	}
	rows := []struct {
		QuestionID string   `bun:"question_id"`
		Drawn      []string `bun:"drawn,type:jsonb"`
		Value      *Answer  `bun:"value,type:jsonb"`
	}{}
	err = s.db.NewSelect().TableExpr("attempts AS attempt").ColumnExpr("question.id AS question_id, attempt.drawn, saved.value").
		Join("JOIN enrolments AS enrolment ON enrolment.id = attempt.enrolment_id").
		Join("JOIN questions AS question ON question.quiz_hash = attempt.quiz_hash").
		Join("LEFT JOIN current_answers AS saved ON saved.attempt_id = attempt.id AND saved.question_id = question.id").
		Where("enrolment.cohort_id = ? AND attempt.quiz_hash = ?", cohort, quiz.Hash).
		Where("attempt.number = 1 AND attempt.finished_at IS NOT NULL").Scan(ctx, &rows)
	answers, pooled := map[string][]Answer{}, map[string]bool{}
	for _, q := range quiz.Questions {
		pooled[q.ID] = q.Body.Pool != ""
	}
	for _, row := range rows {
		if pooled[row.QuestionID] && !slices.Contains(row.Drawn, row.QuestionID) {
			continue
		}
		var answer Answer
		if row.Value != nil {
			answer = *row.Value
		}
		answers[row.QuestionID] = append(answers[row.QuestionID], answer)
	}
	return quiz, itemsOf(quiz.Questions, answers), err
}

// Talked notes that the viewer has talked with a trainee whose tries at a module are
// used up; two more are open then. After how many tries it was is part of the line's
// key, so two taps open two tries, not four. fault.Forbidden under rule 17.
func (s Store) Talked(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID, moduleID string) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		k, err := s.KnowledgeOf(ctx, v, id)
		if err != nil {
			return err
		}
		module, ok := k.Module(moduleID)
		if !ok {
			return fmt.Errorf("module %q: %w", moduleID, fault.NotFound)
		}
		line := s.db.NewSelect().TableExpr("enrolments AS enrolment").
			ColumnExpr("?, enrolment.id, ?, ?, ?, ?", database.NewID(), moduleID, module.counted, nullPerson(v), s.now()).
			Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
			Where("enrolment.id = ?", id).Apply(cohorts.RunBy(v), cohorts.NotOverOneself(v, s.people.Today()))
		if !module.Talk && !module.talked {
			return s.whyNot(ctx, line, fault.Conflict("assessment.talk.none"))
		}
		res, err := s.db.NewRaw(`INSERT INTO reopenings (id, enrolment_id, module_id, after_tries, by_person, at) ? ON CONFLICT DO NOTHING`, line).Exec(ctx)
		if err := database.Changed(res, err, errNotWritten); !errors.Is(err, errNotWritten) {
			return err
		}
		return s.whyNot(ctx, line, nil)
	})
}

var errNotWritten = errors.New("no line was written")

// whyNot tells an act on a record over which rule 17 gives no power (fault.Forbidden)
// from one that was allowed and fell to something else.
func (s Store) whyNot(ctx context.Context, allowed *bun.SelectQuery, otherwise error) error {
	n, err := allowed.Count(ctx)
	switch {
	case err != nil:
		return err
	case n == 0:
		return fault.Forbidden
	}
	return otherwise
}
