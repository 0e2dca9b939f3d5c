package pages_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// missedOne lets the first class have passed without anyone, and another cohort have it
// still ahead.
func (h *house) missedOne() (later cohorts.CohortID) {
	h.Helper()
	for name, place := range h.enrolments {
		if h.viewer(name).Sector() == people.Outreach {
			h.must(h.store.Mark(h.Context(), h.viewer("ines"), cohorts.NewMark{Session: h.sessions[0].ID, Enrolment: place, Status: cohorts.Absent}))
		}
	}
	h.must(h.store.Close(h.Context(), h.viewer("ines"), h.sessions[0].ID))
	edition := h.sessions[0].EditionID
	id, err := h.store.Make(h.Context(), h.viewer("cora"), cohorts.Plan{EditionID: edition, FirstDay: "2026-12-01", Days: []string{"tue"}, Start: "13:00", Mode: cohorts.Online})
	h.must(err)
	return id
}

func TestWhoMissedMuchIsListedWithWhatWouldCureIt(t *testing.T) {
	each(t, func(h *house) {
		h.missedOne()
		h.wants("as cora", h.get("cora", "/calls"), 200, "tasha L.", "% missed", "Tue 1 Dec, 1:00", "Cohort 2", "Online", "&lt;script&gt;al", "!<script>al")
		h.wants("as ines", h.get("ines", "/calls"), 200, "tasha L.", "Tue 1 Dec, 1:00")
		for _, who := range []string{"kim", "omar", "tasha", "sam"} {
			h.wants("as "+who, h.get(who, "/calls"), 200, "Nobody needs a call", "!tasha L.", "!1 Dec")
		}
		h.wants("nobody", h.get("", "/calls"), 303)
		place := "/enrolments/" + string(h.enrolments["tasha"])
		h.wants("her own", h.get("tasha", place), 200, "You have missed", "Tue 1 Dec, 1:00", "hold you a seat", "!/sessions/none")
		h.wants("in Spanish", h.get("luz", "/enrolments/"+string(h.enrolments["luz"])), 200, "Se puede reponer", "Grupo 2")
	})
}

func TestAMakeUpNamesAClassByItsForm(t *testing.T) {
	each(t, func(h *house) {
		later := h.missedOne()
		classes, err := h.store.Sessions(h.Context(), h.viewer("cora"), later)
		h.must(err)
		place := "/enrolments/" + string(h.enrolments["tasha"])
		h.at("2026-12-02 09:00")
		h.wants("the form", h.get("ines", place), 200, "Which class it was", string(classes[0].ID))
		form := func(at, kind string) []string {
			return []string{"session", string(h.sessions[0].ID), "kind", kind, "done_on", "2026-12-01", "at", at, "line", "up"}
		}
		h.wants("another topic", h.post("ines", place+"/make-ups", form(string(classes[1].ID), "other_cohort")...), 422, "could not make up this session")
		h.wants("another way", h.post("ines", place+"/make-ups", form(string(classes[0].ID), "one_to_one")...), 422, "Name a class only")
		h.leads("the class", h.post("ines", place+"/make-ups", form(string(classes[0].ID), "other_cohort")...), place+"?done=made_up")
	})
}
