package assessment

import "slices"

// QuestionType is how a question is answered.
type QuestionType string

// The types of question.
const (
	Single      QuestionType = "single"
	Multiple    QuestionType = "multiple"
	TrueFalse   QuestionType = "truefalse"
	Short       QuestionType = "short"       // a word or a few, typed
	Numeric     QuestionType = "numeric"     // a number, typed
	Matching    QuestionType = "matching"    // each left side finds its right side
	Ordering    QuestionType = "ordering"    // things are put in order
	Cloze       QuestionType = "cloze"       // a text with gaps, typed or chosen
	Reflection  QuestionType = "reflection"  // for oneself; counts nothing
	Essay       QuestionType = "essay"       // a text that a person grades
	Description QuestionType = "description" // words to read; nothing is asked
)

// Question is one question of a quiz. Its id is the same in both languages.
type Question struct {
	QuizHash  QuizHash     `bun:"quiz_hash,pk"`
	ID        string       `bun:"id,pk"`
	Position  int          `bun:"position"`
	Type      QuestionType `bun:"type"`
	Objective int          `bun:"objective"`
	Body      Body         `bun:"body,type:jsonb"`
	Hash      string       `bun:"hash"`     // of its English words and key; see contentHash
	Corrects  bool         `bun:"corrects"` // it gives points otherwise than in the version before
}

// Body is what a question says, by language, and its key. What is numbered stands in
// the order of the file where that says nothing of the key; right sides, items to order
// and options of a gap stand in an order of their own (see scatter).
type Body struct {
	Right   []bool    `json:"right"`            // of choices: which are right
	Credit  []float64 `json:"credit,omitempty"` // percent that each answer earns, where the file says so
	Match   []int     `json:"match,omitempty"`  // of left sides: the right side; of items: the place, from 0
	Numbers []Range   `json:"numbers,omitempty"`
	Units   []float64 `json:"units,omitempty"` // how many of the unit of 1 each unit is worth
	Gaps    []Gap     `json:"gaps,omitempty"`

	ExactCase    bool     `json:"exactCase,omitempty"` // of typed words: capitals count
	ExactAccents bool     `json:"exactAccents,omitempty"`
	Fixed        bool     `json:"fixed,omitempty"`  // the choices stay in the order of the file
	Points       int      `json:"points,omitempty"` // of an essay: the most that a grader gives
	Words        int      `json:"words,omitempty"`  // of a long text: how many words it should have at most
	Tags         []string `json:"tags,omitempty"`
	Pool         string   `json:"pool,omitempty"` // the pool from which the question is drawn

	Texts map[string]Text `json:"texts"` // "en" always, "es" where it was written
}

// Range is the numbers that one answer accepts, both ends included.
type Range struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Gap is one gap of a cloze: chosen from options, of which one is right, or typed.
type Gap struct {
	Chosen bool `json:"chosen,omitempty"`
	Right  int  `json:"right,omitempty"`
}

// Text is a question in one language. Stem, choices and feedback are safe HTML, made
// once when the quiz was stored; all else is plain words.
type Text struct {
	Stem     string    `json:"stem"`
	Choices  []string  `json:"choices"`            // of a matching its left sides, of an ordering its items
	Feedback []string  `json:"feedback"`           // one for each choice, answer or gap, "" where there is none
	Answers  []string  `json:"answers,omitempty"`  // typed answers, as patterns or numbers
	Credit   []float64 `json:"credit,omitempty"`   // percent that each typed word earns
	Sides    []string  `json:"sides,omitempty"`    // right sides
	Units    []string  `json:"units,omitempty"`    // names of units
	Gaps     []GapText `json:"gapTexts,omitempty"` // what the gaps accept or offer
	General  string    `json:"general"`
}

// GapText is what one gap accepts, as patterns, or offers.
type GapText struct {
	Answers []string `json:"answers,omitempty"`
	Options []string `json:"options,omitempty"`
}

// Text gives the question in a language, in English where it lacks one.
func (q Question) Text(language string) Text {
	if text, ok := q.Body.Texts[language]; ok {
		return text
	}
	return q.Body.Texts["en"]
}

// In is the language of the text that Text gives.
func (q Question) In(language string) string {
	if _, ok := q.Body.Texts[language]; ok {
		return language
	}
	return "en"
}

// Asks says whether the question is one to answer: a description is only read.
func (q Question) Asks() bool { return q.Type != Description }

// Counts says whether the answer earns points. What one writes for oneself earns none.
func (q Question) Counts() bool { return q.Type != Description && q.Type != Reflection }

// Waits says whether a person gives the points.
func (q Question) Waits() bool { return q.Type == Essay }

// Written says whether the answer is a text of its own, about which rule 18 speaks.
func (q Question) Written() bool { return q.Type == Essay || q.Type == Reflection }

// Picked says whether the answer is a pick among choices.
func (q Question) Picked() bool { return q.Type == Single || q.Type == Multiple || q.Type == TrueFalse }

// Lengths in characters that a typed answer may have; a page asks for no more.
const (
	LongestShort  = 200
	LongestNumber = 40
	LongestGap    = 100
	LongestText   = 4000
)

// longestBytes is how large a typed text may be, so that an attempt with as many long
// texts as a quiz asks for stays below 64 KB with all that is kept of them.
const longestBytes = 5000

// Longest is how many characters one typed text of the answer may have.
func (q Question) Longest() int {
	switch q.Type {
	case Short:
		return LongestShort
	case Numeric:
		return LongestNumber
	case Cloze:
		return LongestGap
	case Essay, Reflection:
		return LongestText
	}
	return 0
}

// Fits says whether the answer is one that the question can have, finished or not. What
// does not fit is sent by no page of ours.
func (q Question) Fits(a Answer) bool {
	english := q.Body.Texts["en"]
	switch q.Type {
	case Single, TrueFalse, Multiple:
		return len(a.Texts) == 0 && len(a.Pairs) == 0 && (q.Type == Multiple || len(a.Choices) <= 1) &&
			within(a.Choices, len(q.Body.Right))
	case Matching:
		return len(a.Choices) == 0 && len(a.Texts) == 0 && paired(a.Pairs, len(english.Choices), len(english.Sides))
	case Ordering:
		return len(a.Choices) == 0 && len(a.Texts) == 0 && paired(a.Pairs, len(english.Choices), len(english.Choices))
	case Description:
		return false
	}
	if len(a.Choices) > 0 || len(a.Pairs) > 0 {
		return false
	}
	return q.textsFit(a.Texts)
}

// within says whether numbers are of n things, none twice.
func within(numbers []int, n int) bool {
	seen := make([]bool, n)
	for _, number := range numbers {
		if number < 0 || number >= n || seen[number] {
			return false
		}
		seen[number] = true
	}
	return true
}

// paired says whether pairs join some of n things, none twice, with some of m.
func paired(pairs [][2]int, n, m int) bool {
	var ones []int
	for _, pair := range pairs {
		if pair[1] < 0 || pair[1] >= m {
			return false
		}
		ones = append(ones, pair[0])
	}
	return within(ones, n)
}

// closed is the question without its key, for a page that is still to be answered.
func (q Question) closed() Question {
	texts := map[string]Text{}
	for language, text := range q.Body.Texts {
		open := Text{Stem: text.Stem, Choices: text.Choices, Sides: text.Sides, Units: text.Units}
		for _, gap := range text.Gaps {
			open.Gaps = append(open.Gaps, GapText{Options: gap.Options})
		}
		texts[language] = open
	}
	gaps := slices.Clone(q.Body.Gaps)
	for i := range gaps {
		gaps[i].Right = 0
	}
	q.Hash = ""
	q.Body = Body{Right: make([]bool, len(q.Body.Right)), Gaps: gaps, Units: q.Body.Units, Fixed: q.Body.Fixed,
		Points: q.Body.Points, Words: q.Body.Words, Texts: texts}
	return q
}
