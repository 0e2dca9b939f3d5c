package assessment

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// The tables of Line and Saved, with the aliases that bun gives the types.
const (
	linesTable   = "answers AS line"
	currentTable = "current_answers AS saved"
)

// SaveAnswer keeps one answer of the viewer's own attempt. The version that the device
// last saw must be the one that counts: then the answer is stored and the next version
// given back. The same answer from the same device again gives the same yes. Anything
// else fails with Stale and is kept as a refused line. It returns only after the commit,
// so what it acknowledged is on the disk.
func (s Store) SaveAnswer(ctx context.Context, v people.Viewer, save Save) (Saved, error) {
	save.by = nil
	return s.put(ctx, v, save)
}

// put keeps one answer, with others of the same moment.
func (s Store) put(ctx context.Context, v people.Viewer, save Save) (Saved, error) {
	if err := save.Validate(); err != nil {
		return Saved{}, err
	}
	one := &saving{viewer: v, save: save}
	var err error
	if s.saves != nil {
		err = s.saves.Put(ctx, database.NewID(), one)
	} else {
		err = s.saveEach(ctx, []*saving{one})
	}
	if err != nil {
		return Saved{}, err
	}
	return one.saved, one.err
}

// SaveAll keeps what a whole page sends, as SaveAnswer does for one, and gives back
// what was refused. A question that the page merely shows as it was, because somewhere
// else it was changed since, is left alone.
func (s Store) SaveAll(ctx context.Context, v people.Viewer, id AttemptID, saves []Save) ([]Stale, error) {
	return s.putAll(ctx, v, Save{Attempt: id}, saves)
}

// putAll keeps the answers of one attempt, entered by whom page says.
func (s Store) putAll(ctx context.Context, v people.Viewer, page Save, saves []Save) ([]Stale, error) {
	var refused []Stale
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		attempt, err := s.holdToSave(ctx, v, page)
		if err != nil {
			return err
		}
		questions, answers, err := s.answered(ctx, attempt)
		if err != nil {
			return err
		}
		seen, err := s.lines(ctx, page.Attempt)
		if err != nil {
			return err
		}
		for _, q := range questions {
			for _, save := range saves {
				save.Value, save.by = save.Value.tidy(), page.by
				if save.Question != q.ID || untouched(save, answers[q.ID], seen) || page.by != nil && q.Type == Reflection {
					continue
				}
				if err := save.Validate(); err != nil {
					return err
				}
				_, stale, err := s.save(ctx, attempt, q, save)
				if err != nil {
					return err
				}
				var one Stale
				if errors.As(stale, &one) {
					refused = append(refused, one)
				}
			}
		}
		return nil
	})
	return refused, err
}

// untouched says whether a page sends what counts anyway, or what it was shown.
func untouched(save Save, current Saved, seen map[lineKey]Answer) bool {
	if save.Value.Same(current.Value.tidy()) {
		return true
	}
	shown, known := seen[lineKey{save.Question, save.Version}]
	if !known && save.Version == 0 {
		return !save.Value.Given()
	}
	return known && save.Value.Same(shown)
}

type lineKey struct {
	question string
	version  int
}

// lines are the kept answers of an attempt, by question and version.
func (s Store) lines(ctx context.Context, id AttemptID) (map[lineKey]Answer, error) {
	var rows []Line
	err := s.db.NewSelect().Model(&rows).ModelTableExpr(linesTable).Where("attempt_id = ? AND NOT refused", id).Scan(ctx)
	seen := map[lineKey]Answer{}
	for _, row := range rows {
		seen[lineKey{row.QuestionID, row.Version}] = row.Value
	}
	return seen, err
}

// save is the answer protocol, for an attempt that is held. Its second result is a
// Stale, which is an answer to the trainee and no reason to undo anything.
func (s Store) save(ctx context.Context, attempt Attempt, question Question, save Save) (saved Saved, stale, err error) {
	save.Value = save.Value.tidy()
	if !question.Fits(save.Value) {
		return Saved{}, nil, fault.Invalid(question.ID, "assessment.answer.odd")
	}
	now := s.now()
	counts, late := attempt.takes(save.Made, now)
	if attempt.Spoken() != (save.by != nil) {
		counts = false // while an instructor asks aloud, what the trainee's own phone sends is kept beside
	}
	if counts && late {
		counts, err = s.couldBe(ctx, save)
		if err != nil {
			return Saved{}, nil, err
		}
	}
	if counts {
		saved, kept, err := s.upsert(ctx, question, save, late)
		if saved.Until = attempt.Deadline; err != nil || kept {
			return saved, nil, err
		}
	}
	current, err := s.current(ctx, save)
	if err != nil {
		return Saved{}, nil, err
	}
	current.Until = attempt.Deadline
	if current.Version > 0 && current.Device == save.Device && current.Value.Same(save.Value) {
		return current, nil, nil
	}
	refusal := Stale{Current: current, Refused: save.Value, Finished: !attempt.Open(), Shut: !attempt.Answerable(now) || attempt.Spoken() != (save.by != nil)}
	return Saved{}, refusal, s.refuse(ctx, question, save)
}

// current is what counts for the question of a save; its version is 0 where nothing does.
func (s Store) current(ctx context.Context, save Save) (Saved, error) {
	var current []Saved
	err := s.db.NewSelect().Model(&current).ModelTableExpr(currentTable).Where("attempt_id = ? AND question_id = ?", save.Attempt, save.Question).Scan(ctx)
	if err != nil || len(current) == 0 {
		return Saved{}, err
	}
	return current[0], nil
}

// slack is how far a device's count may run behind the Academy's clock: what a page needs
// to come over a slow network.
const slack = time.Minute

// couldBe says whether an answer may have been made when its device says: not before the
// answer that it replaces, which the server itself has the time of.
func (s Store) couldBe(ctx context.Context, save Save) (bool, error) {
	current, err := s.current(ctx, save)
	return err == nil && !save.Made.Before(current.SavedAt.Add(-slack)), err
}

// upsert stores the answer where the version seen is the one that counts, decided in
// the statement, and writes its line.
func (s Store) upsert(ctx context.Context, question Question, save Save, late bool) (Saved, bool, error) {
	saved := Saved{AttemptID: save.Attempt, QuestionID: save.Question, Version: save.Version + 1,
		Device: save.Device, Value: save.Value, SavedAt: s.now(), Late: late}
	statement := func() error {
		if save.Version == 0 {
			res, err := s.db.NewInsert().Model(&saved).ModelTableExpr(currentTable).On("CONFLICT DO NOTHING").Exec(ctx)
			return database.Changed(res, err, errStale)
		}
		res, err := s.db.NewUpdate().Model(&saved).ModelTableExpr(currentTable).Column("version", "device", "value", "saved_at", "late", "erased_at").
			Where("attempt_id = ? AND question_id = ? AND version = ?", save.Attempt, save.Question, save.Version).Exec(ctx)
		return database.Changed(res, err, errStale)
	}
	if err := statement(); errors.Is(err, errStale) {
		return Saved{}, false, nil
	} else if err != nil {
		return Saved{}, false, err
	}
	if question.Type == Reflection && !save.Value.Given() {
		return saved, true, s.erase(ctx, save.Attempt, save.Question)
	}
	if question.Written() && save.Version > 0 {
		return saved, true, s.rewrite(ctx, save, Line{Version: saved.Version, Late: late})
	}
	return saved, true, s.write(ctx, save, Line{Version: saved.Version, Late: late})
}

// rewrite keeps a long text, which grows at every pause of the keyboard: what a device
// goes on writing is one line, so that an attempt stays small. What another device
// writes is a line of its own.
func (s Store) rewrite(ctx context.Context, save Save, line Line) error {
	res, err := s.db.NewUpdate().Model((*Line)(nil)).ModelTableExpr(linesTable).
		Set("version = ?, value = ?, received_at = ?, late = ?, erased_at = NULL", line.Version, save.Value, s.now(), line.Late).
		Where("attempt_id = ? AND question_id = ? AND NOT refused AND device = ? AND version = ?", save.Attempt, save.Question, save.Device, save.Version).Exec(ctx)
	if err := database.Changed(res, err, errStale); !errors.Is(err, errStale) {
		return err
	}
	return s.write(ctx, save, line)
}

var errStale = errors.New("another version counts")

// mostRefused is how many refused texts of one long question are kept.
const mostRefused = 2

// refuse keeps a refused answer as a line; sent again, it is kept once. Of a long text
// the newest of each device is kept, and no more than mostRefused.
func (s Store) refuse(ctx context.Context, question Question, save Save) error {
	var lines []Line
	err := s.db.NewSelect().Model(&lines).ModelTableExpr(linesTable).Where("attempt_id = ? AND question_id = ? AND refused", save.Attempt, save.Question).Order("id").Scan(ctx)
	if err != nil {
		return err
	}
	for _, line := range lines {
		if line.Device == save.Device && line.Version == save.Version && line.Value.Same(save.Value) {
			return nil
		}
	}
	instead := slices.IndexFunc(lines, func(line Line) bool { return line.Device == save.Device })
	if !question.Written() || instead < 0 && len(lines) < mostRefused {
		return s.write(ctx, save, Line{Version: save.Version, Refused: true})
	}
	_, err = s.db.NewUpdate().Model((*Line)(nil)).ModelTableExpr(linesTable).
		Set("device = ?, version = ?, value = ?, received_at = ?", save.Device, save.Version, save.Value, s.now()).
		Where("id = ?", lines[max(0, instead)].ID).Exec(ctx)
	return err
}

// write adds the line of a save, of which line says what became.
func (s Store) write(ctx context.Context, save Save, line Line) error {
	line = s.line(save, line)
	_, err := s.db.NewInsert().Model(&line).ModelTableExpr(linesTable).Exec(ctx)
	return err
}

func (s Store) line(save Save, line Line) Line {
	line.ID, line.AttemptID, line.QuestionID, line.Device = database.NewID(), save.Attempt, save.Question, save.Device
	line.Value, line.ReceivedAt, line.MadeAt, line.EnteredBy = save.Value, s.now(), clock.Cut(save.Made), save.by
	return line
}
