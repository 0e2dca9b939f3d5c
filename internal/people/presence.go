package people

// Presence is who is signed in on a device, all in one look-up: the person, the
// sector they stand in, and where else a bridge grant lets them stand.
type Presence struct {
	Viewer   Viewer
	Name     string // the name everyone sees
	Language string // "en" or "es"
	Shared   bool   // on a shared phone: 15 minutes idle, cleared at sign-out

	Home      Sector   // the person's own sector
	Standings []Sector // where they may stand, home first; one for nearly everybody

	SignIn string // key of the device's row in sign_ins; "" for an API token
	Token  string // the session token in clear, for the form guard; never stored
}

// MayStandIn says whether the person may stand in the sector: at home, or where a
// bridge grant is in force today.
func (p Presence) MayStandIn(sector Sector) bool {
	for _, s := range p.Standings {
		if s == sector {
			return true
		}
	}
	return false
}

// Bridges says whether the person may switch between sectors.
func (p Presence) Bridges() bool { return len(p.Standings) > 1 }
