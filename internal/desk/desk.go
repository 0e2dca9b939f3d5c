// Package desk holds what people open first and what gathers from all rooms: the front
// door, Today, a cohort's home, the calendar, partner HR's view and search. It has no
// tables and no rules of its own.
package desk

import (
	"time"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Desk gathers from the stores of the rooms.
type Desk struct {
	Now          clock.Clock
	Zone         *time.Location // the Academy's
	People       people.Store
	Content      content.Store
	Courses      courses.Store
	Cohorts      cohorts.Store
	Assessment   assessment.Store
	Certificates certificates.Store
}

// In is the same desk inside a transaction.
func (d Desk) In(tx messages.Tx) Desk {
	d.People, d.Content, d.Courses = d.People.In(tx), d.Content.In(tx), d.Courses.In(tx)
	d.Cohorts, d.Assessment, d.Certificates = d.Cohorts.In(tx), d.Assessment.In(tx), d.Certificates.In(tx)
	return d
}

// today is the calendar day in the Academy's time zone.
func (d Desk) today() string { return d.Now().In(d.Zone).Format(time.DateOnly) }
