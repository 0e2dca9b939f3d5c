package formats

import (
	"regexp"
	"strconv"
	"strings"
)

// moodleAnswers are the answers of a question with shares and feedback; a share that is
// none loses the question.
func moodleAnswers(d *draft, e *element, text, feedback Markup) (found []*element) {
	for _, a := range e.children("answer") {
		fraction, ok := percent(a.attr("fraction"))
		if !ok {
			d.lose(a.line, "assessment.format.fraction", "Fraction", a.attr("fraction"))
			return nil
		}
		answer := Answer{Text: moodleText(a, text), Fraction: fraction, Feedback: moodleText(a.child("feedback"), feedback)}
		if text == "" {
			answer.Text = plainText(a.child("text").said())
		}
		d.Answers = append(d.Answers, answer)
		found = append(found, a)
	}
	if len(found) == 0 {
		d.lose(0, "assessment.format.no_answers")
	}
	return found
}

func isNo(words string) bool { return words == "0" || strings.EqualFold(words, "false") }

func moodleChoice(d *draft, e *element, base Markup) {
	d.Type = Choice
	d.Several = isNo(e.child("single").said())
	d.Fixed = isNo(e.child("shuffleanswers").said())
	moodleAnswers(d, e, base, base)
}

func moodleTrueFalse(d *draft, e *element, base Markup) {
	d.Type = TrueFalse
	moodleAnswers(d, e, "", base)
	d.twoTruths()
}

// twoTruths puts the answers of a true or false question in their order, and loses one that
// has others.
func (d *draft) twoTruths() {
	if d.gone {
		return
	}
	var yes, no *Answer
	for i, a := range d.Answers {
		switch strings.ToLower(a.Text.Words) {
		case "true":
			yes = &d.Answers[i]
		case "false":
			no = &d.Answers[i]
		}
	}
	if len(d.Answers) != 2 || yes == nil || no == nil {
		d.lose(0, "assessment.format.true_false")
		return
	}
	said := []Answer{*yes, *no}
	d.Answers = TrueOrFalse(true)
	for i := range d.Answers {
		d.Answers[i].Fraction, d.Answers[i].Feedback = said[i].Fraction, said[i].Feedback
	}
}

func moodleShort(d *draft, e *element, base Markup) {
	d.Type = Short
	use := e.child("usecase").said()
	d.ExactCase = use != "" && !isNo(use)
	moodleAnswers(d, e, "", base)
}

func moodleNumerical(d *draft, e *element, base Markup) {
	d.Type = Numerical
	for i, a := range moodleAnswers(d, e, "", base) {
		words := d.Answers[i].Text.Words
		if words == "*" {
			continue // any other number: for its feedback
		}
		r, ok := around(words, a.child("tolerance").said())
		if !ok {
			d.lose(a.line, "assessment.format.number", "Number", words)
			return
		}
		d.Answers[i].Text, d.Answers[i].Number = plainText(r.String()), r
	}
	for _, u := range e.child("units").children("unit") {
		factor, err := strconv.ParseFloat(u.child("multiplier").said(), 64)
		if err != nil || !(factor > 1e-100 && factor < 1e100) {
			d.lose(u.line, "assessment.format.unit", "Unit", u.child("unit_name").said())
			return
		}
		// Moodle's multiplier says how many of this unit make one of the first: 100 for
		// centimetres where the answer is in metres.
		d.Units = append(d.Units, Unit{inOneLine(u.child("unit_name").said()), turned(factor)})
	}
}

func moodleMatching(d *draft, e *element, base Markup) {
	d.Type = Matching
	d.Fixed = isNo(e.child("shuffleanswers").said())
	for _, s := range e.children("subquestion") {
		p := Pair{moodleText(s, base), plainText(s.child("answer").child("text").said())}
		if p.Right.Empty() && !p.Left.Empty() {
			d.lose(s.line, "assessment.qti.pair")
			return
		}
		if !p.Right.Empty() { // a row may be left empty
			d.Pairs = append(d.Pairs, p)
		}
	}
	if len(d.Pairs) == 0 {
		d.lose(0, "assessment.format.no_answers")
	}
}

// moodleOrdering reads the question of the ordering plugin: the answers stand in order.
func moodleOrdering(d *draft, e *element, base Markup) {
	d.Type = Ordering
	for _, a := range e.children("answer") {
		d.Answers = append(d.Answers, Answer{Text: moodleText(a, base)})
	}
	if len(d.Answers) == 0 {
		d.lose(0, "assessment.format.no_answers")
	}
	if kind := e.child("selecttype").said(); kind != "" && kind != "ALL" && kind != "0" {
		d.miss(e.child("selecttype").line, "assessment.moodle.some_of")
	}
}

// moodleEssay reads a text that somebody grades. One that counts no points is a
// reflection, which is how a reflection of ours goes out.
func moodleEssay(d *draft, e *element, _ Markup) {
	d.Type = Essay
	if grade, ok := exact(e.child("defaultgrade").said()); ok && grade.Sign() == 0 {
		d.Type = Reflection
	}
	if most, err := strconv.Atoi(e.child("maxwordlimit").said()); err == nil && most > 0 {
		d.Words = most
	}
	for _, name := range []string{"graderinfo", "responsetemplate"} {
		if t := e.child(name); t.child("text").said() != "" {
			d.miss(t.line, "assessment.moodle.essay_text")
			break
		}
	}
	if files := e.child("attachments").said(); files != "" && files != "0" {
		d.miss(e.child("attachments").line, "assessment.moodle.attachments")
	}
}

func moodleCloze(d *draft, e *element, _ Markup) {
	d.Type = Cloze
	c, wrong := readCloze(d.Stem)
	if wrong != nil {
		d.loseFor(e.child("questiontext").at(d.Line), *wrong)
		return
	}
	d.Stem, d.Gaps, d.Fixed = c.stem, c.gaps, c.fixed
	if c.uneven {
		d.miss(0, "assessment.moodle.uneven")
	}
}

var piecePlace = regexp.MustCompile(`\[\[(\d+)\]\]`)

// moodlePieces reads words that are picked or dragged into the places [[1]], [[2]], …: a
// cloze with chosen gaps, each with the pieces of its own group.
func moodlePieces(d *draft, e *element, _ Markup) {
	d.Type = Cloze
	d.Fixed = isNo(e.child("shuffleanswers").said())
	pieces := e.children("selectoption")
	if len(pieces) == 0 {
		pieces = e.children("dragbox")
	}
	var b strings.Builder
	words, last := unmarked(d.Stem.Words, d.Stem.Markup), 0
	for _, at := range piecePlace.FindAllStringSubmatchIndex(words, -1) {
		number, err := strconv.Atoi(words[at[2]:at[3]])
		if err != nil || number < 1 || number > len(pieces) {
			d.lose(0, "assessment.moodle.piece", "Number", words[at[2]:at[3]])
			return
		}
		if len(d.Gaps)*len(pieces) > 10_000 {
			d.lose(0, "assessment.format.large")
			return
		}
		gap := Gap{Chosen: true}
		right := pieces[number-1]
		for _, p := range pieces {
			if p.child("group").said() != right.child("group").said() {
				continue
			}
			answer := Answer{Text: clozeText(p.child("text").said(), d.Stem.Markup)}
			if p == right {
				answer.Fraction = 100
			}
			gap.Answers = append(gap.Answers, answer)
		}
		d.Gaps = append(d.Gaps, gap)
		b.WriteString(words[last:at[0]] + mark(len(d.Gaps)))
		last = at[1]
	}
	if len(d.Gaps) == 0 {
		d.lose(0, "assessment.moodle.cloze_none")
		return
	}
	d.Stem.Words = b.String() + words[last:]
}

// turned is one over a factor, without what the computer's own numbers add: 0.001 for 1000.
func turned(factor float64) float64 {
	f, _ := strconv.ParseFloat(strconv.FormatFloat(1/factor, 'g', 14, 64), 64)
	return f
}
