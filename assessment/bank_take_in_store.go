package assessment

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// TakeInWork is the kind of the work that takes a long file into a bank.
const TakeInWork = "assessment.take_in"

const (
	// takenAtOnce is how many questions are stored while their owner waits; more go
	// through the outbox, as many in one transaction.
	takenAtOnce = bankChunk
	// takesAtMost is how long that work should take; after it the owner may stop it.
	takesAtMost = time.Minute
)

// BeginTakingIn lets the outbox take a long file that was looked at into the bank, but for
// what can't be kept. Fails as Upload does; of two at once one fails so.
func (s Store) BeginTakingIn(ctx context.Context, v people.Viewer, up BankUpload) (ImportID, error) {
	begun := BankImport{ID: ImportID(database.NewID()), Sector: v.Sector(), Course: up.Course, FileName: up.FileName, Format: up.Format, Lang: up.Lang,
		Total: up.Questions(), ByPerson: nullPerson(v), At: s.now()}
	return begun.ID, s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.bankToWrite(ctx, v, up.Course); err != nil {
			return err
		}
		if up.ModuleID != "" {
			if err := s.moduleOfCourse(ctx, v, up.Course, up.ModuleID); err != nil {
				return err
			}
		}
		if _, err := s.db.NewInsert().Model(&begun).Exec(ctx); err != nil {
			return err
		}
		res, err := s.db.NewRaw(`UPDATE bank_uploads SET import_id = ? WHERE id = ? AND sector = ? AND course = ? AND by_person = ? AND at > ? AND import_id IS NULL`,
			begun.ID, up.ID, v.Sector(), up.Course, v.Person(), s.now().Add(-uploadKept)).Exec(ctx)
		if err := database.Changed(res, err, fmt.Errorf("upload %q: %w", up.ID, fault.NotFound)); err != nil {
			return err
		}
		return outbox.Enqueue(ctx, s.db, TakeInWork, begun.ID, s.now())
	})
}

// GoOnTakingIn takes a long file in from where it stood, some questions in a transaction,
// until it is whole or somebody has undone it. Doing it again changes nothing.
func (s Store) GoOnTakingIn(ctx context.Context, id ImportID) error {
	var up BankUpload
	err := database.One(s.db.NewSelect().Model(&up).Where("import_id = ?", id).Scan(ctx))
	if errors.Is(err, fault.NotFound) {
		return nil // it is whole, or undone
	}
	if err != nil {
		return err
	}
	file, err := ReadQuestionFile(string(up.Format), content.File{Path: up.FileName, Bytes: up.Bytes}, up.Lang)
	if err != nil {
		return err
	}
	// The bank may change between two steps: then it is decided anew what becomes of the rest.
	for range 5 {
		var conflict *fault.ConflictError
		if err = s.takeInRest(ctx, id, up, file); !errors.As(err, &conflict) {
			return err
		}
	}
	return err
}

// takeInRest takes in what is left of a file, as it is decided on the bank of now.
func (s Store) takeInRest(ctx context.Context, id ImportID, up BankUpload, file QuestionFile) error {
	v := people.Seen(up.ByPerson, up.Sector, []people.Role{people.Author}, nil)
	plan, err := s.planOn(ctx, v, up.Course, file, id)
	for done := false; err == nil && !done; {
		err = s.inTx(ctx, func(ctx context.Context, s Store) (err error) {
			done, err = s.takeInSome(ctx, v, id, up.ModuleID, plan)
			return err
		})
	}
	return err
}

// takeInSome stores the next questions of a plan and notes how far it came, and says
// whether nothing is left to do.
func (s Store) takeInSome(ctx context.Context, v people.Viewer, id ImportID, module string, plan ImportPlan) (done bool, err error) {
	var from BankImport
	// Holds the row: a second process waits, and finds it further on.
	err = database.One(s.db.NewRaw(`UPDATE bank_imports SET step = step WHERE id = ? AND done_at IS NULL
		RETURNING id, course, added, changed, known, left_out, step, at`, id).Scan(ctx, &from))
	if errors.Is(err, fault.NotFound) {
		return true, nil
	}
	if err == nil {
		err = database.Unhurried(ctx, s.db)
	}
	if err != nil {
		return false, err
	}
	part := plan
	part.Questions = plan.Questions[min(from.Step, len(plan.Questions)):min(from.Step+takenAtOnce, len(plan.Questions))]
	if err := s.keepPlanned(ctx, v, part, from, ImportRules{ModuleID: module}); err != nil {
		return false, err
	}
	if from.Step += len(part.Questions); from.Step >= len(plan.Questions) {
		now := s.now()
		from.DoneAt, done = &now, true
		if _, err := s.dropUploads(ctx, "import_id = ?", id); err != nil {
			return false, err
		}
	}
	_, err = s.db.NewRaw(`UPDATE bank_imports SET step = ?, added = ?, changed = ?, known = ?, left_out = ?, done_at = ? WHERE id = ?`,
		from.Step, from.Added+part.Count(WillAdd), from.Changed+part.Count(WillChange), from.Known+part.Count(IsThere), from.LeftOut+part.Count(StaysOut), from.DoneAt, id).Exec(ctx)
	return done, err
}
