package formats

import (
	"slices"
	"strings"
	"unicode"
)

// mostAnswers is how many answers one blank or list may have.
const mostAnswers = 500

// inline reads blanks and lists in a running text; one blank after all text is a short
// text or a number.
func (q *qti2) inline(asks []*element) {
	alone := len(asks) == 1 && asks[0].name == "textEntryInteraction" && q.endsWith(asks[0]) && q.body.attr("class") != "cloze"
	var runs [][]string
	q.Fixed = len(asks) > 0 && !alone
	shuffled, chosen := false, false
	for _, ask := range asks {
		r := q.responses[ask.attr("responseIdentifier")]
		if r == nil {
			q.lose(ask.line, "assessment.format.no_key")
			return
		}
		gap := Gap{Chosen: ask.name == "inlineChoiceInteraction"}
		if gap.Chosen {
			chosen = true
			shuffled = shuffled || ask.attr("shuffle") == "true"
			for _, c := range ask.children("inlineChoice") {
				gap.Answers = append(gap.Answers, Answer{Text: textOf(c.kids, q.without)})
			}
		} else {
			if q.ours {
				runs = append(runs, q.written(&gap, r)...)
			} else {
				q.accepted(&gap, r)
			}
		}
		if len(gap.Answers) > mostAnswers {
			q.lose(ask.line, "assessment.format.large")
			return
		}
		if gap.Chosen || !q.ours {
			runs = append(runs, q.earn(&gap, ask, r)...)
		}
		q.Gaps = append(q.Gaps, gap)
	}
	if q.steps > mostSteps {
		q.lose(0, "assessment.format.large")
		return
	}
	q.Fixed = chosen && !shuffled
	q.checkGaps(asks[0].line)
	if q.gone {
		return
	}
	alike := runs
	if q.ours {
		alike = nil // the branches that are read back say nothing of what is always shown
	}
	general, _ := q.everywhere(alike)
	apart := general
	if len(asks) > 1 && !q.ours { // what is said to a wrong whole is not said to a gap
		apart = slices.Concat(q.shows(q.play(map[string][]string{})), inAll(runs))
	}
	run := 0
	for n := range q.Gaps {
		for m := range q.Gaps[n].Answers {
			own := slices.DeleteFunc(runs[run], func(k string) bool { return slices.Contains(apart, k) })
			q.Gaps[n].Answers[m].Feedback = q.say(own)
			run++
		}
	}
	q.General = q.say(general)
	if !alone {
		q.Type = Cloze
		number := 0
		q.stem(func(*element) string { number++; return heldMark(number) })
		return
	}
	gap := q.Gaps[0]
	q.Type, q.Answers, q.ExactCase, q.Gaps = Short, gap.Answers, gap.ExactCase, nil
	if gap.Numerical {
		q.Type = Numerical
	}
	q.stem(nil)
}

// endsWith says whether an interaction is the last that a reader sees of the body.
func (q *qti2) endsWith(ask *element) bool {
	const sign = "\u0001"
	text := written(q.body.kids, func(e *element) (string, bool) {
		if e == ask {
			return sign, true
		}
		return q.without(e)
	})
	_, after, _ := strings.Cut(text, sign)
	return strings.TrimFunc(bare(after), func(r rune) bool { return unicode.IsSpace(r) || r == '.' }) == "" && !strings.Contains(after, "<img")
}

// accepted gathers the texts or numbers that the rules know for a blank.
func (q *qti2) accepted(gap *Gap, r *response) {
	gap.Numerical = r.base == "float" || r.base == "integer"
	add := func(a Answer) {
		if len(gap.Answers) > mostAnswers {
			return
		}
		if !slices.ContainsFunc(gap.Answers, func(b Answer) bool {
			return a.Text == b.Text && (a.Number == nil && b.Number == nil || a.Number != nil && b.Number != nil && *a.Number == *b.Number)
		}) {
			gap.Answers = append(gap.Answers, a)
		}
	}
	exactCase, any := true, false
	number := func(e *element, words string) {
		if n := equalRange(e, words); n != nil {
			add(Answer{Text: plainText(n.String()), Number: n})
		}
	}
	word := func(words string, exact bool) {
		any, exactCase = true, exactCase && exact
		add(Answer{Text: plainText(starred(words))})
	}
	if !gap.Numerical || q.maps(r) {
		for _, key := range r.keys {
			if gap.Numerical {
				number(nil, key)
			} else {
				word(key, r.exact)
			}
		}
	}
	q.e.child("responseProcessing").walk(func(e *element) bool {
		parts := e.children("")
		if !slices.ContainsFunc(parts, func(p *element) bool { return p.name == "variable" && p.attr("identifier") == r.id }) {
			return true
		}
		if e.name == "patternMatch" && !gap.Numerical {
			if words, exact, ok := unpattern(e.attr("pattern")); ok {
				any, exactCase = true, exactCase && (exact || !strings.ContainsFunc(words, unicode.IsLetter))
				add(Answer{Text: plainText(words)})
			}
			return false
		}
		for _, p := range parts {
			values := []string{p.said()}
			if p.name == "correct" {
				values = r.correct
			} else if p.name != "baseValue" {
				continue
			}
			for _, v := range values {
				switch {
				case gap.Numerical && oneOf(e.name, "equal equalRounded match"):
					number(e, v)
				case !gap.Numerical && oneOf(e.name, "match stringMatch"):
					word(v, e.attr("caseSensitive") != "false")
				}
			}
		}
		return false
	})
	if len(gap.Answers) == 0 {
		for _, v := range r.correct {
			if gap.Numerical {
				number(nil, v)
			} else {
				word(v, true)
			}
		}
	}
	gap.ExactCase = any && exactCase
	if others := q.unknown(r); len(others) > 0 && len(gap.Answers) > 0 {
		add(Answer{Text: plainText("*")})
	}
}

// unknown is the feedback that only an answer gets that is none of those known.
func (q *qti2) unknown(r *response) []string {
	nothing := q.shows(q.play(map[string][]string{}))
	return slices.DeleteFunc(q.shows(q.play(map[string][]string{r.id: {q.strange(r)}})), func(k string) bool { return slices.Contains(nothing, k) })
}

func (q *qti2) strange(r *response) string {
	if r.base == "float" || r.base == "integer" {
		return "-987654321.125"
	}
	return "\u2603\u2603"
}

// earn gives the answers of a gap their shares, and what each shows.
func (q *qti2) earn(gap *Gap, ask *element, r *response) (runs [][]string) {
	choices := ask.children("inlineChoice")
	points := make([]float64, len(gap.Answers))
	best := 0.0
	for n, a := range gap.Answers {
		said := q.typedAs(a, r, gap.Answers[:n])
		if gap.Chosen {
			said = choices[n].attr("identifier")
		}
		state := q.play(map[string][]string{r.id: {said}})
		points[n] = q.points(state)
		if gap.Chosen && len(r.mapped) > 0 && q.maps(r) {
			points[n] = r.mapped[said]
		}
		runs = append(runs, q.shows(state))
		best = max(best, points[n])
	}
	for n := range points {
		switch {
		case q.ours || best > 0:
			gap.Answers[n].Fraction = inPercent(points[n] * q.scale(best))
		case gap.Chosen:
			if slices.Contains(r.correct, choices[n].attr("identifier")) {
				gap.Answers[n].Fraction = 100
			}
		case q.right(gap.Answers[n], r):
			gap.Answers[n].Fraction = 100
		}
	}
	for n, a := range gap.Answers { // York earns all and york a half: capitals count
		for _, b := range gap.Answers[:n] {
			if strings.EqualFold(a.Text.Words, b.Text.Words) && a.Fraction != b.Fraction && !gap.Chosen && !gap.Numerical {
				gap.ExactCase = true
			}
		}
	}
	return runs
}

// right says whether an answer is the one that is named as correct, or one that the
// mapping gives points for, where the rules give points to the whole alone.
func (q *qti2) right(a Answer, r *response) bool {
	said := q.typedAs(a, r, nil)
	if r.mapped[said] > 0 {
		return true
	}
	for _, c := range r.correct {
		if n, ok := around(c, ""); a.Number != nil && ok && n.Low >= a.Number.Low && n.High <= a.Number.High || a.Number == nil && c == said {
			return true
		}
	}
	return false
}

// typedAs is a text that a person could type for an answer, and not for those before it.
func (q *qti2) typedAs(a Answer, r *response, before []Answer) string {
	switch {
	case a.Number != nil:
		middle, _ := a.Number.middle()
		for _, words := range []string{middle, plainNumber(a.Number.Low), plainNumber(a.Number.High)} {
			n, ok := around(words, "")
			if ok && !slices.ContainsFunc(before, func(b Answer) bool { return b.Number != nil && n.Low >= b.Number.Low && n.High <= b.Number.High }) {
				return words
			}
		}
		return middle
	case a.Text.Words == "*":
		return q.strange(r)
	}
	return strings.NewReplacer(`\*`, "*", "*", "").Replace(a.Text.Words)
}
