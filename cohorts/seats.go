package cohorts

import (
	"regexp"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// SeatRules say how many people may learn in a cohort at once, which funding award new
// places are tagged with, and until when partners may ask for seats.
type SeatRules struct {
	Seats     int    // 0 for as many as come
	Award     string // "" for none
	AsksUntil string // calendar day, YYYY-MM-DD; "" where they may not
}

const mostSeats = 500

// awardNumber is what funders number their awards with: no sentence fits in.
var awardNumber = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9./-]{0,39}$`)

// Validate refuses seats below 0 or above 500, an award that is no number, and a day that
// is none.
func (r SeatRules) Validate() error {
	var e fault.InvalidError
	if r.Seats < 0 || r.Seats > mostSeats {
		e.Add("seats", "cohorts.seats.range", "Max", mostSeats)
	}
	if err := validAward(r.Award); err != nil {
		e.Problems = append(e.Problems, problems(err)...)
	}
	if _, err := time.Parse(time.DateOnly, r.AsksUntil); err != nil && r.AsksUntil != "" {
		e.Add("asks_until", "cohorts.seats.day")
	}
	return e.OrNil()
}

func validAward(award string) error {
	if award == "" || awardNumber.MatchString(award) {
		return nil
	}
	return fault.Invalid("award", "cohorts.seats.award_number")
}

// Seats is how a cohort is filled: who has a seat, who came at least once, who finished,
// and why others left.
type Seats struct {
	Taken    int // active or completed
	Started  int // marked present in at least one session, whoever left after among them
	Finished int
	Left     []LeftFor
}

// Free is how many seats of a limit are free; of no limit, none is counted.
func (s Seats) Free(limit int) int { return max(limit-s.Taken, 0) }

// LeftFor counts the places that ended for one reason.
type LeftFor struct {
	Code  WithdrawalCode
	Count int
}

// WaitID is the key of a wait.
type WaitID string

// Wait is one person's wait for a seat in a cohort. The oldest gets the next free seat;
// a row ends with a seat or by hand, and is kept.
type Wait struct {
	ID       WaitID          `bun:"id,pk"`
	CohortID CohortID        `bun:"cohort_id"`
	PersonID people.PersonID `bun:"person_id"`
	Sector   people.Sector   `bun:"sector"`
	PutBy    people.PersonID `bun:"put_by,nullzero"`
	PutAt    time.Time       `bun:"put_at"`
	EndedBy  people.PersonID `bun:"ended_by,nullzero"`
	EndedAt  *time.Time      `bun:"ended_at"`
	Seated   bool            `bun:"seated"`

	Name string `bun:"name,scanonly"`
}
