package cohorts

import (
	"context"
	"fmt"
	"slices"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// mostBookings is how many bookings are looked at for one plan.
const mostBookings = 2000

// holdRooms takes rooms that are released to the viewer's sector for the length of the
// transaction, so that who books one looks at its bookings after whoever booked it a moment
// ago.
func (s Store) holdRooms(ctx context.Context, v people.Viewer, rooms []string) error {
	slices.Sort(rooms)
	for _, room := range slices.Compact(rooms) {
		if room == "" {
			continue
		}
		if _, err := s.db.NewRaw(`UPDATE rooms SET capacity = capacity WHERE id = ?
			AND EXISTS (SELECT 1 FROM room_sectors AS released WHERE released.room_id = rooms.id AND released.sector = ?)`, room, v.Sector()).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

// roomBookings finds bookings of rooms, of any sector, without those of the sessions
// named. One of another sector is told without its name, and of a room that is not
// released to the viewer's sector nothing is told.
func (s Store) roomBookings(ctx context.Context, v people.Viewer, times []wanted, without []SessionID) ([]booking, error) {
	var rooms []string
	for _, want := range times {
		if want.room != "" && !slices.Contains(rooms, want.room) {
			rooms = append(rooms, want.room)
		}
	}
	if len(rooms) == 0 {
		return nil, nil
	}
	all, booked := around(times), []booking{}
	q := s.db.NewSelect().TableExpr("sessions AS session").ColumnExpr("? AS kind, session.starts_at, session.ends_at, session.room_id, '' AS person, '' AS person_id", RoomClash).
		ColumnExpr("CASE WHEN session.sector = ? THEN cohort.course_code ELSE '' END AS course_code", v.Sector()).
		ColumnExpr("CASE WHEN session.sector = ? THEN cohort.number ELSE 0 END AS number", v.Sector()).
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Where("session.room_id IN (?) AND session.state <> ?", bun.List(rooms), Cancelled).
		Where("EXISTS (SELECT 1 FROM room_sectors AS released WHERE released.room_id = session.room_id AND released.sector = ?)", v.Sector()).
		Where("session.starts_at < ? AND session.ends_at > ?", all.ends, all.starts).
		OrderExpr("session.starts_at, session.id").Limit(mostBookings)
	if len(without) > 0 {
		q = q.Where("session.id NOT IN (?)", bun.List(without))
	}
	return booked, q.Scan(ctx, &booked)
}

// peopleBookings finds what else in the sector those who teach and learn in a cohort teach
// or learn at the times.
func (s Store) peopleBookings(ctx context.Context, v people.Viewer, cohort CohortID, times []wanted) ([]booking, error) {
	return s.bookingsWhile(ctx, v, cohort, times, narrow{`SELECT i.person_id, ? AS kind FROM cohort_instructors AS i WHERE i.cohort_id = ? AND i.ended_at IS NULL
		UNION ALL SELECT e.person_id, ? AS kind FROM enrolments AS e WHERE e.cohort_id = ? AND e.state = ?`,
		[]any{InstructorClash, cohort, TraineeClash, cohort, Active}})
}

// bookingsOf finds what people of the sector, who are to teach, teach or learn at the times.
func (s Store) bookingsOf(ctx context.Context, v people.Viewer, persons []people.PersonID, times []wanted) ([]booking, error) {
	if len(persons) == 0 {
		return nil, nil
	}
	return s.bookingsWhile(ctx, v, "", times, narrow{`SELECT p.id AS person_id, ? AS kind FROM persons AS p WHERE p.sector = ? AND p.id IN (?)`,
		[]any{InstructorClash, v.Sector(), bun.List(persons)}})
}

// bookingsWhile finds what people have at the times, in cohorts of the sector other than
// the one named; ours are they, as a query of person_id and kind.
func (s Store) bookingsWhile(ctx context.Context, v people.Viewer, but CohortID, times []wanted, ours narrow) ([]booking, error) {
	booked := []booking{}
	if len(times) == 0 {
		return booked, nil
	}
	all := around(times)
	err := s.db.NewRaw(`WITH ours AS (`+ours.sql+`),
		there AS (
			SELECT ours.person_id, ours.kind, e.cohort_id, 1 AS learns FROM ours JOIN enrolments AS e ON e.person_id = ours.person_id AND e.state = ? AND e.cohort_id <> ?
			UNION SELECT ours.person_id, ours.kind, i.cohort_id, 0 AS learns FROM ours JOIN cohort_instructors AS i ON i.person_id = ours.person_id AND i.ended_at IS NULL AND i.cohort_id <> ?)
		SELECT there.kind, session.starts_at, session.ends_at, elsewhere.course_code, elsewhere.number, '' AS room_id, `+seatName+` AS person, there.person_id
		FROM there JOIN cohorts AS elsewhere ON elsewhere.id = there.cohort_id AND elsewhere.sector = ?
		JOIN sessions AS session ON session.cohort_id = elsewhere.id AND session.state <> ? AND session.starts_at < ? AND session.ends_at > ?
			AND (there.learns = 1 OR `+teaches("there", "session")+`)
		JOIN persons AS person ON person.id = there.person_id
		ORDER BY session.starts_at, there.kind, person.sort_key, person.id LIMIT ?`,
		append(with(nil, ours), Active, but, but, v.Sector(), Cancelled, all.ends, all.starts, mostBookings)...).Scan(ctx, &booked)
	return booked, err
}

// laidTimes are the times of laid sessions in one room.
func laidTimes(laid []Laid, room string) (times []wanted) {
	for _, l := range laid {
		times = append(times, wanted{span: span{l.Starts, l.Ends}, room: room})
	}
	return times
}

// PersonClashes tells which sessions ahead of a cohort that the viewer manages meet another
// class that each of the persons teaches or attends: before they are appointed or get a
// place.
func (s Store) PersonClashes(ctx context.Context, v people.Viewer, cohort CohortID, persons []people.PersonID) (map[people.PersonID][]Clash, error) {
	return s.personClashes(ctx, v, cohort, persons, "1 = 1")
}

// personClashes finds the clashes of those sessions of the cohort (alias session) for which
// a condition holds. Elsewhere a person who teaches is taken by what they teach themselves.
func (s Store) personClashes(ctx context.Context, v people.Viewer, cohort CohortID, persons []people.PersonID, which string) (map[people.PersonID][]Clash, error) {
	if !v.RunsSector() {
		return nil, fault.Forbidden
	}
	found := map[people.PersonID][]Clash{}
	if len(persons) == 0 {
		return found, nil
	}
	var rows []struct {
		Clash
		PersonID people.PersonID
	}
	managed := managedBy(v)
	err := s.db.NewRaw(`SELECT person.id AS person_id, session.starts_at AS starts, elsewhere.course_code, elsewhere.number
		FROM cohorts AS cohort
		JOIN persons AS person ON person.sector = cohort.sector AND person.id IN (?)
		JOIN (SELECT i.cohort_id, i.person_id, 0 AS learns FROM cohort_instructors AS i WHERE i.person_id IN (?) AND i.ended_at IS NULL
			UNION SELECT e.cohort_id, e.person_id, 1 AS learns FROM enrolments AS e WHERE e.person_id IN (?) AND e.state = ?) AS there ON there.person_id = person.id AND there.cohort_id <> cohort.id
		JOIN cohorts AS elsewhere ON elsewhere.id = there.cohort_id AND elsewhere.sector = cohort.sector
		JOIN sessions AS session ON session.cohort_id = cohort.id AND session.state = ? AND session.ends_at > ?
		JOIN sessions AS other ON other.cohort_id = elsewhere.id AND other.state <> ? AND other.starts_at < session.ends_at AND other.ends_at > session.starts_at
			AND (there.learns = 1 OR `+teaches("there", "other")+`)
		WHERE cohort.id = ? AND `+which+` AND `+managed.sql+`
		ORDER BY session.starts_at, elsewhere.course_code, elsewhere.number LIMIT ?`,
		append(with([]any{bun.List(persons), bun.List(persons), bun.List(persons), Active, Planned, s.now(), Cancelled, cohort}, managed), mostBookings)...).Scan(ctx, &rows)
	for _, row := range rows {
		found[row.PersonID] = append(found[row.PersonID], row.Clash)
	}
	if err != nil {
		return nil, fmt.Errorf("clashes of cohort %q: %w", cohort, err)
	}
	return found, nil
}
