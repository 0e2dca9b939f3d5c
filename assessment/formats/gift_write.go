package formats

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// giftWriter writes items as GIFT, so that readGIFT reads the same.
type giftWriter struct {
	out      strings.Builder
	told     told
	category string
}

func writeGIFT(items []Item) ([]byte, []Warning, error) {
	var w giftWriter
	w.out.WriteString("// GIFT\n\n")
	for _, item := range items {
		w.item(item)
	}
	return []byte(w.out.String()), w.told.list, nil
}

func (w *giftWriter) item(item Item) {
	body, ok := w.answers(&item)
	if !ok {
		return
	}
	if item.Category != w.category {
		w.category = item.Category
		w.out.WriteString("$CATEGORY: " + strings.Join(strings.Fields(item.Category), " ") + "\n\n")
	}
	if note := giftNote(item); note != "" {
		w.out.WriteString("// " + note + "\n")
	}
	if item.Title != "" {
		w.out.WriteString("::" + escape(item.Title) + "::")
	}
	w.out.WriteString(body + "\n\n")
}

var noteEscapes = strings.NewReplacer(`\`, `\\`, `]`, `\]`)

// giftNote is the comment that carries an item's identifier and tags.
func giftNote(item Item) string {
	var parts []string
	clean := func(s string) string {
		return noteEscapes.Replace(strings.Map(func(r rune) rune {
			if r < ' ' || strings.ContainsRune("<>`\x7f", r) {
				return -1
			}
			return r
		}, s))
	}
	if name := clean(item.Name); name != "" {
		parts = append(parts, "[id:"+name+"]")
	}
	for _, tag := range item.Tags {
		if tag = clean(tag); tag != "" {
			parts = append(parts, "[tag:"+tag+"]")
		}
	}
	return strings.Join(parts, " ")
}

// answers writes the stem and what stands between the braces.
func (w *giftWriter) answers(item *Item) (string, bool) {
	usual := item.Stem.Markup
	if usual == "" {
		usual = Moodle
	}
	stem := giftStem(*item)
	var lines []string
	switch item.Type {
	case Description:
		if !item.General.Empty() {
			w.told.without(*item, item.Line, "assessment.format.no_general")
		}
		return stem, true
	case Cloze:
		return w.cloze(*item), true
	case Essay:
	case Reflection:
		item.Tags = append(slices.Clone(item.Tags), reflectionTag)
	case TrueFalse:
		lines = append(lines, giftTrueFalse(item.Answers, usual))
	case Numerical:
		lines = append(lines, "#")
		for _, a := range item.Answers {
			lines = append(lines, "="+giftPercent(a.Fraction, a.Fraction != 100)+a.accepted()+giftFeedback(a, usual))
		}
	case Matching, Ordering:
		if !w.pairs(item, usual, &lines) {
			return "", false
		}
	default:
		lines = giftChoices(*item, usual)
	}
	if len(item.Units) > 0 || item.Words > 0 {
		w.told.without(*item, item.Line, "assessment.format.no_limits", "Format", GIFT.Label())
	}
	if item.ExactCase {
		w.told.without(*item, item.Line, "assessment.format.no_case", "Format", GIFT.Label())
	}
	if !item.General.Empty() {
		lines = append(lines, "####"+giftPiece(item.General, usual))
	}
	if len(lines) < 2 {
		return stem + "{" + strings.Join(lines, "") + "}", true
	}
	first := ""
	if lines[0] == "#" {
		first, lines = "#", lines[1:]
	}
	return stem + "{" + first + "\n\t" + strings.Join(lines, "\n\t") + "\n}", true
}

// giftStem writes the stem, with its markup named where it isn't Moodle's or might be misread.
func giftStem(item Item) string {
	words := escape(item.Stem.Words)
	markup := item.Stem.Markup
	if markup == "" {
		markup = Moodle
	}
	bare := item.Title == "" && (strings.HasPrefix(words, "//") || strings.HasPrefix(words, "$CATEGORY"))
	if markup != Moodle || bare || strings.HasPrefix(strings.TrimLeft(words, blanks), "[") {
		return "[" + string(markup) + "]" + words
	}
	return words
}

// giftPiece writes a text whose markup is named where it isn't the usual one.
func giftPiece(t Text, usual Markup) string {
	if t.Markup != "" && t.Markup != usual || markupPrefix.MatchString(t.Words) {
		markup := t.Markup
		if markup == "" {
			markup = usual
		}
		return "[" + string(markup) + "]" + escape(t.Words)
	}
	return escape(t.Words)
}

func giftFeedback(a Answer, usual Markup) string {
	if a.Feedback.Empty() {
		return ""
	}
	return "#" + giftPiece(a.Feedback, usual)
}

func giftPercent(fraction float64, say bool) string {
	if !say {
		return ""
	}
	return "%" + strconv.FormatFloat(fraction, 'f', -1, 64) + "%"
}

// giftTrueFalse writes T or F with the feedback to the wrong answer, then to the right one.
func giftTrueFalse(answers []Answer, usual Markup) string {
	word := "FALSE"
	var wrong, right string
	for i, a := range answers {
		if a.Fraction > 0 {
			right = giftPiece(a.Feedback, usual)
			if i == 0 {
				word = "TRUE"
			}
		} else {
			wrong = giftPiece(a.Feedback, usual)
		}
	}
	empty := func(s string) bool { return giftWords(s, usual).Empty() }
	switch {
	case !empty(right):
		return word + "#" + wrong + "#" + right
	case !empty(wrong):
		return word + "#" + wrong
	}
	return word
}

// giftChoices writes the answers of a choice or a short text. = marks the one that is
// right of a choice of one; where several may be picked, every weight is written.
func giftChoices(item Item, usual Markup) []string {
	var lines []string
	top := 0
	for i, a := range item.Answers {
		if a.Fraction > item.Answers[top].Fraction {
			top = i
		}
	}
	for i, a := range item.Answers {
		mark, weight := "~", giftPercent(a.Fraction, a.Fraction != 0)
		whole := a.Fraction == 100 && !(item.Several && item.Type == Choice) && (i == top || anyBelow(item.Answers))
		switch {
		case item.Type == Short:
			mark, weight = "=", giftPercent(a.Fraction, a.Fraction != 100)
		case whole:
			mark, weight = "=", ""
		case i == top && !item.Several:
			mark, weight = "=", giftPercent(a.Fraction, true)
		}
		words := giftPiece(a.Text, usual)
		if weight == "" && (strings.HasPrefix(words, "%") || strings.Contains(a.Text.Words, "->") || missingWord.MatchString(words)) {
			weight = giftPercent(a.Fraction, true)
		}
		lines = append(lines, mark+weight+words+giftFeedback(a, usual))
	}
	return lines
}

// anyBelow says whether an answer earns less than all.
func anyBelow(answers []Answer) bool {
	return slices.ContainsFunc(answers, func(a Answer) bool { return a.Fraction != 100 })
}

// pairs writes left -> right; of an ordering, the numbers of the places with what stands there.
func (w *giftWriter) pairs(item *Item, usual Markup, lines *[]string) bool {
	pairs := item.Pairs
	if item.Type == Ordering {
		item.Tags = append(slices.Clone(item.Tags), orderingTag)
		pairs = nil
		for i, a := range item.Answers {
			pairs = append(pairs, Pair{Text{usual, strconv.Itoa(i + 1)}, a.Text})
		}
	}
	for _, p := range pairs {
		if strings.Contains(p.Left.Words, "->") {
			w.told.lost(*item, item.Line, "assessment.format.arrow")
			return false
		}
		*lines = append(*lines, "="+giftPiece(p.Left, usual)+" -> "+giftPiece(p.Right, usual))
	}
	return true
}

var gapEscaped = regexp.MustCompile(`\\\{\\\{([0-9]+)\\\}\\\}`)

// cloze writes Moodle's embedded answers, which GIFT has no form of its own for.
func (w *giftWriter) cloze(item Item) string {
	markup := item.Stem.Markup
	if markup == "" {
		markup = Moodle
	}
	if !item.General.Empty() {
		w.told.without(item, item.Line, "assessment.format.no_general")
	}
	stem := gapEscaped.ReplaceAllString(escape(item.Stem.Words), "{{$1}}")
	return "[" + string(markup) + "]" + WriteEmbedded(stem, item.Gaps)
}
