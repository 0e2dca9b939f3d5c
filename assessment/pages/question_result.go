package pages

import (
	"html"
	"slices"
	"strconv"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

// partProps is one part of an answered question.
type partProps struct {
	Mine    bool // it was answered so
	Right   bool
	Key     bool   // it is shown as a right answer
	Marked  bool   // whether it is right is said in words too
	Lang    string // of the words
	Words   string // safe HTML
	Instead string // what would have been right, where that is shown
	Said    string // feedback, safe HTML
}

// mostAccepted is how many accepted answers a page names.
const mostAccepted = 5

// feedback is what is said to one part, where it is shown.
func feedback(q assessment.Question, language string, n int, shown bool) string {
	said := q.Text(language).Feedback
	if !shown || n < 0 || n >= len(said) {
		return ""
	}
	return said[n]
}

func typedPart(p paperPage, q assessment.Question, language string) partProps {
	a := p.Answers[q.ID].Value
	met, in := q.Meets(a)
	if in == "" {
		in = q.In(language)
	}
	return partProps{Mine: true, Right: q.Score(a) == assessment.Points, Marked: true, Lang: q.In(language),
		Words: html.EscapeString(typedWords(q, a, language)), Said: feedback(q, in, met, true)}
}

// accepted are the answers that earn all points, as the file has them.
func accepted(q assessment.Question, language string) (list []string) {
	text := q.Text(language)
	credit, unit := text.Credit, ""
	if q.Type == assessment.Numeric {
		credit = q.Body.Credit
		if n := slices.Index(q.Body.Units, 1); n >= 0 {
			unit = " " + text.Units[n]
		}
	}
	for i, words := range text.Answers {
		if credit[i] == assessment.Points {
			list = append(list, html.EscapeString(assessment.Plainly(words)+unit))
		}
	}
	return list
}

func pairPart(p paperPage, q assessment.Question, language string, left int) partProps {
	text, a := q.Text(language), p.Answers[q.ID].Value
	side, right := a.With(left), q.PartRight(a, left)
	o := partProps{Mine: side >= 0, Right: right, Marked: true, Lang: q.In(language), Words: text.Choices[left],
		Said: feedback(q, language, left, right || p.Shows())}
	if side >= 0 {
		o.Words += " → " + html.EscapeString(text.Sides[side])
	}
	if !right && p.Shows() {
		o.Instead = text.Sides[q.Body.Match[left]]
	}
	return o
}

func gapPart(p paperPage, q assessment.Question, language string, n int) partProps {
	text, a := q.Text(language), p.Answers[q.ID].Value
	right := q.PartRight(a, n)
	o := partProps{Mine: a.Text(n) != "", Right: right, Marked: true, Lang: q.In(language),
		Words: strconv.Itoa(n+1) + ". " + html.EscapeString(gapWords(q, a, n, language)), Said: feedback(q, language, n, right || p.Shows())}
	if !right && p.Shows() {
		o.Instead = gapWords(q, q.Solution(), n, language)
		if !q.Body.Gaps[n].Chosen {
			o.Instead = assessment.Plainly(text.Gaps[n].Answers[0])
		}
	}
	return o
}

// inOrder are the items of an ordering by the places that they were given.
func inOrder(a assessment.Answer) [][2]int {
	pairs := slices.Clone(a.Pairs)
	slices.SortStableFunc(pairs, func(a, b [2]int) int { return a[1] - b[1] })
	return pairs
}
