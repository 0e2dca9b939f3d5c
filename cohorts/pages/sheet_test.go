package pages_test

import (
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

func TestARollIsPrintedAndEnteredFromPaper(t *testing.T) {
	each(t, func(h *house) {
		session := "/sessions/" + string(h.sessions[1].ID)
		sheet := h.get("ines", session+"/sheet")
		h.wants("the sheet", sheet, 200, "tasha L.", "luz L.", "&lt;script&gt;al L.", "Minutes late", "!Lake", "!omar")
		for _, said := range []string{h.sessions[1].TitleEN, h.sessions[1].CourseEN, "Cohort 1"} {
			if strings.Contains(sheet.body, said) {
				h.Errorf("the sheet says %q", said)
			}
		}
		for _, as := range []string{"tasha", "sam", "kim"} {
			h.wants("the sheet as "+as, h.get(as, session+"/sheet"), 404)
		}
		h.wants("the roll", h.get("ines", h.roll(1)), 200, "Print a paper sheet", "Enter a paper sheet", `!name="reason"`)
		h.wants("entering", h.get("ines", h.roll(1)+"?paper=1"), 200, "You are entering a paper sheet", `name="reason" value="paper"`, "?paper=1&amp;seat=")
		luz := string(h.enrolments["luz"])
		h.leads("one", h.post("ines", session+"/marks", "enrolment", luz, "mark", "late", "chip", "15", "reason", "paper"), h.roll(1)+"?paper=1&after="+luz+"#turn")
		h.wants("wrong", h.post("ines", session+"/marks", "enrolment", luz, "mark", "late", "reason", "paper"), 422, "Give the minutes they came late", "You are entering a paper sheet")
		h.leads("the rest", h.post("ines", session+"/marks/rest", "line", "r", "reason", "paper"), h.roll(1))
		h.wants("told", h.get("ines", h.roll(1)+"?seat="+luz), 200, "Present, 15 min late · From the paper sheet")
		if n := h.count(`SELECT COUNT(*) FROM marks WHERE reason = 'paper' AND made_by = ?`, h.viewer("ines").Person()); n != 3 {
			h.Errorf("%d marks are from paper", n)
		}
		h.leads("a reason of their own", h.post("ines", session+"/marks", "enrolment", luz, "mark", "present", "reason", string(cohorts.ByCode)), h.roll(1)+"?after="+luz+"#turn")
		if n := h.count(`SELECT COUNT(*) FROM marks WHERE reason = 'code'`); n != 0 {
			h.Error("a mark of the roll passes as one by code")
		}
	})
}
