package main_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const (
	outreach = people.Outreach
	secret   = "quiet lake in winter"
)

// onBoth runs a body with the settings that lead the program to an empty database, on
// SQLite and, where it was asked for, PostgreSQL.
func onBoth(t *testing.T, body func(t *testing.T, to []string)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			body(t, []string{"--data", t.TempDir(), "--database", dbtest.Empty(t, engine)})
		})
	}
}

// school is an Academy with one cohort, whose one session has been and whose roll is
// open: made in this process, served by the program.
type school struct {
	t      testing.TB
	config app.Config
	addr   string

	cohort     cohorts.CohortID
	session    cohorts.SessionID
	enrolments []cohorts.EnrolmentID
	trainees   []string // sign-in names
	teachers   []string
	lead       string // coordinates and directs
	persons    map[string]people.PersonID
}

// each founds a school on either engine.
func each(t *testing.T, body func(t *testing.T, s *school)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			body(t, found(t, dbtest.Empty(t, engine)))
		})
	}
}

// found makes a school on a database without a table.
func found(t testing.TB, database string) *school {
	t.Helper()
	return foundWith(t, database, lesson(), "ana@example.org", "bea@example.org", "cal@example.org", "dee@example.org")
}

// foundWith makes a school that teaches a curriculum to these people.
func foundWith(t testing.TB, database string, curriculum map[string]string, trainees ...string) *school {
	t.Helper()
	s := &school{t: t, config: app.Defaults(), addr: freeAddress(t), lead: "lead@example.org", persons: map[string]people.PersonID{}}
	s.config.Data, s.config.Database, s.config.Addr = t.TempDir(), database, s.addr
	s.ok(app.ImportCurriculum(t.Context(), s.config, lay(t, curriculum), app.ImportOptions{}, io.Discard))
	s.inside(func(ctx context.Context, a *app.Academy) {
		for _, name := range trainees {
			s.trainees = append(s.trainees, name)
			s.add(ctx, a, name)
		}
		for _, name := range []string{"teo@example.org", "uma@example.org"} {
			s.teachers = append(s.teachers, name)
			s.add(ctx, a, name, people.Instructor)
		}
		s.add(ctx, a, s.lead, people.Coordinator, people.Director)
		var all []people.PersonID
		for _, id := range s.persons {
			all = append(all, id)
		}
		s.ok(a.People.GiveSecrets(ctx, people.System(outreach), all, secret))
		s.begin(ctx, a)
	})
	return s
}

func (s *school) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// inside opens the Academy in this process, while the program is not running.
func (s *school) inside(work func(ctx context.Context, a *app.Academy)) {
	s.t.Helper()
	ctx := context.Background()
	a, err := app.Open(ctx, s.config, slog.New(slog.NewTextHandler(io.Discard, nil)), clock.System)
	s.ok(err)
	work(ctx, a)
	s.ok(a.Close())
}

func (s *school) add(ctx context.Context, a *app.Academy, name string, roles ...people.Role) {
	s.t.Helper()
	id, err := a.People.AddPerson(ctx, people.System(outreach), people.NewPerson{GivenName: name[:3], FamilyName: "Invented", Email: name, Roles: roles})
	s.ok(err)
	s.persons[name] = id
}

// begin makes the cohort, ten days ago, and puts everybody in it.
func (s *school) begin(ctx context.Context, a *app.Academy) {
	s.t.Helper()
	system := people.System(outreach)
	edition, err := a.Courses.EditionInForce(ctx, system, "TRY", time.Now().Format(time.DateOnly))
	s.ok(err)
	s.cohort, err = a.Cohorts.Make(ctx, system, cohorts.Plan{EditionID: edition.ID, FirstDay: time.Now().AddDate(0, 0, -10).Format(time.DateOnly),
		Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, Start: "09:00", Mode: cohorts.InRoom})
	s.ok(err)
	for i, name := range s.teachers {
		role := cohorts.Lead
		if i > 0 {
			role = cohorts.Second
		}
		s.ok(a.Cohorts.Appoint(ctx, system, s.cohort, s.persons[name], role))
	}
	for _, name := range s.trainees {
		id, err := a.Cohorts.Enroll(ctx, system, s.cohort, s.persons[name])
		s.ok(err)
		s.enrolments = append(s.enrolments, id)
	}
	sessions, err := a.Cohorts.Sessions(ctx, system, s.cohort)
	s.ok(err)
	s.session = sessions[0].ID
}

// enrollIn gives a trainee a place in a new cohort of another course.
func (s *school) enrollIn(code, name string) {
	s.t.Helper()
	s.inside(func(ctx context.Context, a *app.Academy) {
		system := people.System(outreach)
		edition, err := a.Courses.EditionInForce(ctx, system, code, time.Now().Format(time.DateOnly))
		s.ok(err)
		cohort, err := a.Cohorts.Make(ctx, system, cohorts.Plan{EditionID: edition.ID, FirstDay: time.Now().Format(time.DateOnly),
			Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, Start: "09:00", Mode: cohorts.InRoom})
		s.ok(err)
		_, err = a.Cohorts.Enroll(ctx, system, cohort, s.persons[name])
		s.ok(err)
	})
}

// to are the settings that lead a command to the school.
func (s *school) to() []string {
	return []string{"--data", s.config.Data, "--database", s.config.Database, "--addr", s.addr}
}

// serve starts the program on the school, always at the same address.
func (s *school) serve(env ...string) *running {
	s.t.Helper()
	return begin(s.t, command(s.t, env, append([]string{"serve", "--log", "error"}, s.to()...)...))
}
