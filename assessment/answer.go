package assessment

import (
	"slices"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Answer is what a trainee answered: choices picked, texts typed, or pairs joined. None
// of them is an answer taken back.
type Answer struct {
	Choices []int    `json:"choices"`         // numbers from 0, in rising order
	Texts   []string `json:"texts,omitempty"` // the words; a number and its unit; one for each gap, of a chosen one the option's number
	Pairs   [][2]int `json:"pairs,omitempty"` // a left side and its right side, an item and its place from 0, by the first
}

// tidy gives the answer in the one form in which two equal answers are the same bytes.
func (a Answer) tidy() Answer {
	choices := append([]int{}, a.Choices...)
	slices.Sort(choices)
	tidy := Answer{Choices: choices, Pairs: slices.Clone(a.Pairs)}
	slices.SortFunc(tidy.Pairs, func(a, b [2]int) int { return slices.Compare(a[:], b[:]) })
	for _, text := range a.Texts {
		tidy.Texts = append(tidy.Texts, tidyText(text))
	}
	if !slices.ContainsFunc(tidy.Texts, func(text string) bool { return text != "" }) {
		tidy.Texts = nil
	}
	return tidy
}

// tidyText is a typed text as it is kept: one kind of line end, no space around it.
func tidyText(text string) string {
	return strings.TrimSpace(strings.ReplaceAll(norm.NFC.String(text), "\r\n", "\n"))
}

// Given says whether anything was answered.
func (a Answer) Given() bool {
	return len(a.Choices) > 0 || len(a.Pairs) > 0 || slices.ContainsFunc(a.Texts, func(text string) bool { return strings.TrimSpace(text) != "" })
}

// Same says whether two answers are the same.
func (a Answer) Same(b Answer) bool {
	return slices.Equal(a.Choices, b.Choices) && slices.Equal(a.Texts, b.Texts) && slices.Equal(a.Pairs, b.Pairs)
}

// Has says whether a choice was picked.
func (a Answer) Has(choice int) bool { return slices.Contains(a.Choices, choice) }

// Text is the nth typed text, "" where there is none.
func (a Answer) Text(n int) string {
	if n >= len(a.Texts) {
		return ""
	}
	return a.Texts[n]
}

// With is what one was joined with, -1 where nothing was.
func (a Answer) With(one int) int {
	for _, pair := range a.Pairs {
		if pair[0] == one {
			return pair[1]
		}
	}
	return -1
}

// Save is an answer as a device sends it: the version it last saw (0 for none) and the
// open page's own random name.
type Save struct {
	Attempt  AttemptID
	Question string
	Version  int
	Device   string
	Value    Answer
	Made     time.Time // on the device, counted from the Academy's clock; zero where nobody says

	by *people.PersonID // who enters what was said; nil where the trainee answers
}

// longestDevice is how many characters a device's name may have.
const longestDevice = 64

// Validate refuses what no page of ours sends.
func (s Save) Validate() error {
	if s.Device == "" || len(s.Device) > longestDevice || s.Version < 0 {
		return fault.Invalid("device", "assessment.answer.odd")
	}
	return nil
}

// Saved is the answer that counts now, and the version that the next save must name.
type Saved struct {
	AttemptID  AttemptID `bun:"attempt_id,pk"`
	QuestionID string    `bun:"question_id,pk"`
	Version    int       `bun:"version"`
	Device     string    `bun:"device"`
	Value      Answer    `bun:"value,type:jsonb"`
	SavedAt    time.Time `bun:"saved_at"`
	Late       bool      `bun:"late"` // received after the deadline, made before

	ErasedAt *time.Time `bun:"erased_at"` // when the words were taken out again
	Until    *time.Time `bun:"-"`         // the attempt's deadline when this was saved
}

// Stale is the error of a save that came too late: another device or tab saved first,
// the attempt was handed in (Finished), or its clock stands still or has run out (Shut).
// Current is what counts; Refused is what was sent, kept as a line and shown, never lost.
type Stale struct {
	Current  Saved
	Refused  Answer
	Finished bool
	Shut     bool
}

// Error is for logs; a page says it in the reader's words.
func (Stale) Error() string { return "the answer was saved elsewhere first" }

// Line is one answer that reached the server, kept or refused.
type Line struct {
	ID         string    `bun:"id,pk"`
	AttemptID  AttemptID `bun:"attempt_id"`
	QuestionID string    `bun:"question_id"`
	Version    int       `bun:"version"`
	Device     string    `bun:"device"`
	Value      Answer    `bun:"value,type:jsonb"`
	Refused    bool      `bun:"refused"`
	ReceivedAt time.Time `bun:"received_at"`
	MadeAt     time.Time `bun:"made_at,nullzero"`

	EnteredBy *people.PersonID `bun:"entered_by"` // instead of the trainee, who said it
	Late      bool             `bun:"late"`       // kept, though received after the deadline

	ErasedAt *time.Time `bun:"erased_at"` // when the words were taken out again
}

// Unanswered is the error of a hand-in that would leave questions open, by their
// position from 1: the trainee is asked first.
type Unanswered struct{ Positions []int }

// Error is for logs.
func (Unanswered) Error() string { return "questions without an answer" }
