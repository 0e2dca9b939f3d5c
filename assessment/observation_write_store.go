package assessment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// SheetLines are what an observer's phone sends: levels and notes, and whether the sheet
// is finished with them.
type SheetLines struct {
	Enrolment cohorts.EnrolmentID
	Number    int // of the practical
	Round     int
	Seen      []Seen
	Send      bool
	Line      string    // made on the phone: sent twice, it is kept once
	MadeAt    time.Time // by the phone's clock; zero where it said none
}

// Observe keeps what the viewer saw on their own sheet; nobody else's is touched. What
// comes after they sent it, or after the round was released, is kept as late and counts
// for nothing. A finished sheet has a level for each criterion: else fault.Invalid, with
// all that was seen kept. fault.NotFound where the viewer does not run the cohort,
// fault.Forbidden under rule 17, fault.Conflict where two others observe already.
func (s Store) Observe(ctx context.Context, v people.Viewer, n SheetLines) error {
	for _, seen := range n.Seen {
		if err := seen.Validate(); err != nil {
			return err
		}
	}
	if n.Line == "" {
		n.Line = database.NewID()
	}
	var missing fault.InvalidError
	err := s.inTx(ctx, func(ctx context.Context, s Store) error {
		o, round, err := s.roundFor(ctx, v, n.Enrolment, n.Number, n.Round)
		if err != nil {
			return err
		}
		own, _ := round.Sheet(v.Person())
		for _, c := range round.Rubric.Criteria {
			at := slices.IndexFunc(n.Seen, func(seen Seen) bool { return seen.Criterion == c.ID })
			now := own.Seen[c.ID]
			if at >= 0 && (n.Seen[at].Level != now.Level || n.Seen[at].Note != now.Note) {
				now = n.Seen[at]
				now.Criterion = c.ID
				line := s.lineOf(v, o, round, CriterionSeen, fmt.Sprint(n.Line, ":", c.ID, ":", now.Level, ":", now.Note))
				line.Criterion, line.Level, line.Note, line.MadeAt = c.ID, now.Level, now.Note, madeOn(n.MadeAt)
				if err := again(func() error { return s.observe(ctx, v, line, mayJoin) }); err != nil {
					return err
				}
			}
			if n.Send && now.Level == "" {
				missing.Add("level."+c.ID, "assessment.observation.missing")
			}
		}
		if !n.Send || own.Sent || len(missing.Problems) > 0 {
			return nil
		}
		line := s.lineOf(v, o, round, SheetSent, n.Line+":sent")
		line.MadeAt = madeOn(n.MadeAt)
		return again(func() error { return s.observe(ctx, v, line, mayJoin) })
	})
	if err != nil {
		return err
	}
	return missing.OrNil()
}

// madeOn is a phone's time as a row holds it.
func madeOn(at time.Time) *time.Time {
	if at.IsZero() {
		return nil
	}
	at = at.UTC().Truncate(time.Microsecond)
	return &at
}

// roundFor is a round of a practical to which lines may be added.
func (s Store) roundFor(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID, number, of int) (Observation, Round, error) {
	o, err := s.observation(ctx, v, id, number)
	if err != nil {
		return o, Round{}, err
	}
	round, there := o.round(of)
	switch {
	case !there:
		return o, round, fmt.Errorf("round %d: %w", of, fault.NotFound)
	case v.Person() == o.PersonID:
		return o, round, fault.Forbidden
	case !o.Active:
		return o, round, fault.Conflict("assessment.practical.ended")
	}
	return o, round, nil
}

// lineOf begins a line of the viewer's. Its key is of this round and kind alone, so that
// nobody else's is ever "taken".
func (s Store) lineOf(v people.Viewer, o Observation, round Round, kind ObservationKind, key string) ObservationLine {
	return ObservationLine{EnrolmentID: o.EnrolmentID, PracticalID: o.ID, Round: round.Number, Kind: kind, RubricHash: round.Rubric.Hash,
		Line: fmt.Sprint(o.EnrolmentID, ":", o.ID, ":", round.Number, ":", v.Person(), ":", key)}
}

// only is a further condition of the statement that writes a line, and what to say where
// it does not hold.
type only struct {
	sql  string
	args []any
	says error
}

// ofRound narrows observations (alias before) to those of a line's round.
const ofRound = `before.enrolment_id = enrolment.id AND before.practical_id = ? AND before.round = ?`

// mayJoin lets a line be written by who has a sheet, and by one more while there is room.
func mayJoin(v people.Viewer, line ObservationLine) only {
	const sheets = `FROM observations AS before WHERE ` + ofRound + ` AND before.kind IN ('level', 'sent')`
	return only{`(EXISTS (SELECT 1 ` + sheets + ` AND before.by_person = ?) OR (SELECT COUNT(DISTINCT before.by_person) ` + sheets + `) < ?)`,
		[]any{line.PracticalID, line.Round, v.Person(), line.PracticalID, line.Round, MostObservers}, fault.Conflict("assessment.observation.two")}
}

// mayCompare lets a line be written by an observer who has sent their sheet and by who
// runs the sector, until the round is released.
func mayCompare(v people.Viewer, line ObservationLine) only {
	return only{`(? OR EXISTS (SELECT 1 FROM observations AS before WHERE ` + ofRound + ` AND before.kind = 'sent' AND NOT before.late AND before.by_person = ?))
		AND NOT EXISTS (SELECT 1 FROM observations AS before WHERE ` + ofRound + ` AND before.kind = 'released')`,
		[]any{v.RunsSector(), line.PracticalID, line.Round, v.Person(), line.PracticalID, line.Round}, fault.Conflict("assessment.observation.over")}
}

// observe writes a line as the next of its round, if rule 17 and the condition let the
// viewer; errNotWritten where another took the same place at the same moment.
func (s Store) observe(ctx context.Context, v people.Viewer, line ObservationLine, when func(people.Viewer, ObservationLine) only) error {
	run := s.db.NewSelect().TableExpr("enrolments AS enrolment").Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("enrolment.id = ? AND enrolment.state = ?", line.EnrolmentID, cohorts.Active).
		Apply(cohorts.RunBy(v), cohorts.NotOverOneself(v, s.people.Today()))
	condition := when(v, line)
	allowed := run.Clone().Where("("+condition.sql+")", condition.args...).
		ColumnExpr("?, enrolment.id, ?, ?, (SELECT COALESCE(MAX(before.seq), 0) + 1 FROM observations AS before WHERE "+ofRound+"), ?, ?, ?, ?, ?, ?",
			database.NewID(), line.PracticalID, line.Round, line.PracticalID, line.Round, line.Kind, line.RubricHash, line.Criterion, line.Level, line.Proposed, line.Note).
		ColumnExpr("? AND EXISTS (SELECT 1 FROM observations AS before WHERE "+ofRound+" AND (before.kind = 'released' OR before.kind = 'sent' AND before.by_person = ?))",
			line.Kind == CriterionSeen || line.Kind == SheetSent, line.PracticalID, line.Round, nullPerson(v)).
		ColumnExpr("?, ?, ?, ?", line.Line, nullPerson(v), line.MadeAt, s.now())
	res, err := s.db.NewRaw(`INSERT INTO observations (id, enrolment_id, practical_id, round, seq, kind, rubric_hash, criterion, level, proposed, note,
		late, line, by_person, made_at, received_at) ? ON CONFLICT DO NOTHING`, allowed).Exec(ctx)
	if err := database.Changed(res, err, errNotWritten); !errors.Is(err, errNotWritten) {
		return err
	}
	known, err := s.db.NewSelect().TableExpr("observations").ColumnExpr("1").Where("line = ?", line.Line).Exists(ctx)
	if err != nil || known {
		return err
	}
	if err := s.whyNot(ctx, run, nil); err != nil {
		return err
	}
	if err := s.whyNot(ctx, allowed, errNotWritten); errors.Is(err, fault.Forbidden) {
		return condition.says
	} else {
		return err
	}
}

// Settle says which level counts for a criterion on which two sheets differ. It is a new
// line; the newest speaks. For the two observers, once both have sent their sheets, and
// who runs the sector: else fault.Conflict.
func (s Store) Settle(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID, number, of int, criterion string, level Level, key string) error {
	if err := level.Validate(); err != nil {
		return err
	}
	if key == "" {
		key = database.NewID()
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		o, round, err := s.roundFor(ctx, v, id, number, of)
		if err != nil {
			return err
		}
		if _, asked := round.Rubric.Criterion(criterion); !asked {
			return fmt.Errorf("criterion %q: %w", criterion, fault.NotFound)
		}
		if round.Release != nil || !round.openTo(v) || !round.Differs(criterion) {
			return fault.Conflict("assessment.observation.over")
		}
		line := s.lineOf(v, o, round, DifferenceSettled, fmt.Sprint(key, ":", criterion, ":", level))
		line.Criterion, line.Level = criterion, level
		return again(func() error { return s.observe(ctx, v, line, mayCompare) })
	})
}

// SheetRelease is what somebody decides when they release a round.
type SheetRelease struct {
	Enrolment cohorts.EnrolmentID
	Number    int // of the practical
	Round     int
	Level     Level
	Reason    string // why it is not the level that the criteria come to; short
	Alone     bool   // without a sheet that another has begun and not sent
}

// ReleaseSheets gives a round to the trainee, and its level to the checklist: one record
// of the practical, in the same transaction. Every difference is settled before. Two who
// release at once make one record. For the observers who have sent their sheet and who
// runs the sector; fault.Conflict where something is open.
func (s Store) ReleaseSheets(ctx context.Context, v people.Viewer, n SheetRelease) error {
	if err := n.Level.Validate(); err != nil {
		return err
	}
	if utf8.RuneCountInString(n.Reason) > LongestNote {
		return fault.Invalid("reason", "assessment.observation.long", "Most", LongestNote)
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		return again(func() error { return s.releaseSheets(ctx, v, n) })
	})
}

// releaseSheets releases the round as it was read: errNotWritten where a line came
// between.
func (s Store) releaseSheets(ctx context.Context, v people.Viewer, n SheetRelease) error {
	o, round, err := s.roundFor(ctx, v, n.Enrolment, n.Number, n.Round)
	if err != nil {
		return err
	}
	proposed := round.Proposed()
	switch {
	case round.Release != nil && round.Release.Level == n.Level:
		return nil
	case round.Release != nil, !round.ComparedBy(v):
		return fault.Conflict("assessment.observation.over")
	case round.Sent() < len(round.Sheets) && !n.Alone:
		return fault.Conflict("assessment.observation.waits")
	case proposed == "":
		return fault.Conflict("assessment.observation.differ")
	case n.Level != proposed && n.Reason == "":
		return fault.Invalid("reason", "assessment.observation.why")
	case n.Level == proposed:
		n.Reason = ""
	}
	line := s.lineOf(v, o, round, ObservationReleased, "released")
	line.Level, line.Proposed, line.Note = n.Level, proposed, n.Reason
	err = s.observe(ctx, v, line, func(v people.Viewer, line ObservationLine) only {
		may := mayCompare(v, line)
		may.sql += ` AND (SELECT MAX(before.seq) FROM observations AS before WHERE ` + ofRound + `) = ?`
		may.args = append(may.args, line.PracticalID, line.Round, round.last)
		may.says = errNotWritten // read again: it says why
		return may
	})
	if err != nil {
		return err
	}
	key := fmt.Sprint(o.EnrolmentID, ":", o.ID, ":round:", round.Number)
	return again(func() error { return s.record(ctx, v, o.EnrolmentID, o.ID, n.Level, key, round.Number) })
}
