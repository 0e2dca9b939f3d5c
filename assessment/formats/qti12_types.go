package formats

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
)

func (i *item12) choice(ask *element) {
	i.Type = Choice
	i.Several = strings.EqualFold(ask.attr("rcardinality"), "Multiple") || i.kind == "multiple_answers_question" || i.kind == "Multiple Answer"
	to := ask.attr("ident")
	if m := i.within(ask); !m.Empty() {
		i.Stem = joined("\n", i.Stem, m)
	}
	labels := ask.all("response_label")
	if len(labels) > 500 {
		i.lose(0, "assessment.format.large")
		return
	}
	if strings.EqualFold(ask.attr("rcardinality"), "Ordered") {
		i.ordering(to, labels)
		return
	}
	for _, r := range ask.all("render_choice") {
		i.Fixed = i.Fixed || strings.EqualFold(r.attr("shuffle"), "No")
	}
	points := make([]float64, len(labels))
	shown := make([][]string, len(labels))
	for n, l := range labels {
		points[n], shown[n] = i.score(map[string][]string{to: {l.attr("ident")}})
		i.Answers = append(i.Answers, Answer{Text: material(l)})
	}
	if len(labels) < 2 {
		i.lose(0, "assessment.format.no_answers")
		return
	}
	if i.Several {
		i.shares(to, labels, points)
	} else {
		i.bestIsAll(points)
	}
	i.choiceFeedback(to, labels, shown)
	i.truth()
}

// within is the text that stands inside what is asked for, beside the choices.
func (i *item12) within(ask *element) Text {
	var texts []Text
	for _, m := range ask.children("material") {
		texts = append(texts, material(m))
	}
	return joined("\n", texts...)
}

// bestIsAll turns points into shares: the best answer earns all.
func (i *item12) bestIsAll(points []float64) {
	best := slices.Max(points)
	if best <= 0 {
		i.lose(0, "assessment.format.no_key")
		return
	}
	for n, p := range points {
		i.Answers[n].Fraction = inPercent(p / best * 100)
	}
}

// shares turns the points of several right answers into shares of one hundred. Rules that
// give all or nothing are told apart and become equal shares, with a wrong pick taking as
// much as a right one gives.
func (i *item12) shares(to string, labels []*element, points []float64) {
	sum := 0.0
	for _, p := range points {
		sum += max(p, 0)
	}
	var all []string // of a rule that wants certain ones together
	for _, c := range i.conditions {
		if c.right && len(c.equals) > 0 && (c.together || len(c.equals) > 1) {
			all = nil
			for _, q := range c.equals {
				if q.to == to {
					all = append(all, q.words)
				}
			}
			break
		}
	}
	switch {
	case len(all) > 0:
		right := 0
		for _, l := range labels {
			if slices.Contains(all, l.attr("ident")) {
				right++
			}
		}
		if right == 0 {
			i.lose(0, "assessment.format.no_key")
			return
		}
		part := inPercent(100 / float64(right))
		for n, l := range labels {
			i.Answers[n].Fraction = -part
			if slices.Contains(all, l.attr("ident")) {
				i.Answers[n].Fraction = part
			}
		}
		i.miss(0, "assessment.qti.all_or_nothing")
	case sum > 0:
		for n, p := range points {
			i.Answers[n].Fraction = inPercent(p / sum * 100)
		}
	default:
		i.lose(0, "assessment.format.no_key")
	}
}

// inPercent keeps a share between −100 and 100 and to seven digits, as Moodle does.
func inPercent(f float64) float64 {
	r, _ := exact(fmt.Sprintf("%.5f", min(max(f, -100), 100)))
	if r == nil {
		return 0
	}
	f, _ = r.Float64()
	return f + 0
}

// choiceFeedback gives each choice what only it shows, and the question what all show.
func (i *item12) choiceFeedback(to string, labels []*element, shown [][]string) {
	general := i.general()
	for n, l := range labels {
		names := i.own(to, l.attr("ident"), l.attr("ident"))
		if !i.Several {
			names = append(names, shown[n]...)
		}
		names = slices.DeleteFunc(names, func(name string) bool { return slices.Contains(general, name) })
		i.Answers[n].Feedback = i.say(names)
	}
	i.General = i.say(general)
}

// truth makes a true or false question of a choice that is one.
func (i *item12) truth() {
	if i.gone || len(i.Answers) != 2 || i.Several {
		return
	}
	for _, a := range i.Answers {
		if w := strings.ToLower(bare(a.Text.Words)); w != "true" && w != "false" || a.Fraction != 0 && a.Fraction != 100 {
			return
		}
	}
	if strings.EqualFold(bare(i.Answers[0].Text.Words), bare(i.Answers[1].Text.Words)) || i.Answers[0].Fraction == i.Answers[1].Fraction {
		return
	}
	i.Type, i.Fixed = TrueFalse, false
	for n := range i.Answers {
		i.Answers[n].Text = plainText(bare(i.Answers[n].Text.Words))
	}
	i.twoTruths()
}

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
	best := 0.0
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
			at := slices.IndexFunc(answers, func(o equal) bool { return o.words == q.words })
			if at < 0 {
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
