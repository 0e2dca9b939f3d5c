package assessment

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// saving is one answer on its way to the disk, with others of the same moment.
type saving struct {
	viewer  people.Viewer
	save    Save
	attempt Attempt
	asked   Question

	saved Saved
	err   error // what this one's device is told: Stale, or why it is none of an attempt's answers
	done  bool
}

func (one *saving) fail(err error) { one.err, one.done = err, true }

// place is the question of an attempt that a save is about.
func (one *saving) place() [2]string {
	return [2]string{string(one.save.Attempt), one.save.Question}
}

// saveEach keeps answers of one moment, in one transaction: their attempts are held, what
// counts is read and what is new is written in one statement each, however many they are.
// Each is told its own error.
func (s Store) saveEach(ctx context.Context, saves []*saving) error {
	if err := s.holdEach(ctx, saves); err != nil {
		return err
	}
	if err := s.askEach(ctx, saves); err != nil {
		return err
	}
	if err := s.saveFresh(ctx, saves); err != nil {
		return err
	}
	for _, one := range saves {
		if one.done {
			continue
		}
		var err error
		one.saved, one.err, err = s.save(ctx, one.attempt, one.asked, one.save)
		var odd *fault.InvalidError
		if errors.As(err, &odd) {
			one.err, err = err, nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// holdEach takes the attempts of saves, as hold takes one: each its viewer's own, and those
// that they ask aloud one by one.
func (s Store) holdEach(ctx context.Context, saves []*saving) error {
	var ids []AttemptID
	var own []string
	values := []any{nil}
	for _, one := range saves {
		if one.save.by != nil {
			var err error
			if one.attempt, err = s.holdHeard(ctx, one.viewer, one.save.Attempt); errors.Is(err, fault.NotFound) {
				one.fail(err)
			} else if err != nil {
				return err
			}
			continue
		}
		ids, own = append(ids, one.save.Attempt), append(own, "(?, ?, ?)")
		values = append(values, one.save.Attempt, one.viewer.Person(), one.viewer.Sector())
	}
	if len(ids) == 0 {
		return nil
	}
	values[0] = bun.List(ids)
	var rows []struct {
		Attempt
		Due int `bun:"due"`
	}
	err := s.db.NewRaw(`UPDATE attempts SET revision = revision + 1 WHERE id IN (?) AND (id, person_id, sector) IN (VALUES `+strings.Join(own, ", ")+`) RETURNING *, `+
		allowed("attempts.enrolment_id", "attempts.module_id", "attempts.minutes")+` AS due`, values...).Scan(ctx, &rows)
	if err != nil {
		return fmt.Errorf("attempts of %d saves: %w", len(saves), err)
	}
	held := map[AttemptID]Attempt{}
	for _, row := range rows {
		if held[row.ID], err = s.asNow(ctx, row.Attempt, row.Due); err != nil {
			return fmt.Errorf("attempt %q: %w", row.ID, err)
		}
	}
	for _, one := range saves {
		if one.save.by != nil {
			continue
		}
		one.attempt = held[one.save.Attempt]
		if one.attempt.ID == "" || one.attempt.PersonID != one.viewer.Person() || one.attempt.Sector != one.viewer.Sector() {
			one.fail(fmt.Errorf("attempt %q: %w", one.save.Attempt, fault.NotFound))
		}
	}
	return nil
}

// askEach finds the questions of saves whose attempts are held.
func (s Store) askEach(ctx context.Context, saves []*saving) error {
	var unread []string
	var values []any
	for _, one := range saves {
		if one.done || s.asked.has(one.attempt.QuizHash, one.save.Question) {
			continue
		}
		unread = append(unread, "(?, ?)")
		values = append(values, one.attempt.QuizHash, one.save.Question)
	}
	read := map[askedAs]Question{}
	if len(unread) > 0 {
		var rows []Question
		err := s.db.NewSelect().Model(&rows).Where("(quiz_hash, id) IN (VALUES "+strings.Join(unread, ", ")+")", values...).Scan(ctx)
		if err != nil {
			return fmt.Errorf("questions of %d saves: %w", len(unread), err)
		}
		for _, q := range rows {
			read[askedAs{q.QuizHash, q.ID}] = q
			s.asked.keep(q)
		}
	}
	for _, one := range saves {
		if one.done {
			continue
		}
		name := askedAs{one.attempt.QuizHash, one.save.Question}
		q, known := read[name]
		if !known {
			q, known = s.asked.recall(name)
		}
		if !known || !one.attempt.drew(q) || one.save.by != nil && q.Type == Reflection {
			one.fail(fmt.Errorf("question %q: %w", one.save.Question, fault.NotFound))
		}
		one.asked = q
	}
	return nil
}

// saveFresh writes those saves that are what most are: a choice, made in time, by a device
// that saw what counts. What is more than that, or alone, is left to save.
func (s Store) saveFresh(ctx context.Context, saves []*saving) error {
	fresh, err := s.fresh(ctx, saves)
	if err != nil || len(fresh) < 2 {
		return err
	}
	var rows []Saved
	var lines []Line
	for _, one := range fresh {
		row := Saved{AttemptID: one.save.Attempt, QuestionID: one.save.Question, Version: one.save.Version + 1,
			Device: one.save.Device, Value: one.save.Value.tidy(), SavedAt: s.now()}
		save := one.save
		save.Value = row.Value
		rows, lines = append(rows, row), append(lines, s.line(save, Line{Version: row.Version}))
		row.Until = one.attempt.Deadline
		one.saved, one.done = row, true
	}
	res, err := s.db.NewInsert().Model(&rows).ModelTableExpr(currentTable).On("CONFLICT (attempt_id, question_id) DO UPDATE").
		Set("version = EXCLUDED.version, device = EXCLUDED.device, value = EXCLUDED.value, saved_at = EXCLUDED.saved_at, late = EXCLUDED.late, erased_at = NULL").
		Where("saved.version = EXCLUDED.version - 1").Exec(ctx)
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || int(n) != len(rows) {
		return fmt.Errorf("%d of %d answers: %w", n, len(rows), errors.Join(err, errStale))
	}
	_, err = s.db.NewInsert().Model(&lines).ModelTableExpr(linesTable).Exec(ctx)
	return err
}

// fresh picks the saves that saveFresh writes: no two of one question.
func (s Store) fresh(ctx context.Context, saves []*saving) (fresh []*saving, err error) {
	now, taken := s.now(), map[[2]string]*saving{}
	var places []string
	var values []any
	for _, one := range saves {
		if one.done || taken[one.place()] != nil || one.attempt.Spoken() || one.save.by != nil || one.asked.Written() || one.asked.Type == Reflection || !one.asked.Fits(one.save.Value.tidy()) {
			continue
		}
		if counts, late := one.attempt.takes(one.save.Made, now); !counts || late {
			continue
		}
		taken[one.place()] = one
		places, values = append(places, "(?, ?)"), append(values, one.save.Attempt, one.save.Question)
	}
	if len(places) < 2 {
		return nil, nil
	}
	var current []Saved
	err = s.db.NewSelect().Model(&current).ModelTableExpr(currentTable).Column("attempt_id", "question_id", "version").
		Where("(attempt_id, question_id) IN (VALUES "+strings.Join(places, ", ")+")", values...).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("what counts for %d saves: %w", len(places), err)
	}
	counts := map[[2]string]int{}
	for _, row := range current {
		counts[[2]string{string(row.AttemptID), row.QuestionID}] = row.Version
	}
	for _, one := range saves {
		if taken[one.place()] == one && counts[one.place()] == one.save.Version {
			fresh = append(fresh, one)
		}
	}
	return fresh, nil
}

// askedAs names a question of a quiz.
type askedAs struct {
	quiz QuizHash
	id   string
}

// mostAsked is how many questions a process holds in memory: the Academy's own are about
// a thousand, of a kilobyte or two.
const mostAsked = 4000

// recalled holds the questions that this process has read. A quiz never changes, so what was
// read once stays true.
type recalled struct {
	sync.RWMutex
	by map[askedAs]Question
}

func (a *recalled) has(quiz QuizHash, id string) bool {
	_, known := a.recall(askedAs{quiz, id})
	return known
}

func (a *recalled) recall(name askedAs) (Question, bool) {
	a.RLock()
	defer a.RUnlock()
	q, known := a.by[name]
	return q, known
}

func (a *recalled) keep(q Question) {
	a.Lock()
	defer a.Unlock()
	if a.by == nil || len(a.by) >= mostAsked {
		a.by = map[askedAs]Question{}
	}
	a.by[askedAs{q.QuizHash, q.ID}] = q
}
