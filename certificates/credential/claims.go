package credential

import (
	"errors"
	"fmt"
	"strconv"
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
	Completed, Issued         time.Time
	ValidUntil                time.Time // zero: no expiry

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

// wire is the credential in the order in which it is written: an Open Badges 3.0
// OpenBadgeCredential as a W3C Verifiable Credential 2.0.
type wire struct {
	Context           []string         `json:"@context"`
	ID                string           `json:"id"`
	Type              []string         `json:"type"`
	Name              string           `json:"name"`
	Issuer            wireProfile      `json:"issuer"`
	AwardedDate       string           `json:"awardedDate"`
	ValidFrom         string           `json:"validFrom"`
	ValidUntil        string           `json:"validUntil,omitempty"`
	CredentialSubject wireSubject      `json:"credentialSubject"`
	Evidence          []wireEvidence   `json:"evidence"`
	CredentialStatus  wireStatus       `json:"credentialStatus"`
	CredentialSchema  []wireSchemaLink `json:"credentialSchema"`
	Proof             *proof           `json:"proof,omitempty"`
}

type wireProfile struct {
	ID          string   `json:"id"`
	Type        []string `json:"type"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
}

type wireSubject struct {
	Type              []string        `json:"type"`
	Identifier        []wireIdentity  `json:"identifier"`
	ActivityStartDate string          `json:"activityStartDate"`
	ActivityEndDate   string          `json:"activityEndDate"`
	CreditsEarned     float64         `json:"creditsEarned"`
	Source            wireProfile     `json:"source"`
	Achievement       wireAchievement `json:"achievement"`
}

type wireIdentity struct {
	Type         string `json:"type"`
	Hashed       bool   `json:"hashed"`
	IdentityHash string `json:"identityHash"`
	IdentityType string `json:"identityType"`
}

type wireAchievement struct {
	ID              string       `json:"id"`
	Type            []string     `json:"type"`
	AchievementType string       `json:"achievementType"`
	HumanCode       string       `json:"humanCode"`
	Name            string       `json:"name"`
	Description     string       `json:"description"`
	Version         string       `json:"version"`
	InLanguage      string       `json:"inLanguage"`
	Criteria        wireCriteria `json:"criteria"`
	Tag             []string     `json:"tag,omitempty"`
}

type wireCriteria struct {
	Narrative string `json:"narrative"`
}

type wireEvidence struct {
	Type      []string `json:"type"`
	Name      string   `json:"name"`
	Genre     string   `json:"genre"`
	Narrative string   `json:"narrative"`
}

type wireStatus struct {
	ID                   string `json:"id"`
	Type                 string `json:"type"`
	StatusPurpose        string `json:"statusPurpose"`
	StatusListIndex      string `json:"statusListIndex"`
	StatusListCredential string `json:"statusListCredential"`
}

type wireSchemaLink struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// achievementTypes maps our two wordings to the vocabulary of Open Badges 3.0.
var achievementTypes = map[Wording]string{Completed: "CertificateOfCompletion", TookPart: "Course"}

const (
	identityName   = "name"
	identityNumber = "ext:certificateNumber"
	evidenceGenre  = "commitment"
	evidenceName   = "HMAC-SHA-256"
	sampleMark     = "SAMPLE: "
	sampleTag      = "SAMPLE"
	statusPurpose  = "revocation"
	schemaAddress  = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
	schemaType     = "1EdTechJsonSchemaValidator2019"
	calendarDate   = "2006-01-02"
)

func (c Claims) wire() wire {
	title, tags := c.CourseTitle, c.Areas
	if c.Sample {
		title, tags = sampleMark+title, append([]string{sampleTag}, tags...)
	}
	w := wire{
		Context: []string{contextCredentials, contextOpenBadges, contextExtensions},
		ID:      c.ID,
		Type:    []string{"VerifiableCredential", "OpenBadgeCredential"},
		Name:    title,
		Issuer: wireProfile{
			ID: c.Issuer, Type: []string{"Profile"}, Name: c.IssuerName, Description: c.IssuerAbout,
		},
		AwardedDate: instant(c.Completed),
		ValidFrom:   instant(c.Issued),
		CredentialSubject: wireSubject{
			Type: []string{"AchievementSubject"},
			Identifier: []wireIdentity{
				{Type: "IdentityObject", IdentityHash: c.Name, IdentityType: identityName},
				{Type: "IdentityObject", IdentityHash: c.Number, IdentityType: identityNumber},
			},
			ActivityStartDate: c.FirstSession.Format(calendarDate),
			ActivityEndDate:   c.LastSession.Format(calendarDate),
			CreditsEarned:     c.Hours,
			Source: wireProfile{
				ID: c.Achievement + "#signatory", Type: []string{"Profile"}, Name: c.Signatory, Description: c.SignatoryTitle,
			},
			Achievement: wireAchievement{
				ID: c.Achievement, Type: []string{"Achievement"}, AchievementType: achievementTypes[c.Wording],
				HumanCode: c.CourseCode, Name: title, Description: c.Narrative, Version: c.Edition,
				InLanguage: c.Language, Criteria: wireCriteria{Narrative: c.Narrative}, Tag: tags,
			},
		},
		Evidence: []wireEvidence{{
			Type: []string{"Evidence"}, Name: evidenceName, Genre: evidenceGenre, Narrative: c.Evidence,
		}},
		CredentialStatus: wireStatus{
			ID: c.StatusList + "#" + strconv.Itoa(c.StatusIndex), Type: "BitstringStatusListEntry",
			StatusPurpose: statusPurpose, StatusListIndex: strconv.Itoa(c.StatusIndex), StatusListCredential: c.StatusList,
		},
		CredentialSchema: []wireSchemaLink{{ID: schemaAddress, Type: schemaType}},
	}
	if !c.ValidUntil.IsZero() {
		w.ValidUntil = instant(c.ValidUntil)
	}
	return w
}

// claims is the way back from wire. It fails with ErrUndefinedTerm on a shape
// that wire never has.
func (w wire) claims() (Claims, error) {
	s, a := w.CredentialSubject, w.CredentialSubject.Achievement
	if len(s.Identifier) != 2 || len(w.Evidence) != 1 || len(a.Tag) > 20 {
		return Claims{}, ErrUndefinedTerm
	}
	c := Claims{
		ID: w.ID, Name: s.Identifier[0].IdentityHash, Number: s.Identifier[1].IdentityHash,
		CourseCode: a.HumanCode, CourseTitle: a.Name, Edition: a.Version, Hours: s.CreditsEarned,
		Language: a.InLanguage, Narrative: a.Criteria.Narrative, Areas: a.Tag, Achievement: a.ID,
		Issuer: w.Issuer.ID, IssuerName: w.Issuer.Name, IssuerAbout: w.Issuer.Description,
		Signatory: s.Source.Name, SignatoryTitle: s.Source.Description,
		StatusList: w.CredentialStatus.StatusListCredential, Evidence: w.Evidence[0].Narrative,
	}
	for wording, t := range achievementTypes {
		if t == a.AchievementType {
			c.Wording = wording
		}
	}
	if len(a.Tag) > 0 && a.Tag[0] == sampleTag {
		c.Sample, c.Areas = true, a.Tag[1:]
		c.CourseTitle = strings.TrimPrefix(a.Name, sampleMark)
	}
	var errs [6]error
	c.StatusIndex, errs[0] = strconv.Atoi(w.CredentialStatus.StatusListIndex)
	c.FirstSession, errs[1] = time.Parse(calendarDate, s.ActivityStartDate)
	c.LastSession, errs[2] = time.Parse(calendarDate, s.ActivityEndDate)
	c.Completed, errs[3] = time.Parse(time.RFC3339, w.AwardedDate)
	c.Issued, errs[4] = time.Parse(time.RFC3339, w.ValidFrom)
	if w.ValidUntil != "" {
		c.ValidUntil, errs[5] = time.Parse(time.RFC3339, w.ValidUntil)
	}
	if err := errors.Join(errs[:]...); err != nil {
		return Claims{}, ErrUndefinedTerm
	}
	return c, nil
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
