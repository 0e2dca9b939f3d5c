package assessment

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Level is how well a practical skill was shown, as an instructor saw it.
type Level string

// The levels of a practical (domain, requirement 26).
const (
	NotYet       Level = "not_yet"
	Practised    Level = "practised"
	Demonstrated Level = "demonstrated"
)

// Levels are those that may be recorded, lowest first.
var Levels = []Level{NotYet, Practised, Demonstrated}

// Enough says whether the level meets a practical of the checklist: at least practised.
func (l Level) Enough() bool { return l == Practised || l == Demonstrated }

// Validate refuses a level that is not one of Levels.
func (l Level) Validate() error {
	if slices.Contains(Levels, l) {
		return nil
	}
	return fault.Invalid("level", "assessment.practical.choose")
}

// PracticalRecord is one observation of one skill. It is never overwritten; the newest
// speaks.
type PracticalRecord struct {
	ID          string              `bun:"id,pk"`
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	PracticalID string              `bun:"practical_id"`
	Seq         int                 `bun:"seq"`
	Level       Level               `bun:"level"`
	Line        string              `bun:"line"`
	Round       int                 `bun:"round"` // of observations whose release it is; 0 for one tap
	ByPerson    people.PersonID     `bun:"by_person,nullzero"`
	At          time.Time           `bun:"at"`

	ByName string `bun:"by_name,scanonly"`
}

// Skill is one practical of one trainee with all that was observed, oldest first.
type Skill struct {
	courses.Practical
	Records []PracticalRecord
	Set     Level // that a person set beside what was observed, and that counts instead; "" for none
}

// Newest is the observation that speaks; false where there is none yet.
func (s Skill) Newest() (PracticalRecord, bool) {
	if len(s.Records) == 0 {
		return PracticalRecord{}, false
	}
	return s.Records[len(s.Records)-1], true
}

// Counts is the level that counts: what a person set, else the newest observation; ""
// where there is neither.
func (s Skill) Counts() Level {
	if newest, seen := s.Newest(); s.Set == "" && seen {
		return newest.Level
	}
	return s.Set
}

// Enough says whether the skill was shown at least as practised.
func (s Skill) Enough() bool { return s.Counts().Enough() }

// Practice is one trainee's practical skills, in the order of the edition.
type Practice struct {
	EnrolmentID cohorts.EnrolmentID
	CohortID    cohorts.CohortID
	PersonID    people.PersonID
	Name        string // first name and initial
	TimeZone    string
	Active      bool // records may still be added
	Skills      []Skill
}

// Shown counts the skills that were shown at least as practised.
func (p Practice) Shown() int { return len(p.Skills) - len(p.Missing()) }

// Set are the ids of the skills whose level a person set in the gradebook.
func (p Practice) Set() (ids []string) {
	for _, s := range p.Skills {
		if s.Set != "" {
			ids = append(ids, s.ID)
		}
	}
	return ids
}

// Missing are the skills that were not yet shown at least as practised.
func (p Practice) Missing() []Skill {
	var missing []Skill
	for _, s := range p.Skills {
		if !s.Enough() {
			missing = append(missing, s)
		}
	}
	return missing
}

// Skill gives one skill by the practical's id.
func (p Practice) Skill(id string) (Skill, bool) {
	for _, s := range p.Skills {
		if s.ID == id {
			return s, true
		}
	}
	return Skill{}, false
}
