package certificates

import (
	"strings"
	"time"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// CopyID is the key of a copy: a random UUID, because its credential carries it.
type CopyID string

// NameKind says which of a holder's names a copy shows.
type NameKind string

// A copy shows the chosen name; the legal one only where the holder asks for it (rule 14).
const (
	ChosenName NameKind = "chosen"
	LegalName  NameKind = "legal"
)

// MaxCopies is how many copies may be made of one certificate, ended ones counted: far
// more than receivers, and a bound to what one account can have drawn.
const MaxCopies = 100

// Copy is one PDF of a certificate, for one receiver, with its own share code. Ending
// it touches no other copy.
type Copy struct {
	ID            CopyID        `bun:"id,pk"`
	CertificateID CertificateID `bun:"certificate_id"`
	Label         string        `bun:"label"` // "" for the one issued with the certificate
	Name          string        `bun:"name"`
	Language      string        `bun:"language"` // en, es or both
	EndsAt        *time.Time    `bun:"ends_at"`  // end of the last day on which it answers
	Line          string        `bun:"line"`     // the form's own id: a form sent twice makes one copy
	MadeAt        time.Time     `bun:"made_at"`
	EndedAt       *time.Time    `bun:"ended_at"`
	ShareMAC      string        `bun:"share_mac"`
	ShareSealed   []byte        `bun:"share_sealed"`
	StatusIndex   int           `bun:"status_index"`
	EvidenceKey   []byte        `bun:"evidence_key"` // sealed
	Credential    *string       `bun:"credential"`   // the exact signed bytes, nil until drawn
	CredentialSHA *string       `bun:"credential_sha"`
	FileSHA       *string       `bun:"file_sha"`
	DrawnAt       *time.Time    `bun:"drawn_at"`

	// Share is the code in clear, filled in for its holder alone.
	Share number.Share `bun:"-"`
}

// Drawn says whether the copy's file is ready.
func (c Copy) Drawn() bool { return c.DrawnAt != nil }

// Live says whether the copy is shared at a time: not ended by its holder, and its last
// day not over.
func (c Copy) Live(now time.Time) bool {
	return c.EndedAt == nil && (c.EndsAt == nil || !now.After(*c.EndsAt))
}

// NewCopy is a copy as its holder asks for it: a label that only they read, the last
// day (or ""), which name, which language. Line is the form's own id.
type NewCopy struct {
	Certificate CertificateID
	Label       string
	EndsOn      string // YYYY-MM-DD
	Name        NameKind
	Language    string
	Line        string
}

// Validate checks what can be known without the record; today is the Academy's day.
func (n NewCopy) Validate(today string) error {
	var e fault.InvalidError
	if length := utf8.RuneCountInString(strings.TrimSpace(n.Label)); length == 0 || length > 80 {
		e.Add("label", "certificates.copy.label_needed", "Max", 80)
	}
	if n.EndsOn != "" {
		day, err := time.Parse(time.DateOnly, n.EndsOn)
		switch {
		case err != nil || day.Year() > 9000:
			e.Add("ends_on", "certificates.copy.day_form")
		case n.EndsOn < today:
			e.Add("ends_on", "certificates.copy.day_past")
		}
	}
	if n.Name != ChosenName && n.Name != LegalName {
		e.Add("name", "certificates.copy.name_choose")
	}
	if n.Language != "en" && n.Language != "es" && n.Language != "both" {
		e.Add("language", "certificates.copy.language_choose")
	}
	if len(n.Line) > 64 {
		e.Add("line", "certificates.copy.line")
	}
	return e.OrNil()
}
