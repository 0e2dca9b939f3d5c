package assessment

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// RubricHash is the key of a rubric: the SHA-256 of its file, in hexadecimal.
type RubricHash string

// Rubric says what to look for when a practical skill is observed: an invented role play,
// and criteria with a description of each level. A version never changes.
type Rubric struct {
	Hash        RubricHash    `bun:"hash,pk"`
	PracticalID string        `bun:"practical_id"`
	Sector      people.Sector `bun:"sector"`
	Version     int           `bun:"version"`
	Minutes     int           `bun:"minutes"` // of the role play
	Setup       courses.Both  `bun:"setup,type:jsonb"`
	Criteria    []Criterion   `bun:"criteria,type:jsonb"`
	Path        string        `bun:"path"`
	Source      string        `bun:"source"`
	StoredAt    time.Time     `bun:"stored_at"`

	Courses []string `bun:"-"` // the codes of the courses that observe the skill by it
}

// Criterion is one thing that an observer looks for.
type Criterion struct {
	ID           string `yaml:"id" json:"id"`
	courses.Both `yaml:",inline"`
	Levels       map[Level]courses.Both `yaml:"levels" json:"levels"`
}

// Describes is what a level of the criterion looks like, in a language.
func (c Criterion) Describes(level Level, lang content.Lang) string { return c.Levels[level].In(lang) }

// Criterion gives one by its id; false where the rubric has none such.
func (r Rubric) Criterion(id string) (Criterion, bool) {
	for _, c := range r.Criteria {
		if c.ID == id {
			return c, true
		}
	}
	return Criterion{}, false
}

// InFolder is where the rubric's file stands in a folder of the curriculum.
func (r Rubric) InFolder() string { return "rubrics/" + r.Path }
