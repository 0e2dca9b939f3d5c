package assessment

import "strings"

// scoresHash knows again what gives points in a question: its key, and of its words only
// those that an answer is held against. Where it is the same, every answer earns the same;
// where it differs, somebody's result may.
func scoresHash(w Written, spanish *Written) string {
	parts := []string{string(w.Type), yes(w.ExactCase), yes(w.ExactAccents)}
	for _, unit := range w.Units {
		parts = append(parts, unit.Name, decimal(unit.Worth))
	}
	parts = append(parts, w.scored()...)
	if spanish != nil && (w.Type == Short || w.Type == Cloze) {
		parts = append(parts, spanish.scored()...)
	}
	return digest(parts...)
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// scored is what gives points in one language.
func (w Written) scored() (parts []string) {
	first := map[string]string{}
	for i, a := range w.Answers {
		switch w.Type {
		case Single, TrueFalse, Multiple:
			parts = append(parts, decimal(a.Credit))
		case Short:
			parts = append(parts, a.Text, decimal(a.Credit))
		case Numeric:
			text := a.Text
			if r, ok := rangeOf(a.Text); ok {
				text = decimal(r.Low) + ".." + decimal(r.High)
			}
			parts = append(parts, text, decimal(a.Credit))
		case Matching: // which sides are the same, whatever they are called
			if _, there := first[a.Side]; !there {
				first[a.Side] = string(rune('a' + i%26))
			}
			parts = append(parts, yes(a.Text != ""), first[a.Side])
		case Ordering:
			parts = append(parts, a.Text)
		}
	}
	if w.Type == Cloze {
		_, gaps, _ := gapsOf(w.Stem)
		for _, g := range gaps {
			parts = append(parts, yes(g.chosen), strings.Join(g.texts, "\x00"))
		}
	}
	return parts
}
