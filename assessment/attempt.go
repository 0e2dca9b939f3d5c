package assessment

import (
	"crypto/rand"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// AttemptID is the key of an attempt.
type AttemptID string

// Attempt is one try of a trainee at a module's quiz. The quiz is pinned when it
// starts; the seed mixes the choices.
type Attempt struct {
	ID          AttemptID           `bun:"id,pk"`
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	PersonID    people.PersonID     `bun:"person_id"`
	Sector      people.Sector       `bun:"sector"`
	QuizHash    QuizHash            `bun:"quiz_hash"`
	ModuleID    string              `bun:"module_id"`
	Number      int                 `bun:"number"`
	Seed        int64               `bun:"seed"`
	Drawn       []string            `bun:"drawn,type:jsonb"` // out of the quiz's pools
	StartedAt   time.Time           `bun:"started_at"`
	FinishedAt  *time.Time          `bun:"finished_at"`
	Correct     int                 `bun:"correct"`     // questions answered wholly right
	Total       int                 `bun:"total"`       // questions
	Earned      int                 `bun:"earned"`      // of Points for each question
	Percent     int                 `bun:"percent"`     // rounded down
	Receipt     string              `bun:"receipt"`     // random, given when it was handed in
	Waits       int                 `bun:"waits"`       // texts that have no points yet
	ReleasedAt  *time.Time          `bun:"released_at"` // since when the grade counts
	Revision    int                 `bun:"revision"`

	Minutes  int            `bun:"minutes"` // the edition's limit at the start; 0 for none
	Grace    int            `bun:"grace"`   // minutes
	Pausable bool           `bun:"pausable"`
	Review   courses.Review `bun:"review"`
	Deadline *time.Time     `bun:"deadline"`
	ClosesAt *time.Time     `bun:"closes_at"` // without a hand-in
	PausedAt *time.Time     `bun:"paused_at"`
	TimedOut bool           `bun:"timed_out"` // closed by the clock
	Allowed  int            `bun:"allowed"`   // minutes more than the edition's that the deadline holds
	Extra    bool           `bun:"extra"`     // a try that was given besides the edition's

	AskedBy *people.PersonID `bun:"asked_by"` // who asked aloud and entered what was said; nil where nobody did
}

// Open says whether the attempt still takes answers.
func (a Attempt) Open() bool { return a.FinishedAt == nil }

// Spoken says whether the attempt is, or was, answered aloud.
func (a Attempt) Spoken() bool { return a.AskedBy != nil }

// Waiting says whether the attempt was handed in and its grade waits for a person.
func (a Attempt) Waiting() bool { return !a.Open() && a.ReleasedAt == nil }

// Passed says whether the attempt reached a percent.
func (a Attempt) Passed(pass int) bool { return !a.Open() && !a.Waiting() && a.Percent >= pass }

// words: assessment.gate.*

// Gate is what stands before the next attempt at a quiz.
type Gate string

// The gates.
const (
	Ready     Gate = "ready"
	ReadAgain Gate = "read_again" // the module again, then as many tries more
	Talk      Gate = "talk"       // a talk with staff, then as many tries more
	Waits     Gate = "waits"      // a text of the last try waits for its points
	Ended     Gate = "ended"      // the course is over
)

// gateAfter tells what stands before the next attempt after so many tries, of which the
// edition gives each at a time (rule 6): the last of them finished at last, the module
// was marked as read at read, and more tries were last opened after reopened of them.
func gateAfter(each, tries, reopened int, last, read *time.Time) Gate {
	switch {
	case tries%each != 0 || tries <= reopened:
		return Ready
	case tries > each:
		return Talk
	case read == nil || last == nil || !read.After(*last):
		return ReadAgain
	}
	return Ready
}

// asks are the questions of a quiz that the attempt asks, in order and numbered: all
// that stand in no pool, and those that were drawn.
func (a Attempt) asks(all []Question) []Question {
	asked, position := []Question{}, 0
	for _, q := range all {
		if !a.drew(q) {
			continue
		}
		if q.Position = 0; q.Asks() {
			position++
			q.Position = position
		}
		asked = append(asked, q)
	}
	return asked
}

// drew says whether a question of the quiz is one of the attempt's.
func (a Attempt) drew(q Question) bool { return q.Body.Pool == "" || slices.Contains(a.Drawn, q.ID) }

// sum is an attempt summed up.
type sum struct {
	total   int // questions that count
	waits   int // of them those without points
	correct int // wholly right
	earned  int
	percent int // of the points that can be earned, rounded down
}

// sumOf sums up the lines that speak, by question.
func sumOf(questions []Question, lines map[string]GradeLine) (s sum) {
	for _, q := range questions {
		if !q.Counts() {
			continue
		}
		s.total++
		line, given := lines[q.ID]
		if !given {
			s.waits++
		}
		s.earned += line.Points
		if line.Points == Points {
			s.correct++
		}
	}
	if s.total > 0 {
		s.percent = s.earned * 100 / (s.total * Points)
	}
	return s
}

// newReceipt is what a trainee can show: random, ten characters without look-alikes.
func newReceipt() string {
	text := rand.Text()
	return text[:5] + "-" + text[5:10]
}
