package pages

import (
	"html"
	"slices"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

func inputOf(q assessment.Question) string {
	if q.Type == assessment.Multiple {
		return "checkbox"
	}
	return "radio"
}

// labelled names what a question's frame is labelled by: its number and its words. A
// text with gaps has controls within and is no label.
func labelled(q assessment.Question) string {
	if q.Type == assessment.Cloze {
		return "h-" + q.ID
	}
	return "h-" + q.ID + " s-" + q.ID
}

// typed are the attributes of the nth field to type in.
func typed(p paperPage, q assessment.Question, n int) templ.Attributes {
	return templ.Attributes{"name": "t." + q.ID, "value": p.Answers[q.ID].Value.Text(n), "maxlength": strconv.Itoa(q.Longest())}
}

// typing are those of the only field, which has a label.
func typing(p paperPage, q assessment.Question) templ.Attributes {
	attributes := typed(p, q, 0)
	attributes["id"] = "t-" + q.ID
	return attributes
}

func partID(q assessment.Question, part int) string { return "p-" + q.ID + "-" + strconv.Itoa(part) }

// pairOf is what a form sends for two things that were joined.
func pairOf(one, with int) string { return strconv.Itoa(one) + "-" + strconv.Itoa(with) }

// wordsOf is an answer as a list of safe HTML: what was picked, typed, joined, or the
// order.
func wordsOf(q assessment.Question, a assessment.Answer, language string) (list []string) {
	text := q.Text(language)
	for _, c := range a.Choices {
		list = append(list, text.Choices[c])
	}
	pairs := slices.Clone(a.Pairs)
	if q.Type == assessment.Ordering {
		slices.SortFunc(pairs, func(a, b [2]int) int { return a[1] - b[1] })
	}
	for _, pair := range pairs {
		if q.Type == assessment.Ordering {
			list = append(list, strconv.Itoa(pair[1]+1)+". "+text.Choices[pair[0]])
		} else {
			list = append(list, text.Choices[pair[0]]+" → "+html.EscapeString(text.Sides[pair[1]]))
		}
	}
	switch {
	case q.Type == assessment.Cloze:
		for n := range a.Texts {
			list = append(list, strconv.Itoa(n+1)+": "+html.EscapeString(gapWords(q, a, n, language)))
		}
	case len(a.Texts) > 0:
		list = append(list, html.EscapeString(typedWords(q, a, language)))
	}
	return list
}

// gapWords is what stands in a gap.
func gapWords(q assessment.Question, a assessment.Answer, n int, language string) string {
	words := a.Text(n)
	if option, err := strconv.Atoi(words); err == nil && q.Body.Gaps[n].Chosen {
		words = q.Text(language).Gaps[n].Options[option]
	}
	if words == "" {
		return "–"
	}
	return words
}

// typedWords is what was typed, with the unit chosen beside it.
func typedWords(q assessment.Question, a assessment.Answer, language string) string {
	words, units := a.Text(0), q.Text(language).Units
	if unit, err := strconv.Atoi(a.Text(1)); err == nil && len(units) > 1 && strings.Trim(words, "0123456789., -") == "" {
		words += " " + units[unit]
	}
	return words
}
