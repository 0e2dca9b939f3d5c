package pages

import (
	"context"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// others are the instructors of whom the viewer may note something: all but themselves.
func (p instructorsPage) others() (options []web.Option) {
	for _, i := range p.Instructors {
		if i.PersonID != p.Self {
			options = append(options, web.Option{Value: string(i.PersonID), Label: i.Name})
		}
	}
	return options
}

// endable says whether something is noted that the viewer may end.
func (p instructorsPage) endable() bool {
	return slices.ContainsFunc(p.Instructors, func(i cohorts.Instructor) bool { return i.PersonID != p.Self && len(p.Qualified[i.PersonID]) > 0 })
}

// words: cohorts.qualification_code.*

// qualification says what somebody is qualified for, and until when.
func qualification(ctx context.Context, p instructorsPage, q cohorts.Qualification) string {
	what := web.T(ctx, "cohorts.qualification_code."+q.Code)
	switch {
	case q.Until == nil:
		return what
	case q.Over(p.Today):
		return web.T(ctx, "cohorts.qualification.over", "What", what, "Day", web.Day(ctx, *q.Until))
	}
	return web.T(ctx, "cohorts.qualification.until", "What", what, "Day", web.Day(ctx, *q.Until))
}

// addTeam reads who teaches the page's cohort, and what they are qualified for.
func (h handler) addTeam(ctx context.Context, v people.Viewer, page *instructorsPage) (err error) {
	if page.Instructors, err = h.store.Instructors(ctx, v, page.Cohort.ID); err != nil {
		return err
	}
	page.Qualified, err = h.store.Qualifications(ctx, v, page.Cohort.ID)
	return err
}

func (h handler) qualify(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	n := cohorts.NewQualification{Cohort: cohortID(c), Person: people.PersonID(web.Text(c, "person")), Code: web.Text(c, "code"), Until: web.Text(c, "until")}
	err := h.store.Qualify(ctx, v, n)
	if failed := web.Failed(c, err); failed != nil {
		return h.showUnqualified(c, n, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/instructors?done=qualified", n.Cohort)
}

// showUnqualified shows the instructors with the form of one of them as it came.
func (h handler) showUnqualified(c *fiber.Ctx, n cohorts.NewQualification, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.store.CohortRunBy(ctx, v, n.Cohort)
	if err != nil {
		return err
	}
	page := instructorsPage{Cohort: cohort, Manages: v.RunsSector(), Today: h.people.Today(), Self: v.Person(), Failed: failed}
	if err := h.addTeam(ctx, v, &page); err != nil {
		return err
	}
	return web.Render(c, http.StatusUnprocessableEntity, instructors(page))
}

func (h handler) endQualification(c *fiber.Ctx) error {
	err := h.store.EndQualification(c.UserContext(), web.Viewer(c), cohortID(c), people.PersonID(web.Text(c, "person")), cohorts.QualificationID(web.Text(c, "qualification")))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/instructors?done=unqualified", cohortID(c))
}
