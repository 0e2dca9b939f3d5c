package pages_test

import "testing"

// A cohort with whole days, days off and a zone of its own is planned, and one is made like it.
func TestACohortIsMadeLikeAnother(t *testing.T) {
	each(t, func(h *house) {
		path := "/cohorts/new?cohort=" + string(h.cohort)
		h.wants("the form", h.get("cora", path), 200, `value="tue" checked`, "No people go along", "ines")
		for who, status := range map[string]int{"ines": 403, "tasha": 403, "kim": 404, "": 303} {
			h.wants("the form of "+who, h.get(who, path), status)
		}
		var edition string
		h.must(h.db.NewRaw(`SELECT edition_id FROM cohorts WHERE id = ?`, h.cohort).Scan(h.Context(), &edition))
		ask := []string{"cohort", string(h.cohort), "edition", edition, "first_day", "2027-01-05", "days", "tue", "days", "thu", "start", "09:00", "start.thu", "18:30",
			"per_day", "", "pause", "", "days_off", "2027-01-12 to 2027-01-15", "time_zone", "America/Denver", "mode", "room", "room", "", "instructor", string(h.viewer("ines").Person())}
		shown := h.post("cora", "/cohorts/previews", ask...)
		h.wants("the preview", shown, 200, "Tue 5 Jan", "6:30\u00a0pm", "There is no class on these days", "!Tue 12 Jan, 9:00", `name="start.thu" value="18:30"`)
		ask[19] = "never"
		h.wants("a day off that is none", h.post("cora", "/cohorts/previews", ask...), 422, "“never” can’t be read", `value="18:30"`)
		ask[19] = ""
		made := h.post("cora", "/cohorts", ask...)
		h.wants("made", made, 303)
		h.wants("its schedule", h.get("cora", made.Header.Get("Location")), 200, "6:30\u00a0pm", "!cohorts.")
	})
}

func TestTheParallelCohortTakesTheWholeRhythm(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.exec(`UPDATE cohorts SET rhythm = '[{"weekday":2,"hour":9,"minute":0,"sessions":2,"pause":30},{"weekday":4,"hour":18,"minute":30,"sessions":2,"pause":30}]', days_off = '[{"from":"2026-12-21","to":"2026-12-23"}]' WHERE id = ?`, h.cohort))
		h.wants("the schedule", h.get("cora", "/cohorts/"+string(h.cohort)+"/sessions"), 200,
			"/cohorts/new?first_day=2026-11-03&amp;days=tue-thu&amp;start=09:00&amp;days_off=2026-12-21..2026-12-23&amp;pause=30&amp;per_day=2&amp;starts=-18%3A30")
		h.wants("the form", h.get("kim", "/cohorts/new?first_day=2026-11-03&days=tue-thu&start=09:00&days_off=2026-12-21..2026-12-23&pause=30&per_day=2&starts=-18%3A30"), 200,
			`value="18:30"`, "2026-12-21 – 2026-12-23", `name="per_day" type="text" value="2"`)
	})
}
