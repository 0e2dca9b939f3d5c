package pages

import (
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// grantForm is a new grant, or a new employment.
type grantForm struct {
	Person        people.Person
	Roles         []people.Role
	Sectors       []people.Sector // where a director may also let them work
	Organisations []people.Organisation
	Today         string
	Failed        *web.Errors
}

func (h handler) grantPage(c *fiber.Ctx) error { return h.showGrant(c, http.StatusOK, nil) }

func (h handler) showGrant(c *fiber.Ctx, status int, failed *web.Errors) error {
	form, err := h.readForm(c, failed)
	if err != nil {
		return err
	}
	return web.Render(c, status, newGrant(form))
}

// readForm gathers what the forms for grants and employments offer this viewer.
func (h handler) readForm(c *fiber.Ctx, failed *web.Errors) (grantForm, error) {
	ctx, v := c.UserContext(), web.Viewer(c)
	who, err := h.store.PersonToChange(ctx, v, person(c))
	if err != nil {
		return grantForm{}, err
	}
	organisations, err := h.store.OrganisationsFor(ctx, v)
	form := grantForm{Person: who, Roles: people.GivenByCoordinators, Organisations: organisations, Today: h.store.Today(), Failed: failed}
	if v.Is(people.Director) {
		form.Roles, form.Sectors = people.Roles, web.PresenceOf(ctx).Standings
	}
	form.Sectors = slices.DeleteFunc(slices.Clone(form.Sectors), func(s people.Sector) bool { return s == who.Sector })
	return form, err
}

func (h handler) grant(c *fiber.Ctx) error {
	_, err := h.store.Grant(c.UserContext(), web.Viewer(c), people.Grant{
		PersonID: person(c), Role: people.Role(web.Text(c, "role")), Sector: people.Sector(web.Text(c, "sector")),
		OrganisationID: people.OrganisationID(web.Text(c, "organisation")),
		StartsOn:       web.Text(c, "starts_on"), EndsOn: web.Text(c, "ends_on"), Reason: web.Text(c, "reason"),
	})
	if failed := web.Failed(c, err); failed != nil {
		return h.showGrant(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s?done=grant", person(c))
}

func (h handler) endGrant(c *fiber.Ctx) error {
	if err := h.store.EndGrant(c.UserContext(), web.Viewer(c), person(c), web.Param(c, "grant")); err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s?done=grant_ended", person(c))
}

func (h handler) employmentPage(c *fiber.Ctx) error { return h.showEmployment(c, http.StatusOK, nil) }

func (h handler) showEmployment(c *fiber.Ctx, status int, failed *web.Errors) error {
	form, err := h.readForm(c, failed)
	if err != nil {
		return err
	}
	return web.Render(c, status, newEmployment(form))
}

func (h handler) employ(c *fiber.Ctx) error {
	err := h.store.Employ(c.UserContext(), web.Viewer(c), person(c), people.OrganisationID(web.Text(c, "organisation")),
		web.Text(c, "starts_on"), web.Text(c, "ends_on"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showEmployment(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s?done=employment", person(c))
}

func (h handler) endEmployment(c *fiber.Ctx) error {
	err := h.store.EndEmployments(c.UserContext(), web.Viewer(c), person(c), people.OrganisationID(web.Param(c, "organisation")), h.store.Today())
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s?done=employment_ended", person(c))
}
