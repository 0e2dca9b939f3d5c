package cohorts_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// academy is a small one for a test: an outreach and a police edition of six sessions
// of 240 minutes, some people, and a clock that the test turns.
type academy struct {
	*testing.T
	db      *bun.DB
	people  people.Store
	content content.Store
	store   cohorts.Store

	mu  sync.Mutex
	day time.Time
}

// chicago is where the test's cohorts meet; its clock begins on Mon 2 Nov 2026, noon.
var chicago = must(time.LoadLocation("America/Chicago"))

func must[V any](v V, err error) V {
	if err != nil {
		panic(err)
	}
	return v
}

func each(t *testing.T, body func(a *academy)) {
	dbtest.Each(t, func(t *testing.T, db *bun.DB) { body(open(t, db)) },
		people.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations)
}

func onPostgres(t *testing.T, body func(a *academy)) {
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) { body(open(t, db)) },
		people.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations)
}

func open(t *testing.T, db *bun.DB) *academy {
	a := &academy{T: t, db: db, day: time.Date(2026, time.November, 2, 12, 0, 0, 0, chicago).UTC()}
	a.people = people.NewStore(db, a.now)
	a.content = content.NewStore(db, a.now)
	a.store = cohorts.NewStore(db, a.now, a.people, a.content).Keyed([]byte("a key of check-in codes"))
	a.exec(`INSERT INTO courses (code) VALUES ('OUT'), ('PUT')`)
	a.edition("out-1", "OUT", people.Outreach, "full")
	a.edition("put-p", "PUT", people.LawEnforcement, "full")
	return a
}

func (a *academy) now() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.day
}

// at turns the clock to a wall-clock moment in Chicago.
func (a *academy) at(moment string) {
	a.Helper()
	day, err := time.ParseInLocation("2006-01-02 15:04", moment, chicago)
	a.ok(err)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.day = day.UTC()
}

func (a *academy) ok(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

func (a *academy) is(err, want error) {
	a.Helper()
	if !errors.Is(err, want) {
		a.Fatalf("got %v, want %v", err, want)
	}
}

// conflicts asks for a fault.Conflict with the key.
func (a *academy) conflicts(err error, key string) {
	a.Helper()
	var conflict *fault.ConflictError
	if !errors.As(err, &conflict) || conflict.Key != key {
		a.Fatalf("got %v, want conflict %s", err, key)
	}
}

// invalid asks for a fault.Invalid with the key in the field.
func (a *academy) invalid(err error, field, key string) {
	a.Helper()
	if said, found := fault.In(err, field); !found || said.Key != key {
		a.Fatalf("got %v, want %s: %s", err, field, key)
	}
}

func (a *academy) exec(query string, args ...any) {
	a.Helper()
	_, err := a.db.NewRaw(query, args...).Exec(a.Context())
	a.ok(err)
}

func (a *academy) count(query string, args ...any) (n int) {
	a.Helper()
	a.ok(a.db.NewRaw(query, args...).Scan(a.Context(), &n))
	return n
}

// edition stores an edition with six sessions of four hours, each with one part.
func (a *academy) edition(id, code string, sector people.Sector, rule string) {
	a.exec(`INSERT INTO editions (id, course_code, sector, name, in_force_on, minutes, hour, breaks_count, grace, rule, knowledge_pass, wording,
			valid_months, weeks, weekly_sessions, unconfirmed, title_en, title_es, competencies, practicals, capstone, path, source)
		VALUES (?, ?, ?, ?, '2026-01-01', 1440, 60, TRUE, 10, ?, 70, 'completed', 0, 3, 2, FALSE, ?, ?, '[]', '[]', FALSE, '', '')`,
		id, code, sector, id, rule, "Course "+id, "Curso "+id)
	for n := 1; n <= 6; n++ {
		session := fmt.Sprintf("%s-s%d", id, n)
		a.exec(`INSERT INTO edition_sessions (id, edition_id, position, week, title_en, title_es, minutes, breaks, joint) VALUES (?, ?, ?, ?, ?, ?, 240, 0, ?)`,
			session, id, n, (n+1)/2, fmt.Sprintf("Topic %d", n), fmt.Sprintf("Tema %d", n), n == 4)
		a.exec(`INSERT INTO edition_parts (id, edition_session_id, position, module_id, part, title_en, title_es, minutes) VALUES (?, ?, 1, ?, 1, 'Part', 'Parte', 240)`,
			session+"-p", session, fmt.Sprintf("T%02d", n))
	}
}

// person adds somebody to a sector, with roles.
func (a *academy) person(sector people.Sector, name string, roles ...people.Role) people.PersonID {
	a.Helper()
	id, err := a.people.AddPerson(a.Context(), people.System(sector), people.NewPerson{GivenName: name, FamilyName: "Invented", Roles: roles})
	a.ok(err)
	return id
}

func as(id people.PersonID, sector people.Sector, roles ...people.Role) people.Viewer {
	return people.Seen(id, sector, roles, nil)
}

// class is a cohort that has begun: a coordinator, an instructor and trainees.
type class struct {
	id          cohorts.CohortID
	coordinator people.Viewer
	instructor  people.Viewer
	trainees    []people.Viewer
	enrolments  []cohorts.EnrolmentID
	sessions    []cohorts.Session
}

// plan meets Tuesdays and Thursdays at nine from Tue 3 Nov 2026.
func plan(edition courses.EditionID) cohorts.Plan {
	return cohorts.Plan{EditionID: edition, FirstDay: "2026-11-03", Days: []string{"tue", "thu"}, Start: "09:00", Mode: cohorts.InRoom}
}

func (a *academy) class(trainees int) class { return a.classOf("out-1", people.Outreach, trainees) }

func (a *academy) classOf(edition courses.EditionID, sector people.Sector, trainees int) class {
	a.Helper()
	ctx := a.Context()
	coordinator, instructor := a.person(sector, "Cora", people.Coordinator), a.person(sector, "Ines", people.Instructor)
	c := class{coordinator: as(coordinator, sector, people.Coordinator), instructor: as(instructor, sector, people.Instructor)}
	var err error
	c.id, err = a.store.Make(ctx, c.coordinator, plan(edition))
	a.ok(err)
	a.ok(a.store.Appoint(ctx, c.coordinator, c.id, instructor, cohorts.Lead))
	for i := range trainees {
		person := a.person(sector, fmt.Sprintf("Trainee%d", i))
		id, err := a.store.Enroll(ctx, c.coordinator, c.id, person)
		a.ok(err)
		c.trainees = append(c.trainees, as(person, sector, people.Trainee))
		c.enrolments = append(c.enrolments, id)
	}
	c.sessions, err = a.store.Sessions(ctx, c.coordinator, c.id)
	a.ok(err)
	return c
}

// mark marks one person in one session as the instructor.
func (a *academy) mark(c class, session, trainee int, status cohorts.Status, late, early int) {
	a.Helper()
	mark := cohorts.NewMark{Session: c.sessions[session].ID, Enrolment: c.enrolments[trainee], Status: status, MinutesLate: late, MinutesEarly: early}
	if status == cohorts.Excused {
		mark.Excuse = "court"
	}
	a.ok(a.store.Mark(a.Context(), c.instructor, mark))
}

// hold takes the roll of a session with one status for each trainee, closes it as the
// instructor and confirms it as the coordinator.
func (a *academy) hold(c class, session int, statuses ...cohorts.Status) {
	a.Helper()
	a.at(c.sessions[session].StartsAt.In(chicago).Format("2006-01-02 15:04"))
	for i, status := range statuses {
		a.mark(c, session, i, status, 0, 0)
	}
	a.ok(a.store.Close(a.Context(), c.instructor, c.sessions[session].ID))
	a.ok(a.store.Confirm(a.Context(), c.coordinator, c.sessions[session].ID))
}

func (a *academy) standing(c class, trainee int) cohorts.Totals {
	a.Helper()
	totals, err := a.store.Standing(a.Context(), c.coordinator, c.enrolments[trainee])
	a.ok(err)
	return totals
}

// atOnce runs work in parallel and gives the errors.
func atOnce(n int, work func(i int) error) []error {
	errs := make([]error, n)
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-start
			errs[i] = work(i)
		})
	}
	close(start)
	all.Wait()
	return errs
}

func newLine() string { return database.NewID() }
