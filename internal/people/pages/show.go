package pages

import (
	"context"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// headingOf and goOf are the words of a link's page: a first welcome, or a way back in.
func headingOf(link people.Link) string {
	if link.First {
		return "people.link.heading_first"
	}
	return "people.link.heading_again"
}

func goOf(link people.Link) string {
	if link.First {
		return "people.link.go_first"
	}
	return "people.link.go_again"
}

func givenName(link people.Link) string { return people.ShownName("", link.GivenName, link.FamilyName) }

func pageAfter(address, key string) string {
	if key == "" {
		return ""
	}
	return address + key
}

// cut is as much of a list as a page shows.
func cut[T any](all []T) []T { return all[:min(len(all), mostTold)] }

func (p personPage) path(rest string) string { return "/people/" + string(p.Record.ID) + rest }

// linkKind is what the person needs: an invitation until they have a secret, then a reset.
func (p personPage) linkKind() people.LinkKind {
	if p.Record.HasSecret {
		return people.Reset
	}
	return people.Invitation
}

// words: people.person.link_*

func (p personPage) linkLabel() string { return "people.person.link_" + string(p.linkKind()) }

func (p personPage) mailable() bool {
	return p.Letters && slices.ContainsFunc(p.Record.Names, func(n people.SignInName) bool { return n.Kind == people.Email })
}

// mayEnd says whether to offer the end of a grant; the statement decides.
func (p personPage) mayEnd(ctx context.Context, g people.HeldGrant) bool {
	v := web.ViewerOf(ctx)
	open := g.EndsOn == "" || g.EndsOn >= p.Today
	return open && !p.Mine && (v.Is(people.Director) || !g.Bridge && slices.Contains(people.GivenByCoordinators, g.Role))
}

func languageName(code string) string {
	if code == "es" {
		return "Español"
	}
	return "English"
}

// period reads "24 Nov 2026 to 31 Dec 2026", or "since 24 Nov 2026".
func period(ctx context.Context, starts, ends string) string {
	if ends == "" {
		return web.T(ctx, "people.period.since", "Start", day(ctx, starts))
	}
	return web.T(ctx, "people.period.both", "Start", day(ctx, starts), "End", day(ctx, ends))
}

func day(ctx context.Context, text string) string {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return web.DateYear(ctx, t, time.UTC)
}

func organisationOptions(ctx context.Context, organisations []people.Organisation) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "people.employment.nobody"), Chosen: true}}
	for _, o := range organisations {
		options = append(options, web.Option{Value: string(o.ID), Label: o.Name})
	}
	return options
}

func roleOptions(ctx context.Context, roles []people.Role) []web.Option {
	var options []web.Option
	for _, role := range roles {
		options = append(options, web.Option{Value: string(role), Label: web.T(ctx, "people.role."+string(role))})
	}
	return options
}

func sectorOptions(ctx context.Context, home people.Sector, others []people.Sector) []web.Option {
	options := []web.Option{{Value: string(home), Label: web.T(ctx, "people.grant.home"), Chosen: true}}
	for _, sector := range others {
		options = append(options, web.Option{Value: string(sector), Label: web.SectorName(ctx, sector)})
	}
	return options
}
