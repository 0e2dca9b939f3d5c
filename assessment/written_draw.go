package assessment

import (
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
)

// Question draws the question once, safely, as it will be shown: the English words and,
// where there are some, the Spanish. It must have passed Check. What can't be drawn is
// told, each in its own file.
func (w Written) Question(told *content.Problems, spanish *Written, spanishTold *content.Problems) Question {
	q := Question{ID: w.ID, Type: w.Type, Objective: w.Objective, Body: Body{Right: []bool{}, Texts: map[string]Text{},
		ExactCase: w.ExactCase, ExactAccents: w.ExactAccents, Fixed: w.Fixed, Points: w.Points, Words: w.Words, Tags: w.Tags}}
	order := w.numbering(&q)
	for _, unit := range w.Units {
		q.Body.Units = append(q.Body.Units, unit.Worth)
	}
	q.Body.Texts["en"] = w.text(told, order)
	if spanish != nil {
		q.Body.Texts["es"] = spanish.text(spanishTold, order)
	}
	return q
}

// numbers are the numbers that parts of a question got, by their place in the file.
type numbering struct {
	items []int
	sides []int // by line; lines with the same right side have the same number
	gaps  [][]int
}

// numbering gives parts their numbers and puts the key into the question.
func (w Written) numbering(q *Question) (order numbering) {
	body := &q.Body
	switch w.Type {
	case Single, Multiple, TrueFalse:
		for _, a := range w.Answers {
			body.Right = append(body.Right, a.Credit == 100 || w.Type == Multiple && a.Credit > 0)
		}
		if slices.ContainsFunc(w.Answers, func(a WrittenAnswer) bool { return a.Credit != 0 && a.Credit != 100 }) {
			body.Credit = w.credit()
		}
	case Numeric:
		body.Credit = w.credit()
		for _, a := range w.Answers {
			accepted, _ := rangeOf(a.Text)
			body.Numbers = append(body.Numbers, accepted)
		}
	case Ordering:
		texts := make([]string, len(w.Answers))
		for i, a := range w.Answers {
			texts[i] = a.Text
		}
		order.items = scatter(w.ID, texts)
		body.Match = placed(upTo(len(texts)), order.items)
	case Matching:
		var different []string
		for _, a := range w.Answers {
			if !slices.Contains(different, a.Side) {
				different = append(different, a.Side)
			}
		}
		number := scatter(w.ID, different)
		for _, a := range w.Answers {
			side := number[slices.Index(different, a.Side)]
			order.sides = append(order.sides, side)
			if a.Text != "" {
				body.Match = append(body.Match, side)
			}
		}
	case Cloze:
		_, gaps, _ := gapsOf(w.Stem)
		for n, gap := range gaps {
			number := []int(nil)
			one := Gap{Chosen: gap.chosen}
			if gap.chosen {
				number = scatter(w.ID+gapMark(n), gap.texts)
				one.Right = number[0]
			}
			order.gaps = append(order.gaps, number)
			body.Gaps = append(body.Gaps, one)
		}
	}
	return order
}

func (w Written) credit() (credit []float64) {
	for _, a := range w.Answers {
		credit = append(credit, a.Credit)
	}
	return credit
}

// text draws the words in one language; order is the English question's, for both.
func (w Written) text(told *content.Problems, order numbering) Text {
	stem, gaps, _ := gapsOf(w.Stem)
	if w.Type != Cloze {
		stem, gaps = w.Stem, nil
	}
	t := Text{Stem: content.Short(stem, w.stemLine, told), General: content.Short(w.General, w.genLine, told)}
	for n, gap := range gaps {
		if !standsAlone(t.Stem, gapMark(n)) {
			told.Add(w.line, "assessment.problem.gap_place", "Question", w.ID)
		}
		if gap.chosen {
			t.Gaps = append(t.Gaps, GapText{Options: placed(gap.texts, order.gaps[n])})
		} else {
			t.Gaps = append(t.Gaps, GapText{Answers: gap.texts})
		}
	}
	for _, unit := range w.Units {
		t.Units = append(t.Units, unit.Name)
	}
	feedback := make([]string, len(w.Answers))
	for i, a := range w.Answers {
		feedback[i] = content.Short(a.Feedback, a.said, told)
	}
	switch w.Type {
	case Short:
		t.Credit = w.credit()
		fallthrough
	case Numeric:
		for _, a := range w.Answers {
			t.Answers = append(t.Answers, a.Text)
		}
	case Matching:
		return w.sides(t, told, feedback, order.sides)
	case Cloze:
		all := make([]string, len(gaps))
		for i, a := range w.Answers {
			all[a.Gap-1] = feedback[i]
		}
		feedback = all
	default:
		for _, a := range w.Answers {
			t.Choices = append(t.Choices, content.Short(a.Text, a.line, told))
		}
	}
	if w.Type == Ordering {
		t.Choices, feedback = placed(t.Choices, order.items), placed(feedback, order.items)
	}
	t.Feedback = feedback
	return t
}

// sides draws the left sides of a matching and the right ones, which are plain words:
// they stand in a list to choose from.
func (w Written) sides(t Text, told *content.Problems, feedback []string, number []int) Text {
	t.Sides = make([]string, len(number))
	most := 0
	for i, a := range w.Answers {
		t.Sides[number[i]] = content.Plain(content.Short(a.Side, a.line, told))
		most = max(most, number[i]+1)
		if a.Text != "" {
			t.Choices = append(t.Choices, content.Short(a.Text, a.line, told))
			t.Feedback = append(t.Feedback, feedback[i])
		}
	}
	t.Sides = t.Sides[:most]
	return t
}

// standsAlone says whether a mark stands once in drawn words and within no tag.
func standsAlone(drawn, mark string) bool {
	before, after, found := strings.Cut(drawn, mark)
	return found && !strings.Contains(after, mark) && strings.LastIndexByte(before, '<') <= strings.LastIndexByte(before, '>')
}
