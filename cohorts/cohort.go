// Package cohorts holds who learns when: cohorts, enrolments, sessions, joint
// sessions, attendance, and the minutes ledger that a certificate vouches for.
package cohorts

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CohortID is the key of a cohort.
type CohortID string

// CohortState tells where a cohort stands: open while it learns, graduated once its
// certificates are decided, ended when it stopped without them.
type CohortState string

// The states of a cohort.
const (
	CohortOpen      CohortState = "open"
	CohortGraduated CohortState = "graduated"
	CohortEnded     CohortState = "ended"
)

// Cohort is the people who start and graduate together, pinned to one edition of a
// course and numbered per course and sector: Outreach Cohort 21.
type Cohort struct {
	ID         CohortID          `bun:"id,pk"`
	EditionID  courses.EditionID `bun:"edition_id"`
	CourseCode string            `bun:"course_code"`
	Sector     people.Sector     `bun:"sector"`
	Number     int               `bun:"number"`
	TimeZone   string            `bun:"time_zone"`
	StartsOn   string            `bun:"starts_on"` // calendar day, YYYY-MM-DD, in TimeZone
	EndsOn     string            `bun:"ends_on"`
	State      CohortState       `bun:"state"`
	RoomID     *string           `bun:"room_id"`
	Rhythm     []Meeting         `bun:"rhythm,type:jsonb"`   // that its sessions were laid out by; none is known of older cohorts
	DaysOff    []DayOff          `bun:"days_off,type:jsonb"` // besides the holidays
	MadeBy     people.PersonID   `bun:"made_by,nullzero"`
	MadeAt     time.Time         `bun:"made_at"`
	Revision   int               `bun:"revision"`
	Seats      int               `bun:"seats"`      // how many may learn at once; 0 for as many as come
	Award      string            `bun:"award"`      // the funding award of new places; "" for none
	AsksUntil  *string           `bun:"asks_until"` // the day until which partners may ask for seats; nil while they may not
}

// Full says whether every seat is taken.
func (s Summary) Full() bool { return s.Seats > 0 && s.Trainees >= s.Seats }

// Zone is the cohort's time zone; a name that this machine does not know reads as UTC.
func (c Cohort) Zone() *time.Location { return zone(c.TimeZone) }

func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

// Summary is a cohort with what names it and tells how far it is.
type Summary struct {
	Cohort
	TitleEN  string `bun:"title_en"`
	TitleES  string `bun:"title_es"`
	Weeks    int    `bun:"weeks"`
	Minutes  int    `bun:"minutes"` // of the course
	Hour     int    `bun:"hour"`    // minutes that the edition calls an hour
	Trainees int    `bun:"trainees"`
	Sessions int    `bun:"sessions"`
	Held     int    `bun:"held"` // sessions whose roll is closed

	Newer courses.EditionID `bun:"newer"` // the edition in force of its course, where that is newer than its own
}

// Title is the course's title in the language asked for ("en" or "es").
func (s Summary) Title(language string) string { return titled(language, s.TitleEN, s.TitleES) }

func titled(language, en, es string) string {
	if language == "es" && es != "" {
		return es
	}
	return en
}

// Instructor is a person appointed to teach a cohort. It is a row here and not a
// grant: what an instructor may do ends with the cohort.
type Instructor struct {
	CohortID    CohortID        `bun:"cohort_id,pk"`
	PersonID    people.PersonID `bun:"person_id,pk"`
	Role        InstructorRole  `bun:"role"`
	AppointedBy people.PersonID `bun:"appointed_by,nullzero"`
	AppointedAt time.Time       `bun:"appointed_at"`
	EndedAt     *time.Time      `bun:"ended_at"`

	Name     string `bun:"name,scanonly"`
	Graduate bool   `bun:"graduate,scanonly"` // has completed a course of the Academy in the sector
}

// InstructorRole is lead or second.
type InstructorRole string

// The roles of an instructor.
const (
	Lead   InstructorRole = "lead"
	Second InstructorRole = "second"
)
