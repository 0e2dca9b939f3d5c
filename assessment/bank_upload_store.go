package assessment

import (
	"context"
	"fmt"
	"time"

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
}

// uploadKept is how long a file waits to be taken in.
const uploadKept = 24 * time.Hour

// KeepUpload keeps a file for its owner to look at. Fails with fault.NotFound for who may
// not write in the course's bank, and with fault.Invalid for a module that it hasn't.
func (s Store) KeepUpload(ctx context.Context, v people.Viewer, up BankUpload) (UploadID, error) {
	if err := s.bankToWrite(ctx, v, up.Course); err != nil {
		return "", err
	}
	if up.ModuleID != "" {
		if err := s.moduleOfCourse(ctx, v, up.Course, up.ModuleID); err != nil {
			return "", err
		}
	}
	up.ID, up.Sector, up.ByPerson, up.At, up.FileName = UploadID(database.NewID()), v.Sector(), v.Person(), s.now(), firstRunes(up.FileName, 200)
	_, err := s.db.NewInsert().Model(&up).Exec(ctx)
	return up.ID, err
}

// Upload is one's own file that waits. Fails with fault.NotFound for anybody else's, and
// for one that has waited too long.
func (s Store) Upload(ctx context.Context, v people.Viewer, course string, id UploadID) (BankUpload, error) {
	var up BankUpload
	if err := s.bankToWrite(ctx, v, course); err != nil {
		return up, err
	}
	err := s.db.NewSelect().Model(&up).Where("id = ? AND sector = ? AND course = ? AND by_person = ? AND at > ?", id, v.Sector(), course, v.Person(), s.now().Add(-uploadKept)).Scan(ctx)
	if err != nil {
		return up, fmt.Errorf("upload %q: %w", id, database.One(err))
	}
	return up, nil
}

// TakeIn takes what was looked at into the bank, but for what can't be kept, and forgets
// the file. Fails as Upload and ImportQuestions do.
func (s Store) TakeIn(ctx context.Context, v people.Viewer, up BankUpload, file QuestionFile) (done BankImport, err error) {
	return done, s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, done, err = s.ImportQuestions(ctx, v, up.Course, file, ImportRules{ModuleID: up.ModuleID, SkipBad: true}); err != nil {
			return err
		}
		// Of two at once one finds the file gone, and its whole import is undone.
		res, err := s.db.NewRaw(`DELETE FROM bank_uploads WHERE id = ? AND by_person = ?`, up.ID, v.Person()).Exec(ctx)
		return database.Changed(res, err, fmt.Errorf("upload %q: %w", up.ID, fault.NotFound))
	})
}

// ForgetUploads takes out the files that nobody took in for a day.
func (s Store) ForgetUploads(ctx context.Context) error {
	_, err := s.db.NewRaw(`DELETE FROM bank_uploads WHERE at <= ?`, s.now().Add(-uploadKept)).Exec(ctx)
	return err
}
