package formats

import (
	"slices"
	"strings"
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
	return q.counted[r.id]
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
