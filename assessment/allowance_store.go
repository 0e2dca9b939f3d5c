package assessment

import (
	"context"
	"errors"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// inForce narrows allowances (alias given) to those of an enrolment at a module that
// nobody took back, both named by their columns.
func inForce(enrolment, module string) string {
	return `given.enrolment_id = ` + enrolment + ` AND given.module_id IN ('', ` + module + `) AND given.undoes IS NULL
		AND NOT EXISTS (SELECT 1 FROM allowances AS undone WHERE undone.undoes = given.id)`
}

// allowed is how many minutes a trainee has more than the edition's.
func allowed(enrolment, module, minutes string) string {
	return `COALESCE((SELECT SUM(CASE given.kind WHEN 'minutes' THEN given.amount WHEN 'percent' THEN (` + minutes + ` * given.amount + 99) / 100 ELSE 0 END)
		FROM allowances AS given WHERE ` + inForce(enrolment, module) + `), 0)`
}

// spare is how many tries an enrolment (alias enrolment) was given at a module besides
// the edition's and has not used.
func spare(module string) string {
	return `(COALESCE((SELECT SUM(given.amount) FROM allowances AS given WHERE given.kind = 'tries' AND ` + inForce("enrolment.id", module) + `), 0)
		- ` + tries(module, "COUNT(*)", "AND a.extra") + `)`
}

// Allow gives people of a cohort that the viewer runs more time or more tries, from now
// on and in an attempt that runs. All or nobody: fault.NotFound where one of them is not
// of the cohort or its course has no such module, fault.Forbidden under rule 17. The same
// line again changes nothing.
func (s Store) Allow(ctx context.Context, v people.Viewer, n NewAllowance) error {
	if err := n.Validate(); err != nil {
		return err
	}
	if n.Line == "" {
		n.Line = database.NewID()
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		for _, id := range n.People {
			seen := s.db.NewSelect().TableExpr("enrolments AS enrolment").Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
				Where("enrolment.id = ? AND enrolment.cohort_id = ? AND enrolment.state = ?", id, n.Cohort, cohorts.Active).
				Where("? = '' OR EXISTS (SELECT 1 FROM edition_modules AS em WHERE em.edition_id = cohort.edition_id AND em.module_id = ?)", n.ModuleID, n.ModuleID).
				Apply(cohorts.RunBy(v))
			line := seen.Clone().ColumnExpr("?, enrolment.id, ?, ?, ?, ?, NULL, ?, ?, ?", database.NewID(), n.ModuleID, n.Kind, n.Amount, n.Reason,
				string(id)+":"+n.Line, nullPerson(v), s.now()).Apply(cohorts.NotOverOneself(v, s.people.Today()))
			if err := s.allow(ctx, seen, line); err != nil {
				return fmt.Errorf("allowance of %q: %w", id, err)
			}
		}
		return s.moveDeadlines(ctx, n.People)
	})
}

// Undo takes an allowance back, with a line of its own; twice is once. An attempt that
// runs has the time no longer, and at least until now. fault.NotFound where the viewer
// does not run the cohort, fault.Forbidden under rule 17.
func (s Store) Undo(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, id AllowanceID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		seen := s.db.NewSelect().TableExpr("allowances AS given").Join("JOIN enrolments AS enrolment ON enrolment.id = given.enrolment_id").
			Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
			Where("given.id = ? AND cohort.id = ? AND given.undoes IS NULL AND given.kind <> ?", id, cohort, Asked).Apply(cohorts.RunBy(v))
		line := seen.Clone().ColumnExpr("?, given.enrolment_id, given.module_id, given.kind, given.amount, given.reason, given.id, ?, ?, ?",
			database.NewID(), "undo:"+string(id), nullPerson(v), s.now()).Apply(cohorts.NotOverOneself(v, s.people.Today()))
		if err := s.allow(ctx, seen, line); err != nil {
			return fmt.Errorf("allowance %q: %w", id, err)
		}
		var place []cohorts.EnrolmentID
		if err := s.db.NewSelect().TableExpr("allowances").Column("enrolment_id").Where("id = ?", id).Scan(ctx, &place); err != nil {
			return err
		}
		return s.moveDeadlines(ctx, place)
	})
}

// allow writes a line that is there already at most once. What the viewer doesn't see is
// not there; what rule 17 keeps from them is forbidden.
func (s Store) allow(ctx context.Context, seen, line *bun.SelectQuery) error {
	res, err := s.db.NewRaw(`INSERT INTO allowances (id, enrolment_id, module_id, kind, amount, reason, undoes, line, by_person, at) ?
		ON CONFLICT DO NOTHING`, line).Exec(ctx)
	if err := database.Changed(res, err, errNotWritten); !errors.Is(err, errNotWritten) {
		return err
	}
	there, err := seen.ColumnExpr("1").Exists(ctx)
	if err == nil && !there {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	return s.whyNot(ctx, line, nil)
}

// moveDeadlines brings the attempts of these places that run to the time they have now.
func (s Store) moveDeadlines(ctx context.Context, places []cohorts.EnrolmentID) error {
	var ids []AttemptID
	err := s.db.NewSelect().Model((*Attempt)(nil)).Column("id").
		Where("enrolment_id IN (?) AND finished_at IS NULL AND deadline IS NOT NULL", bun.List(places)).Order("id").Scan(ctx, &ids)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if _, err := s.held(ctx, `id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

// Ask notes that the viewer asks for more time in an attempt of theirs that runs; again
// only once they were given some. fault.Conflict where it has no limit or is over.
func (s Store) Ask(ctx context.Context, v people.Viewer, id AttemptID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		attempt, err := s.hold(ctx, v, id)
		if err != nil {
			return err
		}
		if !attempt.Timed() || !attempt.Open() || attempt.Over(s.now()) {
			return fault.Conflict("assessment.ask.over")
		}
		_, err = s.db.NewRaw(`INSERT INTO allowances (id, enrolment_id, module_id, kind, amount, reason, line, by_person, at)
			VALUES (?, ?, ?, ?, 0, ?, ?, ?, ?) ON CONFLICT DO NOTHING`, database.NewID(), attempt.EnrolmentID, attempt.ModuleID, Asked, Asked,
			fmt.Sprintf("asked:%s:%d", id, attempt.Allowed), v.Person(), s.now()).Exec(ctx)
		return err
	})
}

// unanswered says that what a trainee asked for (alias given) still waits: the attempt
// runs, and nobody has given time since.
const unanswered = `(given.kind = 'asked' AND EXISTS (SELECT 1 FROM attempts AS open WHERE open.enrolment_id = given.enrolment_id
	AND open.module_id = given.module_id AND open.deadline IS NOT NULL AND open.finished_at IS NULL AND open.started_at <= given.at)
	AND NOT EXISTS (SELECT 1 FROM allowances AS later WHERE later.enrolment_id = given.enrolment_id
		AND later.module_id IN ('', given.module_id) AND later.kind IN ('minutes', 'percent') AND later.undoes IS NULL AND later.id > given.id))`

// Asking tells how many people wait for more time, by cohort that the viewer runs. One query.
func (s Store) Asking(ctx context.Context, v people.Viewer) (map[cohorts.CohortID]int, error) {
	var rows []struct {
		Cohort cohorts.CohortID `bun:"cohort_id"`
		People int              `bun:"people"`
	}
	err := s.db.NewSelect().TableExpr("allowances AS given").ColumnExpr("cohort.id AS cohort_id, COUNT(DISTINCT given.enrolment_id) AS people").
		Join("JOIN enrolments AS enrolment ON enrolment.id = given.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where(unanswered).Apply(cohorts.RunBy(v)).GroupExpr("cohort.id").Scan(ctx, &rows)
	asking := map[cohorts.CohortID]int{}
	for _, row := range rows {
		asking[row.Cohort] = row.People
	}
	return asking, err
}

// AllowanceLine is a line with whom it is about and who wrote it.
type AllowanceLine struct {
	Allowance
	names
	By     string `bun:"by"`     // first name; "" where the system did
	Undone bool   `bun:"undone"` // another line took it back
	Waits  bool   `bun:"waits"`  // of what was asked for: see unanswered
}

// Name is the first name and initial of whom the line is about.
func (l AllowanceLine) Name() string { return l.short() }

// Allowances gives the lines of a cohort that the viewer runs, newest first, a page at a
// time: before is the last line of the page before. One query.
func (s Store) Allowances(ctx context.Context, v people.Viewer, cohort cohorts.CohortID, before AllowanceID) (list []AllowanceLine, next AllowanceID, err error) {
	list = []AllowanceLine{}
	q := s.db.NewSelect().TableExpr("allowances AS given").
		ColumnExpr("given.id, given.enrolment_id, given.module_id, given.kind, given.amount, given.reason, given.undoes, given.at").
		ColumnExpr("person.chosen_name, person.given_name, person.family_name").
		ColumnExpr("COALESCE(NULLIF(giver.chosen_name, ''), giver.given_name, '') AS by").
		ColumnExpr("EXISTS (SELECT 1 FROM allowances AS undone WHERE undone.undoes = given.id) AS undone").
		ColumnExpr(unanswered+" AS waits").
		Join("JOIN enrolments AS enrolment ON enrolment.id = given.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id").
		Join("LEFT JOIN persons AS giver ON giver.id = given.by_person").
		Where("cohort.id = ?", cohort).Apply(cohorts.RunBy(v)).OrderExpr("given.id DESC").Limit(cohorts.PageSize + 1)
	if before != "" {
		q = q.Where("given.id < ?", before)
	}
	if err := q.Scan(ctx, &list); err != nil {
		return nil, "", fmt.Errorf("allowances of cohort %q: %w", cohort, err)
	}
	if len(list) > cohorts.PageSize {
		list = list[:cohorts.PageSize]
		next = list[len(list)-1].ID
	}
	return list, next, nil
}
