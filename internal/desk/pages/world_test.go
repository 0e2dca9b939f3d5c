package pages_test

import (
	"fmt"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// world is an Outreach cohort in its eleventh week beside a police cohort, and the
// people around them.
type world struct {
	*house
	cohort, police cohorts.CohortID
	tasha          cohorts.EnrolmentID
	sessions       []cohorts.Session
	coordinator    people.Viewer
	instructor     people.Viewer
	partner        people.OrganisationID
	trainees       int
}

// add makes a person and signs them in under their first name as token.
func (h *house) add(name, family string, sector people.Sector, roles ...people.Role) people.Viewer {
	h.Helper()
	granted := roles
	if slices.Contains(roles, people.Auditor) { // a grant with an end, which no page here asks for
		granted = nil
	}
	id, err := h.desk.People.AddPerson(h.ctx, people.System(sector), people.NewPerson{GivenName: name, FamilyName: family, Roles: granted})
	if err != nil {
		h.Fatal(err)
	}
	v := people.Seen(id, sector, roles, nil)
	h.in[name] = people.Presence{Viewer: v, Name: name, Language: "en", Home: sector, Standings: []people.Sector{sector}}
	return v
}

func (h *house) ok(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// live fills the house with as many further trainees as told beside Tasha and Mo.
func (h *house) live(further int) *world {
	h.Helper()
	w := &world{house: h, trainees: further + 2}
	w.coordinator = h.add("Cora", "Lane", people.Outreach, people.Coordinator)
	h.add("Dora", "King", people.Outreach, people.Director)
	w.instructor = h.add("Denise", "Walker", people.Outreach, people.Instructor)
	second := h.add("Marcus", "Hill", people.Outreach, people.Instructor)
	h.add("Arlo", "Pen", people.Outreach, people.Author)
	h.add("Udo", "Look", people.Outreach, people.Auditor)
	tasha, mo := h.add("Tasha", "Reyes", people.Outreach, people.Trainee), h.add("Mo", "Adeyemi", people.Outreach, people.Trainee)
	w.cohort = w.begin(w.coordinator, "OUT", "2026-09-15", w.instructor, second)
	w.tasha = w.enroll(w.coordinator, w.cohort, tasha)
	w.enroll(w.coordinator, w.cohort, mo)
	for i := range further {
		w.enroll(w.coordinator, w.cohort, h.add(fmt.Sprintf("Trainee%d", i), "Invented", people.Outreach, people.Trainee))
	}
	w.sessions = w.hold(w.coordinator, w.instructor, w.cohort)

	chief := h.add("Petra", "Stone", people.LawEnforcement, people.Coordinator)
	teacher := h.add("Quincy", "Wolcott", people.LawEnforcement, people.Instructor)
	w.police = w.begin(chief, "CTA", "2026-11-24", teacher)
	w.enroll(chief, w.police, h.add("Oren", "Canaryfield", people.LawEnforcement, people.Trainee))
	h.at(morning)
	return w
}

// begin makes a cohort that meets Tuesdays and Thursdays at nine.
func (w *world) begin(v people.Viewer, code, firstDay string, instructors ...people.Viewer) cohorts.CohortID {
	w.Helper()
	w.at(time.Date(2026, 9, 14, 15, 0, 0, 0, time.UTC))
	edition, err := w.desk.Courses.EditionInForce(w.ctx, v, code, "2026-09-15")
	w.ok(err)
	id, err := w.desk.Cohorts.Make(w.ctx, v, cohorts.Plan{EditionID: edition.ID, FirstDay: firstDay, Days: []string{"tue", "thu"}, Start: "09:00", Mode: cohorts.InRoom})
	w.ok(err)
	for i, instructor := range instructors {
		role := cohorts.Lead
		if i > 0 {
			role = cohorts.Second
		}
		w.ok(w.desk.Cohorts.Appoint(w.ctx, v, id, instructor.Person(), role))
	}
	return id
}

func (w *world) enroll(v people.Viewer, cohort cohorts.CohortID, person people.Viewer) cohorts.EnrolmentID {
	w.Helper()
	id, err := w.desk.Cohorts.Enroll(w.ctx, v, cohort, person.Person())
	w.ok(err)
	return id
}

// hold takes the roll of every session before the morning: Mo misses the third, Tasha
// comes late to the second. The last but one waits for its second person, and the last
// roll is still open.
func (w *world) hold(coordinator, instructor people.Viewer, cohort cohorts.CohortID) []cohorts.Session {
	w.Helper()
	sessions, err := w.desk.Cohorts.Sessions(w.ctx, coordinator, cohort)
	w.ok(err)
	var past []cohorts.Session
	for _, s := range sessions {
		if s.EndsAt.Before(morning) {
			past = append(past, s)
		}
	}
	for i, s := range past[:len(past)-1] {
		w.at(s.StartsAt)
		roll, err := w.desk.Cohorts.Roll(w.ctx, instructor, s.ID)
		w.ok(err)
		for _, seat := range roll {
			mark := cohorts.NewMark{Session: s.ID, Enrolment: seat.EnrolmentID, Status: cohorts.Present}
			switch {
			case i == 2 && seat.Name == "Mo A.":
				mark.Status = cohorts.Absent
			case i == 1 && seat.Name == "Tasha R.":
				mark.MinutesLate = 30
			default:
				continue
			}
			w.ok(w.desk.Cohorts.Mark(w.ctx, instructor, mark))
		}
		w.ok(w.desk.Cohorts.MarkRest(w.ctx, instructor, s.ID, string(s.ID)))
		w.ok(w.desk.Cohorts.Close(w.ctx, instructor, s.ID))
		if i < len(past)-2 {
			w.ok(w.desk.Cohorts.Confirm(w.ctx, coordinator, s.ID))
		}
	}
	return sessions
}

// employ makes Mo the staff of a partner whose HR is Hana, and lets Mo say yes or no.
func (w *world) employ(shares bool) {
	w.Helper()
	system := people.System(people.Outreach)
	w.ok(w.desk.People.KeepOrganisations(w.ctx, people.KnownOrganisations))
	all, err := w.desk.People.Organisations(w.ctx)
	w.ok(err)
	w.partner = all[0].ID
	w.ok(w.desk.People.Partner(w.ctx, system, w.partner, "2026-01-01", ""))
	mo := w.in["Mo"].Viewer
	w.ok(w.desk.People.Employ(w.ctx, system, mo.Person(), w.partner, "2026-01-01", ""))
	hana := w.add("Hana", "Berg", people.Outreach)
	w.in["Hana"] = people.Presence{Viewer: people.Seen(hana.Person(), people.Outreach, []people.Role{people.PartnerHR}, []people.OrganisationID{w.partner}),
		Name: "Hana", Language: "en", Home: people.Outreach, Standings: []people.Sector{people.Outreach}}
	questions, err := w.desk.Cohorts.Questions(w.ctx, mo)
	w.ok(err)
	answers := map[string]bool{}
	for _, q := range questions {
		answers[q.Key()] = shares
	}
	w.ok(w.desk.Cohorts.Answer(w.ctx, mo, answers))
}
