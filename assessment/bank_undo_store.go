package assessment

import (
	"cmp"
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// UndoImport takes what an import brought out of the bank again, in one transaction; the
// line of the import stays. One that still goes on is stopped by it. Fails with fault.NotFound where the viewer may not, and with
// fault.Conflict where it is undone already or a later version stands on one of its questions.
func (s Store) UndoImport(ctx context.Context, v people.Viewer, course string, id ImportID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.bankToWrite(ctx, v, course); err != nil {
			return err
		}
		var done BankImport
		if err := s.db.NewSelect().Model(&done).ExcludeColumn("by_person", "undone_by").Where("id = ? AND sector = ? AND course = ?", id, v.Sector(), course).Scan(ctx); err != nil {
			return fmt.Errorf("import %q: %w", id, database.One(err))
		}
		res, err := s.db.NewRaw(`UPDATE bank_imports SET undone_at = ?, undone_by = ?, done_at = COALESCE(done_at, ?) WHERE id = ? AND undone_at IS NULL AND NOT EXISTS (
			SELECT 1 FROM bank_versions AS mine JOIN bank_versions AS later ON later.question_id = mine.question_id AND later.number > mine.number
			WHERE mine.import_id = ?)`, s.now(), nullPerson(v), s.now(), id, id).Exec(ctx)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return cmp.Or(err, fault.Conflict("assessment.bank.cannot_undo"))
		}
		if _, err := s.dropUploads(ctx, "import_id = ?", id); err != nil {
			return err
		}
		return s.takeBack(ctx, id)
	})
}

// takeBack removes an import's versions, and the questions that have none left; the others
// are again what they were.
func (s Store) takeBack(ctx context.Context, id ImportID) error {
	var changed []BankID
	if err := s.db.NewSelect().TableExpr("bank_versions").Column("question_id").Where("import_id = ? AND number > 1", id).Scan(ctx, &changed); err != nil {
		return err
	}
	var added []BankID
	if err := s.db.NewSelect().TableExpr("bank_versions").Column("question_id").Where("import_id = ? AND number = 1", id).Scan(ctx, &added); err != nil {
		return err
	}
	if _, err := s.db.NewRaw(`DELETE FROM bank_versions WHERE import_id = ?`, id).Exec(ctx); err != nil {
		return err
	}
	for len(added) > 0 {
		n := min(len(added), bankChunk)
		if _, err := s.db.NewDelete().Model((*BankQuestion)(nil)).Where("id IN (?)", bun.List(added[:n])).Exec(ctx); err != nil {
			return err
		}
		added = added[n:]
	}
	for _, question := range changed {
		if err := s.restore(ctx, question); err != nil {
			return err
		}
	}
	return nil
}

// restore describes a question by the newest version that is left of it.
func (s Store) restore(ctx context.Context, id BankID) error {
	var version BankVersion
	if err := s.db.NewSelect().Model(&version).ExcludeColumn("by_person").Where("question_id = ?", id).OrderExpr("number DESC").Limit(1).Scan(ctx); err != nil {
		return err
	}
	row := BankQuestion{ID: id, ModuleID: version.ModuleID, Version: version.Number, Spanish: version.SourceES != ""}
	row.describe(version.Written("en"), version.Title)
	_, err := s.db.NewUpdate().Model(&row).Column("title", "type", "objective", "shown", "words", "tags", "spanish", "version", "hash", "module_id").WherePK().Exec(ctx)
	return err
}
