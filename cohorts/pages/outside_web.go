package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// words: cohorts.outside_category.*, cohorts.outside_reason.*

// outsidePage is what one person was trained in elsewhere: for themselves to read, for
// who runs the sector with the form.
type outsidePage struct {
	Person  people.Person
	Lines   []cohorts.OutsideLine
	Next    string
	Minutes int
	Own     bool
	Today   string
	Line    string
	Done    string
	Failed  *web.Errors
}

// writes says whether the page has the forms.
func (p outsidePage) writes() bool { return !p.Own && !p.Person.Closed() }

func (p outsidePage) path() string {
	if p.Own {
		return "/me/outside"
	}
	return outsideOf(p.Person.ID)
}

// nav is the way to the page in the bar, back the page before it.
func (p outsidePage) nav() string {
	if p.Own {
		return "me"
	}
	return "people"
}

func (p outsidePage) back() string {
	if p.Own {
		return "/me"
	}
	return "/people/" + string(p.Person.ID)
}

func outsideOf(person people.PersonID) string { return "/people/" + string(person) + "/outside" }

func (h handler) myOutside(c *fiber.Ctx) error {
	return h.showOutside(c, web.Viewer(c).Person(), http.StatusOK, nil)
}

func (h handler) outside(c *fiber.Ctx) error {
	return h.showOutside(c, personID(c), http.StatusOK, nil)
}

func (h handler) showOutside(c *fiber.Ctx, id people.PersonID, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	person, err := h.people.Person(ctx, v, id)
	if err != nil {
		return err
	}
	page := outsidePage{Person: person, Own: person.ID == v.Person(), Today: h.people.Today(), Line: database.NewID(), Done: done(c), Failed: failed}
	if page.Lines, page.Next, err = h.store.Outside(ctx, v, id, web.Query(c, "after")); err != nil {
		return err
	}
	if page.Minutes, err = h.store.OutsideMinutes(ctx, v, id); err != nil {
		return err
	}
	return web.Render(c, status, outside(page))
}

func (h handler) addOutside(c *fiber.Ctx) error {
	id := personID(c)
	err := h.store.AddOutside(c.UserContext(), web.Viewer(c), cohorts.NewOutside{Person: id, Category: cohorts.OutsideCategory(web.Text(c, "category")),
		Minutes: number(c, "minutes"), DoneOn: web.Text(c, "done_on"), Provider: web.Text(c, "provider"), SeenOn: web.Text(c, "seen_on"), Line: web.Text(c, "line")})
	if failed := web.Failed(c, err); failed != nil {
		return h.showOutside(c, id, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s/outside?done=outside", id)
}

func (h handler) reverseOutside(c *fiber.Ctx) error {
	err := h.store.ReverseOutside(c.UserContext(), web.Viewer(c), personID(c), web.Text(c, "outside_line"), cohorts.OutsideReason(web.Text(c, "reason")))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s/outside?done=outside_back", personID(c))
}
