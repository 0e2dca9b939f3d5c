package assessment

import (
	"math"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Converted is an item of a file as a question of ours.
type Converted struct {
	Item    formats.Item // as the file has it
	Title   string
	Named   bool // the file gives it an identifier of its own
	Written Written
	Notes   []fault.Sentence // what it is kept without
}

// conversion is one item on its way.
type conversion struct {
	Converted
	spanish bool
	refused *fault.Sentence
}

// defaultPoints are those of an essay whose file says none.
const defaultPoints = 10

// Convert makes a question of ours of an item: its texts become safe Markdown, its answers
// those of one of our types. What can't be kept is noted. The sentence says why the item
// can't be a question here, if so.
func Convert(item formats.Item, lang content.Lang) (Converted, *fault.Sentence) {
	c := conversion{Converted: Converted{Item: item, Title: oneLine(item.Title)}, spanish: lang == content.Spanish}
	w := &c.Written
	w.ID, c.Named = nameOf(item)
	w.Tags = c.tags()
	w.General = c.markdown(item.General)
	if item.Type != formats.Cloze {
		w.Stem = c.markdown(item.Stem)
	}
	switch item.Type {
	case formats.Choice:
		c.choice()
	case formats.TrueFalse:
		w.Type = TrueFalse
		c.choices()
		c.truths()
	case formats.Short:
		c.short()
	case formats.Numerical:
		c.numeric()
	case formats.Matching:
		c.matching()
	case formats.Ordering:
		w.Type = Ordering
		c.choices()
		for i := range w.Answers {
			w.Answers[i].Credit = 0
		}
	case formats.Essay:
		w.Type, w.Points, w.Words = Essay, defaultPoints, min(item.Words, 500)
	case formats.Reflection:
		w.Type, w.Words = Reflection, min(item.Words, 500)
	case formats.Description:
		w.Type = Description
	case formats.Cloze:
		c.cloze()
	}
	if c.refused == nil {
		c.refused = c.check()
	}
	if c.refused != nil && slices.Contains(linkProblems, c.refused.Key) {
		c.unlink()
		c.refused = c.check()
	}
	return c.Converted, c.refused
}

// linkProblems are what the texts of an Academy don't allow of links.
var linkProblems = []string{"content.problem.link", "content.problem.media_bare"}

// unlink leaves the words of the links, where they lead to what has no place here.
func (c *conversion) unlink() {
	w := &c.Written
	w.Stem, w.General = unlinked(w.Stem), unlinked(w.General)
	for i, a := range w.Answers {
		w.Answers[i].Feedback = unlinked(a.Feedback)
		if w.Type != Short && w.Type != Numeric {
			w.Answers[i].Text = unlinked(a.Text)
		}
	}
	c.note("assessment.bank.link")
}

// check holds the question against the rules that a quiz file keeps, as its author's own.
func (c *conversion) check() *fault.Sentence {
	told := &content.Problems{}
	c.Written.Check(told)
	if source := c.Written.Markdown(); len(told.List) == 0 && (c.Written.Type == Cloze || mayFail.MatchString(source)) {
		c.Written.Question(told, nil, nil)
	}
	if len(told.List) == 0 { // it reads the same from the file in which it will stand
		again := ReadWritten(strings.Split(c.Written.Markdown(), "\n"), 1, told)
		if len(told.List) == 0 && (len(again) != 1 || again[0].Markdown() != c.Written.Markdown()) {
			told.Add(0, "assessment.bank.not_written")
		}
	}
	if len(told.List) > 0 {
		return &told.List[0].Sentence
	}
	return nil
}

// mayFail is what texts hold that can't all be drawn: links, HTML, headings, fences,
// pictures, attributes. Drawing is most of the work of an import, so the rest is spared it.
var mayFail = regexp.MustCompile(`[<>&!{|\\]|\](\(|\[|:)|:::|(?m:^\s*#[^#\s]|^\s*# )|https?:|www\.`)

func (c *conversion) note(key string, pairs ...any) {
	said := fault.Say(key, pairs...)
	if !slices.ContainsFunc(c.Notes, func(s fault.Sentence) bool { return s.Key == key }) {
		c.Notes = append(c.Notes, said)
	}
}

func (c *conversion) refuse(key string, pairs ...any) {
	if c.refused == nil {
		said := fault.Say(key, pairs...)
		c.refused = &said
	}
}

func (c *conversion) markdown(t formats.Text) string {
	words, pictures := inMarkdown(t)
	if len(pictures) > 0 {
		c.note("assessment.bank.picture", "Picture", strings.Join(pictures, ", "))
	}
	return words
}

// tags are at most ten, none with a comma in it.
func (c *conversion) tags() (tags []string) {
	for _, tag := range c.Item.Tags {
		if tag = oneLine(strings.ReplaceAll(tag, ",", " ")); tag != "" && !slices.Contains(tags, tag) {
			tags = append(tags, tag)
		}
	}
	if len(tags) > 10 {
		c.note("assessment.bank.tags", "Tags", strings.Join(tags[10:], ", "))
		tags = tags[:10]
	}
	return tags
}

// choices are the answers as lines of ours.
func (c *conversion) choices() {
	for _, a := range c.Item.Answers {
		c.Written.Answers = append(c.Written.Answers, WrittenAnswer{Text: singleParagraph(c.markdown(a.Text)), Credit: percentOf(a.Fraction), Feedback: c.markdown(a.Feedback)})
	}
	c.Written.Fixed = c.Item.Fixed && c.Item.Type == formats.Choice
}

// percentOf is a share as a file of ours writes it.
func percentOf(fraction float64) float64 { return math.Round(fraction*1e5)/1e5 + 0 }

// singleParagraph puts a choice's paragraphs below one another: an empty line would end it.
func singleParagraph(text string) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "\n")
}

// choice is single, or multiple where several may be picked or several are wholly right.
func (c *conversion) choice() {
	w := &c.Written
	w.Type = Single
	c.choices()
	right := 0
	for _, a := range w.Answers {
		if a.Credit == 100 {
			right++
		}
	}
	switch {
	case c.Item.Several:
		w.Type = Multiple
		c.evenly()
	case right > 1:
		w.Type = Multiple
		c.note("assessment.bank.several")
	default:
		c.atLeastNothing()
	}
}

// atLeastNothing raises a share below nothing to nothing: where one answer is given there
// is nothing to take it from.
func (c *conversion) atLeastNothing() {
	for i, a := range c.Written.Answers {
		if a.Credit < 0 {
			c.Written.Answers[i].Credit = 0
			c.note("assessment.bank.below_nothing")
		}
	}
}

// evenly writes shares without numbers where they are those that a choice of several has
// by itself: right ones share all the points, wrong ones take them away again.
func (c *conversion) evenly() {
	right, wrong := 0, 0
	for _, a := range c.Written.Answers {
		if a.Credit > 0 {
			right++
		} else {
			wrong++
		}
	}
	near := func(a, b float64) bool { return math.Abs(a-b) < 0.001 }
	for _, a := range c.Written.Answers {
		if a.Credit > 0 && !near(a.Credit, 100/float64(right)) || a.Credit <= 0 && !near(a.Credit, -100/float64(wrong)) {
			return
		}
	}
	for i, a := range c.Written.Answers {
		c.Written.Answers[i].Credit = 0
		if a.Credit > 0 {
			c.Written.Answers[i].Credit = 100
		}
	}
}

// truths gives true and false the words of the language.
func (c *conversion) truths() {
	words := []string{"True", "False"}
	if c.spanish {
		words = []string{"Verdadero", "Falso"}
	}
	for i, a := range c.Written.Answers {
		if i < 2 && (strings.EqualFold(a.Text, "true") || strings.EqualFold(a.Text, "false")) {
			c.Written.Answers[i].Text = words[i]
		}
	}
}

// short keeps accepted words as patterns: * stands for any letters in files too.
func (c *conversion) short() {
	c.Written.Type, c.Written.ExactCase = Short, c.Item.ExactCase
	for _, a := range c.Item.Answers {
		c.Written.Answers = append(c.Written.Answers, WrittenAnswer{Text: patternOf(inWords(a.Text)), Credit: percentOf(a.Fraction), Feedback: c.markdown(a.Feedback)})
	}
	c.atLeastNothing()
}

// patternOf doubles each backslash that escapes no star.
func patternOf(words string) string {
	return strings.ReplaceAll(strings.ReplaceAll(words, `\`, `\\`), `\\*`, `\*`)
}

func (c *conversion) numeric() {
	w := &c.Written
	w.Type = Numeric
	one := len(c.Item.Units) == 0
	for _, u := range c.Item.Units {
		w.Units = append(w.Units, Unit{oneLine(u.Name), u.Factor})
		one = one || u.Factor == 1
	}
	if !one {
		w.Units = nil
		c.note("assessment.bank.units")
	}
	for _, a := range c.Item.Answers {
		if a.Number == nil {
			c.note("assessment.bank.any_number")
			continue
		}
		w.Answers = append(w.Answers, WrittenAnswer{Text: rangeText(a), Credit: percentOf(a.Fraction), Feedback: c.markdown(a.Feedback)})
	}
	c.atLeastNothing()
}

// rangeText writes an accepted number as a quiz file has it: in the form of its file, or
// else as two whole numbers or as one, give or take.
func rangeText(a formats.Answer) string {
	words := a.Number.String()
	if said, ok := formats.ParseRange(a.Text.Words); ok && said == *a.Number {
		words = strings.TrimSpace(a.Text.Words)
	} else if low, high := a.Number.Low, a.Number.High; low != high && low == math.Trunc(low) && high == math.Trunc(high) {
		words = decimal(low) + ".." + decimal(high)
	}
	return strings.Replace(words, ":", " +- ", 1)
}

func (c *conversion) matching() {
	c.Written.Type = Matching
	for _, p := range c.Item.Pairs {
		left := oneLine(c.markdown(p.Left))
		c.Written.Answers = append(c.Written.Answers, WrittenAnswer{Text: strings.ReplaceAll(left, "=>", `\=>`), Side: sideOf(p.Right)})
	}
}

// sideOf is a right side, drawn as Markdown and then shown as plain words.
func sideOf(t formats.Text) string {
	words, _ := inMarkdown(formats.Text{Markup: formats.Plain, Words: inWords(t)})
	return oneLine(words)
}

// nameOf is the question's id: the file's own where it is one, else made of its words.
func nameOf(item formats.Item) (id string, named bool) {
	if item.Name != "" {
		if id := slugOf(item.Name, 60); id != "" {
			return id, true
		}
	}
	if id := slugOf(item.Title, 40); id != "" {
		return id, false
	}
	if id := slugOf(inWords(item.Stem), 40); id != "" {
		return id, false
	}
	return "question", false
}

// slugOf is a text in small letters, numbers and hyphens.
func slugOf(text string, most int) string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(text)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if b.Len() >= most {
				return strings.Trim(b.String(), "-")
			}
			b.WriteRune(r)
		case r < 0x300 || r > 0x36f: // a mark above a letter is passed over
			if s := b.String(); s != "" && !strings.HasSuffix(s, "-") {
				if len(s) >= most-8 {
					return strings.Trim(s, "-")
				}
				b.WriteByte('-')
			}
		}
	}
	return strings.Trim(b.String(), "-")
}
