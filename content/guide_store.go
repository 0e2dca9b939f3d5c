package content

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Guide is the newest facilitator's guide in the language, or the English one. Only
// those who teach, run or write courses of a sector that may see the module have it,
// and never who takes a course that holds the module; to all others it is not there.
func (s Store) Guide(ctx context.Context, v people.Viewer, id ModuleID, lang Lang) (Guide, error) {
	if !TeachesOrWrites(v) {
		return Guide{}, fmt.Errorf("guide %q: %w", id, fault.NotFound)
	}
	var g Guide
	visible := s.db.NewSelect().Model((*Module)(nil)).ColumnExpr("1").Apply(VisibleTo(v, s.now())).Where("mv.module_id = g.module_id")
	err := s.db.NewSelect().Model(&g).ExcludeColumn("source").Where("g.module_id = ?", id).
		Where("g.lang IN (?, ?)", lang, English).Where("EXISTS (?)", visible).Apply(AnswersOpenTo(v, "g.module_id")).
		OrderExpr("CASE WHEN g.lang = ? THEN 0 ELSE 1 END, g.version DESC", lang).Limit(1).Scan(ctx)
	if err != nil {
		return Guide{}, fmt.Errorf("guide %q: %w", id, database.One(err))
	}
	g.Fallback = g.Lang != lang
	return g, nil
}

// TeachesOrWrites says whether the viewer teaches, runs or writes courses where they stand.
func TeachesOrWrites(v people.Viewer) bool {
	return v.Is(people.Instructor, people.Coordinator, people.Director, people.Author)
}

// AnswersOpenTo narrows a query to modules (named by the column) whose guides and
// answer keys are not closed to the viewer. They are closed to the current trainees
// of a course that holds the module, whatever else these people are.
func AnswersOpenTo(v people.Viewer, column string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where(AnswersOpenIn("?0", column), v.Person())
	}
}

// AnswersOpenIn is the condition of AnswersOpenTo for a question that is written out, with
// what stands there for the viewer.
func AnswersOpenIn(person, column string) string {
	return "NOT EXISTS (SELECT 1 FROM closed_answers AS ca WHERE ca.person_id = " + person + " AND ca.module_id = " + column + ")"
}

// CloseAnswers keeps a person from the guides and answer keys of these modules, for
// a cause (an enrolment) that ReopenAnswers names when it ends.
func (s Store) CloseAnswers(ctx context.Context, person people.PersonID, ids []ModuleID, cause string) error {
	for _, id := range ids {
		_, err := s.db.NewRaw(`INSERT INTO closed_answers (person_id, module_id, cause) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`,
			person, id, cause).Exec(ctx)
		if err != nil {
			return fmt.Errorf("close answers of %q: %w", id, err)
		}
	}
	return nil
}

// Closed says that the guide and answer key of a module are closed to a person, for a cause.
type Closed struct {
	bun.BaseModel `bun:"table:closed_answers"`

	PersonID people.PersonID
	ModuleID ModuleID
	Cause    string
}

// CloseAll is CloseAnswers for many persons at once.
func (s Store) CloseAll(ctx context.Context, closed []Closed) error {
	if len(closed) == 0 {
		return nil
	}
	_, err := s.db.NewInsert().Model(&closed).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// ReopenAnswers ends what CloseAnswers began for the cause. What another cause
// keeps closed stays closed.
func (s Store) ReopenAnswers(ctx context.Context, cause string) error {
	_, err := s.db.NewRaw(`DELETE FROM closed_answers WHERE cause = ?`, cause).Exec(ctx)
	return err
}
