package pages_test

import (
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestACardIsMadeScannedAndLost(t *testing.T) {
	each(t, func(h *house) {
		const evil = "<script>al"
		h.wants("none yet", h.get(evil, "/me/card"), 200, "You have no card yet")
		h.leads("made", h.post(evil, "/me/card"), "/me/card?done=card_made")
		mine, err := h.store.MyCard(h.Context(), h.viewer(evil))
		h.must(err)
		card := "/cards/" + string(mine.ID)
		page := h.get(evil, "/me/card?done=card_made")
		h.wants("the card", page, 200, `class="qr"`, string(mine.ID)[:4]+" "+string(mine.ID)[4:8], "Your card is made")
		h.wants("scanned", h.get("ines", card), 200, "Card of &lt;script&gt;al L.", "Now: Not marked", "Mark present", "Cohort 1")
		if n := h.count(`SELECT COUNT(*) FROM marks`); n != 0 {
			h.Errorf("a camera made %d marks", n)
		}
		for _, as := range []string{evil, "tasha", "sam", "kim", "omar"} {
			h.wants("scanned by "+as, h.get(as, card), 404, "!Card of")
			h.wants("marked by "+as, h.post(as, card+"/marks", "session", string(h.sessions[1].ID)), 404)
		}
		h.leads("scanned by nobody", h.get("", card), "/sign-in?next=%2Fcards%2F"+string(mine.ID))
		h.wants("marked by nobody", h.post("", card+"/marks", "session", string(h.sessions[1].ID)), 403)
		h.leads("typed", h.post("ines", "/cards", "letters", strings.ToLower(string(mine.ID[:4])+" "+string(mine.ID[4:]))), card)
		h.wants("typed wrongly", h.post("ines", "/cards", "letters", evil), 422, "No one in your classes has this card")
		h.wants("typed on the other side", h.post("kim", "/cards", "letters", string(mine.ID)), 422, "No one in your classes has this card")
		h.leads("marked", h.post("ines", card+"/marks", "session", string(h.sessions[1].ID), "line", "x"), h.roll(1)+"?done=carded&after="+string(h.enrolments[evil]))
		h.wants("the roll", h.get("ines", h.roll(1)+"?done=carded&after="+string(h.enrolments[evil])), 200, "Marked present by the card", "Present 1", "Present · By their card")
		h.wants("another class's roll", h.post("ines", card+"/marks", "session", string(h.sessions[2].ID)), 409, "has not begun yet")
		h.leads("lost", h.post(evil, "/me/card/end"), "/me/card?done=card_ended")
		h.wants("nothing left", h.get("ines", card), 404)
	})
}

func TestACardAsksWhichOfTwoClasses(t *testing.T) {
	each(t, func(h *house) {
		second := h.begin(people.Outreach, "tasha")
		h.must(h.store.Appoint(h.Context(), people.System(people.Outreach), second, h.viewer("ines").Person(), cohorts.Lead))
		h.must(h.store.MakeCard(h.Context(), h.viewer("tasha")))
		mine, err := h.store.MyCard(h.Context(), h.viewer("tasha"))
		h.must(err)
		card := "/cards/" + string(mine.ID)
		h.wants("asked", h.get("ines", card), 200, "Which class?", "Cohort 1", "Cohort 2", "!checked")
		h.wants("not chosen", h.post("ines", card+"/marks", "line", "x"), 422, "Choose the class.")
		a := h.post("ines", card+"/marks", "line", "x", "session", string(h.sessions[1].ID))
		if to := a.Header.Get("Location"); !strings.HasPrefix(to, h.roll(1)+"?done=carded") {
			h.Errorf("chosen: %d to %q", a.StatusCode, to)
		}
	})
}
