package formats

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// qtiWriter writes one item of QTI 2.1, with its parts in the order of the schema.
type qtiWriter struct {
	label    string
	warnings []Warning

	responses, outcomes, body, rules, modal strings.Builder
	feedbacks                               map[string]bool // the outcomes that show feedback
	marksLost                               bool
}

var ncName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]{0,60}$`)

// itemXML is an item as a file of QTI 2.1.
func (w *qtiWriter) itemXML(id string, item Item) string {
	w.feedbacks = map[string]bool{}
	switch item.Type {
	case Choice, TrueFalse:
		w.choice(item)
	case Short, Numerical:
		w.stem(item.Stem)
		w.body.WriteString("<p class=\"answer\"><textEntryInteraction responseIdentifier=\"RESPONSE\"/></p>\n")
		w.typed("", Gap{Numerical: item.Type == Numerical, ExactCase: item.ExactCase, Answers: item.Answers})
		if len(item.Units) > 0 {
			w.warn(false, "assessment.qti.units")
		}
	case Matching:
		w.matching(item)
	case Ordering:
		w.ordering(item)
	case Cloze:
		w.cloze(item)
	case Essay, Reflection:
		w.essay(item)
	case Description:
		w.stem(item.Stem)
	}
	if !item.General.Empty() {
		fmt.Fprint(&w.rules, "<setOutcomeValue identifier=\"GENERAL\"><baseValue baseType=\"identifier\">general</baseValue></setOutcomeValue>\n")
		w.feedback("GENERAL", "general", item.General, false)
	}
	if w.marksLost {
		w.warn(false, "assessment.qti.marks")
	}
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<assessmentItem xmlns=\"http://www.imsglobal.org/xsd/imsqti_v2p1\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"http://www.imsglobal.org/xsd/imsqti_v2p1 http://www.imsglobal.org/xsd/qti/qtiv2p1/imsqti_v2p1.xsd\"")
	fmt.Fprintf(&b, " identifier=\"%s\" title=\"%s\"", id, attribute(item.Title))
	if item.Name != "" {
		fmt.Fprintf(&b, " label=\"%s\"", attribute(item.Name))
	}
	fmt.Fprintf(&b, " adaptive=\"false\" timeDependent=\"false\" toolName=\"%s\" toolVersion=\"1\">\n", toolName)
	b.WriteString(w.responses.String() + w.outcomes.String())
	fmt.Fprintf(&b, "<itemBody%s>\n%s</itemBody>\n", map[bool]string{true: " class=\"cloze\""}[item.Type == Cloze], w.body.String())
	if w.rules.Len() > 0 {
		b.WriteString("<responseProcessing>\n" + w.rules.String() + "</responseProcessing>\n")
	}
	b.WriteString(w.modal.String() + "</assessmentItem>\n")
	return b.String()
}

func attribute(words string) string {
	return escapeValue.Replace(strings.ReplaceAll(strings.Map(xmlLetter, words), "\n", " "))
}

func (w *qtiWriter) warn(lost bool, key string, pairs ...any) {
	w.warnings = append(w.warnings, Warning{Item: w.label, Lost: lost, Problem: content.Problem{Sentence: fault.Say(key, pairs...)}})
}

func (w *qtiWriter) marked(t Text) string {
	words, lost := t.xhtml()
	w.marksLost = w.marksLost || lost
	return words
}

// stem writes the text above the answers. A div may hold both words and blocks.
func (w *qtiWriter) stem(t Text) {
	if !t.Empty() {
		w.body.WriteString("<div class=\"stem\">" + w.marked(t) + "</div>\n")
	}
}

func (w *qtiWriter) outcome(id, cardinality, base string) {
	fmt.Fprintf(&w.outcomes, "<outcomeDeclaration identifier=\"%s\" cardinality=\"%s\" baseType=\"%s\"", id, cardinality, base)
	if base == "float" {
		w.outcomes.WriteString("><defaultValue><value>0</value></defaultValue></outcomeDeclaration>\n")
		return
	}
	w.outcomes.WriteString("/>\n")
}

// feedback writes what an outcome shows.
func (w *qtiWriter) feedback(outcome, id string, t Text, several bool) {
	if t.Empty() {
		return
	}
	if !w.feedbacks[outcome] {
		w.feedbacks[outcome] = true
		w.outcome(outcome, map[bool]string{true: "multiple", false: "single"}[several], "identifier")
	}
	fmt.Fprintf(&w.modal, "<modalFeedback outcomeIdentifier=\"%s\" identifier=\"%s\" showHide=\"show\">%s</modalFeedback>\n", outcome, id, w.marked(t))
}

// part is a share of the points as QTI has it: 1 is all.
func part(fraction float64) string {
	r, ok := exact(plainNumber(fraction))
	if !ok {
		return "0"
	}
	return trimmed(r.Mul(r, hundredth).FloatString(12))
}

// declare writes a response with what is right and what each answer earns.
func (w *qtiWriter) declare(id, cardinality, base string, right []string, entries []string) {
	fmt.Fprintf(&w.responses, "<responseDeclaration identifier=\"%s\" cardinality=\"%s\" baseType=\"%s\">\n", id, cardinality, base)
	if len(right) > 0 {
		w.responses.WriteString("<correctResponse>")
		for _, r := range right {
			w.responses.WriteString("<value>" + escapeWords.Replace(strings.Map(xmlLetter, r)) + "</value>")
		}
		w.responses.WriteString("</correctResponse>\n")
	}
	if len(entries) > 0 {
		w.responses.WriteString("<mapping lowerBound=\"0\" upperBound=\"1\" defaultValue=\"0\">\n" + strings.Join(entries, "") + "</mapping>\n")
	}
	w.responses.WriteString("</responseDeclaration>\n")
}

func (w *qtiWriter) choice(item Item) {
	w.stem(item.Stem)
	shuffle, most, cardinality := !item.Fixed && item.Type == Choice, "1", "single"
	if item.Several {
		most, cardinality = "0", "multiple"
	}
	fmt.Fprintf(&w.body, "<choiceInteraction responseIdentifier=\"RESPONSE\" shuffle=\"%t\" maxChoices=\"%s\">\n", shuffle, most)
	var right, entries []string
	said := false
	w.outcome("SCORE", "single", "float")
	for n, a := range item.Answers {
		id := "A" + strconv.Itoa(n+1)
		words := w.marked(a.Text)
		if item.Type == TrueFalse {
			id = strings.ToLower(a.Text.Words)
		}
		fmt.Fprintf(&w.body, "<simpleChoice identifier=\"%s\">%s</simpleChoice>\n", id, words)
		if a.Fraction == 100 || item.Several && a.Fraction > 0 {
			right = append(right, id)
		}
		entries = append(entries, fmt.Sprintf("<mapEntry mapKey=\"%s\" mappedValue=\"%s\"/>\n", id, part(a.Fraction)))
		said = said || !a.Feedback.Empty()
		w.feedback("FEEDBACK", id, a.Feedback, item.Several)
	}
	w.body.WriteString("</choiceInteraction>\n")
	if !item.Several && len(right) > 1 {
		right = right[:1]
	}
	w.declare("RESPONSE", cardinality, "identifier", right, entries)
	w.rules.WriteString("<setOutcomeValue identifier=\"SCORE\"><mapResponse identifier=\"RESPONSE\"/></setOutcomeValue>\n")
	if said {
		w.rules.WriteString("<setOutcomeValue identifier=\"FEEDBACK\"><variable identifier=\"RESPONSE\"/></setOutcomeValue>\n")
	}
}

func (w *qtiWriter) matching(item Item) {
	w.stem(item.Stem)
	var lefts, rights []string
	ids := map[string]string{}
	var right, entries []string
	pairs := 0
	for _, p := range item.Pairs {
		if !p.Left.Empty() {
			pairs++
		}
	}
	for _, p := range item.Pairs {
		words := w.marked(p.Right)
		id, known := ids[words]
		if !known {
			id = "R" + strconv.Itoa(len(ids)+1)
			ids[words] = id
			rights = append(rights, fmt.Sprintf("<simpleAssociableChoice identifier=\"%s\" matchMax=\"%d\">%s</simpleAssociableChoice>\n", id, pairs, words))
		}
		if p.Left.Empty() {
			continue
		}
		left := "L" + strconv.Itoa(len(lefts)+1)
		lefts = append(lefts, fmt.Sprintf("<simpleAssociableChoice identifier=\"%s\" matchMax=\"1\">%s</simpleAssociableChoice>\n", left, w.marked(p.Left)))
		right = append(right, left+" "+id)
		entries = append(entries, fmt.Sprintf("<mapEntry mapKey=\"%s %s\" mappedValue=\"%s\"/>\n", left, id, part(100/float64(pairs))))
	}
	fmt.Fprintf(&w.body, "<matchInteraction responseIdentifier=\"RESPONSE\" shuffle=\"%t\" maxAssociations=\"%d\">\n<simpleMatchSet>\n%s</simpleMatchSet>\n<simpleMatchSet>\n%s</simpleMatchSet>\n</matchInteraction>\n",
		!item.Fixed, pairs, strings.Join(lefts, ""), strings.Join(rights, ""))
	w.outcome("SCORE", "single", "float")
	w.declare("RESPONSE", "multiple", "directedPair", right, entries)
	w.rules.WriteString("<setOutcomeValue identifier=\"SCORE\"><mapResponse identifier=\"RESPONSE\"/></setOutcomeValue>\n")
}

func (w *qtiWriter) ordering(item Item) {
	w.stem(item.Stem)
	w.body.WriteString("<orderInteraction responseIdentifier=\"RESPONSE\" shuffle=\"true\">\n")
	var right []string
	for n, a := range item.Answers {
		id := "A" + strconv.Itoa(n+1)
		right = append(right, id)
		fmt.Fprintf(&w.body, "<simpleChoice identifier=\"%s\">%s</simpleChoice>\n", id, w.marked(a.Text))
	}
	w.body.WriteString("</orderInteraction>\n")
	w.outcome("SCORE", "single", "float")
	w.declare("RESPONSE", "ordered", "identifier", right, nil)
	w.rules.WriteString("<responseCondition><responseIf><match><variable identifier=\"RESPONSE\"/><correct identifier=\"RESPONSE\"/></match><setOutcomeValue identifier=\"SCORE\"><baseValue baseType=\"float\">1</baseValue></setOutcomeValue></responseIf></responseCondition>\n")
}

func (w *qtiWriter) essay(item Item) {
	w.stem(item.Stem)
	class, length := "", ""
	if item.Type == Reflection {
		class = " class=\"reflection\""
		w.warn(false, "assessment.qti.reflection")
	}
	if item.Words > 0 {
		length = fmt.Sprintf(" expectedLength=\"%d\"", item.Words*lettersAWord)
	}
	fmt.Fprintf(&w.body, "<extendedTextInteraction%s responseIdentifier=\"RESPONSE\"%s/>\n", class, length)
	w.outcome("SCORE", "single", "float")
	w.declare("RESPONSE", "single", "string", nil, nil)
}
