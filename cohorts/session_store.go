package cohorts

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// sessions selects sessions with what a page shows of them.
func (s Store) sessions(v people.Viewer) *bun.SelectQuery {
	run := runBy(v)
	return s.db.NewSelect().Model((*Session)(nil)).
		ColumnExpr("session.*, es.title_en, es.title_es, es.joint, es.breaks").
		ColumnExpr("room.name AS room_name, room.address AS room_address, cohort.time_zone, es.edition_id, cohort.course_code, cohort.number").
		ColumnExpr("edition.title_en AS course_en, edition.title_es AS course_es, edition.grace").
		ColumnExpr("CASE WHEN "+run.sql+" THEN TRUE ELSE FALSE END AS runs", run.args...).
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Join("JOIN edition_sessions AS es ON es.id = session.edition_session_id").
		// Its own: a session that was held keeps its map and grace when the cohort moves on.
		Join("JOIN editions AS edition ON edition.id = es.edition_id").
		Join("LEFT JOIN rooms AS room ON room.id = session.room_id")
}

// Session gives one session of a cohort that the viewer may know of, else fault.NotFound.
func (s Store) Session(ctx context.Context, v people.Viewer, id SessionID) (Session, error) {
	return s.oneSession(ctx, v, id, VisibleTo(v))
}

// SessionRunBy gives one session of a cohort that the viewer runs, else fault.NotFound.
func (s Store) SessionRunBy(ctx context.Context, v people.Viewer, id SessionID) (Session, error) {
	return s.oneSession(ctx, v, id, RunBy(v))
}

func (s Store) oneSession(ctx context.Context, v people.Viewer, id SessionID, wall func(*bun.SelectQuery) *bun.SelectQuery) (Session, error) {
	var session Session
	err := s.sessions(v).ColumnExpr(careOfMap+" AS care").Where("session.id = ?", id).Apply(wall).Scan(ctx, &session)
	if err != nil {
		return Session{}, fmt.Errorf("session %q: %w", id, database.One(err))
	}
	return session, nil
}

// Sessions lists the sessions of a cohort that the viewer may know of, in order.
func (s Store) Sessions(ctx context.Context, v people.Viewer, cohort CohortID) ([]Session, error) {
	list := []Session{}
	err := s.sessions(v).ColumnExpr(careOfMap+" AS care").Where("session.cohort_id = ?", cohort).Apply(VisibleTo(v)).
		OrderExpr("session.starts_at, session.position").Scan(ctx, &list)
	return list, err
}

// Between lists the sessions that the viewer attends or teaches from one time to
// another, in order: their own calendar.
func (s Store) Between(ctx context.Context, v people.Viewer, from, to time.Time) ([]Session, error) {
	list := []Session{}
	if !v.SignedIn() {
		return list, nil
	}
	err := s.sessions(v).
		Where("session.starts_at >= ? AND session.starts_at < ? AND session.state <> ?", from, to, Cancelled).
		Where(`(EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = ? AND i.ended_at IS NULL)
			OR EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = cohort.id AND e.person_id = ? AND e.state = ?))`,
			v.Person(), v.Person(), Active).
		Apply(VisibleTo(v)).OrderExpr("session.starts_at, session.id").Limit(200).Scan(ctx, &list)
	return list, err
}

// OfSector lists the sessions of the sector that the viewer runs from one time to
// another, in order: the coordinator's day.
func (s Store) OfSector(ctx context.Context, v people.Viewer, from, to time.Time) ([]Session, error) {
	if !v.RunsSector() {
		return nil, fault.Forbidden
	}
	list := []Session{}
	err := s.sessions(v).Where("session.sector = ? AND session.starts_at >= ? AND session.starts_at < ? AND session.state <> ?", v.Sector(), from, to, Cancelled).
		OrderExpr("session.starts_at, session.id").Limit(200).Scan(ctx, &list)
	return list, err
}

// ToConfirm lists closed sessions of cohorts that the viewer runs and may confirm, the
// longest waiting first: not those whose roll they closed themselves, nor those where
// rule 17 forbids it. See Session.Overdue.
func (s Store) ToConfirm(ctx context.Context, v people.Viewer) ([]Session, error) {
	list := []Session{}
	err := s.sessions(v).Where("session.id IN (?)", s.confirmable(v).ColumnExpr("session.id")).
		OrderExpr("session.closed_at, session.id").Scan(ctx, &list)
	return list, err
}

// confirmable selects a page of the sessions that ToConfirm lists.
func (s Store) confirmable(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("sessions AS session").Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Where("session.sector = ? AND session.state = ? AND (session.closed_by IS NULL OR session.closed_by <> ?)", v.Sector(), Closed, v.Person()).
		Apply(RunBy(v)).Apply(notOverAnyone(v, s.people.Today()).on).OrderExpr("session.closed_at, session.id").Limit(PageSize)
}

// hold takes the session for the length of the transaction, so that marks, times and
// confirmations of one session follow one another. It fails with fault.NotFound when
// the viewer does not run it, with otherwise when it is not in one of the states.
func (s Store) hold(ctx context.Context, v people.Viewer, id SessionID, otherwise error, states ...SessionState) (Session, error) {
	run := runBy(v)
	res, err := s.db.NewRaw(`UPDATE sessions SET revision = revision + 1 WHERE id = ? AND state IN (?)
		AND EXISTS (SELECT 1 FROM cohorts AS cohort WHERE cohort.id = sessions.cohort_id AND `+run.sql+`)`,
		with([]any{id, bun.List(states)}, run)...).Exec(ctx)
	if err := database.Changed(res, err, otherwise); err != nil {
		if _, lost := s.SessionRunBy(ctx, v, id); lost != nil {
			return Session{}, lost
		}
		return Session{}, err
	}
	return s.SessionRunBy(ctx, v, id)
}

// SetActualTimes says when a session really began and ended; the minutes of everyone
// present follow. A closed roll stays closed by who sets them, and a session that was
// confirmed keeps its times: then a correction of the marks is the way.
func (s Store) SetActualTimes(ctx context.Context, v people.Viewer, id SessionID, times ActualTimes) error {
	if err := times.Validate(); err != nil {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.hold(ctx, v, id, fault.Conflict("cohorts.session.confirmed_already"), Planned, Closed)
		if err != nil {
			return err
		}
		if session.RollOpensAt().After(s.now()) {
			return fault.Conflict("cohorts.roll.not_yet")
		}
		session.ActualStartsAt, session.ActualEndsAt = &times.From, &times.To
		if err := s.keepsMakeUps(ctx, session); err != nil {
			return err
		}
		fair := notOverAnyone(v, s.people.Today())
		res, err := s.db.NewRaw(`UPDATE sessions SET actual_starts_at = ?, actual_ends_at = ? WHERE id = ?
			AND EXISTS (SELECT 1 FROM cohorts AS cohort WHERE cohort.id = sessions.cohort_id AND `+fair.sql+`)`,
			with([]any{times.From, times.To, id}, fair)...).Exec(ctx)
		if err := database.Changed(res, err, fault.Forbidden); err != nil {
			return err
		}
		if err := s.vouchAgain(ctx, v, id); err != nil {
			return err
		}
		if err := s.countLateAnew(ctx, v, session); err != nil {
			return err
		}
		return s.repostSession(ctx, v, id)
	})
}

// vouchAgain makes the viewer the one who vouches for a closed roll that they have
// changed, so that somebody else confirms it. An open roll stays open.
func (s Store) vouchAgain(ctx context.Context, v people.Viewer, id SessionID) error {
	_, err := s.db.NewRaw(`UPDATE sessions SET state = ?, closed_by = ?, closed_at = ?, confirmed_by = NULL, confirmed_at = NULL
		WHERE id = ? AND state IN (?, ?)`, Closed, nullPerson(v), s.now(), id, Closed, Confirmed).Exec(ctx)
	return err
}

// keepsMakeUps refuses times under which make-ups of the session would be more than it
// has minutes.
func (s Store) keepsMakeUps(ctx context.Context, session Session) error {
	var most int
	err := s.db.NewRaw(`SELECT COALESCE(MAX(of_one.minutes), 0) FROM (SELECT SUM(minutes) AS minutes FROM ledger_lines
		WHERE session_id = ? AND kind = ? GROUP BY enrolment_id) AS of_one`, session.ID, ForMakeUp).Scan(ctx, &most)
	if err == nil && most > session.Cap(session.Grace) {
		return fault.Conflict("cohorts.actual.made_up")
	}
	return err
}

// Close ends the roll: the first of the two people who vouch for a session. Everyone
// must be marked, for not marked is not absent, and nobody in two ways at once.
func (s Store) Close(ctx context.Context, v people.Viewer, id SessionID) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.hold(ctx, v, id, fault.Conflict("cohorts.roll.closed_already"), Planned)
		if err != nil {
			return err
		}
		if session.StartsAt.After(s.now()) {
			return fault.Conflict("cohorts.roll.not_yet")
		}
		unmarked, err := s.db.NewSelect().TableExpr("enrolments AS e").
			Where("e.cohort_id = ? AND e.state <> ?", session.CohortID, Withdrawn).
			Where(newestStatus+" = ?", id, Unmarked).Count(ctx)
		if err != nil {
			return err
		}
		if unmarked > 0 {
			return fault.Invalid("roll", "cohorts.roll.unmarked", "Count", unmarked)
		}
		apart, err := s.db.NewSelect().TableExpr("marks AS mark").
			Join("JOIN enrolments AS e ON e.id = mark.enrolment_id AND e.state <> ?", Withdrawn).
			Where("mark.session_id = ? AND "+isNewest+" AND "+disputed, id).Count(ctx)
		if err != nil {
			return err
		}
		if apart > 0 {
			return fault.Invalid("roll", "cohorts.roll.disputed", "Count", apart)
		}
		fair := notOverAnyone(v, s.people.Today())
		res, err := s.db.NewRaw(`UPDATE sessions SET state = ?, closed_by = ?, closed_at = ? WHERE id = ?
			AND EXISTS (SELECT 1 FROM cohorts AS cohort WHERE cohort.id = sessions.cohort_id AND `+fair.sql+`)`,
			with([]any{Closed, nullPerson(v), s.now(), id}, fair)...).Exec(ctx)
		return database.Changed(res, err, fault.Forbidden)
	})
}

// newestStatus is what the newest line says of the enrolment e in a session.
const newestStatus = `COALESCE((SELECT m.status FROM marks AS m WHERE m.session_id = ? AND m.enrolment_id = e.id ORDER BY m.seq DESC LIMIT 1), 'none')`

// Confirm is the second person's yes to a session's roll: someone who runs the cohort
// and is not the one who closed or corrected it last. Its minutes count for graduation
// from then on.
func (s Store) Confirm(ctx context.Context, v people.Viewer, id SessionID) error {
	run, fair := runBy(v), notOverAnyone(v, s.people.Today())
	res, err := s.db.NewRaw(`UPDATE sessions SET state = ?, confirmed_by = ?, confirmed_at = ?, revision = revision + 1
		WHERE id = ? AND state = ? AND (closed_by IS NULL OR closed_by <> ?)
		AND EXISTS (SELECT 1 FROM cohorts AS cohort WHERE cohort.id = sessions.cohort_id AND `+run.sql+` AND `+fair.sql+`)`,
		with([]any{Confirmed, nullPerson(v), s.now(), id, Closed, v.Person()}, run, fair)...).Exec(ctx)
	err = database.Changed(res, err, fault.Forbidden)
	if err == nil {
		return nil
	}
	session, lost := s.SessionRunBy(ctx, v, id)
	switch {
	case lost != nil:
		return lost
	case session.State == Confirmed:
		return fault.Conflict("cohorts.session.confirmed_already")
	case session.State != Closed:
		return fault.Conflict("cohorts.confirm.roll_open")
	case session.ClosedBy == v.Person():
		return fault.Conflict("cohorts.confirm.second_person")
	}
	return err
}
