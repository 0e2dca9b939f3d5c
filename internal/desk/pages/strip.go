package pages

import (
	"context"
	"fmt"
	"strings"

	"github.com/a-h/templ"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// strip draws who came to each class of a cohort: one cell a class, fuller the more
// came; a class that is still ahead is an empty cell, a cancelled one a line.
func strip(h desk.Home, label string) templ.Component {
	return drawn(func(b *strings.Builder) {
		const cell, gap, height = 20.0, 4.0, 44.0
		fmt.Fprintf(b, `<svg class="strip heat" viewBox="0 0 %g %g" role="img" aria-label="%s">`,
			float64(len(h.Sessions))*(cell+gap)-gap, height, templ.EscapeString(label))
		for i, s := range h.Sessions {
			x, t := float64(i)*(cell+gap), h.Turnouts[s.ID]
			if s.State == cohorts.Cancelled {
				fmt.Fprintf(b, `<rect class="heat-off" x="%g" y="%g" width="%g" height="4" rx="2"/>`, x, height/2-2, cell)
				continue
			}
			fmt.Fprintf(b, `<rect class="heat-cell" x="%g" y="1" width="%g" height="%g" rx="4"/>`, x+1, cell-2, height-2)
			if t.Marked() == 0 || h.Cohort.Trainees == 0 {
				continue
			}
			full := (height - 2) * min(1, float64(t.Came())/float64(h.Cohort.Trainees))
			fmt.Fprintf(b, `<rect class="heat-came" x="%g" y="%.1f" width="%g" height="%.1f" rx="4"/>`, x+1, height-1-full, cell-2, full)
		}
		b.WriteString(`</svg>`)
	})
}

// cameWords tells of a class how many came: "18 of 20", "not marked yet", "cancelled".
func cameWords(ctx context.Context, h desk.Home, s cohorts.Session) string {
	t := h.Turnouts[s.ID]
	switch {
	case s.State == cohorts.Cancelled:
		return web.T(ctx, "desk.home.cancelled")
	case t.Marked() == 0 && s.StartsAt.After(h.Now):
		return web.T(ctx, "desk.home.ahead")
	case t.Marked() == 0:
		return web.T(ctx, "desk.home.unmarked")
	}
	return web.T(ctx, "desk.home.came", "Came", t.Came(), "All", h.Cohort.Trainees)
}

// rate is the share of places that were filled in the classes with a roll, in percent.
func rate(h desk.Home) int {
	came, marked := 0, 0
	for _, t := range h.Turnouts {
		came, marked = came+t.Came(), marked+t.Marked()
	}
	if marked == 0 {
		return 0
	}
	return came * 100 / marked
}

// miniRing is a person's ring without words; the percent stands beside it.
func miniRing(ctx context.Context, t cohorts.Totals) templ.Component {
	return web.Ring(web.RingProps{Done: t.Earned(), Total: t.Required, Label: web.Percent(ctx, t.Percent())})
}

// door is a way on from a cohort's home.
type door struct{ key, href string }

// doorsOf are the ways on for who runs the cohort.
func doorsOf(ctx context.Context, h desk.Home) []door {
	doors := []door{
		{"desk.home.sessions", cohortAt(h.Cohort.ID, "/sessions")},
		{"desk.home.roster", cohortAt(h.Cohort.ID, "/roster")},
		{"desk.home.ledger", cohortAt(h.Cohort.ID, "/ledger")},
		{"desk.home.gradebook", cohortAt(h.Cohort.ID, "/gradebook")},
		{"desk.home.results", cohortAt(h.Cohort.ID, "/results")},
		{"desk.home.grading", cohortAt(h.Cohort.ID, "/grading")},
		{"desk.home.practicals", cohortAt(h.Cohort.ID, "/practicals")},
		{"desk.home.graduation", cohortAt(h.Cohort.ID, "/graduation")},
		{"desk.home.joint", "/joint"},
	}
	if h.Cohort.Newer != "" && h.Cohort.State == cohorts.CohortOpen && web.ViewerOf(ctx).RunsSector() {
		doors = append(doors, door{"desk.home.newer_edition", cohortAt(h.Cohort.ID, "/edition")})
	}
	if web.ViewerOf(ctx).RunsSector() {
		doors = append(doors, door{"desk.report.audit", cohortAt(h.Cohort.ID, "/audit")})
	}
	return doors
}

// homeNav is the place in the bar from which the reader came.
func homeNav(h desk.Home) string {
	if h.Runs {
		return "cohorts"
	}
	return "course"
}
