// Package certtest makes a small Academy for tests of certificates and of what stands
// on them: one short course in two sectors, people who have done all it asks for, and
// staff who may decide.
package certtest

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/blob"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Migrations are the tables that an Academy here needs.
var Migrations = []fs.FS{people.Migrations, outbox.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations,
	assessment.Migrations, certificates.Migrations}

// BaseURL is the address of the Academy.
const BaseURL = "https://academy.example"

// Academy is a small one with a clock that the test turns. It begins at noon in Chicago
// on Tue 1 Dec 2026; the course met on Tue 3 Nov.
type Academy struct {
	*testing.T
	DB           *bun.DB
	People       people.Store
	Content      content.Store
	Courses      courses.Store
	Cohorts      cohorts.Store
	Assessment   assessment.Store
	Files        blob.Store
	Certificates certificates.Store
	Outer        []byte

	at atomic.Pointer[time.Time]
}

// Chicago is the Academy's zone.
var Chicago = func() *time.Location {
	zone, err := time.LoadLocation("America/Chicago")
	if err != nil {
		panic(err)
	}
	return zone
}()

// New makes an Academy on a database that has Migrations. Options change its issuer.
func New(t *testing.T, db *bun.DB, options ...func(*certificates.Issuer)) *Academy {
	t.Helper()
	a := &Academy{T: t, DB: db, Outer: []byte("an outer key of thirty-two bytes")}
	a.Turn("2026-12-01 12:00")
	a.People, a.Content = people.NewStore(db, a.Now), content.NewStore(db, a.Now)
	a.Courses = courses.NewStore(db, a.Now, a.Content)
	a.Cohorts = cohorts.NewStore(db, a.Now, a.People, a.Content)
	a.Assessment = assessment.NewStore(db, a.Now, a.People, a.Cohorts)
	var err error
	a.Files, err = blob.Open("dir:" + t.TempDir())
	a.Ok(err)
	issuer := certificates.Issuer{Outer: a.Outer, BaseURL: BaseURL}
	for _, option := range options {
		option(&issuer)
	}
	a.Certificates = certificates.NewStore(db, a.Now, a.Files, issuer,
		certificates.Rooms{People: a.People, Courses: a.Courses, Cohorts: a.Cohorts, Assessment: a.Assessment})
	folder, problems := content.Parse(files(), ".")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	quizzes, problems := assessment.ReadQuizzes(folder.Quizzes)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	_, err = a.Content.Import(t.Context(), folder)
	a.Ok(err)
	_, err = a.Assessment.Import(t.Context(), quizzes)
	a.Ok(err)
	_, err = a.Courses.Import(t.Context(), []courses.Edition{edition(people.Outreach), edition(people.LawEnforcement)})
	a.Ok(err)
	a.Ok(a.Certificates.EnsureKeys(t.Context()))
	return a
}

// Now is the Academy's clock.
func (a *Academy) Now() time.Time { return *a.at.Load() }

// Turn sets the clock to a moment in Chicago, "2006-01-02 15:04".
func (a *Academy) Turn(moment string) {
	a.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", moment, Chicago)
	a.Ok(err)
	at = clock.Cut(at)
	a.at.Store(&at)
}

// Ok fails the test on an error.
func (a *Academy) Ok(err error) {
	a.Helper()
	if err != nil {
		a.Fatal(err)
	}
}

// Person adds somebody with roles in a sector.
func (a *Academy) Person(sector people.Sector, name string, roles ...people.Role) people.Viewer {
	a.Helper()
	given, family, _ := strings.Cut(name, " ")
	id, err := a.People.AddPerson(a.Context(), people.System(sector), people.NewPerson{GivenName: given, FamilyName: family, Roles: roles})
	a.Ok(err)
	return people.Seen(id, sector, roles, nil)
}

// Class is a cohort whose one session was held and confirmed, with everyone who learns
// in it.
type Class struct {
	Cohort     cohorts.CohortID
	Instructor people.Viewer
	Enrolments []cohorts.EnrolmentID
}

// Class makes a class of these trainees, who have done all that the course asks for.
func (a *Academy) Class(sector people.Sector, trainees ...people.Viewer) Class {
	a.Helper()
	ctx, system, back := a.Context(), people.System(sector), *a.at.Load()
	defer a.at.Store(&back)
	a.Turn("2026-11-02 12:00")
	edition, err := a.Courses.EditionInForce(ctx, system, "PUT", "2026-11-02")
	a.Ok(err)
	c := Class{Instructor: a.Person(sector, "Ines Vale", people.Instructor)}
	c.Cohort, err = a.Cohorts.Make(ctx, system, cohorts.Plan{EditionID: edition.ID, FirstDay: "2026-11-03", Days: []string{"tue"}, Start: "09:00", Mode: cohorts.InRoom})
	a.Ok(err)
	a.Ok(a.Cohorts.Appoint(ctx, system, c.Cohort, c.Instructor.Person(), cohorts.Lead))
	for _, v := range trainees {
		id, err := a.Cohorts.Enroll(ctx, system, c.Cohort, v.Person())
		a.Ok(err)
		c.Enrolments = append(c.Enrolments, id)
	}
	a.hold(c)
	for i, v := range trainees {
		a.learn(ctx, c, c.Enrolments[i], v)
	}
	return c
}

func (a *Academy) hold(c Class) {
	a.Helper()
	system := people.System(c.Instructor.Sector())
	sessions, err := a.Cohorts.Sessions(a.Context(), system, c.Cohort)
	a.Ok(err)
	a.Turn("2026-11-03 11:05")
	for _, id := range c.Enrolments {
		a.Ok(a.Cohorts.Mark(a.Context(), c.Instructor, cohorts.NewMark{Session: sessions[0].ID, Enrolment: id, Status: cohorts.Present}))
	}
	a.Ok(a.Cohorts.Close(a.Context(), c.Instructor, sessions[0].ID))
	a.Ok(a.Cohorts.Confirm(a.Context(), system, sessions[0].ID))
}

// learn reads the module, answers its check and shows the practical skill, on Thu 5 Nov.
func (a *Academy) learn(ctx context.Context, c Class, id cohorts.EnrolmentID, v people.Viewer) {
	a.Helper()
	a.Turn("2026-11-05 20:00")
	a.Ok(a.Courses.MarkDone(ctx, v, "T07"))
	attempt, err := a.Assessment.Start(ctx, v, "T07")
	a.Ok(err)
	_, err = a.Assessment.SaveAnswer(ctx, v, assessment.Save{Attempt: attempt, Question: "q1", Device: "phone", Value: assessment.Answer{Choices: []int{1}}})
	a.Ok(err)
	a.Ok(a.Assessment.Submit(ctx, v, attempt, true))
	a.Ok(a.Assessment.Record(ctx, c.Instructor, id, "circle", assessment.Practised, ""))
}

// Graduate decides on an enrolment as the system does, and draws its copy.
func (a *Academy) Graduate(id cohorts.EnrolmentID, sector people.Sector) certificates.Certificate {
	a.Helper()
	made, err := a.Certificates.Graduate(a.Context(), people.System(sector), id)
	a.Ok(err)
	a.Work()
	return made
}

// Graduates gives somebody of a sector with a certificate and its first copy, drawn.
func (a *Academy) Graduates(sector people.Sector, name string) (people.Viewer, certificates.Certificate, certificates.Copy) {
	a.Helper()
	v := a.Person(sector, name, people.Trainee)
	made := a.Graduate(a.Class(sector, v).Enrolments[0], sector)
	copies, err := a.Certificates.Copies(a.Context(), v, made.ID)
	a.Ok(err)
	return v, made, copies[0]
}

// Work does the room's work that is due.
func (a *Academy) Work() {
	a.Helper()
	runner, err := outbox.New(a.DB, a.Now, a.Certificates.Jobs()...)
	a.Ok(err)
	a.Ok(runner.RunDue(a.Context()))
}

// File is the PDF of somebody's own copy.
func (a *Academy) File(v people.Viewer, id certificates.CopyID) []byte {
	a.Helper()
	file, err := a.Certificates.File(a.Context(), v, id)
	a.Ok(err)
	return file
}

// Exec runs a statement, for what no method does.
func (a *Academy) Exec(query string, args ...any) {
	a.Helper()
	_, err := a.DB.NewRaw(query, args...).Exec(a.Context())
	a.Ok(err)
}

const module = `---
id: T07
title: "%s"
lang: %s
version: 1
sensitivity: [O]
care: 1
minutes: 60
objectives:
  - Breathe.
sources:
  - "A book"
reviewed_by: Curriculum office
reviewed_on: 2026-11-01
---

## One

A calm text.
`

const quiz = `---
module: T07
title: "De-escalation: check"
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

> Your own calm comes first.
`

func files() fstest.MapFS {
	return fstest.MapFS{
		"t07-de-escalation.md":      {Data: fmt.Appendf(nil, module, "De-escalation", "en")},
		"t07-de-escalation.quiz.md": {Data: []byte(quiz)},
	}
}

// edition is Professional Understanding, shortened to one session of two hours. Its
// certificate is good for two years.
func edition(sector people.Sector) courses.Edition {
	return courses.Edition{CourseCode: "PUT", Sector: sector, Name: "2026", InForceOn: "2026-01-01", Minutes: 120, Hour: 60, BreaksCount: true, Grace: 10,
		Rule: courses.Full, KnowledgePass: 70, Wording: courses.Completed, ValidMonths: 24, Weeks: 1, WeeklySessions: 1,
		TitleEN: "Professional Understanding", TitleES: "Comprensión profesional",
		Competencies: []courses.Both{{EN: "Calm under pressure", ES: "Calma bajo presión"}, {EN: "Working side by side", ES: "Trabajar codo a codo"}},
		Practicals:   []courses.Practical{{ID: "circle", Both: courses.Both{EN: "Keeping a circle", ES: "Guiar un círculo"}}},
		Modules:      []courses.Requirement{{ModuleID: "T07", Required: true}},
		Sessions: []courses.Session{{Position: 1, Week: 1, TitleEN: "First", TitleES: "Primera", Minutes: 120,
			Parts: []courses.Part{{Position: 1, ModuleID: "T07", TitleEN: "De-escalation", TitleES: "Desescalada", Minutes: 120}}}}}
}
