package app

import (
	"math/rand/v2"
	"strings"
)

// demoName is one invented person's name and the language that they read in.
type demoName struct{ given, family, chosen, language string }

// neighbors are names of one of the many backgrounds that live in Chicago. Given and
// family names are drawn apart, so that nobody real is meant, and no family name is that
// of an account.
type neighbors struct {
	share         int // of a hundred people
	given, family string
	spanish       int // of a hundred of them, how many read in Spanish
}

var demoNeighbors = []neighbors{
	{38, "Andrea Antwan Bernice Brandon Cedric Curtis Darnell Deja Denise Ebony Floyd Gerald Imani Jamal Jasmine Keisha Lamar Latoya Leroy Malik Marcus Monique Nathaniel Odessa Percy Rashad Renée Shanice Tamika Terrence Tyrone Vernon Yolanda Zoë",
		"Alexander Banks Booker Bright Brooks Dixon Ferguson Franklin Gaines Haywood Holloway Jefferson Lockhart Mosley Pickett Rollins St.·James Tolliver Underwood Wardlow Woods Yates", 0},
	{30, "Alonzo Ana Beatriz Carlos Cristina Dolores Esteban Fernando Guadalupe Héctor Íñigo Joaquín Lucía Maribel Noemí Octavio Pedro Ramona Rosa Rubén Sofía Tomás Valeria Xavier Ximena Yesenia",
		"Delgado Espinoza Gutiérrez Hernández Ibarra Irizarry Mendoza Morales Peña Quiñones Rentería Rivera·Colón Santiago Solís Villarreal Zamora", 35},
	{7, "Agnieszka Grzegorz Krystyna Marek Piotr Wanda", "Kowalski Nowak Wiśniewska Zawadzka", 0},
	{6, "Brigid Colleen Declan Maeve Patrick Sheila", "Byrne Doyle Keane O’Malley Sheridan", 0},
	{6, "Abdi Amina Bilal Fatima Khalid Layla Yusuf Zainab", "Abdullahi Ahmad Haddad Khoury Mansour Warsame", 0},
	{5, "Adaeze Chidi Emeka Folake Kwame Uchenna", "Adeyemi Boateng Okafor Obi", 0},
	{4, "Anh Hana Linh Min-jun Thuy Young-ja", "Kim Nguyễn Park Trần", 0},
	{4, "Anjali Dev Harpreet Priya", "Patel Sandhu Shah Verma", 0},
}

// goBy are names that people go by rather than their given one.
var goBy = map[string]string{"Nathaniel": "Nate", "Guadalupe": "Lupe", "Terrence": "T", "Young-ja": "June", "Brandon": "Bee"}

// demoNames draws as many people as are asked for. No two share a first name and an
// initial, which is all that a roll shows.
func demoNames(mix *rand.Rand, n int) []demoName {
	seen := map[string]bool{}
	names := make([]demoName, 0, n)
	for len(names) < n {
		from := neighborsAt(mix.IntN(100))
		name := demoName{given: pick(mix, from.given), family: pick(mix, from.family), language: "en"}
		name.chosen = goBy[name.given]
		if mix.IntN(100) < from.spanish {
			name.language = "es"
		}
		if roll := name.given + string([]rune(name.family)[0]); !seen[roll] {
			seen[roll] = true
			names = append(names, name)
		}
	}
	return names
}

func neighborsAt(share int) neighbors {
	for _, one := range demoNeighbors {
		if share < one.share {
			return one
		}
		share -= one.share
	}
	return demoNeighbors[0]
}

// pick draws one of the names in a list; a dot in the middle stands for a space.
func pick(mix *rand.Rand, list string) string {
	all := strings.Fields(list)
	return strings.ReplaceAll(all[mix.IntN(len(all))], "·", " ")
}
