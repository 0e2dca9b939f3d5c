package cohorts

import (
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Staff is what an employer's HR sees of one place of one of its own people who said
// yes to that: how far along they are, and nothing else (rule 15).
type Staff struct {
	EnrolmentID    EnrolmentID
	PersonID       people.PersonID
	OrganisationID people.OrganisationID
	Name           string
	CourseCode     string
	TitleEN        string
	TitleES        string
	State          EnrolmentState
	Percent        int // of the course's minutes, attended or made up
	Left           int // minutes
	EndsOn         string
}

// Title is the course's title in the language asked for ("en" or "es").
func (s Staff) Title(language string) string { return titled(language, s.TitleEN, s.TitleES) }
