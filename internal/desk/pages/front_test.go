package pages_test

import (
	"net/http"
	"testing"
)

func TestTheFrontDoorTellsCoursesByAreaAndNeverByModule(t *testing.T) {
	each(t, func(h *house) {
		status, body := h.get("", "/", "en")
		if status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		h.has(body, []string{
			"<title>Peace Academy</title>", `href="/verify"`, `href="/sign-in"`, "Check a certificate",
			"<strong>144</strong>", "18 weeks", "Calming tense moments", "Two professions, independent and complementary",
		}, "T07", "/modules/", "Professional understanding for officers", "law_enforcement")
		status, body = h.get("", "/", "es")
		if status != http.StatusOK {
			t.Fatalf("status %d", status)
		}
		h.has(body, []string{`lang="es"`, "Verificar un certificado", "Calmar momentos de tensión", "18 semanas"}, "desk.front.")
	})
}
