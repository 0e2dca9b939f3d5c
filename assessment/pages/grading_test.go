package pages_test

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

const essayQuiz = `---
module: T07
title: "Check"
lang: en
version: 9
---

## say
type: essay
points: 6
words: 50

What do you say?

> Look for a calm voice.
`

// essays imports a check with a long text and lets people write it.
func (h *house) essays(words map[string]string) {
	h.Helper()
	quizzes, problems := assessment.ReadQuizzes([]content.QuizFile{{ModuleID: "T07", Path: "t07.quiz.md", Lang: content.English, Source: []byte(essayQuiz)}})
	if len(problems) > 0 {
		h.Fatal(problems)
	}
	_, err := h.Import(h.Context(), quizzes)
	h.must(err)
	for name, text := range words {
		id, err := h.Start(h.Context(), h.viewer(name), "T07")
		h.must(err)
		_, err = h.SaveAnswer(h.Context(), h.viewer(name), assessment.Save{Attempt: id, Question: "say", Device: "x", Value: assessment.Answer{Texts: []string{text}}})
		h.must(err)
		h.must(h.Submit(h.Context(), h.viewer(name), id, true))
	}
}

// reader adds one more instructor of the cohort.
func (h *house) reader(name string) {
	h.Helper()
	id, err := h.people.AddPerson(h.Context(), people.System(people.Outreach), people.NewPerson{GivenName: name, FamilyName: "West", Email: name + "@example.org", Roles: []people.Role{people.Instructor}})
	h.must(err)
	h.seen[name] = people.Presence{Viewer: people.Seen(id, people.Outreach, []people.Role{people.Instructor}, nil), Name: name, Language: "en", Home: people.Outreach, Standings: []people.Sector{people.Outreach}}
	_, err = h.db.NewRaw(`INSERT INTO cohort_instructors (cohort_id, person_id, role, appointed_at) VALUES (?, ?, 'second', ?)`, h.cohort, id, noon).Exec(h.Context())
	h.must(err)
}

var answerPattern = regexp.MustCompile(`answer=([0-9a-f]+)`)

// goesTo gives the text to which a change has led.
func (h *house) goesTo(a answer) string {
	h.Helper()
	found := answerPattern.FindStringSubmatch(a.Header.Get("Location"))
	if a.StatusCode != 303 || found == nil {
		h.Fatalf("%d to %q", a.StatusCode, a.Header.Get("Location"))
	}
	return found[1]
}

func TestTextsAreGradedWithoutScriptsAndWithoutNames(t *testing.T) {
	each(t, func(h *house) {
		h.essays(map[string]string{"maya": "I breathe.", "luz": "Hablo bajo.", "<script>al": "<script>alert(1)</script>"})
		class := "/cohorts/" + string(h.cohort) + "/grading"
		h.wants("overview", h.ask("ruth", "GET", class, nil), 200, "3 to read", "Start reading", "!Send out")
		nameless := []string{"!maya", "!luz L", "!Lake", "!<script>al", "!" + string(h.enrolments["maya"])}
		form := func(more ...string) url.Values {
			f := url.Values{"question": {"1"}}
			for i := 0; i+1 < len(more); i += 2 {
				f.Set(more[i], more[i+1])
			}
			return f
		}
		at := h.goesTo(h.ask("ruth", "POST", class+"/t07/claims", form("step", "next")))
		page := func(handle string) string { return class + "/t07?question=1&answer=" + handle }
		h.wants("a text", h.ask("ruth", "GET", page(at), nil), 200, append(nameless, "Answer 1", "Look for a calm voice.", "Use invented people and places", "of 3", "Yours to read until")...)
		h.wants("no points picked", h.ask("ruth", "POST", class+"/t07/marks", form("answer", at, "version", "0", "device", "x", "comment", "So.")), 422, append(nameless, "Pick the points first.", "So.")...)
		h.wants("more points than there are", h.ask("ruth", "POST", class+"/t07/marks", form("answer", at, "version", "0", "device", "x", "points", "7")), 422)
		h.must(h.KeepPhrase(h.Context(), h.viewer("ruth"), h.cohort, "Well said."))
		phrases, err := h.Phrases(h.Context(), h.viewer("ruth"), h.cohort)
		h.must(err)
		h.goesTo(h.ask("ruth", "POST", class+"/t07/drafts", form("answer", at, "version", "0", "device", "x", "points", "4", "comment", "Good.", "phrase", phrases[0].ID)))
		h.wants("the draft", h.ask("ruth", "GET", page(at), nil), 200, "Draft kept 12:00", "Good.\nWell said.", `value="4" checked`)
		second := h.goesTo(h.ask("ruth", "POST", class+"/t07/marks", form("answer", at, "version", "1", "device", "x", "points", "5", "comment", "Good.")))
		if back := h.goesTo(h.ask("ruth", "POST", class+"/t07/claims", form("answer", second, "step", "previous"))); back != at && back != second {
			h.Errorf("back to %s", back)
		}
		third := h.goesTo(h.ask("ruth", "POST", class+"/t07/marks", form("answer", second, "version", "0", "device", "x", "points", "3")))
		if last := h.ask("ruth", "POST", class+"/t07/marks", form("answer", third, "version", "0", "device", "x", "points", "0")); !strings.HasSuffix(last.Header.Get("Location"), "&done=1") {
			h.Errorf("after the last one: %d to %q", last.StatusCode, last.Header.Get("Location"))
		}
		h.wants("the list", h.ask("ruth", "GET", class+"/t07?question=1&done=1", nil), 200, append(nameless, "That was the last one", "Has points")...)
		h.wants("by person", h.ask("ruth", "GET", class+"/t07?by=person", nil), 200, "maya L.", "luz L.", "&lt;script&gt;al L.")
		h.wants("overview", h.ask("ruth", "GET", class, nil), 200, "Send out 3 results", "maya L.", "3 have points")
		if a := h.ask("ruth", "POST", class+"/releases", url.Values{"module": {"T07"}}); a.Header.Get("Location") != class+"?released=3" {
			h.Errorf("released: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.wants("a result", h.ask("ruth", "GET", class+"/t07?by=person&answer="+at, nil), 200, "Change the points", "5 of 6", "Sent out")
		change := url.Values{"by": {"person"}, "answer": {at}, "seen": {"1"}, "points": {"6"}}
		h.wants("changed without a reason", h.ask("ruth", "POST", class+"/t07/overrides", change), 422, "Say why the points change.")
		change.Set("reason", "Read again.")
		h.goesTo(h.ask("ruth", "POST", class+"/t07/overrides", change))
		h.wants("the changed result", h.ask("ruth", "GET", class+"/t07?by=person&answer="+at, nil), 200, "6 of 6")
	})
}

func TestTheScriptOfATextIsToldOfItsDraftAndOfWhoReadsIt(t *testing.T) {
	each(t, func(h *house) {
		h.essays(map[string]string{"maya": "I breathe."})
		h.reader("ann")
		class := "/cohorts/" + string(h.cohort) + "/grading"
		handle := func(name string) string {
			list, err := h.GradingIn(h.Context(), h.viewer(name), assessment.GradingOrder{Cohort: h.cohort, Module: "T07", Question: 1})
			h.must(err)
			return list[0].Handle
		}
		draft := func(version, device, comment string) url.Values {
			return url.Values{"one": {"1"}, "answer": {handle("ruth")}, "version": {version}, "device": {device}, "points": {"3"}, "comment": {comment}}
		}
		h.wants("heartbeat", h.ask("ruth", "POST", class+"/t07/claims", url.Values{"answer": {handle("ruth")}}), 200, `"until":"2026-11-24T18:05:00Z"`)
		h.wants("another's heartbeat", h.ask("ann", "POST", class+"/t07/claims", url.Values{"answer": {handle("ann")}}), 409)
		h.wants("what the other sees", h.ask("ann", "GET", class+"/t07?question=1&answer="+handle("ann"), nil), 200, "Being read by ruth until 12:05", "!Give points")
		h.wants("draft", h.ask("ruth", "POST", class+"/t07/drafts", draft("0", "laptop", "One")), 200, `"version":1`, `"at":"2026-11-24T18:00:00Z"`)
		h.wants("from another page", h.ask("ruth", "POST", class+"/t07/drafts", draft("0", "phone", "Two")), 409, `"version":1`, `"comment":"One"`)
		if a := h.ask("ruth", "POST", class+"/t07/claims/removal", url.Values{"answer": {handle("ruth")}}); a.StatusCode != 303 {
			h.Errorf("left: %d", a.StatusCode)
		}
		h.wants("free again", h.ask("ann", "POST", class+"/t07/claims", url.Values{"answer": {handle("ann")}}), 200)
		h.wentOn(h.ask("ann", "POST", class+"/t07/marks", url.Values{"question": {"1"}, "answer": {handle("ann")}, "points": {"6"}}))
		h.wants("a late draft", h.ask("ruth", "POST", class+"/t07/drafts", draft("1", "laptop", "Three")), 409, `"finished":true`)
	})
}

func (h *house) wentOn(a answer) {
	h.Helper()
	if a.StatusCode != 303 {
		h.Errorf("%d: %s", a.StatusCode, a.body)
	}
}

func TestTwoMarksStandSideBySideAndAreSettled(t *testing.T) {
	each(t, func(h *house) {
		h.essays(map[string]string{"maya": "I breathe."})
		h.reader("ann")
		class := "/cohorts/" + string(h.cohort) + "/grading"
		h.wentOn(h.ask("ruth", "POST", class+"/markers", url.Values{"module": {"T07"}, "markers": {"2"}}))
		for name, points := range map[string]string{"ruth": "2", "ann": "6"} {
			at := h.goesTo(h.ask(name, "POST", class+"/t07/claims", url.Values{"question": {"1"}, "step": {"next"}}))
			h.wants("blind", h.ask(name, "GET", class+"/t07?question=1&answer="+at, nil), 200, "!The two differ", `!value="2" checked`, `!value="6" checked`)
			h.wentOn(h.ask(name, "POST", class+"/t07/marks", url.Values{"question": {"1"}, "answer": {at}, "points": {points}}))
		}
		h.wants("overview", h.ask("ruth", "GET", class, nil), 200, "1 where points differ", "Settle those first", "!Send out")
		h.wants("release", h.ask("ruth", "POST", class+"/releases", url.Values{"module": {"T07"}}), 409, "Settle those first")
		list, err := h.GradingIn(h.Context(), h.viewer("ruth"), assessment.GradingOrder{Cohort: h.cohort, Module: "T07"})
		h.must(err)
		page := class + "/t07?question=1&answer=" + list[0].Handle
		h.wants("side by side", h.ask("ruth", "GET", page, nil), 200, "The two differ", "By 4 points.", "2 of 6", "6 of 6", "ann")
		h.goesTo(h.ask("ruth", "POST", class+"/t07/settlements", url.Values{"question": {"1"}, "answer": {list[0].Handle}, "points": {"5"}}))
		h.wants("settled", h.ask("ruth", "GET", page, nil), 200, "Has points", `value="5" checked`)
		h.wants("markers can change again", h.ask("ruth", "POST", class+"/markers", url.Values{"module": {"T07"}, "markers": {"1"}}), 303)
	})
}

// Every route of grading, as the right person, the wrong one and nobody.
func TestWhoSeesTheGrading(t *testing.T) {
	each(t, func(h *house) {
		h.essays(map[string]string{"maya": "I breathe."})
		h.must(h.KeepPhrase(h.Context(), h.viewer("ruth"), h.cohort, "Well said."))
		phrases, err := h.Phrases(h.Context(), h.viewer("ruth"), h.cohort)
		h.must(err)
		list, err := h.GradingIn(h.Context(), h.viewer("ruth"), assessment.GradingOrder{Cohort: h.cohort, Module: "T07"})
		h.must(err)
		text := func(more ...string) url.Values {
			f := url.Values{"question": {"1"}, "answer": {list[0].Handle}, "version": {"0"}, "device": {"x"}, "points": {"3"}}
			for i := 0; i+1 < len(more); i += 2 {
				f.Set(more[i], more[i+1])
			}
			return f
		}
		class, never := "/cohorts/"+string(h.cohort)+"/grading", "/cohorts/never/grading"
		for _, row := range []struct {
			method, path string
			form         url.Values
			status       int
		}{
			{"GET", "", nil, 200},
			{"GET", "/t07", nil, 200},
			{"GET", "/t07?question=1&answer=" + list[0].Handle, nil, 200},
			{"POST", "/t07/claims", text("step", "next"), 303},
			{"POST", "/t07/claims/removal", text(), 303},
			{"POST", "/t07/drafts", text(), 303},
			{"POST", "/comments", url.Values{"phrase": {"Calm."}}, 303},
			{"POST", "/comments/removal", url.Values{"phrase": {phrases[0].ID}}, 303},
			{"POST", "/markers", url.Values{"module": {"T07"}, "markers": {"1"}}, 303},
			{"POST", "/t07/settlements", text(), 409},
			{"POST", "/t07/marks", text("points", "2"), 303},
			{"POST", "/releases", url.Values{"module": {"T07"}}, 303},
			{"POST", "/t07/overrides", text("seen", "1", "reason", "Read again."), 303},
		} {
			for _, name := range []string{"omar", "luz", "maya"} {
				got, none := h.ask(name, row.method, class+row.path, row.form), h.ask(name, row.method, never+row.path, row.form)
				if got.StatusCode != 404 || got.body != none.body {
					h.Errorf("%s %s as %s: %d, one that never was: %d, the same bytes: %v", row.method, row.path, name, got.StatusCode, none.StatusCode, got.body == none.body)
				}
			}
			response, err := h.app.Test(httptest.NewRequest(row.method, "http://localhost:8080"+class+row.path, nil))
			h.must(err)
			if response.StatusCode == row.status || response.StatusCode == 200 {
				h.Errorf("%s %s as nobody: %d", row.method, row.path, response.StatusCode)
			}
			if a := h.ask("ruth", row.method, class+row.path, row.form); a.StatusCode != row.status {
				h.Errorf("%s %s: %d, want %d", row.method, row.path, a.StatusCode, row.status)
			}
			h.at = h.at.Add(time.Second)
		}
		if got := fmt.Sprint(h.ask("ruth", "GET", class+"/t99", nil).StatusCode); got != "404" {
			h.Errorf("a module without texts: %s", got)
		}
	})
}

// A draft may come in behind the points of the same grader: it is no trouble where they
// hold it, and else nothing of either is lost.
func TestADraftThatComesInBehindItsOwnPoints(t *testing.T) {
	each(t, func(h *house) {
		h.essays(map[string]string{"maya": "I breathe.", "luz": "Hablo bajo."})
		class := "/cohorts/" + string(h.cohort) + "/grading"
		at := h.goesTo(h.ask("ruth", "POST", class+"/t07/claims", url.Values{"question": {"1"}, "step": {"next"}}))
		form := func(points, comment string, more ...string) url.Values {
			f := url.Values{"question": {"1"}, "answer": {at}, "version": {"0"}, "device": {"laptop"}, "seen": {"0"}, "points": {points}, "comment": {comment}}
			for i := 0; i+1 < len(more); i += 2 {
				f.Set(more[i], more[i+1])
			}
			return f
		}
		given := h.ask("ruth", "POST", class+"/t07/marks", form("4", "Calm voice."))
		h.wants("said on the next page", h.ask("ruth", "GET", given.Header.Get("Location"), nil), 200, "Points kept for Answer")
		h.wants("held by the points", h.ask("ruth", "POST", class+"/t07/drafts", form("4", "Calm", "one", "1")), 200, `"finished":true`, `"own":true`)
		h.wants("no points yet", h.ask("ruth", "POST", class+"/t07/drafts", form("", "Calm voice.", "one", "1")), 200, `"finished":true`)
		h.wants("other points", h.ask("ruth", "POST", class+"/t07/drafts", form("5", "Calm voice.", "one", "1")), 409, `"own":true`, `"points":4`, `"comment":"Calm voice."`, `"seq":1`)
		h.wants("other words", h.ask("ruth", "POST", class+"/t07/drafts", form("4", "Warm.", "one", "1")), 409, `"own":true`)
		h.wentOn(h.ask("ruth", "POST", class+"/t07/marks", form("4", "Calm voice."))) // the button was pressed twice
		h.wants("other points from another page", h.ask("ruth", "POST", class+"/t07/marks", form("5", "<script>Warm.</script>")), 409,
			"What counts now", "4 of 6", "Calm voice.", "&lt;script&gt;Warm.", `value="5" checked`, `name="seen" value="1"`, "!<script>Warm")
		h.wentOn(h.ask("ruth", "POST", class+"/t07/marks", form("5", "Warm.", "seen", "1")))
		h.wants("the later one counts", h.ask("ruth", "GET", class+"/t07?question=1&answer="+at, nil), 200, `value="5" checked`, "Warm.")

		// Where somebody else reads the text now, what was written is shown.
		h.reader("ann")
		list, err := h.GradingIn(h.Context(), h.viewer("ann"), assessment.GradingOrder{Cohort: h.cohort, Module: "T07", Question: 1})
		h.must(err)
		free := list[0]
		if free.Seq > 0 {
			free = list[1]
		}
		at = assessment.Handle(h.viewer("ruth"), free.AttemptID, free.QuestionID)
		h.wentOn(h.ask("ruth", "POST", class+"/t07/claims/removal", url.Values{"answer": {at}}))
		h.wants("ann's", h.ask("ann", "POST", class+"/t07/claims", url.Values{"answer": {free.Handle}}), 200)
		h.wants("ruth's words", h.ask("ruth", "POST", class+"/t07/marks", form("3", "Slowly.", "answer", at)), 409, "What you wrote", "Slowly.", "Being read by ann")
	})
}
