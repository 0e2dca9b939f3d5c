package assessment

import "github.com/metropolitan-peace-academy/academy/courses"

// Reveal is how much of a finished attempt its trainee sees.
type Reveal int

// What is revealed, each with what stands before it. The score is always told.
const (
	OwnAnswers Reveal = iota // what they answered
	Notes                    // what was right of it, and the notes to what was picked
	Key                      // every right answer and every note
)

// reveals says what a finished attempt shows by the edition's rule. While another attempt
// at the same quiz is open it is the trainee's own answers alone, whatever the rule.
func reveals(rule courses.Review, running, over, passed bool, gate Gate) Reveal {
	switch {
	case running:
		return OwnAnswers
	case rule == courses.AfterClose && !over:
		return OwnAnswers
	case rule != courses.AfterPass:
		return Key
	case passed || gate != Ready && gate != Waits:
		return Key
	}
	return Notes
}
