package assessment

import (
	"regexp"
	"strconv"
	"strings"
)

// Written is a question as its author wrote it, in one language: Markdown, with the key.
// Markdown writes it as a quiz file has it and ReadWritten reads it back.
type Written struct {
	ID           string
	Type         QuestionType
	Objective    int
	Tags         []string
	Fixed        bool // the choices stay in this order
	ExactCase    bool // of typed words: capitals count
	ExactAccents bool
	Units        []Unit
	Points       int      // of an essay: the most that a grader gives
	Words        int      // of a long text: how many words it should have at most, 0 for no limit
	Draw         int      // of a pool: how many are drawn
	Members      []string // of a pool: the ids from which they are
	Stem         string   // of a cloze with its gaps: {{typed|or this}}, {{=right|wrong}}
	Answers      []WrittenAnswer
	General      string // feedback to the whole

	line     int // of the file
	flawed   bool
	stemLine int
	genLine  int
	begun    bool // the settings are over
	stem     []string
	general  []string
	set      map[string]setting
}

type setting struct {
	value string
	line  int
}

// WrittenAnswer is one line of the answers: a choice, an accepted text or number, a pair,
// the next item of an ordering in its right place, or what is said to a gap.
type WrittenAnswer struct {
	Text     string  // of a pair the left side, "" where the right side fits nothing
	Side     string  // of a pair the right side
	Gap      int     // of a cloze, from 1: the gap to which the feedback belongs
	Credit   float64 // percent, 100 for right and 0 for wrong
	Feedback string

	line int
	said int // on which the feedback stands
}

// Unit is a unit of measure and how many of the unit of 1 it is worth.
type Unit struct {
	Name  string
	Worth float64
}

// pool is the type of a heading that draws others; it is no question.
const pool QuestionType = "pool"

// answerForms are how a line of the answers looks, by type. What has no form has no answers.
var answerForms = map[QuestionType]*regexp.Regexp{
	Single: choiceLine, Multiple: choiceLine, TrueFalse: choiceLine, Short: choiceLine, Numeric: choiceLine, "": choiceLine,
	Matching: regexp.MustCompile(`^- (|.*?[^\\])\s*=>\s*(.*)$`),
	Ordering: regexp.MustCompile(`^([0-9]{1,3})\.\s+(.*)$`),
	Cloze:    regexp.MustCompile(`^- \{([0-9]{1,3})\}\s*$`),
	pool:     regexp.MustCompile(`^- ([a-z0-9][a-z0-9-]*)\s*$`),
}

var (
	questionHead    = regexp.MustCompile(`^##\s+([a-z0-9][a-z0-9-]*)\s*$`)
	settingLine     = regexp.MustCompile(`^([a-z_]+):\s*(.*?)\s*$`)
	choiceLine      = regexp.MustCompile(`^- \[([ xX]|-?[0-9]{1,3}(?:[.,][0-9]{1,7})?%)\]\s+(.*)$`)
	looksLikeChoice = regexp.MustCompile(`^\s*[-*+] ?\[[^\]]{0,12}\](?:[^(]|$)`)
	innerQuote      = regexp.MustCompile(`^\s+>\s?(.*)$`)
	outerQuote      = regexp.MustCompile(`^>\s?(.*)$`)
)

// listed says whether a type has a line of answers for each of them below the question.
func (w Written) listed() bool {
	return answerForms[w.Type] != nil && w.Type != Cloze
}

// Markdown writes the question as a quiz file has it. What a person could not have
// written where it stands, such as a choice within the question, is set off by a
// backslash and reads the same.
func (w Written) Markdown() string {
	var b strings.Builder
	b.WriteString("## " + w.ID + "\n")
	for _, line := range w.settings() {
		b.WriteString(line[0] + ": " + line[1] + "\n")
	}
	if w.Type != pool {
		b.WriteString("\n" + strings.Join(w.guarded(w.Stem), "\n") + "\n")
	}
	if len(w.Answers)+len(w.Members) > 0 {
		b.WriteString("\n")
	}
	for _, id := range w.Members {
		b.WriteString("- " + id + "\n")
	}
	for i, a := range w.Answers {
		b.WriteString(w.answer(i, a))
		if a.Feedback != "" {
			quote(&b, "  >", a.Feedback)
		}
	}
	if w.General != "" {
		b.WriteString("\n")
		quote(&b, ">", w.General)
	}
	return b.String()
}

// settings are the lines under the heading, in the order in which people write them.
func (w Written) settings() (lines [][2]string) {
	add := func(wanted bool, name, value string) {
		if wanted {
			lines = append(lines, [2]string{name, value})
		}
	}
	var units []string
	for _, unit := range w.Units {
		units = append(units, unit.Name+" = "+decimal(unit.Worth))
	}
	add(true, "type", string(w.Type))
	add(w.Objective > 0, "objective", strconv.Itoa(w.Objective))
	add(len(w.Tags) > 0, "tags", strings.Join(w.Tags, ", "))
	add(w.Fixed, "order", "fixed")
	add(w.ExactCase, "case", "exact")
	add(w.ExactAccents, "accents", "exact")
	add(len(units) > 0, "units", strings.Join(units, ", "))
	add(w.Points > 0, "points", strconv.Itoa(w.Points))
	add(w.Words > 0, "words", strconv.Itoa(w.Words))
	add(w.Draw > 0, "draw", strconv.Itoa(w.Draw))
	return lines
}

// answer is one line of the answers and what goes on below it.
func (w Written) answer(i int, a WrittenAnswer) string {
	switch w.Type {
	case Matching:
		left := strings.ReplaceAll(strings.ReplaceAll(oneLine(a.Text), `\=>`, "=>"), "=>", `\=>`)
		if left != "" {
			left += " "
		}
		return "- " + left + "=> " + oneLine(a.Side) + "\n"
	case Cloze:
		return "- {" + strconv.Itoa(a.Gap) + "}\n"
	case Ordering:
		return strconv.Itoa(i+1) + ". " + goingOn(a.Text)
	}
	mark := " "
	switch a.Credit {
	case 0:
	case 100:
		mark = "x"
	default:
		mark = decimal(a.Credit) + "%"
	}
	return "- [" + mark + "] " + goingOn(a.Text)
}

// goingOn is a text of several lines, of which the later ones are set in. An empty line
// would end it.
func goingOn(text string) string {
	var b strings.Builder
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("  ")
			if strings.HasPrefix(line, ">") || looksLikeChoice.MatchString(line) {
				b.WriteByte('\\')
			}
		}
		b.WriteString(shorn(line) + "\n")
	}
	if b.Len() == 0 {
		return "\n"
	}
	return b.String()
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// guarded are the lines of a stem, none of which begins the answers.
func (w Written) guarded(stem string) []string {
	form := answerForms[w.Type]
	lines := strings.Split(strings.Trim(stem, "\n"), "\n")
	for i, line := range lines {
		ends := !w.listed() && i > 0 && strings.HasPrefix(line, ">")
		switch {
		case form != nil && w.Type == Ordering && form.MatchString(line):
			lines[i] = strings.Replace(line, ".", `\.`, 1)
		case ends, form != nil && form.MatchString(line), looksLikeChoice.MatchString(line):
			at := len(line) - len(strings.TrimLeft(line, " \t"))
			lines[i] = line[:at] + `\` + line[at:]
		default:
			lines[i] = shorn(line)
		}
	}
	return lines
}

// shorn keeps a line from being read as a heading or a fence.
func shorn(line string) string {
	if strings.HasPrefix(line, "#") || strings.HasPrefix(line, ":::") {
		return `\` + line
	}
	return line
}

func quote(b *strings.Builder, mark, text string) {
	for _, line := range strings.Split(text, "\n") {
		line = shorn(strings.TrimRight(line, " \t"))
		if line != "" {
			line = " " + line
		}
		b.WriteString(mark + line + "\n")
	}
}

func decimal(n float64) string { return strconv.FormatFloat(n, 'f', -1, 64) }
