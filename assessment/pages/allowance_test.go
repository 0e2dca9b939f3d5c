package pages_test

import (
	"net/url"
	"regexp"
	"testing"
	"time"
)

func TestTimeIsAskedForGivenSeenAndTakenBack(t *testing.T) {
	each(t, func(h *house) {
		h.timed()
		class, maya := "/cohorts/"+string(h.cohort)+"/allowances", string(h.enrolments["maya"])
		attempt := h.start("maya", "t07")
		if a := h.ask("maya", "POST", attempt+"/requests", url.Values{"device": {"tab"}, "seen.t07-q1": {"0"}, "a.t07-q1": {"1"}}); a.Header.Get("Location") != attempt+"?asked=1#time" {
			h.Errorf("asked: %d to %q", a.StatusCode, a.Header.Get("Location"))
		}
		h.wants("the trainee", h.ask("maya", "GET", attempt+"?asked=1", nil), 200, "Your instructor sees that you ask", "1 of 10 answered", "!minutes more.")
		h.wants("the class", h.ask("ruth", "GET", "/cohorts/"+string(h.cohort)+"/results", nil), 200, class)
		h.wants("the instructor", h.ask("ruth", "GET", class, nil), 200, "Asking for more time now", "maya L.", "30 minutes more", "&lt;script&gt;al", "!<script>al", "!Given so far")

		give := func(amount, reason string) answer {
			return h.ask("ruth", "POST", class, url.Values{"enrolment": {maya}, "module": {"T07"}, "kind": {"minutes"}, "amount": {amount}, "reason": {reason}, "line": {"one"}})
		}
		h.wants("too much", give("500", "agreed"), 422, "Enter a number from 1 to 240.")
		h.wants("a reason in words", give("30", "her back"), 422, "Choose one of the reasons.", "!her back")
		if a := give("30", "agreed"); a.StatusCode != 303 {
			h.Errorf("given: %d", a.StatusCode)
		}
		given := h.ask("ruth", "GET", class+"?done=1", nil)
		h.wants("given", given, 200, "It holds at once", "Given so far", "30 minutes more", "Agreed with the person", "Take back", "!Asking for more time now")
		h.at = noon.Add(40 * time.Minute)
		h.wants("more time", h.ask("maya", "GET", attempt, nil), 200, "You have 30 minutes more.", "Until 1:00\u00a0pm")
		h.wants("in Spanish", h.ask("luz", "GET", h.start("luz", "t07"), nil), 200, "Pedir más tiempo", "!minutos más.")
		h.wants("the start page", h.ask("maya", "GET", "/modules/t07/check", nil), 200, "You have 30 minutes more.", "1\u00a0h to hand in")

		key := regexp.MustCompile(`name="allowance" value="([^"]+)"`).FindStringSubmatch(given.body)
		if key == nil {
			h.Fatal("no way to take it back")
		}
		if a := h.ask("ruth", "POST", class+"/removal", url.Values{"allowance": {key[1]}}); a.StatusCode != 303 {
			h.Errorf("taken back: %d", a.StatusCode)
		}
		h.wants("taken back", h.ask("ruth", "GET", class, nil), 200, "30 minutes taken back", "Taken back", "!>Take back<")
		h.wants("from now on", h.ask("maya", "GET", attempt, nil), 200, "Until 12:40\u00a0pm", "!You have 30")
	})
}
