package formats

import (
	"encoding/csv"
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
)

// The columns of a CSV file of questions, found by name, in any order. Only "stem" (or
// "question") is required; what an item doesn't use stays empty.
//
//	id, title, type, stem, general_feedback, category
//	tags               separated by commas
//	markup             markdown, html, moodle or plain (plain where it is empty)
//	units              of a numerical answer, with their factors: km = 1, m = 0.001
//	words              of an essay, the most that are asked for
//	several, case, fixed   "yes" or empty: several may be picked, capitals count, the order stays
//	answer_1, fraction_1, feedback_1, answer_2, …   fractions in percent; of an ordering, the order is right
//	left_1, right_1, left_2, …                      pairs of a matching
//
// A numerical answer is 42, 3.14:0.01 or 1..5. A cloze has its gaps in the stem, as Moodle
// embeds answers: {1:SHORTANSWER:%100%Paris}. A cell that a spreadsheet would take for a
// formula has ' before it.
var csvColumns = []string{"id", "title", "type", "stem", "markup", "general_feedback", "tags", "category", "several", "case", "fixed", "units", "words"}

// csvNames are other names of columns.
var csvNames = map[string]string{"question": "stem", "text": "stem", "name": "title", "general": "general_feedback", "kind": "type"}

var (
	csvNumbered = regexp.MustCompile(`^(answer|fraction|feedback|left|right)[_ ]?([0-9]{1,3})$`)
	csvTypes    = []Type{Choice, TrueFalse, Short, Numerical, Matching, Ordering, Essay, Reflection, Description, Cloze}
)

// separatorOf is what separates the cells of the first line.
func separatorOf(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ',', strings.Count(first, ",")
	for _, r := range []rune{';', '\t'} {
		if n := strings.Count(first, string(r)); n > most {
			best, most = r, n
		}
	}
	return best
}

// headOf finds the columns by their names.
func headOf(row []string) map[string]int {
	columns := map[string]int{}
	for i, name := range row {
		name = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))), " ", "_")
		if other, ok := csvNames[name]; ok {
			name = other
		}
		if m := csvNumbered.FindStringSubmatch(name); m != nil {
			name = m[1] + "_" + strings.TrimLeft(m[2], "0")
		} else if !slices.Contains(csvColumns, name) {
			continue
		}
		if _, twice := columns[name]; !twice {
			columns[name] = i
		}
	}
	return columns
}

// isCSV says whether the first line names columns of ours.
func isCSV(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	columns := headOf(strings.FieldsFunc(strings.ReplaceAll(first, `"`, ""), func(r rune) bool { return r == separatorOf(text) }))
	_, stem := columns["stem"]
	return stem && len(columns) > 1
}

func readCSV(file content.File) (Reading, error) {
	lines, err := linesOf(file)
	if err != nil {
		return Reading{}, err
	}
	text := strings.Join(lines, "\n")
	rows := csv.NewReader(strings.NewReader(text))
	rows.Comma, rows.FieldsPerRecord = separatorOf(text), -1
	head, err := rows.Read()
	columns := headOf(head)
	if _, ok := columns["stem"]; !ok || err != nil {
		return Reading{}, whole(file, "assessment.format.columns")
	}
	r := csvReader{told: told{path: file.Path}, columns: columns}
	for {
		row, err := rows.Read()
		if err == io.EOF {
			return Reading{Items: r.items, Warnings: r.told.list}, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			r.told.lost(Item{Stem: Text{Plain, strings.Join(row, " ")}}, broken.StartLine, "assessment.format.quotes")
			continue
		} else if err != nil {
			return Reading{}, err
		}
		if line, _ := rows.FieldPos(0); strings.TrimSpace(strings.Join(row, "")) != "" {
			r.row(row, line)
		}
	}
}

// csvReader reads the rows of one file.
type csvReader struct {
	told    told
	columns map[string]int
	items   []Item
	cells   []string
}

func (r *csvReader) cell(name string) string {
	at, ok := r.columns[name]
	if !ok || at >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(unguard(r.cells[at]))
}

func (r *csvReader) yes(name string) bool {
	return slices.Contains([]string{"yes", "y", "true", "1", "x", "sí", "si"}, strings.ToLower(r.cell(name)))
}

func (r *csvReader) row(cells []string, line int) {
	r.cells = cells
	markup := Markup(strings.ToLower(r.cell("markup")))
	if markup == "" {
		markup = Plain
	}
	words := func(name string) Text {
		cell := r.cell(name)
		if m := markupPrefix.FindStringSubmatch(cell); m != nil {
			return text(Markup(m[1]), strings.TrimSpace(cell[len(m[0]):]))
		}
		return text(markup, cell)
	}
	item := Item{Name: r.cell("id"), Title: r.cell("title"), Line: line, Stem: words("stem"), General: words("general_feedback"), Category: r.cell("category"),
		Several: r.yes("several"), ExactCase: r.yes("case"), Fixed: r.yes("fixed")}
	for tag := range strings.SplitSeq(r.cell("tags"), ",") {
		if tag = strings.TrimSpace(tag); tag != "" {
			item.Tags = append(item.Tags, tag)
		}
	}
	if !slices.Contains([]Markup{Plain, Moodle, Markdown, HTML}, markup) {
		r.told.lost(item, line, "assessment.format.markup", "Markup", cut(string(markup), 40))
		return
	}
	item.Words, _ = strconv.Atoi(r.cell("words"))
	item.Words = max(item.Words, 0)
	if units, ok := parseUnits(r.cell("units")); ok {
		item.Units = units
	} else {
		r.told.without(item, line, "assessment.format.units")
	}
	if !r.typed(&item) || !r.answers(&item, words) || !heavy(&r.told, item) {
		return
	}
	r.items = append(r.items, item)
}

// typed finds the item's type: as it is named, or by what the row holds.
func (r *csvReader) typed(item *Item) bool {
	name := r.cell("type")
	at := slices.IndexFunc(csvTypes, func(t Type) bool { return strings.EqualFold(string(t), name) })
	switch {
	case item.Stem.Empty():
		r.told.lost(*item, item.Line, "assessment.format.no_stem")
		return false
	case at >= 0:
		item.Type = csvTypes[at]
	case name != "":
		r.told.lost(*item, item.Line, "assessment.format.type", "Type", cut(name, 40))
		return false
	case r.cell("left_1")+r.cell("right_1") != "":
		item.Type = Matching
	case hasEmbedded(item.Stem.Words):
		item.Type = Cloze
	case r.cell("answer_1") != "":
		item.Type = Choice
	default:
		item.Type = Essay
	}
	return true
}

// answers reads the numbered columns.
func (r *csvReader) answers(item *Item, words func(string) Text) bool {
	for n := 1; n < 1000; n++ {
		number := strconv.Itoa(n)
		if _, more := r.columns["answer_"+number]; !more {
			if _, more := r.columns["right_"+number]; !more {
				break
			}
		}
		if left, right := words("left_"+number), words("right_"+number); item.Type == Matching && !(left.Empty() && right.Empty()) {
			item.Pairs = append(item.Pairs, Pair{left, right})
		}
		answer := Answer{Text: words("answer_" + number), Feedback: words("feedback_" + number)}
		if answer.Text.Empty() && answer.Feedback.Empty() || item.Type == Matching {
			continue
		}
		if weight := strings.TrimSpace(strings.TrimSuffix(r.cell("fraction_"+number), "%")); weight != "" {
			fraction, ok := parseNumber(weight)
			if !ok {
				r.told.lost(*item, item.Line, "assessment.format.weight")
				return false
			}
			answer.Fraction = fraction
		}
		if item.Type == Numerical {
			said := answer.Text.Words
			if accepted, ok := ParseRange(said); ok {
				answer.Number = &accepted
			} else if said != "*" {
				r.told.lost(*item, item.Line, "assessment.format.number", "Number", cut(said, 40))
				return false
			}
			answer.Text.Markup = Plain
		}
		item.Answers = append(item.Answers, answer)
	}
	return r.whole(item)
}

// whole holds what an item of its type must have, and reads the gaps of a cloze.
func (r *csvReader) whole(item *Item) bool {
	key := ""
	switch item.Type {
	case Cloze:
		var stem string
		stem, item.Gaps, key = ReadEmbedded(item.Stem.Words, item.Stem.Markup)
		if key == "" && len(gapPlace.FindAllString(stem, -1)) != len(item.Gaps) {
			key = "assessment.format.gap_marks"
		}
		if key == "" {
			item.Stem.Words = stem
		}
	case Matching:
		if len(item.Pairs) == 0 {
			key = "assessment.format.no_answers"
		}
	case TrueFalse:
		key = r.trueFalse(item)
	case Essay, Reflection, Description:
		item.Answers = nil
	default:
		if len(item.Answers) == 0 {
			key = "assessment.format.no_answers"
		}
	}
	if key != "" {
		r.told.lost(*item, item.Line, key) // words: assessment.format.gap_*
		return false
	}
	return true
}

// trueFalse puts the answers in their order: true stands first. One answer is enough.
func (r *csvReader) trueFalse(item *Item) (key string) {
	answers := TrueOrFalse(true)
	right, seen := -1, 0
	for _, a := range item.Answers {
		at := slices.IndexFunc([][]string{{"true", "t", "verdadero", "cierto"}, {"false", "f", "falso"}}, func(words []string) bool {
			return slices.Contains(words, strings.ToLower(a.Text.Words))
		})
		if at < 0 {
			return "assessment.format.true_false"
		}
		answers[at].Feedback = a.Feedback
		if seen++; a.Fraction == 100 || len(item.Answers) == 1 {
			right = at
		}
	}
	if right < 0 || seen > 2 {
		return "assessment.format.true_false"
	}
	answers[right].Fraction, answers[1-right].Fraction = 100, 0
	item.Answers = answers
	return ""
}
