package e2e

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// planner is the coordinator who plans for both sectors, one at a time.
type planner struct {
	*tab
	a              *app.Academy
	own            *visitor // the same account at the door
	tasha          string   // the enrolment of trainee@demo.test
	session        string   // the class whose roll an instructor has just closed
	cohort, police string   // the cohorts that are made
}

func TestCoordinatorsJourney(t *testing.T) {
	a := openAcademyBy(t, inClass(t))
	p := &planner{tab: openTab(t, a.Config.BaseURL, phone), a: a, own: signIn(t, a, "coordinator")}
	instructor, tasha := signIn(t, a, "instructor"), signIn(t, a, "trainee")
	p.instructorClosesARoll(instructor)
	before := strings.Count(tasha.reads("/enrolments/"+p.tasha, "+3 h 30 min"), "Not confirmed yet")
	p.signIn("coordinator@demo.test")
	p.confirms()
	instructor.reads(p.session, "Confirmed by two people")
	if page := tasha.reads("/enrolments/"+p.tasha, "+3 h 30 min"); strings.Count(page, "Not confirmed yet") != before-1 {
		t.Fatalf("%d sessions were not confirmed, and one is now; Tasha reads\n%s", before, plain(page))
	}
	p.approvesAMakeUp()
	tasha.reads("/enrolments/"+p.tasha, "+30 min", "approved by Monique")
	p.makesACohort()
	p.enrolsFromAFile()
	p.appoints(instructor)
	p.makesTheParallel()
	p.sharesASession(instructor)
}

// instructorClosesARoll takes the open roll at the door: Tasha half an hour late, the
// rest present. Who took it can't confirm it.
func (p *planner) instructorClosesARoll(v *visitor) {
	p.t.Helper()
	p.session = strings.TrimSuffix(rollLink.FindString(v.reads("/", "Take the roll")), "/roll")
	v.reads(p.session+"/roll", cohort22)
	p.tasha = regexp.MustCompile(`seat=([0-9a-f-]+)"[^>]*aria-label="Tasha R\.`).FindStringSubmatch(v.reads(p.session + "/roll"))[1]
	v.refused(303, p.session+"/marks", "enrolment", p.tasha, "mark", "late", "chip", "30", "line", "tasha")
	v.refused(303, p.session+"/marks/rest", "line", "rest")
	v.refused(303, p.session+"/closure")
	v.refused(409, p.session+"/confirmation")
}

func (p *planner) confirms() {
	p.t.Helper()
	p.says("You are working in", "Outreach", "Sessions to confirm")
	roll := p.session + "/roll"
	p.press(`main a[href="` + roll + `"].button`)
	p.says("Waiting for a second person", "Late 1", "Not marked 0")
	p.press(`main form[action$="/confirmation"] button`)
	p.at("/confirmations")
	p.says("The session is confirmed. Its minutes count.")
	if p.js(`return String(document.querySelectorAll('main a[href="`+roll+`"]').length)`) != "0" {
		p.t.Fatal("a confirmed session still waits")
	}
	p.own.refused(409, p.session+"/confirmation")
}

// approvesAMakeUp cures Tasha's half hour, found by way of her cohort.
func (p *planner) approvesAMakeUp() {
	p.t.Helper()
	p.pressWords("Cohorts")
	p.pressWords("Outreach Training, Cohort 22")
	p.press(`main a[href="/enrolments/` + p.tasha + `"]`)
	p.says("30 min missing", "Approve a make-up", "Leave it empty for all that is missing")
	p.settle("session", `const o = [...at.options].find((o) => o.text.replace(/\s/g, " ").includes("30 min missing")); const ok = Boolean(o); if (ok) at.value = o.value;`)
	p.choose("kind", "One to one")
	p.fill("minutes", "31")
	p.refused(`main form[action$="/make-ups"] button`, 422)
	p.says("Only 30 minutes of this session are still missing")
	p.fill("minutes", "")
	p.press(`main form[action$="/make-ups"] button`)
	p.says("The make-up is added", "approved by Monique")
	p.saysNot("30 min missing")
}

// cohorts counts the cohorts of the sector where the account stands at the door.
func (p *planner) cohorts() int {
	p.t.Helper()
	return len(regexp.MustCompile(`href="/cohorts/[0-9a-f-]{36}"`).FindAllString(p.own.reads("/cohorts"), -1))
}

func (p *planner) makesACohort() {
	p.t.Helper()
	before := p.cohorts()
	p.pressWords("Cohorts")
	p.pressWords("Make a cohort")
	p.choose("edition", "PUT")
	p.set("first_day", p.a.Now().AddDate(0, 0, 21).Format(time.DateOnly))
	p.set("start", "18:00")
	p.tick("days", "tue")
	p.tick("days", "thu")
	p.choose("room", "Lake room")
	p.pressWords("See the sessions first")
	p.says("7 sessions", "Nothing is saved yet", "6:00", "Roles and scene etiquette")
	if n := p.cohorts(); n != before {
		p.t.Fatalf("a preview made %d cohorts", n-before)
	}
	p.pressWords("Make the cohort")
	p.says("The cohort is made", "Professional Understanding Training, Cohort 5", "Lake room")
	p.cohort = strings.Split(p.where(), "/sessions")[0]
	if n := p.cohorts(); n != before+1 {
		p.t.Fatalf("%d cohorts were made", n-before)
	}
	if n := p.js(`return String(document.querySelectorAll("main tbody tr").length)`); n != "7" {
		p.t.Fatalf("a cohort of 7 sessions has %s", n)
	}
}

const (
	heading  = "external_id,given_name,family_name,chosen_name,email,language\r\n"
	badFile  = heading + "m-1,Jocelyn,Baptiste-Ramos,,jocelyn@example.org,en\r\nm-2,Rasheed,Okonkwo,Rah,not-an-address,en\r\nm-3,,,,,\r\n"
	goodFile = heading + "m-1,Jocelyn,Baptiste-Ramos,,jocelyn@example.org,en\r\nm-2,Rasheed,Okonkwo,Rah,rah@example.org,en\r\nm-3,María José,Pérez Ávila,,maria@example.org,es\r\n"
)

func (p *planner) enrolsFromAFile() {
	p.t.Helper()
	p.press(`main a[href="` + p.cohort + `/roster"]`)
	p.pressWords("People from a file")
	p.upload("file", "people.csv", []byte(badFile))
	p.pressWords("Read it first")
	p.says("2 lines can’t be read. Nothing is saved", "Line 3: This is not an e-mail address", "Line 4: A name is missing")
	p.saysNot("Save 1 place")
	p.own.reads(p.cohort+"/roster", "Nobody learns here yet")
	p.pressWords("Choose another file")
	p.upload("file", "people.csv", []byte(goodFile))
	p.pressWords("Read it first")
	p.lookAgain()
	p.says("3 people get a place", "Jocelyn Baptiste-Ramos", "María José Pérez Ávila", "New account")
	p.own.reads(p.cohort+"/roster", "Nobody learns here yet")
	p.pressWords("Save 3 places")
	p.at(p.cohort + "/roster")
	p.says("The people of the file have their places", "3 trainees", "Jocelyn B.", "Rah O.", "María José P.")
}

func (p *planner) appoints(instructor *visitor) {
	p.t.Helper()
	if strings.Contains(instructor.reads("/cohorts"), p.cohort) {
		p.t.Fatal("an instructor knows of a cohort before being appointed")
	}
	p.pressWords("Instructors")
	p.fill("name", "Denise")
	p.pressWords("Find")
	p.press(`main form:has(input[name="person"][value="` + p.personNamed("Denise Washington") + `"]) button`)
	p.pressWords("Appoint as lead")
	p.says("The instructor is appointed", "Denise", "Lead instructor")
	instructor.reads("/cohorts", p.cohort)
}

// personNamed is the key of a person whom the page lists by a full name.
func (b *tab) personNamed(name string) string {
	b.t.Helper()
	key := b.js(`return [...document.querySelectorAll("main li")].find((li) => li.innerText.includes(` + quoted(name) + `))?.querySelector('input[name="person"]')?.value ?? ""`)
	if key == "" {
		b.t.Fatalf("nobody at %s is called %s:\n%s", b.where(), name, b.text())
	}
	return key
}

// stoodIn counts the logged changes of standing into the police's sector.
func (p *planner) stoodIn() (n int) {
	p.t.Helper()
	if err := p.a.DB.NewRaw(`SELECT COUNT(*) FROM audit_lines WHERE act = 'stood' AND sector = 'law_enforcement'`).Scan(context.Background(), &n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// makesTheParallel crosses by the bar of the schedule: day, days and hour go along, and
// nothing else of the outreach side is there.
func (p *planner) makesTheParallel() {
	p.t.Helper()
	crossings := p.stoodIn()
	p.open(p.cohort + "/sessions")
	p.pressWords("Make it in Law enforcement")
	p.says("You are working in", "Law enforcement", "Make a cohort")
	p.saysNot("Lake room", "OUT ·")
	if n := p.stoodIn(); n != crossings+1 {
		p.t.Fatalf("%d lines tell of the crossing", n-crossings)
	}
	form := p.where()
	p.answers(p.cohort, 404)
	p.open(form)
	p.choose("edition", "PUT")
	p.pressWords("See the sessions first")
	p.says("7 sessions", "6:00")
	p.pressWords("Make the cohort")
	p.says("The cohort is made", "Professional Understanding Training, Cohort 5")
	p.police = strings.Split(p.where(), "/sessions")[0]
}

// sharesASession proposes the fourth session from the outreach side; nobody says both
// yeses, and the police's coordinator says the second.
func (p *planner) sharesASession(instructor *visitor) {
	p.t.Helper()
	p.press(`.standing button`)
	p.open(p.cohort + "/sessions")
	p.pressWords("Session 4")
	p.pressWords("Propose a joint session")
	p.tick("with", "law_enforcement")
	p.fill("agenda", "Welcome and ground rules")
	p.fill("ground_rules", "Everyone may pass.")
	p.pressWords("Ask the other side")
	p.says("The other side is asked", "Waiting for a yes", "3 trainees, 1 instructor")
	joint := strings.Split(p.where(), "?")[0]
	p.press(`.standing button`)
	p.says("You are working in", "Law enforcement")
	if p.js(`return String(document.querySelectorAll('main a[href="`+joint+`"]').length)`) != "0" {
		p.t.Fatal("who proposed it is asked for the other side's yes")
	}
	p.open(joint)
	p.says("You said yes for the other side")
	p.saysNot("Yes, we come")
	if got := instructor.get(joint); got.status != 404 {
		p.t.Fatalf("before both yeses an instructor gets %d", got.status)
	}
	other := openTab(p.t, p.base, phone)
	other.signIn("coordinator.police@demo.test")
	other.says("Joint sessions that wait for your side")
	other.press(`main a[href="` + joint + `"]`)
	other.says("Outreach: 3 trainees, 1 instructor", "Everyone may pass")
	other.saysNot("Jocelyn", "Denise", "María")
	other.touch(`main form[action$="/approval"] label`)
	other.pressWords("Yes, we come")
	other.says("Both sides said yes", "Agreed", "Law enforcement: 0 trainees")
	instructor.reads(joint, "Agreed", "Welcome and ground rules", "It says: Denise, Instructor.")
	p.open("/joint")
	p.press(`main a[href="` + joint + `"]`)
	p.says("Agreed", "Outreach: 3 trainees, 1 instructor")
	p.lookAgain()
}
