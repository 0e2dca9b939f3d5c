package pages_test

import (
	"html"
	"regexp"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

var fieldPattern = regexp.MustCompile(`name="([a-z_]+)" value="([^"]*)"`)

// fields reads the hidden fields of a preview's form, to send them on.
func fieldsOf(a answer) (pairs []string) {
	for _, m := range fieldPattern.FindAllStringSubmatch(a.body, -1) {
		if m[1] != "_csrf" && m[1] != "change" && m[1] != "accept" && m[1] != "sector" && m[1] != "next" && m[1] != "language" {
			pairs = append(pairs, m[1], html.UnescapeString(m[2]))
		}
	}
	return pairs
}

func (h *house) changes() (n int) {
	h.Helper()
	h.must(h.db.NewRaw(`SELECT COUNT(*) FROM schedule_changes`).Scan(h.Context(), &n))
	return n
}

// A coordinator moves a class behind a preview, sees it in the log and undoes it.
func TestAClassIsMovedBehindAPreviewAndUndone(t *testing.T) {
	each(t, func(h *house) {
		cohort, session := "/cohorts/"+string(h.cohort), "/sessions/"+string(h.sessions[3].ID)
		h.wants("the schedule", h.get("cora", cohort+"/schedule"), 200, session+"/schedule", "Change the schedule", "!What was changed")
		h.wants("the form", h.get("cora", session+"/schedule"), 200, `value="2026-11-24"`, "Move this session and all after it")
		ask := []string{"kind", "move", "session", string(h.sessions[3].ID), "day", "2026-11-25", "start", "13:00", "minutes", "", "mode", "room", "room", "", "link", "", "reason", "<script>al"}
		shown := h.post("cora", cohort+"/schedule/previews", ask...)
		h.wants("the preview", shown, 200, "Is this right?", "Tue 24 Nov", "Wed 25 Nov, 1:00 pm")
		if h.changes() != 0 {
			t.Fatal("a preview changed something")
		}
		h.leads("the change", h.post("cora", cohort+"/schedule/changes", fieldsOf(shown)...), cohort+"/schedule?done=rescheduled")
		h.wants("the schedule after", h.get("cora", cohort+"/schedule?done=rescheduled"), 200, "The schedule is changed", "Tue 24 Nov, 9:00 am → Wed 25 Nov, 1:00 pm", "What was changed", "&lt;script&gt;al")
		h.wants("in Spanish", h.get("tasha", cohort+"/sessions"), 200, "Wed 25 Nov, 1:00 pm", "!cohorts.")
		h.wants("the same preview again", h.post("cora", cohort+"/schedule/changes", fieldsOf(shown)...), 409, "Something changed while you looked")
		var id string
		h.must(h.db.NewRaw(`SELECT id FROM schedule_changes`).Scan(h.Context(), &id))
		h.leads("the undoing", h.post("cora", cohort+"/schedule/reversal", "schedule_change", id), cohort+"/schedule?done=schedule_undone")
		h.wants("the schedule after all", h.get("cora", cohort+"/schedule"), 200, "Undone", "Tue 24 Nov, 9:00 am")
		if h.changes() != 2 {
			t.Errorf("%d rows", h.changes())
		}
	})
}

func TestAWrongChangeComesBackFilledIn(t *testing.T) {
	each(t, func(h *house) {
		path := "/cohorts/" + string(h.cohort) + "/schedule"
		ask := []string{"kind", "move", "session", string(h.sessions[3].ID), "day", "yesterday", "start", "9", "minutes", "5", "mode", "room", "link", "http://x", "reason", ""}
		h.wants("all wrong", h.post("cora", path+"/previews", ask...), 422, "Give a day.", "Say why the schedule changes", "A session has 15 minutes or more", "begins with https://")
		ask = []string{"kind", "move", "session", string(h.sessions[3].ID), "day", "2026-11-17", "start", "09:00", "mode", "room", "reason", "Snow"}
		h.wants("on another session", h.post("cora", path+"/previews", ask...), 422, "Another session of this cohort meets at that time", `value="2026-11-17"`)
		h.wants("nothing chosen", h.post("cora", path+"/previews", "kind", "add", "day", "2026-12-30", "start", "09:00", "mode", "room", "reason", "Snow"), 422)
	})
}

func TestACancelledTopicIsOfferedAgain(t *testing.T) {
	each(t, func(h *house) {
		path := "/cohorts/" + string(h.cohort) + "/schedule"
		cancel := h.post("cora", path+"/previews", "kind", "cancel", "session", string(h.sessions[3].ID), "reason", "Snow")
		h.wants("the preview", cancel, 200, "Called off", "No session teaches these topics now", "are still to be planned")
		h.leads("cancelled", h.post("cora", path+"/changes", fieldsOf(cancel)...), path+"?done=rescheduled")
		h.wants("the schedule", h.get("cora", path), 200, "Add a session", "are still to be planned")
		add := h.post("cora", path+"/previews", "kind", "add", "topic", string(h.sessions[3].EditionSessionID), "day", "2026-12-16", "start", "09:00", "mode", "online", "link", "https://meet.example.org/a", "reason", "A free day")
		h.wants("the preview of what is added", add, 200, "Not planned", "Wed 16 Dec", "!are still to be planned")
		h.leads("added", h.post("cora", path+"/changes", fieldsOf(add)...), path+"?done=rescheduled")
	})
}

func TestOnlyWhoRunsTheSectorChangesASchedule(t *testing.T) {
	each(t, func(h *house) {
		cohort, session := "/cohorts/"+string(h.cohort), "/sessions/"+string(h.sessions[3].ID)
		ask := []string{"kind", "cancel", "session", string(h.sessions[3].ID), "reason", "Snow", "seen", "x"}
		for who, status := range map[string]int{"kim": 404, "omar": 404, "tasha": 404, "sam": 404, "ines": 403} {
			for _, path := range []string{"/schedule/previews", "/schedule/changes", "/schedule/reversal"} {
				h.wants(path+" by "+who, h.post(who, cohort+path, ask...), status)
			}
			h.wants("the schedule of "+who, h.get(who, cohort+"/schedule"), status)
			h.wants("the form of "+who, h.get(who, session+"/schedule"), status)
		}
		h.wants("nobody's", h.get("", cohort+"/schedule"), 303)
		h.wants("another cohort's session", h.post("kim", "/cohorts/"+string(h.police)+"/schedule/previews", ask...), 404)
		if h.changes() != 0 {
			t.Error("something changed")
		}
	})
}

func TestARoomOfAnotherSectorReadsNotAvailable(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.exec(`INSERT INTO rooms (id, name) VALUES ('shared', 'Shared room')`))
		h.must(h.exec(`INSERT INTO room_sectors (room_id, sector) VALUES ('shared', 'outreach'), ('shared', 'law_enforcement')`))
		h.must(h.exec(`UPDATE sessions SET room_id = 'shared' WHERE sector = ?`, people.LawEnforcement))
		ask := []string{"kind", "move", "session", string(h.sessions[3].ID), "day", "2026-11-24", "start", "09:00", "mode", "room", "room", "shared", "reason", "Larger"}
		shown := h.post("cora", "/cohorts/"+string(h.cohort)+"/schedule/previews", ask...)
		h.wants("the preview", shown, 200, "The room is not available", "!PUT, Cohort", "can’t be booked twice")
		h.wants("the change", h.post("cora", "/cohorts/"+string(h.cohort)+"/schedule/changes", append(fieldsOf(shown), "accept", "yes")...), 409, "The room is not available")
		ask[11] = "nowhere"
		h.wants("a room that is not there", h.post("cora", "/cohorts/"+string(h.cohort)+"/schedule/previews", ask...), 404)
	})
}

func (h *house) exec(statement string, args ...any) error {
	_, err := h.db.NewRaw(statement, args...).Exec(h.Context())
	return err
}
