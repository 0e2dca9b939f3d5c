package pages

import (
	"context"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// nominationsPage is what partner HR may ask for, and what became of what it asked for.
type nominationsPage struct {
	Offers []cohorts.Offer
	Ours   []cohorts.Nomination
	Next   cohorts.NominationID
	Failed *web.Errors
	Done   string
}

func (h handler) nominations(c *fiber.Ctx) error { return h.showNominations(c, http.StatusOK, nil) }

func (h handler) showNominations(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	if !v.Is(people.PartnerHR) {
		return fault.NotFound
	}
	page := nominationsPage{Failed: failed, Done: done(c)}
	var err error
	if page.Offers, err = h.store.Offers(ctx, v); err != nil {
		return err
	}
	if page.Ours, page.Next, err = h.store.OurNominations(ctx, v, cohorts.NominationID(web.Query(c, "after"))); err != nil {
		return err
	}
	return web.Render(c, status, nominations(page))
}

func (h handler) nominate(c *fiber.Ctx) error {
	err := h.store.Nominate(c.UserContext(), web.Viewer(c), cohorts.NewNomination{Cohort: cohorts.CohortID(web.Text(c, "cohort")),
		GivenName: web.Text(c, "given_name"), FamilyName: web.Text(c, "family_name"), Email: web.Text(c, "email"), Phone: web.Text(c, "phone")})
	if failed := web.Failed(c, err); failed != nil {
		return h.showNominations(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/nominations?done=nominated")
}

func (h handler) takeBackNomination(c *fiber.Ctx) error {
	if err := h.store.TakeBackNomination(c.UserContext(), web.Viewer(c), cohorts.NominationID(web.Text(c, "nomination"))); err != nil {
		return err
	}
	return web.SeeOther(c, "/nominations?done=unasked")
}

func (h handler) accept(c *fiber.Ctx) error {
	if err := h.store.Accept(c.UserContext(), web.Viewer(c), cohortID(c), cohorts.NominationID(web.Text(c, "nomination"))); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/seats?done=accepted", cohortID(c))
}

func (h handler) decline(c *fiber.Ctx) error {
	if err := h.store.Decline(c.UserContext(), web.Viewer(c), cohortID(c), cohorts.NominationID(web.Text(c, "nomination"))); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/seats?done=declined", cohortID(c))
}

// offered names the cohorts that a partner may choose from: the course and its first day.
func offered(ctx context.Context, offers []cohorts.Offer) []web.Option {
	options := make([]web.Option, len(offers))
	for i, offer := range offers {
		options[i] = web.Option{Value: string(offer.CohortID), Label: web.T(ctx, "cohorts.nomination.offer", "Course", offer.Title(web.Language(ctx)), "Day", calendarDay(ctx, offer.StartsOn))}
	}
	return options
}

// calendarDay tells a day that has no hour.
func calendarDay(ctx context.Context, day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	return web.DateYear(ctx, at, time.UTC)
}

// nominationTags are the kinds of tag of an answer.
var nominationTags = map[cohorts.NominationState]string{cohorts.Asked: "open", cohorts.GotSeat: "done", cohorts.GotTurn: "due",
	cohorts.Declined: "open", cohorts.Unasked: "open"}
