package assessment

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// textsFit says whether typed texts are ones that the question can have.
func (q Question) textsFit(texts []string) bool {
	most := 1
	switch {
	case q.Type == Cloze:
		most = len(q.Body.Gaps)
	case q.Type == Numeric && len(q.Body.Units) > 0:
		most = 2
	}
	if len(texts) > most || q.Type == Cloze && len(texts) != 0 && len(texts) != most {
		return false
	}
	for i, text := range texts {
		lines := q.Written()
		switch {
		case !utf8.ValidString(text) || utf8.RuneCountInString(text) > q.Longest() || len(text) > longestBytes:
			return false
		case strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && !(lines && (r == '\n' || r == '\t')) }):
			return false
		case q.Type == Numeric && i == 1 && text != "" && !numbered(text, len(q.Body.Units)):
			return false
		case q.Type == Cloze && q.Body.Gaps[i].Chosen && text != "" && !numbered(text, len(q.Body.Texts["en"].Gaps[i].Options)):
			return false
		}
	}
	return true
}

// numbered says whether a text is the number of one of n things.
func numbered(text string, n int) bool {
	number, err := strconv.Atoi(text)
	return err == nil && number >= 0 && number < n && strconv.Itoa(number) == text
}

// accepts says whether typed words fit a pattern: * stands for any letters, \* for a
// star and \\ for a backslash. Spaces at the ends and doubled ones don't count, nor a
// full stop at the end, which phones put there; capitals and accents only where the
// question says so. Without accents letters are folded as the search does.
func (b Body) accepts(pattern, typed string) bool {
	typed = b.plainly(typed)
	var parts []string // between the stars
	var part strings.Builder
	escaped := false
	for _, r := range pattern {
		switch {
		case escaped:
			if r != '*' && r != '\\' {
				part.WriteByte('\\')
			}
			part.WriteRune(r)
			escaped = false
		case r == '\\':
			escaped = true
		case r == '*':
			parts = append(parts, part.String())
			part.Reset()
		default:
			part.WriteRune(r)
		}
	}
	if escaped {
		part.WriteByte('\\')
	}
	parts = append(parts, part.String())
	if len(parts) == 1 {
		return typed != "" && b.plainly(parts[0]) == typed
	}
	return typed != "" && b.fits(parts, typed)
}

// fits says whether a text begins with the first part, ends with the last and has the
// others between, in order.
func (b Body) fits(parts []string, typed string) bool {
	for i := range parts {
		parts[i] = b.fold(parts[i])
	}
	first, end := strings.TrimLeft(parts[0], " "), strings.TrimRight(parts[len(parts)-1], " ")
	typed, ok := strings.CutPrefix(typed, first)
	if !ok || !strings.HasSuffix(typed, end) {
		return false
	}
	typed = strings.TrimSuffix(typed, end)
	for _, part := range parts[1 : len(parts)-1] {
		_, after, found := strings.Cut(typed, part)
		if !found {
			return false
		}
		typed = after
	}
	return true
}

// plainly is a text as it is compared.
func (b Body) plainly(text string) string {
	text = strings.Join(strings.Fields(b.fold(text)), " ")
	if cut := strings.TrimRight(text, ". "); cut != "" {
		return cut
	}
	return text
}

// fold makes letters alike that count as the same.
func (b Body) fold(text string) string {
	text = strings.NewReplacer("’", "'", "‘", "'", "“", `"`, "”", `"`, "–", "-", "‑", "-").Replace(text)
	switch {
	case !b.ExactAccents && !b.ExactCase:
		return database.Fold(text)
	case !b.ExactAccents:
		var kept strings.Builder
		for _, r := range norm.NFKD.String(text) {
			if !unicode.Is(unicode.Mn, r) {
				kept.WriteRune(r)
			}
		}
		return norm.NFC.String(kept.String())
	case !b.ExactCase:
		return strings.ToLower(norm.NFKC.String(text))
	}
	return norm.NFKC.String(text)
}

// Plainly is a pattern as one says it: with its stars as dots, and without backslashes.
func Plainly(pattern string) string {
	return strings.NewReplacer(`\*`, "*", `\\`, `\`, "*", "…").Replace(pattern)
}

// numbersIn are the numbers that a typed text can mean, and the words after it. A single
// mark before three digits may be a decimal mark or one between thousands, as people
// from different places write; then it means both.
func numbersIn(text string) (numbers []float64, unit string) {
	text = strings.NewReplacer("−", "-", "–", "-", "\u00a0", " ", "\u202f", " ", "’", "", "'", "").Replace(strings.TrimSpace(text))
	end := strings.IndexFunc(text, func(r rune) bool { return !strings.ContainsRune("+-0123456789., ", r) })
	if end < 0 {
		end = len(text)
	}
	digits, unit := strings.ReplaceAll(strings.TrimSpace(text[:end]), " ", ""), strings.TrimSpace(text[end:])
	digits = strings.TrimPrefix(digits, "+")
	for _, reading := range readings(digits) {
		if strings.Trim(reading, "-0123456789.") != "" {
			continue
		}
		if n, err := strconv.ParseFloat(reading, 64); err == nil && !math.IsInf(n, 0) && !slices.Contains(numbers, n) {
			numbers = append(numbers, n)
		}
	}
	return numbers, unit
}

// readings writes digits with marks in the ways a computer reads.
func readings(digits string) []string {
	digits = strings.TrimRight(digits, ".,")
	points, commas := strings.Count(digits, "."), strings.Count(digits, ",")
	switch {
	case points == 0 && commas == 0:
		return []string{digits}
	case points > 0 && commas > 0: // the last mark is the decimal one
		decimal, other := ".", ","
		if strings.LastIndex(digits, ",") > strings.LastIndex(digits, ".") {
			decimal, other = ",", "."
		}
		if strings.Count(digits, decimal) > 1 {
			return nil
		}
		return []string{strings.Replace(strings.ReplaceAll(digits, other, ""), decimal, ".", 1)}
	}
	mark := "."
	if commas > 0 {
		mark = ","
	}
	groups := strings.Split(strings.TrimPrefix(digits, "-"), mark)
	thousands := len(groups[0]) > 0 && len(groups[0]) <= 3 && strings.Trim(groups[0], "0") != ""
	for _, group := range groups[1:] {
		thousands = thousands && len(group) == 3
	}
	var list []string
	if len(groups) == 2 {
		list = append(list, strings.Replace(digits, mark, ".", 1))
	}
	if thousands {
		list = append(list, strings.ReplaceAll(digits, mark, ""))
	}
	return list
}

// has says whether a number lies in the range, but for what floating numbers lose.
func (r Range) has(n float64) bool {
	slack := 1e-9 * max(1, math.Abs(r.Low), math.Abs(r.High))
	return n >= r.Low-slack && n <= r.High+slack
}

// numbers are what a typed number can mean in the unit of 1. Words after it are a unit
// of the question or, where it has none, may be any without a digit.
func (q Question) numbers(a Answer) []float64 {
	numbers, typed := numbersIn(a.Text(0))
	if len(q.Body.Units) == 0 {
		if strings.ContainsAny(typed, "0123456789") {
			return nil
		}
		return numbers
	}
	unit := 0
	if typed == "" && a.Text(1) != "" {
		unit, _ = strconv.Atoi(a.Text(1))
	} else if typed != "" {
		unit = q.unit(typed)
	}
	if unit < 0 || unit >= len(q.Body.Units) {
		return nil
	}
	for i := range numbers {
		numbers[i] *= q.Body.Units[unit]
	}
	return numbers
}

// unit is the number of the unit that a text names in either language, -1 where it
// names none.
func (q Question) unit(typed string) int {
	for _, text := range q.Body.Texts {
		for i, name := range text.Units {
			if q.Body.plainly(name) == q.Body.plainly(typed) {
				return i
			}
		}
	}
	return -1
}
