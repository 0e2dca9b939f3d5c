package cohorts

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Plan is a cohort as it is asked for: the edition it is pinned to, its first day and
// its weekly rhythm.
type Plan struct {
	EditionID courses.EditionID
	FirstDay  string   // YYYY-MM-DD
	Days      []string // of Weekdays
	Start     string   // 09:00, wall-clock time of the zone
	Mode      Mode
	RoomID    string // of a cohort that meets in a room; may be left open
	Link      string // of a cohort that meets online; may be left open
	Number    int    // 0 for the next one
	TimeZone  string // "" for the Academy's
}

// validate checks what can be known without the edition, and reads the rhythm.
func (p Plan) validate() (first time.Time, rhythm []Meeting, err error) {
	var e fault.InvalidError
	if p.EditionID == "" {
		e.Add("edition", "cohorts.plan.edition")
	}
	first, err = time.Parse(time.DateOnly, p.FirstDay)
	if err != nil || first.Year() < 2000 || first.Year() > 2200 {
		e.Add("first_day", "cohorts.plan.first_day")
	}
	rhythm, err = ParseRhythm(p.Days, p.Start)
	e.Problems = append(e.Problems, problems(err)...)
	if p.Mode != InRoom && p.Mode != Online {
		e.Add("mode", "cohorts.plan.mode")
	}
	if len(p.Link) > 500 || (p.Link != "" && !webLink(p.Link)) {
		e.Add("link", "cohorts.plan.link")
	}
	if p.Number < 0 || p.Number > 100_000 {
		e.Add("number", "cohorts.plan.number")
	}
	return first, rhythm, e.OrNil()
}

// Preview is a plan laid on the calendar, before anything is made.
type Preview struct {
	Plan
	Course  Course
	Laid    []Laid
	Skipped []string // days (YYYY-MM-DD) on which the Academy is closed
	Clashes []Clash
}

// Clash is a session of a plan, or of an instructor, that something else stands in the
// way of. What stands there is named only where it is of the viewer's own sector.
type Clash struct {
	Starts     time.Time
	CourseCode string // "" where it is not the viewer's to know: "not available"
	Number     int
}

// Course is an edition that a cohort can be made of.
type Course struct {
	EditionID courses.EditionID `bun:"edition_id"`
	Code      string            `bun:"code"`
	Name      string            `bun:"name"`
	TitleEN   string            `bun:"title_en"`
	TitleES   string            `bun:"title_es"`
	Minutes   int               `bun:"minutes"`
	Hour      int               `bun:"hour"`
	Weeks     int               `bun:"weeks"`
	Sessions  int               `bun:"sessions"`
}

// Title is the course's title in the language asked for ("en" or "es").
func (c Course) Title(language string) string { return titled(language, c.TitleEN, c.TitleES) }
