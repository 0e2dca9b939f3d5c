package pages_test

import (
	"testing"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

func TestACoordinatorFillsSeatsAndTheListTakesItsTurn(t *testing.T) {
	each(t, func(h *house) {
		cohort := "/cohorts/" + string(h.cohort)
		sam := string(h.viewer("sam").Person())
		h.wants("a limit that is no number", h.post("cora", cohort+"/seats", "seats", "many", "award", "<script>"), 422,
			"Write a number from 1 to 500", "letters, digits, dots", "&lt;script&gt;", "!<script>alert")
		h.leads("the limit", h.post("cora", cohort+"/seats", "seats", "3", "award", "CVI-7"), cohort+"/seats?done=seats")
		h.wants("the page", h.get("cora", cohort+"/seats"), 200, "3 of 3", "CVI-7", "Nobody is waiting")
		h.wants("a full cohort", h.post("cora", cohort+"/enrolments", "person", sam), 409, "Every seat of this cohort is taken")
		h.wants("who is found", h.post("cora", cohort+"/roster/search", "name", "sam"), 200, "Put on the waiting list", "!Give a place")
		h.leads("the wait", h.post("cora", cohort+"/waits", "person", sam), cohort+"/seats?done=waits")
		h.wants("who is found now", h.post("cora", cohort+"/roster/search", "name", "sam"), 200, "On the waiting list", "!Put on")
		h.wants("the list", h.get("cora", cohort+"/seats"), 200, "sam L.", "since")
		h.wants("the instructor asks for a seat", h.post("ines", cohort+"/waits", "person", sam), 403)
		h.leads("a place ends", h.post("cora", "/enrolments/"+string(h.enrolments["luz"])+"/withdrawal", "code", "moved"), cohort+"/roster?done=withdrawn")
		h.wants("the roster", h.get("cora", cohort+"/roster"), 200, "sam L.")
		h.wants("the list after", h.get("cora", cohort+"/seats"), 200, "3 of 3", "Left: Moved away", "Nobody is waiting")
	})
}

func TestAFileThatIsLongerThanTheSeatsFillsTheList(t *testing.T) {
	each(t, func(h *house) {
		v := people.System(people.Outreach)
		h.must(h.store.SetSeats(h.Context(), v, h.cohort, cohorts.SeatRules{Seats: 4}))
		cohort, file := "/cohorts/"+string(h.cohort), "external_id,given_name\n1,Ann\n2,Ben\n3,Cy\n"
		for range 2 { // the same file again changes nothing
			h.wants("the import", h.post("cora", cohort+"/imports/confirmation", "text", file), 303)
			waiting, _, err := h.store.Waiting(h.Context(), v, h.cohort, "")
			h.must(err)
			seats, err := h.store.Seats(h.Context(), v, h.cohort)
			h.must(err)
			if len(waiting) != 2 || seats.Taken != 4 {
				h.Fatalf("%d wait and %d have a seat, want 2 and 4", len(waiting), seats.Taken)
			}
		}
	})
}

func TestTheAwardOfAPlaceIsSetOnItsPage(t *testing.T) {
	each(t, func(h *house) {
		place := "/enrolments/" + string(h.enrolments["tasha"])
		h.leads("the award", h.post("cora", place+"/award", "award", "CVI-7"), place+"?done=award")
		h.wants("the place", h.get("cora", place), 200, `value="CVI-7"`)
		h.wants("her own page", h.get("tasha", place), 200, "!CVI-7")
		h.wants("the instructor", h.post("ines", place+"/award", "award", "CVI-8"), 403)
		h.wants("what is no number", h.post("cora", place+"/award", "award", "her uncle pays"), 422, "Write the award")
	})
}

// hr makes somebody partner HR of a new partner.
func (h *house) hr(name string, sector people.Sector) {
	h.Helper()
	h.must(h.people.KeepOrganisations(h.Context(), []people.Organisation{{Code: name, Name: "Partner of " + name, Kind: people.Partner}}))
	partner, err := h.people.OrganisationByCode(h.Context(), name)
	h.must(err)
	h.must(h.people.Partner(h.Context(), people.System(sector), partner.ID, "2020-01-01", ""))
	h.person(name, "en", []people.Sector{sector}, people.Trainee)
	seen := h.seen[name]
	seen.Viewer = people.Seen(seen.Viewer.Person(), sector, []people.Role{people.PartnerHR}, []people.OrganisationID{partner.ID})
	h.seen[name] = seen
}

func TestAPartnerAsksForSeatsAndSeesTheAnswerAlone(t *testing.T) {
	each(t, func(h *house) {
		h.hr("hana", people.Outreach)
		h.hr("otto", people.LawEnforcement)
		cohort := "/cohorts/" + string(h.cohort)
		h.wants("nothing is open", h.get("hana", "/nominations"), 200, "No course is open for requests now")
		h.leads("open", h.post("cora", cohort+"/seats", "seats", "4", "asks_until", "2026-12-01"), cohort+"/seats?done=seats")
		h.wants("an offer", h.get("hana", "/nominations"), 200, "from ", "Ask for the seat", "!Cohort 1")
		h.wants("of the other side", h.get("otto", "/nominations"), 200, "No course is open")
		ask := []string{"cohort", string(h.cohort), "given_name", "<script>alert", "email", "r@example.org"}
		h.wants("of the other side", h.post("otto", "/nominations", ask...), 404)
		h.wants("a trainee", h.post("tasha", "/nominations", ask...), 404)
		h.wants("a trainee's page", h.get("tasha", "/nominations"), 404)
		h.wants("without an address", h.post("hana", "/nominations", "cohort", string(h.cohort), "given_name", "Renee"), 422, "Write an e-mail address or a phone number", `value="Renee"`)
		h.leads("asked", h.post("hana", "/nominations", ask...), "/nominations?done=nominated")
		h.wants("no answer yet", h.get("hana", "/nominations"), 200, "No answer yet", "&lt;script&gt;alert", "!<script>alert")
		page := h.get("cora", cohort+"/seats")
		h.wants("to answer", page, 200, "Partner of hana", "r@example.org", "&lt;script&gt;alert", "!<script>alert")
		asked, err := h.store.ToAnswer(h.Context(), h.viewer("cora"), h.cohort)
		h.must(err)
		id := string(asked[0].ID)
		h.wants("the instructor answers", h.post("ines", cohort+"/nominations/acceptance", "nomination", id), 403)
		h.wants("the other side takes it back", h.post("otto", "/nominations/reversal", "nomination", id), 404)
		h.leads("accepted", h.post("cora", cohort+"/nominations/acceptance", "nomination", id), cohort+"/seats?done=accepted")
		h.wants("too late to take back", h.post("hana", "/nominations/reversal", "nomination", id), 404)
		h.wants("the answer", h.get("hana", "/nominations"), 200, "Has a seat")
		h.wants("nothing more of them", h.get("hana", "/enrolments/"+string(h.enrolments["tasha"])), 404)
		h.leads("another", h.post("hana", "/nominations", "cohort", string(h.cohort), "given_name", "Rex", "phone", "312 555 0143"), "/nominations?done=nominated")
		asked, err = h.store.ToAnswer(h.Context(), h.viewer("cora"), h.cohort)
		h.must(err)
		h.leads("declined", h.post("cora", cohort+"/nominations/refusal", "nomination", string(asked[0].ID)), cohort+"/seats?done=declined")
		h.wants("the answer", h.get("hana", "/nominations"), 200, "No seat this time")
	})
}
