package formats

import (
	"slices"
)

func (i *item12) ordering(to string, labels []*element) {
	i.Type = Ordering
	texts := map[string]Text{}
	for _, l := range labels {
		texts[l.attr("ident")] = material(l)
	}
	for _, c := range i.conditions {
		if !c.right || len(c.equals) != len(labels) {
			continue
		}
		for _, q := range c.equals {
			t, ok := texts[q.words]
			if !ok {
				i.lose(c.line, "assessment.format.no_key")
				return
			}
			delete(texts, q.words)
			i.Answers = append(i.Answers, Answer{Text: t})
		}
		i.General = i.say(i.general())
		return
	}
	i.lose(0, "assessment.format.no_key")
}

// rightOf are the answers to one response that earn points, with their share of its best.
func (i *item12) rightOf(to string) (answers []equal, shares []float64) {
	best, place := 0.0, map[string]int{}
	for _, c := range i.conditions {
		if !c.right {
			continue
		}
		points := c.points
		if !c.adds && !c.sets {
			points = i.most
		}
		for _, q := range c.equals {
			if q.to != to {
				continue
			}
			at, known := place[q.words]
			if !known {
				place[q.words] = len(answers)
				answers, shares = append(answers, q), append(shares, points)
			} else {
				shares[at] = max(shares[at], points)
			}
			best = max(best, points)
		}
	}
	for n := range shares {
		shares[n] = inPercent(shares[n] / best * 100)
	}
	return answers, shares
}

// matching reads several lists to pick from. The right sides stand in each list, or, as
// Blackboard has it, once at the end in the same order.
func (i *item12) matching(asks []*element) {
	i.Type = Matching
	var rights []Text
	var lefts []Text
	i.show.walk(func(e *element) bool {
		switch e.attr("class") {
		case "RIGHT_MATCH_BLOCK":
			for _, block := range e.children("flow") {
				rights = append(rights, material(block))
			}
			return false
		case "RESPONSE_BLOCK":
			for _, block := range e.children("flow") {
				lefts = append(lefts, material(block))
			}
		}
		return true
	})
	texts := map[string]Text{}
	var order []string
	taken := map[string]bool{}
	for n, ask := range asks {
		left := i.within(ask)
		if left.Empty() && n < len(lefts) {
			left = lefts[n]
		}
		for m, l := range ask.all("response_label") {
			t := material(l)
			if t.Empty() && m < len(rights) {
				t = rights[m]
			}
			key := string(t.Markup) + t.Words
			texts[l.attr("ident")] = t
			if !slices.Contains(order, key) && len(order) < 1000 {
				order = append(order, key)
			}
		}
		answers, shares := i.rightOf(ask.attr("ident"))
		at := slices.Index(shares, 100)
		if left.Empty() {
			continue // a row without a left side: its right one fits nothing
		}
		if at < 0 {
			i.lose(ask.line, "assessment.qti.pair")
			return
		}
		right, ok := texts[answers[at].words]
		if !ok || right.Empty() {
			i.lose(ask.line, "assessment.qti.pair")
			return
		}
		taken[string(right.Markup)+right.Words] = true
		if p := (Pair{left, right}); !slices.Contains(i.Pairs, p) {
			i.Pairs = append(i.Pairs, p)
		}
	}
	if len(i.Pairs) == 0 {
		i.lose(0, "assessment.qti.pair")
	}
	for _, ask := range asks {
		for _, l := range ask.all("response_label") {
			t := texts[l.attr("ident")]
			if key := string(t.Markup) + t.Words; !t.Empty() && !taken[key] {
				taken[key] = true
				i.Pairs = append(i.Pairs, Pair{Right: t})
			}
		}
	}
	i.General = i.say(i.general())
}
