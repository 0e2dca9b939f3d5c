package cohorts

import (
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Room is a place where sessions meet. A sector sees and books only rooms released to it.
type Room struct {
	ID       string `bun:"id,pk"`
	Name     string `bun:"name"`
	Address  string `bun:"address"`
	Capacity int    `bun:"capacity"`
}

func (r Room) validate() error {
	var e fault.InvalidError
	if strings.TrimSpace(r.Name) == "" || len([]rune(r.Name)) > 100 {
		e.Add("name", "cohorts.room.name_needed")
	}
	if len([]rune(r.Address)) > 200 {
		e.Add("address", "cohorts.room.address_long")
	}
	if r.Capacity < 0 || r.Capacity > 10_000 {
		e.Add("capacity", "cohorts.room.capacity_odd")
	}
	return e.OrNil()
}
