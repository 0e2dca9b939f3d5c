package pages

import (
	"context"
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func (h handler) checklist(c *fiber.Ctx) error { return h.showChecklist(c, http.StatusOK, nil) }

func (h handler) showChecklist(c *fiber.Ctx, status int, failed *web.Errors) error {
	v := web.Viewer(c)
	candidate, err := h.certificates.Candidate(c.UserContext(), v, enrolmentOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, status, checklistPage(checklistPageProps{Candidate: candidate, Failed: failed,
		Own: candidate.Place.PersonID == v.Person(), Director: v.Is(people.Director), Runs: v.RunsSector()}))
}

func (h handler) decide(c *fiber.Ctx) error {
	made, err := h.certificates.Graduate(c.UserContext(), web.Viewer(c), enrolmentOf(c))
	if failed := web.Failed(c, err); failed != nil {
		return h.showChecklist(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	if web.Text(c, "from") == "cohort" {
		return web.SeeOther(c, "/cohorts/%s/graduation?done=1", url.PathEscape(web.Text(c, "cohort")))
	}
	return web.SeeOther(c, "/register/%s?done=1", made.ID)
}

// graduation shows who of a cohort is ready; a director decides on each one.
func (h handler) graduation(c *fiber.Ctx) error {
	ctx, v, id := c.UserContext(), web.Viewer(c), cohorts.CohortID(web.Param(c, "cohort"))
	cohort, err := h.cohorts.CohortRunBy(ctx, v, id)
	if err != nil {
		return err
	}
	candidates, next, err := h.certificates.Candidates(ctx, v, id, cohorts.EnrolmentID(web.Query(c, "after")))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, graduationPage(graduationPageProps{Cohort: cohort, Candidates: candidates, Next: next,
		Director: v.Is(people.Director), Runs: v.RunsSector(), Done: web.Query(c, "done") != ""}))
}

// register lists the certificates of the sector; ?number= leads to one by its number alone.
func (h handler) register(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	if !v.RunsSector() {
		return fault.NotFound
	}
	p := registerPageProps{Asked: web.Query(c, "number"), now: h.certificates.Now()}
	if p.Asked != "" {
		found, err := h.byNumber(ctx, v, p.Asked)
		if err == nil {
			return web.SeeOther(c, "/register/%s", found.ID)
		}
		var sentence string
		if sentence, err = notFound(ctx, err); err != nil {
			return err
		}
		p.Wrong = sentence
	}
	var err error
	if p.Certificates, p.Next, err = h.certificates.Register(ctx, v, certificates.CertificateID(web.Query(c, "after"))); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, registerPage(p))
}

func (h handler) byNumber(ctx context.Context, v people.Viewer, typed string) (certificates.Held, error) {
	n, err := number.Parse(typed)
	if err != nil {
		return certificates.Held{}, fault.NotFound
	}
	return h.certificates.ByNumber(ctx, v, n)
}

func (h handler) registered(c *fiber.Ctx) error { return h.showRegistered(c, http.StatusOK, nil) }

func (h handler) showRegistered(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v, id := c.UserContext(), web.Viewer(c), certificateOf(c)
	held, err := h.certificates.Registered(ctx, v, id)
	if err != nil {
		return err
	}
	lines, err := h.certificates.Standings(ctx, v, id)
	if err != nil {
		return err
	}
	return web.Render(c, status, registeredPage(registeredPageProps{Held: held, Lines: lines, Director: v.Is(people.Director), Failed: failed,
		now: h.certificates.Now(), Done: web.Query(c, "done") != ""}))
}

// restand handles the three changes of a standing, which differ in the method alone.
func (h handler) restand(change func(certificates.Store, context.Context, people.Viewer, certificates.CertificateID, certificates.Reason) error) fiber.Handler {
	return func(c *fiber.Ctx) error {
		id := certificateOf(c)
		err := change(h.certificates, c.UserContext(), web.Viewer(c), id, certificates.Reason(web.Text(c, "reason")))
		if failed := web.Failed(c, err); failed != nil {
			return h.showRegistered(c, http.StatusUnprocessableEntity, failed)
		}
		if err != nil {
			return err
		}
		return web.SeeOther(c, "/register/%s?done=1", id)
	}
}
