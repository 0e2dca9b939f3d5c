package assessment

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// UploadID is the key of a file that waits to be taken in.
type UploadID string

// BankUpload is a file of questions that its owner looks at before they take it in.
type BankUpload struct {
	ID       UploadID        `bun:"id,pk"`
	Sector   people.Sector   `bun:"sector"`
	Course   string          `bun:"course"`
	FileName string          `bun:"file_name"`
	Format   formats.Format  `bun:"format"` // "" to find it out
	Lang     content.Lang    `bun:"lang"`
	ModuleID string          `bun:"module_id"`
	Bytes    []byte          `bun:"bytes"`
	ByPerson people.PersonID `bun:"by_person"`
	At       time.Time       `bun:"at"`
	Added    int             `bun:"added"` // what taking it in would do, when it came
	Changed  int             `bun:"changed"`
	Known    int             `bun:"known"`
	LeftOut  int             `bun:"left_out"`
	ImportID ImportID        `bun:"import_id,nullzero"` // of a long one that is being taken in
}

// Questions is how many questions a file has, those that stay out too.
func (up BankUpload) Questions() int { return up.Added + up.Changed + up.Known + up.LeftOut }

// Takes is how many questions taking a file in stores.
func (up BankUpload) Takes() int { return up.Added + up.Changed }

// Long says whether a file is taken in while its owner does other things.
func (up BankUpload) Long() bool { return up.Takes() > takenAtOnce }

// uploadKept is how long a file waits to be taken in.
const uploadKept = 24 * time.Hour

// KeepUpload keeps a file for its owner to look at, with what becomes of each question
// that was read in it. Fails with fault.NotFound for who may not write in the course's
// bank, and with fault.Invalid for a module that it hasn't.
func (s Store) KeepUpload(ctx context.Context, v people.Viewer, up BankUpload, file QuestionFile) (UploadID, error) {
	plan, err := s.PlanImport(ctx, v, up.Course, file)
	if err == nil && up.ModuleID != "" {
		err = s.moduleOfCourse(ctx, v, up.Course, up.ModuleID)
	}
	if err != nil {
		return "", err
	}
	up.ID, up.Sector, up.ByPerson, up.At, up.FileName = UploadID(database.NewID()), v.Sector(), v.Person(), s.now(), firstRunes(up.FileName, 200)
	up.Format, up.Added, up.Changed, up.Known, up.LeftOut = file.Format, plan.Count(WillAdd), plan.Count(WillChange), plan.Count(IsThere), plan.Count(StaysOut)
	pages, err := plan.previews(up.ID)
	if err != nil {
		return "", err
	}
	return up.ID, s.inTx(ctx, func(ctx context.Context, s Store) error {
		_, err := s.db.NewInsert().Model(&up).Exec(ctx)
		for some := range slices.Chunk(pages, bankChunk) {
			if err == nil {
				_, err = s.db.NewInsert().Model(&some).Exec(ctx)
			}
		}
		return err
	})
}

// Upload is one's own file that waits, without its bytes. Fails with fault.NotFound for
// anybody else's, for one that has waited too long and for one that is being taken in.
func (s Store) Upload(ctx context.Context, v people.Viewer, course string, id UploadID) (up BankUpload, err error) {
	if err := s.bankToWrite(ctx, v, course); err != nil {
		return up, err
	}
	err = s.waiting(s.db.NewSelect().Model(&up).ExcludeColumn("bytes"), v, course, id).Scan(ctx)
	if err != nil {
		return up, fmt.Errorf("upload %q: %w", id, database.One(err))
	}
	return up, nil
}

// UploadBytes is what one's own file holds. Fails as Upload does.
func (s Store) UploadBytes(ctx context.Context, v people.Viewer, course string, id UploadID) (bytes []byte, err error) {
	err = s.waiting(s.db.NewSelect().Model((*BankUpload)(nil)).Column("bytes"), v, course, id).Scan(ctx, &bytes)
	if err != nil {
		return nil, fmt.Errorf("upload %q: %w", id, database.One(err))
	}
	return bytes, nil
}

// Preview is one's own file that waits with a page of its questions, the first page being
// 0. Fails as Upload does.
func (s Store) Preview(ctx context.Context, v people.Viewer, course string, id UploadID, number int) (up BankUpload, list []PreviewedQuestion, err error) {
	if up, err = s.Upload(ctx, v, course, id); err != nil {
		return up, nil, err
	}
	var page bankPreview
	err = database.One(s.db.NewSelect().Model(&page).Where("upload_id = ? AND number = ?", up.ID, number).Scan(ctx))
	if errors.Is(err, fault.NotFound) {
		return up, nil, nil // behind the last page, or a file of no questions
	}
	if err == nil {
		list, err = page.read()
	}
	return up, list, err
}

// waiting narrows to a viewer's own file that is still to be taken in.
func (s Store) waiting(q *bun.SelectQuery, v people.Viewer, course string, id UploadID) *bun.SelectQuery {
	return q.Where("id = ? AND sector = ? AND course = ? AND by_person = ?", id, v.Sector(), course, v.Person()).
		Where("at > ? AND import_id IS NULL", s.now().Add(-uploadKept))
}

// TakeIn takes what was looked at into the bank, but for what can't be kept, and forgets
// the file. Fails as Upload and ImportQuestions do.
func (s Store) TakeIn(ctx context.Context, v people.Viewer, up BankUpload, file QuestionFile) (done BankImport, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, done, err = s.ImportQuestions(ctx, v, up.Course, file, ImportRules{ModuleID: up.ModuleID, SkipBad: true}); err != nil {
			return err
		}
		// Of two at once one finds the file gone, and its whole import is undone.
		res, err := s.dropUploads(ctx, "id = ? AND by_person = ? AND import_id IS NULL", up.ID, v.Person())
		return database.Changed(res, err, fmt.Errorf("upload %q: %w", up.ID, fault.NotFound))
	})
	return done, err
}

// ForgetUploads takes out the files that nobody took in for a day.
func (s Store) ForgetUploads(ctx context.Context) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		_, err := s.dropUploads(ctx, "at <= ? AND import_id IS NULL", s.now().Add(-uploadKept))
		return err
	})
}

// dropUploads takes out files with what was kept to look at, in the caller's transaction.
func (s Store) dropUploads(ctx context.Context, which string, values ...any) (sql.Result, error) {
	if _, err := s.db.NewRaw(`DELETE FROM bank_previews WHERE upload_id IN (SELECT id FROM bank_uploads WHERE `+which+`)`, values...).Exec(ctx); err != nil {
		return nil, err
	}
	return s.db.NewRaw(`DELETE FROM bank_uploads WHERE `+which, values...).Exec(ctx)
}
