package e2e

import (
	"context"
	"html"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

// publicHolds walks what is open to everybody: it knows a course by its areas of
// competency, and by no module, no session of its map and no objective.
func publicHolds(t *testing.T, a *app.Academy, nobody *visitor) {
	code := checkingCode(t, a)
	shown := map[string]string{}
	for _, path := range []string{"/", "/verify", "/verify/list", "/c/" + code, "/api/v1/verify/" + code, "/trust", "/.well-known/did.json",
		"/achievements/PUT/2026", "/achievements/OUT/2026", "/robots.txt", "/sign-in", "/search?q=mediation", "/courses", "/api/v1/courses", "/api/v1/search?q=mediation"} {
		if answer := nobody.get(path); answer.status < 500 {
			shown[path] = html.UnescapeString(answer.body)
		} else {
			t.Errorf("%s answers %d", path, answer.status)
		}
	}
	for _, path := range []string{"/achievements/PUT/2026", "/c/" + code} {
		if !strings.Contains(shown[path], "Calming tense moments") {
			t.Errorf("%s does not tell the course's areas of competency", path)
		}
	}
	var hidden, areas []string
	err := a.DB.NewRaw(`SELECT title FROM module_versions UNION SELECT title_en FROM edition_sessions UNION SELECT title_es FROM edition_sessions`).
		Scan(context.Background(), &hidden)
	if err == nil {
		err = a.DB.NewRaw(`SELECT CAST(competencies AS TEXT) FROM editions`).Scan(context.Background(), &areas)
	}
	if err != nil || len(hidden) < 100 || len(areas) == 0 {
		t.Fatal(len(hidden), len(areas), err)
	}
	for path, text := range shown {
		for _, title := range hidden {
			// One word alone is everybody's: "Re-entry" is a service, too. So is the name of an area.
			if strings.Contains(title, " ") && strings.Contains(text, title) && !strings.Contains(strings.Join(areas, "\n"), title) {
				t.Errorf("%s tells %q", path, title)
			}
		}
	}
}
