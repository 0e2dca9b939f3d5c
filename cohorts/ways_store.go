package cohorts

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// waysOf selects the totals of enrolments with what names their course.
func (s Store) waysOf() *bun.SelectQuery {
	return s.totals().
		ColumnExpr("cohort.edition_id, cohort.course_code, cohort.number, cohort.starts_on, cohort.ends_on, cohort.time_zone, enrolment.award").
		ColumnExpr("edition.title_en, edition.title_es, edition.weeks")
}

// Way gives one place with where it stands: one's own, or one that the viewer runs.
func (s Store) Way(ctx context.Context, v people.Viewer, id EnrolmentID) (Way, error) {
	var way Way
	err := s.waysOf().Where("enrolment.id = ?", id).Apply(EnrolmentsVisibleTo(v)).Scan(ctx, &way)
	if err != nil {
		return Way{}, fmt.Errorf("enrolment %q: %w", id, database.One(err))
	}
	return way, nil
}

// MyWays gives the viewer's own places that were not withdrawn with where each stands:
// those that still run first, then newest first.
func (s Store) MyWays(ctx context.Context, v people.Viewer) ([]Way, error) {
	list := []Way{}
	if !v.SignedIn() {
		return list, nil
	}
	err := s.waysOf().Where("enrolment.person_id = ? AND enrolment.sector = ? AND enrolment.state <> ?", v.Person(), v.Sector(), Withdrawn).
		OrderExpr("CASE WHEN enrolment.state = ? THEN 0 ELSE 1 END, enrolment.enrolled_at DESC, enrolment.id DESC", Active).
		Limit(PageSize).Scan(ctx, &list)
	return list, err
}

// Forecast gives the places that still run, in open cohorts that the viewer runs, by cohort
// and name, at most a page of each: of who can no longer reach the course's minutes
// without a make-up or has missed so much that it is told (Totals.Warned), and of whose confirmed minutes are enough, so that a decision can be
// made where the rest of the checklist is met.
func (s Store) Forecast(ctx context.Context, v people.Viewer) (slipping, complete []Way, err error) {
	const least = "way.required - (CASE WHEN way.rule = ? THEN way.required / 10 ELSE 0 END)"
	running := s.waysOf().ColumnExpr("person.sort_key").
		Where("cohort.sector = ? AND cohort.state = ? AND enrolment.state = ?", v.Sector(), CohortOpen, Active).Apply(RunBy(v))
	told := s.db.NewSelect().TableExpr("(?) AS way", running).ColumnExpr("way.*").
		ColumnExpr("CASE WHEN way.confirmed >= "+least+" THEN 1 ELSE 0 END AS enough", Ninety).
		Where("way.confirmed >= "+least+" OR way.attended + way.made_up + way.ahead < "+least+
			" OR (way.held - way.attended - way.made_up) * 100 >= way.required * ?", Ninety, Ninety, firstWarning)
	paged := s.db.NewSelect().TableExpr("(?) AS way", told).ColumnExpr("way.*").
		ColumnExpr("ROW_NUMBER() OVER (PARTITION BY way.enough ORDER BY way.starts_on, way.cohort_id, way.sort_key, way.enrolment_id) AS place")
	var rows []struct {
		Way
		Enough int `bun:"enough"`
	}
	err = s.db.NewSelect().TableExpr("(?) AS way", paged).
		ColumnExpr(`way.enrolment_id, way.person_id, way.cohort_id, way.state, way.name, way.rule, way.required, way.hour,
			way.attended, way.made_up, way.confirmed, way.held, way.ahead, way.edition_id, way.course_code, way.number,
			way.starts_on, way.ends_on, way.time_zone, way.title_en, way.title_es, way.weeks, way.enough`).
		Where("way.place <= ?", PageSize).OrderExpr("way.place").Scan(ctx, &rows)
	for _, row := range rows {
		if row.Enough == 1 {
			complete = append(complete, row.Way)
		} else {
			slipping = append(slipping, row.Way)
		}
	}
	return slipping, complete, err
}

// JointsToAnswer lists the joint sessions that another sector proposes to the one that
// the viewer runs and that wait for its yes, next first; not those that the viewer
// proposed themselves from the other side of a bridge.
func (s Store) JointsToAnswer(ctx context.Context, v people.Viewer) ([]JointSession, error) {
	list := []JointSession{}
	if !v.RunsSector() {
		return list, nil
	}
	err := s.db.NewSelect().Model((*JointSession)(nil)).ColumnExpr("joint_session.*").
		Join("JOIN joint_sides AS side ON side.joint_id = joint_session.id AND side.sector = ?", v.Sector()).
		Where("joint_session.state = ? AND side.yes_by IS NULL AND joint_session.starts_at > ?", Proposed, s.now()).
		Where("NOT EXISTS (SELECT 1 FROM joint_sides AS said WHERE said.joint_id = joint_session.id AND said.yes_by = ?)", v.Person()).
		OrderExpr("joint_session.starts_at, joint_session.id").Limit(PageSize).Scan(ctx, &list)
	return list, err
}

// Numbered gives the cohorts of a number, of whatever course, that the viewer may know
// of, newest first: at most a page.
func (s Store) Numbered(ctx context.Context, v people.Viewer, number int) ([]Summary, error) {
	list := []Summary{}
	err := s.summaries().Where("cohort.number = ?", number).Apply(VisibleTo(v)).OrderExpr("cohort.id DESC").Limit(PageSize).Scan(ctx, &list)
	return list, err
}

// Classes gives the sessions that the viewer attends or teaches and that end after one
// time and begin before another, in order, at most so many, each with who teaches it.
func (s Store) Classes(ctx context.Context, v people.Viewer, from, to time.Time, most int) ([]Class, error) {
	if !v.SignedIn() {
		return nil, nil
	}
	mine := s.db.NewSelect().TableExpr("sessions AS session").ColumnExpr("session.id").
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Where("session.sector = ? AND session.ends_at > ? AND session.starts_at < ? AND session.state <> ?", v.Sector(), from, to, Cancelled).
		Where(`(EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = cohort.id AND i.person_id = ? AND i.ended_at IS NULL AND `+teaches("i", "session")+`)
			OR EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = cohort.id AND e.person_id = ? AND e.state = ?))`,
			v.Person(), v.Person(), Active).
		OrderExpr("session.starts_at, session.id").Limit(int64(most))
	var rows []struct {
		Session
		Instructor string          `bun:"instructor,scanonly"`
		TeacherID  people.PersonID `bun:"teacher_id,scanonly"`

		MovedFrom courses.EditionID `bun:"moved_from,scanonly"`
	}
	err := s.sessions(v).
		ColumnExpr("COALESCE(NULLIF(person.chosen_name, ''), NULLIF(person.given_name, ''), person.family_name, '') AS instructor").
		ColumnExpr("COALESCE(teaches.person_id, '') AS teacher_id").
		ColumnExpr("COALESCE((?), '') AS moved_from", s.movedFrom(v)).
		Join("LEFT JOIN cohort_instructors AS teaches ON teaches.cohort_id = cohort.id AND teaches.ended_at IS NULL AND "+teaches("teaches", "session")).
		Join("LEFT JOIN persons AS person ON person.id = teaches.person_id").
		Where("session.id IN (?)", mine).
		OrderExpr("session.starts_at, session.id, teaches.role, instructor").Scan(ctx, &rows)
	if err != nil {
		return nil, err
	}
	list := []Class{}
	for _, row := range rows {
		if n := len(list); n == 0 || list[n-1].ID != row.ID {
			list = append(list, Class{Session: row.Session, MovedFrom: row.MovedFrom})
		}
		last := &list[len(list)-1]
		if row.Instructor != "" {
			last.With = append(last.With, row.Instructor)
		}
		last.Teaches = last.Teaches || row.TeacherID == v.Person()
	}
	return list, nil
}

// Turnouts tells, for every session of a cohort that the viewer runs and that has
// marks, how many came. Who withdrew is left out.
func (s Store) Turnouts(ctx context.Context, v people.Viewer, cohort CohortID) ([]Turnout, error) {
	list := []Turnout{}
	err := s.db.NewSelect().TableExpr("marks AS mark").
		ColumnExpr("mark.session_id").
		ColumnExpr("SUM(CASE WHEN mark.status = ? AND mark.minutes_late + mark.minutes_early = 0 THEN 1 ELSE 0 END) AS present", Present).
		ColumnExpr("SUM(CASE WHEN mark.status = ? AND mark.minutes_late + mark.minutes_early > 0 THEN 1 ELSE 0 END) AS late", Present).
		ColumnExpr("SUM(CASE WHEN mark.status = ? THEN 1 ELSE 0 END) AS excused", Excused).
		ColumnExpr("SUM(CASE WHEN mark.status = ? THEN 1 ELSE 0 END) AS absent", Absent).
		ColumnExpr(`SUM(CASE WHEN mark.status = ?
			AND NOT EXISTS (SELECT 1 FROM make_ups AS m WHERE m.session_id = mark.session_id AND m.enrolment_id = mark.enrolment_id)
			AND COALESCE((SELECT SUM(l.minutes) FROM ledger_lines AS l WHERE l.enrolment_id = mark.enrolment_id AND l.session_id = mark.session_id), 0) < session.minutes
			THEN 1 ELSE 0 END) AS owed`, Present).
		Join("JOIN sessions AS session ON session.id = mark.session_id").
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Join("JOIN enrolments AS enrolment ON enrolment.id = mark.enrolment_id AND enrolment.state <> ?", Withdrawn).
		Where("cohort.id = ?", cohort).
		Where("mark.seq = (SELECT MAX(newer.seq) FROM marks AS newer WHERE newer.session_id = mark.session_id AND newer.enrolment_id = mark.enrolment_id)").
		Apply(RunBy(v)).GroupExpr("mark.session_id").Scan(ctx, &list)
	return list, err
}
