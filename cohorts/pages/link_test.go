package pages_test

import "testing"

// The address to join online is on the page from fifteen minutes before class to an hour
// after it, for nobody earlier.
func TestTheOnlineAddressOpensFifteenMinutesBeforeClass(t *testing.T) {
	each(t, func(h *house) {
		path := "/sessions/" + string(h.sessions[2].ID) // Tue 17 Nov, 9:00
		h.must(h.exec(`UPDATE sessions SET mode = 'online', link = 'https://meet.example.org/secret' WHERE id = ?`, h.sessions[2].ID))
		for _, one := range []struct {
			moment string
			open   bool
		}{{"2026-11-10 09:05", false}, {"2026-11-17 08:44", false}, {"2026-11-17 08:45", true}, {"2026-11-17 12:00", true}, {"2026-11-17 23:00", false}} {
			h.at(one.moment)
			for _, who := range []string{"tasha", "luz", "ines", "cora"} {
				said := map[bool]string{true: "", false: "!"}[one.open] + "https://meet.example.org/secret"
				h.wants("at "+one.moment+" for "+who, h.get(who, path), 200, said)
			}
		}
		h.at("2026-11-17 08:44")
		h.wants("when", h.get("tasha", path), 200, "is here from Tue 17 Nov, 8:45\u00a0am")
		h.at("2026-11-17 08:45")
		h.wants("another side", h.get("kim", path), 404)
		h.must(h.exec(`UPDATE sessions SET mode = 'room' WHERE id = ?`, h.sessions[2].ID))
		h.wants("in a room", h.get("tasha", path), 200, "!meet.example.org")
		h.must(h.exec(`UPDATE sessions SET mode = 'hybrid' WHERE id = ?`, h.sessions[2].ID))
		h.wants("both", h.get("tasha", path), 200, "meet.example.org", "In a room and online")
		h.must(h.exec(`UPDATE sessions SET state = 'cancelled' WHERE id = ?`, h.sessions[2].ID))
		h.wants("called off", h.get("tasha", path), 200, "!meet.example.org")
	})
}
