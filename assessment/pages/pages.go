// Package pages is what people see of assessment: a module's check, an attempt and
// its result, and for who teaches, results and practical skills.
package pages

import (
	"context"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type handler struct {
	assessment assessment.Store
	cohorts    cohorts.Store
	texts      content.Store
	reading    chan struct{} // a place for each file of questions that is read at a time
}

// formLimit is how many bytes a form of this room may have.
const formLimit = 64 << 10

// Routes mounts the room's pages.
func Routes(app *web.App, store assessment.Store, cohorts cohorts.Store, texts content.Store) {
	h := handler{store, cohorts, texts, make(chan struct{}, 2)}
	small := web.Limit(formLimit)
	app.SignedIn(fiber.MethodGet, "/modules/:module/check", h.check)
	app.SignedIn(fiber.MethodPost, "/modules/:module/check", h.start, small)
	app.SignedIn(fiber.MethodPost, "/modules/:module/check/rereading", h.readAgain, small)
	app.SignedIn(fiber.MethodGet, "/modules/:module/check/figures", h.figures)
	app.SignedIn(fiber.MethodGet, "/attempts/:attempt", h.attempt)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/answers", h.answer, small)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/submission", h.submit, small)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/pauses", h.pause, small)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/resumption", h.resume, small)
	app.SignedIn(fiber.MethodGet, "/attempts/:attempt/result", h.result)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/reflections", h.sendReflection, small)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/reflections/removal", h.deleteReflection, small)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/results", h.results)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/results/:module", h.items)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/results/:module/reflections", h.reflections)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/results/:module/aloud", h.hearings)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/results/:module/aloud", h.hear, small)
	app.SignedIn(fiber.MethodGet, "/attempts/:attempt/aloud", h.heard)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/aloud/answers", h.enter, small)
	app.SignedIn(fiber.MethodGet, "/attempts/:attempt/aloud/summary", h.readBack)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/aloud/submission", h.handInHeard, small)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/allowances", h.allowances)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/allowances", h.allow, small)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/allowances/removal", h.undoAllowance, small)
	app.SignedIn(fiber.MethodPost, "/attempts/:attempt/requests", h.ask, small)
	app.SignedIn(fiber.MethodPost, "/enrolments/:enrolment/talks", h.talk, small)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/practicals", h.practicals)
	app.SignedIn(fiber.MethodGet, "/enrolments/:enrolment/practicals", h.practice)
	app.SignedIn(fiber.MethodPost, "/enrolments/:enrolment/practicals", h.record, small)
	app.SignedIn(fiber.MethodPost, "/enrolments/:enrolment/capstone", h.sayOfCapstone, small)
	h.mountGradebook(app)
	app.SignedIn(fiber.MethodGet, "/enrolments/:enrolment/practicals/:practical", h.sheet)
	app.SignedIn(fiber.MethodPost, "/enrolments/:enrolment/practicals/:practical", h.observe, small)
	app.SignedIn(fiber.MethodPost, "/enrolments/:enrolment/practicals/:practical/settlements", h.settle, small)
	app.SignedIn(fiber.MethodGet, "/enrolments/:enrolment/practicals/:practical/release", h.comparison)
	app.SignedIn(fiber.MethodPost, "/enrolments/:enrolment/practicals/:practical/release", h.releaseSheets, small)
	h.mountBank(app)
	h.mountGrading(app)
}

func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return loc
}

func slug(module string) string { return strings.ToLower(module) }

// under names a cohort below a page's title: "Outreach, Cohort 21".
func under(ctx context.Context, c cohorts.Summary) string {
	title := c.TitleEN
	if web.Language(ctx) == "es" && c.TitleES != "" {
		title = c.TitleES
	}
	return web.T(ctx, "assessment.cohort", "Course", title, "Number", c.Number)
}
