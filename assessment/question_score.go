package assessment

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// Points is what a question counts: every question counts the same, so that partial
// credit stays a whole number.
const Points = 100

// Score gives the points of an answer, rounded down, never below none. What a person
// grades earns nothing here, nor does what counts nothing.
//
// A choice earns what its file says, and one right choice all. Where several are right,
// each right choice earns its share and each wrong one takes its share of the wrong ones
// away: ticking everything earns nothing. A matching and a cloze earn a share for each
// left side and each gap. An ordering earns a share for each item that is followed at
// once by the one that should follow it, as Moodle's "Relative to the next item
// (excluding last)" does: one step out of place costs its neighbours and not all that
// stand behind it, and an order turned around earns nothing.
func (q Question) Score(a Answer) int {
	switch q.Type {
	case Single, TrueFalse, Multiple:
		return q.scoreChoices(a)
	case Short:
		if i, in := q.Meets(a); i >= 0 {
			return down(q.Body.Texts[in].Credit[i])
		}
		return 0
	case Numeric:
		if i, _ := q.Meets(a); i >= 0 {
			return down(q.Body.Credit[i])
		}
		return 0
	case Matching, Cloze:
		right := 0
		for i := range q.parts() {
			if q.PartRight(a, i) {
				right++
			}
		}
		return right * Points / max(1, q.parts())
	case Ordering:
		right := 0
		for i := range q.Body.Match {
			if q.PartRight(a, i) {
				right++
			}
		}
		return right * Points / max(1, len(q.Body.Match)-1)
	}
	return 0
}

func (q Question) parts() int {
	if q.Type == Cloze {
		return len(q.Body.Gaps)
	}
	return len(q.Body.Match)
}

// PartRight says whether one part of an answer is right: a left side has its right side,
// a gap what belongs there, an item of an ordering is followed at once by the one that
// should follow it. The last item is followed by none.
func (q Question) PartRight(a Answer, part int) bool {
	switch q.Type {
	case Matching:
		return a.With(part) == q.Body.Match[part]
	case Ordering:
		for next, place := range q.Body.Match {
			if place == q.Body.Match[part]+1 {
				return a.With(part) >= 0 && a.With(next) == a.With(part)+1 && q.alone(a, part) && q.alone(a, next)
			}
		}
		return false
	case Cloze:
		if len(a.Texts) <= part {
			return false
		}
		if q.Body.Gaps[part].Chosen {
			return a.Texts[part] == strconv.Itoa(q.Body.Gaps[part].Right)
		}
		for _, text := range q.Body.Texts {
			for _, pattern := range text.Gaps[part].Answers {
				if q.Body.accepts(pattern, a.Texts[part]) {
					return true
				}
			}
		}
	}
	return false
}

// alone says whether an item has its place to itself.
func (q Question) alone(a Answer, item int) bool {
	count := 0
	for _, pair := range a.Pairs {
		if pair[1] == a.With(item) {
			count++
		}
	}
	return count == 1
}

// Meets gives the number of the answer in the file that a typed one fits, the best where
// it fits several, and the language of that answer, "" where it is a number: words count
// in either language, for one may read in one and write in the other. -1 where it fits
// none.
func (q Question) Meets(a Answer) (answer int, language string) {
	answer, best := -1, math.Inf(-1)
	if q.Type == Short {
		for _, in := range []string{"en", "es"} {
			text := q.Body.Texts[in]
			for i, pattern := range text.Answers {
				if text.Credit[i] > best && q.Body.accepts(pattern, a.Text(0)) {
					answer, language, best = i, in, text.Credit[i]
				}
			}
		}
		return answer, language
	}
	numbers := q.numbers(a)
	for i, accepted := range q.Body.Numbers {
		for _, number := range numbers {
			if q.Body.Credit[i] > best && accepted.has(number) {
				answer, best = i, q.Body.Credit[i]
			}
		}
	}
	return answer, ""
}

func (q Question) scoreChoices(a Answer) int {
	if len(q.Body.Credit) > 0 {
		sum, all := 0.0, true
		for i, credit := range q.Body.Credit {
			if a.Has(i) {
				sum += credit
			}
			all = all && a.Has(i)
		}
		if all && q.hasWrong() {
			return 0
		}
		return down(sum)
	}
	var all, picked struct{ right, wrong int }
	for i, right := range q.Body.Right {
		if right {
			all.right++
		} else {
			all.wrong++
		}
		switch {
		case a.Has(i) && right:
			picked.right++
		case a.Has(i):
			picked.wrong++
		}
	}
	switch {
	case all.right == 0:
		return 0
	case all.wrong == 0:
		return picked.right * Points / all.right
	}
	return max(0, (picked.right*all.wrong-picked.wrong*all.right)*Points/(all.right*all.wrong))
}

// hasWrong says whether a choice earns nothing or takes away.
func (q Question) hasWrong() bool {
	for _, right := range q.Body.Right {
		if !right {
			return true
		}
	}
	return false
}

// down cuts a percent to whole points. Thirds in a file sum to 99.99999 and mean 100.
func down(percent float64) int {
	return int(min(Points, max(0, math.Floor(percent+0.001))))
}

// Solution is an answer that earns all points that the program gives.
func (q Question) Solution() (a Answer) {
	switch q.Type {
	case Short, Numeric:
		text, credit := q.Text("en"), q.Body.Credit
		if q.Type == Short {
			credit = text.Credit
		}
		for i, words := range text.Answers {
			if credit[i] == Points {
				if q.Type == Numeric {
					words = decimal(q.Body.Numbers[i].Low)
					if unit := slices.Index(q.Body.Units, 1); unit >= 0 {
						return Answer{Texts: []string{words, strconv.Itoa(unit)}}
					}
				}
				return Answer{Texts: []string{strings.ReplaceAll(Plainly(words), "…", "")}}
			}
		}
	case Matching, Ordering:
		for one, with := range q.Body.Match {
			a.Pairs = append(a.Pairs, [2]int{one, with})
		}
	case Cloze:
		for n, gap := range q.Body.Gaps {
			if gap.Chosen {
				a.Texts = append(a.Texts, strconv.Itoa(gap.Right))
			} else {
				a.Texts = append(a.Texts, strings.ReplaceAll(Plainly(q.Text("en").Gaps[n].Answers[0]), "…", ""))
			}
		}
	case Single, Multiple, TrueFalse:
		for i, right := range q.Body.Right {
			if right {
				a.Choices = append(a.Choices, i)
			}
		}
	}
	return a
}
