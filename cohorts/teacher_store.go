package cohorts

import (
	"context"
	"slices"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// teaches holds where an instructor of a cohort teaches one of its sessions: both are
// aliases. Of a session for which nobody is named, all do.
func teaches(instructor, session string) string {
	return `(NOT EXISTS (SELECT 1 FROM session_instructors AS named WHERE named.session_id = ` + session + `.id)
		OR EXISTS (SELECT 1 FROM session_instructors AS named WHERE named.session_id = ` + session + `.id AND named.person_id = ` + instructor + `.person_id))`
}

// careOfMap is the highest care level of the modules of a session's map (alias es), of the
// versions that its edition is pinned to; 0 where it names none.
const careOfMap = `COALESCE((SELECT MAX(pinned.care) FROM edition_parts AS piece
	JOIN edition_modules AS named ON named.edition_id = es.edition_id AND named.module_id = piece.module_id
	JOIN module_versions AS pinned ON pinned.module_id = named.module_id AND pinned.version = named.version
	WHERE piece.edition_session_id = es.id), 0)`

// ToSettle lists what waits for the viewer's hand in the cohorts that they run, in one
// query: sessions to confirm, as ToConfirm does, and those of the next three weeks that want
// two instructors and have fewer, the next first.
func (s Store) ToSettle(ctx context.Context, v people.Viewer) (confirm, pair []Session, err error) {
	if !v.RunsSector() {
		return nil, nil, fault.Forbidden
	}
	list := []Session{}
	unpaired := s.db.NewSelect().TableExpr("sessions AS session").ColumnExpr("session.id").
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Join("JOIN edition_sessions AS es ON es.id = session.edition_session_id").
		Where("session.sector = ? AND session.starts_at > ? AND session.starts_at < ? AND session.state = ?", v.Sector(), s.now(), s.now().Add(pairAhead), Planned).
		Where(careOfMap+" >= ?", pairCare).
		Where("(SELECT COUNT(*) FROM cohort_instructors AS i WHERE i.cohort_id = session.cohort_id AND i.ended_at IS NULL AND "+teaches("i", "session")+") < ?", pairSize).
		Apply(RunBy(v)).OrderExpr("session.starts_at, session.id").Limit(PageSize)
	err = s.sessions(v).Where("(session.id IN (?) OR session.id IN (?))", s.confirmable(v).ColumnExpr("session.id"), unpaired).
		OrderExpr("session.closed_at, session.starts_at, session.id").Scan(ctx, &list)
	for _, session := range list {
		if session.State == Closed {
			confirm = append(confirm, session)
		} else {
			pair = append(pair, session)
		}
	}
	return confirm, pair, err
}

// teachers selects the instructors of cohorts that the viewer may know of beside each
// session, lead first.
func (s Store) teachers(v people.Viewer) *bun.SelectQuery {
	return s.db.NewSelect().Model((*Teacher)(nil)).ModelTableExpr("cohort_instructors AS instructor").
		ColumnExpr("instructor.cohort_id, instructor.person_id, session.id AS session_id, COALESCE(own.role, instructor.role) AS role, " + shownName + " AS name").
		ColumnExpr("CASE WHEN " + teaches("instructor", "session") + " THEN TRUE ELSE FALSE END AS teaches").
		ColumnExpr("CASE WHEN own.person_id IS NULL THEN FALSE ELSE TRUE END AS named").
		Join("JOIN cohorts AS cohort ON cohort.id = instructor.cohort_id").
		Join("JOIN sessions AS session ON session.cohort_id = cohort.id").
		Join("JOIN persons AS by_person ON by_person.id = instructor.person_id").
		Join("LEFT JOIN session_instructors AS own ON own.session_id = session.id AND own.person_id = instructor.person_id").
		Where("instructor.ended_at IS NULL").Apply(VisibleTo(v)).
		OrderExpr("COALESCE(own.role, instructor.role), by_person.sort_key, instructor.person_id")
}

// SessionTeachers gives the instructors of a session's cohort, which the viewer may know
// of, and which of them teach the session.
func (s Store) SessionTeachers(ctx context.Context, v people.Viewer, session SessionID) ([]Teacher, error) {
	list := []Teacher{}
	err := s.teachers(v).Where("session.id = ?", session).Scan(ctx, &list)
	return list, err
}

// Teachers gives who teaches each session of a cohort that the viewer may know of.
func (s Store) Teachers(ctx context.Context, v people.Viewer, cohort CohortID) (map[SessionID][]Teacher, error) {
	list, of := []Teacher{}, map[SessionID][]Teacher{}
	err := s.teachers(v).Where("cohort.id = ?", cohort).Where(teaches("instructor", "session")).Scan(ctx, &list)
	for _, t := range list {
		of[t.SessionID] = append(of[t.SessionID], t)
	}
	return of, err
}

// SetTeachers says which of its cohort's instructors teach a session still to come, of a
// cohort that the viewer manages. What they may see and do in the cohort stays the same. A
// session that has changed since its page was shown is fault.Conflict.
func (s Store) SetTeachers(ctx context.Context, v people.Viewer, n NewTeachers) error {
	slices.Sort(n.Persons)
	n.Persons = slices.Compact(n.Persons)
	return s.changeTeachers(ctx, v, n.Session, n.Seen, func(ctx context.Context, s Store) error {
		team, err := s.SessionTeachers(ctx, v, n.Session)
		if err != nil {
			return err
		}
		if err := n.validate(team); err != nil {
			return err
		}
		for _, person := range n.Persons {
			if _, err := s.db.NewRaw(`INSERT INTO session_instructors (session_id, person_id, role, named_by, named_at) VALUES (?, ?, ?, ?, ?)`,
				n.Session, person, n.role(person), nullPerson(v), s.now()).Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

// ClearTeachers lets all instructors of the cohort teach a session again. It fails as
// SetTeachers does.
func (s Store) ClearTeachers(ctx context.Context, v people.Viewer, session SessionID, seen int) error {
	return s.changeTeachers(ctx, v, session, seen, func(context.Context, Store) error { return nil })
}

// changeTeachers takes the cohort and the session, which is as the viewer saw it and still
// to come, forgets who was named for it, names who is named now, and writes it down.
func (s Store) changeTeachers(ctx context.Context, v people.Viewer, id SessionID, seen int, name func(context.Context, Store) error) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.Session(ctx, v, id)
		if err != nil {
			return err
		}
		if _, err := s.holdCohort(ctx, v, session.CohortID); err != nil {
			return err
		}
		res, err := s.db.NewRaw(`UPDATE sessions SET revision = revision + 1 WHERE id = ? AND cohort_id = ? AND state = ? AND revision = ?`,
			id, session.CohortID, Planned, seen).Exec(ctx)
		if err := database.Changed(res, err, fault.Conflict("cohorts.teachers.meanwhile")); err != nil {
			return err
		}
		if _, err := s.db.NewRaw(`DELETE FROM session_instructors WHERE session_id = ?`, id).Exec(ctx); err != nil {
			return err
		}
		if err := name(ctx, s); err != nil {
			return err
		}
		return s.people.Note(ctx, v, "named_teachers", "", "sessions/"+string(id))
	})
}

// forgetTeacher takes who no longer teaches a cohort off its sessions that are still to
// come, or that may come back. Of those that were held it stays written who taught.
func (s Store) forgetTeacher(ctx context.Context, cohort CohortID, person people.PersonID) error {
	_, err := s.db.NewRaw(`DELETE FROM session_instructors WHERE person_id = ? AND session_id IN (
		SELECT session.id FROM sessions AS session WHERE session.cohort_id = ? AND session.state IN (?, ?))`, person, cohort, Planned, Cancelled).Exec(ctx)
	return err
}

// named are the instructors who are named for sessions of a cohort; the others are free
// then.
func (s Store) named(ctx context.Context, cohort CohortID) (map[SessionID][]people.PersonID, error) {
	var rows []struct {
		SessionID SessionID
		PersonID  people.PersonID
	}
	err := s.db.NewRaw(`SELECT named.session_id, named.person_id FROM session_instructors AS named
		JOIN sessions AS session ON session.id = named.session_id WHERE session.cohort_id = ?`, cohort).Scan(ctx, &rows)
	named := map[SessionID][]people.PersonID{}
	for _, row := range rows {
		named[row.SessionID] = append(named[row.SessionID], row.PersonID)
	}
	return named, err
}
