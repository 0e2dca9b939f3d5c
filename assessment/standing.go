package assessment

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

// standing is what decides about a trainee's next try at a module's quiz.
type standing struct {
	State    cohorts.EnrolmentState `bun:"state"`
	Each     int                    `bun:"each"`     // tries before a gate, by the edition
	Tries    int                    `bun:"tries"`    // begun so far, without those given besides
	Last     *time.Time             `bun:"last"`     // when the newest of them ended; nil while it runs
	ReadAt   *time.Time             `bun:"read_at"`  // when the module was last read to its end
	Reopened int                    `bun:"reopened"` // after how many tries more were opened
	Spare    int                    `bun:"spare"`    // tries given besides and not used yet

	Unreleased int `bun:"unreleased"` // tries whose grade waits for a person
}

// Gate is what stands before the next attempt.
func (s standing) Gate() Gate {
	if s.State != cohorts.Active {
		return Ended
	}
	if s.Unreleased > 0 {
		return Waits
	}
	if s.Spare > 0 {
		return Ready
	}
	return s.regular()
}

// regular is the gate but for tries that were given besides: those are used last.
func (s standing) regular() Gate {
	return gateAfter(s.Each, s.Tries, s.Reopened, s.Last, s.ReadAt)
}

// Left is how many tries there are before the module is to be read again, or before
// the next talk.
func (s standing) Left() int {
	if s.Gate() != Ready {
		return 0
	}
	left := max(0, s.Spare)
	if s.regular() == Ready {
		left += s.Each - s.Tries%s.Each
	}
	return left
}
