package cohorts

import (
	"context"
	"fmt"
)

// words: cohorts.impossible.*
// words: cohorts.repair.*

// Impossible is a record of attendance or minutes that the rules could not have made.
// Kind says what is wrong: its sentence is the word cohorts.impossible. with the kind
// behind it, and cohorts.repair. what a repair would do. Record is the key of the row.
type Impossible struct{ Kind, Record string }

// impossibles are what must find nothing, by what it finds.
var impossibles = []struct{ kind, find string }{
	{"reversal", `SELECT back.id FROM ledger_lines AS back JOIN ledger_lines AS line ON line.id = back.reverses
		WHERE back.minutes <> -line.minutes OR back.enrolment_id <> line.enrolment_id OR back.session_id <> line.session_id OR back.kind <> line.kind`},
	{"negative", `SELECT enrolment_id AS id FROM ledger_lines GROUP BY enrolment_id, session_id, kind HAVING SUM(minutes) < 0`},
	{"marks", `SELECT session_id AS id FROM marks GROUP BY session_id, enrolment_id HAVING COUNT(*) <> MAX(seq) OR MIN(seq) <> 1`},
	{"alone", `SELECT id FROM sessions WHERE confirmed_by = closed_by OR (confirmed_at IS NOT NULL AND closed_at IS NULL)`},
	{"sector", `SELECT enrolment.id FROM enrolments AS enrolment JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id
		JOIN persons AS person ON person.id = enrolment.person_id WHERE enrolment.sector <> cohort.sector OR enrolment.sector <> person.sector
		UNION SELECT session.id FROM sessions AS session JOIN cohorts AS cohort ON cohort.id = session.cohort_id WHERE session.sector <> cohort.sector`},
}

// Impossible finds marks, ledger lines and sessions in a state that can't be, in all
// sectors; it changes nothing. It is for a command on the machine itself.
func (s Store) Impossible(ctx context.Context) ([]Impossible, error) {
	wrong := []Impossible{}
	for _, one := range impossibles {
		var records []string
		if err := s.db.NewRaw(one.find).Scan(ctx, &records); err != nil {
			return nil, fmt.Errorf("%s: %w", one.kind, err)
		}
		for _, record := range records {
			wrong = append(wrong, Impossible{one.kind, record})
		}
	}
	above, err := s.aboveTheSession(ctx)
	return append(wrong, above...), err
}

// aboveTheSession finds who holds more minutes for a session, attended and made up, than
// the longer of its planned and actual ones.
func (s Store) aboveTheSession(ctx context.Context) (wrong []Impossible, err error) {
	rows := []struct {
		Session
		EnrolmentID EnrolmentID `bun:"enrolment_id"`
		Sum         int         `bun:"sum"`
		Within      int         `bun:"within"`
	}{}
	err = s.db.NewRaw(`SELECT session.*, edition.grace AS within, held.enrolment_id, held.sum
		FROM (SELECT enrolment_id, session_id, SUM(minutes) AS sum FROM ledger_lines GROUP BY enrolment_id, session_id) AS held
		JOIN sessions AS session ON session.id = held.session_id
		JOIN cohorts AS cohort ON cohort.id = session.cohort_id
		JOIN editions AS edition ON edition.id = cohort.edition_id
		WHERE held.sum > session.minutes`).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("minutes above a session's: %w", err)
	}
	for _, row := range rows {
		if row.Sum > row.Cap(row.Within) {
			wrong = append(wrong, Impossible{"above", string(row.EnrolmentID)})
		}
	}
	return wrong, nil
}
