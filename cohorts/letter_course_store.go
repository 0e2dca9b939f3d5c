package cohorts

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// saysOfThem is what the newest mark says of the enrolment e in the session.
const saysOfThem = `COALESCE((SELECT m.status FROM marks AS m WHERE m.session_id = session.id AND m.enrolment_id = e.id ORDER BY m.seq DESC LIMIT 1), 'none')`

// absencesOwed are those of closed rolls, an hour after they were closed.
func (s Store) absencesOwed(ctx context.Context, v people.Viewer) ([]messages.Order, error) {
	now := s.now()
	var rows []struct {
		SessionID SessionID       `bun:"session_id"`
		PersonID  people.PersonID `bun:"person_id"`
		ClosedAt  time.Time       `bun:"closed_at"`
	}
	err := s.db.NewRaw(`SELECT session.id AS session_id, e.person_id, session.closed_at FROM sessions AS session
		JOIN enrolments AS e ON e.cohort_id = session.cohort_id AND e.state = ?
		LEFT JOIN message_wishes AS wish ON wish.person_id = e.person_id
		WHERE session.sector = ? AND session.state IN (?, ?) AND session.closed_at > ? AND session.closed_at <= ?
		AND `+messages.Wanted(messages.Absence)+` AND `+messages.Reached("e.person_id")+` AND `+saysOfThem+` = ?
		AND NOT EXISTS (SELECT 1 FROM messages AS sent WHERE sent.person_id = e.person_id AND sent.cause = 'absence:' || session.id)
		ORDER BY session.closed_at, session.id, e.person_id`,
		Active, v.Sector(), Closed, Confirmed, now.Add(-missedFor), now.Add(-missedAfter), Absent).Scan(ctx, &rows)
	var orders []messages.Order
	for _, row := range rows {
		orders = append(orders, messages.Order{Person: row.PersonID, Kind: messages.Absence, About: string(row.SessionID),
			Cause: "absence:" + string(row.SessionID), Until: row.ClosedAt.Add(2 * missedFor)})
	}
	return orders, err
}

// weekly is the day on which the week's open work is told, and how long that is of use.
const weekly, weeklyFor = time.Monday, 36 * time.Hour

// weeklyOwed are the letters about open work, to who has a place that runs.
func (s Store) weeklyOwed(ctx context.Context, v people.Viewer, quiet *time.Location) ([]messages.Order, error) {
	day := s.now().In(quiet)
	if day.Weekday() != weekly {
		return nil, nil
	}
	midnight := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, quiet)
	cause := "due:" + midnight.Format(time.DateOnly)
	var persons []people.PersonID
	err := s.db.NewRaw(`SELECT DISTINCT e.person_id FROM enrolments AS e
		JOIN cohorts AS cohort ON cohort.id = e.cohort_id AND cohort.state = ?
		LEFT JOIN message_wishes AS wish ON wish.person_id = e.person_id
		WHERE e.sector = ? AND e.state = ? AND `+messages.Wanted(messages.Due)+` AND `+messages.Reached("e.person_id")+`
		AND NOT EXISTS (SELECT 1 FROM messages AS sent WHERE sent.person_id = e.person_id AND sent.cause = ?)
		ORDER BY e.person_id`, CohortOpen, v.Sector(), Active, cause).Scan(ctx, &persons)
	var orders []messages.Order
	for _, person := range persons {
		orders = append(orders, messages.Order{Person: person, Kind: messages.Due, Cause: cause, Until: midnight.Add(weeklyFor)})
	}
	return orders, err
}
