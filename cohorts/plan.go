package cohorts

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Plan is a cohort as it is asked for: the edition it is pinned to, its first day and
// its weekly rhythm.
type Plan struct {
	EditionID   courses.EditionID
	FirstDay    string            // YYYY-MM-DD
	Days        []string          // of Weekdays
	Start       string            // 09:00, wall-clock time of the zone
	Starts      map[string]string // of a weekday, where it begins at another hour than Start
	PerDay      int               // sessions on one day, one after the other; 0 is one
	Pause       int               // minutes between them
	DaysOff     string            // besides the holidays, as ParseDaysOff reads them
	Mode        Mode
	RoomID      string // of a cohort that meets in a room; may be left open
	Link        string // of a cohort that meets online; may be left open
	Number      int    // 0 for the next one
	TimeZone    string // "" for the Academy's
	Instructors []people.PersonID
	Accept      bool // what its instructors have elsewhere at the time is known, and accepted
}

// Zones are the time zones that a cohort may keep besides the Academy's own: those of the
// United States.
var Zones = []string{"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"}

// Bounds of a rhythm: sessions on one day, minutes between them, instructors of a plan.
const (
	mostPerDay      = 6
	longestBreak    = 180
	mostInstructors = 10
)

// rhythm reads the weekly meetings of the plan.
func (p Plan) rhythm() ([]Meeting, error) {
	var e fault.InvalidError
	rhythm, err := ParseRhythm(p.Days, p.Start)
	e.Problems = append(e.Problems, problems(err)...)
	if p.PerDay < 0 || p.PerDay > mostPerDay {
		e.Add("per_day", "cohorts.plan.per_day_odd", "Max", mostPerDay)
	}
	if p.Pause < 0 || p.Pause > longestBreak {
		e.Add("pause", "cohorts.plan.pause_odd", "Max", longestBreak)
	}
	for i, m := range rhythm {
		rhythm[i].Sessions, rhythm[i].Pause = max(1, p.PerDay), p.Pause
		name := Weekdays[(int(m.Weekday)+6)%7]
		if own := p.Starts[name]; own != "" {
			at, err := time.Parse("15:04", own)
			if err != nil {
				e.Add("start."+name, "cohorts.schedule.start")
			}
			rhythm[i].Hour, rhythm[i].Minute = at.Hour(), at.Minute()
		}
	}
	return rhythm, e.OrNil()
}

// WithRhythm is the plan with a weekly rhythm that is there already.
func (p Plan) WithRhythm(rhythm []Meeting) Plan {
	p.Days, p.Starts = nil, map[string]string{}
	for i, m := range rhythm {
		name, at := Weekdays[(int(m.Weekday)+6)%7], time.Date(2000, 1, 1, m.Hour, m.Minute, 0, 0, time.UTC).Format("15:04")
		p.Days = append(p.Days, name)
		if i == 0 {
			p.Start = at
			if m.Sessions > 1 {
				p.PerDay, p.Pause = m.Sessions, m.Pause
			}
		}
		if at != p.Start {
			p.Starts[name] = at
		}
	}
	return p
}

// validate checks what can be known without the edition, and reads the rhythm.
func (p Plan) validate() (first time.Time, rhythm []Meeting, off []DayOff, err error) {
	var e fault.InvalidError
	if p.EditionID == "" {
		e.Add("edition", "cohorts.plan.edition")
	}
	first, err = time.Parse(time.DateOnly, p.FirstDay)
	if err != nil || first.Year() < 2000 || first.Year() > 2200 {
		e.Add("first_day", "cohorts.plan.first_day")
	}
	rhythm, err = p.rhythm()
	e.Problems = append(e.Problems, problems(err)...)
	off, err = ParseDaysOff(p.DaysOff)
	e.Problems = append(e.Problems, problems(err)...)
	if !slices.Contains(Modes, p.Mode) {
		e.Add("mode", "cohorts.plan.mode")
	}
	if len(p.Link) > 500 || (p.Link != "" && !webLink(p.Link)) {
		e.Add("link", "cohorts.plan.link")
	}
	if p.Number < 0 || p.Number > 100_000 {
		e.Add("number", "cohorts.plan.number")
	}
	if len(p.Instructors) > mostInstructors {
		e.Add("instructor", "cohorts.plan.instructors_many", "Max", mostInstructors)
	}
	return first, rhythm, off, e.OrNil()
}

// Preview is a plan laid on the calendar, before anything is made.
type Preview struct {
	Plan
	Course   Course
	Meetings []Meeting // of a week
	Off      []DayOff
	Laid     []Laid
	Skipped  []string // days (YYYY-MM-DD) off on which it would have met
	Clashes  []Clash
}

// RoomTaken says whether the plan would book a room twice, which nobody may accept.
func (p Preview) RoomTaken() bool { return roomTaken(p.Clashes) }

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
