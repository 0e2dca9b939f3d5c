package assessment

import (
	"context"
	"errors"
	"fmt"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CellHistory is one cell of the gradebook with all that led to it, oldest first.
type CellHistory struct {
	Column
	Cell
	EnrolmentID cohorts.EnrolmentID
	Name        string
	Active      bool
	TimeZone    string
	Tries       []Attempt         // of a check
	Records     []PracticalRecord // of a practical
	Lines       []GradebookLine
}

// InForce is the line that counts instead of what was computed; false where none does.
func (h CellHistory) InForce() (GradebookLine, bool) {
	if len(h.Lines) == 0 || h.Set == "" {
		return GradebookLine{}, false
	}
	return h.Lines[len(h.Lines)-1], true
}

// Cell gives one cell of the gradebook of a cohort that the viewer runs with its history,
// else fault.NotFound.
func (s Store) Cell(ctx context.Context, v people.Viewer, id cohorts.EnrolmentID, ref ColumnRef) (CellHistory, error) {
	book, _, err := s.Grades(ctx, v, id)
	if err != nil {
		return CellHistory{}, err
	}
	at, ok := book.Column(ref)
	if !ok {
		return CellHistory{}, fmt.Errorf("column %q: %w", ref, fault.NotFound)
	}
	row := book.Rows[0]
	h := CellHistory{Column: book.Columns[at], Cell: row.Cells[at], EnrolmentID: id, Name: row.Name, Active: row.Active, TimeZone: book.TimeZone}
	lines := s.db.NewSelect().Model(&h.Lines).ModelTableExpr("gradebook_lines AS line").ColumnExpr("line.*").
		ColumnExpr("COALESCE(CASE WHEN setter.chosen_name <> '' THEN setter.chosen_name ELSE setter.given_name END, '') AS by_name").
		Join("JOIN enrolments AS enrolment ON enrolment.id = line.enrolment_id").Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Join("LEFT JOIN persons AS setter ON setter.id = line.by_person").
		Where("line.enrolment_id = ? AND line.column_kind = ? AND line.column_id = ?", id, ref.Kind, ref.ID).Apply(cohorts.RunBy(v)).OrderExpr("line.seq")
	if err := lines.Scan(ctx); err != nil {
		return h, err
	}
	if ref.Kind == PracticalColumn {
		err = s.records().Where("record.enrolment_id = ? AND record.practical_id = ?", id, ref.ID).Apply(cohorts.RunBy(v)).Scan(ctx, &h.Records)
		return h, err
	}
	err = s.db.NewSelect().Model(&h.Tries).ModelTableExpr("attempts AS attempt").ColumnExpr("attempt.*").
		Join("JOIN enrolments AS enrolment ON enrolment.id = attempt.enrolment_id").Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("attempt.enrolment_id = ? AND attempt.module_id = ?", id, ref.ID).Apply(cohorts.RunBy(v)).OrderExpr("attempt.number").Scan(ctx)
	return h, err
}

// SetCell adds a line to a cell of the gradebook of a cohort that the viewer runs: a value
// beside the computed one, an excuse, or that either is taken back. The same again
// changes nothing. Fails with fault.NotFound for other cells, fault.Forbidden under rule
// 17, and fault.Conflict once the place has ended or where another line was quicker.
func (s Store) SetCell(ctx context.Context, v people.Viewer, n NewLine) error {
	n.Words = people.CleanText(n.Words)
	if err := n.Validate(); err != nil {
		return err
	}
	return s.inTx(ctx, func(ctx context.Context, s Store) error {
		book, _, err := s.Grades(ctx, v, n.Enrolment)
		if err != nil {
			return err
		}
		at, ok := book.Column(n.Column)
		if !ok {
			return fmt.Errorf("column %q: %w", n.Column, fault.NotFound)
		}
		cell := book.Rows[0].Cells[at]
		switch {
		case !book.Rows[0].Active:
			return fault.Conflict("assessment.practical.ended")
		case n.Kind == Cleared && cell.Seq == n.Seen && cell.Set == "":
			return fault.Conflict("assessment.gradebook.nothing_set")
		}
		return s.set(ctx, v, n)
	})
}

// set writes the line, if no other was written since Seen and rule 17 lets the viewer.
func (s Store) set(ctx context.Context, v people.Viewer, n NewLine) error {
	l := n.line()
	allowed := s.db.NewSelect().TableExpr("enrolments AS enrolment").
		ColumnExpr("?, enrolment.id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?", database.NewID(), l.ColumnKind, l.ColumnID, l.Seq, l.Kind, l.Percent, l.Level, l.Code, l.Words, nullPerson(v), s.now()).
		Join("JOIN cohorts AS cohort ON cohort.id = enrolment.cohort_id").
		Where("enrolment.id = ? AND enrolment.state = ?", n.Enrolment, cohorts.Active).
		Apply(cohorts.RunBy(v), cohorts.NotOverOneself(v, s.people.Today()))
	upToDate := allowed.Clone().Where(`(SELECT COALESCE(MAX(before.seq), 0) FROM gradebook_lines AS before WHERE before.enrolment_id = enrolment.id
		AND before.column_kind = ? AND before.column_id = ?) = ?`, l.ColumnKind, l.ColumnID, n.Seen)
	res, err := s.db.NewRaw(`INSERT INTO gradebook_lines (id, enrolment_id, column_kind, column_id, seq, kind, percent, level, code, words, by_person, at) ?
		ON CONFLICT DO NOTHING`, upToDate).Exec(ctx)
	if err := database.Changed(res, err, errNotWritten); !errors.Is(err, errNotWritten) {
		return err
	}
	known, err := s.db.NewSelect().TableExpr("gradebook_lines AS line").
		Where("line.enrolment_id = ? AND line.column_kind = ? AND line.column_id = ? AND line.seq = ?", n.Enrolment, l.ColumnKind, l.ColumnID, l.Seq).
		Where("line.kind = ? AND line.percent = ? AND line.level = ? AND line.code = ? AND line.by_person = ?", l.Kind, l.Percent, l.Level, l.Code, nullPerson(v)).Exists(ctx)
	if err != nil || known {
		return err
	}
	return s.whyNot(ctx, allowed, fault.Conflict("assessment.gradebook.meanwhile"))
}
