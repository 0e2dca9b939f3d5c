package cohorts

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// repost makes the ledger agree with the newest mark of one person in one session: a
// line that takes back what stood, and a new one, where the minutes changed. The
// caller holds the session.
func (s Store) repost(ctx context.Context, v people.Viewer, session Session, enrolment EnrolmentID) error {
	var newest Mark
	err := s.db.NewSelect().Model(&newest).Where("mark.session_id = ? AND mark.enrolment_id = ?", session.ID, enrolment).
		OrderExpr("mark.seq DESC").Limit(1).Scan(ctx)
	if err != nil {
		return err
	}
	var madeUp int
	err = s.db.NewRaw(`SELECT COALESCE(SUM(minutes), 0) FROM ledger_lines WHERE enrolment_id = ? AND session_id = ? AND kind = ?`,
		enrolment, session.ID, ForMakeUp).Scan(ctx, &madeUp)
	if err != nil {
		return err
	}
	minutes := max(0, min(newest.Credit(session, session.Grace), session.Cap(session.Grace)-madeUp))
	return s.post(ctx, v, session, enrolment, minutes, "mark:"+newest.ID)
}

// repostSession makes the ledger agree with the session's times for everyone marked.
func (s Store) repostSession(ctx context.Context, v people.Viewer, id SessionID) error {
	session, err := s.SessionRunBy(ctx, v, id)
	if err != nil {
		return err
	}
	var marked []EnrolmentID
	if err := s.db.NewRaw(`SELECT DISTINCT enrolment_id FROM marks WHERE session_id = ? ORDER BY enrolment_id`, id).Scan(ctx, &marked); err != nil {
		return err
	}
	for _, enrolment := range marked {
		if err := s.repost(ctx, v, session, enrolment); err != nil {
			return err
		}
	}
	return nil
}

// post writes the session line of an enrolment if its minutes differ from what stands.
// What stood is taken back whole and posted anew, so that the lines tell how it came to be.
func (s Store) post(ctx context.Context, v people.Viewer, session Session, enrolment EnrolmentID, minutes int, cause string) error {
	var standing []LedgerLine
	err := s.db.NewSelect().Model(&standing).
		Where("ledger_line.enrolment_id = ? AND ledger_line.session_id = ? AND ledger_line.kind = ? AND ledger_line.reverses IS NULL", enrolment, session.ID, ForSession).
		Where("NOT EXISTS (SELECT 1 FROM ledger_lines AS back WHERE back.reverses = ledger_line.id)").Scan(ctx)
	if err != nil {
		return err
	}
	lines := []LedgerLine{}
	add := func(minutes int, cause string, reverses *string) {
		lines = append(lines, LedgerLine{ID: database.NewID(), EnrolmentID: enrolment, SessionID: session.ID, Kind: ForSession,
			Minutes: minutes, Cause: cause, Reverses: reverses, ByPerson: v.Person(), At: s.now()})
	}
	stood := 0
	for _, line := range standing {
		stood += line.Minutes
		if line.Minutes != minutes {
			add(-line.Minutes, "reversal:"+line.ID, &line.ID)
		}
	}
	if stood == minutes {
		return nil
	}
	if minutes > 0 {
		// The session's revision tells two postings of one mark apart, such as when its times were changed after.
		add(minutes, fmt.Sprintf("%s:%d", cause, session.Revision), nil)
	}
	_, err = s.db.NewInsert().Model(&lines).Exec(ctx)
	return err
}

// totals selects the ledger's sums of enrolments; the caller adds the wall and the one
// or the cohort that is meant.
func (s Store) totals() *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("enrolment.id AS enrolment_id, enrolment.person_id, enrolment.cohort_id, enrolment.state, "+seatName+" AS name").
		ColumnExpr("edition.rule, edition.minutes AS required, edition.hour").
		ColumnExpr("COALESCE((SELECT SUM(l.minutes) FROM ledger_lines AS l WHERE l.enrolment_id = enrolment.id AND l.kind = ?), 0) AS attended", ForSession).
		ColumnExpr("COALESCE((SELECT SUM(l.minutes) FROM ledger_lines AS l WHERE l.enrolment_id = enrolment.id AND l.kind = ?), 0) AS made_up", ForMakeUp).
		ColumnExpr(`COALESCE((SELECT SUM(l.minutes) FROM ledger_lines AS l JOIN sessions AS t ON t.id = l.session_id
			WHERE l.enrolment_id = enrolment.id AND (l.kind = ? OR t.state = ?)), 0) AS confirmed`, ForMakeUp, Confirmed).
		ColumnExpr("COALESCE((SELECT SUM(t.minutes) FROM sessions AS t WHERE t.cohort_id = cohort.id AND t.state IN (?, ?)), 0) AS held", Closed, Confirmed).
		ColumnExpr(`COALESCE((SELECT SUM(t.minutes) FROM sessions AS t WHERE t.cohort_id = cohort.id AND t.state = ?
			AND COALESCE((SELECT m.status FROM marks AS m WHERE m.session_id = t.id AND m.enrolment_id = enrolment.id ORDER BY m.seq DESC LIMIT 1), ?) = ?), 0) AS ahead`,
			Planned, Unmarked, Unmarked).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN editions AS edition ON edition.id = cohort.edition_id").
		Join("JOIN persons AS person ON person.id = enrolment.person_id")
}

// Ledger gives the totals of the people of a cohort that the viewer runs, by name, a page
// at a time: after is the last one of the page before, next is "" on the last page.
func (s Store) Ledger(ctx context.Context, v people.Viewer, cohort CohortID, after EnrolmentID) (list []Totals, next EnrolmentID, err error) {
	list = []Totals{}
	err = s.totals().Where("cohort.id = ? AND enrolment.state <> ?", cohort, Withdrawn).
		Apply(RunBy(v), ByName(v, after)).Scan(ctx, &list)
	list, next = Cut(list, func(t Totals) EnrolmentID { return t.EnrolmentID })
	return list, next, err
}

// Standing gives the totals of one enrolment: one's own, or one that the viewer runs.
func (s Store) Standing(ctx context.Context, v people.Viewer, id EnrolmentID) (Totals, error) {
	var totals Totals
	err := s.totals().Where("enrolment.id = ?", id).Apply(EnrolmentsVisibleTo(v)).Scan(ctx, &totals)
	if err != nil {
		return Totals{}, fmt.Errorf("enrolment %q: %w", id, database.One(err))
	}
	return totals, nil
}

// MyStandings gives the totals of the viewer's own enrolments that still run.
func (s Store) MyStandings(ctx context.Context, v people.Viewer) ([]Totals, error) {
	list := []Totals{}
	err := s.totals().Where("enrolment.person_id = ? AND enrolment.sector = ? AND enrolment.state = ?", v.Person(), v.Sector(), Active).
		OrderExpr("enrolment.enrolled_at DESC, enrolment.id").Limit(20).Scan(ctx, &list)
	return list, err
}

// Lines gives the ledger lines of one enrolment (one's own, or one that the viewer
// runs), newest first.
func (s Store) Lines(ctx context.Context, v people.Viewer, id EnrolmentID) ([]LedgerLine, error) {
	list := []LedgerLine{}
	err := s.db.NewSelect().Model((*LedgerLine)(nil)).
		ColumnExpr("ledger_line.*, "+shownName+" AS by_name").
		ColumnExpr("session.position, session.starts_at, es.title_en AS session_en, es.title_es AS session_es, cohort.time_zone").
		ColumnExpr("CASE WHEN ledger_line.kind = ? OR session.state = ? THEN TRUE ELSE FALSE END AS settled", ForMakeUp, Confirmed).
		ColumnExpr("COALESCE(up.id, '') AS make_up, COALESCE(up.kind, '') AS way, COALESCE(up.done_on, '') AS done_on").
		ColumnExpr("CASE WHEN up.taken_back_at IS NULL THEN FALSE ELSE TRUE END AS taken_back").
		Join("JOIN enrolments AS enrolment ON enrolment.id = ledger_line.enrolment_id").
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("JOIN sessions AS session ON session.id = ledger_line.session_id").
		Join("JOIN edition_sessions AS es ON es.id = session.edition_session_id").
		Join("LEFT JOIN persons AS by_person ON by_person.id = ledger_line.by_person").
		Join("LEFT JOIN make_ups AS up ON ledger_line.cause LIKE 'make_up:%' AND up.id = SUBSTR(ledger_line.cause, 9)").
		Where("ledger_line.enrolment_id = ?", id).Apply(EnrolmentsVisibleTo(v)).
		OrderExpr("ledger_line.at DESC, ledger_line.id DESC").Limit(500).Scan(ctx, &list)
	return list, err
}
