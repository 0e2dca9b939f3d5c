package assessment

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
)

var gapPlaces = regexp.MustCompile(`\{\{([0-9]{1,3})\}\}`)

// cloze puts the gaps into the stem. A gap of ours is right or wrong as a whole and has
// one feedback.
func (c *conversion) cloze() {
	w := &c.Written
	w.Type, w.ExactCase = Cloze, len(c.Item.Gaps) > 0
	for _, g := range c.Item.Gaps {
		w.ExactCase = w.ExactCase && (g.ExactCase || g.Chosen)
	}
	w.ExactCase = w.ExactCase && slices.ContainsFunc(c.Item.Gaps, func(g formats.Gap) bool { return g.ExactCase })
	stem := c.Item.Stem
	marks := 0
	stem.Words = gapPlaces.ReplaceAllStringFunc(stem.Words, func(mark string) string {
		n, _ := strconv.Atoi(mark[2 : len(mark)-2])
		if marks++; n < 1 || n > len(c.Item.Gaps) {
			c.refuse("assessment.format.gap_marks")
			return ""
		}
		return gapMark(n)
	})
	words := c.markdown(stem)
	if strings.Contains(words, "{{") || marks != len(c.Item.Gaps) {
		c.refuse("assessment.format.gap_marks")
		return
	}
	for i, g := range c.Item.Gaps {
		words = strings.Replace(words, gapMark(i+1), c.gap(g), 1)
		if said := c.gapFeedback(g); said != "" {
			w.Answers = append(w.Answers, WrittenAnswer{Gap: i + 1, Feedback: said})
		}
	}
	w.Stem = words
}

var gapEscapes = strings.NewReplacer(`\`, `\\`, `|`, `\|`, `}`, `\}`)

// gap writes one gap: what it accepts, or what it offers with the right one first.
func (c *conversion) gap(g formats.Gap) string {
	var right, wrong []string
	for _, a := range g.Answers {
		words := inWords(a.Text)
		if a.Number != nil {
			if a.Number.Low != a.Number.High {
				c.refuse("assessment.bank.gap_range")
			}
			words = decimal(a.Number.Low)
		}
		words = gapEscapes.Replace(words)
		switch {
		case a.Fraction == 100:
			right = append(right, words)
		case g.Chosen:
			wrong = append(wrong, words)
		}
		if a.Fraction > 0 && a.Fraction < 100 {
			c.note("assessment.bank.gap_part")
		}
	}
	switch {
	case len(right) == 0:
		c.refuse("assessment.format.gap_right")
	case g.Chosen && len(right) > 1:
		c.refuse("assessment.bank.gap_several")
	}
	if g.Chosen {
		return "{{=" + strings.Join(append(right, wrong...), "|") + "}}"
	}
	return "{{" + strings.Join(right, "|") + "}}"
}

// gapFeedback is the one thing that is said to a gap: what the right answer says, else
// what another does.
func (c *conversion) gapFeedback(g formats.Gap) (said string) {
	answers := slices.Clone(g.Answers)
	slices.SortStableFunc(answers, func(a, b formats.Answer) int { return cmp.Compare(b.Fraction, a.Fraction) })
	for _, a := range answers {
		words := c.markdown(a.Feedback)
		switch {
		case words == "":
		case said == "":
			said = words
		case said != words:
			c.note("assessment.bank.gap_feedback")
		}
	}
	return said
}
