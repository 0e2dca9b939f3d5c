package pages_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// A place is given all the same; the coordinator sees what is not met, before and after.
func TestAPlaceIsGivenWithAWordWhereAnEarlierCourseIsNotCompleted(t *testing.T) {
	each(t, func(h *house) {
		edition, err := h.courses.EditionInForce(h.Context(), people.System(people.Outreach), "PUT", "2026-11-10")
		h.must(err)
		edition.Name, edition.InForceOn, edition.Source, edition.Path = edition.Name+"-b", "2026-11-09", "# later\n", "later.yaml"
		edition.After = []courses.Prerequisite{{Position: 1, CourseCode: "OUT"}}
		_, err = h.courses.Import(h.Context(), []courses.Edition{edition})
		h.must(err)
		edition, err = h.courses.EditionInForce(h.Context(), people.System(people.Outreach), "PUT", "2026-11-10")
		h.must(err)
		id, err := h.store.Make(h.Context(), people.System(people.Outreach), cohorts.Plan{EditionID: edition.ID, FirstDay: "2026-11-17",
			Days: []string{"tue"}, Start: "13:00", Mode: cohorts.InRoom})
		h.must(err)
		h.must(h.store.Appoint(h.Context(), people.System(people.Outreach), id, h.viewer("ines").Person(), cohorts.Lead))
		roster, word := "/cohorts/"+string(id)+"/roster", "Not completed before: Outreach Training"
		h.wants("who is found", h.post("cora", roster+"/search", "name", "sam"), 200, word)
		h.wants("the place", h.post("cora", "/cohorts/"+string(id)+"/enrolments", "person", string(h.viewer("sam").Person())), 303)
		h.wants("who has it", h.get("cora", roster), 200, word, "sam")
		h.wants("the instructor's roster", h.get("ines", roster), 200, "!"+word, "sam")
		h.wants("a cohort that comes after nothing", h.get("cora", "/cohorts/"+string(h.cohort)+"/roster"), 200, "!Not completed")
	})
}

// Before a person gets a place it is told that they have another class at the time.
func TestAnotherClassIsToldBeforeAPersonGetsAPlace(t *testing.T) {
	each(t, func(h *house) {
		other := h.begin(people.Outreach, "sam")
		path := "/cohorts/" + string(h.cohort) + "/roster/search"
		h.wants("who is elsewhere then", h.post("cora", path, "name", "sam"), 200, "Has another class at the time of", "PUT, Cohort 2", "!cohorts.")
		h.wants("who is nowhere then", h.post("cora", "/cohorts/"+string(other)+"/roster/search", "name", "olu"), 200, "!Has another class")
		h.wants("who only teaches", h.post("ines", path, "name", "sam"), 403, "!Has another class")
	})
}
