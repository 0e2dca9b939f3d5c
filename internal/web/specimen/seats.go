package specimen

import "github.com/metropolitan-peace-academy/academy/internal/web"

// seats are n people with marks of every kind.
func seats(n int) []web.Seat {
	states := []string{"present", "present", "present", "late", "present", "present", "absent", "open", "present", "excused"}
	words := map[string]string{"present": "Present", "late": "Late", "absent": "Absent", "open": "Not marked", "excused": "Excused"}
	short := []string{"Ta", "Lu", "And", "Ke", "Ma", "De", "Br", "Ja", "Ro", "Wi"}
	all := make([]web.Seat, n)
	for i := range all {
		state := states[i%len(states)]
		all[i] = web.Seat{Short: short[i%len(short)], Name: short[i%len(short)], State: state, Word: words[state], Href: "/?seat=1", Now: i == 7}
	}
	return all
}
