package formats

import (
	"regexp"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
)

// The marks that GIFT has no form for, and that a comment may carry: other programs read
// such an item as an essay or a matching and lose nothing by it.
const (
	reflectionTag = "academy-reflection"
	orderingTag   = "academy-ordering"
)

// blank is what stands in a stem where its answers stood.
const blank = "_____"

var (
	giftTrue    = regexp.MustCompile(`^(?i:(TRUE|T)|FALSE|F)\s*(#|$)`)
	giftWeight  = regexp.MustCompile(`^\s*%(-?[0-9]*\.?[0-9]+)%`)
	missingWord = regexp.MustCompile(`^(-?[0-9]*\.?[0-9]+)%(\p{L})`)
)

// giftReader reads the blocks of one file.
type giftReader struct {
	told     told
	category string
	items    []Item
}

// readGIFT reads Moodle's GIFT as Moodle and the gift-pegjs grammar read it, together
// with its missing-word form, and a block in Moodle's form of embedded answers as a cloze.
func readGIFT(file content.File) (Reading, error) {
	lines, err := linesOf(file)
	if err != nil {
		return Reading{}, err
	}
	r := giftReader{told: told{path: file.Path}}
	if text := strings.Join(lines, "\n"); onlyEmbedded(text) {
		r.embedded(block{line: 1, text: text}, Item{Line: 1, Type: Cloze})
	} else {
		for _, b := range blocksOf(lines) {
			r.block(b)
		}
	}
	return Reading{Items: r.items, Warnings: r.told.list}, nil
}

// block reads one question, or the folder that the next ones lie in.
func (r *giftReader) block(b block) {
	if category, is := strings.CutPrefix(b.text, "$CATEGORY:"); is {
		r.category = strings.TrimSpace(category)
		return
	}
	item := Item{Line: b.line, Name: b.id, Tags: b.tags, Category: r.category}
	text := strings.TrimLeft(b.text, blanks)
	if titled, is := strings.CutPrefix(text, "::"); is {
		if title, rest, closed := cutAt(titled, "::"); closed {
			item.Title, text = strings.Join(strings.Fields(unescape(title)), " "), rest
		}
	}
	if hasEmbedded(text) {
		b.text = text
		r.embedded(b, item)
		return
	}
	stem, answers, asks := cutAt(text, "{")
	answers, after, closed := cutAt(answers, "}")
	item.Stem = giftWords(stem, Moodle)
	switch {
	case asks && !closed:
		r.told.lost(item, b.line, "assessment.format.unclosed")
		return
	case index(stem, "}") >= 0 || index(answers, "{") >= 0 || index(after, "{") >= 0 || index(after, "}") >= 0:
		r.told.lost(item, b.line, "assessment.format.braces")
		return
	}
	if m := markupPrefix.FindStringSubmatch(stem); m != nil {
		item.Stem.Markup = Markup(m[1])
	} else {
		item.Stem.Markup = Moodle
	}
	if rest := giftWords(after, item.Stem.Markup); !rest.Empty() {
		item.Stem.Words = strings.TrimLeft(item.Stem.Words+" "+blank+" "+rest.Words, " ")
	}
	if item.Stem.Empty() {
		r.told.lost(item, b.line, "assessment.format.no_stem")
		return
	}
	if !asks {
		item.Type = Description
	} else if !r.answers(&item, answers) {
		return
	}
	r.items = append(r.items, item)
}

// answers reads what stands between { and }. What it can't read is told as lost.
func (r *giftReader) answers(item *Item, inside string) bool {
	inside, general, _ := cutAt(inside, "####")
	item.General = giftWords(general, item.Stem.Markup)
	inside = strings.Trim(inside, blanks)
	switch {
	case inside == "":
		item.Type = Essay
		if tagged(item, reflectionTag) {
			item.Type = Reflection
		}
		return true
	case giftTrue.MatchString(inside):
		item.Type = TrueFalse
		r.trueFalse(item, inside)
		return true
	case strings.HasPrefix(inside, "#"):
		item.Type = Numerical
		return r.numbers(item, inside[1:])
	}
	if inside[0] != '=' && inside[0] != '~' {
		inside = "=" + inside // a single answer needs no mark
	}
	options := optionsOf(inside)
	wrong := index(inside, "~") >= 0
	switch {
	case wrong:
		item.Type, item.Several = Choice, index(inside, "=") < 0
	case matches(options):
		item.Type = Matching
		r.pairs(item, options)
		return true
	default:
		item.Type = Short
	}
	for _, o := range options {
		answer := Answer{Text: giftWords(o.text, item.Stem.Markup), Fraction: o.fraction, Feedback: giftWords(o.feedback, item.Stem.Markup)}
		if answer.Text.Empty() && answer.Feedback.Empty() {
			r.told.without(*item, item.Line, "assessment.format.empty_answer")
			continue
		}
		item.Answers = append(item.Answers, answer)
	}
	return r.fits(*item)
}

// fits tells an item as lost that has no answer, or one that counts more than all.
func (r *giftReader) fits(item Item) bool {
	switch {
	case len(item.Answers) == 0:
		r.told.lost(item, item.Line, "assessment.format.no_answers")
		return false
	case item.Type == Choice && len(item.Answers) < 2:
		r.told.lost(item, item.Line, "assessment.format.few")
		return false
	}
	return heavy(&r.told, item)
}

// heavy tells an item as lost whose answer counts more than all the points.
func heavy(t *told, item Item) bool {
	for _, a := range item.Answers {
		if !(a.Fraction >= -100 && a.Fraction <= 100) {
			t.lost(item, item.Line, "assessment.format.weight")
			return false
		}
	}
	return true
}

// trueFalse reads TRUE or FALSE, then feedback to the wrong answer, then to the right one.
func (r *giftReader) trueFalse(item *Item, inside string) {
	isTrue := giftTrue.FindStringSubmatch(inside)[1] != ""
	_, said, _ := cutAt(inside, "#")
	wrong, right, _ := cutAt(said, "#")
	item.Answers = TrueOrFalse(isTrue)
	for i := range item.Answers {
		item.Answers[i].Feedback = giftWords(wrong, item.Stem.Markup)
		if item.Answers[i].Fraction > 0 {
			item.Answers[i].Feedback = giftWords(right, item.Stem.Markup)
		}
	}
}

// TrueOrFalse are the answers of every item of true or false: true stands first.
func TrueOrFalse(isTrue bool) []Answer {
	answers := []Answer{{Text: Text{Plain, "True"}}, {Text: Text{Plain, "False"}}}
	if isTrue {
		answers[0].Fraction = 100
	} else {
		answers[1].Fraction = 100
	}
	return answers
}

// option is one answer of GIFT as it stands there.
type option struct {
	right, weighed bool
	text, feedback string
	fraction       float64
}

// optionsOf cuts answers apart at = and ~.
func optionsOf(inside string) []option {
	var list []option
	for inside != "" {
		rest := inside[1:]
		next := len(rest)
		for _, mark := range []string{"=", "~"} {
			if at := index(rest[:next], mark); at >= 0 {
				next = at
			}
		}
		o := option{right: inside[0] == '='}
		o.text, o.feedback, _ = cutAt(rest[:next], "#")
		o.weigh()
		list = append(list, o)
		inside = rest[next:]
	}
	return list
}

// weigh takes the weight from before the text: %50%, or 50% as the missing-word form has it.
func (o *option) weigh() {
	if o.right {
		o.fraction = 100
	}
	if m := giftWeight.FindStringSubmatch(o.text); m != nil {
		o.weighed = true
		o.fraction, _ = parseNumber(m[1]) // the pattern lets numbers alone pass
		o.text = o.text[len(m[0]):]
	} else if m := missingWord.FindStringSubmatch(o.text); m != nil && !o.right {
		o.weighed = true
		o.fraction, _ = parseNumber(m[1])
		o.text = o.text[len(m[1])+1:]
	}
}

// matches says whether answers are pairs.
func matches(options []option) bool {
	return !slices.ContainsFunc(options, func(o option) bool {
		return o.weighed || !strings.Contains(o.text, "->") && strings.Trim(o.text, blanks) != ""
	}) && slices.ContainsFunc(options, func(o option) bool { return strings.Contains(o.text, "->") })
}

// pairs reads left -> right. An ordering that we wrote comes as the numbers of its places.
func (r *giftReader) pairs(item *Item, options []option) {
	for _, o := range options {
		left, right, both := strings.Cut(o.text, "->")
		if !both {
			continue
		}
		if strings.Trim(o.feedback, blanks) != "" {
			r.told.without(*item, item.Line, "assessment.format.pair_feedback")
		}
		item.Pairs = append(item.Pairs, Pair{giftWords(left, item.Stem.Markup), giftWords(right, item.Stem.Markup)})
	}
	if tagged(item, orderingTag) {
		item.Type = Ordering
		for _, p := range item.Pairs {
			item.Answers = append(item.Answers, Answer{Text: p.Right})
		}
		item.Pairs = nil
	}
}

// tagged says whether an item carries one of our own marks, and takes it off.
func tagged(item *Item, mark string) bool {
	at := slices.Index(item.Tags, mark)
	if at < 0 {
		return false
	}
	if item.Tags = slices.Delete(slices.Clone(item.Tags), at, at+1); len(item.Tags) == 0 {
		item.Tags = nil
	}
	return true
}
