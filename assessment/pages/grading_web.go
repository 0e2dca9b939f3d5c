package pages

import (
	"crypto/rand"
	"net/http"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// mountGrading mounts what gives points to long texts.
func (h handler) mountGrading(app *web.App) {
	small := web.Limit(formLimit)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/grading", h.grading)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/releases", h.release, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/markers", h.setMarkers, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/comments", h.keepPhrase, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/comments/removal", h.dropPhrase, small)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/grading/:module", h.toGrade)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/:module/claims", h.claimText, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/:module/claims/removal", h.leaveText, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/:module/drafts", h.draftText, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/:module/marks", h.markText, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/:module/settlements", h.settleText, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/grading/:module/overrides", h.overrideText, small)
}

func (h handler) grading(c *fiber.Ctx) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	modules, err := h.assessment.Grading(c.UserContext(), web.Viewer(c), cohort.ID)
	if err != nil {
		return err
	}
	released, err := strconv.Atoi(web.Query(c, "released"))
	if err != nil {
		released = -1
	}
	return web.Render(c, http.StatusOK, gradingOverview(gradingPage{cohort, modules, released}))
}

func (h handler) release(c *fiber.Ctx) error {
	released, err := h.assessment.Release(c.UserContext(), web.Viewer(c), cohortOf(c), web.Text(c, "module"))
	if err != nil {
		return err
	}
	if released == 0 { // not a cohort that the viewer runs, or nothing that can be released
		if _, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c)); err != nil {
			return err
		}
	}
	return web.SeeOther(c, "%s?released=%d", gradingAt(cohortOf(c)), released)
}

func (h handler) setMarkers(c *fiber.Ctx) error {
	markers, _ := strconv.Atoi(web.Text(c, "markers"))
	if err := h.assessment.SetMarkers(c.UserContext(), web.Viewer(c), cohortOf(c), web.Text(c, "module"), markers); err != nil {
		return err
	}
	return web.SeeOther(c, "%s", gradingAt(cohortOf(c)))
}

// orderOf reads in which order the reader goes through the texts.
func orderOf(c *fiber.Ctx, read func(*fiber.Ctx, string) string) assessment.GradingOrder {
	question, _ := strconv.Atoi(read(c, "question")) // what is no number asks for the first
	return assessment.GradingOrder{Cohort: cohortOf(c), Module: moduleOf(c), Question: question, ByPerson: read(c, "by") == "person"}
}

func (h handler) toGrade(c *fiber.Ctx) error {
	page, err := h.textsPage(c, orderOf(c, web.Query), web.Query(c, "answer"))
	if err != nil {
		return err
	}
	page.After, page.Done, page.Given = web.Query(c, "after"), web.Query(c, "done") != "", web.Query(c, "given")
	if page.Sheet != nil {
		return web.Render(c, http.StatusOK, textPage(page))
	}
	return web.Render(c, http.StatusOK, textsList(page))
}

// textsPage gathers the page of a text, or of the list where no text is named.
func (h handler) textsPage(c *fiber.Ctx, o assessment.GradingOrder, handle string) (page textsPage, err error) {
	v := web.Viewer(c)
	page = textsPage{Order: o, Device: rand.Text()}
	if page.Cohort, err = h.cohorts.CohortRunBy(c.UserContext(), v, o.Cohort); err != nil {
		return page, err
	}
	if page.Texts, err = h.assessment.GradingIn(c.UserContext(), v, o); err != nil {
		return page, err
	}
	if o.Question == 0 && len(page.Texts) > 0 {
		page.Order.Question = page.Texts[0].Position
	}
	if handle == "" {
		return page, nil
	}
	at := slices.IndexFunc(page.Texts, func(t assessment.ToGrade) bool { return t.Handle == handle })
	if at < 0 {
		return page, fault.NotFound
	}
	sheet, err := h.assessment.GradingSheet(c.UserContext(), v, page.Texts[at])
	if err != nil {
		return page, err
	}
	page.Sheet = &sheet
	page.Phrases, err = h.assessment.Phrases(c.UserContext(), v, o.Cohort)
	return page, err
}

func (h handler) keepPhrase(c *fiber.Ctx) error {
	if err := h.assessment.KeepPhrase(c.UserContext(), web.Viewer(c), cohortOf(c), web.Text(c, "phrase")); err != nil {
		return err
	}
	return h.backToText(c)
}

func (h handler) dropPhrase(c *fiber.Ctx) error {
	if _, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c)); err != nil {
		return err
	}
	if err := h.assessment.DropPhrase(c.UserContext(), web.Viewer(c), web.Text(c, "phrase")); err != nil {
		return err
	}
	return h.backToText(c)
}

// backToText leads back to the text from which a comment was kept or taken out.
func (h handler) backToText(c *fiber.Ctx) error {
	o := orderOf(c, web.Text)
	module := web.Text(c, "in")
	if len(module) != 3 || slices.ContainsFunc([]byte(module), func(b byte) bool { return (b < 'a' || b > 'z') && (b < '0' || b > '9') }) {
		return web.SeeOther(c, "%s", gradingAt(cohortOf(c)))
	}
	return web.SeeOther(c, "%s%s#comments", gradingAt(cohortOf(c), "/"+module), orderQuery(o, web.Text(c, "answer")))
}
