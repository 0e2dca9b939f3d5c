package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// organisationsPage is every employer with its partnerships.
type organisationsPage struct {
	All        []people.Partnered
	Today      string
	Director   bool // may date partnerships and add employers
	Done       string
	FailedAt   people.OrganisationID // whose dates came back; "" for a new employer
	Failed     *web.Errors
	FailedName *web.Errors
}

func (p organisationsPage) failedFor(id people.OrganisationID) *web.Errors {
	if p.FailedAt != id {
		return nil
	}
	return p.Failed
}

func (h handler) organisations(c *fiber.Ctx) error {
	return h.showOrganisations(c, http.StatusOK, organisationsPage{Done: done(c)})
}

func (h handler) showOrganisations(c *fiber.Ctx, status int, page organisationsPage) error {
	var err error
	if page.All, err = h.store.Partnerships(c.UserContext(), web.Viewer(c)); err != nil {
		return err
	}
	page.Today, page.Director = h.store.Today(), web.Viewer(c).Is(people.Director)
	return web.Render(c, status, organisations(page))
}

func (h handler) addOrganisation(c *fiber.Ctx) error {
	err := h.store.AddOrganisation(c.UserContext(), web.Viewer(c), web.Text(c, "name"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showOrganisations(c, http.StatusUnprocessableEntity, organisationsPage{FailedName: failed})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/organisations?done=organisation")
}

func (h handler) partner(c *fiber.Ctx) error {
	id := people.OrganisationID(web.Param(c, "organisation"))
	err := h.store.Partner(c.UserContext(), web.Viewer(c), id, web.Text(c, "starts_on"), web.Text(c, "ends_on"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showOrganisations(c, http.StatusUnprocessableEntity, organisationsPage{FailedAt: id, Failed: failed})
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/organisations?done=partnership")
}
