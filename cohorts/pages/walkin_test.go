package pages_test

import "testing"

func TestAWalkInIsNotedAndPlaced(t *testing.T) {
	each(t, func(h *house) {
		session := "/sessions/" + string(h.sessions[1].ID)
		h.wants("the roll", h.get("ines", h.roll(1)), 200, "Somebody is not on the list")
		h.wants("no name", h.post("ines", session+"/walk-ins", "line", "x"), 422, "Write a name of up to 60 letters")
		h.leads("noted", h.post("ines", session+"/walk-ins", "name", "<script>al", "line", "x"), session+"/walk-ins?done=walked_in")
		h.wants("waits", h.get("ines", session+"/walk-ins?done=walked_in"), 200, "&lt;script&gt;al", "came 9:05", "Waits for a coordinator", "!Who is it?")
		h.wants("the roll tells", h.get("ines", h.roll(1)), 200, "One person is not on the list")
		var guest string
		h.must(h.db.NewRaw(`SELECT id FROM walk_ins`).Scan(h.Context(), &guest))
		place := "/walk-ins/" + guest
		for _, as := range []string{"tasha", "sam", "kim", "omar"} {
			h.wants("the list as "+as, h.get(as, session+"/walk-ins"), 404)
			h.wants("noted by "+as, h.post(as, session+"/walk-ins", "name", "Ann", "line", as), 404)
			h.wants("placed by "+as, h.post(as, place+"/place", "enrolment", string(h.enrolments["tasha"])), 404)
			h.wants("removed by "+as, h.post(as, place+"/removal"), 404)
		}
		h.wants("by nobody", h.post("", place+"/place", "enrolment", string(h.enrolments["tasha"])), 403)
		h.wants("by who teaches", h.post("ines", place+"/place", "enrolment", string(h.enrolments["tasha"])), 404)
		h.queries.Store(0)
		page := h.get("cora", session+"/walk-ins")
		if n := h.queries.Load() + 1; n > 4 {
			h.Errorf("%d queries", n)
		}
		h.wants("for a coordinator", page, 200, "Who is it?", "tasha L.", "This is them", "!selected")
		h.wants("nobody chosen", h.post("cora", place+"/place"), 409, "Choose who it is.")
		h.leads("placed", h.post("cora", place+"/place", "enrolment", string(h.enrolments["tasha"])), session+"/walk-ins?done=walk_in_placed")
		h.wants("done", h.get("cora", session+"/walk-ins?done=walk_in_placed"), 200, "Everyone who came is on the list", "!&lt;script&gt;al")
		h.wants("the mark", h.get("ines", h.roll(1)+"?seat="+string(h.enrolments["tasha"])), 200, "Present · Came without a place, placed later")
		h.wants("a second time", h.post("cora", place+"/removal"), 404)
	})
}
