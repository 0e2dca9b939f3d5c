package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/internal/app"
)

var accounts = []string{"trainee", "trainee.es", "graduate", "officer", "instructor", "instructor.police", "coordinator",
	"coordinator.police", "hr", "author", "director", "auditor"}

func TestEveryLinkOfEveryDemoAccountLeadsSomewhere(t *testing.T) {
	onBoth(t, func(t *testing.T, a *app.Academy) {
		for _, name := range accounts {
			pages := signIn(t, a, name).crawl(80, func(path string, answer answer) {
				if answer.status >= 400 {
					t.Errorf("%s: %s answers %d", name, path, answer.status)
				}
				if page := strings.Contains(answer.kind, "html") && answer.status == http.StatusOK; page && !(strings.Contains(answer.body, "data-leave") && strings.Contains(answer.body, "data-lock=")) {
					t.Errorf("%s: %s can't be left quickly, or does not lock itself", name, path)
				}
			})
			if pages < 8 {
				t.Errorf("%s found only %d pages", name, pages)
			}
		}
	})
}
