package courses

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// AnswersOpen says whether a course's questions with their keys are open to the viewer: who
// teaches, runs or writes courses where they stand, and takes none of the course's modules
// now (rule 17). One query, none for anybody else.
func (s Store) AnswersOpen(ctx context.Context, v people.Viewer, code string) (bool, error) {
	if !content.TeachesOrWrites(v) {
		return false, nil
	}
	return s.db.NewSelect().TableExpr("editions AS e").ColumnExpr("1").Where("e.course_code = ? AND e.sector = ?", code, v.Sector()).
		Where(`NOT EXISTS (SELECT 1 FROM closed_answers AS ca JOIN edition_modules AS em ON em.module_id = ca.module_id
			JOIN editions AS theirs ON theirs.id = em.edition_id
			WHERE ca.person_id = ? AND theirs.course_code = e.course_code AND theirs.sector = e.sector)`, v.Person()).Exists(ctx)
}
