package e2e

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestOfficerLearnsAndSeesNothingOfTheOtherSide(t *testing.T) {
	needBrowser(t)
	w := &wheel{}
	a := openAcademyBy(t, w.now)
	s := staff{t, a, people.LawEnforcement}
	id := s.person("officer")
	b := openTab(t, a.Config.BaseURL, phone)
	b.signIn("officer@demo.test")
	b.says("Kevin", "Next session", "Professional Understanding Training", "Your way to the certificate")
	b.officerReads()
	b.officerTakesACheck(s, id)
	b.officerSeesMinutes(s, id)
	b.findsNothingOfTheOtherSide(s)

	place := s.placeOf(id)
	w.turn(s.holdPast(place.CohortID))
	s.holdPast(place.CohortID)
	s.finish(s.placeOf(id))
	s.graduate(place.ID)
	b.open("/")
	b.press(`main a[href^="/certificates/"]`)
	b.says("Professional Understanding Training", "MPA-", "Valid", "Your own copy")
	b.until("the certificate to be drawn", `document.querySelector('main a[href$="/certificate.pdf"]') !== null`)
	b.lookAgain()
	name, file := b.download(`main a[href$="/certificate.pdf"]`)
	if name != "certificate.pdf" || !bytes.HasPrefix(file, []byte("%PDF-")) {
		t.Fatalf("%s holds no PDF", name)
	}
	if got := verifyFile(t, b.base, file); got.Verdict != "valid" {
		t.Errorf("the officer's certificate is %q", got.Verdict)
	}
}

// officerReads reads the modules of the police side, from the page of the course.
func (b *tab) officerReads() {
	b.t.Helper()
	for module, words := range map[string]string{"t20": "outreach", "t07": "De-escalation", "t27": "Implicit bias"} {
		b.open("/course")
		b.press(`main a[href="/modules/` + module + `"]`)
		b.says(words, "After this you can")
		if b.js(`return document.querySelector('main form[action$="/completion"]') ? "open" : "done"`) == "open" {
			b.press(`main form[action="/modules/` + module + `/completion"] button`)
		}
		b.says("You have done this module")
	}
}

// officerTakesACheck passes the check of the module that only officers read.
func (b *tab) officerTakesACheck(s staff, id people.PersonID) {
	b.t.Helper()
	b.open("/modules/t20")
	b.press(`main a[href="/modules/t20/check"]`)
	b.press(`main form[action="/modules/t20/check"] button`)
	b.answersAll(s, people.Seen(id, s.sector, []people.Role{people.Trainee}, nil), "")
	b.press(`main [data-hand-in]`)
	b.says("10 of 10 right", "You passed", "Receipt")
}

// officerSeesMinutes goes from Today to the minutes of each class.
func (b *tab) officerSeesMinutes(s staff, id people.PersonID) {
	b.t.Helper()
	b.open("/")
	b.press(`main a[href="/enrolments/` + string(s.placeOf(id).ID) + `"]`)
	b.says("My hours", "25 h")
	b.open("/calendar")
	b.open("/me")
}

// findsNothingOfTheOtherSide searches for people, modules and classes of the outreach
// side and opens their addresses.
func (b *tab) findsNothingOfTheOtherSide(s staff) {
	b.t.Helper()
	b.open("/search")
	for _, words := range []string{"Whitfield", "Outreach 21", "history of street outreach", "case management"} {
		b.fill("q", words)
		b.press(`main form[action="/search"] button`)
		b.saysNot("History of street outreach", "Outreach Training", "Case Management", "Andre", "Cohorts")
		if theirs := b.js(`return [...document.querySelectorAll("main a.entry")].map((a) => a.getAttribute("href")).filter((h) => !h.startsWith("/modules/") || ["/modules/t02", "/modules/t14", "/modules/t19"].includes(h)).join(" ")`); theirs != "" {
			b.t.Errorf("searching for %s finds %s", words, theirs)
		}
	}
	b.fill("q", "de-escalation")
	b.press(`main form[action="/search"] button`)
	b.says("De-escalation")
	v := signIn(b.t, s.a, "officer")
	for table, path := range map[string]string{"cohorts": "/cohorts/", "sessions": "/sessions/", "enrolments": "/enrolments/", "persons": "/people/",
		"certificates": "/certificates/", "attempts": "/attempts/"} {
		var theirs string
		if err := s.a.DB.NewRaw("SELECT id FROM "+table+" WHERE sector = ? ORDER BY id LIMIT 1", people.Outreach).Scan(s.ctx(), &theirs); err != nil {
			b.t.Fatalf("the demo has no %s of the outreach side: %v", table, err)
		}
		if got := v.get(path + theirs); got.status != http.StatusNotFound {
			b.t.Errorf("%s of the other side answers %d", path, got.status)
		}
	}
	for _, path := range []string{"/modules/t19", "/modules/t02", "/courses/OUT", "/courses/CM"} {
		if got := v.get(path); got.status != http.StatusNotFound {
			b.t.Errorf("%s of the other side answers %d", path, got.status)
		}
	}
	b.answers("/modules/t19", http.StatusNotFound)
}
