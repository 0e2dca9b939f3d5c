package cohorts

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// LedgerJobs are the forecast, which looks every day at who has missed much and who can
// no longer reach the course's minutes.
func (s Store) LedgerJobs() []outbox.Job {
	return []outbox.Job{{Kind: "cohorts.forecast", Every: 24 * time.Hour, Run: func(ctx context.Context, _ []byte) error {
		for _, sector := range people.Sectors {
			if _, err := s.RaiseWarnings(ctx, people.System(sector)); err != nil {
				return err
			}
		}
		return nil
	}}}
}

// atATime is how many places the forecast takes in at once.
const atATime = 500

// RaiseWarnings writes, for the places that still run in open cohorts that the viewer
// runs, every warning that stands and was not raised before, and gives how many there were.
func (s Store) RaiseWarnings(ctx context.Context, v people.Viewer) (raised int, err error) {
	for after := EnrolmentID(""); ; {
		list := []Totals{}
		err := s.totals().Where("cohort.sector = ? AND cohort.state = ? AND enrolment.state = ? AND enrolment.id > ?", v.Sector(), CohortOpen, Active, after).
			Apply(RunBy(v)).OrderExpr("enrolment.id").Limit(atATime).Scan(ctx, &list)
		if err != nil || len(list) == 0 {
			return raised, err
		}
		rows := []Warning{}
		for _, t := range list {
			for _, kind := range t.Warnings() {
				rows = append(rows, Warning{ID: database.NewID(), EnrolmentID: t.EnrolmentID, Kind: kind, Missed: t.Missed(), ToMakeUp: t.ToMakeUp(), RaisedAt: s.now()})
			}
		}
		if len(rows) > 0 {
			res, err := s.db.NewInsert().Model(&rows).ModelTableExpr("minute_warnings").On("CONFLICT (enrolment_id, kind) DO NOTHING").Exec(ctx)
			if err != nil {
				return raised, err
			}
			n, err := res.RowsAffected()
			if err != nil {
				return raised, err
			}
			raised += int(n)
		}
		after = list[len(list)-1].EnrolmentID
	}
}

// toldFor is how long after it was raised a warning may be told.
const toldFor = 3 * 24 * time.Hour

// warningsOwed are those of places that still run which nobody was sent a letter of, one
// for each place: what came first is told together with what came last.
func (s Store) warningsOwed(ctx context.Context, v people.Viewer) ([]messages.Order, error) {
	now := s.now()
	var rows []struct {
		EnrolmentID EnrolmentID     `bun:"enrolment_id"`
		PersonID    people.PersonID `bun:"person_id"`
		Cause       string          `bun:"cause"`
	}
	err := s.db.NewRaw(`SELECT e.id AS enrolment_id, e.person_id, 'warning:' || warning.id AS cause FROM minute_warnings AS warning
		JOIN enrolments AS e ON e.id = warning.enrolment_id AND e.state = ?
		JOIN cohorts AS cohort ON cohort.id = e.cohort_id AND cohort.state = ?
		LEFT JOIN message_wishes AS wish ON wish.person_id = e.person_id
		WHERE e.sector = ? AND warning.told_at IS NULL AND warning.raised_at > ?
		AND `+messages.Wanted(messages.Warning)+` AND `+messages.Reached("e.person_id")+`
		AND NOT EXISTS (SELECT 1 FROM minute_warnings AS newer WHERE newer.enrolment_id = e.id AND newer.told_at IS NULL AND newer.id > warning.id)
		AND NOT EXISTS (SELECT 1 FROM messages AS sent WHERE sent.person_id = e.person_id AND sent.cause = 'warning:' || warning.id)
		ORDER BY warning.id`, Active, CohortOpen, v.Sector(), now.Add(-toldFor)).Scan(ctx, &rows)
	var orders []messages.Order
	for _, row := range rows {
		orders = append(orders, messages.Order{Person: row.PersonID, Kind: messages.Warning, About: string(row.EnrolmentID), Cause: row.Cause, Until: now.Add(toldFor)})
	}
	return orders, err
}

// TakeWarnings notes that the viewer is told every warning of a place of theirs that they
// were not told before, in the transaction that writes the letter, and gives where the place
// stands now. It fails with fault.NotFound where there was none, or where what was missed
// was made up meanwhile.
func (s Store) TakeWarnings(ctx context.Context, v people.Viewer, place EnrolmentID) (Totals, error) {
	res, err := s.db.NewRaw(`UPDATE minute_warnings SET told_at = ? WHERE enrolment_id = ? AND told_at IS NULL
		AND EXISTS (SELECT 1 FROM enrolments AS e WHERE e.id = minute_warnings.enrolment_id AND e.person_id = ? AND e.sector = ? AND e.state = ?)`,
		s.now(), place, v.Person(), v.Sector(), Active).Exec(ctx)
	if err := database.Changed(res, err, fault.NotFound); err != nil {
		return Totals{}, err
	}
	totals, err := s.Standing(ctx, v, place)
	if err == nil && len(totals.Warnings()) == 0 {
		err = fault.NotFound
	}
	return totals, err
}

// Fixes gives, for the sessions that the people of some places missed (one's own places,
// or of cohorts that the viewer runs), the next classes of other cohorts of the sector that
// hold the same session and have a seat left: at most two for each session missed.
func (s Store) Fixes(ctx context.Context, v people.Viewer, places ...EnrolmentID) ([]Elsewhere, error) {
	return s.elsewhere(ctx, v, places, "elsewhere.starts_at", "elsewhere.starts_at > ? AND elsewhere.state = ?", s.now(), Planned)
}

// heldBack is how far back a class of another cohort is offered as where a make-up was done.
const heldBack = 180 * 24 * time.Hour

// HeldElsewhere gives the classes of other cohorts that one person may have sat in for a
// session that they missed: of those that are over, the last two for each.
func (s Store) HeldElsewhere(ctx context.Context, v people.Viewer, place EnrolmentID) ([]Elsewhere, error) {
	return s.elsewhere(ctx, v, []EnrolmentID{place}, "elsewhere.starts_at DESC", "elsewhere.ends_at <= ? AND elsewhere.starts_at > ? AND elsewhere.state <> ?", s.now(), s.now().Add(-heldBack), Cancelled)
}

// mostElsewhere is how many classes are told at once.
const mostElsewhere = 200

func (s Store) elsewhere(ctx context.Context, v people.Viewer, places []EnrolmentID, order, when string, args ...any) ([]Elsewhere, error) {
	list := []Elsewhere{}
	if len(places) == 0 {
		return list, nil
	}
	const taken = "(SELECT COUNT(*) FROM enrolments AS e WHERE e.cohort_id = other.id AND e.state = 'active')"
	// The seats of its room, else of its cohort; 0 where neither says how many.
	const seats = "COALESCE(NULLIF(room.capacity, 0), other.seats)"
	all := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, missed.id AS missed, elsewhere.id AS session_id, other.id AS cohort_id, other.number").
		ColumnExpr("missed.position, elsewhere.starts_at, elsewhere.ends_at, other.time_zone, elsewhere.mode, es.title_en, es.title_es").
		ColumnExpr(seats+" AS capacity, "+taken+" AS taken").
		ColumnExpr("ROW_NUMBER() OVER (PARTITION BY enrolment.id, missed.id ORDER BY "+order+", elsewhere.id) AS place").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN sessions AS missed ON missed.cohort_id = cohort.id AND missed.state IN (?, ?)", Closed, Confirmed).
		Join("JOIN edition_sessions AS es ON es.id = missed.edition_session_id").
		Join("JOIN sessions AS elsewhere ON elsewhere.edition_session_id = missed.edition_session_id AND elsewhere.cohort_id <> cohort.id AND elsewhere.sector = enrolment.sector").
		Join("JOIN cohorts AS other ON other.id = elsewhere.cohort_id").
		Join("LEFT JOIN rooms AS room ON room.id = elsewhere.room_id").
		Where("enrolment.id IN (?) AND enrolment.state = ?", bun.List(places), Active).
		Where(when, args...).
		Where("("+seats+" = 0 OR elsewhere.ends_at <= ? OR "+seats+" > "+taken+")", s.now()).
		Where("COALESCE((SELECT SUM(l.minutes) FROM ledger_lines AS l WHERE l.enrolment_id = enrolment.id AND l.session_id = missed.id), 0) < missed.minutes").
		// What two sectors share has its own door and its own count of who comes.
		Where("NOT EXISTS (SELECT 1 FROM joint_sides AS side WHERE side.session_id = elsewhere.id)").
		Apply(EnrolmentsVisibleTo(v))
	err := s.db.NewSelect().TableExpr("(?) AS class", all).
		ColumnExpr("class.enrolment_id, class.missed, class.session_id, class.cohort_id, class.number, class.position, class.starts_at, class.ends_at").
		ColumnExpr("class.time_zone, class.mode, class.capacity, class.taken, class.title_en, class.title_es").
		Where("class.place <= 2").OrderExpr("class.enrolment_id, class.position, class.starts_at, class.session_id").Limit(mostElsewhere).Scan(ctx, &list)
	return list, err
}
