package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// wheel is a clock that a journey puts forward.
type wheel struct{ forward atomic.Int64 }

func (w *wheel) now() time.Time {
	return clock.Cut(time.Now().Add(time.Duration(w.forward.Load())))
}

// turn puts the clock forward to an hour after a time.
func (w *wheel) turn(to time.Time) {
	if ahead := to.Add(time.Hour).Sub(w.now()); ahead > 0 {
		w.forward.Add(int64(ahead))
	}
}

// staff does, through the stores, what people on the other side of a journey do.
type staff struct {
	t      *testing.T
	a      *app.Academy
	sector people.Sector
}

func (s staff) ctx() context.Context { return context.Background() }

func (s staff) ok(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// person is the account of a demo address.
func (s staff) person(account string) people.PersonID {
	s.t.Helper()
	id, err := s.a.People.BySignInName(s.ctx(), people.System(s.sector), account+"@demo.test")
	s.ok(err)
	return id
}

func (s staff) as(account string, roles ...people.Role) people.Viewer {
	s.t.Helper()
	sector := s.sector
	if account == "director" {
		sector = people.Outreach // where the account is; the bridge lets it act in the other
	}
	return people.Seen(staff{s.t, s.a, sector}.person(account), s.sector, roles, nil)
}

func (s staff) coordinator() people.Viewer {
	if s.sector == people.LawEnforcement {
		return s.as("coordinator.police", people.Coordinator)
	}
	return s.as("coordinator", people.Coordinator)
}

func (s staff) instructor() people.Viewer {
	if s.sector == people.LawEnforcement {
		return s.as("instructor.police", people.Instructor)
	}
	return s.as("instructor", people.Instructor)
}

// makeClass makes a cohort of a course that began some days ago and meets twice a week.
func (s staff) makeClass(course string, daysAgo int) cohorts.CohortID {
	s.t.Helper()
	first := s.a.Now().In(s.a.People.Zone()).AddDate(0, 0, -daysAgo)
	v, weekdays := s.coordinator(), []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	edition, err := s.a.Courses.EditionInForce(s.ctx(), v, course, s.a.People.Today())
	s.ok(err)
	id, err := s.a.Cohorts.Make(s.ctx(), v, cohorts.Plan{EditionID: edition.ID, FirstDay: first.Format(time.DateOnly), Start: "09:00", Mode: cohorts.Online,
		Days: []string{weekdays[first.Weekday()], weekdays[(first.Weekday()+3)%7]}})
	s.ok(err)
	s.ok(s.a.Cohorts.Appoint(s.ctx(), v, id, s.instructor().Person(), cohorts.Lead))
	return id
}

// holdPast takes the roll of every session that has been, everyone present, and has a
// second person confirm it; it gives the end of the last session of all.
func (s staff) holdPast(class cohorts.CohortID) (end time.Time) {
	s.t.Helper()
	teacher, second := s.instructor(), s.coordinator()
	sessions, err := s.a.Cohorts.Sessions(s.ctx(), second, class)
	s.ok(err)
	for _, session := range sessions {
		end = session.EndsAt
		if session.EndsAt.After(s.a.Now()) {
			continue
		}
		if session.State == cohorts.Planned {
			s.ok(s.a.Cohorts.MarkRest(s.ctx(), teacher, session.ID, "rest-"+string(session.ID)))
			s.ok(s.a.Cohorts.Close(s.ctx(), teacher, session.ID))
			session.State = cohorts.Closed
		}
		if session.State == cohorts.Closed {
			s.ok(s.a.Cohorts.Confirm(s.ctx(), second, session.ID))
		}
	}
	return end
}

// finish does all that a place still lacks for its certificate: make-ups, reading,
// checks and practicals.
func (s staff) finish(place cohorts.Place) {
	s.t.Helper()
	absences, err := s.a.Cohorts.Absences(s.ctx(), s.coordinator(), place.ID)
	s.ok(err)
	for _, absence := range absences {
		s.ok(s.a.Cohorts.Approve(s.ctx(), s.coordinator(), cohorts.NewMakeUp{Enrolment: place.ID, Session: absence.ID,
			Kind: cohorts.OneToOne, Minutes: absence.Open(), DoneOn: s.a.People.Today()}))
	}
	v := people.Seen(place.PersonID, s.sector, []people.Role{people.Trainee}, nil)
	edition, err := s.a.Courses.EditionInForce(s.ctx(), v, place.CourseCode, s.a.People.Today())
	s.ok(err)
	s.learn(v, edition)
	for _, practical := range edition.Practicals {
		s.ok(s.a.Assessment.Record(s.ctx(), s.instructor(), place.ID, practical.ID, assessment.Demonstrated, ""))
	}
}

// learn reads every required module and passes the check of each that was not passed.
func (s staff) learn(v people.Viewer, edition courses.Edition) {
	s.t.Helper()
	for _, module := range edition.Required() {
		_, err := s.a.Courses.Open(s.ctx(), v, module, content.English, edition.ID)
		s.ok(err)
		s.ok(s.a.Courses.MarkDone(s.ctx(), v, module))
		check, err := s.a.Assessment.Check(s.ctx(), v, string(module))
		s.ok(err)
		if best, tried := check.Best(); tried && best >= check.Pass {
			continue
		}
		id, err := s.a.Assessment.Start(s.ctx(), v, string(module))
		s.ok(err)
		for question, right := range s.keys(v, id) {
			_, err := s.a.Assessment.SaveAnswer(s.ctx(), v, assessment.Save{Attempt: id, Question: question, Device: "journey", Value: right})
			s.ok(err)
		}
		s.ok(s.a.Assessment.Submit(s.ctx(), v, id, true))
	}
}

// keys are the right answers of an attempt, by question, which no page shows while it runs.
func (s staff) keys(v people.Viewer, id assessment.AttemptID) map[string]assessment.Answer {
	s.t.Helper()
	paper, err := s.a.Assessment.Attempt(s.ctx(), v, id)
	s.ok(err)
	var questions []assessment.Question
	s.ok(s.a.DB.NewSelect().Model(&questions).Where("quiz_hash = ?", paper.QuizHash).OrderExpr("position").Scan(s.ctx()))
	keys := map[string]assessment.Answer{}
	for _, question := range questions {
		if question.Counts() {
			keys[question.ID] = question.Solution()
		}
	}
	return keys
}

// graduate is the director's decision on a place.
func (s staff) graduate(place cohorts.EnrolmentID) certificates.Certificate {
	s.t.Helper()
	certificate, err := s.a.Certificates.Graduate(s.ctx(), s.as("director", people.Director, people.Coordinator), place)
	s.ok(err)
	return certificate
}

// placeOf is the newest place of a person.
func (s staff) placeOf(person people.PersonID) cohorts.Place {
	s.t.Helper()
	places, err := s.a.Cohorts.MyPlaces(s.ctx(), people.Seen(person, s.sector, []people.Role{people.Trainee}, nil))
	s.ok(err)
	if len(places) == 0 {
		s.t.Fatal("no place")
	}
	return places[0]
}

// checked is what the public API says of a certificate.
type checked struct {
	Verdict    string
	Credential *struct {
		CredentialSubject struct {
			Identifier []struct{ IdentityHash string }
		}
	}
}

// verifyNumber asks the API for a number with its share code, as one word.
func verifyNumber(t *testing.T, base, code string) checked {
	t.Helper()
	response, err := http.Get(base + "/api/v1/verify/" + code)
	return readChecked(t, response, err)
}

// verifyFile sends the API a file.
func verifyFile(t *testing.T, base string, file []byte) checked {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "certificate.pdf")
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	response, err := http.Post(base+"/api/v1/verify", form.FormDataContentType(), strings.NewReader(body.String()))
	return readChecked(t, response, err)
}

func readChecked(t *testing.T, response *http.Response, err error) (c checked) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	if err := json.NewDecoder(response.Body).Decode(&c); err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("the check answers %d: %v", response.StatusCode, err)
	}
	return c
}
