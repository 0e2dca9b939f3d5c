package app

import "math/rand/v2"

// Invented people of the demo, from the many backgrounds that live in Chicago. Given
// and family names are drawn apart, so that nobody real is meant.
var demoGiven = []string{
	"Tasha", "Jamal", "Denise", "Marcus", "Lucía", "Andre", "Keisha", "Rosa", "Darnell", "Noemí", "Malik", "Imani",
	"Pedro", "Ana", "Wilson", "Sofía", "Brandon", "Cristina", "Monique", "Leroy", "Rashad", "Zoë", "Thuy", "Aisha",
	"Omar", "Yolanda", "Terrence", "Guadalupe", "Xavier", "Beatriz", "Curtis", "Fatima", "Héctor", "Latoya", "Piotr",
	"Renée", "Samuel", "Tomás", "Uchenna", "Valeria", "Walter", "Ximena", "Yusuf", "Zainab", "Alonzo", "Bernice",
	"Carlos", "Dolores", "Emeka", "Florence", "Gerald", "Hana", "Isaac", "Joaquín", "Krystyna", "Lamar", "Maribel",
	"Nathaniel", "Odessa", "Percy", "Quinn", "Ramona", "Shanice", "Tyrone", "Ursula", "Vincent", "Wanda", "Young-ja",
}

var demoFamily = []string{
	"Reyes", "Washington", "Okafor", "Nguyễn", "Kowalski", "Hernández", "Brooks", "Muhammad", "O’Malley", "Castillo",
	"Jefferson", "Patel", "Morales", "St. James", "Abdi", "Gutiérrez", "Coleman", "Núñez", "Haywood", "Kim", "Santiago",
	"Whitfield", "Zielińska", "Baptiste", "Delgado", "Ferguson", "Ibarra", "Langston", "Mendoza", "Oyelaran", "Pickett",
	"Quiñones", "Rollins", "Solis", "Tillman", "Underwood", "Villarreal", "Woods", "Yates", "Zamora", "Ahmad", "Bright",
	"Carrasco", "Dixon", "Espinoza", "Franklin", "Greer", "Holloway", "Irizarry", "Jean-Baptiste", "Kelly", "Lockhart",
}

// demoName is one invented person's name.
type demoName struct{ given, family string }

// demoNames draws as many different names as are asked for.
func demoNames(mix *rand.Rand, n int) []demoName {
	seen := map[demoName]bool{}
	names := make([]demoName, 0, n)
	for len(names) < n {
		name := demoName{demoGiven[mix.IntN(len(demoGiven))], demoFamily[mix.IntN(len(demoFamily))]}
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}
