package pages_test

import (
	"slices"
	"testing"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// newer brings a newer edition of the outreach cohort's course into force, in which its
// third session is shorter by some minutes.
func (h *house) newer(shorter int) courses.Edition {
	h.Helper()
	edition, err := h.courses.EditionInForce(h.Context(), people.System(people.Outreach), "PUT", "2026-11-10")
	h.must(err)
	edition.Name, edition.InForceOn, edition.Source, edition.Path = edition.Name+"-b", "2026-11-09", edition.Source+"# newer\n", "newer-"+edition.Path
	edition.Grace += 5
	edition.Minutes -= shorter
	edition.Sessions = slices.Clone(edition.Sessions)
	edition.Sessions[2].Minutes -= shorter
	_, err = h.courses.Import(h.Context(), []courses.Edition{edition})
	h.must(err)
	edition, err = h.courses.EditionInForce(h.Context(), people.System(people.Outreach), "PUT", "2026-11-10")
	h.must(err)
	return edition
}

// Who does not run the sector moves no cohort, forth or back: where they may know of it
// they are refused, and elsewhere there is nothing.
func TestACohortIsMovedByWhoRunsItsSectorAlone(t *testing.T) {
	each(t, func(h *house) {
		newer, cohort := h.newer(0), "/cohorts/"+string(h.cohort)
		refused := func(path string, form ...string) {
			h.Helper()
			for who, status := range map[string]int{"kim": 404, "omar": 404, "tasha": 404, "sam": 404, "ines": 403, "": 403} {
				h.wants(path+" by "+who, h.post(who, path, form...), status)
			}
		}
		moves := func() (n int) {
			h.Helper()
			h.must(h.db.NewRaw(`SELECT COUNT(*) FROM edition_moves`).Scan(h.Context(), &n))
			return n
		}
		move := []string{"edition", string(newer.ID), "reason", "The map is newer"}
		refused(cohort+"/edition", move...)
		h.wants("what changed, before", h.get("tasha", cohort+"/changes"), 404)
		if moves() != 0 {
			t.Fatalf("%d moves", moves())
		}
		h.wants("without a reason", h.post("cora", cohort+"/edition", "edition", string(newer.ID)), 422, "Say why the cohort moves")
		h.wants("the move", h.post("cora", cohort+"/edition", move...), 303)

		h.wants("what changed", h.get("tasha", cohort+"/changes"), 200, "What changed", "now 15", "!The map is newer")
		h.wants("what changed, in Spanish", h.get("luz", cohort+"/changes"), 200, "Qué cambió", "!cohorts.")
		for who, status := range map[string]int{"ines": 200, "cora": 200, "kim": 404, "sam": 404, "": 303} {
			h.wants("what changed, to "+who, h.get(who, cohort+"/changes"), status)
		}
		back := []string{"move", "", "reason", "A mistake"}
		h.must(h.db.NewRaw(`SELECT id FROM edition_moves`).Scan(h.Context(), &back[1]))
		refused(cohort+"/edition/reversal", back...)
		if moves() != 1 {
			t.Fatalf("%d moves", moves())
		}
		h.wants("the way back", h.post("cora", cohort+"/edition/reversal", back...), 303)
	})
}

func TestAMoveThatWouldChangeAJointSessionIsRefusedInTheReadersWords(t *testing.T) {
	each(t, func(h *house) {
		h.joint()
		newer := h.newer(60)
		for language, title := range map[string]string{"en": "“" + newer.Sessions[2].TitleEN + "” is part of", "es": "«" + newer.Sessions[2].TitleES + "»"} {
			seen := h.seen["cora"]
			seen.Language = language
			h.seen["cora"] = seen
			path := "/cohorts/" + string(h.cohort) + "/edition"
			h.wants("the page in "+language, h.get("cora", path), 200, title, "!{")
			h.wants("the move in "+language, h.post("cora", path, "edition", string(newer.ID), "reason", "Newer"), 409, title, "!{")
		}
	})
}
