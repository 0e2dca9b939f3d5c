package cohorts

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// PlanMove shows what a move of a cohort to a newer edition would do; nothing is stored.
// Maps are the editions that its sessions are of, oldest first; see HeldEditions.
// Only who coordinates or directs the sector, and does not learn in the cohort, may.
func (s Store) PlanMove(ctx context.Context, v people.Viewer, id CohortID, to courses.Edition, maps ...courses.Edition) (MovePlan, error) {
	cohort, err := s.mayMove(ctx, v, id)
	if err != nil {
		return MovePlan{}, err
	}
	return s.planMove(ctx, v, cohort, to, maps)
}

// mayMove gives the cohort to who may move it.
func (s Store) mayMove(ctx context.Context, v people.Viewer, id CohortID) (Summary, error) {
	cohort, err := s.CohortRunBy(ctx, v, id)
	if err == nil && !v.RunsSector() {
		err = fault.Forbidden
	}
	return cohort, err
}

func (s Store) planMove(ctx context.Context, v people.Viewer, cohort Summary, to courses.Edition, maps []courses.Edition) (MovePlan, error) {
	var list []Fit
	err := s.sessions(v).
		ColumnExpr(`CASE WHEN EXISTS (SELECT 1 FROM joint_sides AS side JOIN joint_sessions AS joint ON joint.id = side.joint_id
			WHERE side.session_id = session.id AND joint.state <> ?) THEN TRUE ELSE FALSE END AS linked`, CalledOff).
		Where("session.cohort_id = ?", cohort.ID).Apply(RunBy(v)).OrderExpr("session.starts_at, session.position").Scan(ctx, &list)
	return planMove(cohort, list, to, maps, s.now()), err
}

// Move pins a cohort to a newer edition that is in force, and its sessions to its map; see
// MovePlan. What was earned stays: marks, ledger lines, readings, attempts and practicals
// are not touched; what is asked of a graduate is the newer edition's from then on. It is
// decided in the statement: of two at once one wins, and the other is told so by a
// fault.Conflict, as is who moves a cohort that is over, of which somebody has graduated,
// or whose minutes the newer edition can't fit. Fails with fault.Invalid without a reason.
func (s Store) Move(ctx context.Context, v people.Viewer, m NewMove, to courses.Edition, maps ...courses.Edition) error {
	if _, err := s.mayMove(ctx, v, m.Cohort); err != nil {
		return err
	}
	m.Reason = people.CleanText(m.Reason)
	if err := m.Validate(); err != nil {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.pin(ctx, v, m.Cohort, m.From, to.ID); err != nil {
			return err
		}
		cohort, err := s.mayMove(ctx, v, m.Cohort)
		if err != nil {
			return err
		}
		plan, err := s.planMove(ctx, v, cohort, to, maps)
		if err != nil {
			return err
		}
		for _, id := range m.Cancel {
			if !slices.ContainsFunc(plan.Gone, func(f Fit) bool { return f.ID == id }) {
				return fmt.Errorf("session %q: %w", id, fault.NotFound)
			}
		}
		if err := plan.Refusal(m.Cancel...); err != nil {
			return err
		}
		done, err := s.carryOut(ctx, plan, m.Cancel)
		if err != nil {
			return err
		}
		return s.recordMove(ctx, v, Move{CohortID: m.Cohort, FromEdition: m.From, ToEdition: to.ID, Reason: m.Reason, Sessions: done})
	})
}

// pin moves the cohort's row from one edition to another of its course, in the statement.
func (s Store) pin(ctx context.Context, v people.Viewer, id CohortID, from, to courses.EditionID) error {
	run, fair := runBy(v), notOverAnyone(v, s.people.Today())
	res, err := s.db.NewRaw(`UPDATE cohorts SET edition_id = ?, revision = revision + 1 WHERE id = ? AND edition_id = ? AND edition_id <> ? AND state = ?
		AND EXISTS (SELECT 1 FROM editions AS edition WHERE edition.id = ? AND edition.course_code = cohorts.course_code AND edition.sector = cohorts.sector AND edition.in_force_on <= ?)
		AND NOT EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = cohorts.id AND e.state = ?)
		AND EXISTS (SELECT 1 FROM cohorts AS cohort WHERE cohort.id = cohorts.id AND `+run.sql+` AND (`+fair.sql+`))`,
		with([]any{to, id, from, to, CohortOpen, to, s.people.Today(), Completed}, run, fair)...).Exec(ctx)
	if err := database.Changed(res, err, fault.Forbidden); err != fault.Forbidden {
		return err
	}
	cohort, err := s.mayMove(ctx, v, id)
	if err != nil {
		return err
	}
	graduated, err := s.db.NewSelect().TableExpr("enrolments AS e").Where("e.cohort_id = ? AND e.state = ?", id, Completed).Count(ctx)
	switch {
	case err != nil:
		return err
	case cohort.State != CohortOpen:
		return fault.Conflict("cohorts.move.ended")
	case graduated > 0:
		return fault.Conflict("cohorts.move.graduated")
	case cohort.EditionID != from || from == to:
		return fault.Conflict("cohorts.move.meanwhile")
	}
	return fault.Forbidden
}

// carryOut changes the sessions, each only while its roll has not opened and nobody has
// changed it meanwhile, and tells how each was before.
func (s Store) carryOut(ctx context.Context, plan MovePlan, cancel []SessionID) (done []MovedSession, err error) {
	meanwhile := fault.Conflict("cohorts.move.meanwhile")
	for _, f := range plan.Fits {
		ends := f.StartsAt.Add(time.Duration(f.To.Minutes+f.To.Breaks) * time.Minute)
		if f.Minutes == f.To.Minutes && f.Breaks == f.To.Breaks {
			ends = f.EndsAt
		}
		res, err := s.db.NewRaw(`UPDATE sessions SET edition_session_id = ?, minutes = ?, ends_at = ?, revision = revision + 1
			WHERE id = ? AND state = ? AND revision = ?`, f.To.ID, f.To.Minutes, ends, f.ID, Planned, f.Revision).Exec(ctx)
		if err := database.Changed(res, err, meanwhile); err != nil {
			return nil, err
		}
		done = append(done, MovedSession{ID: f.ID, Map: courses.EditionSessionID(f.EditionSessionID), Minutes: f.Minutes, EndsAt: f.EndsAt})
	}
	for _, f := range plan.Gone {
		if !slices.Contains(cancel, f.ID) {
			continue
		}
		res, err := s.db.NewRaw(`UPDATE sessions SET state = ?, revision = revision + 1 WHERE id = ? AND state = ? AND revision = ?`,
			Cancelled, f.ID, Planned, f.Revision).Exec(ctx)
		if err := database.Changed(res, err, meanwhile); err != nil {
			return nil, err
		}
		done = append(done, MovedSession{ID: f.ID, Map: courses.EditionSessionID(f.EditionSessionID), Minutes: f.Minutes, EndsAt: f.EndsAt})
	}
	var rows []Session
	for _, l := range plan.Added {
		row := Session{ID: SessionID(database.NewID()), CohortID: plan.Cohort.ID, EditionSessionID: l.EditionSessionID, Sector: plan.Cohort.Sector,
			Position: l.Position, Week: l.Week, Minutes: l.Topic.Minutes, StartsAt: l.Starts, EndsAt: l.Ends, Mode: InRoom, State: Planned}
		for _, like := range append(slices.Clone(plan.Held), sessionsOf(plan.Fits)...) {
			row.Mode, row.Link = like.Mode, like.Link
		}
		rows = append(rows, row)
		done = append(done, MovedSession{ID: row.ID, Added: true})
	}
	if len(rows) > 0 {
		_, err = s.db.NewInsert().Model(&rows).Exec(ctx)
	}
	return done, err
}

func sessionsOf(fits []Fit) (list []Session) {
	for _, f := range fits {
		list = append(list, f.Session)
	}
	return list
}

// recordMove writes the move down, lets the cohort end with its last session, and closes
// the keys and guides of what is taught now to its trainees, instead of what was.
func (s Store) recordMove(ctx context.Context, v people.Viewer, m Move) error {
	m.ID, m.MovedBy, m.MovedAt = database.NewID(), v.Person(), s.now()
	if m.Sessions == nil {
		m.Sessions = []MovedSession{}
	}
	if _, err := s.db.NewInsert().Model(&m).Exec(ctx); err != nil {
		return err
	}
	if err := s.spanCohort(ctx, v, m.CohortID); err != nil {
		return err
	}
	var places []Enrolment
	if err := s.db.NewSelect().Model(&places).Where("enrolment.cohort_id = ? AND enrolment.state = ?", m.CohortID, Active).Scan(ctx); err != nil {
		return err
	}
	modules, err := s.modulesOf(ctx, m.ToEdition)
	if err != nil {
		return err
	}
	closed := []content.Closed{}
	for _, place := range places {
		if err := s.content.ReopenAnswers(ctx, "enrolment:"+string(place.ID)); err != nil {
			return err
		}
		for _, module := range modules {
			closed = append(closed, content.Closed{PersonID: place.PersonID, ModuleID: module, Cause: "enrolment:" + string(place.ID)})
		}
	}
	return s.content.CloseAll(ctx, closed)
}

// LastMove is the newest move of a cohort that the viewer may move, else fault.NotFound.
func (s Store) LastMove(ctx context.Context, v people.Viewer, id CohortID) (Move, error) {
	var m Move
	err := s.db.NewSelect().Model(&m).Join("JOIN cohorts AS cohort ON cohort.id = move.cohort_id").
		Where("cohort.id = ?", id).Apply(RunBy(v)).OrderExpr("move.moved_at DESC, move.id DESC").Limit(1).Scan(ctx)
	if err != nil {
		return Move{}, fmt.Errorf("move of cohort %q: %w", id, database.One(err))
	}
	return m, nil
}

// MoveBack undoes the newest move of a cohort, with a reason, while no roll has opened
// under the newer edition: after that, fault.Conflict. What the move added is cancelled,
// what it cancelled and changed comes back.
func (s Store) MoveBack(ctx context.Context, v people.Viewer, id CohortID, move, reason string) error {
	if _, err := s.mayMove(ctx, v, id); err != nil {
		return err
	}
	reason = people.CleanText(reason)
	if err := (NewMove{Reason: reason}).Validate(); err != nil {
		return err
	}
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		last, err := s.LastMove(ctx, v, id)
		if err != nil {
			return err
		}
		if last.Undoes != nil || last.ID != move {
			return fault.Conflict("cohorts.move.meanwhile")
		}
		if err := s.pin(ctx, v, id, last.ToEdition, last.FromEdition); err != nil {
			return err
		}
		if err := s.notRescheduledSince(ctx, id, last.MovedAt); err != nil {
			return err
		}
		held, err := s.db.NewSelect().TableExpr("sessions AS session").Join("JOIN edition_sessions AS es ON es.id = session.edition_session_id").
			Where("session.cohort_id = ? AND es.edition_id = ? AND session.state <> ?", id, last.ToEdition, Cancelled).
			Where("(session.state <> ? OR session.starts_at <= ?)", Planned, s.now().Add(rollOpensBefore)).Count(ctx)
		if err != nil {
			return err
		}
		if held > 0 {
			return fault.Conflict("cohorts.move.held")
		}
		for _, was := range last.Sessions {
			if err := s.restore(ctx, was); err != nil {
				return err
			}
		}
		return s.recordMove(ctx, v, Move{CohortID: id, FromEdition: last.ToEdition, ToEdition: last.FromEdition, Reason: reason, Undoes: &last.ID})
	})
	if database.Unique(err) {
		return fault.Conflict("cohorts.move.meanwhile")
	}
	return err
}

// restore makes a session what it was before a move. One that was cancelled and whose
// time is past stays cancelled.
func (s Store) restore(ctx context.Context, was MovedSession) error {
	if was.Added {
		_, err := s.db.NewRaw(`UPDATE sessions SET state = ?, revision = revision + 1 WHERE id = ? AND state = ?`, Cancelled, was.ID, Planned).Exec(ctx)
		return err
	}
	_, err := s.db.NewRaw(`UPDATE sessions SET edition_session_id = ?, minutes = ?, ends_at = ?, revision = revision + 1,
		state = CASE WHEN state = ? AND starts_at > ? THEN ? ELSE state END WHERE id = ? AND state IN (?, ?)`,
		was.Map, was.Minutes, was.EndsAt, Cancelled, s.now(), Planned, was.ID, Planned, Cancelled).Exec(ctx)
	return err
}
