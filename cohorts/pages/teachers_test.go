package pages_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestACoordinatorSaysWhoTeachesAClass(t *testing.T) {
	each(t, func(h *house) {
		session, page := "/sessions/"+string(h.sessions[1].ID), ""
		h.person("<script>ed", "en", []people.Sector{people.Outreach}, people.Instructor)
		ed, ines := string(h.viewer("<script>ed").Person()), string(h.viewer("ines").Person())
		h.must(h.store.Appoint(h.Context(), h.viewer("cora"), h.cohort, people.PersonID(ed), cohorts.Second))
		h.wants("the class", h.get("cora", session), 200, "&lt;script&gt;ed", "Second instructor", session+"/instructors", "!<script>ed")
		h.wants("the class of an instructor", h.get("ines", session), 200, "!"+session+"/instructors")
		page = session + "/instructors"
		h.wants("the form", h.get("cora", page), 200, "Who teaches this class?", "&lt;script&gt;ed", "!<script>ed", "!Back to the whole team")
		h.wants("an instructor's", h.get("ines", page), 403)
		h.wants("a trainee's", h.get("tasha", page), 403)
		h.wants("the other sector's", h.get("kim", page), 404)

		seen := func() string {
			found, err := h.store.Session(h.Context(), h.viewer("cora"), h.sessions[1].ID)
			h.must(err)
			return string(rune('0' + found.Revision))
		}
		h.wants("nobody chosen", h.post("cora", page, "lead", ines, "seen", seen()), 422, "Choose at least one person.")
		h.wants("a lead who does not teach", h.post("cora", page, "instructor", ed, "lead", ines, "seen", seen()), 422, "Choose a lead from those who teach the class.")
		h.wants("who is no instructor", h.post("cora", page, "instructor", string(h.viewer("sam").Person()), "lead", ines, "seen", seen()), 404)
		h.wants("by an instructor", h.post("ines", page, "instructor", ed, "lead", ed, "seen", seen()), 403)
		h.wants("an old page", h.post("cora", page, "instructor", ed, "lead", ed, "seen", "x"), 409, "changed in the meantime")
		h.leads("ed alone", h.post("cora", page, "instructor", ed, "lead", ed, "seen", seen()), session+"?done=teachers")
		h.wants("the class of ed", h.get("tasha", session+"?done=teachers"), 200, "&lt;script&gt;ed", "Lead instructor", "!Second instructor")
		h.wants("the schedule", h.get("tasha", "/cohorts/"+string(h.cohort)+"/sessions"), 200, "Who teaches", "&lt;script&gt;ed", "!<script>ed")
		h.wants("in Spanish", h.get("luz", "/cohorts/"+string(h.cohort)+"/sessions"), 200, "Quién enseña")
		h.wants("the roll, by who does not teach", h.get("ines", session+"/roll"), 200)
		h.wants("the form again", h.get("cora", page), 200, "Back to the whole team")
		h.leads("all again", h.post("cora", page+"/reversal", "seen", seen()), session+"?done=all_teach")
		h.wants("the class of all", h.get("cora", session), 200, "Second instructor")
	})
}

func TestWhatInstructorsAreTrainedInStandsBesideTheirNames(t *testing.T) {
	each(t, func(h *house) {
		h.person("<script>ed", "en", []people.Sector{people.Outreach}, people.Instructor)
		ed := string(h.viewer("<script>ed").Person())
		h.must(h.store.Appoint(h.Context(), h.viewer("cora"), h.cohort, people.PersonID(ed), cohorts.Second))
		cohort := "/cohorts/" + string(h.cohort)
		h.wants("the form", h.get("cora", cohort+"/instructors"), 200, "What instructors are trained in", "&lt;script&gt;ed", "!<script>ed", "!Noted so far")
		h.wants("no form for an instructor", h.get("ines", cohort+"/instructors"), 200, "!What instructors are trained in")
		h.wants("what is not on the list", h.post("cora", cohort+"/qualifications", "person", ed, "code", "<script>", "until", "soon"), 422,
			"Choose one from the list.", "Choose today or a later day", "!<script>")
		h.wants("by an instructor", h.post("ines", cohort+"/qualifications", "person", ed, "code", "mediation"), 403)
		h.leads("noted", h.post("cora", cohort+"/qualifications", "person", ed, "code", "mediation", "until", "2026-12-01"), cohort+"/instructors?done=qualified")
		h.wants("the page", h.get("ines", cohort+"/instructors"), 200, "Mediation, until")
		h.at("2026-12-02 09:00")
		h.wants("the page after", h.get("cora", cohort+"/instructors"), 200, "Mediation, ran out on", "Noted so far")
		of, err := h.store.Qualifications(h.Context(), h.viewer("cora"), h.cohort)
		h.must(err)
		id := string(of[people.PersonID(ed)][0].ID)
		h.wants("ended by an instructor", h.post("ines", cohort+"/qualifications/end", "person", ed, "qualification", id), 403)
		h.leads("ended", h.post("cora", cohort+"/qualifications/end", "person", ed, "qualification", id), cohort+"/instructors?done=unqualified")
		h.wants("the page at last", h.get("cora", cohort+"/instructors?done=unqualified"), 200, "no longer counts", "!ran out on")
	})
}
