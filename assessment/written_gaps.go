package assessment

import (
	"slices"
	"strconv"
	"strings"
)

// gap is one gap of a cloze as it is written: {{a|another}} accepts what is typed,
// {{=right|wrong}} offers. Within it \| is a bar, \} a brace and \\ a backslash.
type gap struct {
	chosen bool
	texts  []string // of a chosen one the right option first
}

// Where the gaps stand in a drawn stem: their numbers from 0 between two letters of
// Unicode's private use, which no author types and no browser draws.
const (
	gapOpens  = '\uE001'
	gapCloses = '\uE002'
)

func gapMark(n int) string { return string(gapOpens) + strconv.Itoa(n) + string(gapCloses) }

// gapsOf finds the gaps of a stem and puts marks in their places. False where one is
// not closed, or accepts nothing.
func gapsOf(stem string) (marked string, gaps []gap, ok bool) {
	if strings.ContainsRune(stem, gapOpens) || strings.ContainsRune(stem, gapCloses) {
		return stem, nil, false
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(stem, "{{")
		b.WriteString(before)
		if !found {
			return b.String(), gaps, true
		}
		one, rest, closed := readGap(after)
		if !closed {
			return b.String(), gaps, false
		}
		b.WriteString(gapMark(len(gaps)))
		gaps, stem = append(gaps, one), rest
	}
}

// readGap reads a gap up to its end.
func readGap(text string) (one gap, rest string, ok bool) {
	text, one.chosen = strings.CutPrefix(text, "=")
	var part strings.Builder
	take := func() {
		words := oneLine(part.String())
		if words != "" && !slices.Contains(one.texts, words) {
			one.texts = append(one.texts, words)
		}
		part.Reset()
	}
	for i := 0; i < len(text); i++ {
		switch {
		case text[i] == '\\' && i+1 < len(text) && (text[i+1] == '|' || text[i+1] == '}'):
			i++
			part.WriteByte(text[i])
		case text[i] == '\\' && i+1 < len(text) && text[i+1] == '\\':
			i++
			part.WriteByte('\\')
			if !one.chosen {
				part.WriteByte('\\') // a pattern keeps it doubled
			}
		case text[i] == '|':
			take()
		case strings.HasPrefix(text[i:], "}}"):
			take()
			return one, text[i+2:], len(one.texts) > 0 && !tooLong(one.texts)
		default:
			part.WriteByte(text[i])
		}
	}
	return one, "", false
}

func tooLong(texts []string) bool {
	return slices.ContainsFunc(texts, func(text string) bool { return len(text) > 2*LongestGap })
}

// Piece is a part of a cloze as it is shown: safe HTML, and the gap that follows it.
type Piece struct {
	HTML string
	Gap  int // from 0, −1 where none follows
}

// Pieces cuts a drawn stem at its gaps.
func (t Text) Pieces() (pieces []Piece) {
	rest := t.Stem
	for {
		before, after, found := strings.Cut(rest, string(gapOpens))
		if !found {
			return append(pieces, Piece{rest, -1})
		}
		digits, tail, _ := strings.Cut(after, string(gapCloses))
		n, _ := strconv.Atoi(digits)
		pieces, rest = append(pieces, Piece{before, n}), tail
	}
}

// Blanked is the stem with a line and a number where its gaps stand, for a page that
// only shows it.
func (t Text) Blanked() string {
	var b strings.Builder
	for _, piece := range t.Pieces() {
		b.WriteString(piece.HTML)
		if piece.Gap >= 0 {
			b.WriteString(`<span class="blank">` + strconv.Itoa(piece.Gap+1) + `</span>`)
		}
	}
	return b.String()
}
