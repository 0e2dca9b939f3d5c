package assessment

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// GradeColumns are the columns of a file of grades, a line for each cell of the gradebook:
// whose place, their name, which column and its title, what was computed (original), what
// counted when the file was made (current), and what is to count (new, empty for no change).
var GradeColumns = []string{"place", "name", "column", "title", "original", "current", "new"}

// Limits of a file that comes back in.
const (
	mostGradeLines   = 25_000
	mostGradeChanges = 5_000
)

// TakenBack is what stands under new to take a value or an excuse back.
const TakenBack = "computed"

// GradeRow is one line of a file of grades.
type GradeRow struct {
	Line                                               int
	Place, Name, Column, Title, Original, Current, New string
}

func (r GradeRow) cells() []string {
	return []string{r.Place, people.GuardCell(r.Name), r.Column, people.GuardCell(r.Title), r.Original, r.Current, r.New}
}

// WriteGrades writes a file of grades, every text cell guarded against formulas. It
// begins with a byte-order mark, without which Excel reads accents wrongly.
func WriteGrades(w io.Writer, rows []GradeRow) error {
	if _, err := io.WriteString(w, "\ufeff"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(GradeColumns); err != nil {
		return err
	}
	for _, row := range rows {
		if err := out.Write(row.cells()); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// GradeRows are the lines of a whole gradebook with nothing new, titles in a language.
func (g Gradebook) GradeRows(language string) []GradeRow {
	rows := make([]GradeRow, 0, len(g.Rows)*len(g.Columns))
	for _, person := range g.Rows {
		for i, c := range g.Columns {
			rows = append(rows, GradeRow{Place: string(person.EnrolmentID), Name: person.Name, Column: c.String(), Title: c.Title(language),
				Original: person.Cells[i].Computed, Current: person.Cells[i].Counts()})
		}
	}
	return rows
}

// ReadGrades reads a file of grades as it was written, or as a spreadsheet saved it:
// between commas or semicolons. A file that is no such table is refused as a whole.
func ReadGrades(text string) ([]GradeRow, error) {
	text = strings.TrimPrefix(strings.ToValidUTF8(text, ""), "\ufeff")
	in := csv.NewReader(strings.NewReader(text))
	first, _, _ := strings.Cut(text, "\n")
	if strings.Count(first, ";") > strings.Count(first, ",") {
		in.Comma = ';'
	}
	in.FieldsPerRecord = -1
	head, err := in.Read()
	at := map[string]int{}
	for i, name := range head {
		at[strings.ToLower(strings.TrimSpace(name))] = i
	}
	for _, name := range []string{"place", "column", "current", "new"} {
		if _, ok := at[name]; err != nil || !ok {
			return nil, fault.Invalid("file", "assessment.gradebook.file.head", "Column", name)
		}
	}
	rows := []GradeRow{}
	for {
		record, err := in.Read()
		var broken *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return rows, nil
		case errors.As(err, &broken):
			return nil, fault.Invalid("file", "assessment.gradebook.file.broken", "Line", broken.Line)
		case err != nil:
			return nil, err
		case len(rows) == mostGradeLines:
			return nil, fault.Invalid("file", "assessment.gradebook.file.long", "Most", mostGradeLines)
		}
		cell := func(name string) string {
			if i, ok := at[name]; ok && i < len(record) {
				return strings.TrimSpace(record[i])
			}
			return ""
		}
		line, _ := in.FieldPos(0)
		row := GradeRow{Line: line, Place: cell("place"), Name: cell("name"), Column: cell("column"), Title: cell("title"),
			Original: cell("original"), Current: value(cell("current")), New: value(cell("new"))}
		if row.Place+row.Column+row.New != "" {
			rows = append(rows, row)
		}
	}
}

// value is a cell as the gradebook writes it: "83 %" and "83.0" are 83.
func value(cell string) string {
	cell = strings.ToLower(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(cell), "%")))
	if whole, zeros, ok := strings.Cut(strings.Replace(cell, ",", ".", 1), "."); ok && strings.Trim(zeros, "0") == "" {
		return whole
	}
	return cell
}

// ChangeState is what a line of a file does.
type ChangeState string

// The states.
const (
	Changes   ChangeState = "changes"
	Unchanged ChangeState = "unchanged"
	Clashes   ChangeState = "clashes" // what counts is no longer what the file holds for current
	Refused   ChangeState = "refused"
)

// GradeChange is what one line of a file does, or why it can't.
type GradeChange struct {
	GradeRow
	State ChangeState
	Now   string         // what counts now
	Why   fault.Sentence // of a line that clashes or is refused

	set NewLine
}

// GradeIntake is what a file of grades does, or did.
type GradeIntake struct {
	Items     []GradeChange // but those that change nothing, in the order of the file
	Unchanged int
	Hash      string // of what would be done: it is sent back, so that nothing else is
}

// Count counts the lines in a state.
func (g GradeIntake) Count(state ChangeState) (n int) {
	for _, item := range g.Items {
		if item.State == state {
			n++
		}
	}
	return n
}

// Fits says whether the file can be taken in: something changes, and nothing hinders.
func (g GradeIntake) Fits() bool {
	return len(g.Items) > 0 && g.Count(Changes) == len(g.Items)
}

// Kept are the lines that change something, as a file: all that has to be sent again.
func (g GradeIntake) Kept() (string, error) {
	var out bytes.Buffer
	var rows []GradeRow
	for _, item := range g.Items {
		if item.State == Changes {
			rows = append(rows, item.GradeRow)
		}
	}
	err := WriteGrades(&out, rows)
	return out.String(), err
}

// weigh says what the lines of a file would do to a gradebook. Fair are the places over
// which rule 17 gives the viewer power.
func (g Gradebook) weigh(rows []GradeRow, fair map[cohorts.EnrolmentID]bool) GradeIntake {
	intake, seen, sum := GradeIntake{Items: []GradeChange{}}, map[string]bool{}, sha256.New()
	at := map[string]int{}
	for i, row := range g.Rows {
		at[string(row.EnrolmentID)] = i
	}
	for _, row := range rows {
		item := GradeChange{GradeRow: row, State: Refused}
		key := row.Place + " " + row.Column
		ref, err := ReadColumn(row.Column)
		i, there := at[row.Place]
		column, known := g.Column(ref)
		switch {
		case !there:
			item.Why = fault.Say("assessment.gradebook.file.place")
		case err != nil || !known:
			item.Why = fault.Say("assessment.gradebook.file.column")
		case seen[key]:
			item.Why = fault.Say("assessment.gradebook.file.twice")
		default:
			item.Name = g.Rows[i].Name
			g.weighCell(&item, g.Rows[i], column, fair)
		}
		seen[key] = true
		if item.State == Unchanged {
			intake.Unchanged++
			continue
		}
		fmt.Fprintf(sum, "%s %s %d %s\n", row.Place, row.Column, item.set.Seen, row.New)
		intake.Items = append(intake.Items, item)
	}
	for n, changes := 0, 0; n < len(intake.Items); n++ {
		if item := &intake.Items[n]; item.State == Changes {
			if changes++; changes > mostGradeChanges {
				item.State, item.Why = Refused, fault.Say("assessment.gradebook.file.many", "Most", mostGradeChanges)
			}
		}
	}
	intake.Hash = hex.EncodeToString(sum.Sum(nil))
	return intake
}

// weighCell says what a line does to the cell that it means.
func (g Gradebook) weighCell(item *GradeChange, row GradebookRow, column int, fair map[cohorts.EnrolmentID]bool) {
	cell := row.Cells[column]
	item.Now, item.Column = cell.Counts(), g.Columns[column].String()
	item.set = NewLine{Enrolment: row.EnrolmentID, Column: g.Columns[column].ColumnRef, Kind: Set, Code: "other", Seen: cell.Seq}
	switch item.New {
	case "", item.Now:
		item.State = Unchanged
		return
	case TakenBack:
		item.set.Kind = Cleared
		if cell.Set == "" {
			item.State = Unchanged
			return
		}
	case Excused:
		item.set.Kind = Excuse
	default:
		item.set.Level = Level(item.New)
		percent, err := strconv.Atoi(item.New)
		if item.set.Percent = percent; err != nil {
			item.set.Percent = -1
		}
	}
	var invalid *fault.InvalidError
	switch err := item.set.Validate(); {
	case errors.As(err, &invalid):
		item.Why = invalid.Problems[0].Sentence
	case !row.Active:
		item.Why = fault.Say("assessment.practical.ended")
	case !fair[row.EnrolmentID]:
		item.Why = fault.Say("assessment.gradebook.file.unfair")
	case item.Current != item.Now:
		item.State, item.Why = Clashes, fault.Say("assessment.gradebook.file.clash")
	default:
		item.State = Changes
	}
}

// HindrancesFirst are the lines as a reader of the preview wants them.
func (g GradeIntake) HindrancesFirst() []GradeChange {
	list := slices.Clone(g.Items)
	slices.SortStableFunc(list, func(a, b GradeChange) int {
		return order(a.State) - order(b.State)
	})
	return list
}

func order(state ChangeState) int {
	return slices.Index([]ChangeState{Refused, Clashes, Changes}, state)
}
