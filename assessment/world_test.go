package assessment_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// world is a small Academy: an outreach cohort with two trainees, an instructor and a
// coordinator, and a police cohort with an officer. T07 is for both, T19 for outreach
// alone, T20 for police alone.
type world struct {
	testing.TB
	ctx     context.Context
	db      *bun.DB
	today   time.Time
	content content.Store
	people  people.Store
	cohorts cohorts.Store
	assessment.Store

	maya, omar, coach, boss, officer people.Viewer
	cohort, police                   cohorts.CohortID
	mayas, omars                     cohorts.EnrolmentID
}

// each runs the body on both engines in a world of its own.
func each(t *testing.T, body func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) { body(newWorld(t, db)) },
		people.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations, assessment.Migrations, outbox.Migrations)
}

// race runs the body on PostgreSQL, where two writers really meet.
func race(t *testing.T, body func(w *world)) {
	t.Helper()
	t.Parallel()
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) { body(newWorld(t, db)) },
		people.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations, assessment.Migrations, outbox.Migrations)
}

// bench runs the body on both engines, those that are there.
func bench(b *testing.B, body func(b *testing.B, w *world)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			body(b, newWorld(b, dbtest.Open(b, engine, people.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations, assessment.Migrations, outbox.Migrations)))
		})
	}
}

func newWorld(t testing.TB, db *bun.DB) *world {
	t.Helper()
	w := &world{TB: t, ctx: t.Context(), db: db, today: time.Date(2026, 11, 24, 18, 0, 0, 0, time.UTC)}
	now := func() time.Time { return w.today }
	w.people, w.content = people.NewStore(db, now), content.NewStore(db, now)
	w.cohorts = cohorts.NewStore(db, now, w.people, w.content)
	w.Store = assessment.NewStore(db, now, w.people, w.cohorts)

	folder, problems := content.Parse(files(), ".")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	quizzes, problems := assessment.ReadQuizzes(folder.Quizzes)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	must(t)(w.content.Import(w.ctx, folder))
	must(t)(w.Store.Import(w.ctx, quizzes))
	must(t)(courses.NewStore(db, now, w.content).Import(w.ctx, []courses.Edition{
		edition(people.Outreach, "T07", "T19"), edition(people.LawEnforcement, "T07", "T20"),
	}))

	w.maya = w.person(people.Outreach, "Maya Ortiz", people.Trainee)
	w.omar = w.person(people.Outreach, "Omar Bell", people.Trainee)
	w.coach = w.person(people.Outreach, "Ruth Cole", people.Instructor)
	w.boss = w.person(people.Outreach, "Lena Diaz", people.Coordinator)
	w.officer = w.person(people.LawEnforcement, "Sam Novak", people.Trainee)
	w.cohort = w.makeCohort(people.Outreach)
	w.police = w.makeCohort(people.LawEnforcement)
	w.mayas, w.omars = w.enrol(w.cohort, w.maya), w.enrol(w.cohort, w.omar)
	w.enrol(w.police, w.officer)
	w.appoint(w.cohort, w.coach)
	return w
}

// must gives a function that fails the test on an error and passes the value on.
func must(t testing.TB) func(value any, err error) any {
	return func(value any, err error) any {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

func (w *world) person(sector people.Sector, name string, roles ...people.Role) people.Viewer {
	w.Helper()
	given, family, _ := strings.Cut(name, " ")
	id, err := w.people.AddPerson(w.ctx, people.System(sector), people.NewPerson{GivenName: given, FamilyName: family,
		Email: strings.ToLower(given) + "@example.org", Roles: roles})
	if err != nil {
		w.Fatal(err)
	}
	return people.Seen(id, sector, roles, nil)
}

func (w *world) makeCohort(sector people.Sector) cohorts.CohortID {
	w.Helper()
	var edition courses.EditionID
	if err := w.db.NewRaw(`SELECT id FROM editions WHERE sector = ?`, sector).Scan(w.ctx, &edition); err != nil {
		w.Fatal(err)
	}
	id, err := w.cohorts.Make(w.ctx, people.System(sector), cohorts.Plan{EditionID: edition, FirstDay: "2026-11-03",
		Days: []string{"tue"}, Start: "09:00", Mode: cohorts.InRoom})
	if err != nil {
		w.Fatal(err)
	}
	return id
}

func (w *world) enrol(cohort cohorts.CohortID, who people.Viewer) cohorts.EnrolmentID {
	w.Helper()
	id, err := w.cohorts.Enroll(w.ctx, people.System(who.Sector()), cohort, who.Person())
	if err != nil {
		w.Fatal(err)
	}
	return id
}

func (w *world) appoint(cohort cohorts.CohortID, who people.Viewer) {
	w.Helper()
	if err := w.cohorts.Appoint(w.ctx, people.System(who.Sector()), cohort, who.Person(), cohorts.Lead); err != nil {
		w.Fatal(err)
	}
}

// reads lets a person read a module to its end at the world's time.
func (w *world) reads(who people.Viewer, module content.ModuleID) {
	w.Helper()
	m, err := w.content.Module(w.ctx, who, module, content.English)
	if err != nil {
		w.Fatal(err)
	}
	_, err = w.db.NewRaw(`INSERT INTO readings (id, person_id, module_id, hash, lang, opened_at, done_at) VALUES (?, ?, ?, ?, 'en', ?, ?)
		ON CONFLICT (person_id, module_id) DO UPDATE SET done_at = excluded.done_at`,
		string(who.Person())+string(module), who.Person(), module, m.Hash, w.today, w.today).Exec(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
}

// start begins an attempt.
func (w *world) start(who people.Viewer, module string) assessment.AttemptID {
	w.Helper()
	id, err := w.Start(w.ctx, who, module)
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// answers saves choices by question, from one device.
func (w *world) answers(who people.Viewer, id assessment.AttemptID, answers map[string][]int) {
	w.Helper()
	for question, choices := range answers {
		if _, err := w.SaveAnswer(w.ctx, who, save(id, question, 0, "phone", choices...)); err != nil {
			w.Fatal(err)
		}
	}
}

// tries makes one whole attempt.
func (w *world) tries(who people.Viewer, module string, answers map[string][]int) assessment.Paper {
	w.Helper()
	id := w.start(who, module)
	w.answers(who, id, answers)
	w.today = w.today.Add(time.Minute)
	if err := w.Submit(w.ctx, who, id, true); err != nil {
		w.Fatal(err)
	}
	result, err := w.Result(w.ctx, who, id)
	if err != nil {
		w.Fatal(err)
	}
	return result
}

func save(id assessment.AttemptID, question string, version int, device string, choices ...int) assessment.Save {
	return assessment.Save{Attempt: id, Question: question, Version: version, Device: device, Value: assessment.Answer{Choices: choices}}
}

func (w *world) wantNotFound(what string, err error) {
	w.Helper()
	if !errors.Is(err, fault.NotFound) {
		w.Errorf("%s: %v, want not found", what, err)
	}
}

func (w *world) wantConflict(what, key string, err error) {
	w.Helper()
	var conflict *fault.ConflictError
	if !errors.As(err, &conflict) || conflict.Key != key {
		w.Errorf("%s: %v, want conflict %s", what, err, key)
	}
}

// right answers the quiz of any module of this world without a mistake.
var right = map[string][]int{"q1": {1}, "q2": {0, 2}, "q3": {1}}

const quiz = `---
module: %s
title: "Check: %s"
lang: en
version: 1
---

## q1
type: single
objective: 1

What do you do first?

- [ ] Leave
  > Not yet.
- [x] Breathe
  > Yes.
- [ ] Shout
  > That adds heat.

> Your own calm comes first.

## q2
type: multiple

Which of these help?

- [x] A low voice
  > Yes.
- [ ] A crowd
  > A crowd adds heat.
- [x] Some room
  > Yes.

## q3
type: truefalse

Everyone calms down at the same speed.

- [ ] True
  > People differ.
- [x] False
  > Right.
`

// files are the curriculum of the world.
func files() fstest.MapFS {
	fsys := fstest.MapFS{}
	for id, tag := range map[string]string{"T07": "O", "T19": "C", "T20": "P"} {
		slug := strings.ToLower(id)
		fsys[slug+"-topic.md"] = &fstest.MapFile{Data: []byte(fmt.Sprintf("---\nid: %s\ntitle: Topic\nlang: en\nversion: 1\nsensitivity: [%s]\ncare: 1\nminutes: 60\n"+
			"objectives:\n  - Breathe.\nsources:\n  - \"A book\"\nreviewed_by: Curriculum office\nreviewed_on: 2026-11-16\n---\n\n## One\n\nA calm text.\n", id, tag))}
		fsys[slug+"-topic.quiz.md"] = &fstest.MapFile{Data: []byte(fmt.Sprintf(quiz, id, id))}
	}
	return fsys
}

// edition is a course of one session with these modules, all required, and two practicals.
func edition(sector people.Sector, modules ...content.ModuleID) courses.Edition {
	e := courses.Edition{CourseCode: "PUT", Sector: sector, Name: "2026", InForceOn: "2026-01-01", Minutes: 60 * len(modules), Hour: 60,
		BreaksCount: true, Rule: courses.Full, KnowledgePass: 70, Wording: courses.Completed, Weeks: 1, WeeklySessions: 1,
		TitleEN: "Professional Understanding", TitleES: "Comprensión profesional", Competencies: []courses.Both{},
		Practicals: []courses.Practical{{ID: "listen", Both: courses.Both{EN: "Listening", ES: "Escuchar"}},
			{ID: "circle", Both: courses.Both{EN: "Keeping a circle", ES: "Guiar un círculo"}}}}
	session := courses.Session{Position: 1, Week: 1, TitleEN: "First", TitleES: "Primera", Minutes: 60 * len(modules)}
	for i, id := range modules {
		session.Parts = append(session.Parts, courses.Part{Position: i + 1, ModuleID: id, TitleEN: "Topic", TitleES: "Tema", Minutes: 60})
		e.Modules = append(e.Modules, courses.Requirement{ModuleID: id, Required: true})
	}
	e.Sessions = []courses.Session{session}
	return e
}

// trainee is a new trainee of the outreach cohort.
func (w *world) trainee(n int) people.Viewer {
	w.Helper()
	v := w.person(people.Outreach, fmt.Sprintf("Trainee%d Test", n), people.Trainee)
	w.enrol(w.cohort, v)
	return v
}

// enrolRaw enrols without the rules of cohorts: an instructor of one cohort of an
// edition who came to learn in another before they began to teach.
func (w *world) enrolRaw(cohort cohorts.CohortID, who people.Viewer) cohorts.EnrolmentID {
	w.Helper()
	id := cohorts.EnrolmentID("raw-" + string(who.Person()))
	_, err := w.db.NewRaw(`INSERT INTO enrolments (id, cohort_id, person_id, sector, state, enrolled_at) VALUES (?, ?, ?, ?, 'active', ?)`,
		id, cohort, who.Person(), who.Sector(), w.today).Exec(w.ctx)
	if err != nil {
		w.Fatal(err)
	}
	return id
}

// talkDue uses up four tries at T07.
func (w *world) talkDue(place cohorts.EnrolmentID, who people.Viewer) {
	w.Helper()
	for n := range 4 {
		w.today = w.today.Add(time.Minute)
		if n == 2 {
			if err := w.ReadAgain(w.ctx, who, "T07"); err != nil {
				w.Fatal(err)
			}
		}
		w.tries(who, "T07", map[string][]int{"q1": {0}})
	}
}
