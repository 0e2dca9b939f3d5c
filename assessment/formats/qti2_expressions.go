package formats

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func truth(values []string) bool { return len(values) == 1 && values[0] == "true" }

func yes(b bool) []string {
	if b {
		return []string{"true"}
	}
	return []string{"false"}
}

func number(f float64) string { return strconv.FormatFloat(f, 'g', -1, 64) }

func firstNumber(values []string) (float64, bool) {
	if len(values) != 1 {
		return 0, false
	}
	f, err := strconv.ParseFloat(values[0], 64)
	return f, err == nil && f == f
}

// same compares answers: numbers as numbers, several in any order.
func same(a, b []string, base string) bool {
	if len(a) != len(b) || len(a) == 0 {
		return false
	}
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	for i := range a {
		x, okX := firstNumber(a[i : i+1])
		y, okY := firstNumber(b[i : i+1])
		if a[i] != b[i] && !(okX && okY && x == y && base != "string") {
			return false
		}
	}
	return true
}

// eval is the value of an expression; none stands for QTI's NULL, and for an expression
// that is not known.
func (p *played) eval(e *element) []string {
	p.q.steps++
	if p.q.steps > mostSteps {
		return nil
	}
	switch e.name {
	case "variable":
		if values, ok := p.answered[e.attr("identifier")]; ok {
			return values
		}
		return p.state[e.attr("identifier")]
	case "correct":
		if r := p.q.responses[e.attr("identifier")]; r != nil {
			return r.correct
		}
		return nil
	case "baseValue":
		return []string{e.said()}
	case "mapResponse":
		return []string{number(p.mapped(e.attr("identifier")))}
	}
	var parts [][]string
	for _, k := range e.children("") {
		parts = append(parts, p.eval(k))
	}
	return p.combine(e, parts)
}

func (p *played) combine(e *element, parts [][]string) []string {
	switch e.name {
	case "multiple", "ordered":
		return slices.Concat(parts...)
	case "isNull":
		return yes(len(parts) == 1 && (len(parts[0]) == 0 || len(parts[0]) == 1 && parts[0][0] == ""))
	case "not":
		return yes(len(parts) == 1 && !truth(parts[0]))
	case "and":
		return yes(!slices.ContainsFunc(parts, func(v []string) bool { return !truth(v) }))
	case "or":
		return yes(slices.ContainsFunc(parts, truth))
	case "sum", "product", "subtract", "divide":
		return calculate(e.name, parts)
	case "patternMatch":
		return yes(len(parts) == 1 && len(parts[0]) == 1 && fitsPattern(e.attr("pattern"), parts[0][0]))
	case "containerSize":
		if len(parts) == 1 {
			return []string{strconv.Itoa(len(parts[0]))}
		}
	}
	if len(parts) != 2 || len(parts[0]) == 0 || len(parts[1]) == 0 {
		return nil
	}
	a, b := parts[0], parts[1]
	switch e.name {
	case "match":
		return yes(same(a, b, ""))
	case "member":
		return yes(len(a) == 1 && slices.Contains(b, a[0]))
	case "contains":
		return yes(!slices.ContainsFunc(b, func(v string) bool { return !slices.Contains(a, v) }))
	case "stringMatch":
		x, y := strings.Join(a, " "), strings.Join(b, " ")
		if e.attr("caseSensitive") == "false" {
			x, y = strings.ToLower(x), strings.ToLower(y)
		}
		return yes(x == y || e.attr("substring") == "true" && strings.Contains(x, y))
	}
	x, okX := firstNumber(a)
	y, okY := firstNumber(b)
	if !okX || !okY {
		return nil
	}
	switch e.name {
	case "equal":
		low, high := tolerance(e, y)
		return yes(x >= low && x <= high)
	case "equalRounded":
		return yes(x == y)
	case "gt":
		return yes(x > y)
	case "gte":
		return yes(x >= y)
	case "lt":
		return yes(x < y)
	case "lte":
		return yes(x <= y)
	}
	return nil
}

func calculate(name string, parts [][]string) []string {
	var all []float64
	for _, v := range parts {
		for i := range v {
			f, ok := firstNumber(v[i : i+1])
			if !ok {
				return nil
			}
			all = append(all, f)
		}
	}
	if len(all) == 0 {
		return nil
	}
	result := all[0]
	for _, f := range all[1:] {
		switch name {
		case "sum":
			result += f
		case "product":
			result *= f
		case "subtract":
			result -= f
		case "divide":
			result /= f
		}
	}
	return []string{number(result)}
}

// tolerance is from where to where an equal accepts numbers around y.
func tolerance(e *element, y float64) (low, high float64) {
	if r := equalRange(e, plainNumber(y)); r != nil {
		return r.Low, r.High
	}
	return y, y
}

// equalRange is the range that an equal accepts around a number as it is written.
func equalRange(e *element, words string) *Range {
	mode, said := e.attr("toleranceMode"), strings.Fields(e.attr("tolerance"))
	if len(said) == 0 || mode != "absolute" && mode != "relative" {
		r, _ := around(words, "")
		return r
	}
	below, above := said[0], said[len(said)-1]
	middle, ok := exact(words)
	b, okB := exact(below)
	a, okA := exact(above)
	if !ok || !okA || !okB {
		return nil
	}
	if mode == "relative" { // percent of the number
		b.Mul(b, middle).Mul(b, hundredth).Abs(b)
		a.Mul(a, middle).Mul(a, hundredth).Abs(a)
	}
	r, ok := between(b.Sub(middle, b), a.Add(middle, a))
	if !ok {
		return nil
	}
	return r
}

// fitsPattern tries a pattern on a whole text. Go's patterns can't be made to run for long.
func fitsPattern(pattern, words string) bool {
	if len(pattern) > 2000 {
		return false
	}
	re, err := regexp.Compile(`(?s)\A(?:` + pattern + `)\z`)
	return err == nil && re.MatchString(words)
}
