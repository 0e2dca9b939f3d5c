package cohorts

import (
	"context"
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// MyCard gives the viewer's card, else fault.NotFound.
func (s Store) MyCard(ctx context.Context, v people.Viewer) (Card, error) {
	var card Card
	err := s.db.NewSelect().Model(&card).Where("card.person_id = ? AND card.sector = ? AND card.ended_at IS NULL", v.Person(), v.Sector()).Scan(ctx)
	return card, database.One(err)
}

// MakeCard makes the viewer's card; the one before ends, and opens nothing any more.
func (s Store) MakeCard(ctx context.Context, v people.Viewer) error {
	if !v.SignedIn() {
		return fault.Forbidden
	}
	id, err := newCardID()
	if err != nil {
		return err
	}
	err = s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.EndCard(ctx, v); err != nil {
			return err
		}
		_, err := s.db.NewInsert().Model(&Card{ID: id, PersonID: v.Person(), Sector: v.Sector(), MadeAt: s.now()}).Exec(ctx)
		return err
	})
	if database.Unique(err) {
		return fault.Conflict("cohorts.card.meanwhile")
	}
	return err
}

// EndCard ends the viewer's card, such as one that was lost.
func (s Store) EndCard(ctx context.Context, v people.Viewer) error {
	_, err := s.db.NewRaw(`UPDATE cards SET ended_at = ? WHERE person_id = ? AND sector = ? AND ended_at IS NULL`, s.now(), v.Person(), v.Sector()).Exec(ctx)
	return err
}

// RunsClasses is nil for who runs a cohort of the sector where they stand, else
// fault.NotFound: nobody else has cards to scan.
func (s Store) RunsClasses(ctx context.Context, v people.Viewer) error {
	var one int
	err := s.db.NewSelect().TableExpr("cohorts AS cohort").ColumnExpr("1").Apply(RunBy(v)).Limit(1).Scan(ctx, &one)
	return database.One(err)
}

// Scan looks a card up for who runs a class of its holder's: whose it is, and in which
// open rolls of theirs the holder sits. Anybody else gets fault.NotFound.
func (s Store) Scan(ctx context.Context, v people.Viewer, id CardID) (Scanned, error) {
	var scanned Scanned
	err := s.db.NewSelect().TableExpr("cards AS card").ColumnExpr(seatName+" AS name").
		Join("JOIN persons AS person ON person.id = card.person_id").
		Join("JOIN enrolments AS enrolment ON enrolment.person_id = card.person_id AND enrolment.sector = card.sector AND enrolment.state = ?", Active).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("card.id = ? AND card.ended_at IS NULL", id).Apply(RunBy(v)).Limit(1).Scan(ctx, &scanned.Name)
	if err != nil {
		return Scanned{}, fmt.Errorf("card: %w", database.One(err))
	}
	scanned.Seats, err = s.cardSeats(ctx, v, id)
	return scanned, err
}

// cardSeats are the seats of a card's holder in today's open rolls that the viewer takes.
func (s Store) cardSeats(ctx context.Context, v people.Viewer, id CardID) ([]CardSeat, error) {
	list, open := []CardSeat{}, []CardSeat{}
	err := s.sessions(v).ColumnExpr("e.id AS enrolment_id, "+seatName+" AS name").
		ColumnExpr(newestStatusIn+" AS status").
		Join("JOIN enrolments AS e ON e.cohort_id = cohort.id AND e.state = ?", Active).
		Join("JOIN persons AS person ON person.id = e.person_id").
		Join("JOIN cards AS card ON card.person_id = e.person_id AND card.sector = e.sector AND card.ended_at IS NULL").
		Where("card.id = ? AND session.state = ? AND session.starts_at > ? AND session.starts_at < ?", id, Planned, s.now().Add(-14*time.Hour), s.now().Add(rollOpensBefore)).
		Apply(RunBy(v)).OrderExpr("session.starts_at, session.id").Limit(20).Scan(ctx, &list)
	for _, seat := range list {
		if seat.RollTakes(s.now()) {
			open = append(open, seat)
		}
	}
	return open, err
}

// MarkByCard marks the holder of a card present in an open roll that the viewer takes,
// with the minutes that they are late beyond the grace. A mark that says so already is
// left as it is. It gives the seat; fault.NotFound where the card opens none in that class.
func (s Store) MarkByCard(ctx context.Context, v people.Viewer, id CardID, session SessionID, line string) (CardSeat, error) {
	var seat CardSeat
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		held, err := s.holdForRoll(ctx, v, session, fault.Conflict("cohorts.roll.closed_already"), Planned)
		if err != nil {
			return err
		}
		seats, err := s.cardSeats(ctx, v, id)
		if err != nil {
			return err
		}
		for _, one := range seats {
			if one.ID == session {
				seat = one
			}
		}
		if seat.EnrolmentID == "" {
			return fmt.Errorf("card in session %q: %w", session, fault.NotFound)
		}
		if seat.Status == Present {
			return nil
		}
		return s.keepMark(ctx, v, held, NewMark{Session: session, Enrolment: seat.EnrolmentID, Status: Present, MinutesLate: held.LateAt(s.now()),
			Reason: ByCard, Line: lineIn(string(session), line), MadeAt: s.now()})
	})
	return seat, err
}

// newestStatusIn is what the newest line says of the enrolment e in the session of the query.
const newestStatusIn = `COALESCE((SELECT m.status FROM marks AS m WHERE m.session_id = session.id AND m.enrolment_id = e.id ORDER BY m.seq DESC LIMIT 1), 'none')`
