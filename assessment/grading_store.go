package assessment

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// essays selects the long texts of attempts that were handed in, in cohorts that the
// viewer runs: of each attempt those that it asks for. Who withdrew is left out.
func (s Store) essays(v people.Viewer) *bun.SelectQuery {
	return s.gradedBy(v).
		Join("JOIN questions AS question ON question.quiz_hash = attempt.quiz_hash AND question.type = ?", Essay).
		Where(`(CAST(question.body AS TEXT) NOT LIKE '%"pool":%' OR CAST(attempt.drawn AS TEXT) LIKE '%"' || question.id || '"%')`).
		Where("enrolment.state <> ?", cohorts.Withdrawn)
}

// Of a text (aliases attempt and question): whether it has points, and its marks.
const (
	hasLine = `EXISTS (SELECT 1 FROM grade_lines AS graded WHERE graded.attempt_id = attempt.id AND graded.question_id = question.id)`
	marksOf = `FROM grading_marks AS mark WHERE mark.attempt_id = attempt.id AND mark.question_id = question.id`
	// newestSeq is the seq of the line that speaks, 0 for none.
	newestSeq = `COALESCE((SELECT MAX(line.seq) FROM grade_lines AS line WHERE line.attempt_id = attempt.id AND line.question_id = question.id), 0)`
	// markersOf is how many graders a text needs.
	markersOf = `COALESCE((SELECT needs.markers FROM grading_markers AS needs WHERE needs.cohort_id = enrolment.cohort_id AND needs.module_id = attempt.module_id), 1)`
)

// toGrade reads texts with where they stand, by module, name, try and position. What
// rule 17 keeps from the viewer is not among them.
func (s Store) toGrade(ctx context.Context, v people.Viewer, narrow func(*bun.SelectQuery) *bun.SelectQuery) ([]ToGrade, error) {
	list := []ToGrade{}
	err := s.essays(v).Apply(cohorts.NotOverOneself(v, s.people.Today()), narrow).
		ColumnExpr("attempt.id AS attempt_id, question.id AS question_id, question.position, attempt.number AS try, attempt.waits, attempt.module_id, attempt.released_at").
		ColumnExpr("enrolment.id AS enrolment_id, person.chosen_name, person.given_name, person.family_name, quiz.title_en, quiz.title_es").
		ColumnExpr("COALESCE(claim.by_person, '') AS claimed_by, claim.until, COALESCE(NULLIF(reader.chosen_name, ''), reader.given_name, '') AS reader").
		ColumnExpr("draft.saved_at AS drafted_at, "+markersOf+" AS markers").
		ColumnExpr("(SELECT COUNT(*) "+marksOf+") AS marks, COALESCE((SELECT MAX(mark.points) - MIN(mark.points) "+marksOf+"), 0) AS gap").
		ColumnExpr("EXISTS (SELECT 1 "+marksOf+" AND mark.by_person = ?) AS mine", v.Person()).
		ColumnExpr(newestSeq+" AS seq").
		Join("JOIN quizzes AS quiz ON quiz.hash = attempt.quiz_hash").
		Join("JOIN persons AS person ON person.id = enrolment.person_id").
		Join("LEFT JOIN grading_claims AS claim ON claim.attempt_id = attempt.id AND claim.question_id = question.id AND claim.until > ?", s.now()).
		Join("LEFT JOIN persons AS reader ON reader.id = claim.by_person").
		Join("LEFT JOIN grading_drafts AS draft ON draft.attempt_id = attempt.id AND draft.question_id = question.id AND draft.by_person = ?", v.Person()).
		OrderExpr("attempt.module_id, person.sort_key, enrolment.id, attempt.number, question.position").Scan(ctx, &list)
	for i := range list {
		list[i].Handle = Handle(v, list[i].AttemptID, list[i].QuestionID)
		list[i].reads = list[i].ClaimedBy != "" && list[i].ClaimedBy == v.Person()
	}
	return list, err
}

// Grading is how far the texts of a cohort that the viewer runs are, by module, as long as
// results wait for them. One query; empty where the viewer does not run it.
func (s Store) Grading(ctx context.Context, v people.Viewer, cohort cohorts.CohortID) ([]GradingModule, error) {
	all, err := s.toGrade(ctx, v, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("enrolment.cohort_id = ? AND attempt.released_at IS NULL", cohort)
	})
	if err != nil {
		return nil, fmt.Errorf("grading in cohort %q: %w", cohort, err)
	}
	return modulesOf(all), nil
}

// GradingIn lists the texts of a module's check in a cohort that the viewer runs, in an
// order of grading. One query; fault.NotFound where no text was ever handed in there.
func (s Store) GradingIn(ctx context.Context, v people.Viewer, o GradingOrder) ([]ToGrade, error) {
	all, err := s.toGrade(ctx, v, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("enrolment.cohort_id = ? AND attempt.module_id = ?", o.Cohort, o.Module)
	})
	if err == nil && len(all) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return nil, fmt.Errorf("grading of %q: %w", o.Module, err)
	}
	return o.in(all), nil
}

// find gives the text that a grader's page names; fault.NotFound where there is none.
func (s Store) find(ctx context.Context, v people.Viewer, ref GradingText) (ToGrade, error) {
	var all []ToGrade
	err := s.essays(v).ColumnExpr("attempt.id AS attempt_id, question.id AS question_id, attempt.released_at, "+markersOf+" AS markers, "+newestSeq+" AS seq").
		Where("enrolment.cohort_id = ? AND attempt.module_id = ?", ref.Cohort, ref.Module).Scan(ctx, &all)
	if err != nil {
		return ToGrade{}, err
	}
	for _, t := range all {
		if Handle(v, t.AttemptID, t.QuestionID) == ref.Handle {
			t.Handle = ref.Handle
			return t, nil
		}
	}
	return ToGrade{}, fmt.Errorf("text of %q: %w", ref.Module, fault.NotFound)
}

// GradingSheet is a text with all that its grader needs.
type GradingSheet struct {
	ToGrade
	Question Question
	Answer   Answer
	Draft    GradingDraft  // the grader's; version 0 for none
	Line     GradeLine     // the newest; seq 0 for none
	Given    []GradingMark // the marks of both, once they differ; never one before
}

// GradingSheet reads one text of a list that GradingIn gave, in one query, in two where
// marks differ.
func (s Store) GradingSheet(ctx context.Context, v people.Viewer, t ToGrade) (GradingSheet, error) {
	row := struct {
		Question
		Value   *Answer `bun:"value,type:jsonb"`
		Points  int     `bun:"given"`
		Comment string  `bun:"comment"`
		GradingDraft
	}{}
	err := s.essays(v).Apply(cohorts.NotOverOneself(v, s.people.Today())).
		ColumnExpr("question.*, saved.value, COALESCE(line.points, 0) AS given, COALESCE(line.comment, '') AS comment").
		ColumnExpr("COALESCE(draft.points, -1) AS draft_points, COALESCE(draft.comment, '') AS draft_comment, COALESCE(draft.device, '') AS device").
		ColumnExpr("COALESCE(draft.version, 0) AS version, draft.saved_at").
		Join("LEFT JOIN current_answers AS saved ON saved.attempt_id = attempt.id AND saved.question_id = question.id").
		Join("LEFT JOIN grading_drafts AS draft ON draft.attempt_id = attempt.id AND draft.question_id = question.id AND draft.by_person = ?", v.Person()).
		Join("LEFT JOIN grade_lines AS line ON line.attempt_id = attempt.id AND line.question_id = question.id AND line.seq = ?", t.Seq).
		Where("attempt.id = ? AND question.id = ?", t.AttemptID, t.QuestionID).Scan(ctx, &row)
	if err != nil {
		return GradingSheet{}, fmt.Errorf("text of %q: %w", t.ModuleID, database.One(err))
	}
	sheet := GradingSheet{ToGrade: t, Question: row.Question, Draft: row.GradingDraft, Line: GradeLine{Seq: t.Seq, Points: row.Points, Comment: row.Comment}}
	if row.Value != nil {
		sheet.Answer = *row.Value
	}
	if t.Unsettled() {
		sheet.Given, err = s.marks(ctx, t)
	}
	return sheet, err
}

// CohortTexts is how many texts of a cohort want points.
type CohortTexts struct {
	CohortID cohorts.CohortID `bun:"cohort_id"`
	Count    int              `bun:"count"`
}

// TextsToGrade counts the texts that wait for points in the cohorts that the viewer
// runs, the most first, at most 20 cohorts. One query.
func (s Store) TextsToGrade(ctx context.Context, v people.Viewer) ([]CohortTexts, error) {
	list := []CohortTexts{}
	err := s.essays(v).Apply(cohorts.NotOverOneself(v, s.people.Today())).ColumnExpr("cohort.id AS cohort_id, COUNT(*) AS count").
		Where("attempt.released_at IS NULL AND NOT "+hasLine).
		Where("("+markersOf+" = 1 OR (SELECT COUNT(*) "+marksOf+") < 2 AND NOT EXISTS (SELECT 1 "+marksOf+" AND mark.by_person = ?))", v.Person()).
		GroupExpr("cohort.id").OrderExpr("COUNT(*) DESC, cohort.id").Limit(20).Scan(ctx, &list)
	return list, err
}
