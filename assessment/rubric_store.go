package assessment

import (
	"context"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// rubricCourse says that a version of a rubric is for a skill of a course.
type rubricCourse struct {
	PracticalID string     `bun:"practical_id,pk"`
	Sector      string     `bun:"sector,pk"`
	CourseCode  string     `bun:"course_code,pk"`
	Version     int        `bun:"version,pk"`
	RubricHash  RubricHash `bun:"rubric_hash"`
}

// ImportRubrics keeps rubrics, in one transaction; doing it again changes nothing. Fails
// with fault.Conflict when a version stands already with other bytes.
func (s Store) ImportRubrics(ctx context.Context, rubrics []Rubric) (content.Imported, error) {
	var done content.Imported
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		for _, r := range rubrics {
			r.StoredAt = s.now()
			res, err := s.db.NewInsert().Model(&r).On("CONFLICT (hash) DO NOTHING").Exec(ctx)
			if err != nil {
				return fmt.Errorf("rubric %q: %w", r.Path, err)
			}
			n, err := res.RowsAffected()
			if err != nil {
				return err
			}
			if n == 0 {
				done.Known++
				continue
			}
			done.New++
			for _, code := range r.Courses {
				row := rubricCourse{r.PracticalID, string(r.Sector), code, r.Version, r.Hash}
				res, err := s.db.NewInsert().Model(&row).On("CONFLICT DO NOTHING").Exec(ctx)
				other := fault.Conflict("assessment.rubric.other_bytes", "Practical", r.PracticalID, "Course", code, "Version", r.Version)
				if err := database.Changed(res, err, other); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return content.Imported{}, err
	}
	return done, nil
}

// ClashesOfRubrics tells the rubrics whose version is stored already with other bytes, as
// ImportRubrics would refuse them.
func (s Store) ClashesOfRubrics(ctx context.Context, rubrics []Rubric) ([]content.Problem, error) {
	var stored []rubricCourse
	if err := s.db.NewSelect().Model(&stored).Scan(ctx); err != nil {
		return nil, fmt.Errorf("rubrics: %w", err)
	}
	known := map[rubricCourse]RubricHash{}
	for _, row := range stored {
		hash := row.RubricHash
		row.RubricHash = ""
		known[row] = hash
	}
	var problems []content.Problem
	for _, r := range rubrics {
		for _, code := range r.Courses {
			hash, stands := known[rubricCourse{PracticalID: r.PracticalID, Sector: string(r.Sector), CourseCode: code, Version: r.Version}]
			if stands && hash != r.Hash {
				told := content.Problems{Path: r.InFolder()}
				told.Add(0, "assessment.rubric.other_bytes", "Practical", r.PracticalID, "Course", code, "Version", r.Version)
				problems = append(problems, told.List...)
				break
			}
		}
	}
	return problems, nil
}

// RubricFiles are the stored files of every rubric, as a folder of the curriculum holds
// them; an older version of one name stands beside the newest as name.v1.yaml. It is for
// commands, which see all sectors.
func (s Store) RubricFiles(ctx context.Context) ([]content.File, error) {
	var rubrics []Rubric
	err := s.db.NewSelect().Model(&rubrics).Column("version", "path", "source").OrderExpr("version DESC, practical_id, hash").Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("rubrics: %w", err)
	}
	var shelf content.Shelf
	for _, r := range rubrics {
		shelf.PutVersion(r.Source, r.InFolder(), r.Version)
	}
	return shelf.Files, nil
}
