package formats

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// shows are the keys of the modal feedback that an outcome shows.
func (q *qti2) shows(state map[string][]string) (keys []string) {
	for _, m := range q.modal {
		if slices.Contains(state[m.outcome], m.id) != m.hide {
			keys = append(keys, m.key())
		}
	}
	return keys
}

// say is the modal feedback of these keys, each of which has now found its place.
func (q *qti2) say(keys []string) Text {
	var texts []Text
	for _, m := range q.modal {
		if slices.Contains(keys, m.key()) {
			q.used[m.key()] = true
			texts = append(texts, m.text)
		}
	}
	return joined("\n", texts...)
}

// everywhere is the feedback that is shown for each of these runs and for no answer at all.
func (q *qti2) everywhere(runs [][]string) ([]string, Text) {
	general := q.shows(q.play(map[string][]string{}))
	for _, keys := range runs {
		general = slices.DeleteFunc(general, func(k string) bool { return !slices.Contains(keys, k) })
	}
	return general, q.say(general)
}

// inAll are the keys that stand in all of several lists.
func inAll(runs [][]string) (keys []string) {
	if len(runs) < 2 {
		return nil
	}
	for _, k := range runs[0] {
		if !slices.ContainsFunc(runs[1:], func(r []string) bool { return !slices.Contains(r, k) }) {
			keys = append(keys, k)
		}
	}
	return keys
}

// scale turns points into shares: what we wrote is read as it is, others' best is all.
func (q *qti2) scale(best float64) float64 {
	if q.ours {
		return 100
	}
	return 100 / best
}

func (q *qti2) choice(ask *element, r *response) {
	q.Type = Choice
	choices := ask.children("simpleChoice")
	if len(choices) < 2 && !q.ours {
		q.lose(ask.line, "assessment.format.no_answers")
		return
	}
	if len(choices) > 500 {
		q.lose(ask.line, "assessment.format.large")
		return
	}
	q.Several = r.cardinality == "multiple" && ask.attr("maxChoices") != "1"
	points := make([]float64, len(choices))
	runs := make([][]string, len(choices))
	best, sum := 0.0, 0.0
	for n, c := range choices {
		state := q.play(map[string][]string{r.id: {c.attr("identifier")}})
		runs[n] = q.shows(state)
		points[n] = q.points(state)
		if len(r.mapped) > 0 && q.maps(r) {
			points[n] = r.mapped[c.attr("identifier")]
			if _, ok := r.mapped[c.attr("identifier")]; !ok {
				points[n] = r.fallback
			}
		}
		best, sum = max(best, points[n]), sum+max(points[n], 0)
		q.Answers = append(q.Answers, Answer{Text: textOf(c.kids, q.without), Feedback: q.inside(c, r)})
	}
	switch {
	case q.steps > mostSteps:
		q.lose(0, "assessment.format.large")
		return
	case q.ours || best > 0 && !q.Several:
		for n := range points {
			q.Answers[n].Fraction = inPercent(points[n] * q.scale(best))
		}
	case sum > 0 && (len(r.correct) < 2 || len(r.mapped) > 0):
		for n := range points {
			q.Answers[n].Fraction = inPercent(points[n] / sum * 100)
		}
	default:
		q.byCorrect(choices, r)
	}
	general, _ := q.everywhere(runs)
	apart := general
	if q.Several { // what each choice alone shows is said to a whole that is wrong
		apart = slices.Concat(q.shows(q.play(map[string][]string{})), inAll(runs))
	}
	for n := range runs {
		own := slices.DeleteFunc(runs[n], func(k string) bool { return slices.Contains(apart, k) })
		q.Answers[n].Feedback = joined("\n", q.Answers[n].Feedback, q.say(own))
	}
	q.General = q.say(general)
	q.truthful()
}

// maps says whether the rules count the mapping of a response.
func (q *qti2) maps(r *response) bool {
	rules := q.e.child("responseProcessing")
	if t := rules.attr("template"); t != "" || rules == nil {
		return !strings.Contains(t, "match_correct")
	}
	return slices.ContainsFunc(rules.all("mapResponse"), func(e *element) bool { return e.attr("identifier") == r.id })
}

// byCorrect gives the choices that are named as correct equal shares.
func (q *qti2) byCorrect(choices []*element, r *response) {
	right := 0
	for _, c := range choices {
		if slices.Contains(r.correct, c.attr("identifier")) {
			right++
		}
	}
	if right == 0 {
		q.lose(0, "assessment.format.no_key")
		return
	}
	part := inPercent(100 / float64(right))
	for n, c := range choices {
		if slices.Contains(r.correct, c.attr("identifier")) {
			q.Answers[n].Fraction = part
		} else if q.Several {
			q.Answers[n].Fraction = -part
		}
	}
	if q.Several {
		q.miss(0, "assessment.qti.all_or_nothing")
	}
}

// inside is the feedback that stands inside a choice and is shown when it is picked.
func (q *qti2) inside(c *element, r *response) Text {
	var texts []Text
	state := q.play(map[string][]string{r.id: {c.attr("identifier")}})
	for _, f := range c.all("feedbackInline", "feedbackBlock") {
		outcome, id := f.attr("outcomeIdentifier"), f.attr("identifier")
		if slices.Contains(state[outcome], id) != (f.attr("showHide") == "hide") {
			q.used[outcome+" "+id] = true
			texts = append(texts, feedbackText(f))
		}
	}
	return joined("\n", texts...)
}

// truthful makes a true or false question of a choice that is one.
func (q *qti2) truthful() {
	i := item12{draft: q.draft}
	i.truth()
}

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
	if len(left)+len(right) > 500 {
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
	if len(ask.all("gap"))*len(pieces) > 10_000 {
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
		if len(gap.Answers) > 500 {
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
	general, _ := q.everywhere(runs)
	apart := general
	if len(asks) > 1 { // what is said to a wrong whole is not said to a gap
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

// written reads the answers of a blank as the writer of ours wrote them: one branch of a
// rule for each, with its share and what it shows.
func (q *qti2) written(gap *Gap, r *response) (runs [][]string) {
	gap.Numerical = r.base == "float"
	exactCase, any := true, false
	for _, rule := range q.e.child("responseProcessing").children("responseCondition") {
		for _, branch := range rule.children("") {
			steps := branch.children("")
			if len(steps) == 0 || !slices.ContainsFunc(steps[0].all("variable"), func(v *element) bool { return v.attr("identifier") == r.id }) {
				continue
			}
			a, ok := Answer{}, true
			test := steps[0]
			value := test.child("baseValue").said()
			switch test.name {
			case "equal":
				a.Number = equalRange(test, value)
				if ok = a.Number != nil; ok {
					a.Text = plainText(a.Number.String())
				}
			case "stringMatch":
				a.Text = plainText(starred(value))
				any, exactCase = true, exactCase && test.attr("caseSensitive") == "true"
			case "patternMatch":
				words, exact, known := unpattern(test.attr("pattern"))
				a.Text, ok = plainText(words), known
				if strings.ContainsFunc(words, unicode.IsLetter) {
					any, exactCase = true, exactCase && exact
				}
			case "not":
				a.Text = plainText("*")
			default:
				ok = false
			}
			var shows []string
			for _, set := range steps[1:] {
				said := set.child("baseValue").said()
				if id := set.attr("identifier"); strings.HasPrefix(id, "SCORE") {
					f, known := exactPercent(said)
					a.Fraction, ok = f, ok && known
				} else {
					shows = append(shows, id+" "+said)
				}
			}
			if ok {
				gap.Answers = append(gap.Answers, a)
				runs = append(runs, shows)
			}
		}
	}
	gap.ExactCase = any && exactCase
	return runs
}

// exactPercent reads a part of one as a share of a hundred.
func exactPercent(words string) (float64, bool) {
	r, ok := exact(words)
	if !ok {
		return 0, false
	}
	f, _ := r.Quo(r, hundredth).Float64()
	return f, f >= -100 && f <= 100
}

// pattern is a text with stars as a pattern of QTI; where capitals don't count, each letter
// stands in both.
func pattern(words string, exactCase bool) string {
	var b strings.Builder
	for i, r := range words {
		switch {
		case r == '\\' && strings.HasPrefix(words[i:], `\*`):
			continue
		case r == '*' && i > 0 && words[i-1] == '\\':
			b.WriteString(`\*`)
		case r == '*':
			b.WriteString(".*")
		case strings.ContainsRune(`\.+?()[]{}|^$-`, r):
			b.WriteString(`\` + string(r))
		case !exactCase && unicode.ToUpper(r) != unicode.ToLower(r):
			b.WriteString("[" + string(r) + string(cmp.Or(otherCase(r), r)) + "]")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

func otherCase(r rune) rune {
	if unicode.IsUpper(r) {
		return unicode.ToLower(r)
	}
	return unicode.ToUpper(r)
}

// unpattern reads a pattern back into a text with stars, if it is one that has such a text.
func unpattern(pattern string) (words string, exactCase, ok bool) {
	var b strings.Builder
	exactCase = true
	rs := []rune(pattern)
	for i := 0; i < len(rs); i++ {
		switch r := rs[i]; {
		case r == '.' && i+1 < len(rs) && rs[i+1] == '*':
			b.WriteByte('*')
			i++
		case r == '\\' && i+1 < len(rs) && !unicode.IsLetter(rs[i+1]) && !unicode.IsDigit(rs[i+1]):
			i++
			if rs[i] == '*' {
				b.WriteByte('\\')
			}
			b.WriteRune(rs[i])
		case r == '[' && i+3 < len(rs) && rs[i+3] == ']' && unicode.ToLower(rs[i+1]) == unicode.ToLower(rs[i+2]):
			b.WriteRune(rs[i+1])
			exactCase = false
			i += 3
		case strings.ContainsRune(`\.+*?()[]{}|^$`, r):
			return "", false, false
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), exactCase, true
}
