package e2e

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// stage is one side of a demo that is brought to where every page and every form of it
// can be seen, by the same methods that pages call.
type stage struct {
	*testing.T
	a      *app.Academy
	ctx    context.Context
	sector people.Sector

	coordinator, second, director, teacher people.Viewer
	trainee                                people.Viewer // with an account
	feed                                   string        // the trainee's calendar
	pages                                  []string      // where a form stands that only this stage brings about
}

// setStage brings both sides there.
func setStage(t *testing.T, a *app.Academy) map[people.Sector]*stage {
	t.Helper()
	stages := map[people.Sector]*stage{}
	for _, sector := range []people.Sector{people.Outreach, people.LawEnforcement} {
		s := &stage{T: t, a: a, ctx: context.Background(), sector: sector}
		teacher, trainee, coordinator := "instructor", "trainee.es", "coordinator"
		if sector == people.LawEnforcement {
			teacher, trainee, coordinator = "instructor.police", "officer", "coordinator.police"
		}
		s.coordinator, s.second = s.as(coordinator, people.Coordinator), s.as("director", people.Coordinator)
		s.director, s.teacher, s.trainee = s.as("director", people.Director, people.Coordinator), s.as(teacher, people.Instructor), s.as(trainee, people.Trainee)
		for _, set := range []func(){s.classes, s.shortClass, s.graduates, s.checks, s.aloud, s.reflects, s.graded, s.joint, s.names, s.opened, s.notes, s.drafts, s.moved, s.bank, s.corrected, s.observed, s.advised, s.waits, s.rescheduled, s.elsewhere, s.taught} {
			set()
		}
		stages[sector] = s
	}
	s := stages[people.Outreach]
	s.must(a.Jobs.RunDue(s.ctx))
	return stages
}

func (s *stage) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// as is an account that stands on this side.
func (s *stage) as(account string, roles ...people.Role) people.Viewer {
	s.Helper()
	return people.Seen(people.PersonID(s.one(`SELECT person_id FROM sign_in_names WHERE name = ?`, account+"@demo.test")), s.sector, roles, nil)
}

// one reads one text.
func (s *stage) one(query string, args ...any) string {
	s.Helper()
	var texts []string
	s.must(s.a.DB.NewRaw(query, args...).Scan(s.ctx, &texts))
	if len(texts) == 0 {
		s.Fatalf("nothing is found by %s %v", query, args)
	}
	return texts[0]
}

func (s *stage) do(statement string, args ...any) {
	s.Helper()
	_, err := s.a.DB.NewRaw(statement, args...).Exec(s.ctx)
	s.must(err)
}

// classes makes one class over with everybody marked, and one that is on with one mark.
func (s *stage) classes() {
	s.Helper()
	now := s.a.Now()
	next := func() cohorts.SessionID {
		return cohorts.SessionID(s.one(`SELECT session.id FROM sessions AS session JOIN cohort_instructors AS i ON i.cohort_id = session.cohort_id AND i.person_id = ?
			WHERE session.sector = ? AND session.state = 'planned' AND session.starts_at > ?
			AND NOT EXISTS (SELECT 1 FROM joint_sides AS side WHERE side.session_id = session.id) ORDER BY session.starts_at DESC LIMIT 1`,
			s.teacher.Person(), s.sector, now))
	}
	over := next()
	s.do(`UPDATE sessions SET starts_at = ?, ends_at = ? WHERE id = ?`, now.Add(-3*time.Hour), now.Add(-time.Hour), over)
	s.must(s.a.Cohorts.MarkRest(s.ctx, s.teacher, over, "over"))
	on := next()
	s.do(`UPDATE sessions SET starts_at = ?, ends_at = ? WHERE id = ?`, now.Add(-time.Hour), now.Add(time.Hour), on)
	seats, err := s.a.Cohorts.Roll(s.ctx, s.teacher, on)
	s.must(err)
	s.pages = append(s.pages, "/sessions/"+string(over)+"/roll", "/sessions/"+string(on)+"/roll", "/sessions/"+string(on)+"/check-in", "/sessions/"+string(on)+"/sheet", "/sessions/"+string(on)+"/roll?paper=1", "/check-in", "/sessions/"+string(on)+"/roll?after="+string(seats[0].EnrolmentID))
	s.must(s.a.Cohorts.Mark(s.ctx, s.teacher, cohorts.NewMark{Session: on, Enrolment: seats[0].EnrolmentID, Status: cohorts.Present, Line: lineOf(s.sector)}))
	s.must(s.a.Cohorts.MakeCard(s.ctx, s.trainee))
	holder := people.Seen(seats[len(seats)-1].PersonID, s.sector, nil, nil)
	s.must(s.a.Cohorts.MakeCard(s.ctx, holder))
	card, err := s.a.Cohorts.MyCard(s.ctx, holder)
	s.must(err)
	s.must(s.a.Cohorts.WalkedIn(s.ctx, s.teacher, on, "Walker "+string(s.sector), lineOf(s.sector)))
	s.must(s.a.Cohorts.WalkedIn(s.ctx, s.teacher, on, "Wanderer "+string(s.sector), "second"+lineOf(s.sector)))
	s.pages = append(s.pages, "/sessions/"+string(on)+"/walk-ins", "/cards", "/cards/"+string(card.ID))
}

// taught names who teaches one class ahead, and notes what they are trained in.
func (s *stage) taught() {
	s.Helper()
	id := cohorts.SessionID(s.one(`SELECT session.id FROM sessions AS session JOIN cohort_instructors AS i ON i.cohort_id = session.cohort_id AND i.person_id = ? AND i.ended_at IS NULL
		WHERE session.sector = ? AND session.state = 'planned' AND session.starts_at > ?
		AND NOT EXISTS (SELECT 1 FROM joint_sides AS side WHERE side.session_id = session.id) ORDER BY session.starts_at DESC, session.id LIMIT 1`,
		s.teacher.Person(), s.sector, s.a.Now()))
	session, err := s.a.Cohorts.Session(s.ctx, s.coordinator, id)
	s.must(err)
	who := s.teacher.Person()
	s.must(s.a.Cohorts.SetTeachers(s.ctx, s.coordinator, cohorts.NewTeachers{Session: id, Seen: session.Revision, Persons: []people.PersonID{who}, Lead: who}))
	s.must(s.a.Cohorts.Qualify(s.ctx, s.coordinator, cohorts.NewQualification{Cohort: session.CohortID, Person: who, Code: "mediation"}))
	s.pages = append(s.pages, "/sessions/"+string(id)+"/instructors", "/cohorts/"+string(session.CohortID)+"/instructors")
}

// waits shows the list of those who wait for a seat, and whom a partner asks one for.
func (s *stage) waits() {
	s.Helper()
	full := s.one(`SELECT cohort_id FROM waits WHERE sector = ? AND ended_at IS NULL`, s.sector)
	s.pages = append(s.pages, "/cohorts/"+full+"/seats")
	if s.sector == people.Outreach {
		return // its partner has asked already
	}
	s.do(`INSERT INTO nominations (id, cohort_id, organisation_id, sector, given_name, family_name, email, phone, state, asked_by, asked_at)
		SELECT ?, ?, MIN(employment.organisation_id), ?, 'Orla', 'Quillfeather', '', '+13125550142', 'asked', ?, ? FROM employments AS employment`,
		database.NewID(), full, s.sector, s.coordinator.Person(), s.a.Now())
}

// shortClass lets a class whose roll is closed have ended an hour early.
func (s *stage) shortClass() {
	s.Helper()
	id := cohorts.SessionID(s.one(`SELECT id FROM sessions WHERE sector = ? AND state = 'closed' ORDER BY id LIMIT 1`, s.sector))
	session, err := s.a.Cohorts.Session(s.ctx, s.teacher, id)
	s.must(err)
	s.must(s.a.Cohorts.SetActualTimes(s.ctx, s.teacher, id, cohorts.ActualTimes{From: session.StartsAt, To: session.EndsAt.Add(-time.Hour)}))
	place := s.one(`SELECT enrolment_id FROM marks WHERE session_id = ? AND status = 'present' AND minutes_late = 0 ORDER BY id LIMIT 1`, id)
	s.pages = append(s.pages, "/sessions/"+string(id), "/sessions/"+string(id)+"/roll?seat="+place)
	s.must(s.a.Cohorts.Approve(s.ctx, s.teacher, cohorts.NewMakeUp{Enrolment: cohorts.EnrolmentID(place), Session: id, Kind: cohorts.OneToOne,
		Minutes: 5, DoneOn: today(0), Line: lineOf(s.sector)}))
}

// graduates lets a class have done all that is asked: one certificate stands, one is on
// hold, and on one place nobody has decided yet.
func (s *stage) graduates() {
	s.Helper()
	edition, err := s.a.Courses.EditionInForce(s.ctx, s.coordinator, "PUT", today(0))
	s.must(err)
	cohort, err := s.a.Cohorts.Make(s.ctx, s.coordinator, cohorts.Plan{EditionID: edition.ID, FirstDay: today(-80), Days: []string{"mon", "wed"}, Start: "06:00", Mode: cohorts.Online})
	s.must(err)
	s.must(s.a.Cohorts.Appoint(s.ctx, s.coordinator, cohort, s.teacher.Person(), cohorts.Lead))
	members := []people.PersonID{s.trainee.Person(), s.add("Zelda", "Onhold"), s.add("Walter", "Ready")}
	var places []cohorts.EnrolmentID
	for _, person := range members {
		place, err := s.a.Cohorts.Enroll(s.ctx, s.coordinator, cohort, person)
		s.must(err)
		places = append(places, place)
	}
	sessions, err := s.a.Cohorts.Sessions(s.ctx, s.coordinator, cohort)
	s.must(err)
	for _, session := range sessions {
		s.must(s.a.Cohorts.MarkRest(s.ctx, s.teacher, session.ID, "all"+string(session.ID)))
		s.must(s.a.Cohorts.Close(s.ctx, s.teacher, session.ID))
		s.must(s.a.Cohorts.Confirm(s.ctx, s.second, session.ID))
	}
	for i, person := range members {
		viewer := people.Seen(person, s.sector, []people.Role{people.Trainee}, nil)
		for _, module := range edition.Required() {
			_, err := s.a.Courses.Open(s.ctx, viewer, module, content.English, edition.ID)
			s.must(err)
			s.must(s.a.Courses.MarkDone(s.ctx, viewer, module))
			s.pass(viewer, places[i], string(module))
		}
		for _, practical := range edition.Practicals {
			s.must(s.a.Assessment.Record(s.ctx, s.teacher, places[i], practical.ID, assessment.Demonstrated, lineOf(s.sector)))
		}
	}
	for _, place := range places[:2] {
		certificate, err := s.a.Certificates.Graduate(s.ctx, s.director, place)
		s.must(err)
		if place == places[1] {
			s.must(s.a.Certificates.Hold(s.ctx, s.director, certificate.ID, "under_review"))
		}
	}
}

// moved brings a newer edition into force, to which one cohort may go and another has gone.
func (s *stage) moved() {
	s.Helper()
	edition, err := s.a.Courses.EditionInForce(s.ctx, s.coordinator, "PUT", today(0))
	s.must(err)
	var made []cohorts.CohortID
	for _, day := range []int{30, 60} {
		cohort, err := s.a.Cohorts.Make(s.ctx, s.coordinator, cohorts.Plan{EditionID: edition.ID, FirstDay: today(day), Days: []string{"tue", "thu"}, Start: "06:00", Mode: cohorts.Online})
		s.must(err)
		made = append(made, cohort)
	}
	newer := edition
	newer.Name, newer.InForceOn, newer.Grace, newer.Source = edition.Name+"-stage", today(-1), edition.Grace+5, edition.Source+"# with more grace\n"
	_, err = s.a.Courses.Import(s.ctx, []courses.Edition{newer})
	s.must(err)
	newer, err = s.a.Courses.EditionInForce(s.ctx, s.coordinator, "PUT", today(0))
	s.must(err)
	s.must(s.a.Cohorts.Move(s.ctx, s.coordinator, cohorts.NewMove{Cohort: made[1], From: edition.ID, Reason: lineOf(s.sector)}, newer, edition))
	for _, cohort := range made {
		s.pages = append(s.pages, "/cohorts/"+string(cohort)+"/edition")
	}
}

// observed lets two people watch the role plays of two trainees: one sheet is open, with a
// note, two differ in one part, and two are the same.
func (s *stage) observed() {
	s.Helper()
	var places []cohorts.EnrolmentID
	s.must(s.a.DB.NewRaw(`SELECT e.id FROM enrolments AS e WHERE e.state = 'active' AND e.person_id <> ? AND e.cohort_id = (SELECT cohort_id FROM enrolments WHERE person_id = ? AND state = 'active'
		ORDER BY enrolled_at LIMIT 1) ORDER BY e.id LIMIT 2`, s.trainee.Person(), s.trainee.Person()).Scan(s.ctx, &places))
	own := cohorts.EnrolmentID(s.one(`SELECT id FROM enrolments WHERE person_id = ? AND state = 'active' ORDER BY enrolled_at LIMIT 1`, s.trainee.Person()))
	for i, place := range append(places, own) {
		o, err := s.a.Assessment.Observation(s.ctx, s.teacher, place, 1)
		s.must(err)
		round := o.Round()
		for n, v := range []people.Viewer{s.teacher, s.coordinator} {
			lines := assessment.SheetLines{Enrolment: place, Number: 1, Round: round.Number, Send: i < 2, Line: lineOf(s.sector)}
			for k, c := range round.Rubric.Criteria {
				seen := assessment.Seen{Criterion: c.ID, Level: assessment.Practised}
				if k == 0 && n == 0 {
					seen.Note = "Watched by " + string(s.sector)
				}
				if k == 0 && n == 1 && i == 0 {
					seen.Level = assessment.Demonstrated
				}
				lines.Seen = append(lines.Seen, seen)
			}
			if i < 2 || n == 0 {
				s.must(s.a.Assessment.Observe(s.ctx, v, lines))
			}
		}
		s.pages = append(s.pages, "/enrolments/"+string(place)+"/practicals/1", "/enrolments/"+string(place)+"/practicals/1/release", "/enrolments/"+string(place)+"/practicals/2")
	}
}

// advised lets the side's edition ask for a final project; one trainee has an advisor and a
// talk that is planned, the others have neither.
func (s *stage) advised() {
	s.Helper()
	place := cohorts.EnrolmentID(s.one(`SELECT id FROM enrolments WHERE person_id = ? AND state = 'active' ORDER BY enrolled_at LIMIT 1`, s.trainee.Person()))
	edition := s.one(`SELECT c.edition_id FROM cohorts AS c JOIN enrolments AS e ON e.cohort_id = c.id WHERE e.id = ?`, place)
	practicals := strings.TrimSuffix(strings.TrimSpace(s.one(`SELECT CAST(practicals AS TEXT) FROM editions WHERE id = ?`, edition)), "]")
	s.do(`UPDATE editions SET capstone = TRUE, practicals = ? WHERE id = ?`, practicals+`, {"id": "capstone", "en": "Present the final project", "es": "Presentar el proyecto final"}]`, edition)
	// Who could graduate still can.
	s.do(`INSERT INTO practical_records (id, enrolment_id, practical_id, seq, level, line, at) SELECT 'final-' || e.id, e.id, 'capstone', 1, 'practised', 'final-' || e.id, ?
		FROM enrolments AS e JOIN cohorts AS c ON c.id = e.cohort_id WHERE c.edition_id = ? AND e.id <> ?`, s.a.Now(), edition, place)
	for _, kind := range []assessment.CapstoneKind{assessment.CapstoneAdvisor, assessment.CapstoneTalk} {
		s.must(s.a.Assessment.SayOfCapstone(s.ctx, s.coordinator, assessment.CapstoneWord{Enrolment: place, Kind: kind, With: s.teacher.Person(), Day: "2026-11-24"}))
	}
	s.pages = append(s.pages, "/enrolments/"+string(place)+"/practicals")
}

// rescheduled lets a cohort ahead have one session cancelled, so that its topic can be added
// again, and one moved.
func (s *stage) rescheduled() {
	s.Helper()
	edition, err := s.a.Courses.EditionInForce(s.ctx, s.coordinator, "PUT", today(0))
	s.must(err)
	cohort, err := s.a.Cohorts.Make(s.ctx, s.coordinator, cohorts.Plan{EditionID: edition.ID, FirstDay: today(90), Days: []string{"tue"}, Start: "06:00", Mode: cohorts.Online})
	s.must(err)
	s.must(s.a.Cohorts.Appoint(s.ctx, s.coordinator, cohort, s.teacher.Person(), cohorts.Lead))
	sessions, err := s.a.Cohorts.Sessions(s.ctx, s.coordinator, cohort)
	s.must(err)
	last := sessions[len(sessions)-1]
	for _, ask := range []cohorts.NewReschedule{
		{Kind: cohorts.CancelOne, Session: sessions[0].ID},
		{Kind: cohorts.MoveOne, Session: last.ID, Day: last.StartsAt.AddDate(0, 0, 1).Format(time.DateOnly), Start: "07:00", Mode: cohorts.Online},
	} {
		ask.Cohort, ask.Reason = cohort, "Moved in "+string(s.sector)
		plan, err := s.a.Cohorts.PreviewReschedule(s.ctx, s.coordinator, ask)
		s.must(err)
		ask.Seen = plan.Mark()
		s.must(s.a.Cohorts.Reschedule(s.ctx, s.coordinator, ask))
	}
	s.pages = append(s.pages, "/cohorts/"+string(cohort)+"/schedule", "/sessions/"+string(last.ID)+"/schedule", "/sessions/"+string(sessions[1].ID)+"/schedule")
}

// elsewhere lets the trainee have been trained elsewhere.
func (s *stage) elsewhere() {
	s.Helper()
	today := s.a.People.Today()
	s.must(s.a.Cohorts.AddOutside(s.ctx, s.coordinator, cohorts.NewOutside{Person: s.trainee.Person(), Category: "first_aid", Minutes: 240, DoneOn: today,
		Provider: "Elsewhere " + string(s.sector), SeenOn: today, Line: lineOf(s.sector)}))
	s.pages = append(s.pages, "/people/"+string(s.trainee.Person())+"/outside")
}

// lineOf is the key of a form that a side has sent: of a mark, a make-up and a practical.
func lineOf(sector people.Sector) string { return "line-of-" + string(sector) }

// add makes an account of this side.
func (s *stage) add(given, family string, roles ...people.Role) people.PersonID {
	s.Helper()
	person, err := s.a.People.AddPerson(s.ctx, people.System(s.sector), people.NewPerson{GivenName: given, FamilyName: family, Roles: roles})
	s.must(err)
	return person
}

// pass gives a place full marks in a module's check.
func (s *stage) pass(viewer people.Viewer, place cohorts.EnrolmentID, module string) {
	s.Helper()
	id, err := s.a.Assessment.Start(s.ctx, viewer, module)
	s.must(err)
	s.do(`UPDATE attempts SET enrolment_id = ?, finished_at = ?, percent = 100, correct = total, receipt = ? WHERE id = ?`, place, s.a.Now(), "R-"+id, id)
}

// checks lets people of a running class be stuck: one is to read a module again, with
// one is to be talked, one is in the middle.
func (s *stage) checks() {
	s.Helper()
	var stuck []people.PersonID
	s.must(s.a.DB.NewRaw(`SELECT e.person_id FROM enrolments AS e JOIN cohorts AS c ON c.id = e.cohort_id
		WHERE e.cohort_id = (SELECT cohort_id FROM enrolments WHERE person_id = ? AND state = 'active') AND e.person_id <> ? ORDER BY e.id LIMIT 1`,
		s.trainee.Person(), s.trainee.Person()).Scan(s.ctx, &stuck))
	talk := people.Seen(stuck[0], s.sector, []people.Role{people.Trainee}, nil)
	const module, other = "T28", "T27"
	for try := range 4 {
		if try == 2 {
			s.must(s.a.Assessment.ReadAgain(s.ctx, talk, module))
		}
		for _, viewer := range []people.Viewer{talk, s.trainee} {
			if viewer.Person() == s.trainee.Person() && try >= 2 {
				continue
			}
			id, err := s.a.Assessment.Start(s.ctx, viewer, module)
			s.must(err)
			s.must(s.a.Assessment.Submit(s.ctx, viewer, id, true))
		}
	}
	for i, module := range []string{other, "T01"} {
		id, err := s.a.Assessment.Start(s.ctx, s.trainee, module)
		s.must(err)
		s.do(`UPDATE attempts SET minutes = 300, deadline = ?, closes_at = ? WHERE id = ?`, s.a.Now().Add(5*time.Hour), s.a.Now().Add(6*time.Hour), id)
		if i == 0 { // she asks for time, and somebody was given some
			s.must(s.a.Assessment.Ask(s.ctx, s.trainee, id))
			place := cohorts.EnrolmentID(s.one(`SELECT enrolment_id FROM attempts WHERE id = ?`, id))
			cohort := cohorts.CohortID(s.one(`SELECT cohort_id FROM enrolments WHERE id = ?`, place))
			s.must(s.a.Assessment.Allow(s.ctx, s.coordinator, assessment.NewAllowance{Cohort: cohort, People: []cohorts.EnrolmentID{place}, ModuleID: "T28",
				Kind: assessment.MoreMinutes, Amount: 5, Reason: "agreed", Line: lineOf(s.sector)}))
			s.pages = append(s.pages, "/cohorts/"+string(cohort)+"/allowances")
		}
		if i > 0 {
			s.must(s.a.Assessment.Pause(s.ctx, s.trainee, id))
			s.pages = append(s.pages, "/attempts/"+string(id))
		}
	}
}

// aloud lets the coordinator ask somebody of a running class aloud.
func (s *stage) aloud() {
	s.Helper()
	place := cohorts.EnrolmentID(s.one(`SELECT MAX(e.id) FROM enrolments AS e WHERE e.state = 'active' AND e.person_id <> ?
		AND e.cohort_id = (SELECT cohort_id FROM enrolments WHERE person_id = ? AND state = 'active')`, s.trainee.Person(), s.trainee.Person()))
	cohort := cohorts.CohortID(s.one(`SELECT cohort_id FROM enrolments WHERE id = ?`, place))
	id, err := s.a.Assessment.Hear(s.ctx, s.coordinator, cohort, place, "T01")
	s.must(err)
	question := s.one(`SELECT question.id FROM questions AS question JOIN attempts AS attempt ON attempt.quiz_hash = question.quiz_hash
		WHERE attempt.id = ? AND question.type = 'single' ORDER BY question.position LIMIT 1`, id)
	_, err = s.a.Assessment.Enter(s.ctx, s.coordinator, assessment.Save{Attempt: id, Question: question, Device: "stage", Value: assessment.Answer{Choices: []int{0}}})
	s.must(err)
	s.pages = append(s.pages, "/cohorts/"+string(cohort)+"/results/t01/aloud", "/attempts/"+string(id)+"/aloud", "/attempts/"+string(id)+"/aloud/summary")
}

// reflects has somebody of the outreach side write something for themselves in a check
// that asks for it, and hand it in without sending it to anybody. No course of the other
// side has such a check.
func (s *stage) reflects() {
	s.Helper()
	if s.sector != people.Outreach {
		return
	}
	writer := s.as("trainee", people.Trainee)
	id, err := s.a.Assessment.Start(s.ctx, writer, "T13")
	s.must(err)
	question := s.one(`SELECT question.id FROM questions AS question JOIN attempts AS attempt ON attempt.quiz_hash = question.quiz_hash
		WHERE attempt.id = ? AND question.type = 'reflection'`, id)
	_, err = s.a.Assessment.SaveAnswer(s.ctx, writer, assessment.Save{Attempt: id, Question: question, Device: "stage", Value: assessment.Answer{Texts: []string{"I sleep badly."}}})
	s.must(err)
	s.must(s.a.Assessment.Submit(s.ctx, writer, id, true))
	s.pages = append(s.pages, "/attempts/"+string(id)+"/result")
}

// graded lets two graders differ about a long text of a running class of the outreach
// side. No course of the other side asks for one.
func (s *stage) graded() {
	s.Helper()
	if s.sector != people.Outreach {
		return
	}
	cohort := cohorts.CohortID(s.one(`SELECT id FROM cohorts WHERE course_code = 'CM' AND sector = ? LIMIT 1`, s.sector))
	s.must(s.a.Assessment.SetMarkers(s.ctx, s.coordinator, cohort, "T14", 2))
	texts, err := s.a.Assessment.GradingIn(s.ctx, s.coordinator, assessment.GradingOrder{Cohort: cohort, Module: "T14", ByPerson: true})
	s.must(err)
	differs := texts[len(texts)-1]
	for i, v := range []people.Viewer{s.coordinator, s.second} {
		s.must(s.a.Assessment.KeepPhrase(s.ctx, v, cohort, "Comment of "+string(v.Person())))
		s.must(s.a.Assessment.MarkText(s.ctx, v, assessment.NewMark{Points: i, GradingText: assessment.GradingText{Cohort: cohort, Module: "T14",
			Handle: assessment.Handle(v, differs.AttemptID, differs.QuestionID)}}))
		for _, one := range []assessment.ToGrade{texts[0], texts[len(texts)-2], differs} {
			s.pages = append(s.pages, "/cohorts/"+string(cohort)+"/grading/t14?by=person&answer="+assessment.Handle(v, one.AttemptID, one.QuestionID))
		}
	}
	s.pages = append(s.pages, "/cohorts/"+string(cohort)+"/grading/t14?by=person")
}

// joint proposes one more joint session to the other side.
func (s *stage) joint() {
	s.Helper()
	id := s.one(`SELECT o.id FROM sessions AS o JOIN sessions AS p ON p.starts_at = o.starts_at AND p.sector <> o.sector AND p.state = 'planned'
		WHERE o.sector = ? AND o.state = 'planned' AND o.starts_at > ? AND NOT EXISTS (SELECT 1 FROM joint_sides AS side WHERE side.session_id IN (o.id, p.id))
		ORDER BY o.starts_at, o.id LIMIT 1`, s.sector, s.a.Now())
	with := people.LawEnforcement
	if s.sector == with {
		with = people.Outreach
	}
	_, err := s.a.Cohorts.ProposeJoint(s.ctx, s.coordinator, cohorts.NewJoint{Session: cohorts.SessionID(id), With: with,
		Place: "Library, second floor", Agenda: "Welcome", GroundRules: "Everyone may pass."})
	s.must(err)
	free := s.one(`SELECT o.id FROM sessions AS o WHERE o.sector = ? AND o.state = 'planned' AND o.starts_at > ?
		AND NOT EXISTS (SELECT 1 FROM joint_sides AS side WHERE side.session_id = o.id) ORDER BY o.starts_at, o.id LIMIT 1`, s.sector, s.a.Now())
	s.pages = append(s.pages, "/joint/new?session="+free)
}

// names gives a second way to sign in to accounts, a calendar to the trainee, and the
// side somebody whom no class has.
func (s *stage) names() {
	s.Helper()
	for i, account := range pairs(s.T, s.a.DB, `SELECT person_id, sector FROM sign_in_names WHERE kind = 'email' ORDER BY name`) {
		if account.Sector == s.sector {
			s.must(s.a.People.AddName(s.ctx, people.System(s.sector), people.PersonID(account.Text), fmt.Sprintf("312-555-%04d", 100+i)))
		}
	}
	var err error
	s.feed, err = s.a.Cohorts.MakeFeed(s.ctx, s.trainee)
	s.must(err)
	s.add("Newcomer", "Canary")
}

// opened lets who coordinates this side alone open the account of who bridges from it,
// and give them a role.
func (s *stage) opened() {
	s.Helper()
	if s.sector != people.Outreach {
		return
	}
	s.pages = append(s.pages, "/people/"+string(s.second.Person()))
	alone := people.Seen(s.add("Olu", "Alone", people.Coordinator), s.sector, []people.Role{people.Coordinator}, nil)
	_, err := s.a.People.Open(s.ctx, alone, s.second.Person())
	s.must(err)
	_, err = s.a.People.Grant(s.ctx, alone, people.Grant{PersonID: s.second.Person(), Role: people.Instructor, Reason: "Teaches on Mondays"})
	s.must(err)
}

// notes lets the trainee keep as many as make a list that is looked through.
func (s *stage) notes() {
	s.Helper()
	module, err := s.a.Content.Module(s.ctx, s.trainee, "T07", content.English)
	s.must(err)
	for range 9 {
		_, err := s.a.Courses.KeepNote(s.ctx, s.trainee, module, courses.NewNote{Section: 1, Text: "Breathe first"})
		s.must(err)
	}
}

// drafts lets one draft of somebody else's wait for a review, and the director write
// another, of which one save was kept aside.
func (s *stage) drafts() {
	s.Helper()
	colleague := people.Seen(s.coordinator.Person(), s.sector, []people.Role{people.Author}, nil)
	if s.sector == people.Outreach {
		colleague = s.as("author", people.Author)
	}
	waits, err := s.a.Content.Revise(s.ctx, colleague, "T28")
	s.must(err)
	s.must(s.a.Content.Submit(s.ctx, colleague, waits, "teaching", "Change for "+string(s.sector)))
	own, err := s.a.Content.Begin(s.ctx, s.director, content.OfModule, "Canary of "+string(s.sector), "O")
	s.must(err)
	protocol, err := s.a.Content.Begin(s.ctx, s.director, content.OfProtocol, "Canary practice of "+string(s.sector), "O")
	s.must(err)
	_, texts, err := s.a.Content.Draft(s.ctx, s.director, own)
	s.must(err)
	first := texts[content.EnglishText]
	_, err = s.a.Content.Save(s.ctx, s.director, own, content.EnglishText, first.ID, first.Source+"\nOne.\n")
	s.must(err)
	aside, err := s.a.Content.Save(s.ctx, s.director, own, content.EnglishText, first.ID, first.Source+"\nTwo.\n")
	s.must(err)
	behind, err := s.a.Content.Revise(s.ctx, s.director, "T01")
	s.must(err)
	s.do(`UPDATE drafts SET base_version = 0 WHERE id = ?`, behind)
	s.pages = append(s.pages, "/drafts/"+string(waits), "/drafts/"+string(own), "/drafts/"+string(behind), "/drafts/"+string(own)+"/revisions/"+string(aside.ID),
		"/drafts/"+string(own)+"/texts/es?beside=original", "/drafts/"+string(own)+"/texts/check-en", "/drafts/"+string(behind)+"/texts/check-en",
		"/drafts/"+string(behind)+"/texts/check-en/changes", "/drafts/"+string(protocol), "/drafts/"+string(protocol)+"/texts/en")
}

// bank takes questions into the side's own bank: one is called as a question of a check,
// and says something else.
func (s *stage) bank() {
	s.Helper()
	file, err := assessment.ReadQuestionFile("", content.File{Path: "q.quiz.md", Bytes: []byte("## t28-q1\ntype: reflection\ntags: calm\n\nWhat helped of " + string(s.sector) + "?\n\n## other\ntype: single\n\nWho?\n\n- [x] You\n- [ ] They\n")}, content.English)
	s.must(err)
	_, _, err = s.a.Assessment.ImportQuestions(s.ctx, s.director, "PUT", file, assessment.ImportRules{ModuleID: "T28"})
	s.must(err)
	id := s.one(`SELECT id FROM bank_questions WHERE sector = ? AND course = 'PUT' ORDER BY id LIMIT 1`, s.sector)
	bytes := []byte("What did " + string(s.sector) + " hear?{~Noise =Words}\n")
	waits, err := assessment.ReadQuestionFile("", content.File{Path: "q.txt", Bytes: bytes}, content.English)
	s.must(err)
	upload, err := s.a.Assessment.KeepUpload(s.ctx, s.director, assessment.BankUpload{Course: "PUT", FileName: "q.txt", Lang: content.English, Bytes: bytes}, waits)
	s.must(err)
	s.pages = append(s.pages, "/courses/PUT/questions/imports", "/courses/PUT/questions/uploads/"+string(upload))
	s.pages = append(s.pages, "/courses/PUT/questions", "/courses/PUT/questions/"+id, "/courses/PUT/questions/"+id+"/correction")
}

// corrected lets the check of a module that both sides take have another key than the one
// by which people of each have been scored.
func (s *stage) corrected() {
	s.Helper()
	files, version, err := s.a.Assessment.NewestFiles(s.ctx, "T28")
	s.must(err)
	if version == 1 {
		for i, f := range files {
			head, rest, _ := strings.Cut(strings.Replace(string(f.Source), "version: 1", "version: 2", 1), "- [x]")
			files[i].Source, files[i].Path = []byte(strings.Replace(head, "- [ ]", "- [x]", 1)+"- [ ]"+rest), strings.Replace(f.Path, ".quiz", ".v2.quiz", 1)
		}
		quizzes, problems := assessment.ReadQuizzes(files)
		if len(problems) > 0 {
			s.Fatal(problems)
		}
		_, err = s.a.Assessment.Import(s.ctx, quizzes)
		s.must(err)
	}
	s.pages = append(s.pages, "/modules/t28/check/corrections")
}
