package pages

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// hearingsPage is a cohort with where its people stand at one check.
type hearingsPage struct {
	Cohort cohorts.Summary
	Module string
	People []assessment.Hearing // of this page
	Next   cohorts.EnrolmentID
}

func (h handler) hearings(c *fiber.Ctx) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	people, next, err := h.assessment.Hearings(c.UserContext(), web.Viewer(c), cohort.ID, moduleOf(c), after(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, hearingsOf(hearingsPage{cohort, slug(moduleOf(c)), people, next}))
}

func (h handler) hear(c *fiber.Ctx) error {
	id, err := h.assessment.Hear(c.UserContext(), web.Viewer(c), cohortOf(c), cohorts.EnrolmentID(web.Text(c, "enrolment")), moduleOf(c))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s/aloud", id)
}

// heardPaper is an attempt that is asked aloud, in the language that it is asked in: the
// trainee's, or the one that who asks has chosen.
func (h handler) heardPaper(c *fiber.Ctx) (paperPage, error) {
	paper, err := h.assessment.Heard(c.UserContext(), web.Viewer(c), attemptOf(c))
	page := paperPage{Paper: paper, Device: rand.Text(), Aloud: paper.In(paper.Speaks), zone: zone(paper.TimeZone)}
	if chosen := web.Text(c, "lang"); chosen == "en" || chosen == "es" {
		page.Aloud = paper.In(chosen)
	}
	return page, err
}

// hearings is where the next person is chosen.
func (p paperPage) hearings() string {
	return "/cohorts/" + string(p.Cohort) + "/results/" + slug(p.ModuleID) + "/aloud"
}

func (h handler) heard(c *fiber.Ctx) error {
	page, err := h.heardPaper(c)
	if err != nil {
		return err
	}
	if !page.Open() {
		return web.Render(c, http.StatusOK, heardPage(page))
	}
	page.Saved = web.Query(c, "saved") != ""
	return web.Render(c, http.StatusOK, hearPage(page))
}

// enter saves what was said: one question for the page's script, the whole form without
// one, or before all of it is read back.
func (h handler) enter(c *fiber.Ctx) error {
	if web.Text(c, "one") != "" {
		return h.answerOne(c, h.assessment.Enter)
	}
	refused, err := h.saveForm(c, h.assessment.EnterAll)
	if err != nil {
		return err
	}
	if len(refused) > 0 && !refused[0].Finished {
		page, err := h.heardPaper(c)
		if err != nil {
			return err
		}
		page.Late = true
		return web.Render(c, http.StatusConflict, hearPage(page))
	}
	lang := "en"
	if web.Text(c, "lang") == "es" {
		lang = "es"
	}
	if web.Text(c, "to") == "summary" {
		return web.SeeOther(c, "/attempts/%s/aloud/summary?lang=%s", attemptOf(c), lang)
	}
	return web.SeeOther(c, "/attempts/%s/aloud?saved=1&lang=%s#%s", attemptOf(c), lang, placeOf(c))
}

func (h handler) readBack(c *fiber.Ctx) error {
	page, err := h.heardPaper(c)
	if err != nil {
		return err
	}
	if !page.Open() {
		return web.SeeOther(c, "/attempts/%s/aloud", page.ID)
	}
	return web.Render(c, http.StatusOK, readBackPage(page))
}

func (h handler) handInHeard(c *fiber.Ctx) error {
	if err := h.assessment.HandInHeard(c.UserContext(), web.Viewer(c), attemptOf(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s/aloud", attemptOf(c))
}

// speaking draws a part of a page in the language of the person whom it is read to.
func speaking(language string, part templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error { return part.Render(web.In(ctx, language), w) })
}
