package cohorts

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Coming gives a class that the viewer still attends or teaches and that has not begun,
// with the highest care level of its modules; else fault.NotFound.
func (s Store) Coming(ctx context.Context, v people.Viewer, id SessionID) (Session, int, error) {
	var row struct {
		Session
		Care int `bun:"care,scanonly"`
	}
	err := s.sessions(v).ColumnExpr(careOf+" AS care").Where("session.id = ? AND session.starts_at > ? AND session.state = ?", id, s.now(), Planned).
		Where(attends, v.Person(), v.Person(), Active).Apply(VisibleTo(v)).Scan(ctx, &row)
	return row.Session, row.Care, database.One(err)
}

// Missed gives a class that the viewer, whose place runs, was absent from; fault.NotFound
// where the newest mark says otherwise.
func (s Store) Missed(ctx context.Context, v people.Viewer, id SessionID) (Session, error) {
	var session Session
	err := s.sessions(v).Join("JOIN enrolments AS e ON e.cohort_id = session.cohort_id AND e.person_id = ? AND e.state = ?", v.Person(), Active).
		Where("session.id = ? AND session.state IN (?, ?) AND "+saysOfThem+" = ?", id, Closed, Confirmed, Absent).Apply(VisibleTo(v)).Scan(ctx, &session)
	return session, database.One(err)
}

// Comes says whether the viewer teaches a class's cohort or has a place in it that runs.
func (s Store) Comes(ctx context.Context, v people.Viewer, id SessionID) (bool, error) {
	var comes bool
	err := s.db.NewRaw(`SELECT EXISTS (SELECT 1 FROM sessions AS session JOIN cohorts AS cohort ON cohort.id = session.cohort_id
		WHERE session.id = ? AND session.sector = ? AND `+attends+`)`, id, v.Sector(), v.Person(), v.Person(), Active).Scan(ctx, &comes)
	return comes, err
}
