package formats

import (
	"regexp"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
)

var (
	aikenOption = regexp.MustCompile(`^([A-Z])[).]\s+(\S.*)$`)
	aikenAnswer = regexp.MustCompile(`^ANSWER:\s*([A-Z](?:\s*,\s*[A-Z])*)\s*$`)
)

// aikenReader reads one file, line by line.
type aikenReader struct {
	told   told
	items  []Item
	now    Item
	apart  bool // an empty line stood before this one
	broken string
}

// readAiken reads Aiken: a question, its choices as A) or A., and ANSWER: with the letter
// of the right one. Several letters, with commas, make a choice of several. All of it is
// plain text.
func readAiken(file content.File) (Reading, error) {
	lines, err := linesOf(file)
	if err != nil {
		return Reading{}, err
	}
	r := aikenReader{told: told{path: file.Path}}
	for i, line := range lines {
		r.line(strings.TrimSpace(line), i+1)
	}
	r.unanswered(len(lines))
	return Reading{Items: r.items, Warnings: r.told.list}, nil
}

func (r *aikenReader) line(text string, line int) {
	option := aikenOption.FindStringSubmatch(text)
	switch {
	case text == "":
		r.apart = true
		return
	case strings.HasPrefix(text, "ANSWER:"):
		r.answer(text, line)
	case option != nil && r.now.Line > 0:
		if int(option[1][0]-'A') != len(r.now.Answers) && r.broken == "" {
			r.broken = "assessment.format.letters"
		}
		r.now.Answers = append(r.now.Answers, Answer{Text: Text{Plain, option[2]}})
	case r.now.Line > 0 && len(r.now.Answers) > 0 && !r.apart:
		last := &r.now.Answers[len(r.now.Answers)-1].Text
		last.Words += " " + text
	case r.now.Line > 0 && len(r.now.Answers) == 0:
		r.now.Stem.Words += "\n" + text
	default:
		r.unanswered(line)
		r.now = Item{Line: line, Type: Choice, Stem: Text{Plain, text}}
	}
	r.apart = false
}

// answer ends a question.
func (r *aikenReader) answer(text string, line int) {
	item, broken := r.now, r.broken
	r.now, r.broken = Item{}, ""
	if item.Line == 0 {
		r.told.lost(Item{Stem: Text{Plain, text}}, line, "assessment.format.no_stem")
		return
	}
	if m := aikenAnswer.FindStringSubmatch(text); m == nil {
		broken = "assessment.format.letter"
	} else {
		for letter := range strings.SplitSeq(m[1], ",") {
			at := int(strings.TrimSpace(letter)[0] - 'A')
			if at >= len(item.Answers) {
				broken = "assessment.format.letter"
				break
			}
			item.Answers[at].Fraction = 100
		}
	}
	if len(item.Answers) < 2 {
		broken = "assessment.format.few"
	}
	if broken != "" {
		r.told.lost(item, item.Line, broken) // words: assessment.format.letter, assessment.format.letters, assessment.format.few
		return
	}
	item.share()
	r.items = append(r.items, item)
}

// share gives several right answers an equal part of the points each.
func (i *Item) share() {
	right := 0
	for _, a := range i.Answers {
		if a.Fraction > 0 {
			right++
		}
	}
	if i.Several = right > 1; !i.Several {
		return
	}
	for k := range i.Answers {
		if i.Answers[k].Fraction > 0 {
			i.Answers[k].Fraction = rounded(100 / float64(right))
		}
	}
}

// unanswered tells a question that ended without its answer.
func (r *aikenReader) unanswered(line int) {
	if r.now.Line > 0 {
		r.told.lost(r.now, r.now.Line, "assessment.format.unanswered")
	}
	r.now, r.broken = Item{}, ""
}

// writeAiken writes what Aiken can hold: choices, of which some are right and the others
// wrong, as plain text.
func writeAiken(items []Item) ([]byte, []Warning, error) {
	var out strings.Builder
	var t told
	for _, item := range items {
		letters, ok := aikenLetters(item)
		if !ok || !aikenText(item) {
			t.lost(item, item.Line, "assessment.format.no_place", "Format", Aiken.Label())
			continue
		}
		if beyondAiken(item) {
			t.without(item, item.Line, "assessment.format.choices_alone", "Format", Aiken.Label())
		}
		out.WriteString(stripMarkup(item.Stem) + "\n")
		for i, a := range item.Answers {
			out.WriteString(string(rune('A'+i)) + ") " + oneLine(stripMarkup(a.Text)) + "\n")
		}
		out.WriteString("ANSWER: " + strings.Join(letters, ", ") + "\n\n")
	}
	return []byte(out.String()), t.list, nil
}

// stripMarkup is a text as its words, one line under the other, none of them empty.
func stripMarkup(t Text) string {
	var lines []string
	for line := range strings.SplitSeq(t.Words, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// aikenLetters are the letters of the right choices. An item that gives a part of the
// points has none.
func aikenLetters(item Item) ([]string, bool) {
	if (item.Type != Choice && item.Type != TrueFalse) || len(item.Answers) < 2 || len(item.Answers) > 26 {
		return nil, false
	}
	var letters []string
	plain := Item{Answers: append([]Answer(nil), item.Answers...)}
	for i, a := range item.Answers {
		if a.Fraction > 0 {
			letters = append(letters, string(rune('A'+i)))
			plain.Answers[i].Fraction = 100
		}
	}
	plain.share()
	for i, a := range plain.Answers {
		if diff := a.Fraction - item.Answers[i].Fraction; diff > 0.001 || diff < -0.001 {
			return nil, false
		}
	}
	return letters, len(letters) > 0 && item.Several == plain.Several
}

// aikenText says whether an item's texts can stand in Aiken: none is empty, and no line
// of the question looks like a choice or an answer.
func aikenText(item Item) bool {
	stem := stripMarkup(item.Stem)
	for i, line := range strings.Split(stem, "\n") {
		if line == "" || strings.HasPrefix(line, "ANSWER:") || i > 0 && aikenOption.MatchString(line) {
			return false
		}
	}
	for _, a := range item.Answers {
		if stripMarkup(a.Text) == "" {
			return false
		}
	}
	return true
}

// beyondAiken says whether an item says more than its question and its choices.
func beyondAiken(item Item) bool {
	more := item.Title != "" || item.Name != "" || len(item.Tags) > 0 || item.Category != "" || !item.General.Empty() || item.Stem.Markup != Plain
	for _, a := range item.Answers {
		more = more || !a.Feedback.Empty() || a.Text.Markup != Plain
	}
	return more
}
