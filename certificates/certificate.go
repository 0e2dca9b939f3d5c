// Package certificates holds what a course is worth: the checklist, the decision, the
// certificate and its copies, its standing, and the check that anyone can make.
package certificates

import (
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// CertificateID is the key of a certificate inside the Academy; outside it has a number.
type CertificateID string

// Decision says that a person graduates: who decided, when, on which checklist.
type Decision struct {
	ID          string              `bun:"id,pk"`
	EnrolmentID cohorts.EnrolmentID `bun:"enrolment_id"`
	PersonID    people.PersonID     `bun:"person_id"`
	Sector      people.Sector       `bun:"sector"`
	Checklist   Checklist           `bun:"checklist,type:jsonb"`
	Evidence    string              `bun:"evidence"` // the manifest's bytes: hashes of all that it rests on
	DecidedBy   people.PersonID     `bun:"decided_by,nullzero"`
	DecidedAt   time.Time           `bun:"decided_at"`
}

// Certificate is what was issued on a decision. What it says never changes (rule 8);
// its standing does, and says since when.
type Certificate struct {
	ID             CertificateID       `bun:"id,pk"`
	Number         number.Certificate  `bun:"number"`
	DecisionID     string              `bun:"decision_id"`
	EnrolmentID    cohorts.EnrolmentID `bun:"enrolment_id"`
	PersonID       people.PersonID     `bun:"person_id"`
	Sector         people.Sector       `bun:"sector"`
	EditionID      courses.EditionID   `bun:"edition_id"`
	CourseCode     string              `bun:"course_code"`
	Edition        string              `bun:"edition"`
	TitleEN        string              `bun:"title_en"`
	TitleES        string              `bun:"title_es"`
	AreasEN        []string            `bun:"areas_en,type:jsonb"`
	AreasES        []string            `bun:"areas_es,type:jsonb"`
	Wording        credential.Wording  `bun:"wording"`
	Minutes        int                 `bun:"minutes"`
	Hour           int                 `bun:"hour"` // minutes that the edition calls an hour
	FirstSession   string              `bun:"first_session"`
	LastSession    string              `bun:"last_session"`
	CompletedOn    string              `bun:"completed_on"` // the day on which the last thing asked for was there
	TimeZone       string              `bun:"time_zone"`
	Signatory      string              `bun:"signatory"`
	SignatoryTitle string              `bun:"signatory_title"`
	IssuedBy       people.PersonID     `bun:"issued_by,nullzero"`
	IssuedAt       time.Time           `bun:"issued_at"`
	ValidUntil     *time.Time          `bun:"valid_until"`
	Sample         bool                `bun:"sample"`
	Standing       credential.Standing `bun:"standing"`
	StandingSince  time.Time           `bun:"standing_since"`
	Revision       int                 `bun:"revision"` // counts what was made of it; the row is taken by it
}

// Title is the course's title in the language asked for.
func (c Certificate) Title(language string) string {
	if language == "es" && c.TitleES != "" {
		return c.TitleES
	}
	return c.TitleEN
}

// Areas are the competency areas, in public words, in the language asked for.
func (c Certificate) Areas(language string) []string {
	if language == "es" && len(c.AreasES) > 0 {
		return c.AreasES
	}
	return c.AreasEN
}

// Expired says whether the certificate's time has run out.
func (c Certificate) Expired(now time.Time) bool {
	return c.ValidUntil != nil && now.After(*c.ValidUntil)
}

// Zone is the time zone in which the certificate's days are told.
func (c Certificate) Zone() *time.Location { return zone(c.TimeZone) }

// endOfDay is the last moment of the day that lies so many months after t.
func endOfDay(t time.Time, months int) time.Time {
	return time.Date(t.Year(), t.Month()+time.Month(months), t.Day(), 23, 59, 59, 0, t.Location())
}

// dayOf is a calendar day of a certificate at noon in its zone: the same day from
// Honolulu to Cape Verde.
func dayOf(day string, in *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, day, in)
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}

func zone(name string) *time.Location {
	if loc, err := time.LoadLocation(name); err == nil {
		return loc
	}
	return time.UTC
}

// Hours is what the certificate shows: minutes ÷ the edition's hour.
func (c Certificate) Hours() float64 {
	if c.Hour == 0 {
		return 0
	}
	return float64(c.Minutes) / float64(c.Hour)
}

// Reason is the class of reason for a change of standing. Only its class is stored, and
// outsiders never see even that.
type Reason string

// The reasons that may be given for a revocation, for a hold and for its end.
var (
	RevocationReasons = []Reason{"issued_in_error", "minutes_not_true", "name_not_theirs", "holder_asked", "misuse"}
	HoldReasons       = []Reason{"under_review", "holder_asked"}
	ReleaseReasons    = []Reason{"settled", "holder_asked"}
)

// issued is the reason on a certificate's first line.
const issued Reason = "issued"

func (r Reason) validate(allowed []Reason) error {
	if slices.Contains(allowed, r) {
		return nil
	}
	return fault.Invalid("reason", "certificates.reason.choose")
}

// StandingLine is one change of a certificate's standing. Append-only.
type StandingLine struct {
	ID            string              `bun:"id,pk"`
	CertificateID CertificateID       `bun:"certificate_id"`
	Standing      credential.Standing `bun:"standing"`
	Reason        Reason              `bun:"reason"`
	ByPerson      people.PersonID     `bun:"by_person,nullzero"`
	At            time.Time           `bun:"at"`

	ByName string `bun:"by_name,scanonly"`
}
