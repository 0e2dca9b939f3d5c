package assessment

import (
	"context"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// BankUse is a module's newest check that holds a question of a bank.
type BankUse struct {
	ModuleID   string `bun:"module_id"`
	TitleEN    string `bun:"title_en"`
	TitleES    string `bun:"title_es"`
	QuestionID string `bun:"question_id"` // what the check calls it
	Same       bool   `bun:"same"`        // word for word, with the same key
}

// Title is the check's title in the language asked for.
func (u BankUse) Title(language string) string { return inLanguage(language, u.TitleEN, u.TitleES) }

// In is the language of that title.
func (u BankUse) In(language string) string { return spoken(language, u.TitleES) }

// bankUses are the newest checks, of the course's modules that the viewer may see, in
// which a question of the same words and key stands, or one of the same name.
func (s Store) bankUses(ctx context.Context, v people.Viewer, code, name string, hashes ...string) ([]BankUse, error) {
	uses := []BankUse{}
	if len(hashes) == 0 {
		return uses, nil
	}
	err := s.db.NewSelect().TableExpr("questions AS question").
		ColumnExpr("quiz.module_id, quiz.title_en, quiz.title_es, question.id AS question_id").
		ColumnExpr("CASE WHEN question.hash = ? THEN TRUE ELSE FALSE END AS same", hashes[0]).
		Join("JOIN quizzes AS quiz ON quiz.hash = question.quiz_hash").
		Where("quiz.version = (SELECT MAX(newer.version) FROM quizzes AS newer WHERE newer.module_id = quiz.module_id)").
		Where("quiz.module_id IN (?)", s.visibleModules(v, code)).
		Where("(question.id = ? OR question.hash IN (?))", name, bun.List(hashes)).
		OrderExpr("quiz.module_id, question.position").Scan(ctx, &uses)
	return uses, err
}
