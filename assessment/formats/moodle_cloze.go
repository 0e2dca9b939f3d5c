package formats

import (
	"html"
	"regexp"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Moodle's embedded answers, {1:MULTICHOICE:=right#why~wrong}, as its manual gives them
// (docs.moodle.org, "Embedded Answers (Cloze) question type").
var clozeStart = regexp.MustCompile(`\{(\d*):(MULTICHOICE|MC|MULTICHOICE_V|MCV|MULTICHOICE_H|MCH|MULTICHOICE_S|MCS|MULTICHOICE_VS|MCVS|MULTICHOICE_HS|MCHS|MULTIRESPONSE|MR|MULTIRESPONSE_H|MRH|MULTIRESPONSE_S|MRS|MULTIRESPONSE_HS|MRHS|SHORTANSWER|SA|MW|SHORTANSWER_C|SAC|MWC|NUMERICAL|NM):`)

var clozeShare = regexp.MustCompile(`^%(-?\d+(?:[.,]\d*)?)%`)

// cloze is a text with its gaps taken out.
type cloze struct {
	stem   Text
	gaps   []Gap
	uneven bool // some gaps count more than others
	fixed  bool // the choices of its gaps stay in their order
}

// readCloze takes the gaps out of a text and leaves {{1}}, {{2}}, … in their places. It
// gives a sentence where a gap can't be kept.
func readCloze(text Text) (c cloze, wrong *fault.Sentence) {
	words, weight := text.Words, ""
	var b strings.Builder
	for {
		at := clozeStart.FindStringSubmatchIndex(words)
		if at == nil {
			break
		}
		said, kind := words[at[2]:at[3]], words[at[4]:at[5]]
		end := clozeEnd(words[at[1]:])
		number := len(c.gaps) + 1
		if end < 0 {
			return clozeWrong("assessment.moodle.cloze_open", number)
		}
		if strings.HasPrefix(kind, "MULTIR") || strings.HasPrefix(kind, "MR") {
			return clozeWrong("assessment.moodle.cloze_several", number)
		}
		gap, ok := readGap(kind, words[at[1]:at[1]+end], text.Markup)
		if !ok {
			return clozeWrong("assessment.moodle.cloze_gap", number)
		}
		if said = strings.TrimLeft(said, "0"); said == "" {
			said = "1"
		}
		c.uneven = c.uneven || weight != "" && weight != said
		c.fixed = c.fixed || gap.Chosen && !strings.HasSuffix(kind, "S")
		weight = said
		c.gaps = append(c.gaps, gap)
		b.WriteString(unmarked(words[:at[0]], text.Markup))
		b.WriteString(mark(number))
		words = words[at[1]+end+1:]
	}
	if len(c.gaps) == 0 {
		return clozeWrong("assessment.moodle.cloze_none", 0)
	}
	b.WriteString(unmarked(words, text.Markup))
	c.stem = Text{text.Markup, b.String()}
	return c, nil
}

func clozeWrong(key string, number int) (cloze, *fault.Sentence) {
	said := fault.Say(key)
	if number > 0 {
		said = fault.Say(key, "Number", number)
	}
	return cloze{}, &said
}

// mark is what stands in a stem for the gap of that number.
func mark(number int) string { return "{{" + strconv.Itoa(number) + "}}" }

// heldMark is a mark while a text is turned into another form, in letters that no text has.
func heldMark(number int) string { return "\uE000" + strconv.Itoa(number) + "\uE001" }

var anyHeldMark = regexp.MustCompile("\uE000(\\d+)\uE001")

// held puts held marks for marks, and placed is the way back.
func held(words string) string   { return anyMark.ReplaceAllString(words, "\uE000$1\uE001") }
func placed(words string) string { return anyHeldMark.ReplaceAllString(words, "{{$1}}") }

var anyMark = regexp.MustCompile(`\{\{(\d+)\}\}`)

// unmarked keeps what only looks like the mark of a gap from being taken for one.
func unmarked(words string, markup Markup) string {
	if markup == HTML {
		return anyMark.ReplaceAllString(words, "&#123;{$1}}")
	}
	return anyMark.ReplaceAllString(words, "{ {$1}}")
}

// clozeEnd is where the brace stands that closes a gap, -1 where none does.
func clozeEnd(words string) int {
	for i := 0; i < len(words); i++ {
		switch words[i] {
		case '\\':
			i++
		case '}':
			return i
		}
	}
	return -1
}

func readGap(kind, inside string, markup Markup) (Gap, bool) {
	g := Gap{
		Chosen:    strings.HasPrefix(kind, "MULTICHOICE") || strings.HasPrefix(kind, "MC"),
		Numerical: kind == "NUMERICAL" || kind == "NM",
		ExactCase: kind == "SHORTANSWER_C" || kind == "SAC" || kind == "MWC",
	}
	for _, part := range clozeParts(inside, '~') {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		answer := Answer{}
		if rest, right := strings.CutPrefix(part, "="); right {
			answer.Fraction, part = 100, rest
		} else if said := clozeShare.FindStringSubmatch(part); said != nil {
			f, ok := percent(said[1])
			if !ok {
				return g, false
			}
			answer.Fraction, part = f, part[len(said[0]):]
		}
		pieces := clozeParts(part, '#')
		words := strings.TrimSpace(pieces[0])
		if len(pieces) > 1 {
			answer.Feedback = clozeText(strings.Join(pieces[1:], "#"), markup)
		}
		switch {
		case g.Numerical && words != "*":
			number, tolerance, _ := strings.Cut(words, ":")
			r, ok := around(number, tolerance)
			if !ok {
				return g, false
			}
			answer.Number, answer.Text = r, plainText(r.String())
		case g.Chosen:
			answer.Text = clozeText(words, markup)
		default:
			answer.Text = plainText(html.UnescapeString(clozeBare(words)))
		}
		g.Answers = append(g.Answers, answer)
	}
	fewest := 1
	if g.Chosen {
		fewest = 2
	}
	return g, len(g.Answers) >= fewest
}

// clozeParts cuts at a sign that no backslash stands before, and that is not the # of a
// character's number such as &#39;.
func clozeParts(words string, at byte) (parts []string) {
	from := 0
	for i := 0; i < len(words); i++ {
		switch {
		case words[i] == '\\':
			i++
		case words[i] == at && !(at == '#' && (strings.HasSuffix(words[:i], "&") || strings.HasSuffix(words[:i], "&amp;"))):
			parts = append(parts, words[from:i])
			from = i + 1
		}
	}
	return append(parts, words[from:])
}

// clozeBare takes away the backslashes that only keep a sign from being read as a mark.
func clozeBare(words string) string {
	var b strings.Builder
	for i := 0; i < len(words); i++ {
		if words[i] == '\\' && i+1 < len(words) && strings.IndexByte(`\}#~/"`, words[i+1]) >= 0 {
			i++
		}
		b.WriteByte(words[i])
	}
	return b.String()
}

// clozeText is a choice or a feedback: words where it holds no tag, else in the stem's markup.
func clozeText(words string, markup Markup) Text {
	words = strings.TrimSpace(clozeBare(words))
	if strings.Contains(words, "<") && (markup == HTML || markup == Moodle) {
		return newText(HTML, words)
	}
	return plainText(html.UnescapeString(words))
}

// writeCloze is the way back: the stem with its gaps in their places.
func writeCloze(item Item) Text {
	words := anyMark.ReplaceAllStringFunc(item.Stem.Words, func(m string) string {
		if number, err := strconv.Atoi(m[2 : len(m)-2]); err == nil && number >= 1 && number <= len(item.Gaps) {
			return writeGap(item.Gaps[number-1], item.Fixed)
		}
		return m
	})
	return Text{item.Stem.Markup, words}
}

func writeGap(g Gap, fixed bool) string {
	kind := "SHORTANSWER"
	switch {
	case g.Chosen && fixed:
		kind = "MULTICHOICE"
	case g.Chosen:
		kind = "MULTICHOICE_S"
	case g.Numerical:
		kind = "NUMERICAL"
	case g.ExactCase:
		kind = "SHORTANSWER_C"
	}
	answers := make([]string, len(g.Answers))
	for i, a := range g.Answers {
		words := clozeWords(a.Text)
		if a.Number != nil {
			number, tolerance := a.Number.middle()
			words = number + ":" + tolerance
		}
		switch {
		case a.Fraction == 100:
			words = "=" + words
		case a.Fraction != 0 || words == "" || words[0] == '=' || words[0] == '%':
			words = "%" + share(a.Fraction) + "%" + words
		}
		if !a.Feedback.Empty() {
			words += "#" + clozeWords(a.Feedback)
		}
		answers[i] = words
	}
	return "{1:" + kind + ":" + strings.Join(answers, "~") + "}"
}

// clozeWords writes a text so that no sign of it is read as a mark of the gap.
func clozeWords(t Text) string {
	words := t.Words
	if t.Markup != HTML {
		words = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(words)
	}
	var b strings.Builder
	for i := 0; i < len(words); i++ {
		special := strings.IndexByte(`}#~`, words[i]) >= 0
		if words[i] == '#' && i > 0 && words[i-1] == '&' {
			special = false // the number of a character
		}
		if words[i] == '\\' {
			special = i+1 == len(words) || strings.IndexByte(`\}#~/"`, words[i+1]) >= 0
		}
		if special {
			b.WriteByte('\\')
		}
		b.WriteByte(words[i])
	}
	return b.String()
}
