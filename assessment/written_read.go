package assessment

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/metropolitan-peace-academy/academy/content"
)

// ReadWritten reads questions as a quiz file has them below its head, line by line. What
// is wrong with one is told with its line; firstLine is that of the first.
func ReadWritten(lines []string, firstLine int, told *content.Problems) []Written {
	var questions []Written
	for i, text := range lines {
		line := firstLine + i
		if m := questionHead.FindStringSubmatch(text); m != nil {
			questions = append(questions, Written{ID: m[1], line: line, set: map[string]setting{}})
			continue
		}
		if len(questions) == 0 {
			if strings.TrimSpace(text) != "" {
				told.Add(line, "assessment.problem.before_first")
			}
			continue
		}
		questions[len(questions)-1].read(text, line, told)
	}
	for i := range questions {
		questions[i].finish(told)
	}
	return questions
}

// read takes one line of a question: its settings up to the first empty line, then the
// question, then answers with the feedback to each, then the feedback to the whole.
func (w *Written) read(text string, line int, told *content.Problems) {
	text = strings.TrimRightFunc(text, unicode.IsSpace)
	answered := len(w.Answers)+len(w.Members) > 0
	inner, outer := innerQuote.FindStringSubmatch(text), outerQuote.FindStringSubmatch(text)
	setting := settingLine.FindStringSubmatch(text)
	ended := len(w.general) > 0
	switch {
	case text == "":
		w.begun = w.begun || w.Type != ""
		if !answered && !ended && len(w.stem) > 0 {
			w.stem = append(w.stem, "")
		}
	case !w.begun && setting != nil:
		w.put(setting[1], setting[2], line, told)
	case strings.HasPrefix(text, "#"):
		told.Add(line, "assessment.problem.heading")
	case !ended && w.take(text, line):
		w.begun = true
	case looksLikeChoice.MatchString(text):
		told.Add(line, "assessment.problem.choice_form", "Question", w.ID)
	case outer != nil && (answered || ended || !w.listed() && len(w.stem) > 0):
		if !ended {
			w.genLine = line
		}
		w.general = append(w.general, outer[1])
	case !answered && !ended:
		if len(w.stem) == 0 {
			w.stemLine = line
		}
		w.begun = true
		w.stem = append(w.stem, text)
	case len(w.Answers) == 0 || ended:
		told.Add(line, "assessment.problem.line", "Question", w.ID)
	default:
		w.goOn(text, inner, line, told)
	}
}

// goOn takes a line below an answer: feedback to it, or more of its own words.
func (w *Written) goOn(text string, inner []string, line int, told *content.Problems) {
	a := &w.Answers[len(w.Answers)-1]
	switch {
	case inner != nil:
		if a.said == 0 {
			a.said = line
		}
		a.Feedback += inner[1] + "\n"
	case strings.HasPrefix(text, "  ") && a.said == 0 && w.Type != Matching && w.Type != Cloze:
		a.Text += "\n" + strings.TrimSpace(text)
	default:
		told.Add(line, "assessment.problem.line", "Question", w.ID)
	}
}

// take reads a line as an answer of the question's type.
func (w *Written) take(text string, line int) bool {
	form := answerForms[w.Type]
	if form == nil {
		return false
	}
	m := form.FindStringSubmatch(text)
	if m == nil {
		return false
	}
	a := WrittenAnswer{line: line}
	switch w.Type {
	case pool:
		w.Members = append(w.Members, m[1])
		return true
	case Matching:
		a.Text, a.Side = oneLine(m[1]), oneLine(m[2])
	case Ordering:
		a.Text, a.Credit = strings.TrimSpace(m[2]), 0
	case Cloze:
		a.Gap, _ = strconv.Atoi(m[1])
	default:
		a.Text, a.Credit = strings.TrimSpace(m[2]), creditOf(m[1])
	}
	w.Answers = append(w.Answers, a)
	return true
}

// creditOf is the percent that the mark of a choice stands for.
func creditOf(mark string) float64 {
	switch mark {
	case " ":
		return 0
	case "x", "X":
		return 100
	}
	credit, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSuffix(mark, "%"), ",", "."), 64)
	if err != nil {
		return 0
	}
	return credit + 0 // −0 is 0
}

// settingsOf are the settings that a type takes beside type, objective and tags.
var settingsOf = map[string][]QuestionType{
	"type": nil, "objective": nil, "tags": nil,
	"order": {Single, Multiple}, "case": {Short, Cloze}, "accents": {Short, Cloze}, "units": {Numeric},
	"points": {Essay}, "words": {Essay, Reflection}, "draw": {pool},
}

// put notes a setting; what it says is read when the type is known.
func (w *Written) put(name, value string, line int, told *content.Problems) {
	if _, known := settingsOf[name]; !known {
		told.Add(line, "assessment.problem.setting", "Question", w.ID, "Setting", name)
		return
	}
	w.set[name] = setting{value, line}
	if name == "type" {
		w.Type = QuestionType(value)
	}
}

// finish puts what was read in its final form.
func (w *Written) finish(told *content.Problems) {
	w.Stem = strings.Trim(strings.Join(w.stem, "\n"), "\n")
	w.General = strings.Trim(strings.Join(w.general, "\n"), "\n")
	for i := range w.Answers {
		w.Answers[i].Feedback = strings.TrimSpace(w.Answers[i].Feedback)
	}
	for name, s := range w.set {
		if types := settingsOf[name]; types != nil && !slices.Contains(types, w.Type) {
			told.Add(s.line, "assessment.problem.setting_type", "Question", w.ID, "Setting", name, "Type", string(w.Type))
		} else if !w.understand(name, s.value) {
			told.Add(s.line, "assessment.problem.setting_value", "Question", w.ID, "Setting", name, "Value", s.value)
		}
	}
	w.stem, w.general, w.set, w.begun = nil, nil, nil, false
}

// understand reads what a setting says; false where it says nothing that can be.
func (w *Written) understand(name, value string) bool {
	var exact *bool
	switch name {
	case "type":
		return true // looked at with the answers
	case "objective":
		w.Objective = number(value)
		return w.Objective > 0
	case "tags":
		w.Tags = listOf(value)
		return len(w.Tags) > 0 && len(w.Tags) <= 10
	case "points":
		w.Points = number(value)
		return w.Points > 0 && w.Points <= 100
	case "words":
		w.Words = number(value)
		return w.Words > 0 && w.Words <= 500
	case "draw":
		w.Draw = number(value)
		return w.Draw > 0
	case "units":
		return w.readUnits(value)
	case "order":
		w.Fixed = value == "fixed"
		return w.Fixed || value == "mixed"
	case "case":
		exact = &w.ExactCase
	case "accents":
		exact = &w.ExactAccents
	}
	*exact = value == "exact"
	return *exact || value == "any"
}

// readUnits reads "km = 1, m = 0.001". One of them is worth 1: in it the answers stand.
func (w *Written) readUnits(value string) bool {
	one := false
	for _, part := range listOf(value) {
		name, worth, ok := strings.Cut(part, "=")
		name = oneLine(name)
		n, err := strconv.ParseFloat(strings.TrimSpace(worth), 64)
		if !ok || err != nil || name == "" || len(name) > 40 || n <= 0 || math.IsInf(n, 0) || strings.ContainsAny(name, "0123456789") ||
			slices.ContainsFunc(w.Units, func(u Unit) bool { return u.Name == name }) {
			return false
		}
		one = one || n == 1
		w.Units = append(w.Units, Unit{name, n})
	}
	return one && len(w.Units) <= 10
}

// listOf cuts a list at its commas; what is empty or stands twice is left out.
func listOf(value string) []string {
	var list []string
	for _, part := range strings.Split(value, ",") {
		if part = oneLine(part); part != "" && !slices.Contains(list, part) {
			list = append(list, part)
		}
	}
	return list
}

func number(s string) int {
	n := 0
	for _, r := range s {
		if r < '0' || r > '9' || n > 1000 {
			return 0
		}
		n = n*10 + int(r-'0')
	}
	return n
}
