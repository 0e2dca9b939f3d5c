package app

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// class is a cohort that was made, with its people.
type class struct {
	demoCohort
	id       cohorts.CohortID
	edition  courses.Edition
	members  []member
	sessions []cohorts.Session
	taught   int // sessions that are over
}

// member is one trainee of a class, and how they come and learn.
type member struct {
	person    people.PersonID
	enrolment cohorts.EnrolmentID
	account   string // "" for who has none
	misses    int    // of a hundred sessions
	grasp     int    // of a hundred answers to easy questions, how many are right; above 100 for who knows hard ones too
}

// late says whether somebody of a class that is over has made up what they missed only now.
func (c *class) late(i int) bool { return c.held && !c.former && i >= len(c.members)-2 }

func (s *seeder) viewer(account string, sector people.Sector, roles ...people.Role) people.Viewer {
	return people.Seen(s.accounts[account], sector, roles, nil)
}

func (s *seeder) teacher(c demoCohort) people.Viewer {
	return s.viewer(c.teach[0], c.sector, people.Instructor)
}

func (s *seeder) coordinator(sector people.Sector) people.Viewer {
	if sector == people.LawEnforcement {
		return s.viewer("coordinator.police", sector, people.Coordinator)
	}
	return s.viewer("coordinator", sector, people.Coordinator)
}

// demoRooms are the rooms of the demo: the Academy's own, and those of the police.
var demoRooms = map[string]cohorts.Room{
	"circle": {Name: "Circle room", Address: "2100 South Morgan Street, 2nd floor", Capacity: 30},
	"lake":   {Name: "Lake room", Address: "2100 South Morgan Street, 2nd floor", Capacity: 28},
	"park":   {Name: "Park room", Address: "2100 South Morgan Street, 2nd floor", Capacity: 40},
	"river":  {Name: "River room", Address: "2100 South Morgan Street, 2nd floor", Capacity: 30},
	"north":  {Name: "Room 12", Address: "Training center, north wing", Capacity: 30},
	"south":  {Name: "Room 4", Address: "Training center, south wing", Capacity: 24},
}

// addRooms adds the rooms; each sector has its own.
func (s *seeder) addRooms(ctx context.Context) error {
	s.rooms = map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(demoRooms)) {
		sector := people.Outreach
		if name == "north" || name == "south" {
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

// cohorts makes the cohorts of the year, one after the other, with all that has happened
// in each.
func (s *seeder) cohorts(ctx context.Context) error {
	var classes []*class
	for _, plan := range s.year() {
		made, err := s.class(ctx, plan, classes)
		if err != nil {
			return fmt.Errorf("%s %d: %w", plan.course, plan.number, err)
		}
		classes = append(classes, made)
	}
	var pair []*class
	for _, c := range classes {
		if c.course == "PUT" && !c.held {
			pair = append(pair, c)
		}
	}
	for _, c := range classes {
		if c.live {
			if err := s.fillSeats(ctx, c, pair); err != nil {
				return err
			}
		}
	}
	return s.joint(ctx, pair[0], pair[1])
}

// fillSeats gives a class as many seats as it has people, and has two of its sector, who
// learn together elsewhere now, wait for one.
func (s *seeder) fillSeats(ctx context.Context, c *class, from []*class) error {
	v := s.coordinator(c.sector)
	rules := cohorts.SeatRules{Seats: len(c.members)}
	if c.sector == people.Outreach {
		rules.AsksUntil = s.today.AddDate(0, 0, 21).Format(time.DateOnly)
	}
	if err := s.Cohorts.SetSeats(ctx, v, c.id, rules); err != nil {
		return err
	}
	if c.sector == people.Outreach {
		hr := people.Seen(s.accounts["hr"], c.sector, []people.Role{people.PartnerHR}, []people.OrganisationID{s.partners[hrPartner]})
		for _, name := range [][2]string{{"Renee", "Calloway"}, {"Terrence", "Boone"}, {"Marisol", "Quintero"}} {
			if err := s.Cohorts.Nominate(ctx, hr, cohorts.NewNomination{Cohort: c.id, GivenName: name[0], FamilyName: name[1],
				Email: plain(name[0]) + "." + plain(name[1]) + "@example.org"}); err != nil {
				return err
			}
		}
	}
	for _, other := range from {
		if other.sector != c.sector {
			continue
		}
		for _, m := range other.members[len(other.members)-2:] {
			if err := s.Cohorts.Wait(ctx, v, c.id, m.person); err != nil {
				return err
			}
		}
	}
	return nil
}

// class makes one cohort, enrols and teaches it up to the demo's day, and lets it graduate
// where it is over.
func (s *seeder) class(ctx context.Context, plan demoCohort, before []*class) (*class, error) {
	s.at = plan.firstDay.AddDate(0, 0, -21)
	v := s.coordinator(plan.sector)
	c := &class{demoCohort: plan}
	var err error
	if c.edition, err = s.edition(ctx, v, plan); err != nil {
		return nil, err
	}
	c.id, err = s.Cohorts.Make(ctx, v, cohorts.Plan{EditionID: c.edition.ID, FirstDay: plan.firstDay.Format(time.DateOnly),
		Days: short(plan.days), Start: plan.start, Mode: cohorts.InRoom, RoomID: s.rooms[plan.room], Number: plan.number})
	if err != nil {
		return nil, err
	}
	for i, account := range plan.teach {
		if err := s.Cohorts.Appoint(ctx, v, c.id, s.accounts[account], []cohorts.InstructorRole{cohorts.Lead, cohorts.Second}[min(i, 1)]); err != nil {
			return nil, err
		}
	}
	if c.sessions, err = s.Cohorts.Sessions(ctx, v, c.id); err != nil {
		return nil, err
	}
	for _, step := range []func(context.Context, *class) error{
		func(ctx context.Context, c *class) error { return s.enroll(ctx, v, c, before) },
		s.teachAll, s.makeUps, s.learnAll, s.gradeAll, s.practise, s.observe, s.graduate,
	} {
		if err := step(ctx, c); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// edition is the one in force today, or the one before.
func (s *seeder) edition(ctx context.Context, v people.Viewer, plan demoCohort) (courses.Edition, error) {
	day := s.today.Format(time.DateOnly)
	if plan.former {
		day = formerEdition + "-12-31"
	}
	return s.Courses.EditionInForce(ctx, v, plan.course, day)
}

// enroll gives everyone their place: the named accounts, who is back for another course,
// and new people, each with their answer to what their employer may see.
func (s *seeder) enroll(ctx context.Context, v people.Viewer, c *class, before []*class) error {
	for _, account := range c.accounts {
		c.members = append(c.members, member{person: s.accounts[account], account: account, grasp: 104})
	}
	for _, i := range c.alumni {
		c.members = append(c.members, s.habits(member{person: before[0].members[i].person}))
	}
	for range c.trainees {
		person, err := s.newPerson(ctx, c.sector)
		if err != nil {
			return err
		}
		c.members = append(c.members, s.habits(member{person: person}))
	}
	for i := range c.members {
		m := &c.members[i]
		var err error
		if m.enrolment, err = s.Cohorts.Enroll(ctx, v, c.id, m.person); err != nil {
			return err
		}
		if err := s.share(ctx, c, m.person, i%4 != 3); err != nil {
			return err
		}
	}
	return nil
}

// habits draw how somebody comes and learns: most are steady, some have a hard year.
func (s *seeder) habits(m member) member {
	m.misses, m.grasp = 3, 92
	switch draw := s.mix.IntN(10); {
	case draw == 0:
		m.misses, m.grasp = 14, 72
	case draw < 3:
		m.misses, m.grasp = 7, 82
	}
	return m
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
		if !question.Answered {
			answers[question.Key()] = yes
		}
	}
	return s.Cohorts.Answer(ctx, v, answers)
}

// newPerson adds the next of the invented people, who works for a partner or the police.
func (s *seeder) newPerson(ctx context.Context, sector people.Sector) (people.PersonID, error) {
	name := s.names[0]
	s.names = s.names[1:]
	person := people.NewPerson{GivenName: name.given, FamilyName: name.family, ChosenName: name.chosen, Language: name.language,
		Email: plain(name.given) + "." + plain(name.family) + "@example.org", Organisation: s.police}
	if sector != people.LawEnforcement {
		// One in five works for the employer whose HR has an account.
		if person.Organisation = s.partners[hrPartner]; s.mix.IntN(5) > 0 {
			person.Organisation = s.partners[s.mix.IntN(len(s.partners))]
		}
	}
	return s.People.AddPerson(ctx, people.System(sector), person)
}

// plain is a name in the letters that an address may have.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r < 'a' || r > 'z' {
			return -1
		}
		return r
	}, database.Fold(name))
}
