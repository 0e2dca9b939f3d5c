package formats

import (
	"math/big"
	"slices"
	"strings"
)

// namedGaps reads a text with [name] in it for each list or blank, as Canvas has it.
func (i *item12) namedGaps(asks []*element) {
	i.Type = Cloze
	if i.Stem.Empty() {
		i.lose(0, "assessment.qti.empty")
		return
	}
	words := unmarked(i.Stem.Words, i.Stem.Markup)
	type place struct {
		at, end int
		ask     *element
	}
	var places []place
	for _, ask := range asks {
		// The name stands in the id; a newer Canvas puts a right answer where it stood.
		name := "[" + strings.TrimPrefix(ask.attr("ident"), "response_") + "]"
		at := strings.Index(words, name)
		if at < 0 {
			name = "[" + i.within(ask).Words + "]"
			at = strings.Index(words, name)
		}
		if at < 0 {
			i.lose(ask.line, "assessment.qti.gap_place", "Name", strings.Trim(name, "[]"))
			return
		}
		places = append(places, place{at, at + len(name), ask})
	}
	slices.SortFunc(places, func(a, b place) int { return a.at - b.at })
	var b strings.Builder
	last := 0
	for n, p := range places {
		if p.at < last {
			i.lose(p.ask.line, "assessment.qti.gap_place", "Name", p.ask.attr("ident"))
			return
		}
		b.WriteString(words[last:p.at] + mark(n+1))
		last = p.end
		gap, ok := i.listGap(p.ask)
		if !ok {
			i.lose(p.ask.line, "assessment.qti.gap_key", "Number", n+1)
			return
		}
		i.Gaps = append(i.Gaps, gap)
	}
	i.Stem.Words = b.String() + words[last:]
	i.General = i.say(i.general())
}

// listGap is a gap whose answers stand as labels: a list to pick from, or texts that are
// accepted. Canvas counts only the first of those, and accepts all.
func (i *item12) listGap(ask *element) (Gap, bool) {
	labels := ask.all("response_label")
	typed := i.kind == "fill_in_multiple_blanks_question"
	for _, l := range labels {
		if kind := l.attr("answer_type"); kind == "dropdown" || kind == "wordbank" {
			typed = false
		}
	}
	gap := Gap{Chosen: !typed}
	answers, shares := i.rightOf(ask.attr("ident"))
	right := false
	for _, l := range labels {
		a := Answer{Text: material(l), Feedback: i.say(i.own(ask.attr("ident"), l.attr("ident"), l.attr("ident")))}
		at := slices.IndexFunc(answers, func(q equal) bool { return q.words == l.attr("ident") })
		switch {
		case at >= 0:
			a.Fraction = shares[at]
		case typed:
			a.Fraction = 100
		}
		if typed {
			a.Text = plainText(starred(a.Text.Words))
		}
		right = right || a.Fraction > 0
		gap.Answers = append(gap.Answers, a)
	}
	return gap, right && (typed || len(labels) > 1)
}

// starred keeps a star of a text that is accepted from standing for any letters.
func starred(words string) string { return strings.ReplaceAll(words, "*", `\*`) }

// typed reads one blank to write in, or several in a running text.
func (i *item12) typed(asks []*element) {
	after := false // text after the first blank: it runs on
	seen := false
	i.show.walk(func(e *element) bool {
		if strings.HasPrefix(e.name, "response_") {
			seen = true
			return false
		}
		if e.name == "material" && seen && !material(e).Empty() {
			after = true
		}
		return e.name != "material"
	})
	if len(asks) == 1 && !after {
		if m := i.within(asks[0]); !m.Empty() {
			i.Stem = joined("\n", i.Stem, m)
		}
		gap, ok := i.typedGap(asks[0])
		if !ok {
			i.lose(asks[0].line, "assessment.format.no_key")
			return
		}
		i.Type, i.Answers, i.ExactCase = Short, gap.Answers, gap.ExactCase
		if gap.Numerical {
			i.Type = Numerical
		}
		i.General = i.say(i.general())
		return
	}
	i.Type = Cloze
	i.Stem = i.stem(func(ask *element) string {
		gap, ok := i.typedGap(ask)
		if !ok {
			i.lose(ask.line, "assessment.qti.gap_key", "Number", len(i.Gaps)+1)
		}
		i.Gaps = append(i.Gaps, gap)
		return mark(len(i.Gaps))
	})
	i.General = i.say(i.general())
}

func (i *item12) typedGap(ask *element) (Gap, bool) {
	to := ask.attr("ident")
	fib := ask.child("render_fib").attr("fibtype")
	gap := Gap{Numerical: ask.name == "response_num" || i.kind == "numerical_question" || i.kind == "Numeric" ||
		strings.EqualFold(fib, "Decimal") || strings.EqualFold(fib, "Integer") || strings.EqualFold(fib, "Scientific")}
	if gap.Numerical {
		gap.Answers = i.ranges(to)
		return gap, len(gap.Answers) > 0
	}
	answers, shares := i.rightOf(to)
	exactCase := len(answers) > 0
	for n, q := range answers {
		words := starred(q.words)
		if q.sub {
			words = "*" + words + "*"
		}
		exactCase = exactCase && q.exact
		gap.Answers = append(gap.Answers, Answer{Text: plainText(words), Fraction: shares[n], Feedback: i.say(i.own(to, q.words, ""))})
	}
	gap.ExactCase = exactCase
	// Answers that earn nothing stand there for what is said to them.
	for _, c := range i.conditions {
		for _, q := range c.equals {
			known := slices.ContainsFunc(answers, func(o equal) bool { return o.words == q.words }) ||
				slices.ContainsFunc(gap.Answers, func(a Answer) bool { return a.Text.Words == starred(q.words) })
			if q.to == to && len(c.equals) == 1 && !c.together && !known {
				gap.Answers = append(gap.Answers, Answer{Text: plainText(starred(q.words)), Feedback: i.say(i.own(to, q.words, ""))})
			}
		}
	}
	return gap, len(answers) > 0
}

// ranges are the numbers that are right: from and to, or one with or without a margin.
func (i *item12) ranges(to string) (found []Answer) {
	best := 0.0
	for _, c := range i.conditions {
		if !c.right {
			continue
		}
		if !c.adds && !c.sets {
			c.points = i.most
		}
		a := Answer{Fraction: c.points, Number: i.oneRange(c, to), Feedback: i.say(slices.DeleteFunc(slices.Clone(c.shows), func(s string) bool { return len(c.shows) > 1 && s == "correct" }))}
		if a.Number == nil {
			continue
		}
		a.Text = plainText(a.Number.String())
		best = max(best, a.Fraction)
		found = append(found, a)
	}
	for n := range found {
		found[n].Fraction = inPercent(found[n].Fraction / best * 100)
	}
	return found
}

func (i *item12) oneRange(c condition, to string) *Range {
	var low, high, alone *big.Rat
	var margin *element
	for _, v := range c.vars.all("vargt", "vargte", "varlt", "varlte", "varequal") {
		n, ok := exact(v.said())
		if !ok || v.attr("respident") != to {
			continue
		}
		switch v.name {
		case "vargt", "vargte":
			low = n
		case "varlt", "varlte":
			high = n
		default:
			alone, margin = n, v
		}
		if v.name == "vargt" || v.name == "varlt" {
			i.miss(v.line, "assessment.qti.edge", "Number", v.said())
		}
	}
	if low != nil && high != nil {
		if r, ok := between(low, high); ok {
			return r
		}
		return nil
	}
	if alone == nil || low != nil || high != nil {
		return nil
	}
	reach, ok := exact(margin.attr("margin"))
	if !ok {
		reach = new(big.Rat)
	}
	if strings.EqualFold(margin.attr("margintype"), "percent") {
		reach = new(big.Rat).Mul(new(big.Rat).Abs(alone), new(big.Rat).Quo(reach, big.NewRat(100, 1)))
	}
	reach.Abs(reach)
	if r, ok := between(new(big.Rat).Sub(alone, reach), new(big.Rat).Add(alone, reach)); ok {
		return r
	}
	return nil
}
