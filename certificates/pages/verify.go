package pages

import (
	"context"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: certificates.verdict.*, certificates.step.*, certificates.detail.*

type verifyPageProps struct {
	Failed *web.Errors
	Sample bool
}

type verdictPageProps struct {
	certificates.Answer
	How     certificates.How
	Receipt certificates.Receipt
	Token   string
	Zone    *time.Location
	Sample  bool
}

type receiptPageProps struct {
	certificates.Receipt
	Zone *time.Location
}

// kinds of verdict, by what the reader may rely on.
var verdictKinds = map[credential.Verdict]string{
	credential.Valid: "good", credential.ValidFileAltered: "warn", credential.Expired: "warn", credential.OnHold: "warn",
	credential.NotYetValid: "warn", credential.Superseded: "warn", credential.NotShared: "warn", credential.Unknown: "warn",
	credential.NoCredential: "warn", credential.Unreadable: "warn",
	credential.Revoked: "bad", credential.Tampered: "bad", credential.NotOurs: "bad",
}

func verdictIcon(v credential.Verdict) string {
	switch verdictKinds[v] {
	case "good":
		return "check"
	case "bad":
		return "cross"
	}
	return "warning"
}

func verdictTag(verdict string) string {
	switch verdictKinds[credential.Verdict(verdict)] {
	case "good":
		return "done"
	case "bad":
		return "danger"
	}
	return "due"
}

func verdictWord(ctx context.Context, verdict string) string {
	return web.T(ctx, "certificates.verdict."+verdict+".word")
}

// said is the sentence that tells what a verdict means, with the day where it has one.
func (p verdictPageProps) said(ctx context.Context) string {
	key := "certificates.verdict." + string(p.Verdict) + ".said"
	switch {
	case p.Verdict == credential.Expired && p.Claims != nil:
		return web.T(ctx, key, "Day", web.DateYear(ctx, p.Claims.ValidUntil, p.Zone))
	case p.Verdict == credential.NotYetValid && p.Claims != nil:
		return web.T(ctx, key, "Day", web.DateYear(ctx, p.Claims.Issued, p.Zone))
	case p.Verdict == credential.Revoked || p.Verdict == credential.Superseded || p.Verdict == credential.OnHold:
		return web.T(ctx, key, "Day", web.DateYear(ctx, p.Since, p.Zone))
	}
	return web.T(ctx, key)
}

func (p verdictPageProps) do(ctx context.Context) string {
	return web.T(ctx, "certificates.verdict."+string(p.Verdict)+".do")
}

// when is the time of a check, in the Academy's time.
func when(ctx context.Context, at time.Time, zone *time.Location) string {
	return web.T(ctx, "certificates.verify.checked", "Day", web.DateYear(ctx, at, zone), "Clock", web.Clock(ctx, at, zone), "City", city(zone))
}

// city is what a time zone is called after: "Chicago".
func city(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ")
}

// steps are the lines of a check: what was looked at, in order, and not what an earlier
// line made needless. A check by number has no file to speak of.
func (p verdictPageProps) steps(ctx context.Context) (lines []web.Line) {
	for _, check := range p.Checks {
		aboutFile := check.Step == credential.StepReceived || check.Step == credential.StepFound || check.Step == credential.StepWellFormed
		aboutPage := check.Detail == credential.DetailNoPage && p.Answer.Claims != nil
		if check.Detail == credential.DetailNotReached || (p.How != certificates.ByFile && (aboutFile || aboutPage)) {
			continue
		}
		lines = append(lines, stepLine(ctx, check))
	}
	return lines
}

func stepLine(ctx context.Context, check credential.Check) web.Line {
	key := "certificates.step." + string(check.Step)
	line := web.Line{State: "note", Text: web.T(ctx, key+".open")}
	if check.OK != nil && *check.OK {
		line = web.Line{State: "done", Text: web.T(ctx, key+".yes")}
	} else if check.OK != nil {
		line = web.Line{State: "danger", Text: web.T(ctx, key+".no")}
	}
	if check.Detail != "" && check.Detail != credential.DetailNoPage {
		line.Note = web.T(ctx, "certificates.detail."+string(check.Detail))
	}
	return line
}

// sessions is the span of the course's days.
func sessions(ctx context.Context, c credential.Claims) string {
	first, last := web.DateYear(ctx, c.FirstSession, time.UTC), web.DateYear(ctx, c.LastSession, time.UTC)
	if first == last {
		return first
	}
	return whole(first) + " – " + whole(last)
}

// whole keeps a date on one line.
func whole(date string) string { return strings.ReplaceAll(date, " ", "\u00a0") }
