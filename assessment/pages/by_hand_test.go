package pages_test

import (
	"net/url"
	"testing"

	"github.com/metropolitan-peace-academy/academy/assessment"
)

// Whose result was set by hand reads it on the check's own page and on each result, with
// the reason's words; when it is taken back, nothing of it stands there.
func TestATraineeIsToldOfAResultThatWasSetByHand(t *testing.T) {
	each(t, func(h *house) {
		attempt := h.start("maya", "t07")
		h.ask("maya", "POST", attempt+"/submission", url.Values{"sure": {"yes"}})
		pages := []string{"/modules/t07/check", attempt + "/result"}
		set := func(kind assessment.LineKind, seen int) {
			h.Helper()
			h.must(h.SetCell(h.Context(), h.viewer("ruth"), assessment.NewLine{Enrolment: h.enrolments["maya"],
				Column: assessment.ColumnRef{Kind: assessment.QuizColumn, ID: "T07"}, Kind: kind, Percent: 85, Code: "equal_task", Words: "<script>Role-play", Seen: seen}))
		}
		for _, page := range pages {
			h.wants("before", h.ask("maya", "GET", page, nil), 200, "!Set by hand")
		}
		set(assessment.Set, 0)
		for _, page := range pages {
			h.wants("set", h.ask("maya", "GET", page, nil), 200, "counts as 85 percent for you", "An equal task was done", "&lt;script&gt;Role-play", "!<script>Role")
		}
		h.wants("another trainee", h.ask("luz", "GET", pages[0], nil), 200, "!Set by hand", "!85 percent", "!Anotado a mano")
		set(assessment.Excuse, 1)
		for _, page := range pages {
			h.wants("excused", h.ask("maya", "GET", page, nil), 200, "You are excused from this check", "An equal task was done", "!85 percent")
		}
		set(assessment.Cleared, 2)
		for _, page := range pages {
			h.wants("taken back", h.ask("maya", "GET", page, nil), 200, "!Set by hand", "!You are excused")
		}
	})
}
