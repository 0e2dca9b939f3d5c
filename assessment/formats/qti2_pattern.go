package formats

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

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
