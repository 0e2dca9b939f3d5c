package cohorts

import (
	"fmt"
	"strings"
	"unicode"
)

// tellApart lets the names of a roll grow where two are alike: "Ana M." twice becomes
// "Ana Ma." and "Ana Mu.", and people of one whole name are numbered in their order.
func tellApart(seats []Seat) {
	first := make([]string, len(seats))
	for i, seat := range seats {
		first[i] = strings.TrimSuffix(seat.Name, " "+beginning(seat.Family, 1))
	}
	for size, alike := 2, twins(seats); len(alike) > 0; size, alike = size+1, twins(seats) {
		grown := false
		for _, i := range alike {
			longer := first[i] + " " + beginning(seats[i].Family, size)
			if first[i] == seats[i].Name || longer == seats[i].Name {
				continue
			}
			seats[i].Name, grown = longer, true
		}
		if !grown {
			number(seats, alike)
			return
		}
	}
}

// twins are the places of those whose name another has too; a point tells nobody apart.
func twins(seats []Seat) (alike []int) {
	count := map[string]int{}
	for _, seat := range seats {
		count[strings.TrimSuffix(seat.Name, ".")]++
	}
	for i, seat := range seats {
		if count[strings.TrimSuffix(seat.Name, ".")] > 1 {
			alike = append(alike, i)
		}
	}
	return alike
}

func number(seats []Seat, alike []int) {
	seen := map[string]int{}
	for _, i := range alike {
		name := seats[i].Name
		seen[name]++
		seats[i].Name = fmt.Sprintf("%s (%d)", name, seen[name])
	}
}

// beginning is the first letters of a name with a point, and the whole of a short one
// without. A letter keeps its accents.
func beginning(name string, size int) string {
	letters := []rune(name)
	for size < len(letters) && unicode.Is(unicode.Mn, letters[size]) {
		size++
	}
	if size >= len(letters) && size > 1 {
		return name
	}
	return string(letters[:min(size, len(letters))]) + "."
}
