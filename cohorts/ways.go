package cohorts

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
)

// Way is one's own place in a course: what names it, and where it stands in minutes.
type Way struct {
	Totals
	EditionID  courses.EditionID `bun:"edition_id"`
	CourseCode string            `bun:"course_code"`
	Number     int               `bun:"number"`
	TitleEN    string            `bun:"title_en"`
	TitleES    string            `bun:"title_es"`
	Weeks      int               `bun:"weeks"`
	StartsOn   string            `bun:"starts_on"`
	EndsOn     string            `bun:"ends_on"`
	TimeZone   string            `bun:"time_zone"`
	Award      string            `bun:"award"` // the funding award that pays for the place
}

// Title is the course's title in the language asked for ("en" or "es").
func (w Way) Title(language string) string { return titled(language, w.TitleEN, w.TitleES) }

// Zone is the time zone in which the course's days are told.
func (w Way) Zone() *time.Location { return zone(w.TimeZone) }

// Week tells in which week of the course a moment falls, from 1; 0 before the first
// day, and never more than Weeks.
func (w Way) Week(now time.Time) int {
	first, err := time.ParseInLocation(time.DateOnly, w.StartsOn, w.Zone())
	if err != nil || now.Before(first) {
		return 0
	}
	return min(w.Weeks, weeksBetween(first.Add(12*time.Hour), now.In(w.Zone()))+1)
}

// Class is a session of one's own calendar, with the first names of who teaches it.
type Class struct {
	Session
	With    []string // lead first
	Teaches bool     // the viewer is one of them
	// MovedFrom is the edition that the viewer knows of the cohort, where it has moved to
	// another since and they have not looked at what changed.
	MovedFrom courses.EditionID
}

// Turnout is who came to one session of a cohort, as the newest marks say.
type Turnout struct {
	SessionID SessionID `bun:"session_id"`
	Present   int       `bun:"present"` // in time, to the end
	Late      int       `bun:"late"`    // present, but late or gone early
	Excused   int       `bun:"excused"`
	Absent    int       `bun:"absent"`
	Owed      int       `bun:"owed"` // present, lacking minutes of it, and nothing made up yet
}

// Marked is how many have a mark.
func (t Turnout) Marked() int { return t.Present + t.Late + t.Excused + t.Absent }

// Came is how many were there.
func (t Turnout) Came() int { return t.Present + t.Late }
