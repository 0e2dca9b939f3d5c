package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// walkInsPage is who came to a class and has no place in it yet.
type walkInsPage struct {
	Session cohorts.Session
	Guests  []cohorts.WalkIn
	Seats   []cohorts.Seat // whom a coordinator may choose from
	Manages bool
	Line    string
	Done    string
	Failed  *web.Errors
}

func (p walkInsPage) options(choose string) []web.Option {
	options := []web.Option{{Value: "", Label: choose}}
	for _, seat := range p.Seats {
		options = append(options, web.Option{Value: string(seat.EnrolmentID), Label: seat.Name})
	}
	return options
}

func (h handler) walkIns(c *fiber.Ctx) error { return h.showWalkIns(c, http.StatusOK, nil) }

func (h handler) showWalkIns(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	found, err := h.store.SessionRunBy(ctx, v, sessionID(c))
	if err != nil {
		return err
	}
	page := walkInsPage{Session: found, Manages: v.RunsSector(), Line: database.NewID(), Done: done(c), Failed: failed}
	if page.Guests, err = h.store.WalkIns(ctx, v, found.ID); err != nil {
		return err
	}
	if page.Manages {
		page.Seats, err = h.store.Roll(ctx, v, found.ID)
	}
	if err != nil {
		return err
	}
	return web.Render(c, status, walkIns(page))
}

func (h handler) walkedIn(c *fiber.Ctx) error {
	err := h.store.WalkedIn(c.UserContext(), web.Viewer(c), sessionID(c), web.Text(c, "name"), web.Text(c, "line"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showWalkIns(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/walk-ins?done=walked_in", sessionID(c))
}

func (h handler) placeWalkIn(c *fiber.Ctx) error {
	place := cohorts.EnrolmentID(web.Text(c, "enrolment"))
	if place == "" {
		return fault.Conflict("cohorts.walk_in.choose")
	}
	session, err := h.store.PlaceWalkIn(c.UserContext(), web.Viewer(c), web.Param(c, "guest"), place)
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/walk-ins?done=walk_in_placed", session)
}

func (h handler) removeWalkIn(c *fiber.Ctx) error {
	session, err := h.store.RemoveWalkIn(c.UserContext(), web.Viewer(c), web.Param(c, "guest"))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/walk-ins?done=walk_in_removed", session)
}
