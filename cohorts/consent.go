package cohorts

import (
	"fmt"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Question is one thing a trainee is asked once and may change at will: whether an
// employer of theirs may see how far along they are in one course (rule 15).
type Question struct {
	EnrolmentID    EnrolmentID           `bun:"enrolment_id"`
	OrganisationID people.OrganisationID `bun:"organisation_id"`
	Organisation   string                `bun:"organisation"`
	TitleEN        string                `bun:"title_en"`
	TitleES        string                `bun:"title_es"`
	Answered       bool                  `bun:"answered"`
	Shares         bool                  `bun:"shares"`
}

// Consent is one answer. A newer one ends it; no answer is no.
type Consent struct {
	ID             string                `bun:"id,pk"`
	PersonID       people.PersonID       `bun:"person_id"`
	OrganisationID people.OrganisationID `bun:"organisation_id"`
	EnrolmentID    EnrolmentID           `bun:"enrolment_id"`
	Shares         bool                  `bun:"shares"`
	GivenAt        time.Time             `bun:"given_at"`
	EndedAt        *time.Time            `bun:"ended_at"`
}

// Title is the course's title in the language asked for.
func (q Question) Title(language string) string { return titled(language, q.TitleEN, q.TitleES) }

// Key names the question in a form.
func (q Question) Key() string { return fmt.Sprintf("%s.%s", q.EnrolmentID, q.OrganisationID) }

// changed says whether the answers hold another one to the question than stands.
func (q Question) changed(answers map[string]bool) bool {
	answer, given := answers[q.Key()]
	return given && (!q.Answered || q.Shares != answer)
}
