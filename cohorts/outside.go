package cohorts

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// OutsideCategory is what somebody was trained in elsewhere.
type OutsideCategory string

// OutsideCategories are those that may be chosen, in the order they are offered.
var OutsideCategories = []OutsideCategory{"crisis_response", "first_aid", "mental_health", "supervision", "other"}

// OutsideReason is why a line of outside hours was taken back.
type OutsideReason string

// OutsideReasons are those that may be chosen, in the order they are offered.
var OutsideReasons = []OutsideReason{"mistyped", "twice", "other_person", "no_proof"}

const (
	// LongestProvider is how many letters the name of who gave a training has at most.
	LongestProvider = 80
	// MostOutside is how many minutes one line of outside hours has at most.
	MostOutside = 100 * 60
)

// OutsideLine is training that a person did elsewhere, in minutes, or, reversing another
// line, what of it was taken back. Lines are append-only, and no course counts them.
type OutsideLine struct {
	ID       string          `bun:"id,pk"`
	PersonID people.PersonID `bun:"person_id"`
	Sector   people.Sector   `bun:"sector"`
	Category OutsideCategory `bun:"category"`
	Minutes  int             `bun:"minutes"`
	DoneOn   string          `bun:"done_on"`
	Provider string          `bun:"provider"` // name of the body that gave it
	SeenOn   string          `bun:"seen_on"`  // when ByPerson saw the proof
	ByPerson people.PersonID `bun:"by_person"`
	At       time.Time       `bun:"at"`
	Line     string          `bun:"line"`
	Reverses *string         `bun:"reverses"`
	Reason   OutsideReason   `bun:"reason"`

	ByName    string `bun:"by_name,scanonly"`
	TakenBack bool   `bun:"taken_back,scanonly"`
}

// NewOutside is a line of outside hours as it is entered. Line is the form's own id, so
// that a form sent twice adds one.
type NewOutside struct {
	Person   people.PersonID
	Category OutsideCategory
	Minutes  int
	DoneOn   string
	Provider string
	SeenOn   string
	Line     string
}

// Validate checks what can be known without the record: days that have come, the proof not
// seen before the training was done, and a body's name instead of a story.
func (n NewOutside) Validate(today string) error {
	var e fault.InvalidError
	if !slices.Contains(OutsideCategories, n.Category) {
		e.Add("category", "cohorts.outside.category_needed")
	}
	if n.Minutes < 1 || n.Minutes > MostOutside {
		e.Add("minutes", "cohorts.outside.minutes_odd", "Max", MostOutside)
	}
	if !dayBy(n.DoneOn, today) {
		e.Add("done_on", "cohorts.outside.done_odd")
	}
	if !dayBy(n.SeenOn, today) || n.SeenOn < n.DoneOn {
		e.Add("seen_on", "cohorts.outside.seen_odd")
	}
	if length := utf8.RuneCountInString(n.Provider); length == 0 || length > LongestProvider || strings.ContainsAny(n.Provider, "\n\r") {
		e.Add("provider", "cohorts.outside.provider_odd", "Max", LongestProvider)
	}
	return e.OrNil()
}

// dayBy says whether a text is a day (YYYY-MM-DD) that has come.
func dayBy(text, today string) bool {
	_, err := time.Parse(time.DateOnly, text)
	return err == nil && text <= today
}
