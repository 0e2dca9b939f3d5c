package cohorts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Seat is one person in a roll: who, and the newest mark if there is one.
type Seat struct {
	EnrolmentID  EnrolmentID     `bun:"enrolment_id"`
	PersonID     people.PersonID `bun:"person_id"`
	Name         string          `bun:"name"` // first name and as much of the family name as tells two people apart
	Family       string          `bun:"family"`
	Status       Status          `bun:"status"` // Unmarked while there is no mark
	MinutesLate  int             `bun:"minutes_late"`
	MinutesEarly int             `bun:"minutes_early"`
	Excuse       Excuse          `bun:"excuse"`
	Reason       MarkReason      `bun:"reason"` // of the newest mark; "" where there is none
	MarkedAt     *time.Time      `bun:"received_at"`
	Lines        int             `bun:"lines"`
	WalkIns      int             `bun:"walk_ins"` // of the session: who came without a place, not settled yet
	Disputed     bool            `bun:"disputed"` // two devices said different things, and nobody has settled it
}

// Marked says whether the seat has a mark. Not marked is not absent.
func (s Seat) Marked() bool { return s.Status != Unmarked }

// Late says whether the person came late, or left early, beyond nothing.
func (s Seat) Late() bool { return s.Status == Present && s.MinutesLate+s.MinutesEarly > 0 }

// seatName is the name shown in a roll: the chosen name, else the given one, with the
// initial of the family name, as product rule 14 and domain requirement 52 ask.
const seatName = `CASE WHEN person.chosen_name = '' AND person.given_name = '' THEN person.family_name
	ELSE COALESCE(NULLIF(person.chosen_name, ''), person.given_name) ||
		CASE WHEN person.family_name = '' THEN '' ELSE ' ' || SUBSTR(person.family_name, 1, 1) || '.' END END`

// shownName is the first name alone of the person joined as by_person; "" where the
// system acted.
const shownName = `COALESCE(NULLIF(by_person.chosen_name, ''), NULLIF(by_person.given_name, ''), by_person.family_name, '')`

// Roll gives the seats of a session that the viewer runs, by name.
func (s Store) Roll(ctx context.Context, v people.Viewer, id SessionID) ([]Seat, error) {
	seats := []Seat{}
	err := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, enrolment.person_id, "+seatName+" AS name, person.family_name AS family").
		ColumnExpr("COALESCE(mark.status, ?) AS status, COALESCE(mark.minutes_late, 0) AS minutes_late", Unmarked).
		ColumnExpr("COALESCE(mark.minutes_early, 0) AS minutes_early, COALESCE(mark.excuse, '') AS excuse").
		ColumnExpr("mark.received_at, COALESCE(mark.seq, 0) AS lines, COALESCE(mark.reason, '') AS reason").
		ColumnExpr("(SELECT COUNT(*) FROM walk_ins AS w WHERE w.session_id = session.id AND w.ended_at IS NULL) AS walk_ins").
		ColumnExpr("CASE WHEN "+disputed+" THEN TRUE ELSE FALSE END AS disputed").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN sessions AS session ON session.cohort_id = cohort.id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id").
		Join(`LEFT JOIN marks AS mark ON mark.session_id = session.id AND mark.enrolment_id = enrolment.id
			AND mark.seq = (SELECT MAX(m.seq) FROM marks AS m WHERE m.session_id = session.id AND m.enrolment_id = enrolment.id)`).
		Where("session.id = ? AND enrolment.state <> ?", id, Withdrawn).
		Apply(RunBy(v)).
		OrderExpr("person.sort_key, enrolment.id").Scan(ctx, &seats)
	tellApart(seats)
	return seats, err
}

// Mark writes one line of attendance and posts what it earns, in one transaction.
// While the roll is open the newest tap wins. A mark read from a sheet says so (PaperSheet). Sending the same line twice changes
// nothing, even after the roll was closed. Fails with fault.NotFound where the viewer
// doesn't run the session or the person isn't in it, fault.Forbidden under rule 17,
// fault.Conflict once the roll is closed (then Correct).
func (s Store) Mark(ctx context.Context, v people.Viewer, mark NewMark) error {
	mark.Reason = takenFrom(mark.Reason)
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		return s.mark(ctx, v, mark, fault.Conflict("cohorts.roll.closed_already"), Planned)
	})
}

// Correct writes a mark after the roll was closed, with its reason. A session that was
// confirmed is no longer so: a second person looks again.
func (s Store) Correct(ctx context.Context, v people.Viewer, mark NewMark) error {
	if !slices.Contains(CorrectionReasons, mark.Reason) {
		return fault.Invalid("reason", "cohorts.mark.reason")
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if err := s.mark(ctx, v, mark, fault.Conflict("cohorts.roll.still_open"), Closed, Confirmed); err != nil {
			return err
		}
		return s.vouchAgain(ctx, v, mark.Session)
	})
}

// disputed says that the newest line (alias mark) was made without having seen one of
// another device that says something else: phones that were without a network, or two
// people at once. The next mark that has seen both settles it.
const disputed = `EXISTS (SELECT 1 FROM marks AS unseen WHERE unseen.session_id = mark.session_id AND unseen.enrolment_id = mark.enrolment_id
	AND unseen.seq > mark.saw AND unseen.seq < mark.seq AND unseen.device <> mark.device
	AND (unseen.status <> mark.status OR unseen.minutes_late <> mark.minutes_late OR unseen.minutes_early <> mark.minutes_early OR unseen.excuse <> mark.excuse))`

// Disputed gives the lines of everybody in a session that the viewer runs of whom two
// devices have said different things, by person, oldest first. The newest speaks until
// somebody who has seen them marks the person once more.
func (s Store) Disputed(ctx context.Context, v people.Viewer, id SessionID) ([]Mark, error) {
	list := []Mark{}
	err := s.db.NewSelect().TableExpr("marks AS line").
		ColumnExpr("line.*, "+shownName+" AS by_name").
		Join("JOIN marks AS mark ON mark.session_id = line.session_id AND mark.enrolment_id = line.enrolment_id AND "+isNewest+" AND "+disputed).
		Join("JOIN enrolments AS enrolment ON enrolment.id = line.enrolment_id AND enrolment.state <> ?", Withdrawn).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("LEFT JOIN persons AS by_person ON by_person.id = line.made_by").
		Where("line.session_id = ? AND line.seq > 0", id).Apply(RunBy(v)).
		OrderExpr("line.enrolment_id, line.seq").Limit(500).Scan(ctx, &list)
	return list, err
}

// isNewest says that the line mark is the newest of its person in its session.
const isNewest = `mark.seq = (SELECT MAX(m.seq) FROM marks AS m WHERE m.session_id = mark.session_id AND m.enrolment_id = mark.enrolment_id)`

// takenFrom is where a mark of an open roll came from: a sheet of paper, or the tap itself.
func takenFrom(reason MarkReason) MarkReason {
	if reason == PaperSheet {
		return PaperSheet
	}
	return InRoll
}

// MarkRest marks everyone present who is not marked yet. Line is the form's own id.
func (s Store) MarkRest(ctx context.Context, v people.Viewer, id SessionID, line string) error {
	return s.MarkRestFrom(ctx, v, id, line, InRoll)
}

// MarkRestFrom is MarkRest with where the marks came from: PaperSheet, or else the roll. The
// session is taken once for all of them.
func (s Store) MarkRestFrom(ctx context.Context, v people.Viewer, id SessionID, line string, from MarkReason) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		session, err := s.holdForRoll(ctx, v, id, fault.Conflict("cohorts.roll.closed_already"), Planned)
		if err != nil {
			return err
		}
		seats, err := s.Roll(ctx, v, id)
		if err != nil {
			return err
		}
		for _, seat := range seats {
			if seat.Marked() {
				continue
			}
			mark := NewMark{Session: id, Enrolment: seat.EnrolmentID, Status: Present, Reason: takenFrom(from), Line: line + ":" + string(seat.EnrolmentID), MadeAt: s.now()}
			if err := s.keepMark(ctx, v, session, mark); err != nil {
				return err
			}
		}
		return nil
	})
}

// Undo takes the newest mark of a person back while the roll is open: the mark before
// it speaks again, or they are not marked. It is a line like any other.
func (s Store) Undo(ctx context.Context, v people.Viewer, id SessionID, enrolment EnrolmentID, line string) error {
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		if _, err := s.hold(ctx, v, id, fault.Conflict("cohorts.roll.closed_already"), Planned); err != nil {
			return err
		}
		lines, err := s.Marks(ctx, v, id, enrolment)
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return fmt.Errorf("mark of %q: %w", enrolment, fault.NotFound)
		}
		back := NewMark{Session: id, Enrolment: enrolment, Status: Unmarked, Reason: TakenBack, Line: line}
		if len(lines) > 1 {
			old := lines[len(lines)-2]
			back.Status, back.MinutesLate, back.MinutesEarly, back.Excuse = old.Status, old.MinutesLate, old.MinutesEarly, old.Excuse
		}
		return s.mark(ctx, v, back, fault.Conflict("cohorts.roll.closed_already"), Planned)
	})
}

// mark is called inside a transaction.
func (s Store) mark(ctx context.Context, v people.Viewer, mark NewMark, otherwise error, states ...SessionState) error {
	if mark.Line == "" {
		mark.Line = database.NewID()
	}
	mark.Line = lineIn(string(mark.Session), mark.Line)
	if len(mark.Device) > longestDevice {
		mark.Saw, mark.Device = nil, ""
	}
	if mark.MadeAt.IsZero() || mark.MadeAt.After(s.now()) {
		mark.MadeAt = s.now()
	}
	session, err := s.holdForRoll(ctx, v, mark.Session, otherwise, states...)
	if err != nil {
		// What was stored before the roll was closed, and is sent again, is stored.
		if sent, lost := s.sentMark(ctx, v, mark); lost == nil && sent {
			return nil
		}
		return err
	}
	return s.keepMark(ctx, v, session, mark)
}

// holdForRoll takes a session as hold does, once its roll may be taken.
func (s Store) holdForRoll(ctx context.Context, v people.Viewer, id SessionID, otherwise error, states ...SessionState) (Session, error) {
	session, err := s.hold(ctx, v, id, otherwise, states...)
	if err == nil && session.RollOpensAt().After(s.now()) {
		err = fault.Conflict("cohorts.roll.not_yet")
	}
	return session, err
}

// keepMark writes a mark of a session that is held, and posts what it earns.
func (s Store) keepMark(ctx context.Context, v people.Viewer, session Session, mark NewMark) error {
	if mark.Reason != TakenBack {
		if err := mark.Validate(session.Cap(session.Grace)); err != nil {
			return err
		}
	}
	written, err := s.appendMark(ctx, v, mark)
	if err != nil || !written {
		return err
	}
	return s.repost(ctx, v, session, mark.Enrolment)
}

// lineIn keeps the lines that are sent to one record apart from those sent to another's:
// what another side has sent is never "taken" here.
func lineIn(record, line string) string { return record + ":" + line }

// appendMark writes the line; false when the same line stands already.
func (s Store) appendMark(ctx context.Context, v people.Viewer, mark NewMark) (bool, error) {
	fair := notOverOneself(v, s.people.Today())
	res, err := s.db.NewRaw(`INSERT INTO marks (id, session_id, enrolment_id, seq, status, minutes_late, minutes_early, excuse, reason, line, made_by, made_at, received_at, saw, device)
		SELECT ?, ?, enrolment.id,
			(SELECT COALESCE(MAX(m.seq), 0) + 1 FROM marks AS m WHERE m.session_id = ? AND m.enrolment_id = enrolment.id),
			?, ?, ?, ?, ?, ?, ?, ?, ?, CAST(? AS INTEGER), ?
		FROM enrolments AS enrolment JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id
		WHERE enrolment.id = ? AND cohort.id = (SELECT t.cohort_id FROM sessions AS t WHERE t.id = ?)
		AND enrolment.state <> ? AND (`+fair.sql+`) ON CONFLICT (line) DO NOTHING`,
		with([]any{database.NewID(), mark.Session, mark.Session, mark.Status, mark.MinutesLate, mark.MinutesEarly, mark.Excuse, mark.Reason,
			mark.Line, nullPerson(v), mark.MadeAt, s.now(), mark.Saw, mark.Device, mark.Enrolment, mark.Session, Withdrawn}, fair)...).Exec(ctx)
	if err != nil {
		return false, err
	}
	n, err := res.RowsAffected()
	if err != nil || n > 0 {
		return n > 0, err
	}
	return false, s.whyNotMarked(ctx, v, mark)
}

// whyNotMarked tells a line sent twice (nil) from a person who isn't in the session
// (fault.NotFound), another mark's line (fault.Conflict) and an act on one's own record
// (fault.Forbidden).
func (s Store) whyNotMarked(ctx context.Context, v people.Viewer, mark NewMark) error {
	if sent, err := s.sentMark(ctx, v, mark); err != nil || sent {
		return err
	}
	there, err := s.db.NewSelect().TableExpr("enrolments AS e").Join("JOIN sessions AS t ON t.cohort_id = e.cohort_id").
		Where("e.id = ? AND t.id = ? AND e.state <> ?", mark.Enrolment, mark.Session, Withdrawn).Count(ctx)
	if err != nil {
		return err
	}
	if there == 0 {
		return fmt.Errorf("enrolment %q: %w", mark.Enrolment, fault.NotFound)
	}
	taken, err := s.db.NewSelect().Model((*Mark)(nil)).Where("line = ?", mark.Line).Count(ctx)
	if err != nil {
		return err
	}
	if taken > 0 {
		return fault.Conflict("cohorts.mark.line_taken")
	}
	return fault.Forbidden
}

// sentMark says whether this very line was stored before.
func (s Store) sentMark(ctx context.Context, v people.Viewer, mark NewMark) (bool, error) {
	var line string
	err := s.db.NewSelect().Model((*Mark)(nil)).Column("mark.line").
		Join("JOIN sessions AS session ON session.id = mark.session_id").
		Join("JOIN cohorts AS cohort ON cohort.id = session.cohort_id").
		Where("mark.line = ? AND mark.session_id = ? AND mark.enrolment_id = ?", mark.Line, mark.Session, mark.Enrolment).
		Apply(RunBy(v)).Scan(ctx, &line)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// Marks gives every line of one person's attendance in a session that the viewer runs
// (or their own), oldest first.
func (s Store) Marks(ctx context.Context, v people.Viewer, session SessionID, enrolment EnrolmentID) ([]Mark, error) {
	list := []Mark{}
	err := s.db.NewSelect().Model((*Mark)(nil)).
		ColumnExpr("mark.*, "+shownName+" AS by_name").
		Join("JOIN enrolments AS enrolment ON enrolment.id = mark.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("LEFT JOIN persons AS by_person ON by_person.id = mark.made_by").
		Where("mark.session_id = ? AND mark.enrolment_id = ?", session, enrolment).
		Apply(EnrolmentsVisibleTo(v)).OrderExpr("mark.seq").Scan(ctx, &list)
	return list, err
}
