package desk

import (
	"context"
	"slices"
	"time"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Home is what a cohort's page gathers. Who learns there sees its classes and who
// teaches, and of the people nobody but themselves.
type Home struct {
	Now         time.Time
	Cohort      cohorts.Summary
	Sessions    []cohorts.Session
	Instructors []cohorts.Instructor
	Runs        bool // the viewer runs the cohort

	People   []cohorts.Totals                      // for who runs it, a page of them
	Next     cohorts.EnrolmentID                   // "" on the last page
	Turnouts map[cohorts.SessionID]cohorts.Turnout // for who runs it
	Own      *cohorts.Way                          // for who learns in it
}

// Ahead are the classes that are not over, next first.
func (h Home) Ahead() []cohorts.Session {
	for i, s := range h.Sessions {
		if s.EndsAt.After(h.Now) {
			return h.Sessions[i:]
		}
	}
	return nil
}

// ToMakeUp are the classes that ended early and of whose minutes somebody who was there
// still lacks some: one make-up cures all of it.
func (h Home) ToMakeUp() []cohorts.Session {
	var short []cohorts.Session
	for _, s := range h.Sessions {
		held := s.State == cohorts.Closed || s.State == cohorts.Confirmed
		if held && s.Short() && h.Turnouts[s.ID].Owed > 0 {
			short = append(short, s)
		}
	}
	return short
}

// Calls are the people of the page who have missed much or can no longer reach the
// course's minutes without a make-up: who is furthest behind first.
func (h Home) Calls() []cohorts.Totals {
	var list []cohorts.Totals
	for _, p := range h.People {
		if len(p.Warnings()) > 0 {
			list = append(list, p)
		}
	}
	slices.SortStableFunc(list, func(a, b cohorts.Totals) int { return b.Missed() - a.Missed() })
	return list
}

// Pace is the minutes that the classes held so far planned, and what the people of the
// page who still learn have earned of them on average.
func (h Home) Pace() (held, earned int) {
	learn := 0
	for _, p := range h.People {
		if p.State == cohorts.Active {
			held, earned, learn = p.Held, earned+p.Earned(), learn+1
		}
	}
	if learn == 0 {
		return 0, 0
	}
	return held, earned / learn
}

// Home gathers a cohort's page, with the people after the last one seen, in at most five
// queries; fault.NotFound where the viewer may not know of the cohort.
func (d Desk) Home(ctx context.Context, v people.Viewer, id cohorts.CohortID, after cohorts.EnrolmentID) (Home, error) {
	h := Home{Now: d.Now()}
	var err error
	if h.Cohort, err = d.Cohorts.Cohort(ctx, v, id); err != nil {
		return h, err
	}
	if h.Sessions, err = d.Cohorts.Sessions(ctx, v, id); err != nil {
		return h, err
	}
	if h.Instructors, err = d.Cohorts.Instructors(ctx, v, id); err != nil {
		return h, err
	}
	h.Runs = len(h.Sessions) > 0 && h.Sessions[0].Runs
	if !h.Runs {
		return h, d.ownHome(ctx, v, &h)
	}
	if h.People, h.Next, err = d.Cohorts.Ledger(ctx, v, id, after); err != nil {
		return h, err
	}
	turnouts, err := d.Cohorts.Turnouts(ctx, v, id)
	h.Turnouts = map[cohorts.SessionID]cohorts.Turnout{}
	for _, t := range turnouts {
		h.Turnouts[t.SessionID] = t
	}
	return h, err
}

func (d Desk) ownHome(ctx context.Context, v people.Viewer, h *Home) error {
	ways, err := d.Cohorts.MyWays(ctx, v)
	for i, way := range ways {
		if way.CohortID == h.Cohort.ID {
			h.Own = &ways[i]
		}
	}
	return err
}
