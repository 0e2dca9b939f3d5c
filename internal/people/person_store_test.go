package people_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var noon = time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC) // noon in Chicago

func each(t *testing.T, body func(t *testing.T, db *bun.DB)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, body, people.Migrations)
}

func add(t *testing.T, s people.Store, sector people.Sector, n people.NewPerson) people.PersonID {
	t.Helper()
	id, err := s.AddPerson(context.Background(), people.System(sector), n)
	if err != nil {
		t.Fatalf("add %s: %v", n.GivenName, err)
	}
	return id
}

func TestPersonIsThereOnlyForThemselvesAndWhoRunsTheirSector(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx := context.Background()
		s := people.NewStore(db, clock.At(noon))
		maya := add(t, s, people.Outreach, people.NewPerson{GivenName: "Maya", FamilyName: "Ortiz", Email: "maya@example.org"})
		for name, row := range map[string]struct {
			viewer people.Viewer
			seen   bool
		}{
			"herself":            {people.Seen(maya, people.Outreach, nil, nil), true},
			"her coordinator":    {people.Seen("c", people.Outreach, []people.Role{people.Coordinator}, nil), true},
			"another trainee":    {people.Seen("t", people.Outreach, []people.Role{people.Trainee}, nil), false},
			"police coordinator": {people.Seen("p", people.LawEnforcement, []people.Role{people.Coordinator}, nil), false},
			"nobody":             {people.Nobody, false},
		} {
			p, err := s.Person(ctx, row.viewer, maya)
			if seen := err == nil && p.FullName() == "Maya Ortiz"; seen != row.seen {
				t.Errorf("%s: seen %v (%v), want %v", name, seen, err, row.seen)
			}
			if err != nil && !errors.Is(err, fault.NotFound) {
				t.Errorf("%s: %v, want not found", name, err)
			}
		}
	})
}

func TestOneAddressMayHaveAnAccountInEachSectorAndOneInASector(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx := context.Background()
		s := people.NewStore(db, clock.At(noon))
		add(t, s, people.Outreach, people.NewPerson{GivenName: "Ana", Email: "ana@example.org"})
		add(t, s, people.LawEnforcement, people.NewPerson{GivenName: "Ana", Email: "ANA@example.org"})
		_, err := s.AddPerson(ctx, people.System(people.Outreach), people.NewPerson{GivenName: "Anna", Email: "Ana@Example.org"})
		if problem, ok := fault.In(err, "email"); !ok || problem.Key != "people.email.taken" {
			t.Errorf("second account in one sector: %v", err)
		}
		if n, err := db.NewSelect().TableExpr("persons").Count(ctx); err != nil || n != 2 {
			t.Errorf("%d persons, %v; the refused one must leave nothing", n, err)
		}
	})
}

func TestKnownOrganisationsAreKeptOnce(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx := context.Background()
		s := people.NewStore(db, clock.At(noon))
		for range 2 {
			if err := s.KeepOrganisations(ctx, people.KnownOrganisations); err != nil {
				t.Fatal(err)
			}
		}
		all, err := s.Organisations(ctx)
		if err != nil || len(all) != 16 {
			t.Errorf("%d organisations, %v; want 16", len(all), err)
		}
		kinds := map[string]int{}
		for _, o := range all {
			kinds[o.Kind]++
		}
		if kinds[people.Partner] != 14 || kinds[people.Police] != 1 || kinds[people.Academy] != 1 {
			t.Errorf("kinds %v; want the 14 partners, the police department and the Academy", kinds)
		}
	})
}

func TestGrantOutsideTheOwnSectorIsABridgeOrNothing(t *testing.T) {
	each(t, func(t *testing.T, db *bun.DB) {
		ctx := context.Background()
		s := people.NewStore(db, clock.At(noon))
		carla := add(t, s, people.Outreach, people.NewPerson{GivenName: "Carla", Email: "carla@example.org", Roles: []people.Role{people.Coordinator}})
		boss := add(t, s, people.Outreach, people.NewPerson{GivenName: "Dee", Email: "dee@example.org", Roles: []people.Role{people.Director}})
		director := people.Seen(boss, people.Outreach, []people.Role{people.Director}, nil)
		bridge := people.Grant{PersonID: carla, Role: people.Coordinator, Sector: people.LawEnforcement, Reason: "Runs the parallel cohorts"}

		refused := func(what string, v people.Viewer, g people.Grant, want error) {
			t.Helper()
			if _, err := s.Grant(ctx, v, g); !errors.Is(err, want) {
				t.Errorf("%s: %v, want %v", what, err, want)
			}
		}
		refused("director of one side alone", director, bridge, fault.NotFound)
		refused("a coordinator", people.Seen("x", people.Outreach, []people.Role{people.Coordinator}, nil), bridge, fault.Forbidden)
		trainee := bridge
		trainee.Role = people.Trainee
		refused("a trainee in two sectors", director, trainee, fault.Forbidden)
		refused("a trainee in two sectors, by the system", people.System(people.Outreach), trainee, fault.Forbidden)

		founding := people.Grant{PersonID: boss, Role: people.Director, Sector: people.LawEnforcement, Reason: "Directs the Academy"}
		refused("to oneself", director, founding, fault.NotFound)
		if _, err := s.Grant(ctx, people.System(people.Outreach), founding); err != nil {
			t.Fatal(err)
		}
		silent := bridge
		silent.Reason = ""
		if _, err := s.Grant(ctx, director, silent); err == nil {
			t.Error("a bridge without a reason was given")
		}
		if _, err := s.Grant(ctx, director, bridge); err != nil {
			t.Errorf("director of both sides: %v", err)
		}
		if _, err := db.ExecContext(ctx, `INSERT INTO grants (id, person_id, home, role, sector, starts_on, given_at) VALUES ('x', ?, 'outreach', 'trainee', 'law_enforcement', '2026-01-01', ?)`, carla, noon); err == nil {
			t.Error("the table itself took a plain grant in another sector")
		}
		if _, err := db.ExecContext(ctx, `INSERT INTO grants (id, person_id, home, role, sector, starts_on, given_at) VALUES ('x', ?, 'law_enforcement', 'trainee', 'law_enforcement', '2026-01-01', ?)`, carla, noon); err == nil {
			t.Error("the table itself took a home that is not the person's")
		}
	})
}
