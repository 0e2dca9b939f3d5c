package pages

import (
	"context"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// callsPage is who has missed much or can't reach the hours, with what would cure it.
type callsPage struct {
	Ways    []cohorts.Way
	Fixes   []cohorts.Elsewhere
	Manages bool
}

func (h handler) calls(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	slipping, _, err := h.store.Forecast(ctx, v)
	if err != nil {
		return err
	}
	page := callsPage{Ways: slipping, Manages: v.RunsSector()}
	places := make([]cohorts.EnrolmentID, len(slipping))
	for i, way := range slipping {
		places[i] = way.EnrolmentID
	}
	if page.Fixes, err = h.store.Fixes(ctx, v, places...); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, calls(page))
}

// fixesOf are the classes that would cure one session that somebody missed, or with no
// session all that they missed.
func fixesOf(list []cohorts.Elsewhere, place cohorts.EnrolmentID, missed cohorts.SessionID) []cohorts.Elsewhere {
	return slices.DeleteFunc(slices.Clone(list), func(e cohorts.Elsewhere) bool {
		return e.EnrolmentID != place || missed != "" && e.Missed != missed
	})
}

// fixWords tell when a class of another cohort meets and how many seats it has left.
func fixWords(ctx context.Context, e cohorts.Elsewhere) string {
	said := web.T(ctx, "cohorts.fix.class", "When", web.DateTime(ctx, e.StartsAt, e.Zone()), "Number", e.Number)
	if e.Mode == cohorts.Online {
		said += " · " + web.T(ctx, "cohorts.fix.online")
	}
	if e.Capacity > 0 {
		said += " · " + web.T(ctx, "cohorts.fix.seats", "Count", e.Free())
	}
	return said
}

func elsewhereOptions(ctx context.Context, list []cohorts.Elsewhere) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "cohorts.make_up.at_none")}}
	for _, e := range list {
		options = append(options, web.Option{Value: string(e.SessionID), Label: web.T(ctx, "cohorts.fix.session", "Position", e.Position) + " " +
			web.T(ctx, "cohorts.fix.class", "When", web.DateTime(ctx, e.StartsAt, e.Zone()), "Number", e.Number)})
	}
	return options
}
