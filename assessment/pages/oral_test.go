package pages_test

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// What an instructor does who asks a check aloud in Spanish, and what its trainee sees
// meanwhile and after.
func TestAnInstructorAsksACheckAloud(t *testing.T) {
	each(t, func(h *house) {
		who := "/cohorts/" + string(h.cohort) + "/results/t07/aloud"
		h.wants("the class", h.ask("ruth", "GET", "/cohorts/"+string(h.cohort)+"/results", nil), 200, who)
		alone := h.start("maya", "t07")
		h.wants("the people", h.ask("ruth", "GET", who, nil), 200, "luz L.", "has begun alone", "Take over", "2 tries left", "&lt;script&gt;al", "!<script>al")
		a := h.ask("ruth", "POST", who, url.Values{"enrolment": {string(h.enrolments["luz"])}})
		asks := a.Header.Get("Location")
		if a.StatusCode != 303 || !strings.HasSuffix(asks, "/aloud") {
			h.Fatalf("begun: %d to %q", a.StatusCode, asks)
		}
		own := strings.TrimSuffix(asks, "/aloud")
		page := h.ask("ruth", "GET", asks, nil)
		h.wants("the questions", page, 200, "luz L.", "Asked aloud, try 1", `lang="es"`, "Pregunta 1 de 10", "Ask in English", `name="lang" value="es"`, "!choice-right", "!Question 1 of 10")
		h.wants("in English", h.ask("ruth", "GET", asks+"?lang=en", nil), 200, "Question 1 of 10", "Preguntar en español")
		h.wants("the trainee meanwhile", h.ask("luz", "GET", own, nil), 200, "ruth le hace las preguntas", "!Pregunta 1", "!data-question")
		h.wants("the trainee's start page", h.ask("luz", "GET", "/modules/t07/check", nil), 200, "Está respondiendo en voz alta", `!href="`+own+`"`)
		h.wants("the trainee's phone", h.ask("luz", "POST", own+"/answers", url.Values{"one": {"t07-q1"}, "device": {"x"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"1"}}), 409, `"finished":true`)
		h.wants("the trainee hands in", h.ask("luz", "POST", own+"/submission", url.Values{"sure": {"yes"}}), 409, "Quien le enseña le está haciendo esta prueba")

		said := func(device, choice string) url.Values {
			return url.Values{"one": {"t07-q1"}, "device": {device}, "seen.t07-q1": {"0"}, "a.t07-q1": {choice}}
		}
		h.wants("one answer", h.ask("ruth", "POST", asks+"/answers", said("tablet", "1")), 200, `"version":1`)
		h.wants("another who asks", h.ask("ruth", "POST", asks+"/answers", said("laptop", "2")), 409, `"choices":[1]`, "!finished")
		if a := h.ask("ruth", "POST", asks+"/answers", url.Values{"device": {"tablet"}, "lang": {"es"}, "seen.t07-q2": {"0"}, "a.t07-q2": {"0"}, "to": {"summary"}}); a.Header.Get("Location") != asks+"/summary?lang=es" {
			h.Errorf("to read it back: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.wants("a page that is behind", h.ask("ruth", "POST", asks+"/answers", url.Values{"device": {"old"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"0"}}), 409, "Another page had saved an answer first")
		h.wants("read back", h.ask("ruth", "GET", asks+"/summary?lang=es", nil), 200, "is that what you said?", "Pregunta 1 de 10", "Ninguna respuesta", "8 questions have no answer", "!choice-right")
		if a := h.ask("ruth", "POST", asks+"/submission", url.Values{}); a.Header.Get("Location") != asks {
			h.Errorf("handed in: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.wants("after it", h.ask("ruth", "GET", asks, nil), 200, "Handed in", "of 10 right", "Next person", who, "!data-question")
		h.wants("its result", h.ask("luz", "GET", own+"/result", nil), 200, "ruth anotó sus respuestas", "Cuenta igual")
		h.wants("its tries", h.ask("luz", "GET", "/modules/t07/check", nil), 200, "en voz alta")

		h.ask("ruth", "POST", who, url.Values{"enrolment": {string(h.enrolments["maya"])}})
		h.wants("taken over", h.ask("maya", "GET", alone, nil), 200, "ruth asks you the questions", "!data-question")
	})
}

func TestWhoAsksAloud(t *testing.T) {
	each(t, func(h *house) {
		who := "/cohorts/" + string(h.cohort) + "/results/t07/aloud"
		place := url.Values{"enrolment": {string(h.enrolments["maya"])}}
		asks := h.ask("ruth", "POST", who, place).Header.Get("Location")
		for _, row := range []struct {
			method, path, never string
			form                url.Values
			status              int
		}{
			{"GET", who, "/cohorts/never/results/t07/aloud", nil, 200},
			{"POST", who, "/cohorts/never/results/t07/aloud", place, 303},
			{"GET", asks, "/attempts/never/aloud", nil, 200},
			{"POST", asks + "/answers", "/attempts/never/aloud/answers", url.Values{"device": {"x"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"0"}}, 303},
			{"GET", asks + "/summary", "/attempts/never/aloud/summary", nil, 200},
			{"POST", asks + "/submission", "/attempts/never/aloud/submission", url.Values{}, 303},
		} {
			for _, name := range []string{"omar", "maya", "luz"} {
				got, never := h.ask(name, row.method, row.path, row.form), h.ask(name, row.method, row.never, row.form)
				if got.StatusCode != 404 || got.body != never.body {
					h.Errorf("%s %s as %s: %d, one that never was: %d", row.method, row.path, name, got.StatusCode, never.StatusCode)
				}
			}
			response, err := h.app.Test(httptest.NewRequest(row.method, "http://localhost:8080"+row.path, nil))
			h.must(err)
			if want := map[string]int{"GET": 303, "POST": 403}[row.method]; response.StatusCode != want {
				h.Errorf("%s %s as nobody: %d", row.method, row.path, response.StatusCode)
			}
			h.wants(row.method+" "+row.path+" as the instructor", h.ask("ruth", row.method, row.path, row.form), row.status)
		}
	})
}
