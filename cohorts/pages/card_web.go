package pages

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type cardPage struct {
	Card    cohorts.Card // its ID is "" where there is none
	Address string       // that the picture leads to
	Done    string
}

func cardID(c *fiber.Ctx) cohorts.CardID { return cohorts.CardID(web.Param(c, "card")) }

func (h handler) card(c *fiber.Ctx) error {
	found, err := h.store.MyCard(c.UserContext(), web.Viewer(c))
	if err != nil && !errors.Is(err, fault.NotFound) {
		return err
	}
	return web.Render(c, http.StatusOK, card(cardPage{Card: found, Address: h.base + "/cards/" + string(found.ID), Done: done(c)}))
}

func (h handler) makeCard(c *fiber.Ctx) error {
	if err := h.store.MakeCard(c.UserContext(), web.Viewer(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/me/card?done=card_made")
}

func (h handler) endCard(c *fiber.Ctx) error {
	if err := h.store.EndCard(c.UserContext(), web.Viewer(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/me/card?done=card_ended")
}

func (h handler) typeCard(c *fiber.Ctx) error {
	if err := h.store.RunsClasses(c.UserContext(), web.Viewer(c)); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, typeCard(nil))
}

// findCard leads to the card whose letters were typed, as its picture would.
func (h handler) findCard(c *fiber.Ctx) error {
	id := cohorts.TypedCard(web.Text(c, "letters"))
	_, err := h.store.Scan(c.UserContext(), web.Viewer(c), id)
	if errors.Is(err, fault.NotFound) {
		failed := web.Failed(c, fault.Invalid("letters", "cohorts.card.unknown"))
		return web.Render(c, http.StatusUnprocessableEntity, typeCard(failed))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cards/%s", id)
}

// scanPage is a card as who runs the class sees it. Opening it changes nothing: a camera
// opens what it sees.
type scanPage struct {
	ID     cohorts.CardID
	Card   cohorts.Scanned
	Line   string
	Failed *web.Errors
}

func (p scanPage) options(ctx context.Context) (options []web.Option) {
	for _, seat := range p.Card.Seats {
		options = append(options, web.Option{Value: string(seat.ID), Label: Name(ctx, seat.Course(web.Language(ctx)), seat.Number), Hint: when(ctx, seat.Session)})
	}
	return options
}

func (h handler) scan(c *fiber.Ctx) error { return h.showScan(c, http.StatusOK, nil) }

func (h handler) showScan(c *fiber.Ctx, status int, failed *web.Errors) error {
	found, err := h.store.Scan(c.UserContext(), web.Viewer(c), cardID(c))
	if err != nil {
		return err
	}
	return web.Render(c, status, scan(scanPage{cardID(c), found, database.NewID(), failed}))
}

func (h handler) markByCard(c *fiber.Ctx) error {
	session := cohorts.SessionID(web.Text(c, "session"))
	if session == "" {
		return h.showScan(c, http.StatusUnprocessableEntity, web.Failed(c, fault.Invalid("session", "cohorts.card.choose")))
	}
	seat, err := h.store.MarkByCard(c.UserContext(), web.Viewer(c), cardID(c), session, web.Text(c, "line"))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/roll?done=carded&after=%s", session, seat.EnrolmentID)
}

// spaced is the key of a card in fours, to be typed.
func spaced(id cohorts.CardID) string {
	var groups []string
	for part := range slices.Chunk([]byte(id), 4) {
		groups = append(groups, string(part))
	}
	return strings.Join(groups, " ")
}
