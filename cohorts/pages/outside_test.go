package pages_test

import "testing"

func TestTrainingDoneElsewhereIsWrittenSeenAndTakenBack(t *testing.T) {
	each(t, func(h *house) {
		person := string(h.viewer("tasha").Person())
		page := "/people/" + person + "/outside"
		form := []string{"category", "first_aid", "provider", "<script>al", "minutes", "240", "done_on", "2026-11-02", "seen_on", "2026-11-09", "line", "x"}
		h.wants("empty", h.get("cora", page), 200, "tasha Lake", "Nothing is written here yet", "Who gave it?", "!selected")
		h.wants("nothing filled in", h.post("cora", page, "provider", "Red Cross", "minutes", "many"), 422,
			"Choose what it was about.", "Give the minutes as a number from 1 to", `value="Red Cross"`, "Give the day on which it ended")
		for _, as := range []string{"ines", "luz", "kim", "omar"} {
			h.wants("the page as "+as, h.get(as, page), 404)
			h.wants("written by "+as, h.post(as, page, form...), 404)
		}
		h.wants("written by themselves", h.post("tasha", page, form...), 404)
		h.wants("written by nobody", h.post("", page, form...), 403)
		h.leads("written", h.post("cora", page, form...), page+"?done=outside")
		h.leads("sent twice", h.post("cora", page, form...), page+"?done=outside")
		h.queries.Store(0)
		shown := h.get("cora", page+"?done=outside")
		if n := h.queries.Load() + 1; n > 4 {
			h.Errorf("%d queries", n)
		}
		h.wants("for a coordinator", shown, 200, "The training is added.", "&lt;script&gt;al", "4\u00a0h in all", "First aid", "2 Nov 2026", "saw the proof on 9 Nov 2026", "Take back")
		h.wants("for themselves", h.get("tasha", "/me/outside"), 200, "&lt;script&gt;al", "4\u00a0h in all", "!Who gave it?", "!Take back")
		h.wants("for another", h.get("luz", "/me/outside"), 200, "Aquí todavía no hay nada", "!&lt;script&gt;al")
		h.wants("their hours", h.get("tasha", "/enrolments/"+string(h.enrolments["tasha"])), 200, "Training done elsewhere: 4\u00a0h", `href="/me/outside"`)
		h.wants("their hours for a coordinator", h.get("cora", "/enrolments/"+string(h.enrolments["tasha"])), 200, "Training done elsewhere: 4\u00a0h", `href="`+page+`"`)
		h.wants("their hours for who teaches", h.get("ines", "/enrolments/"+string(h.enrolments["tasha"])), 200, "!Training done elsewhere")
		var line string
		h.must(h.db.NewRaw(`SELECT id FROM outside_lines`).Scan(h.Context(), &line))
		back := page + "/reversal"
		for _, as := range []string{"ines", "luz", "kim", "omar"} {
			h.wants("taken back by "+as, h.post(as, back, "outside_line", line, "reason", "twice"), 404)
		}
		h.wants("taken back by themselves", h.post("tasha", back, "outside_line", line, "reason", "twice"), 403)
		h.wants("taken back by nobody", h.post("", back, "outside_line", line, "reason", "twice"), 403)
		h.wants("no reason", h.post("cora", back, "outside_line", line), 409, "Choose why it is taken back.")
		h.leads("taken back", h.post("cora", back, "outside_line", line, "reason", "twice"), page+"?done=outside_back")
		h.wants("again", h.post("cora", back, "outside_line", line, "reason", "twice"), 409, "This line was taken back already.")
		h.wants("both lines", h.get("cora", page), 200, "0\u00a0min in all", "−4\u00a0h", "It stands here twice", "Taken back")
		own := "/people/" + string(h.viewer("cora").Person()) + "/outside"
		h.wants("one’s own", h.get("cora", own), 200, "!Who gave it?")
		h.wants("written by oneself", h.post("cora", own, form...), 403)
	})
}
