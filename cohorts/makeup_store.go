package cohorts

import (
	"context"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Absences gives the closed sessions in which one enrolment (one's own, or one that
// the viewer runs) lacks minutes that a make-up could still cure, in order.
func (s Store) Absences(ctx context.Context, v people.Viewer, id EnrolmentID) ([]Absence, error) {
	all, err := s.held(ctx, v, id)
	if err != nil {
		return nil, err
	}
	open := []Absence{}
	for _, a := range all {
		if a.Open() > 0 {
			open = append(open, a)
		}
	}
	return open, nil
}

// held gives every session of an enrolment whose roll is closed, with what it brought.
func (s Store) held(ctx context.Context, v people.Viewer, id EnrolmentID) ([]Absence, error) {
	all := []Absence{}
	const sum = "COALESCE((SELECT SUM(l.minutes) FROM ledger_lines AS l WHERE l.enrolment_id = enrolment.id AND l.session_id = session.id AND l.kind = ?), 0)"
	err := s.sessions(v).
		ColumnExpr(sum+" AS earned", ForSession).ColumnExpr(sum+" AS made_up", ForMakeUp).
		ColumnExpr("COALESCE((SELECT m.status FROM marks AS m WHERE m.session_id = session.id AND m.enrolment_id = enrolment.id ORDER BY m.seq DESC LIMIT 1), ?) AS status", Unmarked).
		Join("JOIN enrolments AS enrolment ON enrolment.cohort_id = cohort.id").
		Where("enrolment.id = ? AND session.state IN (?, ?)", id, Closed, Confirmed).
		Apply(EnrolmentsVisibleTo(v)).OrderExpr("session.position").Scan(ctx, &all)
	return all, err
}

// MakeUps gives the make-ups of one enrolment (one's own, or one that the viewer runs).
func (s Store) MakeUps(ctx context.Context, v people.Viewer, id EnrolmentID) ([]MakeUp, error) {
	list := []MakeUp{}
	err := s.db.NewSelect().Model((*MakeUp)(nil)).
		ColumnExpr("make_up.*, "+shownName+" AS by_name, session.position, es.title_en AS session_en, es.title_es AS session_es").
		Join("JOIN enrolments AS enrolment ON enrolment.id = make_up.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN sessions AS session ON session.id = make_up.session_id").
		Join("JOIN edition_sessions AS es ON es.id = session.edition_session_id").
		Join("JOIN persons AS by_person ON by_person.id = make_up.approved_by").
		Where("make_up.enrolment_id = ?", id).Apply(EnrolmentsVisibleTo(v)).
		OrderExpr("make_up.approved_at, make_up.id").Scan(ctx, &list)
	return list, err
}

// Approve adds the minutes of a make-up to the absence that it cures, approved by the
// viewer. Never more than the session's minutes that nothing has cured; self-study
// never more than the edition's share of what was missed. The form sent twice adds one.
func (s Store) Approve(ctx context.Context, v people.Viewer, m NewMakeUp) error {
	if err := m.Validate(s.people.Today()); err != nil {
		return err
	}
	if m.Line == "" {
		m.Line = database.NewID()
	}
	m.Line = lineIn(string(m.Enrolment)+":"+string(m.Session), m.Line)
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.hold(ctx, v, m.Session, fault.Conflict("cohorts.make_up.roll_open"), Closed, Confirmed)
		if err != nil {
			return err
		}
		// Self-study counts over all absences: the enrolment is held besides the session.
		if _, err := s.db.NewRaw(`UPDATE enrolments SET revision = revision + 1 WHERE id = ? AND cohort_id = ?`, m.Enrolment, session.CohortID).Exec(ctx); err != nil {
			return err
		}
		if sent, err := s.sentMakeUp(ctx, m); err != nil || sent {
			return err
		}
		if err := s.wasHeld(ctx, m); err != nil {
			return err
		}
		minutes, err := s.fitsAbsence(ctx, v, m)
		if err != nil {
			return err
		}
		m.Minutes = minutes
		return s.insertMakeUp(ctx, v, m)
	})
}

// ApproveForAll makes up a class that ended early, for everyone who was present: to
// each what they still lack of it, at most what the class was short. Line is the
// form's own id. Who stands above the viewer elsewhere (rule 17) is left out.
func (s Store) ApproveForAll(ctx context.Context, v people.Viewer, m NewMakeUp) (count int, err error) {
	if err := m.Validate(s.people.Today()); err != nil {
		return 0, err
	}
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.hold(ctx, v, m.Session, fault.Conflict("cohorts.make_up.roll_open"), Closed, Confirmed)
		if err != nil {
			return err
		}
		short := session.Minutes - session.Held(session.Grace)
		if short <= 0 {
			return fault.Conflict("cohorts.make_up.not_short")
		}
		lacking, err := s.lacking(ctx, v, session)
		if err != nil {
			return err
		}
		for _, one := range lacking {
			each := m
			each.Enrolment, each.Minutes, each.Line = one.EnrolmentID, min(short, session.Cap(session.Grace)-one.Stands), m.Line+":"+string(one.EnrolmentID)
			if each.Minutes <= 0 {
				continue
			}
			if err := s.Approve(ctx, v, each); err != nil {
				return err
			}
			count++
		}
		return nil
	})
	return count, err
}

// lack is who was present in a class and what of its minutes stands to them.
type lack struct {
	EnrolmentID EnrolmentID `bun:"enrolment_id"`
	Stands      int         `bun:"stands"`
}

func (s Store) lacking(ctx context.Context, v people.Viewer, session Session) ([]lack, error) {
	list := []lack{}
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id").
		ColumnExpr("COALESCE((SELECT SUM(l.minutes) FROM ledger_lines AS l WHERE l.enrolment_id = enrolment.id AND l.session_id = ?), 0) AS stands", session.ID).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("cohort.id = ? AND enrolment.state = ?", session.CohortID, Active).
		Where("(SELECT m.status FROM marks AS m WHERE m.session_id = ? AND m.enrolment_id = enrolment.id ORDER BY m.seq DESC LIMIT 1) = ?", session.ID, Present).
		Apply(RunBy(v)).Apply(NotOverOneself(v, s.people.Today())).OrderExpr("enrolment.id").Scan(ctx, &list)
	return list, err
}

func (s Store) sentMakeUp(ctx context.Context, m NewMakeUp) (bool, error) {
	n, err := s.db.NewSelect().Model((*MakeUp)(nil)).
		Where("line = ? AND enrolment_id = ? AND session_id = ?", m.Line, m.Enrolment, m.Session).Count(ctx)
	return n > 0, err
}

// at is the class in which a make-up was done, or NULL where none is named.
func (m NewMakeUp) at() any {
	if m.At == "" {
		return nil
	}
	return m.At
}

// wasHeld refuses a class that could not have made up the session: another session of the
// map, one of another sector or of the same cohort, and one that is not over.
func (s Store) wasHeld(ctx context.Context, m NewMakeUp) error {
	if m.At == "" {
		return nil
	}
	var there int
	err := s.db.NewRaw(`SELECT COUNT(*) FROM sessions AS missed JOIN sessions AS elsewhere ON elsewhere.edition_session_id = missed.edition_session_id
		AND elsewhere.sector = missed.sector AND elsewhere.cohort_id <> missed.cohort_id
		WHERE missed.id = ? AND elsewhere.id = ? AND elsewhere.state <> ? AND elsewhere.ends_at <= ?`, m.Session, m.At, Cancelled, s.now()).Scan(ctx, &there)
	if err == nil && there == 0 {
		return fault.Invalid("at", "cohorts.make_up.at")
	}
	return err
}

// insertMakeUp writes the make-up and its ledger line; rule 17 is in the statement.
func (s Store) insertMakeUp(ctx context.Context, v people.Viewer, m NewMakeUp) error {
	id := database.NewID()
	fair := notOverOneself(v, s.people.Today())
	res, err := s.db.NewRaw(`INSERT INTO make_ups (id, enrolment_id, session_id, kind, minutes, done_on, line, approved_by, approved_at, at_session)
		SELECT ?, enrolment.id, ?, ?, ?, ?, ?, ?, ?, ? FROM enrolments AS enrolment JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id
		WHERE enrolment.id = ? AND (`+fair.sql+`)`,
		with([]any{id, m.Session, m.Kind, m.Minutes, m.DoneOn, m.Line, v.Person(), s.now(), m.at(), m.Enrolment}, fair)...).Exec(ctx)
	if err := database.Changed(res, err, fault.Forbidden); err != nil {
		return err
	}
	line := LedgerLine{ID: database.NewID(), EnrolmentID: m.Enrolment, SessionID: m.Session, Kind: ForMakeUp, Minutes: m.Minutes,
		Cause: "make_up:" + id, ByPerson: v.Person(), At: s.now()}
	if _, err := s.db.NewInsert().Model(&line).Exec(ctx); err != nil {
		return err
	}
	return s.note(ctx, v, "make_up", m.Enrolment)
}

// fitsAbsence gives the minutes that a make-up adds. It refuses more than the absence
// has open, an absence that has none, and more self-study than its share. It reads under
// the hold of the session and the enrolment.
func (s Store) fitsAbsence(ctx context.Context, v people.Viewer, m NewMakeUp) (int, error) {
	all, err := s.held(ctx, v, m.Enrolment)
	if err != nil {
		return 0, err
	}
	open, missed, there := 0, 0, false
	for _, a := range all {
		missed += a.Open() + a.MadeUp
		if a.ID == m.Session {
			open, there = a.Open(), true
		}
	}
	if !there {
		return 0, fmt.Errorf("enrolment %q: %w", m.Enrolment, fault.NotFound)
	}
	minutes := m.Minutes
	if minutes == 0 {
		minutes = open
	}
	if minutes > open || open == 0 {
		return 0, fault.Invalid("minutes", "cohorts.make_up.too_many", "Max", open)
	}
	if m.Kind != SelfStudy {
		return minutes, nil
	}
	var studied struct{ Share, Minutes int }
	err = s.db.NewRaw(`SELECT edition.self_study AS share, COALESCE((SELECT SUM(m.minutes) FROM make_ups AS m
			WHERE m.enrolment_id = enrolment.id AND m.kind = ? AND m.taken_back_at IS NULL), 0) AS minutes
		FROM enrolments AS enrolment JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id JOIN editions AS edition ON edition.id = cohort.edition_id
		WHERE enrolment.id = ?`, SelfStudy, m.Enrolment).Scan(ctx, &studied)
	if left := missed*studied.Share/100 - studied.Minutes; err == nil && minutes > left {
		return 0, fault.Invalid("minutes", "cohorts.make_up.self_study", "Max", max(0, left), "Share", studied.Share)
	}
	return minutes, err
}

// note writes an audit line that the person of the enrolment can read.
func (s Store) note(ctx context.Context, v people.Viewer, act string, id EnrolmentID) error {
	var person people.PersonID
	if err := s.db.NewRaw(`SELECT person_id FROM enrolments WHERE id = ?`, id).Scan(ctx, &person); err != nil {
		return err
	}
	return s.people.Note(ctx, v, act, person, "enrolments/"+string(id))
}
