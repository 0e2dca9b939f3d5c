package formats

import "strings"

// numbers reads what stands between {# and }: one number, or several with weights and
// feedback. * stands for every other number.
func (r *giftReader) numbers(item *Item, inside string) bool {
	inside = strings.Trim(inside, blanks)
	var options []option
	if inside == "" {
		r.told.lost(*item, item.Line, "assessment.format.no_answers")
		return false
	}
	if inside[0] != '=' && inside[0] != '~' {
		o := option{right: true}
		o.text, o.feedback, _ = cutAt(inside, "#")
		o.weigh()
		options = append(options, o)
	} else {
		options = optionsOf(inside)
	}
	for _, o := range options {
		words := strings.Trim(o.text, blanks)
		answer := Answer{Text: Text{Plain, words}, Fraction: o.fraction, Feedback: giftWords(o.feedback, item.Stem.Markup)}
		switch number, ok := ParseRange(words); {
		case ok:
			answer.Number = &number
		case words == "*" || words == "" && !o.right:
			answer.Text.Words = "*"
		default:
			r.told.lost(*item, item.Line, "assessment.format.number", "Number", cut(words, 40))
			return false
		}
		item.Answers = append(item.Answers, answer)
	}
	return r.fits(*item)
}
