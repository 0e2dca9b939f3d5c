package assessment

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/content"
)

// Bounds of a question, so that its answer stays small and its page fits a phone.
const (
	mostChoices = 40
	mostParts   = 20 // left sides, items to order, gaps
)

// flaw is a rule that a question may break, with the line to look at.
type flaw struct {
	broken bool
	line   int
	key    string
}

// Check holds the rules that one question alone must keep, and tells those it breaks.
func (w *Written) Check(told *content.Problems) {
	flaws := []flaw{
		{!w.known(), w.line, "assessment.problem.type"},
		{w.Stem == "" && w.Type != pool, w.line, "assessment.problem.no_stem"},
	}
	switch w.Type {
	case Matching:
		flaws = append(flaws, w.matchingFlaws()...)
	case Ordering:
		flaws = append(flaws, flaw{len(w.Answers) < 2 || len(w.Answers) > mostParts, w.line, "assessment.problem.items"})
	case Cloze:
		flaws = append(flaws, w.clozeFlaws()...)
	case Essay:
		flaws = append(flaws, flaw{w.Points == 0, w.line, "assessment.problem.points"})
	case pool:
		flaws = append(flaws, flaw{w.Draw == 0 || w.Draw >= len(w.Members), w.line, "assessment.problem.draw"})
	case Reflection, Description:
	default:
		flaws = append(flaws, w.creditFlaws()...)
	}
	for _, f := range append(flaws, w.answerFlaws()...) {
		if w.flawed = w.flawed || f.broken; f.broken {
			told.Add(f.line, f.key, "Question", w.ID, "Type", string(w.Type), "Count", w.right(), "Draw", w.Draw,
				"Typed", "{{a|b}}", "Chosen", "{{=a|b}}")
		}
	}
}

func (w Written) known() bool {
	return slices.Contains([]QuestionType{Single, Multiple, TrueFalse, Short, Numeric, Matching, Ordering, Cloze, Reflection, Essay, Description, pool}, w.Type)
}

// right is how many answers are wholly right.
func (w Written) right() (count int) {
	for _, a := range w.Answers {
		if a.Credit == 100 {
			count++
		}
	}
	return count
}

// creditFlaws are those of choices and typed answers.
func (w Written) creditFlaws() (flaws []flaw) {
	typed := w.Type == Short || w.Type == Numeric
	least, low := 0.0, 0.0
	if w.Type == Multiple {
		low = -100
	}
	for _, a := range w.Answers {
		least += max(0, a.Credit)
		flaws = append(flaws, flaw{a.Credit > 100 || a.Credit < low, a.line, "assessment.problem.credit"})
		if w.Type == Numeric {
			_, ok := rangeOf(a.Text)
			flaws = append(flaws, flaw{!ok, a.line, "assessment.problem.number"})
		}
		flaws = append(flaws, flaw{typed && utf8.RuneCountInString(a.Text) > LongestShort || typed && strings.Contains(a.Text, "\n"), a.line, "assessment.problem.accepted"})
	}
	few := len(w.Answers) < 2 || w.Type == TrueFalse && len(w.Answers) != 2 || len(w.Answers) > mostChoices
	if typed {
		few = len(w.Answers) > mostChoices
	}
	right := w.right() == 0
	switch {
	case w.Type == Multiple:
		right = least < 99.99
	case !typed:
		right = w.right() != 1
	}
	return append([]flaw{{few, w.line, "assessment.problem.choices"}, {right, w.line, "assessment.problem.right"}}, flaws...)
}

func (w Written) matchingFlaws() (flaws []flaw) {
	lefts, seen := 0, map[string]bool{}
	for _, a := range w.Answers {
		if a.Text != "" {
			lefts++
			flaws = append(flaws, flaw{seen[a.Text], a.line, "assessment.problem.pair_twice"})
			seen[a.Text] = true
		} else {
			flaws = append(flaws, flaw{a.Feedback != "", a.said, "assessment.problem.line"})
		}
		flaws = append(flaws, flaw{a.Side == "", a.line, "assessment.problem.empty"})
	}
	return append(flaws, flaw{lefts < 2 || len(w.Answers) > mostParts, w.line, "assessment.problem.pairs"})
}

func (w Written) clozeFlaws() []flaw {
	_, gaps, ok := gapsOf(w.Stem)
	flaws := []flaw{{!ok || len(gaps) == 0 || len(gaps) > mostParts, w.line, "assessment.problem.gaps"}}
	seen := map[int]bool{}
	for _, a := range w.Answers {
		flaws = append(flaws, flaw{a.Gap < 1 || a.Gap > len(gaps) || seen[a.Gap], a.line, "assessment.problem.gap"})
		seen[a.Gap] = true
	}
	for _, gap := range gaps {
		flaws = append(flaws, flaw{gap.chosen && len(gap.texts) < 2, w.line, "assessment.problem.gap_options"})
	}
	return flaws
}

// answerFlaws are those of every answer that has words of its own.
func (w Written) answerFlaws() (flaws []flaw) {
	for _, a := range w.Answers {
		flaws = append(flaws, flaw{a.Text == "" && w.Type != Cloze && w.Type != Matching, a.line, "assessment.problem.empty"})
	}
	return flaws
}

// differs says whether the Spanish question is another one than the English: another
// type, place of the right answers, numbers, pairs, gaps or settings. Accepted words
// and the names of units are each language's own.
func (w Written) differs(english Written) bool {
	if w.ID != english.ID || w.Type != english.Type || w.Fixed != english.Fixed || w.Points != english.Points ||
		w.Words != english.Words || w.Draw != english.Draw || !slices.Equal(w.Members, english.Members) ||
		len(w.Units) != len(english.Units) {
		return true
	}
	for i := range w.Units {
		if w.Units[i].Worth != english.Units[i].Worth {
			return true
		}
	}
	if w.Type == Short {
		return false
	}
	if w.Type == Cloze {
		return w.gapsDiffer(english)
	}
	if len(w.Answers) != len(english.Answers) {
		return true
	}
	for i, a := range w.Answers {
		b := english.Answers[i]
		mine, _ := rangeOf(a.Text)
		theirs, _ := rangeOf(b.Text)
		if a.Credit != b.Credit || (a.Text == "") != (b.Text == "") || w.Type == Numeric && mine != theirs {
			return true
		}
		for j := range w.Answers[:i] {
			if w.Type == Matching && (a.Side == w.Answers[j].Side) != (b.Side == english.Answers[j].Side) {
				return true
			}
		}
	}
	return false
}

func (w Written) gapsDiffer(english Written) bool {
	_, mine, _ := gapsOf(w.Stem)
	_, theirs, _ := gapsOf(english.Stem)
	return !slices.EqualFunc(mine, theirs, func(a, b gap) bool {
		return a.chosen == b.chosen && (!a.chosen || len(a.texts) == len(b.texts))
	})
}
