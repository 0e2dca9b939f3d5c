package formats

import (
	"regexp"
	"strconv"
	"strings"
)

// gapMark is where a gap of Moodle's embedded answers begins: {1:MULTICHOICE:
var gapMark = regexp.MustCompile(`\{([0-9]*):([A-Z_]+):`)

// gapPlace is where a gap stands in the stem of an item.
var gapPlace = regexp.MustCompile(`\{\{[0-9]+\}\}`)

// gapKinds are Moodle's names of gaps. Those of several choices at once are not here: a
// gap of ours holds one answer.
var gapKinds = map[string]Gap{
	"SHORTANSWER": {}, "SA": {}, "MW": {},
	"SHORTANSWER_C": {ExactCase: true}, "SAC": {ExactCase: true}, "MWC": {ExactCase: true},
	"NUMERICAL": {Numerical: true}, "NM": {Numerical: true},
	"MULTICHOICE": {Chosen: true}, "MC": {Chosen: true}, "MULTICHOICE_V": {Chosen: true}, "MCV": {Chosen: true},
	"MULTICHOICE_H": {Chosen: true}, "MCH": {Chosen: true}, "MULTICHOICE_S": {Chosen: true}, "MCS": {Chosen: true},
	"MULTICHOICE_VS": {Chosen: true}, "MCVS": {Chosen: true}, "MULTICHOICE_HS": {Chosen: true}, "MCHS": {Chosen: true},
}

// hasEmbedded says whether a text holds a gap of Moodle's embedded answers.
func hasEmbedded(text string) bool { return nextGap(text) != nil }

// nextGap finds the first gap whose brace no backslash escapes.
func nextGap(text string) []int {
	for from := 0; ; {
		at := index(text[from:], "{")
		if at < 0 {
			return nil
		}
		if m := gapMark.FindStringSubmatchIndex(text[from+at:]); m != nil && m[0] == 0 {
			for i := range m {
				m[i] += from + at
			}
			return m
		}
		from += at + 1
	}
}

func startsGap(text string) bool {
	m := gapMark.FindStringIndex(text)
	return m != nil && m[0] == 0
}

// onlyEmbedded says whether all that stands between braces in a text are such gaps: then
// it is one cloze, whatever empty lines it has.
func onlyEmbedded(text string) bool {
	if strings.HasPrefix(strings.TrimLeft(text, blanks), "//") || strings.Contains(text, "::") || markupPrefix.MatchString(text) {
		return false
	}
	gaps := 0
	for at := index(text, "{"); at >= 0; at = index(text, "{") {
		if text = text[at:]; !startsGap(text) {
			return false
		}
		gaps++
		end := index(text, "}")
		if end < 0 {
			break
		}
		text = text[end+1:]
	}
	return gaps > 0
}

// embedded reads a block as a cloze.
func (r *giftReader) embedded(b block, item Item) {
	item.Type = Cloze
	markup := Moodle
	text := b.text
	m := markupPrefix.FindStringSubmatch(text)
	named := m != nil // as we write it, with the escapes of GIFT
	if named {
		markup, text = Markup(m[1]), text[len(m[0]):]
	}
	item.Stem.Markup = markup
	stem, gaps, key := ReadEmbedded(text, markup)
	item.Gaps = gaps
	if item.Stem.Words = strings.Trim(stem, blanks); named {
		item.Stem = giftWords(stem, markup)
	}
	if key == "" && len(gapPlace.FindAllString(item.Stem.Words, -1)) != len(gaps) {
		key = "assessment.format.gap_marks"
	}
	if key != "" {
		item.Stem.Words = text
		r.told.lost(item, b.line, key) // words: assessment.format.gap_*
		return
	}
	r.items = append(r.items, item)
}

// ReadEmbedded reads a text with Moodle's embedded answers, as in
// "Paris is in {1:SHORTANSWER:=France#Yes}.": the text with {{1}}, {{2}}, … in place of
// the gaps, and the gaps. Where a gap can't be kept it gives the key of the reason.
func ReadEmbedded(source string, markup Markup) (stem string, gaps []Gap, reason string) {
	var out strings.Builder
	for {
		mark := nextGap(source)
		if mark == nil {
			out.WriteString(source)
			break
		}
		gap, known := gapKinds[source[mark[4]:mark[5]]]
		if !known {
			return "", nil, "assessment.format.gap_kind"
		}
		body, after, closed := cutAt(source[mark[1]:], "}")
		if !closed {
			return "", nil, "assessment.format.gap_unclosed"
		}
		if reason := gap.read(body, markup); reason != "" {
			return "", nil, reason
		}
		gaps = append(gaps, gap)
		out.WriteString(source[:mark[0]])
		out.WriteString("{{" + strconv.Itoa(len(gaps)) + "}}")
		source = after
	}
	if len(gaps) == 0 {
		return "", nil, "assessment.format.gap_none"
	}
	return out.String(), gaps, ""
}

// read takes the answers of a gap.
func (g *Gap) read(body string, markup Markup) (reason string) {
	right := false
	for more := true; more; {
		var one string
		one, body, more = cutAt(body, "~")
		words, feedback, _ := cutAt(one, "#")
		words = strings.Trim(words, blanks)
		fraction := 0.0
		if m := giftWeight.FindStringSubmatch(words); m != nil {
			fraction, _ = parseNumber(m[1]) // the pattern lets numbers alone pass
			words = strings.TrimLeft(words[len(m[0]):], blanks)
		}
		if bare, is := strings.CutPrefix(words, "="); is {
			fraction, words = 100, bare
		}
		answer := Answer{Text: text(markup, unembed(words)), Fraction: fraction, Feedback: text(markup, unembed(feedback))}
		if !g.Chosen && !answer.Text.Empty() {
			answer.Text.Markup = Plain
		}
		if answer.Text.Empty() && answer.Feedback.Empty() {
			continue
		}
		if number, ok := ParseRange(answer.Text.Words); g.Numerical && ok {
			answer.Number = &number
		} else if g.Numerical && answer.Text.Words != "*" {
			return "assessment.format.gap_number"
		}
		if answer.Fraction < -100 || answer.Fraction > 100 {
			return "assessment.format.gap_weight"
		}
		right = right || answer.Fraction == 100
		g.Answers = append(g.Answers, answer)
	}
	switch {
	case g.Chosen && len(g.Answers) < 2:
		return "assessment.format.gap_one"
	case !right:
		return "assessment.format.gap_right"
	}
	return ""
}

var (
	embedMarks   = regexp.MustCompile(`\\([}#~/"\\=])`)
	embedEscapes = strings.NewReplacer(`\`, `\\`, `=`, `\=`, `}`, `\}`, `#`, `\#`, `~`, `\~`, "\n", " ")
)

// unembed takes the escapes of embedded answers away, and breaks of lines, which mean nothing there.
func unembed(s string) string {
	return embedMarks.ReplaceAllString(aroundBreak.ReplaceAllString(strings.Trim(s, blanks), " "), "$1")
}

// WriteEmbedded puts gaps back into a stem, as ReadEmbedded reads them.
func WriteEmbedded(stem string, gaps []Gap) string {
	for i, g := range gaps {
		kind := "SHORTANSWER"
		switch {
		case g.Chosen:
			kind = "MULTICHOICE"
		case g.Numerical:
			kind = "NUMERICAL"
		case g.ExactCase:
			kind = "SHORTANSWER_C"
		}
		var answers []string
		for _, a := range g.Answers {
			words := "%" + writeNumber(a.Fraction) + "%" + embedEscapes.Replace(a.accepted())
			if !a.Feedback.Empty() {
				words += "#" + embedEscapes.Replace(a.Feedback.Words)
			}
			answers = append(answers, words)
		}
		stem = strings.Replace(stem, "{{"+strconv.Itoa(i+1)+"}}", "{1:"+kind+":"+strings.Join(answers, "~")+"}", 1)
	}
	return stem
}
