package formats

import (
	"slices"
	"strings"
)

// An item of QTI 2 says by rules what its answers earn. They are played through for the
// answers that it names, as a person's answers would be.

// played is a run of the rules: what was answered, and the outcomes so far.
type played struct {
	q        *qti2
	answered map[string][]string
	state    map[string][]string
	ended    bool
}

// mostSteps is how many rules one item may ask to play through in all.
const mostSteps = 300_000

// play gives the outcomes for what is answered.
func (q *qti2) play(answered map[string][]string) map[string][]string {
	p := played{q: q, answered: answered, state: map[string][]string{}}
	for id, values := range q.defaults {
		p.state[id] = values
	}
	rules := q.e.child("responseProcessing")
	template := rules.attr("template")
	switch {
	case strings.Contains(template, "map_response"):
		p.state["SCORE"] = []string{number(p.mapped("RESPONSE"))}
	case strings.Contains(template, "match_correct"):
		p.state["SCORE"] = []string{"0"}
		if r := q.responses["RESPONSE"]; r != nil && len(r.correct) > 0 && same(p.answered["RESPONSE"], r.correct, r.base) {
			p.state["SCORE"] = []string{"1"}
		}
	default:
		p.run(rules.children(""))
	}
	return p.state
}

// points is the score of an outcome.
func (q *qti2) points(state map[string][]string) float64 {
	for _, id := range []string{"SCORE", "score"} {
		if f, ok := firstNumber(state[id]); ok {
			return f
		}
	}
	return 0
}

func (p *played) run(rules []*element) {
	for _, rule := range rules {
		p.q.steps++
		if p.ended || p.q.steps > mostSteps {
			return
		}
		switch rule.name {
		case "responseCondition":
			for _, branch := range rule.children("") {
				steps := branch.children("")
				if branch.name != "responseElse" {
					if len(steps) == 0 || !truth(p.eval(steps[0])) {
						continue
					}
					steps = steps[1:]
				}
				p.run(steps)
				break
			}
		case "setOutcomeValue":
			if steps := rule.children(""); len(steps) > 0 {
				p.state[rule.attr("identifier")] = p.eval(steps[0])
			}
		case "responseProcessingFragment":
			p.run(rule.children(""))
		case "exitResponse":
			p.ended = true
		}
	}
}

func (p *played) mapped(id string) float64 {
	r := p.q.responses[id]
	if r == nil {
		return 0
	}
	sum := 0.0
	seen := []string{}
	for _, a := range p.answered[id] {
		if slices.Contains(seen, a) {
			continue
		}
		seen = append(seen, a)
		f, ok := r.mapped[a]
		if !ok && !r.exact {
			for _, key := range r.keys {
				if strings.EqualFold(key, a) && r.base == "string" {
					f, ok = r.mapped[key], true
					break
				}
			}
		}
		if !ok {
			f = r.fallback
		}
		sum += f
	}
	return sum
}
