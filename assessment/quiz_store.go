package assessment

import (
	"cmp"
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Import keeps quizzes, in one transaction; doing it again changes nothing. Fails with
// fault.Conflict when a version stands already with other bytes.
func (s Store) Import(ctx context.Context, quizzes []Quiz) (content.Imported, error) {
	var done content.Imported
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		quizzes = slices.Clone(quizzes)
		slices.SortStableFunc(quizzes, func(a, b Quiz) int { return cmp.Compare(a.Version, b.Version) })
		for _, quiz := range quizzes {
			added, err := s.importQuiz(ctx, quiz)
			if err != nil {
				return err
			}
			if added {
				done.New++
			} else {
				done.Known++
			}
		}
		return nil
	})
	if err != nil {
		return content.Imported{}, err
	}
	return done, nil
}

// importQuiz keeps one quiz. Of one that stands already only the drawing is renewed:
// the same bytes, drawn by the program of today.
func (s Store) importQuiz(ctx context.Context, quiz Quiz) (added bool, err error) {
	quiz.StoredAt = s.now()
	if quiz.Pools == nil {
		quiz.Pools = []Pool{}
	}
	quiz.PathEN = path.Base(quiz.PathEN)
	if quiz.PathES != "" {
		quiz.PathES = path.Base(quiz.PathES)
	}
	res, err := s.db.NewInsert().Model(&quiz).On("CONFLICT DO NOTHING").Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("quiz of %q: %w", quiz.ModuleID, err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return false, err
	}
	if n > 0 && quiz.Version > 1 {
		if err := s.findCorrected(ctx, quiz); err != nil {
			return false, err
		}
	}
	if n == 0 {
		if err := s.sameBytes(ctx, quiz); err != nil {
			return false, err
		}
	}
	_, err = s.db.NewInsert().Model(&quiz.Questions).On("CONFLICT (quiz_hash, id) DO UPDATE").Set("body = EXCLUDED.body, hash = EXCLUDED.hash").Exec(ctx)
	if err != nil {
		return false, fmt.Errorf("questions of %q: %w", quiz.ModuleID, err)
	}
	return n > 0, nil
}

// findCorrected marks the questions of a new version that give points otherwise than in
// the version before.
func (s Store) findCorrected(ctx context.Context, quiz Quiz) error {
	var before []Question
	err := s.db.NewSelect().Model(&before).Join("JOIN quizzes AS older ON older.hash = question.quiz_hash").
		Where("older.module_id = ? AND older.version = (SELECT MAX(o.version) FROM quizzes AS o WHERE o.module_id = ? AND o.version < ?)", quiz.ModuleID, quiz.ModuleID, quiz.Version).Scan(ctx)
	for _, c := range correctedIn(before, quiz.Questions, quiz.Version) {
		for i := range quiz.Questions {
			if quiz.Questions[i].ID == c.New.ID {
				quiz.Questions[i].Corrects = true
			}
		}
	}
	return err
}

// sameBytes fails with fault.Conflict where the version stands with other bytes.
func (s Store) sameBytes(ctx context.Context, quiz Quiz) error {
	var hash QuizHash
	err := s.db.NewSelect().Model((*Quiz)(nil)).Column("hash").
		Where("module_id = ? AND version = ?", quiz.ModuleID, quiz.Version).Scan(ctx, &hash)
	if err == nil && hash != quiz.Hash {
		err = fault.Conflict("assessment.import.other_bytes", "Module", quiz.ModuleID, "Version", quiz.Version)
	}
	return err
}

// Clashes tells the quizzes that are stored already under the same module and version
// with other bytes, as Import would refuse them.
func (s Store) Clashes(ctx context.Context, quizzes []Quiz) ([]content.Problem, error) {
	var stored []Quiz
	if err := s.db.NewSelect().Model(&stored).Column("hash", "module_id", "version").Scan(ctx); err != nil {
		return nil, err
	}
	type version struct {
		module string
		number int
	}
	known := map[version]QuizHash{}
	for _, q := range stored {
		known[version{q.ModuleID, q.Version}] = q.Hash
	}
	var problems []content.Problem
	for _, q := range quizzes {
		if hash, stands := known[version{q.ModuleID, q.Version}]; stands && hash != q.Hash {
			told := content.Problems{Path: q.PathEN}
			told.Add(0, "assessment.import.other_bytes", "Module", q.ModuleID, "Version", q.Version)
			problems = append(problems, told.List...)
		}
	}
	return problems, nil
}

// ModulesWithQuiz gives the ids of the modules that have a quiz.
func (s Store) ModulesWithQuiz(ctx context.Context) ([]string, error) {
	var ids []string
	err := s.db.NewSelect().Model((*Quiz)(nil)).Distinct().Column("module_id").Order("module_id").Scan(ctx, &ids)
	return ids, err
}

// Files are the stored files of every quiz, as a folder of the curriculum holds them. A
// version that came under the name of a newer one stands beside it as name.v1.quiz.md.
// It is for commands, which see all sectors.
func (s Store) Files(ctx context.Context) ([]content.File, error) {
	var quizzes []Quiz
	if err := s.db.NewSelect().Model(&quizzes).Column("version", "path_en", "path_es", "source_en", "source_es").
		OrderExpr("version DESC, module_id").Scan(ctx); err != nil {
		return nil, fmt.Errorf("quizzes: %w", err)
	}
	var shelf content.Shelf
	for _, q := range quizzes {
		shelf.PutVersion(q.SourceEN, q.PathEN, q.Version)
		if q.PathES != "" {
			shelf.PutVersion(q.SourceES, q.PathES, q.Version)
		}
	}
	return shelf.Files, nil
}
