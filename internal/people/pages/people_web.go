package pages

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// listPage is the people of a sector, or those whom a search found.
type listPage struct {
	Found []people.Listed
	Typed string
	Next  people.PersonID
	Done  string
}

func (h handler) list(c *fiber.Ctx) error {
	return h.showList(c, "", people.PersonID(web.Query(c, "after")))
}

// search is a POST, so that no name stands in an address.
func (h handler) search(c *fiber.Ctx) error {
	return h.showList(c, web.Text(c, "name"), people.PersonID(web.Text(c, "after")))
}

func (h handler) showList(c *fiber.Ctx, typed string, after people.PersonID) error {
	found, next, err := h.store.Find(c.UserContext(), web.Viewer(c), typed, after)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, list(listPage{found, typed, next, done(c)}))
}

func (h handler) newPage(c *fiber.Ctx) error { return h.showNew(c, http.StatusOK, nil) }

func (h handler) showNew(c *fiber.Ctx, status int, failed *web.Errors) error {
	organisations, err := h.store.OrganisationsFor(c.UserContext(), web.Viewer(c))
	if err != nil {
		return err
	}
	return web.Render(c, status, newPerson(organisations, failed))
}

func (h handler) add(c *fiber.Ctx) error {
	id, err := h.store.AddPerson(c.UserContext(), web.Viewer(c), people.NewPerson{
		GivenName: web.Text(c, "given_name"), FamilyName: web.Text(c, "family_name"), ChosenName: web.Text(c, "chosen_name"),
		Email: web.Text(c, "email"), Phone: web.Text(c, "phone"), Language: web.Text(c, "language"),
		Organisation: people.OrganisationID(web.Text(c, "organisation")),
	})
	if failed := web.Failed(c, err); failed != nil {
		return h.showNew(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s?done=added", id)
}

// personPage is an account as who runs its sector sees it.
type personPage struct {
	Record  people.Record
	Mine    bool // one's own: nothing is changed here
	Power   bool // it runs a sector, and the viewer is no director
	Letters bool
	Today   string
	Done    string
	Zone    *time.Location
	Link    *madeLink
	Failed  *web.Errors
}

// MayAct says whether the viewer may open, close or change the account.
func (p personPage) MayAct() bool { return !p.Mine && !p.Power && !p.Record.Closed() }

func (h handler) person(c *fiber.Ctx) error { return h.showPerson(c, http.StatusOK, nil, nil) }

func (h handler) showPerson(c *fiber.Ctx, status int, link *madeLink, failed *web.Errors) error {
	v := web.Viewer(c)
	record, err := h.store.Open(c.UserContext(), v, person(c))
	if err != nil {
		return err
	}
	return web.Render(c, status, personView(personPage{
		Record: record, Mine: record.ID == v.Person(), Power: record.RunsSector(h.store.Today()) && !v.Is(people.Director),
		Letters: h.letters, Today: h.store.Today(), Done: done(c), Zone: h.store.Zone(), Link: link, Failed: failed,
	}))
}

// madeLink is a one-time link just made. It is shown once: nobody can read it again.
type madeLink struct {
	Kind    people.LinkKind
	Address string
	Code    string // of a hand-over
	EndsAt  time.Time
}

func (h handler) makeLink(c *fiber.Ctx) error {
	kind := people.LinkKind(web.Text(c, "kind"))
	made, err := h.store.MakeLink(c.UserContext(), web.Viewer(c), kind, person(c))
	if err != nil {
		return err
	}
	link := madeLink{Kind: kind, Address: h.base + kind.Path(made), EndsAt: h.store.Now().Add(kind.For())}
	if kind == people.HandOver {
		link.Code = people.ShownCode(made)
	}
	return h.showPerson(c, http.StatusOK, &link, nil)
}

func (h handler) sendLink(c *fiber.Ctx) error {
	err := h.store.SendLink(c.UserContext(), web.Viewer(c), people.LinkKind(web.Text(c, "kind")), person(c))
	if failed := web.Failed(c, err); failed != nil {
		return h.showPerson(c, http.StatusUnprocessableEntity, nil, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s?done=letter", person(c))
}

func (h handler) close(c *fiber.Ctx) error {
	if err := h.store.Close(c.UserContext(), web.Viewer(c), person(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/people?done=closed")
}

func (h handler) addName(c *fiber.Ctx) error {
	err := h.store.AddName(c.UserContext(), web.Viewer(c), person(c), web.Text(c, "name"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showPerson(c, http.StatusUnprocessableEntity, nil, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s?done=way_added", person(c))
}

func (h handler) dropName(c *fiber.Ctx) error {
	if err := h.store.DropName(c.UserContext(), web.Viewer(c), person(c), web.Text(c, "name")); err != nil {
		return err
	}
	return web.SeeOther(c, "/people/%s?done=way_dropped", person(c))
}
