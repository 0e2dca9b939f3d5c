package pages_test

import (
	"net/url"
	"strconv"
	"testing"
	"time"
)

// timed gives every edition a limit of half an hour for its checks.
func (h *house) timed() {
	h.Helper()
	_, err := h.db.NewRaw(`UPDATE editions SET quiz_minutes = 30`).Exec(h.Context())
	h.must(err)
}

func millis(at time.Time) string { return strconv.FormatInt(at.UnixMilli(), 10) }

func TestTimedCheckSaysUntilWhenIsPausedAndEnds(t *testing.T) {
	each(t, func(h *house) {
		h.timed()
		h.wants("start page", h.ask("maya", "GET", "/modules/t07/check", nil), 200, "30\u00a0min to hand in. You can ask for more.", "!No clock")
		attempt := h.start("maya", "t07")
		h.wants("attempt", h.ask("maya", "GET", attempt, nil), 200, "Until 12:30\u00a0pm", `data-until="2026-11-24T18:30:00Z"`, "10 minutes more to arrive", attempt+"/pauses", "/until.")
		h.wants("attempt in Spanish", h.ask("luz", "GET", h.start("luz", "t07"), nil), 200, "Hasta las 12:30\u00a0p.\u00a0m.", "Pausa")

		h.at = noon.Add(10 * time.Minute)
		if a := h.ask("maya", "POST", attempt+"/pauses", url.Values{"device": {"tab"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"1"}}); a.StatusCode != 303 || a.Header.Get("Location") != attempt {
			h.Errorf("pause: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.at = noon.Add(25 * time.Minute)
		paused := h.ask("maya", "GET", attempt, nil)
		h.wants("paused", paused, 200, "Paused", "You have 20\u00a0min left then.", attempt+"/resumption", "!Question 1", "!seen.t07-q1", "!quiz.js")
		if paused.Header.Get("Cache-Control") != "no-store" {
			h.Errorf("the pause may be kept by the device: %q", paused.Header.Get("Cache-Control"))
		}
		h.wants("a save by script while paused", h.ask("maya", "POST", attempt+"/answers", url.Values{"one": {"t07-q2"}, "device": {"tab"}, "seen.t07-q2": {"0"}, "a.t07-q2": {"1"}}, "Accept", "application/json"),
			409, `"finished":true`)
		h.wants("hand-in while paused", h.ask("maya", "POST", attempt+"/submission", url.Values{"sure": {"yes"}}), 409, "This check is paused")
		h.ask("maya", "POST", attempt+"/resumption", url.Values{})
		h.wants("going on", h.ask("maya", "GET", attempt, nil), 200, "Until 12:45\u00a0pm", "1 of 10 answered", `name="seen.t07-q1" value="1"`)

		// A page tells when its answer was made; one that tells nothing is too late after the end.
		h.at = noon.Add(46 * time.Minute)
		one := func(question, made string) answer {
			return h.ask("maya", "POST", attempt+"/answers", url.Values{"one": {question}, "device": {"tab"}, "made": {made}, "seen." + question: {"0"}, "a." + question: {"0"}}, "Accept", "application/json")
		}
		h.wants("made before the end", one("t07-q2", millis(noon.Add(44*time.Minute))), 200, `"until":"2026-11-24T18:45:00Z"`)
		h.wants("made after the end", one("t07-q3", millis(noon.Add(46*time.Minute))), 409, `"finished":true`)
		h.wants("made nobody knows when", one("t07-q4", "soon"), 409, `"finished":true`)
		h.wants("time is up", h.ask("maya", "GET", attempt, nil), 200, "Time is up", "12:45", "12:55", attempt+"/submission", "!Question 1")
		if a := h.ask("maya", "GET", attempt+"/result", nil); a.Header.Get("Location") != attempt {
			h.Errorf("the result within the grace: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}

		h.at = noon.Add(60 * time.Minute)
		if a := h.ask("maya", "GET", attempt, nil); a.Header.Get("Location") != attempt+"/result" {
			h.Errorf("after the grace: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.wants("result", h.ask("maya", "GET", attempt+"/result", nil), 200, "Your time ran out at 12:45", "1 answer arrived late but was made before the end", "Arrived late, made before the end", "2 answers to 10 questions")
	})
}

func TestAnEarlierResultTellsNothingWhileAnotherTryIsOpen(t *testing.T) {
	each(t, func(h *house) {
		first := h.start("maya", "t07")
		h.ask("maya", "POST", first+"/submission", url.Values{"device": {"x"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"1"}, "sure": {"yes"}})
		h.wants("before", h.ask("maya", "GET", first+"/result", nil), 200, "You see what we say to the answers you picked", "You have another try")
		h.start("maya", "t07")
		h.wants("meanwhile", h.ask("maya", "GET", first+"/result", nil), 200, "You have another try open", "You answered:", "!quiz-say", "!Partly right", "!choice-right", "!choice-wrong", "!A right answer")
	})
}
