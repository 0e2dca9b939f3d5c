package cohorts

import (
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// JointID is the key of a joint session.
type JointID string

// JointState is proposed until a second person, on the other side, says yes.
type JointState string

// The states of a joint session.
const (
	Proposed  JointState = "proposed"
	Agreed    JointState = "agreed"
	CalledOff JointState = "called_off"
)

// JointSession is one meeting that two cohorts of different sectors share, as one side sees
// it: date, place, agenda, ground rules, and how many of each role to expect. There is
// no shared roster, list, file, chat or sheet (rule 10).
type JointSession struct {
	ID          JointID    `bun:"id,pk"`
	Place       string     `bun:"place"`
	Agenda      string     `bun:"agenda"`
	GroundRules string     `bun:"ground_rules"`
	StartsAt    time.Time  `bun:"starts_at"`
	EndsAt      time.Time  `bun:"ends_at"`
	TimeZone    string     `bun:"time_zone"`
	State       JointState `bun:"state"`
	MadeAt      time.Time  `bun:"made_at"`

	// Of the viewer's own side.
	OwnSession SessionID `bun:"own_session,scanonly"`
	OwnYes     bool      `bun:"own_yes,scanonly"`
	SaidYes    bool      `bun:"said_yes,scanonly"` // the viewer themselves did, on either side
	OwnRole    DoorRole  `bun:"own_role,scanonly"`
	DoorName   string    `bun:"door_name,scanonly"` // what their badge says

	Sides []Side `bun:"-"`
}

// DoorRole is what a badge says of its bearer, besides the door name.
type DoorRole string

// The roles on a badge.
const (
	DoorTrainee    DoorRole = "trainee"
	DoorInstructor DoorRole = "instructor"
	DoorHost       DoorRole = "host"
)

// LongestDoorName is how many letters fit on a badge.
const LongestDoorName = 30

// Side is how many of each role one sector brings. It never names anyone.
type Side struct {
	JointID     JointID       `bun:"joint_id"`
	Sector      people.Sector `bun:"sector"`
	Trainees    int           `bun:"trainees"`
	Instructors int           `bun:"instructors"`
}

// Zone is the time zone in which the joint session's hours are told.
func (j JointSession) Zone() *time.Location { return zone(j.TimeZone) }

// NewJoint is a proposal: one's own session, the sector that is asked, and what both
// sides will read. Nothing of one side's people, cohort or course is told to the other.
type NewJoint struct {
	Session     SessionID
	With        people.Sector
	Place       string
	Agenda      string
	GroundRules string
}

// Validate checks lengths and that the other side is another sector.
func (n NewJoint) Validate(own people.Sector) error {
	var e fault.InvalidError
	if !n.With.Known() || n.With == own {
		e.Add("with", "cohorts.joint.with")
	}
	for _, field := range []struct{ name, value string }{{"place", n.Place}, {"agenda", n.Agenda}, {"ground_rules", n.GroundRules}} {
		switch {
		case strings.TrimSpace(field.value) == "":
			e.Add(field.name, "cohorts.joint.needed")
		case len([]rune(field.value)) > 2000:
			e.Add(field.name, "cohorts.joint.long", "Max", 2000)
		}
	}
	return e.OrNil()
}
