package courses

import "github.com/metropolitan-peace-academy/academy/content"

// Review says how much of an attempt's answers, notes and key a trainee is shown, and when.
type Review string

// The review rules. Under each of them a trainee sees their own answers at once.
const (
	AfterPass  Review = "after_pass"  // notes to what was picked at once, the key once it is passed or no try is left for now
	AfterEach  Review = "after_each"  // notes and key after every try
	AfterClose Review = "after_close" // notes and key once the course is over for the trainee
)

// QuizRules are an edition's rules for its knowledge checks. They are pinned in an
// attempt when it starts.
type QuizRules struct {
	Minutes int    `yaml:"minutes"`       // to hand in; 0 is no limit
	Grace   int    `yaml:"grace_minutes"` // after the end, for answers made before it that were still on their way
	Tries   int    `yaml:"tries"`         // before the module is read again, and as many before each talk
	Pause   bool   `yaml:"pause"`         // the trainee may stop the clock, without a reason
	Review  Review `yaml:"review"`
}

// DefaultQuizRules hold where an edition says nothing else: no clock, two tries.
var DefaultQuizRules = QuizRules{Grace: 10, Tries: 2, Pause: true, Review: AfterPass}

// The most that the rules take: a working day to hand in, and tries that still mean something.
const (
	longestQuiz      = 8 * 60
	longestQuizGrace = 120
	mostQuizTries    = 10
)

func (r QuizRules) check(y content.YAML, told *content.Problems) {
	for _, number := range []struct {
		key                string
		value, least, most int
	}{{"minutes", r.Minutes, 0, longestQuiz}, {"grace_minutes", r.Grace, 0, longestQuizGrace}, {"tries", r.Tries, 1, mostQuizTries}} {
		if number.value < number.least || number.value > number.most {
			told.Add(y.Line("rules", "quiz", number.key), "courses.problem.quiz_number",
				"Key", number.key, "Least", number.least, "Most", number.most, "Value", number.value)
		}
	}
	if r.Review != AfterPass && r.Review != AfterEach && r.Review != AfterClose {
		told.Add(y.Line("rules", "quiz", "review"), "courses.problem.quiz_review", "Value", string(r.Review))
	}
}
