package cohorts

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const (
	// placeOf tells one meeting place of a session from another; it is shown to nobody.
	placeOf = `COALESCE(session.room_id, '') || ' ' || session.mode || ' ' || session.link`

	// unknown holds for a telling whose person knows the class otherwise.
	unknown = `(telling.starts_at <> telling.told_starts_at OR telling.ends_at <> telling.told_ends_at
		OR telling.place <> telling.told_place OR telling.cancelled <> telling.told_cancelled)`

	// stillComes holds for a telling whose person teaches the session's cohort or has a
	// place in it that runs.
	stillComes = `(EXISTS (SELECT 1 FROM cohort_instructors AS i WHERE i.cohort_id = session.cohort_id AND i.person_id = telling.person_id AND i.ended_at IS NULL)
		OR EXISTS (SELECT 1 FROM enrolments AS e WHERE e.cohort_id = session.cohort_id AND e.person_id = telling.person_id AND e.state = 'active'))`
)

// NoteClasses brings up to date what the calendars of the viewer's sector say of classes
// to come: whatever has changed a class, it is seen here. A class that is new in a cohort
// which the person knows is news to them; a cohort that they have just come to is not.
// Where no mail can be sent all is taken as told: they see it here.
func (s Store) NoteClasses(ctx context.Context, v people.Viewer, mail bool) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.followClasses(ctx, v); err != nil {
			return err
		}
		if err := s.meetClasses(ctx, v); err != nil {
			return err
		}
		return s.skipUnwanted(ctx, v, mail)
	})
}

// followClasses notes what has changed of classes that calendars have.
func (s Store) followClasses(ctx context.Context, v people.Viewer) error {
	now := s.now()
	_, err := s.db.NewRaw(`UPDATE session_tellings SET sequence = session_tellings.sequence + 1, changed_at = ?,
			starts_at = session.starts_at, ends_at = session.ends_at, place = `+placeOf+`, cancelled = (session.state = ?)
		FROM sessions AS session WHERE session.id = session_tellings.session_id
		AND session_tellings.sector = ? AND (session.starts_at > ? OR session_tellings.starts_at > ?)
		AND (session_tellings.starts_at <> session.starts_at OR session_tellings.ends_at <> session.ends_at
			OR session_tellings.place <> `+placeOf+` OR session_tellings.cancelled <> (session.state = ?))`,
		now, Cancelled, v.Sector(), now, now, Cancelled).Exec(ctx)
	return err
}

// meetClasses notes the classes that no calendar of who attends or teaches them has.
func (s Store) meetClasses(ctx context.Context, v people.Viewer) error {
	now := s.now()
	_, err := s.db.NewRaw(`INSERT INTO session_tellings (session_id, person_id, sector, starts_at, ends_at, place, cancelled, changed_at,
			told_starts_at, told_ends_at, told_place, told_cancelled)
		SELECT session.id, who.person_id, session.sector, session.starts_at, session.ends_at, `+placeOf+`, FALSE, ?,
			session.starts_at, session.ends_at, `+placeOf+`,
			EXISTS (SELECT 1 FROM session_tellings AS other JOIN sessions AS known ON known.id = other.session_id
				WHERE other.person_id = who.person_id AND known.cohort_id = session.cohort_id)
		FROM sessions AS session
		JOIN (SELECT cohort_id, person_id FROM enrolments WHERE sector = ? AND state = ?
			UNION SELECT i.cohort_id, i.person_id FROM cohort_instructors AS i JOIN cohorts AS cohort ON cohort.id = i.cohort_id
				WHERE cohort.sector = ? AND i.ended_at IS NULL) AS who ON who.cohort_id = session.cohort_id
		WHERE session.sector = ? AND session.starts_at > ? AND session.state <> ?
		AND NOT EXISTS (SELECT 1 FROM session_tellings AS telling WHERE telling.session_id = session.id AND telling.person_id = who.person_id)
		ON CONFLICT (session_id, person_id) DO NOTHING`,
		now, v.Sector(), Active, v.Sector(), v.Sector(), now, Cancelled).Exec(ctx)
	return err
}

// skipUnwanted takes as told what its person does not want, or has no way, to be written
// of: they see it here, and are not told of it later once they do.
func (s Store) skipUnwanted(ctx context.Context, v people.Viewer, mail bool) error {
	_, err := s.db.NewRaw(`UPDATE session_tellings AS telling SET `+nowTold+` WHERE telling.sector = ? AND `+unknown+`
		AND (? OR NOT `+messages.Reached("telling.person_id")+`
			OR telling.person_id IN (SELECT person_id FROM message_wishes WHERE NOT changes AND NOT invitations))`, v.Sector(), !mail).Exec(ctx)
	return err
}

// nowTold sets what a person was told to what is.
const nowTold = `told_starts_at = starts_at, told_ends_at = ends_at, told_place = place, told_cancelled = cancelled`

// tellings reads rows of tellings with a condition over telling, session and wish, of who
// still comes.
func (s Store) tellings(ctx context.Context, v people.Viewer, where string, args ...any) ([]Telling, error) {
	return s.allTellings(ctx, v, stillComes+` AND `+where, args...)
}

// allTellings are tellings with those of who has left.
func (s Store) allTellings(ctx context.Context, v people.Viewer, where string, args ...any) ([]Telling, error) {
	var rows []Telling
	err := s.db.NewRaw(`SELECT telling.session_id, telling.person_id, telling.sequence, telling.starts_at, telling.ends_at, telling.place, telling.cancelled,
			telling.changed_at, telling.told_starts_at, telling.told_ends_at, telling.told_place, telling.told_cancelled, cohort.time_zone
		FROM session_tellings AS telling
		JOIN sessions AS session ON session.id = telling.session_id
		JOIN cohorts AS cohort ON cohort.id = session.cohort_id
		LEFT JOIN message_wishes AS wish ON wish.person_id = telling.person_id
		WHERE telling.sector = ? AND `+where+` ORDER BY telling.person_id, telling.starts_at, telling.session_id`,
		append([]any{v.Sector()}, args...)...).Scan(ctx, &rows)
	return rows, err
}

// byLetter holds for a telling whose person is told by a letter: not by a newer form of
// an invitation that they have already.
var byLetter = messages.Wanted(messages.Change) + ` AND NOT (telling.invited IS NOT NULL AND ` + messages.Wanted(messages.Invitation) + `)`

// toCome holds for a telling of a class to come, as it is or as its person knows it; it
// takes now twice.
const toCome = `(telling.starts_at > ? OR telling.told_starts_at > ?)`

// changesOwed are the letters about changes: one to a person, whatever has changed.
func (s Store) changesOwed(ctx context.Context, v people.Viewer) ([]messages.Order, error) {
	now := s.now()
	rows, err := s.tellings(ctx, v, unknown+` AND `+toCome+` AND `+byLetter+` AND `+messages.Reached("telling.person_id"), now, now)
	var orders []messages.Order
	var newest time.Time
	for i, row := range rows {
		if i == 0 || row.PersonID != rows[i-1].PersonID {
			orders, newest = append(orders, messages.Order{Person: row.PersonID, Kind: messages.Change}), time.Time{}
		}
		order := &orders[len(orders)-1]
		if row.ChangedAt.After(newest) {
			newest = row.ChangedAt
		}
		if until := row.next(now); order.Until.IsZero() || until.Before(order.Until) {
			order.Until, order.About = until, string(row.SessionID)
		}
		order.Cause = "changes:" + order.About + ":" + newest.UTC().Format(time.RFC3339Nano)
	}
	return orders, err
}

// TakeChanges gives what a person does not know yet of their classes to come, and notes
// that they are told of it.
func (s Store) TakeChanges(ctx context.Context, v people.Viewer) ([]Telling, error) {
	now := s.now()
	rows, err := s.tellings(ctx, v, `telling.person_id = ? AND `+unknown+` AND `+toCome+` AND `+byLetter, v.Person(), now, now)
	for _, row := range rows {
		if err := s.told(ctx, row, ""); err != nil {
			return nil, err
		}
	}
	return rows, err
}

// told notes that a person was told of a class as the row has it.
func (s Store) told(ctx context.Context, row Telling, besides string) error {
	result, err := s.db.NewRaw(`UPDATE session_tellings SET `+nowTold+besides+` WHERE session_id = ? AND person_id = ? AND sequence = ?`,
		row.SessionID, row.PersonID, row.Sequence).Exec(ctx)
	return database.Changed(result, err, errMoved)
}
