package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// demoCohort is a cohort of the demo as it is asked for.
type demoCohort struct {
	course   string
	sector   people.Sector
	number   int
	firstDay time.Time
	days     []string
	start    string
	trainees int      // besides the named accounts
	accounts []string // trainees by name
	teaches  string   // instructor's account
	room     string   // a key of demoRooms
	faithful bool     // nobody is absent: a cohort that graduates
	rollOpen bool     // nobody has taken the roll of its newest class yet
	reads    int      // required modules that a trainee has done by now
}

// class is a cohort that was made, with its people.
type class struct {
	demoCohort
	id       cohorts.CohortID
	edition  courses.Edition
	members  []member
	sessions []cohorts.Session
}

type member struct {
	person    people.PersonID
	enrolment cohorts.EnrolmentID
}

func (s *seeder) teacher(c demoCohort) people.Viewer {
	return people.Seen(s.accounts[c.teaches], c.sector, []people.Role{people.Instructor}, nil)
}

func (s *seeder) coordinator(sector people.Sector) people.Viewer {
	account := "coordinator"
	if sector == people.LawEnforcement {
		account = "coordinator.police"
	}
	return people.Seen(s.accounts[account], sector, []people.Role{people.Coordinator}, nil)
}

// demoRooms are the rooms of the demo's training site, and one that both sides may book.
var demoRooms = map[string]cohorts.Room{
	"circle": {Name: "Circle room", Address: "2100 South Morgan Street, 2nd floor", Capacity: 30},
	"lake":   {Name: "Lake room", Address: "2100 South Morgan Street, 2nd floor", Capacity: 28},
	"park":   {Name: "Park room", Address: "2100 South Morgan Street, 2nd floor", Capacity: 40},
	"north":  {Name: "Room 12", Address: "Training center, north wing", Capacity: 30},
}

// addRooms adds the rooms; each sector has its own.
func (s *seeder) addRooms(ctx context.Context) error {
	s.rooms = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(demoRooms)) {
		sector := people.Outreach
		if name == "north" {
			sector = people.LawEnforcement
		}
		id, err := s.Cohorts.AddRoom(ctx, people.System(sector), demoRooms[name])
		if err != nil {
			return err
		}
		s.rooms[name] = id
	}
	return nil
}

// cohorts makes the cohorts of the year: two of Outreach, one of Case Management, one
// of the Community Training Academy, a parallel pair, and one that has graduated.
func (s *seeder) cohorts(ctx context.Context) error {
	monday := s.day(-(int(s.today.Weekday())+6)%7, 12)
	outreach, police := people.Outreach, people.LawEnforcement
	pair := monday.AddDate(0, 0, -7)
	plans := []demoCohort{
		{room: "park", course: "PUT", sector: outreach, number: 3, firstDay: monday.AddDate(0, 0, -70), days: []string{"mon", "wed"}, start: "13:00", trainees: 7, accounts: []string{"graduate"}, teaches: "instructor", faithful: true},
		{room: "circle", reads: 7, course: "OUT", sector: outreach, number: 21, firstDay: monday.AddDate(0, 0, -7*15), days: []string{"tue", "thu"}, start: "09:00", trainees: 21, teaches: "instructor"},
		{room: "circle", reads: 3, course: "OUT", sector: outreach, number: 22, firstDay: monday.AddDate(0, 0, -21), days: []string{"tue", "thu"}, start: "14:00", trainees: 20, accounts: []string{"trainee"}, teaches: "instructor", rollOpen: true},
		{room: "lake", reads: 2, course: "CM", sector: outreach, number: 9, firstDay: monday.AddDate(0, 0, -35), days: []string{"mon", "wed"}, start: "09:00", trainees: 16, teaches: "instructor"},
		{room: "north", reads: 1, course: "CTA", sector: police, number: 4, firstDay: monday.AddDate(0, 0, -14), days: []string{"fri"}, start: "08:00", trainees: 14, teaches: "instructor.police"},
		{room: "park", reads: 2, course: "PUT", sector: outreach, number: 4, firstDay: pair, days: []string{"mon", "fri"}, start: "13:00", trainees: 11, accounts: []string{"trainee.es"}, teaches: "instructor"},
		{room: "north", reads: 2, course: "PUT", sector: police, number: 4, firstDay: pair, days: []string{"mon", "fri"}, start: "13:00", trainees: 10, accounts: []string{"officer"}, teaches: "instructor.police"},
	}
	var classes []*class
	for _, plan := range plans {
		made, err := s.class(ctx, plan)
		if err != nil {
			return fmt.Errorf("%s %d: %w", plan.course, plan.number, err)
		}
		classes = append(classes, made)
	}
	if err := s.joint(ctx, classes[5], classes[6]); err != nil {
		return err
	}
	return s.graduate(ctx, classes[0])
}

// class makes one cohort, enrols and teaches it up to the demo's day.
func (s *seeder) class(ctx context.Context, plan demoCohort) (*class, error) {
	s.at = plan.firstDay.AddDate(0, 0, -21)
	v := s.coordinator(plan.sector)
	edition, err := s.Courses.EditionInForce(ctx, v, plan.course, s.today.Format(time.DateOnly))
	if err != nil {
		return nil, err
	}
	c := &class{demoCohort: plan, edition: edition}
	c.id, err = s.Cohorts.Make(ctx, v, cohorts.Plan{EditionID: edition.ID, FirstDay: plan.firstDay.Format(time.DateOnly),
		Days: plan.days, Start: plan.start, Mode: cohorts.InRoom, RoomID: s.rooms[plan.room], Number: plan.number})
	if err != nil {
		return nil, err
	}
	if err := s.Cohorts.Appoint(ctx, v, c.id, s.accounts[plan.teaches], cohorts.Lead); err != nil {
		return nil, err
	}
	if err := s.enroll(ctx, v, c); err != nil {
		return nil, err
	}
	if c.sessions, err = s.Cohorts.Sessions(ctx, v, c.id); err != nil {
		return nil, err
	}
	if err := s.teach(ctx, c); err != nil {
		return nil, err
	}
	return c, s.keepUp(ctx, c)
}

// share answers, for one trainee, what their employer may see.
func (s *seeder) share(ctx context.Context, c *class, person people.PersonID, yes bool) error {
	v := people.Seen(person, c.sector, []people.Role{people.Trainee}, nil)
	questions, err := s.Cohorts.Questions(ctx, v)
	if err != nil {
		return err
	}
	answers := map[string]bool{}
	for _, question := range questions {
		answers[question.Key()] = yes
	}
	return s.Cohorts.Answer(ctx, v, answers)
}

func (s *seeder) enroll(ctx context.Context, v people.Viewer, c *class) error {
	var persons []people.PersonID
	for _, account := range c.accounts {
		persons = append(persons, s.accounts[account])
	}
	for range c.trainees {
		name := s.names[0]
		s.names = s.names[1:]
		employer := s.police
		if c.sector != people.LawEnforcement {
			employer = s.partners[s.mix.IntN(len(s.partners))]
		}
		person, err := s.People.AddPerson(ctx, people.System(c.sector), people.NewPerson{GivenName: name.given, FamilyName: name.family, Organisation: employer})
		if err != nil {
			return err
		}
		persons = append(persons, person)
	}
	for i, person := range persons {
		enrolment, err := s.Cohorts.Enroll(ctx, v, c.id, person)
		if err != nil {
			return err
		}
		c.members = append(c.members, member{person, enrolment})
		if err := s.share(ctx, c, person, i%4 != 3); err != nil {
			return err
		}
	}
	return nil
}

// teach takes the roll of every session that has been, closes it, and has it confirmed
// by a second person; the newest waits for that, or for its roll to be taken.
func (s *seeder) teach(ctx context.Context, c *class) error {
	teacher, second := s.teacher(c.demoCohort), s.coordinator(c.sector)
	for i, session := range c.sessions {
		if session.EndsAt.After(s.today) {
			return nil
		}
		newest := i+1 == len(c.sessions) || c.sessions[i+1].EndsAt.After(s.today)
		if newest && c.rollOpen {
			return nil
		}
		s.at = session.EndsAt
		for _, m := range c.members {
			mark := s.mark(c.faithful)
			mark.Session, mark.Enrolment = session.ID, m.enrolment
			if err := s.Cohorts.Mark(ctx, teacher, mark); err != nil {
				return err
			}
		}
		if err := s.Cohorts.Close(ctx, teacher, session.ID); err != nil {
			return err
		}
		if newest && !c.faithful {
			continue
		}
		s.at = s.at.Add(2 * time.Hour)
		if err := s.Cohorts.Confirm(ctx, second, session.ID); err != nil {
			return err
		}
	}
	return nil
}

// mark draws how one person came to one session.
func (s *seeder) mark(faithful bool) cohorts.NewMark {
	draw := s.mix.IntN(100)
	switch {
	case faithful || draw < 90:
		return cohorts.NewMark{Status: cohorts.Present}
	case draw < 94:
		return cohorts.NewMark{Status: cohorts.Present, MinutesLate: 15 + 5*s.mix.IntN(6)}
	case draw < 98:
		return cohorts.NewMark{Status: cohorts.Excused, Excuse: cohorts.Excuses[s.mix.IntN(len(cohorts.Excuses))]}
	}
	return cohorts.NewMark{Status: cohorts.Absent}
}

// joint links the next session that the pair shares, with the yes of two persons.
func (s *seeder) joint(ctx context.Context, own, other *class) error {
	for i, session := range own.sessions {
		if !session.Joint || !session.StartsAt.After(s.today) || !session.StartsAt.Equal(other.sessions[i].StartsAt) {
			continue
		}
		s.at = s.today.AddDate(0, 0, -5)
		id, err := s.Cohorts.ProposeJoint(ctx, s.coordinator(own.sector), cohorts.NewJoint{Session: session.ID, With: other.sector,
			Place: "Training site, large room, 2nd floor", Agenda: "Welcome and ground rules\nWho does what: two jobs, two roles\nEtiquette at a scene\nClosing round",
			GroundRules: "No names, blocks or incidents. Everyone may pass. What is said here stays here. Either side may stop the session."})
		if err != nil {
			return err
		}
		return s.Cohorts.ApproveJoint(ctx, s.coordinator(other.sector), id, other.sessions[i].ID)
	}
	return nil
}
