package app

import (
	"context"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// seeder builds the demo through the same methods that pages call, each at the time at
// which it would have happened.
type seeder struct {
	Rooms
	today time.Time // noon of the demo's day, Chicago
	at    time.Time // the seeder's clock
	mix   *rand.Rand
	zone  *time.Location
	names []demoName
	keys  map[string]map[string][]int // right choices, by module and question

	accounts map[string]people.PersonID
	rooms    map[string]string // keys by their name in demoRooms
	partners []people.OrganisationID
	police   people.OrganisationID
	academy  people.OrganisationID
}

// seedDemo fills an empty Academy in one transaction.
func (a *Academy) seedDemo(ctx context.Context) error {
	zone, err := time.LoadLocation(a.Config.TimeZone)
	if err != nil {
		return err
	}
	local := a.Now().In(zone)
	s := &seeder{
		today: time.Date(local.Year(), local.Month(), local.Day(), 12, 0, 0, 0, zone), zone: zone,
		mix:      rand.New(rand.NewPCG(uint64(a.Config.Seed), 2100)),
		accounts: map[string]people.PersonID{},
	}
	s.names = demoNames(s.mix, 150)
	if err := a.Certificates.SignStatus(ctx); err != nil {
		return err
	}
	err = database.InTx(ctx, a.DB, func(ctx context.Context, tx bun.Tx) error {
		rooms, err := a.rooms(tx, func() time.Time { return clock.Cut(s.at) })
		if err != nil {
			return err
		}
		s.Rooms = rooms
		s.at = s.today.AddDate(-3, 0, 0)
		folder := readCurriculum(curriculum.Files)
		if err := s.storeCurriculum(ctx, tx, folder); err != nil {
			return err
		}
		s.keys = keysOf(folder.quizzes)
		for _, step := range []func(context.Context) error{s.organisations, s.staff, s.addRooms, s.cohorts} {
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

// day is an hour of a day that many days from the demo's.
func (s *seeder) day(days, hour int) time.Time {
	return time.Date(s.today.Year(), s.today.Month(), s.today.Day()+days, hour, 0, 0, 0, s.zone)
}
