package e2e

import (
	"context"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/internal/app"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// signer is the director who decides, and answers for every certificate with a name.
type signer struct {
	*tab
	a    *app.Academy
	door *visitor // the same account at the door
}

func TestDirectorsJourney(t *testing.T) {
	a := openAcademyBy(t, inClass(t))
	p := &signer{tab: openTab(t, a.Config.BaseURL, phone), a: a, door: signIn(t, a, "director")}
	p.signIn("director@demo.test")
	ready := p.looksAtBoth()
	certificate := p.decides(ready)
	code := p.code(certificate)
	got := verdictAt(t, a, code)
	for until := time.Now().Add(patience); !strings.Contains(got, "This certificate is genuine and current"); got = verdictAt(t, a, code) {
		if time.Now().After(until) { // its first copy is drawn and signed behind the page
			t.Fatalf("after it was issued the check says %s", got)
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.findsItByNumber(certificate)
	p.revokes(certificate)
	hr := openTab(t, a.Config.BaseURL, phone)
	hr.open("/c/" + code)
	hr.says("Revoked", "The Academy took this certificate back")
	hr.saysNot("in error")
	p.cannotDecideOnOneself()
}

// looksAtBoth opens the two places of the demo whose hours are complete: one still lacks a
// skill and can't be decided on, however it is asked; the other is ready.
func (p *signer) looksAtBoth() (ready string) {
	p.t.Helper()
	p.says("Ready for your decision")
	lists := regexp.MustCompile(`/enrolments/[0-9a-f-]+/checklist`).FindAllString(p.door.reads("/"), -1)
	if len(lists) != 2 {
		p.t.Fatalf("%d places wait for a decision, not 2", len(lists))
	}
	open := ""
	for _, list := range lists {
		p.open("/")
		p.press(`main a[href="` + list + `"]`)
		p.says("What the course asks for", "25 h of 25 h confirmed")
		if strings.Contains(p.text(), "Graduate and issue") {
			ready = strings.TrimSuffix(list, "/checklist")
			continue
		}
		open = strings.TrimSuffix(list, "/checklist")
		p.says("1 of 2 practical skills shown", "Still open: Introduce yourself at a scene")
	}
	if ready == "" || open == "" {
		p.t.Fatalf("ready is %q, not ready %q", ready, open)
	}
	if got := p.door.refused(http.StatusUnprocessableEntity, open+"/decision"); !strings.Contains(got.body, "Something on the checklist is still open") {
		p.t.Fatalf("deciding too soon says %s", plain(got.body))
	}
	return ready
}

// decides issues the certificate, and holds that its checklist is frozen.
func (p *signer) decides(place string) certificates.CertificateID {
	p.t.Helper()
	p.open(place + "/checklist")
	p.touchWords("Graduate and issue")
	p.says("The certificate carries your name and can’t be changed after")
	p.lookAgain()
	p.press(`main form[action="` + place + `/decision"] button`)
	p.at("/register/")
	p.says("Signed by", "Vanessa Coleman, Director of Training", "Valid", "MPA-")
	id := strings.TrimPrefix(strings.Split(p.where(), "?")[0], "/register/")
	p.open(place + "/checklist")
	p.lookAgain()
	p.says("As it stood when it was decided", "2 of 2 practical skills shown", "the certificate is issued")
	p.saysNot("Graduate and issue")
	p.door.refused(http.StatusConflict, place+"/decision")
	return certificates.CertificateID(id)
}

// code is what the holder's own copy carries: the number and its share code.
func (p *signer) code(id certificates.CertificateID) string {
	p.t.Helper()
	ctx := context.Background()
	director := people.Seen("", people.Outreach, []people.Role{people.Director}, nil)
	held, err := p.a.Certificates.Registered(ctx, director, id)
	if err != nil {
		p.t.Fatal(err)
	}
	copies, err := p.a.Certificates.Copies(ctx, people.Seen(held.PersonID, people.Outreach, []people.Role{people.Trainee}, nil), id)
	if err != nil || len(copies) != 1 {
		p.t.Fatalf("the holder has %d copies: %v", len(copies), err)
	}
	return string(held.Number) + "-" + string(copies[0].Share)
}

// verdictAt is what the public page says of a code to somebody without an account.
func verdictAt(t *testing.T, a *app.Academy, code string) string {
	t.Helper()
	got := (&visitor{t: t, a: a, name: "nobody"}).get("/c/" + code)
	if got.status != http.StatusOK {
		t.Fatalf("/c/%s answers %d", code, got.status)
	}
	return plain(got.body)
}

func (p *signer) findsItByNumber(id certificates.CertificateID) {
	p.t.Helper()
	p.open("/register/" + string(id))
	number := regexp.MustCompile(`MPA(-[0-9A-Z]{4}){3}`).FindString(p.text())
	p.open("/register")
	p.fill("number", "MPA-0000-0000-0000")
	p.press(`main form[role="search"] button`)
	p.says("No certificate in your sector has this number")
	p.fill("number", strings.ToLower(number))
	p.press(`main form[role="search"] button`)
	p.at("/register/" + string(id))
}

func (p *signer) revokes(id certificates.CertificateID) {
	p.t.Helper()
	p.touchWords("Revoke")
	p.says("From now on it is not valid, for good", "never why")
	p.lookAgain()
	p.touch(`main form[action$="/revocation"] button`)
	p.door.reads("/register/"+string(id), "Put on hold") // without a reason nothing happens
	p.tick("reason", "issued_in_error")
	p.press(`main form[action$="/revocation"] button`)
	p.says("Revoked", "Issued in error", "Vanessa Coleman")
	p.saysNot("Put on hold", "Yes, revoke it")
}

// cannotDecideOnOneself gives the director a place in a class, as a coordinator does.
func (p *signer) cannotDecideOnOneself() {
	p.t.Helper()
	coordinator := signIn(p.t, p.a, "coordinator")
	class := regexp.MustCompile(`href="(/cohorts/[0-9a-f-]{36})">Outreach Training, Cohort 22<`).FindStringSubmatch(coordinator.reads("/cohorts"))[1]
	coordinator.refused(http.StatusSeeOther, class+"/seats", "seats", "") // it was full
	found := coordinator.refused(http.StatusOK, class+"/roster/search", "name", "Vanessa")
	person := regexp.MustCompile(`name="person" value="([^"]+)"`).FindStringSubmatch(found.body)
	if person == nil {
		p.t.Fatalf("the director can't be found: %s", plain(found.body))
	}
	coordinator.refused(http.StatusSeeOther, class+"/enrolments", "person", person[1])
	place := regexp.MustCompile(`href="(/enrolments/[0-9a-f-]+)"><bdi>Vanessa C\.`).FindStringSubmatch(coordinator.reads(class + "/roster"))[1]
	p.open(place + "/checklist")
	p.says("My way to the certificate")
	p.saysNot("Graduate and issue")
	p.door.refused(http.StatusForbidden, place+"/decision")
	p.door.refused(http.StatusForbidden, place+"/practicals", "practical", "de-escalation", "level", "demonstrated")
	if got := p.door.get(class + "/ledger"); got.status != http.StatusNotFound {
		p.t.Fatalf("who learns in a class runs it: %d", got.status)
	}
}
