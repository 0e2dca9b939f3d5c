package courses

import (
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Reading is a person's place in a module: one for both languages. Nobody sees
// another's.
type Reading struct {
	bun.BaseModel `bun:"table:readings,alias:r"`

	ID       string `bun:",pk"`
	PersonID people.PersonID
	ModuleID content.ModuleID
	Hash     content.Hash // the version read
	Lang     content.Lang
	OpenedAt time.Time
	Furthest int       // sections reached; 0 is the top
	DoneAt   time.Time `bun:",nullzero"`
}

// Done says whether the reader has marked the module done.
func (r Reading) Done() bool { return !r.DoneAt.IsZero() }

// Opened says whether the reader has begun.
func (r Reading) Opened() bool { return !r.OpenedAt.IsZero() }

// mostSections is more than any module has; a place beyond it is no place.
const mostSections = 99

func checkPlace(furthest int) error {
	if furthest < 0 || furthest > mostSections {
		return fault.Invalid("section", "courses.reading.no_place")
	}
	return nil
}

// Step is a module on a viewer's way through their course, with their place in it.
type Step struct {
	Module  content.Module // without its text
	Reading Reading
	guide   bool
}

// Place is a module as its page shows it: the text, where the reader is in it, and
// what comes before and after on their way.
type Place struct {
	Module  content.Module
	Reading Reading
	Before  *Step
	After   *Step
	// OnCourse says that the viewer learns the module, so that its check is open to them.
	OnCourse bool
	// HasGuide says that the viewer teaches or writes courses, and that this module's guide is open to them.
	HasGuide bool
}

// Way is what a viewer may see of the modules of an edition, by id.
type Way map[content.ModuleID]Step
