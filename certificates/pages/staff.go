package pages

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: certificates.reason.*, certificates.enrolment.*

type checklistPageProps struct {
	certificates.Candidate
	Own, Director, Runs bool
	Failed              *web.Errors
}

func (p checklistPageProps) back() string {
	if p.Own {
		return "/course"
	}
	return "/cohorts/" + string(p.Place.CohortID) + "/graduation"
}

// zone is where the days of the class are told.
func (p checklistPageProps) zone() *time.Location {
	if zone, err := time.LoadLocation(p.Place.TimeZone); err == nil {
		return zone
	}
	return time.UTC
}

// mend is the page where an open line is mended; "" where there is none, or nothing is
// left to mend.
func (p checklistPageProps) mend(kind certificates.ItemKind) string {
	place := "/enrolments/" + string(p.EnrolmentID)
	switch {
	case p.DecidedAt != nil:
		return ""
	case kind == certificates.Minutes:
		return place
	case kind == certificates.Practicals, kind == certificates.Capstone:
		return place + "/practicals"
	case p.Own:
		return "/course"
	case kind == certificates.Knowledge:
		return "/cohorts/" + string(p.Place.CohortID) + "/results"
	}
	return ""
}

type graduationPageProps struct {
	Cohort         cohorts.Summary
	Candidates     []certificates.Candidate // of this page
	Next           cohorts.EnrolmentID
	Director, Runs bool
	Done           bool
}

func (p graduationPageProps) ready() (n int) {
	for _, c := range p.Candidates {
		if c.Ready() {
			n++
		}
	}
	return n
}

func (p graduationPageProps) issued() (n int) {
	for _, c := range p.Candidates {
		if c.Certificate != "" {
			n++
		}
	}
	return n
}

type registerPageProps struct {
	Certificates []certificates.Held
	Next         certificates.CertificateID
	Asked, Wrong string
	now          time.Time
}

type registeredPageProps struct {
	certificates.Held
	Lines    []certificates.StandingLine
	Director bool
	Failed   *web.Errors
	Done     bool
	now      time.Time
}

// changes are what a director may do with a certificate as it stands.
func (p registeredPageProps) changes() []standingChange {
	revoke := standingChange{"revocation", "revoke", certificates.RevocationReasons}
	switch p.Standing {
	case credential.StandingValid:
		return []standingChange{{"hold", "hold", certificates.HoldReasons}, revoke}
	case credential.StandingOnHold:
		return []standingChange{{"release", "release", certificates.ReleaseReasons}, revoke}
	}
	return nil
}

// standingChange is one form: the end of its address, its words, its reasons.
type standingChange struct {
	path, act string
	reasons   []certificates.Reason
}

func (s standingChange) say(ctx context.Context, what string) string {
	return web.T(ctx, "certificates.change."+s.act+"."+what)
}

// words: certificates.change.*

func (s standingChange) options(ctx context.Context) (list []web.Option) {
	for _, reason := range s.reasons {
		list = append(list, web.Option{Value: string(reason), Label: reasonWord(ctx, reason)})
	}
	return list
}

func reasonWord(ctx context.Context, reason certificates.Reason) string {
	return web.T(ctx, "certificates.reason."+string(reason))
}

// notFound turns a number that leads nowhere into a sentence and passes other errors on.
func notFound(ctx context.Context, err error) (string, error) {
	if errors.Is(err, fault.NotFound) {
		return web.T(ctx, "certificates.register.none_of_number"), nil
	}
	return "", err
}

func lang(ctx context.Context) content.Lang { return content.Lang(web.Language(ctx)) }

// lines tells a checklist in words: what is there, what is asked, what is left.
func lines(ctx context.Context, p checklistPageProps) []web.Line {
	list := make([]web.Line, len(p.Items))
	for i, item := range p.Items {
		list[i] = web.Line{State: "due", Text: itemText(ctx, item), Href: p.mend(item.Kind)}
		if item.Met {
			list[i].State = "done"
			list[i].Note = setNote(ctx, p.Candidate, item)
			continue
		}
		list[i].Note = strings.TrimSpace(itemNote(ctx, p.Candidate, item) + " " + setNote(ctx, p.Candidate, item))
	}
	return list
}

func itemText(ctx context.Context, item certificates.Item) string {
	switch item.Kind {
	case certificates.Minutes:
		return web.T(ctx, "certificates.line.minutes", "Have", web.Minutes(ctx, item.Have), "Asked", web.Minutes(ctx, item.Asked))
	case certificates.Modules:
		return web.T(ctx, "certificates.line.modules", "Have", item.Have, "Asked", item.Asked)
	case certificates.Knowledge:
		return web.T(ctx, "certificates.line.knowledge", "Have", item.Have, "Asked", item.Asked)
	case certificates.Practicals:
		return web.T(ctx, "certificates.line.practicals", "Have", item.Have, "Asked", item.Asked)
	}
	if item.Met {
		return web.T(ctx, "certificates.line.capstone")
	}
	return web.T(ctx, "certificates.line.capstone_open")
}

// itemNote says what is left of a line that is open.
func itemNote(ctx context.Context, c certificates.Candidate, item certificates.Item) string {
	if item.Kind == certificates.Minutes {
		waiting := c.Totals.Earned() - c.Totals.Confirmed
		if waiting > 0 {
			return web.T(ctx, "certificates.line.minutes_waiting", "Left", web.Minutes(ctx, item.Left()), "Waiting", web.Minutes(ctx, waiting))
		}
		return web.T(ctx, "certificates.line.left", "Left", web.Minutes(ctx, item.Left()))
	}
	return naming(ctx, c, "certificates.line.open", item.Open)
}

// setNote says for what of a line something counts that a person set in the gradebook.
func setNote(ctx context.Context, c certificates.Candidate, item certificates.Item) string {
	return strings.TrimSpace(naming(ctx, c, "certificates.line.set", item.Set) + " " + naming(ctx, c, "certificates.line.excused", item.Excused))
}

// naming is a sentence that names modules or practicals; "" where there are none.
func naming(ctx context.Context, c certificates.Candidate, key string, ids []string) string {
	var names []string
	for _, id := range ids {
		names = append(names, c.Title(id, lang(ctx)))
	}
	if len(names) == 0 {
		return ""
	}
	return web.T(ctx, key, "Names", strings.Join(names, ", "))
}

// words: certificates.line.set, certificates.line.excused

// left tells in a few words what is left for a certificate, for a table.
func left(ctx context.Context, c certificates.Candidate) string {
	var parts []string
	for _, item := range c.Items {
		if !item.Met {
			parts = append(parts, shortly(ctx, item))
		}
	}
	return strings.Join(parts, " · ")
}

func shortly(ctx context.Context, item certificates.Item) string {
	switch item.Kind {
	case certificates.Minutes:
		return web.Minutes(ctx, item.Left())
	case certificates.Modules:
		return web.T(ctx, "certificates.left.modules", "Count", item.Left())
	case certificates.Knowledge:
		return web.T(ctx, "certificates.left.knowledge", "Have", item.Have)
	case certificates.Practicals:
		return web.T(ctx, "certificates.left.practicals", "Count", item.Left())
	}
	return web.T(ctx, "certificates.left.capstone")
}

// under names a cohort below a page's title.
func under(ctx context.Context, title string, number int) string {
	return web.T(ctx, "certificates.cohort", "Course", title, "Number", number)
}

func navOf(p checklistPageProps) string {
	if p.Own {
		return "course"
	}
	return "cohorts"
}
