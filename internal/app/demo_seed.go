package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// seeder builds the demo through the same methods that pages call, each at the time at
// which it would have happened. What it writes is over before the demo's day begins.
type seeder struct {
	Rooms
	now      time.Time // the demo's, in Chicago
	today    time.Time // noon of its day
	midnight time.Time // at which its day began
	at       time.Time // the seeder's clock
	mix      *rand.Rand
	zone     *time.Location
	names    []demoName
	sheets   map[string]sheet // by module
	texts    int              // long ones that were written
	newer    courses.Edition  // of one course, that its running cohort may move to

	accounts map[string]people.PersonID
	rooms    map[string]string // keys by their name in demoRooms
	partners []people.OrganisationID
	police   people.OrganisationID
	academy  people.OrganisationID
}

// seedDemo fills an empty Academy in one transaction, and draws the certificates.
func (a *Academy) seedDemo(ctx context.Context) error {
	s, err := a.newSeeder()
	if err != nil {
		return err
	}
	if err := a.Certificates.SignStatus(ctx); err != nil {
		return err
	}
	err = database.InTx(ctx, a.DB, func(ctx context.Context, tx bun.Tx) error {
		err := database.Unhurried(ctx, tx) // a year goes into one transaction, its texts read in between
		if err != nil {
			return err
		}
		if s.Rooms, err = a.rooms(tx, func() time.Time { return clock.Cut(s.at) }); err != nil {
			return err
		}
		s.at = s.today.AddDate(-3, 0, 0)
		if err := s.curriculum(ctx, tx); err != nil {
			return err
		}
		for _, step := range []func(context.Context) error{s.organisations, s.staff, s.addRooms, s.cohorts, s.newerEdition, s.drafts, s.bank} {
			if err := step(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.Jobs.RunDue(ctx)
}

func (a *Academy) newSeeder() (*seeder, error) {
	zone, err := time.LoadLocation(a.Config.TimeZone)
	if err != nil {
		return nil, err
	}
	now := a.Now().In(zone)
	s := &seeder{now: now, zone: zone, mix: rand.New(rand.NewPCG(uint64(a.Config.Seed), 2100)), accounts: map[string]people.PersonID{},
		today:    time.Date(now.Year(), now.Month(), now.Day(), 12, 0, 0, 0, zone),
		midnight: time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, zone)}
	s.names = demoNames(s.mix, 120)
	return s, nil
}

// formerEdition is the name of the edition that came before: its certificates were good
// for a year, so that one has expired by now.
const formerEdition = "2024"

// curriculum stores the Academy's own, and of Professional Understanding the edition
// that came before.
func (s *seeder) curriculum(ctx context.Context, tx bun.IDB) error {
	folder := readCurriculum(curriculum.Files, toTheEnd)
	for _, edition := range folder.editions {
		if edition.CourseCode == "PUT" && edition.Sector == people.Outreach {
			edition.Name, edition.InForceOn, edition.ValidMonths = formerEdition, formerEdition+"-01-01", 12
			edition.Source = fmt.Sprintf("# The edition of %s, whose certificates are good for %d months.\n%s", edition.Name, edition.ValidMonths, edition.Source)
			folder.editions = append(folder.editions, edition)
			break
		}
	}
	for _, edition := range folder.editions {
		if edition.CourseCode == "CM" {
			s.newer = newerThan(edition, s.today.AddDate(0, 0, -7).Format(time.DateOnly))
		}
	}
	s.sheets = sheetsOf(s.mix, folder.quizzes)
	return s.storeCurriculum(ctx, tx, folder)
}

// newerThan is an edition that came into force lately: it gives five minutes more of
// grace, and its last session has a new title.
func newerThan(e courses.Edition, inForceOn string) courses.Edition {
	e.Name, e.InForceOn, e.Grace = e.Name+"-2", inForceOn, e.Grace+5
	e.Sessions = slices.Clone(e.Sessions)
	last := &e.Sessions[len(e.Sessions)-1]
	last.TitleEN, last.TitleES = last.TitleEN+", and what comes next", last.TitleES+", y lo que sigue"
	e.Source = fmt.Sprintf("# The edition of %s, with %d minutes of grace.\n%s", e.Name, e.Grace, e.Source)
	return e
}

// newerEdition stores the edition that came after a course's cohorts had begun.
func (s *seeder) newerEdition(ctx context.Context) error {
	_, err := s.Courses.Import(ctx, []courses.Edition{s.newer})
	return err
}

// hour is an hour, in Chicago, of a day that many days after a time.
func (s *seeder) hour(t time.Time, days, hour int) time.Time {
	t = t.In(s.zone)
	return time.Date(t.Year(), t.Month(), t.Day()+days, hour, 0, 0, 0, s.zone)
}

// day is an hour of a day that many days from the demo's.
func (s *seeder) day(days, hour int) time.Time {
	return time.Date(s.today.Year(), s.today.Month(), s.today.Day()+days, hour, 0, 0, 0, s.zone)
}
