package cohorts

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// SessionID is the key of a session.
type SessionID string

// SessionState is planned until its roll is closed by the person who took it,
// closed until a second person confirms it, confirmed after; or cancelled.
type SessionState string

// The states of a session.
const (
	Planned   SessionState = "planned"
	Closed    SessionState = "closed"
	Confirmed SessionState = "confirmed"
	Cancelled SessionState = "cancelled"
)

// Mode is where a session meets.
type Mode string

// The modes of a session.
const (
	InRoom Mode = "room"
	Online Mode = "online"
	Hybrid Mode = "hybrid" // some meet in the room, the others online
)

// Modes are where a session can meet.
var Modes = []Mode{InRoom, Online, Hybrid}

// Session is one dated meeting of a cohort, with planned and actual times (UTC) and
// its planned minutes from the edition's map.
type Session struct {
	ID               SessionID       `bun:"id,pk"`
	CohortID         CohortID        `bun:"cohort_id"`
	EditionSessionID string          `bun:"edition_session_id"`
	Sector           people.Sector   `bun:"sector"`
	Position         int             `bun:"position"`
	Week             int             `bun:"week"`
	Minutes          int             `bun:"minutes"`
	StartsAt         time.Time       `bun:"starts_at"`
	EndsAt           time.Time       `bun:"ends_at"`
	ActualStartsAt   *time.Time      `bun:"actual_starts_at"`
	ActualEndsAt     *time.Time      `bun:"actual_ends_at"`
	RoomID           *string         `bun:"room_id"`
	Link             string          `bun:"link"`
	Mode             Mode            `bun:"mode"`
	State            SessionState    `bun:"state"`
	ClosedBy         people.PersonID `bun:"closed_by,nullzero"`
	ClosedAt         *time.Time      `bun:"closed_at"`
	ConfirmedBy      people.PersonID `bun:"confirmed_by,nullzero"`
	ConfirmedAt      *time.Time      `bun:"confirmed_at"`
	Revision         int             `bun:"revision"`

	TitleEN     string            `bun:"title_en,scanonly"`
	TitleES     string            `bun:"title_es,scanonly"`
	Joint       bool              `bun:"joint,scanonly"` // the map plans it as a joint one
	RoomName    *string           `bun:"room_name,scanonly"`
	RoomAddress *string           `bun:"room_address,scanonly"`
	TimeZone    string            `bun:"time_zone,scanonly"`
	EditionID   courses.EditionID `bun:"edition_id,scanonly"`
	CourseCode  string            `bun:"course_code,scanonly"`
	CourseEN    string            `bun:"course_en,scanonly"`
	CourseES    string            `bun:"course_es,scanonly"`
	Number      int               `bun:"number,scanonly"` // of the cohort
	Breaks      int               `bun:"breaks,scanonly"` // minutes of breaks that don't count, besides
	Grace       int               `bun:"grace,scanonly"`  // minutes, of the edition
	Runs        bool              `bun:"runs,scanonly"`   // the viewer runs the cohort
	Care        int               `bun:"care,scanonly"`   // the highest care level of its modules; of one session, and those of one cohort
}

// Title is the session's topic in the language asked for ("en" or "es").
func (s Session) Title(language string) string { return titled(language, s.TitleEN, s.TitleES) }

// Course is the title of the course in the language asked for ("en" or "es").
func (s Session) Course(language string) string { return titled(language, s.CourseEN, s.CourseES) }

// Place is the room's name and address, "" where none is named.
func (s Session) Place() string {
	if s.RoomName == nil {
		return ""
	}
	if s.RoomAddress == nil || *s.RoomAddress == "" {
		return *s.RoomName
	}
	return *s.RoomName + ", " + *s.RoomAddress
}

// Room is the room's name alone, for who knows the house; "" where none is named.
func (s Session) Room() string {
	if s.RoomName == nil {
		return ""
	}
	return *s.RoomName
}

// ConfirmWithin is how long the second person may take before a session is told as
// waiting too long.
const ConfirmWithin = 48 * time.Hour

// Overdue says whether the roll was closed more than ConfirmWithin ago and nobody has
// confirmed it.
func (s Session) Overdue(now time.Time) bool {
	return s.State == Closed && s.ClosedAt != nil && now.Sub(*s.ClosedAt) > ConfirmWithin
}

// Short says whether the class was held shorter than planned, beyond the grace.
func (s Session) Short() bool { return s.Held(s.Grace) < s.Minutes }

// rollOpensBefore is how long before its start the roll of a session can be taken.
const rollOpensBefore = time.Hour

// RollOpensAt is the moment from which the roll of the session can be taken.
func (s Session) RollOpensAt() time.Time { return s.StartsAt.Add(-rollOpensBefore) }

// RollTakes says whether marks can be made now: the roll has opened and is not closed.
func (s Session) RollTakes(now time.Time) bool {
	return s.State == Planned && !s.RollOpensAt().After(now)
}

// linkOpensBefore is how long before its start the address of an online session opens, and
// linkClosesAfter how long after its end it closes: a class may run over.
const (
	linkOpensBefore = 15 * time.Minute
	linkClosesAfter = time.Hour
)

// LinkOpensAt is the moment from which the address to join online is told.
func (s Session) LinkOpensAt() time.Time { return s.StartsAt.Add(-linkOpensBefore) }

// JoinLink is the address to join online, while it is open; "" before and after, and where
// there is none.
func (s Session) JoinLink(now time.Time) string {
	if s.State == Cancelled || s.Mode == InRoom || now.Before(s.LinkOpensAt()) || now.After(s.EndsAt.Add(linkClosesAfter)) {
		return ""
	}
	return s.Link
}

// LinkAhead says whether there is an address to join online that is still to open.
func (s Session) LinkAhead(now time.Time) bool {
	return s.State == Planned && s.Mode != InRoom && s.Link != "" && now.Before(s.LinkOpensAt())
}

// Zone is the time zone that the session's days and hours are told in.
func (s Session) Zone() *time.Location { return zone(s.TimeZone) }

// Held is the length in minutes that the session had, without breaks that don't count:
// the planned minutes, or the actual ones where they differ from the plan by more than grace minutes.
func (s Session) Held(grace int) int {
	if s.ActualStartsAt == nil || s.ActualEndsAt == nil {
		return s.Minutes
	}
	actual := int(s.ActualEndsAt.Sub(*s.ActualStartsAt).Minutes()) - s.Breaks
	if short := s.Minutes - actual; short > 0 && short <= grace {
		return s.Minutes
	}
	return max(actual, 0)
}

// Cap is the most that attended and made-up minutes of the session may come to: its
// planned minutes, or the actual ones where those are more.
func (s Session) Cap(grace int) int { return max(s.Minutes, s.Held(grace)) }

// ActualTimes are when a session really began and ended, in UTC.
type ActualTimes struct{ From, To time.Time }

// Validate refuses an end before its start and a session longer than twelve hours.
func (a ActualTimes) Validate() error {
	var e fault.InvalidError
	switch {
	case a.From.IsZero() || a.To.IsZero():
		e.Add("from", "cohorts.actual.both")
	case !a.To.After(a.From):
		e.Add("to", "cohorts.actual.order")
	case a.To.Sub(a.From) > 12*time.Hour:
		e.Add("to", "cohorts.actual.long")
	}
	return e.OrNil()
}
