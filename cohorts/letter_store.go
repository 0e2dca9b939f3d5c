package cohorts

import (
	"context"
	"strconv"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const (
	// aDayBefore is when a class with a content note is told of at the latest (rule 13).
	aDayBefore = 24 * time.Hour
	// Care is the least care level of a module that a class has a content note for.
	Care = 2

	// invitedAhead is how far ahead classes are put into a calendar one by one.
	invitedAhead = 14 * 24 * time.Hour
	// missedFor is how long after its roll was closed an absence may be told, and
	// missedAfter how long a slip of the thumb has to be mended before.
	missedFor, missedAfter = 3 * 24 * time.Hour, time.Hour
)

// errMoved says that what a letter tells has changed while it was written.
var errMoved = fault.Conflict("cohorts.letter.moved_meanwhile")

// careOf is the highest care level of the modules of a session.
const careOf = `COALESCE((SELECT MAX(module.care) FROM edition_parts AS part
	JOIN edition_sessions AS es ON es.id = part.edition_session_id
	JOIN edition_modules AS pinned ON pinned.edition_id = es.edition_id AND pinned.module_id = part.module_id
	JOIN module_versions AS module ON module.module_id = pinned.module_id AND module.version = pinned.version
	WHERE part.edition_session_id = session.edition_session_id), 0)`

// LettersOwed gives the letters that are to be written to the people of the viewer's
// sector now: changes of their classes, reminders, invitations and their ends, missed
// classes, what they add up to and the week's open work, of what each wants, their quiet
// hours told by a zone's clock. Asked for again, it may give a letter again; its cause is the same.
func (s Store) LettersOwed(ctx context.Context, v people.Viewer, quiet *time.Location) ([]messages.Order, error) {
	var orders []messages.Order
	for _, owed := range []func() ([]messages.Order, error){
		func() ([]messages.Order, error) { return s.changesOwed(ctx, v) },
		func() ([]messages.Order, error) { return s.remindersOwed(ctx, v, quiet) },
		func() ([]messages.Order, error) { return s.invitationsOwed(ctx, v) },
		func() ([]messages.Order, error) { return s.withdrawalsOwed(ctx, v) },
		func() ([]messages.Order, error) { return s.absencesOwed(ctx, v) },
		func() ([]messages.Order, error) { return s.warningsOwed(ctx, v) },
		func() ([]messages.Order, error) { return s.weeklyOwed(ctx, v, quiet) },
	} {
		more, err := owed()
		if err != nil {
			return nil, err
		}
		orders = append(orders, more...)
	}
	return orders, nil
}

// remindersOwed are those whose time has come by the wishes of each.
func (s Store) remindersOwed(ctx context.Context, v people.Viewer, quiet *time.Location) ([]messages.Order, error) {
	now := s.now()
	var rows []struct {
		SessionID SessionID       `bun:"session_id"`
		PersonID  people.PersonID `bun:"person_id"`
		StartsAt  time.Time       `bun:"starts_at"`
		TimeZone  string          `bun:"time_zone"`
		Care      int             `bun:"care"`
		messages.Wishes
	}
	err := s.db.NewRaw(`SELECT telling.session_id, telling.person_id, telling.starts_at, cohort.time_zone, `+careOf+` AS care, `+messages.Wished+`
		FROM session_tellings AS telling
		JOIN sessions AS session ON session.id = telling.session_id
		JOIN cohorts AS cohort ON cohort.id = session.cohort_id
		LEFT JOIN message_wishes AS wish ON wish.person_id = telling.person_id
		WHERE telling.sector = ? AND telling.starts_at > ? AND telling.starts_at < ? AND NOT telling.cancelled AND session.state = ?
		AND (telling.reminded_for IS NULL OR telling.reminded_for <> telling.starts_at)
		AND `+stillComes+` AND `+messages.Wanted(messages.Reminder)+` AND `+messages.Reached("telling.person_id")+`
		ORDER BY telling.starts_at, telling.session_id, telling.person_id`,
		v.Sector(), now, now.Add(72*time.Hour), Planned).Scan(ctx, &rows)
	var orders []messages.Order
	for _, row := range rows {
		before := time.Duration(row.Ahead) * time.Hour
		if row.Care >= Care {
			before = max(before, aDayBefore)
		}
		if row.At(row.StartsAt.Add(-before), row.StartsAt, quiet).After(now) {
			continue
		}
		cause := "reminder:" + string(row.SessionID) + ":" + row.StartsAt.In(zone(row.TimeZone)).Format(time.DateOnly)
		orders = append(orders, messages.Order{Person: row.PersonID, Kind: messages.Reminder, About: string(row.SessionID), Cause: cause, Until: row.StartsAt})
	}
	return orders, err
}

// Reminded notes that reminders were ordered, so that they are not looked for again.
func (s Store) Reminded(ctx context.Context, v people.Viewer, orders []messages.Order) error {
	for _, o := range orders {
		if o.Kind != messages.Reminder {
			continue
		}
		_, err := s.db.NewRaw(`UPDATE session_tellings SET reminded_for = starts_at WHERE session_id = ? AND person_id = ? AND sector = ?`,
			o.About, o.Person, v.Sector()).Exec(ctx)
		if err != nil {
			return err
		}
	}
	return nil
}

// invitationsOwed are those to classes of the next two weeks, and the newer forms and the
// ends of invitations that were sent.
func (s Store) invitationsOwed(ctx context.Context, v people.Viewer) ([]messages.Order, error) {
	now := s.now()
	rows, err := s.tellings(ctx, v, messages.Wanted(messages.Invitation)+` AND `+messages.Reached("telling.person_id")+` AND telling.starts_at > ?
		AND ((telling.invited IS NULL AND NOT telling.cancelled AND telling.starts_at < ?) OR telling.invited < telling.sequence)`, now, now.Add(invitedAhead))
	var orders []messages.Order
	for _, row := range rows {
		orders = append(orders, messages.Order{Person: row.PersonID, Kind: messages.Invitation, About: string(row.SessionID),
			Cause: "invitation:" + string(row.SessionID) + ":" + strconv.Itoa(row.Sequence), Until: row.StartsAt})
	}
	return orders, err
}

// TakeInvitation gives a class as its newest invitation has it, how the person
// knew it and the calendar that it goes into, and notes that the person is told of it.
func (s Store) TakeInvitation(ctx context.Context, v people.Viewer, id SessionID) (class Dated, known Telling, feed Feed, err error) {
	rows, err := s.tellings(ctx, v, `telling.person_id = ? AND telling.session_id = ? AND telling.starts_at > ?
		AND (telling.invited < telling.sequence OR telling.invited IS NULL AND NOT telling.cancelled)`, v.Person(), id, s.now())
	if err == nil && len(rows) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return class, known, feed, err
	}
	known = rows[0]
	if class.Session, err = s.Session(ctx, v, id); err != nil {
		return class, known, feed, err
	}
	if known.Cancelled { // whatever became of it since
		class.State = Cancelled
	}
	class.Sequence, class.ChangedAt = known.Sequence, known.ChangedAt
	class.StartsAt, class.EndsAt = known.StartsAt, known.EndsAt
	if feed, err = s.ownCalendar(ctx, v); err != nil {
		return class, known, feed, err
	}
	return class, known, feed, s.told(ctx, known, ", invited = sequence")
}

// ownCalendar says how the viewer's calendar names classes and what it shows of them.
func (s Store) ownCalendar(ctx context.Context, v people.Viewer) (feed Feed, err error) {
	if err := s.keyCalendar(ctx, v.Person(), v.Sector()); err != nil {
		return feed, err
	}
	err = s.db.NewRaw(`SELECT person_id, sector, name_key, show_place, show_topic FROM calendar_settings WHERE person_id = ? AND sector = ?`,
		v.Person(), v.Sector()).Scan(ctx, &feed)
	return feed, err
}
