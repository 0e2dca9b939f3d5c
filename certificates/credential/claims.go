package credential

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Wording is how a certificate says what its holder did.
type Wording string

const (
	Completed Wording = "completed" // a course whose rules were all met
	TookPart  Wording = "took part" // an open training
)

// Claims is what one copy of a certificate says, as plain values.
type Claims struct {
	ID     string // urn:uuid: version 4, of this copy alone
	Name   string // the holder's name on this copy, in clear
	Number string // certificate number, MPA-XXXX-XXXX-XXXX

	CourseCode  string
	CourseTitle string
	Edition     string
	Hours       float64 // as shown: minutes ÷ the edition's hour
	Wording     Wording
	Language    string   // BCP 47, of title and narrative
	Narrative   string   // criteria, in public words
	Areas       []string // competency areas, in public words
	Achievement string   // address of /achievements/COURSE/EDITION

	FirstSession, LastSession time.Time // calendar dates
	// Moments. They are signed in UTC; the page shows the day in their own location.
	Completed, Issued time.Time
	ValidUntil        time.Time // zero: no expiry

	Issuer         string // did:web or did:key
	IssuerName     string
	IssuerAbout    string // MPI, MFS
	Signatory      string
	SignatoryTitle string

	StatusList  string // address of /status/revocation/N
	StatusIndex int
	Evidence    string // from Commit
	Sample      bool   // made by demo
}

// validate refuses what could not be read back or would be read in two ways.
func (c Claims) validate() error {
	texts := append([]string{
		c.Name, c.Number, c.CourseCode, c.CourseTitle, c.Edition, c.Narrative, c.Achievement, c.Language,
		c.Issuer, c.IssuerName, c.Signatory, c.SignatoryTitle, c.StatusList, c.Evidence,
	}, c.Areas...)
	for _, t := range texts {
		if t == "" || !utf8.ValidString(t) || strings.ContainsFunc(t, unicode.IsControl) || !norm.NFC.IsNormalString(t) {
			return fmt.Errorf("credential: %q is empty, not NFC or holds control characters", t)
		}
	}
	switch {
	case !strings.HasPrefix(c.ID, "urn:uuid:") || len(c.ID) != len("urn:uuid:")+36:
		return fmt.Errorf("credential: id %q is not urn:uuid", c.ID)
	case achievementTypes[c.Wording] == "":
		return fmt.Errorf("credential: wording %q", c.Wording)
	case c.StatusIndex < 0 || c.Hours < 0 || c.Issued.IsZero() || c.Completed.IsZero():
		return errors.New("credential: index, hours or dates are missing")
	case len(c.Areas) > 19 || len(c.Areas) > 0 && c.Areas[0] == sampleTag:
		return errors.New("credential: too many competency areas")
	}
	return nil
}
