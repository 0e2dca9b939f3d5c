package desk

import (
	"context"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Colleague is what partner HR sees of one place of one of its own people who said yes:
// how far they are, how it stands, and when it must be renewed (rule 15).
type Colleague struct {
	cohorts.Staff
	Standing  Standing
	Certified bool       // a certificate was issued
	Renew     *time.Time // its last day; nil where it has no end
}

// Standing is how a colleague's course or certificate stands today, in one word.
type Standing string

// The standings that HR reads. What was revoked or set on hold is told without a reason.
const (
	InCourse  Standing = "in_course"
	Completed Standing = "completed"
	Valid     Standing = "valid"
	Expired   Standing = "expired"
	OnHold    Standing = "on_hold"
	Revoked   Standing = "revoked"
)

// Staff is a page of colleagues.
type Staff struct {
	Zone       *time.Location
	Colleagues []Colleague
	Next       cohorts.EnrolmentID // "" on the last page
}

// Staff gathers a page of the viewer's own staff, who said yes to it, in two queries.
func (d Desk) Staff(ctx context.Context, v people.Viewer, after cohorts.EnrolmentID) (Staff, error) {
	page := Staff{Zone: d.Zone}
	list, next, err := d.Cohorts.StaffOf(ctx, v, after)
	if err != nil {
		return page, err
	}
	page.Next = next
	places := make([]cohorts.EnrolmentID, len(list))
	for i, s := range list {
		places[i] = s.EnrolmentID
	}
	certified, err := d.Certificates.OfStaff(ctx, v, places)
	if err != nil {
		return page, err
	}
	for _, s := range list {
		one := Colleague{Staff: s, Standing: InCourse}
		if s.State == cohorts.Completed {
			one.Standing = Completed
		}
		if c, has := certified[s.EnrolmentID]; has {
			one.Standing, one.Certified, one.Renew = standingOf(c, d.Now()), true, c.ValidUntil
		}
		page.Colleagues = append(page.Colleagues, one)
	}
	return page, nil
}

func standingOf(c certificates.Certificate, now time.Time) Standing {
	switch {
	case c.Standing == credential.StandingRevoked:
		return Revoked
	case c.Standing == credential.StandingOnHold:
		return OnHold
	case c.Expired(now):
		return Expired
	}
	return Valid
}
