package cohorts

import (
	"context"
	"strconv"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// outlived holds for a telling whose class is still ahead in a calendar program, though
// its person wants no invitations any more or has left the cohort; it takes now. Who has
// stopped all letters is not written to for that either.
var outlived = `telling.invited IS NOT NULL AND telling.told_starts_at > ? AND NOT (telling.cancelled AND telling.invited = telling.sequence)
	AND NOT (` + messages.Wanted(messages.Invitation) + ` AND ` + stillComes + `) AND ` + messages.WantsAny()

// withdrawalsOwed are the ends of invitations that were sent and are not wanted any more.
func (s Store) withdrawalsOwed(ctx context.Context, v people.Viewer) ([]messages.Order, error) {
	rows, err := s.allTellings(ctx, v, outlived+` AND `+messages.Reached("telling.person_id"), s.now())
	var orders []messages.Order
	for _, row := range rows {
		orders = append(orders, messages.Order{Person: row.PersonID, Kind: messages.Withdrawal, About: string(row.SessionID),
			Cause: "withdrawal:" + string(row.SessionID) + ":" + strconv.Itoa(row.Sequence), Until: row.ToldStartsAt})
	}
	return orders, err
}

// TakeWithdrawal gives a class as the viewer knows it, to be taken out of their calendar,
// and notes that it is no longer there. What has become of the class since is not told:
// they may have left it. Fails with fault.NotFound where nothing is to be taken out.
func (s Store) TakeWithdrawal(ctx context.Context, v people.Viewer, id SessionID) (class Dated, feed Feed, err error) {
	rows, err := s.allTellings(ctx, v, `telling.person_id = ? AND telling.session_id = ? AND `+outlived, v.Person(), id, s.now())
	if err == nil && len(rows) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return class, feed, err
	}
	known, now := rows[0], s.now()
	class.ID, class.State, class.TimeZone = id, Cancelled, known.TimeZone
	class.StartsAt, class.EndsAt = known.ToldStartsAt, known.ToldEndsAt
	class.Sequence, class.ChangedAt = known.Sequence+1, now
	if feed, err = s.ownCalendar(ctx, v); err != nil {
		return class, feed, err
	}
	feed.Topic, feed.Place = false, false
	// A later invitation has a higher number than this end has.
	res, err := s.db.NewRaw(`UPDATE session_tellings SET invited = NULL, sequence = sequence + 2, changed_at = ? WHERE session_id = ? AND person_id = ? AND sequence = ?`,
		now, id, v.Person(), known.Sequence).Exec(ctx)
	return class, feed, database.Changed(res, err, errMoved)
}
