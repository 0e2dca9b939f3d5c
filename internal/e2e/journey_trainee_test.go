package e2e

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// trainee is one person on the way from an invitation to a certificate that is checked.
type trainee struct {
	*tab
	staff staff
	wheel *wheel
	class cohorts.CohortID
	id    people.PersonID
}

func (p trainee) viewer() people.Viewer {
	return people.Seen(p.id, p.staff.sector, []people.Role{people.Trainee}, nil)
}

func TestTraineeGoesAllTheWayInSpanish(t *testing.T) {
	needBrowser(t)
	w := &wheel{}
	a := openAcademyBy(t, w.now)
	s := staff{t, a, people.Outreach}
	p := trainee{staff: s, wheel: w, class: s.makeClass("PUT", 11)}
	employer, err := a.People.OrganisationsFor(s.ctx(), s.coordinator())
	s.ok(err)
	p.id, err = a.People.AddPerson(s.ctx(), s.coordinator(), people.NewPerson{GivenName: "Marisol", FamilyName: "Peña Ríos",
		Email: "marisol@example.org", Language: "es", Organisation: employer[0].ID})
	s.ok(err)
	_, err = a.Cohorts.Enroll(s.ctx(), s.coordinator(), p.class, p.id)
	s.ok(err)
	end := s.holdPast(p.class)
	token, err := a.People.MakeLink(s.ctx(), s.coordinator(), people.Invitation, p.id)
	s.ok(err)

	p.tab = openTab(t, a.Config.BaseURL, móvil)
	p.accepts(token, employer[0].Name)
	p.landsOnToday()
	p.reads()
	p.pausesAndTakesAnotherWay()
	p.takesTheCheck()
	p.seesMinutes()

	w.turn(end)
	s.holdPast(p.class)
	s.finish(s.placeOf(p.id))
	s.graduate(s.placeOf(p.id).ID)
	p.sharesAndEnds()
}

// accepts opens the invitation, which changes nothing until its button is pressed, and
// says what the employer may see.
func (p trainee) accepts(token, employer string) {
	p.t.Helper()
	p.open("/invitation/" + token)
	p.says("Le damos la bienvenida a la Academia", "marisol@example.org", "Empezar")
	p.open("/invitation/" + token)
	if link, err := p.staff.a.People.Link(p.staff.ctx(), token, "127.0.0.1"); err != nil || !link.First {
		p.t.Fatalf("to look at an invitation used it up: %v", err)
	}
	p.fill("secret", "corta")
	p.refused(`main form button`, 422)
	p.says("demasiado corta")
	p.lookAgain()
	p.fill("secret", "cuatro palabras de mi barrio")
	p.press(`main form button`)
	p.at("/welcome")
	p.says("Marisol", employer)
	p.touchWords("Sí")
	p.press(`main form[action="/me/sharing"] button`)
	p.at("/")
	questions, err := p.staff.a.Cohorts.Questions(p.staff.ctx(), p.viewer())
	p.staff.ok(err)
	if len(questions) != 1 || !questions[0].Answered || !questions[0].Shares {
		p.t.Fatalf("the answer to the employer is kept as %+v", questions)
	}
	p.answers("/invitation/"+token, 404)
	p.says("Este enlace ya no sirve")
}

// landsOnToday sees what is next, what is due, the ring and what is left.
func (p trainee) landsOnToday() {
	p.t.Helper()
	p.open("/")
	p.says("Marisol", "Próxima sesión", "Su camino al certificado", "Falta:", "de 25 h", "Por hacer, cuando usted pueda")
	if p.js(`return document.querySelector("main svg[role=img], main [role=img] svg") ? "ring" : "none"`) != "ring" {
		p.t.Errorf("no ring on Today")
	}
}

// reads a module and is brought back to where they stopped.
func (p trainee) reads() {
	p.t.Helper()
	p.open("/course")
	p.press(`main a[href="/modules/t07"]`)
	p.says("Bajar la tensión", "Al terminar, usted puede")
	p.js(`document.querySelectorAll(".reading > h2[id^='s-']")[3].scrollIntoView({behavior: "instant"}); return ""`)
	section := p.js(`return document.querySelectorAll(".reading > h2[id^='s-']")[3].textContent`)
	p.until("the place to be kept", `performance.getEntriesByType("resource").some((r) => r.name.endsWith("/place") && r.responseEnd > 0)`)
	p.press(`nav.places a[href="/"]`)
	p.press(`main a[href="/modules/t07"]`)
	p.says("Usted se quedó en «" + section + "»")
	if at := p.js(`const top = document.querySelectorAll(".reading > h2[id^='s-']")[3].getBoundingClientRect().top; return top > -10 && top < 400 ? "there" : String(top)`); at != "there" {
		p.t.Errorf("the page opens away from where the reader stopped: %s", at)
	}
}

// pausesAndTakesAnotherWay pauses, sees who helps, and goes round the hard part.
func (p trainee) pausesAndTakesAnotherWay() {
	p.t.Helper()
	p.press(`main .card-care a[href="/modules/t07/pause"]`)
	p.says("988", "Consejería", "Metropolitan Family Services")
	if got := p.href(`main a[href^="tel:"]`); got != "tel:988" {
		p.t.Errorf("the call goes to %s", got)
	}
	p.press(`main a[href="/modules/t07/another-way"]`)
	p.says("Otro camino")
	p.press(`main form[action="/modules/t07/completion"] button`)
	p.says("Hecho")
}

// takesTheCheck answers single, multiple and true or false questions; each answer is
// acknowledged on the page before the next.
func (p trainee) takesTheCheck() {
	p.t.Helper()
	p.open("/modules/t07")
	p.press(`main a[href="/modules/t07/check"]`)
	p.says("10 preguntas", "Le quedan 2 intentos")
	p.press(`main form[action="/modules/t07/check"] button`)
	p.at("/attempts/")
	p.answersAll(p.staff, p.viewer(), "t07-q1")
	p.says("10 de 10 respondidas. Todo está guardado.")
	p.lookAgain()
	p.press(`main [data-hand-in]`)
	p.says("9 de 10 correctas", "Usted aprobó esta prueba", "Todavía no", "La primera persona que se lee es usted", "Comprobante", "10 respuestas a 10 preguntas")
}

// answersAll answers every question of the open attempt, all right but one, and waits
// for the page to say that each is saved.
func (b *tab) answersAll(s staff, v people.Viewer, wrong string) {
	b.t.Helper()
	id := assessment.AttemptID(strings.TrimPrefix(b.where(), "/attempts/"))
	kinds := map[string]bool{}
	for question, right := range s.keys(v, id) {
		if question == wrong {
			right.Choices = []int{(right.Choices[0] + 1) % 3}
		}
		kinds[b.js(fmt.Sprintf(`return document.querySelector('[name="a.%s"]').type`, question))] = true
		for _, choice := range right.Choices {
			b.tick("a."+question, fmt.Sprint(choice))
		}
		b.until(question+" to be saved", fmt.Sprintf(`document.querySelector('[data-question="%s"] [data-state]').dataset.state === "saved"`, question))
	}
	if !kinds["radio"] || !kinds["checkbox"] {
		b.t.Errorf("the check asks only in one way: %v", kinds)
	}
	paper, err := s.a.Assessment.Attempt(s.ctx(), v, id)
	s.ok(err)
	if paper.Answered() != len(paper.Questions) {
		b.t.Fatalf("the page says that all is saved, the Academy has %d of %d", paper.Answered(), len(paper.Questions))
	}
}

// seesMinutes finds what was earned, class by class.
func (p trainee) seesMinutes() {
	p.t.Helper()
	place := p.staff.placeOf(p.id)
	p.open("/")
	p.press(`main a[href="/enrolments/` + string(place.ID) + `"]`)
	way, err := p.staff.a.Cohorts.Way(p.staff.ctx(), p.viewer(), place.ID)
	p.staff.ok(err)
	if way.Earned() == 0 || way.Missing() == 0 {
		p.t.Fatalf("the class is not in the middle: %d earned, %d missing", way.Earned(), way.Missing())
	}
	p.says(fmt.Sprintf("%d h", way.Earned()/60))
	p.open("/")
	p.press(`main a[href="/enrolments/` + string(place.ID) + `/checklist"]`)
	p.says("Mi camino al certificado", "1 de 5 módulos requeridos hechos")
}

// sharesAndEnds makes a copy for an employer, keeps its PDF, and ends it.
func (p trainee) sharesAndEnds() {
	p.t.Helper()
	p.open("/")
	p.press(`main a[href^="/certificates/"]`)
	p.says("MPA-", "Su propia copia", "Nadie lo ha verificado todavía")
	p.touchWords("Hacer una copia")
	p.fill("label", "Oficina de personal")
	p.tick("language", "both")
	p.press(`main form[action$="/copies"] button`)
	p.until("the copy to be drawn", `!document.querySelector("main .notice-note") && document.body.innerText.includes("Oficina de personal")`)
	p.lookAgain()
	name, file := p.download(`main a[aria-label="Descargar el PDF: Oficina de personal"]`)
	if name != "certificate.pdf" || !bytes.HasPrefix(file, []byte("%PDF-1.7")) {
		p.t.Fatalf("%s holds %d bytes of no PDF", name, len(file))
	}
	if got := verifyFile(p.t, p.base, file); got.Verdict != "valid" || got.Credential == nil {
		p.t.Fatalf("the downloaded file is %q", got.Verdict)
	}
	card := `[...document.querySelectorAll("main section.card")].find((c) => c.innerText.startsWith("Oficina de personal"))`
	code := strings.TrimPrefix(p.js(`return `+card+`.querySelector('a[href*="/c/"]').getAttribute("href")`), p.base+"/c/")
	if got := verifyNumber(p.t, p.base, code); got.Verdict != "valid" {
		p.t.Fatalf("%s is %q", code, got.Verdict)
	}
	p.open(p.where())
	p.says("Oficina de personal", "Cuándo se verificó", "Por un programa")
	p.touch(`main section.card:has(a[aria-label$="Oficina de personal"]) summary`)
	p.press(`main section.card:has(a[aria-label$="Oficina de personal"]) form[action$="/ending"] button`)
	p.says("La copia terminó")
	if got := verifyNumber(p.t, p.base, code); got.Verdict != "unknown" || got.Credential != nil {
		p.t.Errorf("an ended copy by its number is %q", got.Verdict)
	}
	if got := verifyFile(p.t, p.base, file); got.Verdict != "not_shared" || got.Credential != nil {
		p.t.Errorf("an ended copy by its file is %q", got.Verdict)
	}
	p.open("/c/" + code)
	p.says("No se puede confirmar")
}
