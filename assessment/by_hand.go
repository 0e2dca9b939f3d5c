package assessment

import "time"

// ByHand is what somebody has set for a check beside what was computed, as the trainee is
// told of it: the newest line of the gradebook.
type ByHand struct {
	Kind    LineKind   `bun:"kind"`    // "" where nothing is set
	Percent int        `bun:"percent"` // of Set
	Code    string     `bun:"code"`    // one of SetReasons
	Words   string     `bun:"words"`   // beside the code, as long as they are kept
	At      *time.Time `bun:"at"`
}

// Set says whether a value, or an excuse, counts instead of the tries.
func (b ByHand) Set() bool { return b.Kind == Set || b.Kind == Excuse }
