package pages

import (
	"context"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type cohortRow struct {
	ID     cohorts.CohortID `json:"id"`
	Number int              `json:"number"`
	Course string           `json:"course" doc:"Code of the course"`
	Sector string           `json:"sector"`
}

type cohortDocument struct {
	cohortRow
	Edition  string `json:"edition"`
	StartsOn string `json:"startsOn" format:"date"`
	EndsOn   string `json:"endsOn" format:"date"`
	TimeZone string `json:"timeZone"`
	State    string `json:"state" enum:"open,graduated,ended"`
	Sessions int    `json:"sessions"`
	Held     int    `json:"held" doc:"Sessions whose roll is closed"`
}

type sessionRow struct {
	ID       cohorts.SessionID `json:"id"`
	Position int               `json:"position"`
	Week     int               `json:"week"`
	Title    string            `json:"title"`
	Minutes  int               `json:"minutes"`
	StartsAt time.Time         `json:"startsAt"`
	EndsAt   time.Time         `json:"endsAt"`
	TimeZone string            `json:"timeZone"`
	Mode     string            `json:"mode" enum:"room,online,hybrid"`
	State    string            `json:"state" enum:"planned,closed,confirmed,cancelled"`
}

type traineeName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type ledgerRow struct {
	Enrolment cohorts.EnrolmentID `json:"enrolment"`
	Trainee   traineeName         `json:"trainee"`
	Required  int                 `json:"required" doc:"Minutes of the course"`
	Attended  int                 `json:"attended"`
	MadeUp    int                 `json:"madeUp"`
	Missing   int                 `json:"missing"`
	Confirmed int                 `json:"confirmed" doc:"Minutes that two people have confirmed"`
	Reachable bool                `json:"reachable" doc:"The sessions ahead are enough without a make-up"`
	ToMakeUp  int                 `json:"toMakeUp" doc:"Minutes that only a make-up can bring"`
}

type body[T any] struct{ Body T }

type cohortInput struct {
	Cohort cohorts.CohortID `path:"cohort"`
}

type listInput struct {
	After cohorts.CohortID `query:"after" doc:"The last cohort of the page before"`
}

type ledgerInput struct {
	Cohort cohorts.CohortID    `path:"cohort"`
	After  cohorts.EnrolmentID `query:"after" doc:"The enrolment of the last row of the page before"`
}

type page[T any] struct {
	Link string `header:"Link" doc:"The next page, if there is one"`
	Body []T
}

// next is the Link header that leads to the page after a row; "" for none.
func next(path, after string) string {
	if after == "" {
		return ""
	}
	return "</api/v1" + path + "?after=" + url.QueryEscape(after) + `>; rel="next"`
}

// API registers the room's operations.
func API(api huma.API, store cohorts.Store) {
	x := operations{store}
	huma.Get(api, "/cohorts", x.list)
	huma.Get(api, "/cohorts/{cohort}", x.cohort)
	huma.Get(api, "/cohorts/{cohort}/sessions", x.sessions)
	huma.Get(api, "/cohorts/{cohort}/ledger", x.ledger)
}

type operations struct{ store cohorts.Store }

func (x operations) list(ctx context.Context, in *listInput) (*page[cohortRow], error) {
	found, last, err := x.store.Cohorts(ctx, web.ViewerOf(ctx), in.After)
	if err != nil {
		return nil, err
	}
	out := &page[cohortRow]{Link: next("/cohorts", string(last)), Body: make([]cohortRow, 0, len(found))}
	for _, c := range found {
		out.Body = append(out.Body, rowOf(c))
	}
	return out, nil
}

func rowOf(c cohorts.Summary) cohortRow {
	return cohortRow{ID: c.ID, Number: c.Number, Course: c.CourseCode, Sector: string(c.Sector)}
}

func (x operations) cohort(ctx context.Context, in *cohortInput) (*body[cohortDocument], error) {
	c, err := x.store.Cohort(ctx, web.ViewerOf(ctx), in.Cohort)
	if err != nil {
		return nil, err
	}
	return &body[cohortDocument]{cohortDocument{cohortRow: rowOf(c), Edition: string(c.EditionID), StartsOn: c.StartsOn, EndsOn: c.EndsOn,
		TimeZone: c.TimeZone, State: string(c.State), Sessions: c.Sessions, Held: c.Held}}, nil
}

func (x operations) sessions(ctx context.Context, in *cohortInput) (*body[[]sessionRow], error) {
	v := web.ViewerOf(ctx)
	if _, err := x.store.Cohort(ctx, v, in.Cohort); err != nil {
		return nil, err
	}
	found, err := x.store.Sessions(ctx, v, in.Cohort)
	if err != nil {
		return nil, err
	}
	rows := make([]sessionRow, 0, len(found))
	for _, s := range found {
		rows = append(rows, sessionRow{ID: s.ID, Position: s.Position, Week: s.Week, Title: s.Title(web.Language(ctx)), Minutes: s.Minutes,
			StartsAt: s.StartsAt.UTC(), EndsAt: s.EndsAt.UTC(), TimeZone: s.TimeZone, Mode: string(s.Mode), State: string(s.State)})
	}
	return &body[[]sessionRow]{rows}, nil
}

func (x operations) ledger(ctx context.Context, in *ledgerInput) (*page[ledgerRow], error) {
	v := web.ViewerOf(ctx)
	if _, err := x.store.CohortRunBy(ctx, v, in.Cohort); err != nil {
		// Who may know of the cohort and not of its people is told so.
		if _, hidden := x.store.Cohort(ctx, v, in.Cohort); hidden == nil {
			return nil, fault.Forbidden
		}
		return nil, err
	}
	found, last, err := x.store.Ledger(ctx, v, in.Cohort, in.After)
	if err != nil {
		return nil, err
	}
	rows := make([]ledgerRow, 0, len(found))
	for _, t := range found {
		rows = append(rows, ledgerRow{Enrolment: t.EnrolmentID, Trainee: traineeName{string(t.PersonID), t.Name}, Required: t.Required,
			Attended: t.Attended, MadeUp: t.MadeUp, Missing: t.Missing(), Confirmed: t.Confirmed, Reachable: t.Reachable(), ToMakeUp: t.ToMakeUp()})
	}
	return &page[ledgerRow]{next("/cohorts/"+string(in.Cohort)+"/ledger", string(last)), rows}, nil
}
