package assessment

import (
	"slices"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
)

// Item is the question as files of other systems have it. Convert makes the same
// question of it again.
func (w Written) Item(title string) formats.Item {
	item := formats.Item{Name: w.ID, Title: title, Tags: slices.Clone(w.Tags), Stem: markdownText(w.Stem), General: markdownText(w.General), Fixed: w.Fixed,
		ExactCase: w.ExactCase}
	switch w.Type {
	case Single, TrueFalse:
		item.Type = formats.Choice
		item.Answers = w.answersOf(markdownText)
		if w.Type == TrueFalse && isTruths(w.Answers) {
			item.Type = formats.TrueFalse
			item.Answers[0].Text, item.Answers[1].Text = formats.Text{Markup: formats.Plain, Words: "True"}, formats.Text{Markup: formats.Plain, Words: "False"}
		}
	case Multiple:
		item.Type, item.Several = formats.Choice, true
		item.Answers = w.shared()
	case Short:
		item.Type = formats.Short
		item.Answers = w.answersOf(func(words string) formats.Text {
			return formats.Text{Markup: formats.Plain, Words: strings.ReplaceAll(words, `\\`, `\`)}
		})
	case Numeric:
		item.Type = formats.Numerical
		for _, a := range w.Answers {
			words := strings.NewReplacer("−", "-", "±", ":", "+-", ":", ",", ".", " ", "").Replace(a.Text)
			number, _ := formats.ParseRange(words)
			item.Answers = append(item.Answers, formats.Answer{Text: plainText(words), Fraction: a.Credit, Feedback: markdownText(a.Feedback), Number: &number})
		}
		for _, u := range w.Units {
			item.Units = append(item.Units, formats.Unit{Name: u.Name, Factor: u.Worth})
		}
	case Matching:
		item.Type = formats.Matching
		for _, a := range w.Answers {
			item.Pairs = append(item.Pairs, formats.Pair{Left: markdownText(strings.ReplaceAll(a.Text, `\=>`, "=>")), Right: plainText(inWords(markdownText(a.Side)))})
		}
	case Ordering:
		item.Type = formats.Ordering
		item.Answers = w.answersOf(markdownText)
		for i := range item.Answers {
			item.Answers[i].Fraction = 0
		}
	case Essay:
		item.Type, item.Words = formats.Essay, w.Words
	case Reflection:
		item.Type, item.Words = formats.Reflection, w.Words
	case Description:
		item.Type = formats.Description
	case Cloze:
		item.Type = formats.Cloze
		w.gapsInto(&item)
	}
	return item
}

func markdownText(words string) formats.Text {
	if words == "" {
		return formats.Text{}
	}
	return formats.Text{Markup: formats.Markdown, Words: words}
}

func plainText(words string) formats.Text {
	if words == "" {
		return formats.Text{}
	}
	return formats.Text{Markup: formats.Plain, Words: words}
}

func (w Written) answersOf(text func(string) formats.Text) (list []formats.Answer) {
	for _, a := range w.Answers {
		list = append(list, formats.Answer{Text: text(a.Text), Fraction: a.Credit, Feedback: markdownText(a.Feedback)})
	}
	return list
}

// isTruths says whether two answers are true and false, in that order.
func isTruths(answers []WrittenAnswer) bool {
	truths := []string{"true / false", "verdadero / falso", "cierto / falso"}
	return len(answers) == 2 && slices.Contains(truths, strings.ToLower(answers[0].Text+" / "+answers[1].Text))
}

// shared gives the choices of a question of several the shares that they have by
// themselves: right ones share all the points, wrong ones take them away again.
func (w Written) shared() []formats.Answer {
	list := w.answersOf(markdownText)
	right := w.right()
	wrong := len(list) - right
	if slices.ContainsFunc(w.Answers, func(a WrittenAnswer) bool { return a.Credit != 0 && a.Credit != 100 }) || right == 0 {
		return list
	}
	for i, a := range list {
		if a.Fraction == 100 {
			list[i].Fraction = percentOf(100 / float64(right))
		} else {
			list[i].Fraction = percentOf(-100 / float64(wrong))
		}
	}
	return list
}

// gapsInto takes the gaps out of the stem.
func (w Written) gapsInto(item *formats.Item) {
	stem, gaps, _ := gapsOf(w.Stem)
	said := map[int]string{}
	for _, a := range w.Answers {
		said[a.Gap] = a.Feedback
	}
	for n, g := range gaps {
		stem = strings.Replace(stem, gapMark(n), "{{"+strconv.Itoa(n+1)+"}}", 1)
		gap := formats.Gap{Chosen: g.chosen, ExactCase: w.ExactCase && !g.chosen}
		for i, words := range g.texts {
			if !g.chosen {
				words = strings.ReplaceAll(words, `\\`, `\`)
			}
			answer := formats.Answer{Text: plainText(words), Feedback: markdownText(said[n+1])}
			if i == 0 || !g.chosen {
				answer.Fraction = 100
			}
			gap.Answers = append(gap.Answers, answer)
		}
		item.Gaps = append(item.Gaps, gap)
	}
	item.Stem.Words = stem
	item.ExactCase = false
}
