package assessment

import (
	"strconv"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
)

// Excused is what counts in a cell whose check is excused.
const Excused = "excused"

// Column is one column of the gradebook: a check of a required module, or a practical.
type Column struct {
	ColumnRef
	TitleEN string
	TitleES string
	Pass    int // percent that a check asks for
}

// Title is what the column is called in a language.
func (c Column) Title(language string) string { return inLanguage(language, c.TitleEN, c.TitleES) }

// In is the language of that title.
func (c Column) In(language string) string { return spoken(language, c.TitleES) }

// Capstone says whether the column is the capstone.
func (c Column) Capstone() bool { return c.Kind == PracticalColumn && c.ID == courses.CapstoneID }

// Cell is what one person has shown in one column: what was computed or observed, and
// beside it what a person set.
type Cell struct {
	Computed string // "83", or a Level; "" where there is none yet
	Set      string // "80", a Level, or Excused; "" where nothing was set
	Seq      int    // of the newest line, 0 for none
	Begun    bool   // a try runs
	Waiting  bool   // a text waits for its points
	Dropped  bool   // it is among the lowest, which the edition leaves out
	Enough   bool   // what counts is what is asked for
}

// Counts is what counts: what was set, else what was computed.
func (c Cell) Counts() string {
	if c.Set != "" {
		return c.Set
	}
	return c.Computed
}

// GradebookRow is one person of a cohort with all columns.
type GradebookRow struct {
	Name   string // first name and initial
	Active bool   // lines may still be added
	Cells  []Cell // as the gradebook's columns
	Knowledge
}

// Gradebook is a cohort's checks, practicals and capstone beside each other: the checks
// in the order of the edition's map, then its practicals.
type Gradebook struct {
	Columns []Column
	Rows    []GradebookRow
	Pass    int // percent of the knowledge average that the edition asks for
	Drop    int // lowest checks that the edition leaves out of it

	TimeZone string // of the cohort; "" where nobody is in it
}

// Checks counts the columns that are checks; they come first.
func (g Gradebook) Checks() (n int) {
	for n < len(g.Columns) && g.Columns[n].Kind == QuizColumn {
		n++
	}
	return n
}

// Column finds a column; false where the edition has none such.
func (g Gradebook) Column(ref ColumnRef) (at int, ok bool) {
	for i, c := range g.Columns {
		if c.ColumnRef == ref {
			return i, true
		}
	}
	return 0, false
}

// shownIn is what was found in one cell, as the database has it.
type shownIn struct {
	Best, Tries, Begun, Waiting int
	Level                       Level
	lineRow
	LineLevel Level
	LineSeq   int
}

// rowOf puts what one person has shown into the columns.
func (g Gradebook) rowOf(enrolment cohorts.EnrolmentID, found map[ColumnRef]shownIn) GradebookRow {
	row := GradebookRow{Cells: make([]Cell, len(g.Columns))}
	var modules []ModuleResult
	for i, c := range g.Columns {
		in := found[c.ColumnRef]
		row.Cells[i].Seq = in.LineSeq
		if c.Kind == QuizColumn {
			modules = append(modules, in.on(ModuleResult{ModuleID: c.ID, TitleEN: c.TitleEN, TitleES: c.TitleES, Pass: c.Pass,
				Best: in.Best, Tries: in.Tries, Waiting: in.Waiting > 0}))
			row.Cells[i].Begun = in.Begun > in.Tries
			continue
		}
		skill := Skill{}
		if in.Level != "" {
			skill.Records = []PracticalRecord{{Level: in.Level}}
		}
		if in.LineKind == Set {
			skill.Set = in.LineLevel
		}
		row.Cells[i].Computed, row.Cells[i].Set, row.Cells[i].Enough = string(in.Level), string(skill.Set), skill.Enough()
	}
	row.Knowledge = knowledgeOf(enrolment, g.Drop, modules)
	for i, m := range row.Modules {
		cell := &row.Cells[i] // checks come first
		cell.Waiting, cell.Dropped, cell.Enough = m.Waiting, m.Dropped, m.Passed()
		if m.Tried() && (m.Best > 0 || !m.Waiting) {
			cell.Computed = strconv.Itoa(m.Best)
		}
		switch {
		case m.Excused:
			cell.Set = Excused
		case m.Set != nil:
			cell.Set = strconv.Itoa(*m.Set)
		}
	}
	return row
}
