package assessment

import (
	"math/rand/v2"
	"slices"
	"strings"
)

// QuestionType is how a question is answered.
type QuestionType string

// The types of question.
const (
	Single    QuestionType = "single"
	Multiple  QuestionType = "multiple"
	TrueFalse QuestionType = "truefalse"
)

// Question is one question of a quiz. Its id is the same in both languages.
type Question struct {
	QuizHash  QuizHash     `bun:"quiz_hash,pk"`
	ID        string       `bun:"id,pk"`
	Position  int          `bun:"position"`
	Type      QuestionType `bun:"type"`
	Objective int          `bun:"objective"`
	Body      Body         `bun:"body,type:jsonb"`
}

// Body is what a question says, by language, and which choices are right.
type Body struct {
	Right []bool          `json:"right"`
	Texts map[string]Text `json:"texts"` // "en" always, "es" where it was written
}

// Text is a question in one language: safe HTML, made once when the quiz was stored.
type Text struct {
	Stem     string   `json:"stem"`
	Choices  []string `json:"choices"`
	Feedback []string `json:"feedback"` // one for each choice, "" where there is none
	General  string   `json:"general"`
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

// Fits says whether the answer is one that the question can have: choices that exist,
// none twice, and no more than one where one is asked for.
func (q Question) Fits(a Answer) bool {
	if q.Type != Multiple && len(a.Choices) > 1 {
		return false
	}
	seen := map[int]bool{}
	for _, c := range a.Choices {
		if c < 0 || c >= len(q.Body.Right) || seen[c] {
			return false
		}
		seen[c] = true
	}
	return true
}

// closed is the question without its key, for a page that is still to be answered.
func (q Question) closed() Question {
	texts := map[string]Text{}
	for language, text := range q.Body.Texts {
		texts[language] = Text{Stem: text.Stem, Choices: text.Choices}
	}
	q.Body = Body{Right: make([]bool, len(q.Body.Right)), Texts: texts}
	return q
}

// Points is what a question counts: every question counts the same, so that partial
// credit stays a whole number.
const Points = 100

// Score gives the points of an answer, rounded down. One right choice earns all of
// them. Where several are right, each right choice earns its share and each wrong one
// takes its share of the wrong ones away, never below none: ticking everything earns
// nothing.
func (q Question) Score(a Answer) int {
	var all, picked struct{ right, wrong int }
	for i, right := range q.Body.Right {
		if right {
			all.right++
		} else {
			all.wrong++
		}
		switch {
		case a.Has(i) && right:
			picked.right++
		case a.Has(i):
			picked.wrong++
		}
	}
	switch {
	case all.right == 0:
		return 0
	case all.wrong == 0:
		return picked.right * Points / all.right
	}
	return max(0, (picked.right*all.wrong-picked.wrong*all.right)*Points/(all.right*all.wrong))
}

// Order gives the choices' numbers in the order they are shown in one attempt: mixed by
// the attempt's seed, with "all of the above" and its like kept last, and true and
// false as they were written.
func (q Question) Order(seed int64) []int {
	order := make([]int, len(q.Body.Right))
	for i := range order {
		order[i] = i
	}
	if q.Type == TrueFalse {
		return order
	}
	var salt uint64
	for _, r := range q.ID {
		salt = salt*131 + uint64(r)
	}
	mix := rand.New(rand.NewPCG(uint64(seed), salt))
	mix.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
	texts := q.Body.Texts["en"].Choices
	slices.SortStableFunc(order, func(a, b int) int { return last(texts, a) - last(texts, b) })
	return order
}

// last is 1 for a choice that speaks of the others and so stays last.
func last(choices []string, i int) int {
	if i >= len(choices) {
		return 0
	}
	text := strings.ToLower(choices[i])
	for _, words := range []string{"of the above", "all of these", "none of these", "both of these"} {
		if strings.Contains(text, words) {
			return 1
		}
	}
	return 0
}
