package credential

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

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
