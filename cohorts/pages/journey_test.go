package pages_test

import (
	"bytes"
	"mime/multipart"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// seat is the heading of the person whose turn it is.
var seat = regexp.MustCompile(`data-turn-name>([^<]+)<`)

func (h *house) turn(a answer) string {
	if found := seat.FindStringSubmatch(a.body); found != nil {
		return found[1]
	}
	return ""
}

func TestRollIsTakenWithoutScript(t *testing.T) {
	each(t, func(h *house) {
		session := "/sessions/" + string(h.sessions[1].ID)
		page := h.get("ines", h.roll(1))
		h.wants("before", page, 200, "Not marked 3", "!checked", "!saved 9:05", "Mark the rest present")
		if h.turn(page) != "luz L." {
			h.Errorf("first is %q", h.turn(page))
		}
		tap := func(who string, pairs ...string) answer {
			t.Helper()
			return h.post("ines", session+"/marks", append([]string{"enrolment", string(h.enrolments[who])}, pairs...)...)
		}
		h.leads("present", tap("<script>al", "mark", "present"), h.roll(1)+"?after="+string(h.enrolments["<script>al"])+"#turn")
		page = h.get("ines", h.roll(1)+"?after="+string(h.enrolments["<script>al"]))
		h.wants("after one", page, 200, "Present 1", "Not marked 2", "saved 9:05", `class="undo-name">&lt;script&gt;al L.<`)
		if h.turn(page) != "tasha L." {
			h.Errorf("next is %q", h.turn(page))
		}
		h.wants("late without minutes", tap("luz", "mark", "late"), 422, "Give the minutes they came late")
		h.wants("excused without a reason", tap("luz", "mark", "excused"), 422, "Choose a reason")
		h.leads("late by a chip", tap("luz", "mark", "late", "chip", "15"), h.roll(1)+"?after="+string(h.enrolments["luz"])+"#turn")
		h.leads("then early, typed", tap("luz", "mark", "early", "minutes", "20", "late", "15"), h.roll(1)+"?after="+string(h.enrolments["luz"])+"#turn")
		h.wants("both hold", h.get("ines", h.roll(1)+"?seat="+string(h.enrolments["luz"])), 200, "Present, 15 min late, left 20 min early", `name="late" value="15"`, "Undo")
		h.leads("undo", h.post("ines", session+"/marks/reversal", "enrolment", string(h.enrolments["luz"]), "line", "u1"), h.roll(1)+"?seat="+string(h.enrolments["luz"])+"#turn")
		h.wants("undone", h.get("ines", h.roll(1)+"?seat="+string(h.enrolments["luz"])), 200, "Present, 15 min late", "!20 min early")
		h.wants("closing too soon", h.post("ines", session+"/closure"), 422, "One person is not marked yet")
		h.leads("the rest", h.post("ines", session+"/marks/rest", "line", "r1"), h.roll(1))
		h.wants("all marked", h.get("ines", h.roll(1)), 200, "Everyone is marked", "Not marked 0", "Close the roll", "!Mark the rest")
		h.leads("close", h.post("ines", session+"/closure"), h.roll(1)+"?done=closed")
		h.wants("closed", h.get("ines", h.roll(1)+"?done=closed"), 200, "Another person confirms it now", "Another person has to confirm it", "!It is right. Confirm it")
		h.wants("a late tap", tap("luz", "mark", "absent"), 409, "This roll is closed")
		h.wants("to confirm", h.get("cora", "/confirmations"), 200, h.roll(1))
		h.wants("the list counts", h.get("cora", "/cohorts"), 200, "1 session to confirm")
		h.wants("as the second person", h.get("cora", h.roll(1)), 200, "It is right. Confirm it")
		h.leads("confirm", h.post("cora", session+"/confirmation"), "/confirmations?done=confirmed")
		h.wants("what is left", h.get("cora", "/confirmations?done=confirmed"), 200, "Its minutes count", "Nothing is waiting for you", "!"+h.roll(1))
	})
}

func TestRollWaitsUntilAnHourBeforeClass(t *testing.T) {
	each(t, func(h *house) {
		h.wants("two days ahead", h.get("ines", h.roll(2)), 200, "The roll opens an hour before class", "Not marked 3", "!data-turn-name", "!Mark the rest", "!?seat=")
		h.wants("its page", h.get("ines", "/sessions/"+string(h.sessions[2].ID)), 200, "Roll call", "!really began")
		h.wants("a mark", h.post("ines", "/sessions/"+string(h.sessions[2].ID)+"/marks", "enrolment", string(h.enrolments["luz"]), "mark", "present"), 409, "has not begun yet")
	})
}

func TestCorrectionShowsItsHistory(t *testing.T) {
	each(t, func(h *house) {
		session := "/sessions/" + string(h.sessions[1].ID)
		h.must(h.store.MarkRest(h.Context(), h.viewer("ines"), h.sessions[1].ID, "r"))
		h.must(h.store.Close(h.Context(), h.viewer("ines"), h.sessions[1].ID))
		at := h.roll(1) + "?seat=" + string(h.enrolments["luz"])
		h.wants("history", h.get("cora", at), 200, "Correct this mark", "ines, Tue 10 Nov", "!checked")
		form := []string{"enrolment", string(h.enrolments["luz"]), "line", "c1"}
		h.wants("nothing chosen", h.post("cora", session+"/corrections", form...), 422, "Choose why the mark is corrected")
		h.wants("no status", h.post("cora", session+"/corrections", append(form, "reason", "slip")...), 422, "Choose present, excused or absent")
		h.leads("correct", h.post("cora", session+"/corrections", append(form, "reason", "slip", "mark", "present", "minutes_late", "30")...), at+"&done=corrected")
		h.wants("told", h.get("ines", at), 200, "Present, 30 min late", "A slip of the thumb", "It is right. Confirm it")
	})
}

func TestCohortIsPlannedLookedAtAndMade(t *testing.T) {
	each(t, func(h *house) {
		edition, err := h.courses.EditionInForce(h.Context(), h.viewer("cora"), "OUT", "2026-11-10")
		h.must(err)
		h.wants("all wrong", h.post("cora", "/cohorts/previews", "start", "9"), 422, "Choose a course.", "Give the first day.", "Choose at least one weekday.", "Give the time at which class begins.", "Choose a room or online.")
		plan := []string{"edition", string(edition.ID), "first_day", "2026-11-17", "days", "tue", "days", "thu", "start", "09:00", "mode", "room"}
		h.wants("preview", h.post("cora", "/cohorts/previews", plan...), 200, "36 sessions", "Thu 26 Nov", `name="days" value="tue"`, "Make the cohort")
		if n := h.count(`SELECT COUNT(*) FROM cohorts`); n != 2 {
			h.Errorf("a preview made %d cohorts", n)
		}
		h.wants("change", h.post("cora", "/cohorts/previews", append(plan, "change", "1")...), 200, `value="2026-11-17"`, `value="tue" checked`)
		made := h.post("cora", "/cohorts", plan...)
		to, _, _ := strings.Cut(made.Header.Get("Location"), "?")
		h.wants("schedule", h.get("cora", to), 200, "Session 36", "Parallel cohort", `name="next" value="/cohorts/new?first_day=2026-11-17&amp;days=tue-thu&amp;start=09:00"`)
		h.wants("no way across for who does not bridge", h.get("olu", to), 200, "!Parallel cohort")
		h.wants("prefilled", h.get("kim", "/cohorts/new?first_day=2026-11-17&days=tue-thu&start=09:00"), 200, `value="2026-11-17"`, `value="thu" checked`, `value="09:00"`)
		h.wants("nonsense", h.get("kim", `/cohorts/new?first_day="><script>al&days=x&start=`), 200)
		h.wants("another sector's edition", h.post("kim", "/cohorts", plan...), 404)
		h.leads("room", h.post("cora", "/rooms", "name", "Blue <script>al room", "capacity", "30"), "/rooms?done=room")
		h.wants("rooms", h.get("cora", "/rooms"), 200, "30 seats", "Open it to Law enforcement")
		h.wants("no name", h.post("cora", "/rooms", "capacity", "many"), 422, "Give the room a name", "Give the number of seats")
	})
}

func (h *house) count(query string, args ...any) (n int) {
	h.Helper()
	h.must(h.db.NewRaw(query, args...).Scan(h.Context(), &n))
	return n
}

func TestPeopleJoinLeaveAndAreAppointed(t *testing.T) {
	each(t, func(h *house) {
		cohort := "/cohorts/" + string(h.cohort)
		sam := string(h.viewer("sam").Person())
		h.wants("search", h.post("cora", cohort+"/roster/search", "name", "sam"), 200, "sam Lake", "Give a place")
		h.wants("who is there", h.post("cora", cohort+"/roster/search", "name", "tasha"), 200, "In this cohort")
		h.wants("an officer", h.post("cora", cohort+"/roster/search", "name", "omar"), 200, "Nobody of your sector has that name", "!omar Lake")
		h.wants("an instructor does not search", h.post("ines", cohort+"/roster/search", "name", "sam"), 403)
		h.leads("enrol", h.post("cora", cohort+"/enrolments", "person", sam), cohort+"/roster?done=enrolled")
		h.wants("oneself", h.post("cora", cohort+"/enrolments", "person", string(h.viewer("cora").Person())), 403)
		h.wants("an officer's place", h.post("cora", cohort+"/enrolments", "person", string(h.viewer("omar").Person())), 404)
		h.wants("who teaches", h.post("cora", cohort+"/enrolments", "person", string(h.viewer("ines").Person())), 409, "teaches the cohort")
		place := "/enrolments/" + string(h.enrolments["tasha"])
		h.wants("where a place ends", h.get("cora", place), 200, "End their place")
		h.wants("an instructor ends none", h.get("ines", place), 200, "!End their place")
		h.wants("no reason", h.post("cora", place+"/withdrawal"), 422)
		h.leads("withdraw", h.post("cora", place+"/withdrawal", "code", "moved"), cohort+"/roster?done=withdrawn")
		h.wants("roster", h.get("ines", cohort+"/roster"), 200, "sam L.", "Left")
		h.wants("find an instructor", h.post("cora", cohort+"/instructors/search", "name", "olu"), 200, "olu Lake", "Choose")
		h.wants("before appointing", h.post("cora", cohort+"/instructors/search", "name", "olu", "person", string(h.viewer("olu").Person())), 200, "Appoint as lead", "!another class")
		h.leads("appoint", h.post("cora", cohort+"/instructors", "person", string(h.viewer("olu").Person()), "role", "second"), cohort+"/instructors?done=appointed")
		h.wants("a trainee", h.post("cora", cohort+"/instructors", "person", sam, "role", "lead"), 409, "learns in this course now")
		h.leads("dismiss", h.post("cora", cohort+"/instructors/"+string(h.viewer("olu").Person())+"/dismissal"), cohort+"/instructors?done=dismissed")
	})
}

// upload sends a file with a form.
func (h *house) upload(as, path, field, text string) answer {
	h.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	h.must(form.WriteField("_csrf", h.token(as)))
	file, err := form.CreateFormFile(field, "people.csv")
	h.must(err)
	_, err = file.Write([]byte(text))
	h.must(err)
	h.must(form.Close())
	request := httptest.NewRequest("POST", "http://localhost:8080"+path, &body)
	request.Header.Set("Cookie", "academy="+as)
	request.Header.Set("Content-Type", form.FormDataContentType())
	response, err := h.app.Test(request)
	h.must(err)
	defer response.Body.Close()
	var page bytes.Buffer
	_, err = page.ReadFrom(response.Body)
	h.must(err)
	return answer{response, page.String()}
}

func TestFileOfPeopleIsReadFirst(t *testing.T) {
	each(t, func(h *house) {
		cohort := "/cohorts/" + string(h.cohort)
		text := "given_name,family_name,email,cohort\r\nAna,Sol,ana@example.org,\r\n=cmd|x,Ray,bo@example.org,PUT 1\r\n"
		h.wants("no file", h.upload("cora", cohort+"/imports", "file", ""), 422, "Choose a file")
		h.wants("preview", h.upload("cora", cohort+"/imports", "file", text), 200, "2 people get a place", "Save 2 places", "Ana Sol", "New account", "=cmd|x Ray")
		if n := h.count(`SELECT COUNT(*) FROM enrolments`); n != 4 {
			h.Errorf("%d places after a preview", n)
		}
		h.wants("bad lines", h.upload("cora", cohort+"/imports", "file", "given_name,email\nAna,not an address\n"), 200, "One line can’t be read", "Line 2:", "!Save 1")
		for range 2 { // the same file again
			h.leads("store", h.post("cora", cohort+"/imports/confirmation", "text", text), cohort+"/roster?done=imported")
		}
		h.wants("roster", h.get("cora", cohort+"/roster"), 200, "Ana S.", "5 trainees")
	})
}

func TestMinutesAreReadAndMadeUp(t *testing.T) {
	each(t, func(h *house) {
		ctx, place := h.Context(), "/enrolments/"+string(h.enrolments["tasha"])
		h.must(h.store.Mark(ctx, h.viewer("ines"), cohorts.NewMark{Session: h.sessions[0].ID, Enrolment: h.enrolments["tasha"], Status: cohorts.Absent}))
		h.must(h.store.MarkRest(ctx, h.viewer("ines"), h.sessions[0].ID, "r"))
		h.must(h.store.Close(ctx, h.viewer("ines"), h.sessions[0].ID))
		h.wants("ledger", h.get("ines", "/cohorts/"+string(h.cohort)+"/ledger"), 200, "One person can’t reach the total", "to make up", "On the way")
		h.wants("form", h.get("ines", place), 200, "Approve a make-up", "Session 1")
		h.wants("wrong", h.post("ines", place+"/make-ups", "minutes", "lots"), 422, "Choose how it was made up.", "Give the minutes", "Give the day", "Choose the session")
		up := []string{"session", string(h.sessions[0].ID), "kind", "one_to_one", "minutes", "9999", "done_on", "2026-11-10", "line", "l1"}
		h.wants("too many", h.post("ines", place+"/make-ups", up...), 422, "of this session are still missing")
		up[5] = "60"
		h.leads("approve", h.post("ines", place+"/make-ups", up...), place+"?done=made_up")
		own := h.get("tasha", place)
		h.wants("one's own", own, 200, "My hours", "One to one", "approved by ines", "Talk to your instructor", "!Approve a make-up", "!Take back")
		h.wants("a trainee's own hand", h.post("tasha", place+"/make-ups", up...), 404)
		h.leads("all that is missing", h.post("ines", place+"/make-ups", "session", string(h.sessions[0].ID), "kind", "skills_check", "minutes", "", "done_on", "2026-11-10", "line", "l2"), place+"?done=made_up")
		h.wants("nothing is missing any more", h.get("tasha", place), 200, "Nothing is missing", "+3\u00a0h")
		h.wants("nothing left to make up", h.post("ines", place+"/make-ups", "session", string(h.sessions[0].ID), "kind", "skills_check", "minutes", "", "done_on", "2026-11-10", "line", "l3"), 422)
		id := regexp.MustCompile(`name="make_up" value="([^"]+)"`).FindStringSubmatch(h.get("ines", place).body)
		h.leads("take back", h.post("ines", place+"/make-ups/reversal", "make_up", id[1]), place+"?done=taken_back")
		h.wants("taken back", h.get("tasha", place), 200, "Taken back", "−3\u00a0h", "+3\u00a0h", "+1\u00a0h")
		h.wants("in Spanish", h.get("luz", "/enrolments/"+string(h.enrolments["luz"])), 200, "Mis horas", "Asistió", "!Attended", "!/results")
		h.wants("for who teaches", h.get("ines", place), 200, "Knowledge checks: results", `href="/cohorts/`+string(h.cohort)+`/results"`)
	})
}

func TestClassThatEndedEarlyIsMendedOnItsPage(t *testing.T) {
	each(t, func(h *house) {
		session := "/sessions/" + string(h.sessions[1].ID)
		h.at("2026-11-10 14:00")
		h.wants("backwards", h.post("ines", session+"/times", "from", "09:00", "to", "08:00"), 422, "The end comes before the start.")
		h.wants("nothing", h.post("ines", session+"/times"), 422, "Give the time it began")
		h.leads("times", h.post("ines", session+"/times", "from", "09:00", "to", "12:00"), session+"?done=times")
		h.must(h.store.MarkRest(h.Context(), h.viewer("ines"), h.sessions[1].ID, "r"))
		h.must(h.store.Close(h.Context(), h.viewer("ines"), h.sessions[1].ID))
		h.wants("offer", h.get("ines", session), 200, "Session 2 ended early", "Make it up for all")
		h.wants("how", h.post("ines", session+"/make-ups", "done_on", "2026-11-10", "line", "a"), 422, "Choose how it was made up.")
		h.leads("for all", h.post("ines", session+"/make-ups", "kind", "one_to_one", "done_on", "2026-11-10", "line", "a"), session+"?done=made_up_all")
		if n := h.count(`SELECT COUNT(*) FROM make_ups`); n != 3 {
			h.Errorf("%d make-ups", n)
		}
		h.wants("a trainee's page", h.get("tasha", session), 200, "What it is about", "!ended early", "!really began")
	})
}

func TestJointSessionThroughTheDoors(t *testing.T) {
	each(t, func(h *house) {
		h.wants("empty", h.post("cora", "/joint", "session", string(h.sessions[2].ID), "with", "outreach"), 422, "Choose the other side.", "Both sides read it.")
		proposed := h.post("cora", "/joint", "session", string(h.sessions[2].ID), "with", "law_enforcement", "place", "Hall <script>al", "agenda", "Listen", "ground_rules", "One at a time")
		at, _, _ := strings.Cut(proposed.Header.Get("Location"), "?")
		h.wants("asked", h.get("kim", at), 200, "asks for your yes", "Waiting for a yes", "3 trainees, 1 instructor", "!tasha", "!"+string(h.cohort), "!"+string(h.sessions[2].ID))
		h.wants("not before both", h.get("tasha", at), 404)
		theirs, err := h.store.Sessions(h.Context(), h.viewer("kim"), h.police)
		h.must(err)
		h.wants("another hour", h.post("kim", at+"/approval", "session", string(theirs[1].ID)), 422, "begins at the same time")
		h.leads("yes", h.post("kim", at+"/approval", "session", string(theirs[2].ID)), at+"?done=approved")
		h.wants("own badge", h.get("omar", at+"/badge"), 200, "omar", "Trainee", "!tasha", "!Lake")
		h.leads("door name", h.post("omar", at+"/badge", "door_name", "O. <script>al"), at+"/badge?done=door_name")
		h.wants("too long", h.post("omar", at+"/badge", "door_name", strings.Repeat("x", 31)), 422, "A badge has room for 30 letters.")
		h.wants("the other side", h.get("tasha", at), 200, "1 trainee", "!omar", "!O. ")
		h.wants("who may not", h.post("ines", at+"/cancellation"), 403)
		h.leads("call off", h.post("kim", at+"/cancellation"), "/joint?done=called_off")
		h.wants("gone", h.get("omar", at), 404)
	})
}

func TestNothingIsSharedUntilOneSaysYes(t *testing.T) {
	each(t, func(h *house) {
		ctx, system := h.Context(), people.System(people.Outreach)
		h.must(h.people.KeepOrganisations(ctx, []people.Organisation{{Code: "one", Name: "Partner One", Kind: people.Partner}}))
		one, err := h.people.OrganisationByCode(ctx, "one")
		h.must(err)
		h.must(h.people.Partner(ctx, system, one.ID, "2020-01-01", ""))
		for _, name := range []string{"tasha", "luz"} {
			h.must(h.people.Employ(ctx, system, h.viewer(name).Person(), one.ID, "2024-01-01", ""))
		}
		page := h.get("tasha", "/welcome")
		h.wants("asked", page, 200, "Partner One", `value="no" checked`, "!value=\"yes\" checked")
		h.wants("in Spanish", h.get("luz", "/welcome"), 200, "Le damos la bienvenida", "No, es solo mío")
		key := string(h.enrolments["tasha"]) + "." + string(one.ID)
		h.leads("left as it was", h.post("tasha", "/me/sharing", "asked", key, "shares."+key, "no", "welcome", "1"), "/")
		if n := h.count(`SELECT COUNT(*) FROM consents WHERE shares`); n != 0 {
			h.Errorf("%d yeses", n)
		}
		h.leads("another's", h.post("luz", "/me/sharing", "asked", key, "shares."+key, "yes"), "/me/sharing?done=sharing")
		if n := h.count(`SELECT COUNT(*) FROM consents WHERE shares`); n != 0 {
			h.Errorf("%d yeses for another", n)
		}
		h.leads("yes", h.post("tasha", "/me/sharing", "asked", key, "shares."+key, "yes"), "/me/sharing?done=sharing")
		h.wants("kept", h.get("tasha", "/me/sharing"), 200, `value="yes" checked`)
		if n := h.count(`SELECT COUNT(*) FROM consents WHERE shares AND ended_at IS NULL`); n != 1 {
			h.Errorf("%d yeses", n)
		}
	})
}
