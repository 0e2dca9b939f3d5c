package app

import (
	"context"
	"strings"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	assessmentpages "github.com/metropolitan-peace-academy/academy/assessment/pages"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// checks hands the quizzes of assessment to the editor of the curriculum.
type checks struct {
	academy    *Academy // whose words a quiz is drawn with
	assessment assessment.Store
}

func (c checks) Newest(ctx context.Context, tx bun.IDB, id content.ModuleID) ([]content.QuizFile, int, error) {
	return c.assessment.In(tx).NewestFiles(ctx, id)
}

func (c checks) Read(files []content.QuizFile, modules []content.Module) content.Check {
	_, findings := assessment.LintQuizzes(files, modules)
	return content.Check{Findings: findings, Draw: func(ctx context.Context, lang content.Lang) (string, error) {
		var out strings.Builder
		err := assessmentpages.Specimen(assessment.ReadDraft(files), lang).Render(web.WithWords(ctx, c.academy.Web.Words(), string(lang)), &out)
		return out.String(), err
	}}
}

func (c checks) Corrected(ctx context.Context, v people.Viewer, id content.ModuleID) (bool, error) {
	return c.assessment.CorrectionWaits(ctx, v, string(id))
}

func (c checks) Keep(ctx context.Context, tx bun.IDB, files []content.QuizFile) error {
	quizzes, problems := assessment.ReadQuizzes(files)
	if len(problems) > 0 {
		return fault.Conflict("content.draft.problems", "Count", len(problems))
	}
	_, err := c.assessment.In(tx).Import(ctx, quizzes)
	return err
}
