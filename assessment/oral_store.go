package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// hears narrows a query over enrolments (aliases enrolment and cohort) to the people whom
// the viewer may ask a module's questions: of a cohort that they run, under rule 17, and
// not where they take a course with this module themselves.
func (s Store) hears(v people.Viewer, module string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Apply(cohorts.RunBy(v), content.AnswersOpenTo(v, module), cohorts.NotOverOneself(v, s.people.Today()))
	}
}

// Hearings gives the people of a cohort that the viewer runs, and may hear, with where
// they stand at a module's check, by name, a page at a time. One query; fault.NotFound
// where there are none.
func (s Store) Hearings(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, moduleID string, after cohorts.EnrolmentID) (list []Hearing, next cohorts.EnrolmentID, err error) {
	open := "AND a.finished_at IS NULL"
	err = s.checksOf(v).Where("cohort.id = ? AND em.module_id = ?", cohort, moduleID).Apply(s.hears(v, "em.module_id"), cohorts.ByName(v, after)).
		ColumnExpr("person.chosen_name, person.given_name, person.family_name").
		ColumnExpr(tries("em.module_id", "MAX(a.percent)", "AND a.released_at IS NOT NULL")+" AS best").
		ColumnExpr("COALESCE("+tries("em.module_id", "a.id", open)+", '') AS attempt").
		ColumnExpr(`COALESCE((SELECT COALESCE(NULLIF(asker.chosen_name, ''), asker.given_name) FROM attempts AS a JOIN persons AS asker ON asker.id = a.asked_by
			WHERE a.enrolment_id = enrolment.id AND a.module_id = em.module_id `+open+`), '') AS asker`).
		Join("JOIN persons AS person ON person.id = enrolment.person_id").Scan(ctx, &list)
	if err == nil && len(list) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return nil, "", fmt.Errorf("hearings of %q in cohort %q: %w", moduleID, cohort, err)
	}
	list, next = cohorts.Cut(list, func(h Hearing) cohorts.EnrolmentID { return h.EnrolmentID })
	return list, next, nil
}

// Hear begins an attempt of a person that the viewer asks aloud, takes over the one that
// the person has begun alone, or gives the one that is asked aloud already. Fails with
// fault.NotFound where the viewer does not run the cohort or it has no such check, with
// fault.Forbidden under rule 17, and with fault.Conflict where something stands before
// the next try, or the time of the one that runs is up.
func (s Store) Hear(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, place cohorts.EnrolmentID, moduleID string) (AttemptID, error) {
	for range 3 {
		check, err := s.check(ctx, s.checksOf(v).Where("enrolment.id = ? AND cohort.id = ? AND em.module_id = ?", place, cohort, moduleID).
			Apply(cohorts.RunBy(v), content.AnswersOpenTo(v, "em.module_id")), moduleID)
		if err != nil {
			return "", err
		}
		heard := s.db.NewSelect().TableExpr("enrolments AS enrolment").Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
			Where("enrolment.id = ?", place).Apply(cohorts.RunBy(v), cohorts.NotOverOneself(v, s.people.Today()))
		if err := s.whyNot(ctx, heard.Clone().ColumnExpr("1"), nil); err != nil {
			return "", err
		}
		running, open := check.Running()
		switch gate := check.Gate(); {
		case open && running.Spoken():
			return running.ID, nil
		case open:
			if taken, err := s.takeOver(ctx, v, running.ID); taken || err != nil {
				return running.ID, err
			}
			continue
		case gate != Ready:
			return "", fault.Conflict("assessment.aloud.gate." + string(gate))
		}
		asker := v.Person()
		if id, err := s.begin(ctx, check, heard, &asker); !errors.Is(err, errMeanwhile) {
			return id, err
		}
	}
	return "", fault.Conflict("assessment.start.meanwhile")
}

// takeOver lets the viewer ask aloud what a person has begun alone, and says whether it
// was still open. Its clock ends.
func (s Store) takeOver(ctx context.Context, v people.Viewer, id AttemptID) (taken bool, err error) {
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		attempt, err := s.held(ctx, `id IN (?)`, s.heardBy(v).Where("attempt.id = ?", id))
		switch {
		case err != nil:
			return fmt.Errorf("attempt %q: %w", id, database.One(err))
		case !attempt.Open():
			return nil
		case attempt.Over(s.now()):
			return fault.Conflict("assessment.aloud.over")
		}
		taken = true
		_, err = s.db.NewRaw(`UPDATE attempts SET asked_by = ?, minutes = 0, allowed = 0, deadline = NULL, closes_at = NULL, paused_at = NULL
			WHERE id = ? AND asked_by IS NULL`, v.Person(), id).Exec(ctx)
		if err != nil || !attempt.Paused() {
			return err
		}
		return s.pauseLine(ctx, id, true, s.now(), nil)
	})
	return taken, err
}

// heardBy selects the ids of attempts of people whom the viewer may hear.
func (s Store) heardBy(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("attempts AS attempt").ColumnExpr("attempt.id").
		Join("JOIN enrolments AS enrolment ON enrolment.id = attempt.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").Apply(s.hears(v, "attempt.module_id"))
}

// Heard gives an attempt that is or was asked aloud to who may hear it; fault.NotFound
// for anybody else, the trainee too. While it is open its questions and what was said are
// in it, without reflections and without the key.
func (s Store) Heard(ctx context.Context, v people.Viewer, id AttemptID) (Paper, error) {
	paper, err := s.paper(ctx, id, s.hears(v, "attempt.module_id"), spokenAlone)
	if err != nil || !paper.Open() {
		return paper, err
	}
	questions, answers, err := s.answered(ctx, paper.Attempt)
	if err != nil {
		return Paper{}, err
	}
	for _, q := range questions {
		paper.Questions = append(paper.Questions, q.closed())
		if q.Type == Reflection {
			delete(answers, q.ID)
		}
	}
	paper.Answers = answers
	lines, err := s.refused(ctx, id)
	for _, line := range lines {
		if slices.ContainsFunc(paper.Aloud(), func(q Question) bool { return q.ID == line.QuestionID }) {
			paper.Refused = append(paper.Refused, line)
		}
	}
	return paper, err
}

func spokenAlone(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("attempt.asked_by IS NOT NULL") }

// Enter keeps what a person has said to one question, as SaveAnswer keeps what a trainee
// answers, with who entered it.
func (s Store) Enter(ctx context.Context, v people.Viewer, save Save) (Saved, error) {
	by := v.Person()
	save.by = &by
	return s.put(ctx, v, save)
}

// EnterAll keeps what a whole page sends, as SaveAll does.
func (s Store) EnterAll(ctx context.Context, v people.Viewer, id AttemptID, saves []Save) ([]Stale, error) {
	by := v.Person()
	return s.putAll(ctx, v, Save{Attempt: id, by: &by}, saves)
}

// holdToSave takes the attempt of a save: the viewer's own, or one that they ask aloud.
func (s Store) holdToSave(ctx context.Context, v people.Viewer, save Save) (Attempt, error) {
	if save.by == nil {
		return s.hold(ctx, v, save.Attempt)
	}
	return s.holdHeard(ctx, v, save.Attempt)
}

func (s Store) holdHeard(ctx context.Context, v people.Viewer, id AttemptID) (Attempt, error) {
	attempt, err := s.held(ctx, `id IN (?)`, s.heardBy(v).Where("attempt.id = ?", id).Apply(spokenAlone))
	if err != nil {
		return Attempt{}, fmt.Errorf("attempt %q: %w", id, database.One(err))
	}
	return attempt, nil
}

// HandInHeard hands in what was asked aloud, once, after all of it was read back to the
// person: a second time changes nothing. Who hands it in answers for what was entered.
func (s Store) HandInHeard(ctx context.Context, v people.Viewer, id AttemptID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		attempt, err := s.holdHeard(ctx, v, id)
		if err != nil || !attempt.Open() {
			return err
		}
		if _, err := s.db.NewRaw(`UPDATE attempts SET asked_by = ? WHERE id = ?`, v.Person(), id).Exec(ctx); err != nil {
			return err
		}
		_, err = s.finish(ctx, attempt, s.now(), false)
		return err
	})
}
