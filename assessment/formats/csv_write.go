package formats

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
)

// dangerous begin a cell that a spreadsheet would run as a formula.
const dangerous = "=+-@\t\r"

// guard makes a cell safe to open in a spreadsheet; unguard takes it back.
func guard(cell string) string {
	if guarded(cell) || cell != "" && strings.ContainsRune(dangerous, rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func unguard(cell string) string {
	if guarded(cell) {
		return cell[1:]
	}
	return cell
}

func guarded(cell string) bool {
	return len(cell) > 1 && cell[0] == '\'' && strings.ContainsRune(dangerous+"'", rune(cell[1]))
}

// writeCSV writes items with the columns that they need.
func writeCSV(items []Item) ([]byte, []Warning, error) {
	answers, pairs := 0, 0
	for _, item := range items {
		answers, pairs = max(answers, len(item.Answers)), max(pairs, len(item.Pairs))
	}
	head := append([]string(nil), csvColumns...)
	for n := 1; n <= answers; n++ {
		for _, name := range []string{"answer_", "fraction_", "feedback_"} {
			head = append(head, name+strconv.Itoa(n))
		}
	}
	for n := 1; n <= pairs; n++ {
		head = append(head, "left_"+strconv.Itoa(n), "right_"+strconv.Itoa(n))
	}
	var out bytes.Buffer
	rows := csv.NewWriter(&out)
	if err := rows.Write(head); err != nil {
		return nil, nil, err
	}
	for _, item := range items {
		if err := rows.Write(csvRow(item, answers, pairs)); err != nil {
			return nil, nil, err
		}
	}
	rows.Flush()
	return out.Bytes(), nil, rows.Error()
}

func csvRow(item Item, answers, pairs int) []string {
	markup := item.Stem.Markup
	if markup == "" {
		markup = Plain
	}
	text := func(t Text) string {
		if t.Markup == "" {
			t.Markup = markup
		}
		if t.Words != "" && t.Markup != markup || markupPrefix.MatchString(t.Words) {
			return "[" + string(t.Markup) + "]" + t.Words
		}
		return guard(t.Words)
	}
	yes := func(is bool) string {
		if is {
			return "yes"
		}
		return ""
	}
	stem := item.Stem
	if item.Type == Cloze {
		stem.Words = WriteEmbedded(stem.Words, item.Gaps)
	}
	words := ""
	if item.Words > 0 {
		words = strconv.Itoa(item.Words)
	}
	row := []string{guard(item.Name), guard(item.Title), string(item.Type), text(stem), string(markup), text(item.General), guard(strings.Join(item.Tags, ", ")),
		guard(item.Category), yes(item.Several), yes(item.ExactCase), yes(item.Fixed), guard(writeUnits(item.Units)), words}
	for n := range answers {
		if n >= len(item.Answers) {
			row = append(row, "", "", "")
			continue
		}
		a := item.Answers[n]
		fraction := strconv.FormatFloat(a.Fraction, 'f', -1, 64)
		if a.Number != nil {
			row = append(row, guard(a.accepted()), fraction, text(a.Feedback))
			continue
		}
		row = append(row, text(a.Text), fraction, text(a.Feedback))
	}
	for n := range pairs {
		if n >= len(item.Pairs) {
			row = append(row, "", "")
			continue
		}
		row = append(row, text(item.Pairs[n].Left), text(item.Pairs[n].Right))
	}
	return row
}
