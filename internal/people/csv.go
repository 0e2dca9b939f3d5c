package people

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// MostRows is how many people one file may bring.
const MostRows = 20_000

// Columns are what a file of people may have, by name and in any order; only a
// name is required. Other columns are told and left alone.
var Columns = []string{"external_id", "given_name", "family_name", "chosen_name", "email", "phone", "language", "partner", "cohort"}

// Row is one line of a file of people: the person, tidied, and what the file says
// of their employer and cohort.
type Row struct {
	Line    int
	Person  NewPerson
	Partner string // a code or a name of an organisation
	Cohort  string // for cohorts to enrol by
}

// LineProblem is what is wrong, or worth knowing, about one line of a file.
type LineProblem struct {
	Line int // as an editor counts, the heading is line 1; 0 for the file as a whole
	fault.Problem
}

// ReadCSV reads a file of people: UTF-8 with or without a byte-order mark, any line
// ends, commas or semicolons. Names are kept as given; a cell that would be a
// formula in a spreadsheet is text here. Problems name their lines; the rows are
// those that have none. Notes tell what was read otherwise than a reader may expect.
func ReadCSV(r io.Reader) (rows []Row, problems, notes []LineProblem) {
	whole := func(key string, pairs ...any) []LineProblem {
		return []LineProblem{{0, fault.Problem{Sentence: fault.Say(key, pairs...)}}}
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return nil, whole("people.csv.broken"), nil
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(text) {
		return nil, whole("people.csv.not_utf8"), nil
	}
	// Old spreadsheets end lines with a lone carriage return.
	if !bytes.ContainsRune(text, '\n') {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	reader.Comma = separator(text)
	heading, err := reader.Read()
	if err != nil {
		return nil, whole("people.csv.empty"), nil
	}
	columns, problems, notes := readHeading(heading)
	if len(problems) > 0 {
		return nil, problems, nil
	}
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, problems, notes
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			return rows, append(problems, LineProblem{broken.StartLine, fault.Problem{Sentence: fault.Say("people.csv.quotes")}}), notes
		}
		line, _ := reader.FieldPos(0)
		if len(rows) == MostRows {
			return rows, append(problems, LineProblem{line, fault.Problem{Sentence: fault.Say("people.csv.many", "Most", MostRows)}}), notes
		}
		row, wrong, odd := readRow(line, columns, len(heading), cells)
		problems, notes = append(problems, wrong...), append(notes, odd...)
		if len(wrong) == 0 && row.Line != 0 {
			rows = append(rows, row)
		}
	}
}

// separator is a semicolon where the heading has more of them than commas, as
// spreadsheets write in countries where the comma is a decimal mark.
func separator(text []byte) rune {
	heading, _, _ := bufio.NewReader(bytes.NewReader(text)).ReadLine()
	if bytes.Count(heading, []byte(";")) > bytes.Count(heading, []byte(",")) {
		return ';'
	}
	return ','
}

// readHeading finds where each column stands.
func readHeading(cells []string) (columns map[string]int, problems, notes []LineProblem) {
	columns = map[string]int{}
	for i, cell := range cells {
		name := strings.ReplaceAll(strings.ToLower(CleanText(cell)), " ", "_")
		_, twice := columns[name]
		switch {
		case twice:
			problems = append(problems, LineProblem{1, fault.Problem{Field: name, Sentence: fault.Say("people.csv.column_twice", "Column", name)}})
		case slices.Contains(Columns, name):
			columns[name] = i
		case name != "":
			notes = append(notes, LineProblem{1, fault.Problem{Field: name, Sentence: fault.Say("people.csv.column_unknown", "Column", name)}})
		}
	}
	_, given := columns["given_name"]
	_, family := columns["family_name"]
	_, chosen := columns["chosen_name"]
	if !given && !family && !chosen && len(problems) == 0 {
		problems = append(problems, LineProblem{1, fault.Problem{Sentence: fault.Say("people.csv.no_name_column", "Columns", strings.Join(Columns, ", "))}})
	}
	return columns, problems, notes
}

// readRow reads one line; an empty one gives no row and no problem.
func readRow(line int, columns map[string]int, width int, cells []string) (row Row, problems, notes []LineProblem) {
	cell := func(column string) string {
		if i, ok := columns[column]; ok && i < len(cells) {
			return cells[i]
		}
		return ""
	}
	if strings.TrimSpace(strings.Join(cells, "")) == "" {
		return Row{}, nil, nil
	}
	if len(cells) > width {
		return Row{}, []LineProblem{{line, fault.Problem{Sentence: fault.Say("people.csv.cells", "Count", len(cells), "Width", width)}}}, nil
	}
	person, err := NewPerson{
		GivenName: cell("given_name"), FamilyName: cell("family_name"), ChosenName: cell("chosen_name"),
		Email: cell("email"), Phone: cell("phone"), Language: readLanguage(cell("language")), ExternalID: cell("external_id"),
	}.Clean()
	var wrong *fault.InvalidError
	if errors.As(err, &wrong) {
		for _, problem := range wrong.Problems {
			problems = append(problems, LineProblem{line, problem})
		}
	}
	for _, column := range []string{"given_name", "family_name", "chosen_name"} {
		if hasPicture(cell(column)) {
			notes = append(notes, LineProblem{line, fault.Problem{Field: column, Sentence: fault.Say("people.csv.picture")}})
		} else if tidied := CleanText(cell(column)); tidied != strings.TrimSpace(cell(column)) && len(tidied) < len(strings.TrimSpace(cell(column))) {
			notes = append(notes, LineProblem{line, fault.Problem{Field: column, Sentence: fault.Say("people.csv.tidied")}})
		}
	}
	return Row{Line: line, Person: person, Partner: CleanText(cell("partner")), Cohort: CleanText(cell("cohort"))}, problems, notes
}

// readLanguage takes the codes and the names that people write for them.
func readLanguage(text string) string {
	switch fold(text) {
	case "":
		return ""
	case "en", "eng", "english", "ingles", "en us":
		return "en"
	case "es", "spa", "spanish", "espanol", "es mx", "es us":
		return "es"
	}
	return text
}

// hasPicture says whether a name holds an emoji, which no certificate can print.
func hasPicture(name string) bool {
	return strings.ContainsFunc(name, func(r rune) bool {
		return r >= 0x1f000 && r <= 0x1faff || r >= 0x2600 && r <= 0x27bf
	})
}

// GuardCell makes a text safe in a table that a spreadsheet may open: what would be
// read as a formula gets an apostrophe in front.
func GuardCell(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
