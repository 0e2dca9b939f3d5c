package cohorts

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// RescheduleKind is what a change of a cohort's schedule does.
type RescheduleKind string

// The kinds of a change: one session moves, it moves with all that come after, it is
// cancelled, one is added, or the change before is undone.
const (
	MoveOne   RescheduleKind = "move"
	MoveOn    RescheduleKind = "move_on"
	CancelOne RescheduleKind = "cancel"
	AddOne    RescheduleKind = "add"
	UndoLast  RescheduleKind = "undo"
)

// Slot is when and where a session meets, and whether it does.
type Slot struct {
	StartsAt time.Time    `json:"starts_at"`
	EndsAt   time.Time    `json:"ends_at"`
	Minutes  int          `json:"minutes"`
	Week     int          `json:"week"`
	Mode     Mode         `json:"mode"`
	RoomID   string       `json:"room_id,omitempty"`
	Link     string       `json:"link,omitempty"`
	State    SessionState `json:"state"`
}

// Slot is when and where the session meets.
func (s Session) Slot() Slot {
	slot := Slot{StartsAt: s.StartsAt.UTC(), EndsAt: s.EndsAt.UTC(), Minutes: s.Minutes, Week: s.Week, Mode: s.Mode, Link: s.Link, State: s.State}
	if s.RoomID != nil {
		slot.RoomID = *s.RoomID
	}
	return slot
}

func (s Slot) span() span { return span{s.StartsAt, s.EndsAt} }

// Rescheduled is what a change made of one session. Added says that the change made it.
type Rescheduled struct {
	ID     SessionID `json:"id"`
	Before Slot      `json:"before,omitzero"`
	After  Slot      `json:"after"`
	Added  bool      `json:"added,omitempty"`
}

// Reschedule says that a cohort's schedule was changed: by whom, when, why, and what each
// session was before. Rows are append-only; undoing is a row that names the one it undoes.
type Reschedule struct {
	bun.BaseModel `bun:"table:schedule_changes,alias:change"`

	ID       string          `bun:"id,pk"`
	CohortID CohortID        `bun:"cohort_id"`
	Kind     RescheduleKind  `bun:"kind"`
	MadeBy   people.PersonID `bun:"made_by,nullzero"`
	MadeAt   time.Time       `bun:"made_at"`
	Reason   string          `bun:"reason"`
	Sessions []Rescheduled   `bun:"sessions,type:jsonb"`
	Undoes   *string         `bun:"undoes"`

	ByName string `bun:"by_name,scanonly"`
	Undone bool   `bun:"undone,scanonly"`
}

// NewReschedule is a change as a coordinator asks for it. Of a session that moves or is
// cancelled, Session is named; of one that is added, Topic, a session of the edition's map.
type NewReschedule struct {
	Cohort  CohortID
	Kind    RescheduleKind
	Session SessionID
	Topic   string
	Day     string // YYYY-MM-DD
	Start   string // 09:00, wall-clock time of the cohort's zone
	Minutes int    // of the class; 0 for those that it has, or that the map gives it
	Mode    Mode
	RoomID  string
	Link    string
	Reason  string
	Accept  bool   // what its people have elsewhere at the time is known, and accepted
	Seen    string // ReschedulePlan.Mark of the plan that was shown
}

// shortestClass is how short a session may be made, in minutes.
const shortestClass = 15

// validate checks what can be known without the cohort.
func (n NewReschedule) validate() error {
	var e fault.InvalidError
	switch n.Kind {
	case MoveOne, MoveOn, AddOne:
		n.checkTime(&e)
	case CancelOne:
	default:
		e.Add("kind", "cohorts.reschedule.kind")
	}
	switch letters := len([]rune(n.Reason)); {
	case letters == 0:
		e.Add("reason", "cohorts.reschedule.reason_missing")
	case letters > LongestMoveReason:
		e.Add("reason", "cohorts.move.reason_long", "Max", LongestMoveReason)
	}
	return e.OrNil()
}

func (n NewReschedule) checkTime(e *fault.InvalidError) {
	if day, err := time.Parse(time.DateOnly, n.Day); err != nil || day.Year() < 2000 || day.Year() > 2200 {
		e.Add("day", "cohorts.reschedule.day")
	}
	if _, err := time.Parse("15:04", n.Start); err != nil {
		e.Add("start", "cohorts.schedule.start")
	}
	if n.Minutes != 0 && n.Minutes < shortestClass {
		e.Add("minutes", "cohorts.reschedule.minutes", "Min", shortestClass)
	}
	if !slices.Contains(Modes, n.Mode) {
		e.Add("mode", "cohorts.plan.mode")
	}
	if len(n.Link) > 500 || (n.Link != "" && !webLink(n.Link)) {
		e.Add("link", "cohorts.plan.link")
	}
}

// starts is the moment that was asked for.
func (n NewReschedule) starts(zone *time.Location) time.Time {
	at, err := time.ParseInLocation(time.DateOnly+" 15:04", n.Day+" "+n.Start, zone)
	if err != nil {
		return time.Time{}
	}
	return at.UTC()
}

// Bound is a session with what keeps it where it is.
type Bound struct {
	Session
	Rule   Rule `bun:"rule"`         // of its edition
	Full   int  `bun:"full_minutes"` // minutes that the edition's map gives it
	Marked bool `bun:"marked"`       // somebody was marked in it, or made it up
	Linked bool `bun:"linked"`       // it is part of a joint session
}

// Held says that something of the session stands in the records, so that its time can't
// change any more.
func (b Bound) Held() bool { return b.State == Closed || b.State == Confirmed || b.Marked }

// Refusal is why the session can't be moved or cancelled, as a conflict; nil when it can.
func (b Bound) Refusal() error {
	switch {
	case b.State == Cancelled:
		return fault.Conflict("cohorts.reschedule.cancelled")
	case b.Held():
		return fault.Conflict("cohorts.reschedule.held")
	case b.Linked:
		return fault.Conflict("cohorts.reschedule.joint")
	}
	return nil
}

// Step is one session of a change: what it is and what it becomes.
type Step struct {
	Session         // as it is; of one that is added, what it will be
	After      Slot // as it becomes
	Added      bool
	AfterPlace string // the room's name, "" where none is named
}

// ReschedulePlan is what a change would do to a cohort's schedule, before it is done.
type ReschedulePlan struct {
	Cohort  Summary
	Ask     NewReschedule
	Steps   []Step
	Skipped []string // days (YYYY-MM-DD) off on which it would have met
	Clashes []Clash
	Minutes int     // of all sessions after the change
	Enough  int     // that a graduate needs
	Unlaid  []Topic // of the edition's map, that no session teaches after the change
}

// Short are the minutes that a graduate needs beyond what is planned; 0 for none.
func (p ReschedulePlan) Short() int { return max(0, p.Enough-p.Minutes) }

// RoomTaken says whether the change would book a room twice, which nobody may accept.
func (p ReschedulePlan) RoomTaken() bool { return roomTaken(p.Clashes) }

// Mark tells one plan from another: it changes with anything that the plan shows.
func (p ReschedulePlan) Mark() string {
	type seen struct {
		ID     SessionID
		Topic  string
		Before Slot
		After  Slot
	}
	var all []seen
	for _, step := range p.Steps {
		one := seen{ID: step.ID, Topic: step.EditionSessionID, After: step.After}
		if !step.Added {
			one.Before = step.Slot()
		}
		all = append(all, one)
	}
	text, err := json.Marshal([]any{all, p.Clashes, p.Minutes})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}
