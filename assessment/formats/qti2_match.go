package formats

import (
	"slices"
	"strings"
)

func (q *qti2) order(ask *element, r *response) {
	q.Type = Ordering
	choices := ask.children("simpleChoice")
	texts := map[string]Text{}
	for _, c := range choices {
		texts[c.attr("identifier")] = textOf(c.kids, q.without)
	}
	for _, id := range r.correct {
		t, ok := texts[id]
		if ok {
			q.Answers = append(q.Answers, Answer{Text: t})
			delete(texts, id)
		}
	}
	if len(texts) > 0 || len(q.Answers) < 2 && !q.ours || len(q.Answers) != len(choices) {
		q.lose(ask.line, "assessment.format.no_key")
	}
	_, q.General = q.everywhere([][]string{q.shows(q.play(map[string][]string{r.id: r.correct}))})
}

// pairsOf are the pairs of a response that are right.
func (r *response) pairsOf() (pairs [][2]string) {
	take := func(words string) {
		if ids := strings.Fields(words); len(ids) == 2 {
			pairs = append(pairs, [2]string{ids[0], ids[1]})
		}
	}
	for _, words := range r.correct {
		take(words)
	}
	if len(pairs) == 0 {
		for _, key := range r.keys {
			if r.mapped[key] > 0 {
				take(key)
			}
		}
	}
	return pairs
}

// match reads two sets whose members belong together. Ours has each left once; where that
// fits only the other way around, the sides change places.
func (q *qti2) match(ask *element, r *response) {
	q.Type = Matching
	sets := ask.children("simpleMatchSet")
	pairs := r.pairsOf()
	if len(sets) != 2 || len(pairs) == 0 && !q.ours {
		q.lose(ask.line, "assessment.format.no_key")
		return
	}
	left, right := sets[0].children("simpleAssociableChoice"), sets[1].children("simpleAssociableChoice")
	if len(left)+len(right) > 500 || len(pairs) > 2000 {
		q.lose(ask.line, "assessment.format.large")
		return
	}
	if !q.pair(left, right, pairs) {
		for n, p := range pairs {
			pairs[n] = [2]string{p[1], p[0]}
		}
		if !q.pair(right, left, pairs) {
			q.lose(ask.line, "assessment.qti.pair")
			return
		}
	}
	_, q.General = q.everywhere([][]string{q.shows(q.play(map[string][]string{r.id: r.correct}))})
}

func (q *qti2) pair(left, right []*element, pairs [][2]string) bool {
	q.Pairs = nil
	texts, taken := map[string]Text{}, map[string]bool{}
	for _, c := range right {
		texts[c.attr("identifier")] = textOf(c.kids, q.without)
	}
	for _, c := range left {
		var mine []string
		for _, p := range pairs {
			if p[0] == c.attr("identifier") {
				mine = append(mine, p[1])
			}
		}
		if len(mine) != 1 {
			return false
		}
		t, ok := texts[mine[0]]
		l := textOf(c.kids, q.without)
		if !ok || l.Empty() && !q.ours {
			return false
		}
		taken[mine[0]] = true
		q.Pairs = append(q.Pairs, Pair{l, t})
	}
	for _, c := range right {
		if t := texts[c.attr("identifier")]; !taken[c.attr("identifier")] && !t.Empty() {
			q.Pairs = append(q.Pairs, Pair{Right: t})
		}
	}
	return true
}

// gapMatch reads words that are put into gaps: a cloze with chosen gaps.
func (q *qti2) gapMatch(ask *element, r *response) {
	q.Type = Cloze
	if img := ask.all("gapImg"); len(img) > 0 {
		q.lose(img[0].line, "assessment.format.type", "Type", "gapImg")
		return
	}
	q.Fixed = ask.attr("shuffle") != "true"
	pieces := ask.children("gapText")
	pairs := r.pairsOf()
	if len(ask.all("gap"))*len(pieces) > 10_000 || len(pairs) > 2000 {
		q.lose(ask.line, "assessment.format.large")
		return
	}
	var text strings.Builder
	words := func(kids []node) string {
		return written(kids, func(e *element) (string, bool) {
			switch e.name {
			case "gapText":
				return "", true
			case "prompt":
				return "<p>" + written(e.kids, q.without) + "</p>", true
			case "gap":
				gap := Gap{Chosen: true}
				for _, p := range pieces {
					a := Answer{Text: textOf(p.kids, q.without)}
					if slices.Contains(pairs, [2]string{p.attr("identifier"), e.attr("identifier")}) {
						a.Fraction = 100
					}
					gap.Answers = append(gap.Answers, a)
				}
				q.Gaps = append(q.Gaps, gap)
				return heldMark(len(q.Gaps)), true
			}
			return q.without(e)
		})
	}
	text.WriteString(written(q.body.kids, func(e *element) (string, bool) {
		if e == ask {
			return words(e.kids), true
		}
		return q.without(e)
	}))
	q.Stem = newText(HTML, placed(unmarked(text.String(), HTML)))
	q.checkGaps(ask.line)
}

// checkGaps loses a cloze of which a gap has no right answer.
func (q *qti2) checkGaps(line int) {
	if len(q.Gaps) == 0 {
		q.lose(line, "assessment.moodle.cloze_none")
	}
	for n, g := range q.Gaps {
		if q.ours {
			break // what we wrote comes back as it was
		}
		if !slices.ContainsFunc(g.Answers, func(a Answer) bool { return a.Fraction > 0 }) || g.Chosen && len(g.Answers) < 2 {
			q.lose(line, "assessment.qti.gap_key", "Number", n+1)
		}
	}
}
