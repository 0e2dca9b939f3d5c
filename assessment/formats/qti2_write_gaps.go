package formats

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// typed writes the rules for a blank; suffix tells the blanks of a text apart.
func (w *qtiWriter) typed(suffix string, gap Gap) {
	response, score := "RESPONSE"+suffix, "SCORE"+suffix
	base := "string"
	if gap.Numerical {
		base = "float"
	}
	w.outcome(score, "single", "float")
	var right []string
	var rules, last strings.Builder
	branch := "responseIf"
	for n, a := range gap.Answers {
		id := "A" + strconv.Itoa(n+1)
		w.feedback("FEEDBACK"+suffix, id, a.Feedback, false)
		then := fmt.Sprintf("<setOutcomeValue identifier=\"%s\"><baseValue baseType=\"float\">%s</baseValue></setOutcomeValue>", score, part(a.Fraction))
		if !a.Feedback.Empty() {
			then += fmt.Sprintf("<setOutcomeValue identifier=\"FEEDBACK%s\"><baseValue baseType=\"identifier\">%s</baseValue></setOutcomeValue>", suffix, id)
		}
		if a.Number == nil && (gap.Numerical || a.Text.Words == "*") {
			// Any other answer that was given.
			fmt.Fprintf(&last, "<responseElseIf><not><isNull><variable identifier=\"%s\"/></isNull></not>%s</responseElseIf>\n", response, then)
			continue
		}
		test, plain := w.test(response, gap, a)
		if a.Fraction == 100 && len(right) == 0 && plain != "" {
			right = []string{plain}
		}
		fmt.Fprintf(&rules, "<%s>%s%s</%s>\n", branch, test, then, branch)
		branch = "responseElseIf"
	}
	w.declare(response, "single", base, right, nil)
	all := rules.String() + last.String()
	if rules.Len() == 0 {
		all = strings.Replace(all, "<responseElseIf>", "<responseIf>", 1)
		all = strings.Replace(all, "</responseElseIf>", "</responseIf>", 1)
	}
	if all != "" {
		w.rules.WriteString("<responseCondition>\n" + all + "</responseCondition>\n")
	}
}

// test is the expression that holds for an answer, with the answer as one would type it.
func (w *qtiWriter) test(response string, gap Gap, a Answer) (test, typed string) {
	variable := "<variable identifier=\"" + response + "\"/>"
	if a.Number != nil {
		number, tolerance := a.Number.middle()
		how := "toleranceMode=\"exact\""
		if tolerance != "0" {
			how = fmt.Sprintf("toleranceMode=\"absolute\" tolerance=\"%s %s\"", tolerance, tolerance)
		}
		return fmt.Sprintf("<equal %s>%s<baseValue baseType=\"float\">%s</baseValue></equal>", how, variable, number), number
	}
	plain := strings.ReplaceAll(a.Text.Words, `\*`, "\u0001")
	if strings.Contains(plain, "*") {
		return fmt.Sprintf("<patternMatch pattern=\"%s\">%s</patternMatch>", attribute(pattern(a.Text.Words, gap.ExactCase)), variable), ""
	}
	plain = strings.ReplaceAll(plain, "\u0001", "*")
	return fmt.Sprintf("<stringMatch caseSensitive=\"%t\" substring=\"false\">%s<baseValue baseType=\"string\">%s</baseValue></stringMatch>", gap.ExactCase, variable,
		escapeWords.Replace(strings.Map(xmlLetter, plain))), plain
}

// cloze writes a text with its gaps. Each gap has a score of its own; the whole is their mean.
func (w *qtiWriter) cloze(item Item) {
	places := map[string]string{}
	for n, gap := range item.Gaps {
		suffix := "_" + strconv.Itoa(n+1)
		if gap.Chosen {
			places[heldMark(n+1)] = w.list(suffix, gap, item.Fixed)
			continue
		}
		places[heldMark(n+1)] = "<textEntryInteraction responseIdentifier=\"RESPONSE" + suffix + "\"/>"
		w.typed(suffix, gap)
	}
	stem := w.marked(Text{item.Stem.Markup, held(item.Stem.Words)})
	words := anyHeldMark.ReplaceAllStringFunc(stem, func(m string) string {
		place := places[m]
		delete(places, m) // a response stands once
		return place
	})
	w.body.WriteString("<div class=\"stem\">" + words + "</div>\n")
	w.outcome("SCORE", "single", "float")
	w.rules.WriteString("<setOutcomeValue identifier=\"SCORE\"><divide><sum>")
	for n := range item.Gaps {
		fmt.Fprintf(&w.rules, "<variable identifier=\"SCORE_%d\"/>", n+1)
	}
	fmt.Fprintf(&w.rules, "</sum><baseValue baseType=\"float\">%d</baseValue></divide></setOutcomeValue>\n", len(item.Gaps))
}

// list writes a gap that is chosen from a list, whose lines are plain words.
func (w *qtiWriter) list(suffix string, gap Gap, fixed bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "<inlineChoiceInteraction responseIdentifier=\"RESPONSE%s\" shuffle=\"%t\">", suffix, !fixed)
	var right, entries []string
	said := false
	w.outcome("SCORE"+suffix, "single", "float")
	for n, a := range gap.Answers {
		id := "A" + strconv.Itoa(n+1)
		words := a.Text.Words
		if a.Text.Markup == HTML || a.Text.Markup == Moodle {
			w.marksLost = w.marksLost || strings.Contains(words, "<")
			words = html.UnescapeString(bare(words))
		}
		fmt.Fprintf(&b, "<inlineChoice identifier=\"%s\">%s</inlineChoice>", id, escapeWords.Replace(strings.Map(xmlLetter, words)))
		if a.Fraction == 100 && len(right) == 0 {
			right = []string{id}
		}
		entries = append(entries, fmt.Sprintf("<mapEntry mapKey=\"%s\" mappedValue=\"%s\"/>\n", id, part(a.Fraction)))
		said = said || !a.Feedback.Empty()
		w.feedback("FEEDBACK"+suffix, id, a.Feedback, false)
	}
	b.WriteString("</inlineChoiceInteraction>")
	w.declare("RESPONSE"+suffix, "single", "identifier", right, entries)
	fmt.Fprintf(&w.rules, "<setOutcomeValue identifier=\"SCORE%s\"><mapResponse identifier=\"RESPONSE%s\"/></setOutcomeValue>\n", suffix, suffix)
	if said {
		fmt.Fprintf(&w.rules, "<setOutcomeValue identifier=\"FEEDBACK%s\"><variable identifier=\"RESPONSE%s\"/></setOutcomeValue>\n", suffix, suffix)
	}
	return b.String()
}
