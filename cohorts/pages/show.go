package pages

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: cohorts.state.*, cohorts.session_state.*, cohorts.status.*, cohorts.excuse.*, cohorts.reason.*, cohorts.make_up_kind.*
// words: cohorts.day.*, cohorts.role.*, cohorts.withdrawal_code.*, cohorts.place_state.*, cohorts.joint_state.*, cohorts.door.*, cohorts.line.*

// Name is how a cohort is called: "Outreach Cohort 21".
func Name(ctx context.Context, title string, number int) string {
	return web.T(ctx, "cohorts.name", "Course", title, "Number", number)
}

func nameOf(ctx context.Context, c cohorts.Summary) string {
	return Name(ctx, c.Title(web.Language(ctx)), c.Number)
}

// day shows a calendar day (YYYY-MM-DD) as people say it; what can't be read as it is.
func day(ctx context.Context, text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return web.Date(ctx, t, time.UTC)
}

// dayOfYear is day with its year, for what may be long ago.
func dayOfYear(ctx context.Context, text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return web.DateYear(ctx, t, time.UTC)
}

// when is a session's day and hours: "Tue 24 Nov, 9:00 am – 1:00 pm".
func when(ctx context.Context, s cohorts.Session) string {
	return web.DateTime(ctx, s.StartsAt, s.Zone()) + " – " + web.Clock(ctx, s.EndsAt, s.Zone())
}

// tagKinds are the looks of states.
var (
	sessionTags = map[cohorts.SessionState]string{cohorts.Planned: "open", cohorts.Closed: "due", cohorts.Confirmed: "done", cohorts.Cancelled: "danger"}
	jointTags   = map[cohorts.JointState]string{cohorts.Proposed: "due", cohorts.Agreed: "done", cohorts.CalledOff: "danger"}
	placeTags   = map[cohorts.EnrolmentState]string{cohorts.Active: "lake", cohorts.Completed: "done", cohorts.Withdrawn: "open"}
)

// past says whether a session's time is over and its roll still open.
func past(s cohorts.Session, now time.Time) bool {
	return s.State == cohorts.Planned && s.EndsAt.Before(now)
}

// minutesOf is a time as a form field holds it ("13:05"), in the session's zone.
func minutesOf(s cohorts.Session, actual *time.Time, planned time.Time) string {
	if actual != nil {
		planned = *actual
	}
	return planned.In(s.Zone()).Format("15:04")
}

// signed is time with its sign: "+4 h", "−30 min".
func signed(ctx context.Context, n int) string {
	if n > 0 {
		return "+" + web.Minutes(ctx, n)
	}
	return web.Minutes(ctx, n)
}

func hasDay(days []string, name string) bool {
	for _, day := range days {
		if day == name {
			return true
		}
	}
	return false
}

// told says a mark in words: "Present, 15 min late".
func told(ctx context.Context, status cohorts.Status, late, early int, excuse cohorts.Excuse) string {
	said := web.T(ctx, "cohorts.status."+string(status))
	if late > 0 {
		said += ", " + web.T(ctx, "cohorts.roll.late_by", "Minutes", late)
	}
	if early > 0 {
		said += ", " + web.T(ctx, "cohorts.roll.early_by", "Minutes", early)
	}
	if excuse != "" {
		said += ", " + web.T(ctx, "cohorts.excuse."+string(excuse))
	}
	return said
}

// came says a mark in words, and how it came where nobody tapped it in the roll.
func came(ctx context.Context, seat cohorts.Seat) string {
	said := told(ctx, seat.Status, seat.MinutesLate, seat.MinutesEarly, seat.Excuse)
	switch seat.Reason {
	case cohorts.ByCode, cohorts.ByCard, cohorts.PaperSheet, cohorts.AsWalkIn, cohorts.ByTimes:
		said += " · " + web.T(ctx, "cohorts.reason."+string(seat.Reason))
	}
	return said
}

// circle is the roll as seats around a circle.
func (p rollPage) circle(ctx context.Context) web.SeatsProps {
	props := web.SeatsProps{Big: strconv.Itoa(p.here()), Small: web.T(ctx, "cohorts.roll.of_here", "Count", len(p.Seats)), Label: web.T(ctx, "cohorts.roll.circle")}
	for i, seat := range p.Seats {
		props.Seats = append(props.Seats, web.Seat{Short: p.Labels[i], Name: seat.Name, State: stateOf(seat), Href: p.href(i), Now: i == p.Now, Lines: seat.Lines,
			Word: came(ctx, seat)})
	}
	return props
}

func (p rollPage) under(ctx context.Context) string {
	return web.T(ctx, "cohorts.session.position", "Position", p.Session.Position) + " · " + when(ctx, p.Session)
}

// legend explains the seats and counts them. Not marked stays in sight at zero.
func (p rollPage) legend(ctx context.Context) (entries []web.LegendEntry) {
	for _, state := range []string{"present", "late", "excused", "absent", "open"} {
		if n := p.count(state); n > 0 || state == "open" {
			entries = append(entries, web.LegendEntry{State: state, Text: web.T(ctx, "cohorts.status."+legendWord(state)) + " " + strconv.Itoa(n)})
		}
	}
	return entries
}

func action(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// place is where a session meets, in words where no room is named.
func place(ctx context.Context, s cohorts.Session) string {
	return besideLink(ctx, s, s.Place())
}

// besideLink is a place in words, with the way online beside it where there is one.
func besideLink(ctx context.Context, s cohorts.Session, name string) string {
	if name != "" && s.Mode == cohorts.Hybrid {
		return web.T(ctx, "cohorts.session.room_or_online", "Room", name)
	}
	if name != "" {
		return name
	}
	if s.Mode == cohorts.Hybrid {
		return web.T(ctx, "cohorts.plan.hybrid")
	}
	if s.Mode == cohorts.Online {
		return web.T(ctx, "cohorts.plan.online")
	}
	return web.T(ctx, "cohorts.plan.no_room")
}

// room is where a session meets, for a list where the address would say the same each time.
func room(ctx context.Context, s cohorts.Session) string {
	return besideLink(ctx, s, s.Room())
}

func lineWord(l cohorts.LedgerLine) string {
	if l.Reverses != nil {
		return "reversal"
	}
	return string(l.Kind)
}

func enrolmentNav(p enrolmentPage) string {
	if p.Own {
		return "course"
	}
	return "cohorts"
}

func enrolmentBack(p enrolmentPage) string {
	if p.Own {
		return "/"
	}
	return "/cohorts/" + string(p.Way.CohortID) + "/ledger"
}
