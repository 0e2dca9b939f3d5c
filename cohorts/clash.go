package cohorts

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// ClashKind is what of a session is taken at its time: the room, or somebody who teaches or
// learns in it.
type ClashKind string

// The kinds of a clash. A room is never booked twice; the others may be accepted by who
// knows of them.
const (
	RoomClash       ClashKind = "room"
	InstructorClash ClashKind = "instructor"
	TraineeClash    ClashKind = "trainee"
)

// Clash is a session of a plan, or of a person, that something else stands in the way of.
// What stands there is named only where it is of the viewer's own sector.
type Clash struct {
	Kind       ClashKind
	Starts     time.Time
	CourseCode string // "" where it is not the viewer's to know: "not available"
	Number     int
	Person     string // of an instructor or a trainee
}

func roomTaken(list []Clash) bool {
	return slices.ContainsFunc(list, func(c Clash) bool { return c.Kind == RoomClash })
}

// booking is a time at which a room or a person is taken.
type booking struct {
	Kind       ClashKind `bun:"kind"`
	StartsAt   time.Time `bun:"starts_at"`
	EndsAt     time.Time `bun:"ends_at"`
	CourseCode string    `bun:"course_code"`
	Number     int       `bun:"number"`
	RoomID     string    `bun:"room_id"`
	Person     string    `bun:"person"`

	PersonID people.PersonID `bun:"person_id"`
}

// wanted is a time, the room that is wanted for it ("" for none), and who of the cohort's
// instructors teaches then (none for all).
type wanted struct {
	span
	room  string
	teach []people.PersonID
}

// frees says whether a booking is of an instructor who does not teach then.
func (w wanted) frees(b booking) bool {
	return b.Kind == InstructorClash && len(w.teach) > 0 && !slices.Contains(w.teach, b.PersonID)
}

// meet tells which bookings meet which of the times that are wanted: of each room, person
// and time one.
func meet(times []wanted, booked []booking) (clashes []Clash) {
	for _, want := range times {
		for _, b := range booked {
			if !want.meets(span{b.StartsAt, b.EndsAt}) || b.Kind == RoomClash && b.RoomID != want.room || want.frees(b) {
				continue
			}
			clash := Clash{Kind: b.Kind, Starts: want.starts, CourseCode: b.CourseCode, Number: b.Number, Person: b.Person}
			if !slices.Contains(clashes, clash) {
				clashes = append(clashes, clash)
			}
		}
	}
	return clashes
}

// around is from the first of the times to the last.
func around(times []wanted) (all span) {
	for i, want := range times {
		if i == 0 || want.starts.Before(all.starts) {
			all.starts = want.starts
		}
		if want.ends.After(all.ends) {
			all.ends = want.ends
		}
	}
	return all
}
