package formats

import (
	"fmt"
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
