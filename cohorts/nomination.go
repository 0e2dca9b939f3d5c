package cohorts

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// NominationID is the key of a nomination.
type NominationID string

// NominationState is asked until a coordinator answers: with a seat, with a turn on the
// waiting list, or with no; or until the partner takes it back.
type NominationState string

// The states of a nomination.
const (
	Asked    NominationState = "asked"
	GotSeat  NominationState = "seat"
	GotTurn  NominationState = "turn"
	Declined NominationState = "declined"
	Unasked  NominationState = "taken_back"
)

// Nomination is a partner's wish that somebody whom it employs gets a seat in a cohort.
// The partner sees its answer, and nothing of what follows: that needs the person's own
// consent (rule 15).
type Nomination struct {
	ID             NominationID          `bun:"id,pk"`
	CohortID       CohortID              `bun:"cohort_id"`
	OrganisationID people.OrganisationID `bun:"organisation_id"`
	Sector         people.Sector         `bun:"sector"`
	GivenName      string                `bun:"given_name"`
	FamilyName     string                `bun:"family_name"`
	Email          string                `bun:"email"`
	Phone          string                `bun:"phone"`
	State          NominationState       `bun:"state"`
	AskedBy        people.PersonID       `bun:"asked_by"`
	AskedAt        time.Time             `bun:"asked_at"`
	AnsweredBy     people.PersonID       `bun:"answered_by,nullzero"`
	AnsweredAt     *time.Time            `bun:"answered_at"`

	Organisation string `bun:"organisation,scanonly"`
	TitleEN      string `bun:"title_en,scanonly"`
	TitleES      string `bun:"title_es,scanonly"`
	StartsOn     string `bun:"starts_on,scanonly"`
	TimeZone     string `bun:"time_zone,scanonly"`
}

// Name is the name as the partner wrote it.
func (n Nomination) Name() string { return people.FullName("", n.GivenName, n.FamilyName) }

// Title is the course's title in the language asked for ("en" or "es").
func (n Nomination) Title(language string) string { return titled(language, n.TitleEN, n.TitleES) }

// Zone is the cohort's time zone.
func (n Nomination) Zone() *time.Location { return zone(n.TimeZone) }

// Offer is a cohort in which a partner may ask for seats: what is taught and when, and
// nothing of who learns there.
type Offer struct {
	CohortID  CohortID `bun:"cohort_id"`
	TitleEN   string   `bun:"title_en"`
	TitleES   string   `bun:"title_es"`
	Minutes   int      `bun:"minutes"`
	Hour      int      `bun:"hour"`
	StartsOn  string   `bun:"starts_on"`
	EndsOn    string   `bun:"ends_on"`
	AsksUntil string   `bun:"asks_until"`
}

// Title is the course's title in the language asked for ("en" or "es").
func (o Offer) Title(language string) string { return titled(language, o.TitleEN, o.TitleES) }

// NewNomination is a nomination as a partner writes it.
type NewNomination struct {
	Cohort                CohortID
	GivenName, FamilyName string
	Email, Phone          string
}
