// Package formats reads and writes files of questions as other systems have them. It
// knows bytes and items and nothing of people, quizzes or a database.
package formats

import "github.com/metropolitan-peace-academy/academy/content"

// Type is how an item is answered. The names are those of the API's contract.
type Type string

// The types that an item may have.
const (
	Choice      Type = "MC" // one right choice or several: by the fractions
	TrueFalse   Type = "TF"
	Short       Type = "Short"
	Numerical   Type = "Numerical"
	Matching    Type = "Matching"
	Ordering    Type = "Ordering"
	Essay       Type = "Essay"
	Reflection  Type = "Reflection"
	Description Type = "Description"
	Cloze       Type = "Cloze"
)

// Markup is the form of a text as its file has it.
type Markup string

// The markups. Moodle's own plain form keeps line breaks and may hold HTML.
const (
	Plain    Markup = "plain"
	Moodle   Markup = "moodle"
	Markdown Markup = "markdown"
	HTML     Markup = "html"
)

// Text is a piece of an item's words in the markup of its file.
type Text struct {
	Markup Markup
	Words  string
}

// Empty says whether there are no words.
func (t Text) Empty() bool { return t.Words == "" }

// Item is one question as a file of any format has it.
type Item struct {
	Name      string // its own identifier in the file, "" where it has none
	Title     string
	Line      int // of the file, from 1, on which it starts
	Type      Type
	Stem      Text // of a cloze: with {{1}}, {{2}}, … where its gaps stand
	General   Text // feedback to the whole
	Answers   []Answer
	Pairs     []Pair // of a matching; an empty left is a right side that fits nothing
	Gaps      []Gap  // of a cloze, in the order of their marks
	Units     []Unit // of a numerical answer: those that may be written after it
	Words     int    // of an essay: the most words that are asked for, 0 for no limit
	Several   bool   // of a choice: more than one may be picked
	ExactCase bool   // of a short text: capitals count
	Fixed     bool   // the choices stay in the order of the file
	Tags      []string
	Category  string // the file's own path of folders, "" where it has none
}

// Answer is one choice, one accepted text or one accepted number. Of an ordering, the
// answers stand in the right order.
type Answer struct {
	Text     Text
	Fraction float64 // percent of the points, from −100 to 100
	Feedback Text
	Number   *Range // of a numerical answer
}

// Range is the numbers that a numerical answer accepts, both ends included.
type Range struct{ Low, High float64 }

// Unit is a unit of a numerical answer. The number that the person wrote, times Factor,
// is what the ranges speak of.
type Unit struct {
	Name   string
	Factor float64
}

// Pair is a left and a right side that belong together.
type Pair struct{ Left, Right Text }

// Gap is one gap of a cloze: chosen from its answers, or typed.
type Gap struct {
	Chosen    bool
	Numerical bool
	ExactCase bool
	Answers   []Answer
}

// Reading is what a file held. Each item of the file is in Items or has a warning that
// is Lost, never both and never neither.
type Reading struct {
	Items    []Item
	Warnings []Warning
}

// Warning is something that an item of a file says and that this program can't keep.
type Warning struct {
	Item    string // its title or name, or its number in the file
	Lost    bool   // the whole item stays outside; else it is kept without this
	Problem content.Problem
}
