package document

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
)

var issuedAt = time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)

// someCopy is a copy with a real signed credential.
func someCopy(t testing.TB, change func(*Copy)) Copy {
	t.Helper()
	c := Copy{
		Claims: credential.Claims{
			ID: "urn:uuid:0b8f1f0e-0c55-4f3c-9d0e-3a1d1c3b5a77", Name: "Tasha Monroe-Ríos", Number: "MPA-7Q4K-0T9B-X2MC",
			CourseCode: "OUT", CourseTitle: "Street Outreach", Edition: "2026", Hours: 144, Wording: credential.Completed,
			Language: "en", Narrative: "All required minutes, modules and practicals.", Areas: []string{"De-escalation", "Mediation"},
			Achievement:  "https://academy.example/achievements/OUT/2026",
			FirstSession: time.Date(2026, 7, 20, 0, 0, 0, 0, time.UTC), LastSession: time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC),
			Completed: time.Date(2026, 11, 19, 0, 0, 0, 0, time.UTC), Issued: issuedAt, ValidUntil: issuedAt.AddDate(2, 0, 0),
			Issuer: "did:web:academy.example", IssuerName: "Metropolitan Peace Academy",
			IssuerAbout: "Metropolitan Peace Initiatives · Metropolitan Family Services",
			Signatory:   "Dr. Vaughn Ellery", SignatoryTitle: "Director, Metropolitan Peace Academy",
			StatusList: "https://academy.example/status/revocation/1", StatusIndex: 70001, Evidence: credential.Commit([]byte("k"), []byte("m")),
		},
		Share: "7FQ2M0XB", Language: English, Paper: A4,
		CheckAt: "academy.example/verify", CheckURL: "https://academy.example/c/MPA-7Q4K-0T9B-X2MC-7FQ2M0XB",
	}
	if change != nil {
		change(&c)
	}
	key, err := credential.NewKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	claims := c.Claims
	if claims.Name = Clean(c.Name); claims.Name == "" {
		claims.Name = "x"
	}
	if c.Credential == nil {
		if c.Credential, err = credential.Issue(claims, key, issuedAt); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

func drawn(t testing.TB, c Copy, s *Signer) []byte {
	t.Helper()
	pdf, err := Draw(c, s)
	if err != nil {
		t.Fatal(err)
	}
	return pdf
}

const longName = "María Guadalupe Esperanza de los Ángeles Hernández-Villanueva y Castellanos Ixchel Xóchitl Quetzalli Montenegro"

// TestPagesToLookAt leaves its pages in the folder ACADEMY_PAGES, for the eye.
func TestPagesToLookAt(t *testing.T) {
	signer, err := NewOwnCA("Metropolitan Peace Academy", issuedAt)
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(*Copy){
		"en":        nil,
		"es":        func(c *Copy) { c.Language = Spanish; c.CourseTitle = "Alcance comunitario en la calle" },
		"both":      func(c *Copy) { c.Language = Both },
		"long":      func(c *Copy) { c.Name = longName; c.Paper = Letter },
		"long-both": func(c *Copy) { c.Name, c.Language = longName, Both },
		"part": func(c *Copy) {
			c.Wording, c.ValidUntil, c.Hours, c.LastSession = credential.TookPart, time.Time{}, 1.5, c.FirstSession
		},
		"sample": func(c *Copy) { c.Sample, c.Language = true, Both },
		"sixty":  func(c *Copy) { c.Name = longName[:64] },
		"viet":   func(c *Copy) { c.Name = "Nguyễn Thị Ánh Tuyết"; c.Paper = Letter; c.Language = Spanish },
	} {
		pdf := drawn(t, someCopy(t, change), signer)
		if len(pdf) > 100<<10 {
			t.Errorf("%s: %d bytes", name, len(pdf))
		}
		if dir := os.Getenv("ACADEMY_PAGES"); dir != "" {
			if err := os.WriteFile(filepath.Join(dir, name+".pdf"), pdf, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}
