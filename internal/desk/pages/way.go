package pages

import (
	"context"
	"net/url"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: desk.greeting.*, desk.left.*, desk.work.*

// greeting is by the hour of the day where the person is.
func greeting(ctx context.Context, t desk.Today) string {
	part := "evening"
	switch hour := t.Now.In(t.Zone).Hour(); {
	case hour < 12:
		part = "morning"
	case hour < 18:
		part = "afternoon"
	}
	return web.T(ctx, "desk.greeting."+part, "Name", web.PresenceOf(ctx).Name)
}

// underGreeting is the day and, for who learns, the week of the course.
func underGreeting(ctx context.Context, t desk.Today) string {
	day := web.LongDate(ctx, t.Now, t.Zone)
	if t.Course == nil {
		return day
	}
	way := t.Course.Way
	if week := way.Week(t.Now); week > 0 {
		return day + " · " + web.T(ctx, "desk.week", "Week", week, "Weeks", way.Weeks)
	}
	if first, err := time.ParseInLocation(time.DateOnly, way.StartsOn, way.Zone()); err == nil {
		return day + " · " + web.T(ctx, "desk.week_none", "Day", web.Date(ctx, first, way.Zone()))
	}
	return day
}

// twoColumns says whether Today has something to stand beside the rest on a wide screen:
// the ring of who learns, the cohorts of who runs them.
func twoColumns(ctx context.Context, t desk.Today) bool {
	return t.Course != nil || t.Work != nil && hasCohorts(ctx)
}

func hasCohorts(ctx context.Context) bool {
	v := web.ViewerOf(ctx)
	return v.RunsSector() || v.Is(people.Instructor)
}

// left says in words what is missing for the certificate: "12 h 30 min, one practical
// and the capstone"; "" when nothing is.
func left(ctx context.Context, l desk.Learning) string {
	var parts []string
	for _, item := range l.Checklist.Items {
		if item.Met {
			continue
		}
		switch item.Kind {
		case certificates.Minutes:
			if l.Way.Missing() > 0 {
				parts = append(parts, hours(ctx, l.Way.Missing(), l.Way.Hour))
			}
		case certificates.Modules, certificates.Practicals:
			parts = append(parts, web.T(ctx, "desk.left."+string(item.Kind), "Count", item.Left()))
		case certificates.Knowledge:
			if len(item.Open) > 0 {
				parts = append(parts, web.T(ctx, "desk.left.checks", "Count", len(item.Open)))
			} else {
				parts = append(parts, web.T(ctx, "desk.left.knowledge"))
			}
		case certificates.Capstone:
			parts = append(parts, web.T(ctx, "desk.left.capstone"))
		}
	}
	return list(ctx, parts)
}

// lines are the checklist of a person's own way, in the order of interest.
func lines(ctx context.Context, l desk.Learning) []web.Line {
	var all []web.Line
	add := func(state, text, href string) { all = append(all, web.Line{State: state, Text: text, Href: href}) }
	way := l.Way
	if ahead := min(way.Ahead, way.Missing()); ahead > 0 {
		add("open", web.T(ctx, "desk.left.ahead", "Hours", hours(ctx, ahead, way.Hour)), "/calendar")
	}
	if cure := way.ToMakeUp(); cure > 0 {
		add("due", web.T(ctx, "desk.left.make_up", "Hours", hours(ctx, cure, way.Hour)), enrolmentAt(way.EnrolmentID, ""))
	}
	if way.Missing() == 0 {
		add("done", web.T(ctx, "desk.left.hours_done"), "")
	}
	if l.Waiting > 0 {
		add("note", web.T(ctx, "desk.left.waiting", "Hours", hours(ctx, l.Waiting, way.Hour)), "")
	}
	for _, item := range l.Checklist.Items {
		text, href := "", ""
		switch item.Kind {
		case certificates.Modules:
			text, href = web.T(ctx, "desk.left.modules_of", "Have", item.Have, "Asked", item.Asked), "/course"
		case certificates.Knowledge:
			text = knowledge(ctx, l, item)
		default:
			continue
		}
		add(state(item.Met), text, href)
	}
	return all
}

// knowledge says where the checks stand: what was tried counts until all were.
func knowledge(ctx context.Context, l desk.Learning, item certificates.Item) string {
	tried, sum := 0, 0
	for _, m := range l.Knowledge.Modules {
		if m.Tried() {
			tried, sum = tried+1, sum+m.Best
		}
	}
	switch {
	case tried == 0:
		return web.T(ctx, "desk.left.knowledge_none", "Asked", item.Asked)
	case item.Met || sum/tried >= item.Asked:
		return web.T(ctx, "desk.left.knowledge_on", "Have", sum/tried)
	}
	return web.T(ctx, "desk.left.knowledge_low", "Have", sum/tried, "Asked", item.Asked)
}

func state(met bool) string {
	if met {
		return "done"
	}
	return "open"
}

// certificateAt is a certificate's own page.
func certificateAt(id certificates.CertificateID) string {
	return "/certificates/" + url.PathEscape(string(id))
}

// later leaves out the class that the page shows large already.
func later(t desk.Today, taught []cohorts.Class) []cohorts.Class {
	if t.Next != nil && len(taught) > 0 && taught[0].ID == t.Next.ID {
		return taught[1:]
	}
	return taught
}
