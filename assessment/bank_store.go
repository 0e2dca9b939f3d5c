package assessment

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// bankChunk is how many rows one statement stores.
const bankChunk = 200

func sortPlanned(list []PlannedQuestion) {
	slices.SortStableFunc(list, func(a, b PlannedQuestion) int { return cmp.Compare(a.Line, b.Line) })
}

// BankCourse is a course of the viewer's sector whose bank is open to them: who teaches,
// runs or writes courses there and takes none of the course's modules now (rule 17).
// Fails with fault.NotFound.
func (s Store) BankCourse(ctx context.Context, v people.Viewer, code string) (BankCourse, error) {
	var course BankCourse
	if !v.IsSystem() && !content.TeachesOrWrites(v) {
		return course, fmt.Errorf("bank of %q: %w", code, fault.NotFound)
	}
	err := s.db.NewSelect().TableExpr("editions AS e").ColumnExpr("e.course_code, e.title_en, e.title_es").
		Where("e.course_code = ? AND e.sector = ?", code, v.Sector()).
		Where(`NOT EXISTS (SELECT 1 FROM closed_answers AS ca JOIN edition_modules AS em ON em.module_id = ca.module_id
			JOIN editions AS theirs ON theirs.id = em.edition_id
			WHERE ca.person_id = ? AND theirs.course_code = e.course_code AND theirs.sector = e.sector)`, v.Person()).
		OrderExpr("e.in_force_on DESC, e.name DESC").Limit(1).Scan(ctx, &course)
	if err != nil {
		return course, fmt.Errorf("bank of %q: %w", code, database.One(err))
	}
	course.Writes = v.IsSystem() || v.Is(people.Author, people.Director)
	return course, nil
}

// bankToWrite is a course into whose bank the viewer may take questions. Fails with
// fault.NotFound, for who may only read too.
func (s Store) bankToWrite(ctx context.Context, v people.Viewer, code string) error {
	course, err := s.BankCourse(ctx, v, code)
	if err == nil && !course.Writes {
		err = fmt.Errorf("bank of %q: %w", code, fault.NotFound)
	}
	return err
}

// PlanImport says what taking a file into a course's bank will do, and does nothing.
func (s Store) PlanImport(ctx context.Context, v people.Viewer, course string, file QuestionFile) (ImportPlan, error) {
	if err := s.bankToWrite(ctx, v, course); err != nil {
		return ImportPlan{}, err
	}
	return s.planOn(ctx, v, course, file, "")
}

// planOn decides on what stands in a bank now, and knows what an import of this file has
// brought already.
func (s Store) planOn(ctx context.Context, v people.Viewer, course string, file QuestionFile, own ImportID) (ImportPlan, error) {
	var stand []knownQuestion
	err := s.db.NewSelect().TableExpr("bank_questions AS q").ColumnExpr("q.id, q.name, q.hash, q.version, q.title, bv.source_en, bv.source_es").
		ColumnExpr("CASE WHEN bv.import_id = ? THEN TRUE ELSE FALSE END AS own", own).
		Join("JOIN bank_versions AS bv ON bv.question_id = q.id AND bv.number = q.version").
		Where("q.sector = ? AND q.course = ?", v.Sector(), course).Scan(ctx, &stand)
	if err != nil {
		return ImportPlan{}, err
	}
	return file.plan(stand), nil
}

// ImportRules say how a file is taken in.
type ImportRules struct {
	ModuleID string // to which its questions belong; "" for the course alone
	SkipBad  bool   // keep what is good though other questions stay out
	Step     func(done, all int)
}

// ImportQuestions takes a file into a course's bank, in one transaction. Fails with
// fault.NotFound for who may not, with fault.Invalid ("file") where a question stays out
// and that isn't allowed, and with fault.Conflict where the bank has changed meanwhile.
func (s Store) ImportQuestions(ctx context.Context, v people.Viewer, course string, file QuestionFile, rules ImportRules) (plan ImportPlan, done BankImport, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := database.Unhurried(ctx, s.db); err != nil {
			return err
		}
		if plan, err = s.PlanImport(ctx, v, course, file); err != nil {
			return err
		}
		if out := plan.Count(StaysOut); out > 0 && !rules.SkipBad {
			return fault.Invalid("file", "assessment.bank.stays_out", "Number", out)
		}
		if rules.ModuleID != "" {
			if err := s.moduleOfCourse(ctx, v, course, rules.ModuleID); err != nil {
				return err
			}
		}
		done = BankImport{ID: ImportID(database.NewID()), Sector: v.Sector(), Course: course, FileName: firstRunes(file.Name, 200), Format: file.Format, Lang: file.Lang,
			Added: plan.Count(WillAdd), Changed: plan.Count(WillChange), Known: plan.Count(IsThere), LeftOut: plan.Count(StaysOut), ByPerson: nullPerson(v), At: s.now()}
		done.DoneAt = &done.At
		if _, err := s.db.NewInsert().Model(&done).Exec(ctx); err != nil {
			return err
		}
		return s.keepPlanned(ctx, v, plan, done, rules)
	})
	return plan, done, err
}

// moduleOfCourse fails with fault.Invalid where a course has no such module that the
// viewer may see.
func (s Store) moduleOfCourse(ctx context.Context, v people.Viewer, course, module string) error {
	there, err := s.db.NewSelect().TableExpr("edition_modules AS em").Join("JOIN editions AS e ON e.id = em.edition_id").
		Join("JOIN module_versions AS mv ON mv.module_id = em.module_id AND mv.lang = ?", content.English).
		Where("e.course_code = ? AND e.sector = ? AND em.module_id = ?", course, v.Sector(), module).
		Apply(content.VisibleTo(v, s.now())).Exists(ctx)
	if err == nil && !there {
		err = fault.Invalid("module", "assessment.bank.no_module")
	}
	return err
}

// keepPlanned stores what is planned, some hundreds of rows at a time.
func (s Store) keepPlanned(ctx context.Context, v people.Viewer, plan ImportPlan, from BankImport, rules ImportRules) error {
	var questions []BankQuestion
	var versions []BankVersion
	store := func() error {
		if len(questions) > 0 {
			res, err := s.db.NewInsert().Model(&questions).On("CONFLICT DO NOTHING").Exec(ctx)
			if err != nil {
				return err
			}
			if n, err := res.RowsAffected(); err != nil || int(n) != len(questions) {
				return cmp.Or(err, fault.Conflict("assessment.bank.meanwhile"))
			}
		}
		if len(versions) > 0 {
			if _, err := s.db.NewInsert().Model(&versions).Exec(ctx); err != nil {
				return err
			}
		}
		questions, versions = nil, nil
		return nil
	}
	for i, q := range plan.Questions {
		if q.Fate != WillAdd && q.Fate != WillChange {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		row := BankQuestion{ID: q.id, Sector: v.Sector(), Course: from.Course, Name: q.written.ID, ModuleID: rules.ModuleID, Version: q.version + 1, Spanish: q.spanish != ""}
		row.describe(q.written, q.title)
		if q.Fate == WillAdd {
			row.ID = BankID(database.NewID())
			questions = append(questions, row)
		} else if err := s.renew(ctx, &row, q.version); err != nil {
			return err
		}
		source := q.written.Markdown()
		versions = append(versions, BankVersion{QuestionID: row.ID, Number: row.Version, Hash: digest(q.title, source, q.spanish), Title: q.title, ModuleID: row.ModuleID,
			SourceEN: source, SourceES: q.spanish, ImportID: from.ID, ByPerson: nullPerson(v), At: from.At})
		if len(versions) == bankChunk {
			if err := store(); err != nil {
				return err
			}
			if rules.Step != nil {
				rules.Step(i, len(plan.Questions))
			}
		}
	}
	return store()
}

// renew puts a question's newest version in place of the one before. Fails with
// fault.Conflict where another one is there meanwhile.
func (s Store) renew(ctx context.Context, row *BankQuestion, before int) error {
	query := s.db.NewUpdate().Model(row).Column("title", "type", "objective", "shown", "words", "tags", "spanish", "version", "hash").
		Where("id = ? AND version = ?", row.ID, before)
	if row.ModuleID != "" {
		query = query.Column("module_id")
	}
	res, err := query.Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return cmp.Or(err, fault.Conflict("assessment.bank.meanwhile"))
	}
	return nil
}
