package cohorts

import (
	"slices"
	"testing"
)

func TestNamesGrowUntilNoTwoAreAlike(t *testing.T) {
	for _, c := range []struct {
		name  string
		given [][2]string // first name, family name
		want  []string
	}{
		{"all different", [][2]string{{"Ana", "Marin"}, {"Bo", "Marin"}}, []string{"Ana M.", "Bo M."}},
		{"two letters", [][2]string{{"Ana", "Marin"}, {"Ana", "Muñoz"}, {"Bo", "Lake"}}, []string{"Ana Ma.", "Ana Mu.", "Bo L."}},
		{"each as far as it must", [][2]string{{"Ana", "Marin"}, {"Ana", "Marsh"}, {"Ana", "Muñoz"}}, []string{"Ana Mari.", "Ana Mars.", "Ana Mu."}},
		{"the whole name", [][2]string{{"Ana", "Mar"}, {"Ana", "Mara"}}, []string{"Ana Mar", "Ana Mara"}},
		{"one whole name", [][2]string{{"Ana", "Marin"}, {"Ana", "Marin"}}, []string{"Ana Marin (1)", "Ana Marin (2)"}},
		{"no family name", [][2]string{{"Ana", ""}, {"Ana", ""}, {"Bo", "L"}}, []string{"Ana (1)", "Ana (2)", "Bo L."}},
		{"an accent stays on its letter", [][2]string{{"Ana", "Nun\u0303ez"}, {"Ana", "Nuno"}}, []string{"Ana Nun\u0303.", "Ana Nun."}},
		{"a first name of two words", [][2]string{{"Ana Luz", "Marin"}, {"Ana Luz", "Muñoz"}}, []string{"Ana Luz Ma.", "Ana Luz Mu."}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var seats []Seat
			for _, g := range c.given {
				name := g[0]
				if g[1] != "" {
					name += " " + string([]rune(g[1])[:1]) + "."
				}
				seats = append(seats, Seat{Name: name, Family: g[1]})
			}
			tellApart(seats)
			var got []string
			for _, s := range seats {
				got = append(got, s.Name)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}
