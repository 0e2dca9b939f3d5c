package pages_test

import (
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
)

// shownCode is what stands on the wall.
var shownCode = regexp.MustCompile(`class="wall-code" aria-label="([A-Z0-9 ]+)"`)

// wallCode reads the code from the screen of a session, as who runs it.
func (h *house) wallCode(as string, session cohorts.SessionID) string {
	h.Helper()
	found := shownCode.FindStringSubmatch(h.get(as, "/sessions/"+string(session)+"/check-in").body)
	if found == nil {
		return ""
	}
	return strings.ReplaceAll(found[1], " ", "")
}

func TestATraineeChecksInByTheCodeOnTheWall(t *testing.T) {
	each(t, func(h *house) {
		wall := "/sessions/" + string(h.sessions[1].ID) + "/check-in"
		screen := h.get("ines", wall)
		h.wants("the wall", screen, 200, "Check in", `class="qr"`, "localhost:8080/check-in", "A new code comes every 20 seconds", "leave-quickly")
		code := h.wallCode("ines", h.sessions[1].ID)
		if len(code) != 6 {
			h.Fatalf("the code is %q", code)
		}
		if seconds, err := strconv.Atoi(screen.Header.Get("Refresh")); err != nil || seconds < 1 || seconds > 20 {
			h.Errorf("loads again after %q", screen.Header.Get("Refresh"))
		}
		// What a room sees names nobody and nothing.
		for _, said := range []string{"ines", "tasha", "luz", "Lake", "Cohort", "Session 2", h.sessions[1].TitleEN, h.sessions[1].CourseEN, "Professional"} {
			if said != "" && strings.Contains(screen.body, said) {
				h.Errorf("the wall shows %q", said)
			}
		}
		h.wants("the form", h.get("tasha", "/check-in"), 200, "Type the code that you see now", "!aria-invalid")
		h.wants("scanned", h.get("tasha", "/check-in/"+code), 200, `value="`+code+`"`, "I am here")
		if n := h.count(`SELECT COUNT(*) FROM marks`); n != 0 {
			h.Errorf("looking made %d marks", n)
		}
		h.wants("typed wrongly", h.post("tasha", "/check-in", "code", "<script>al"), 422, "This is not the code on the screen now", `value="&lt;script&gt;al"`)
		h.leads("checked in", h.post("tasha", "/check-in", "code", strings.ToLower(code)), "/check-in?done=checked_in&late=0")
		h.wants("told", h.get("tasha", "/check-in?done=checked_in&late=0"), 200, "You are checked in.", "!minutes after class began")
		h.leads("again", h.post("tasha", "/check-in", "code", code), "/check-in?done=checked_in_before")
		h.wants("told again", h.get("tasha", "/check-in?done=checked_in_before"), 200, "Nothing has changed")
		h.at("2026-11-10 09:30")
		h.leads("late", h.post("luz", "/check-in", "code", h.wallCode("ines", h.sessions[1].ID)), "/check-in?done=checked_in&late=30")
		h.wants("told in Spanish", h.get("luz", "/check-in?done=checked_in&late=30"), 200, "Llegó 30 minutos después del comienzo")
		h.wants("nonsense", h.get("luz", "/check-in?done=<script>al&late=<script>al"), 200, "Escriba el código")
		h.wants("the roll", h.get("ines", h.roll(1)+"?seat="+string(h.enrolments["luz"])), 200, "Present, 30 min late · By the code on the wall", "Present 1", "Late 1", "Not marked 1", "Show the check-in code")
	})
}

func TestACheckInIsForWhoLearnsThere(t *testing.T) {
	each(t, func(h *house) {
		code := h.wallCode("ines", h.sessions[1].ID)
		theirs, err := h.store.Sessions(h.Context(), h.viewer("kim"), h.police)
		h.must(err)
		for _, as := range []string{"tasha", "sam", "kim", "omar"} {
			h.wants("the wall as "+as, h.get(as, "/sessions/"+string(h.sessions[1].ID)+"/check-in"), 404)
		}
		h.leads("the wall as nobody", h.get("", "/sessions/"+string(h.sessions[1].ID)+"/check-in"), "/sign-in?next=%2Fsessions%2F"+string(h.sessions[1].ID)+"%2Fcheck-in")
		h.leads("a scan as nobody", h.get("", "/check-in/"+code), "/sign-in?next=%2Fcheck-in%2F"+code)
		h.wants("nobody", h.post("", "/check-in", "code", code), 403)
		h.wants("no class", h.post("sam", "/check-in", "code", code), 422, "You have no class now")
		h.wants("who teaches", h.post("ines", "/check-in", "code", code), 422, "You have no class now")
		foreign := h.post("omar", "/check-in", "code", code)
		never := h.post("omar", "/check-in", "code", "AAAAAA")
		h.wants("another side's", foreign, 422, "This is not the code on the screen now")
		if strings.ReplaceAll(foreign.body, code, "AAAAAA") != never.body {
			h.Error("another side's code reads otherwise than one that never was")
		}
		if h.wallCode("kim", theirs[1].ID) == code {
			h.Error("two classes have one code")
		}
		for range 18 {
			h.post("omar", "/check-in", "code", "AAAAAA")
		}
		h.wants("too many", h.post("omar", "/check-in", "code", h.wallCode("kim", theirs[1].ID)), 429, "That was a wrong code many times")
		h.wants("too early", h.get("ines", "/sessions/"+string(h.sessions[2].ID)+"/check-in"), 200, "Check-in opens Tue 17 Nov, 8:00", "!wall-code")
		h.at(h.sessions[1].EndsAt.Add(time.Minute).In(chicago).Format("2006-01-02 15:04"))
		over := h.get("ines", "/sessions/"+string(h.sessions[1].ID)+"/check-in")
		h.wants("over", over, 200, "Check-in is over", "!wall-code")
		if over.Header.Get("Refresh") != "" {
			h.Error("a screen that is over loads itself again")
		}
		if n := h.count(`SELECT COUNT(*) FROM marks`); n != 0 {
			h.Errorf("%d marks were made", n)
		}
	})
}
