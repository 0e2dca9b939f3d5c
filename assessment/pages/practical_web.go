package pages

import (
	"crypto/rand"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// practicalsPageProps is a cohort with everyone's practical skills.
type practicalsPageProps struct {
	Cohort cohorts.Summary
	People []assessment.Practice
	Next   cohorts.EnrolmentID
}

func (h handler) practicals(c *fiber.Ctx) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	people, next, err := h.assessment.PracticalsOfCohort(c.UserContext(), web.Viewer(c), cohort.ID, after(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, practicalsPage(practicalsPageProps{cohort, people, next}))
}

// practicePageProps is one person's practical skills, with what a form needs to send
// each record once.
type practicePageProps struct {
	assessment.Practice
	Place    cohorts.Place
	Recorded string // the practical that has just been recorded
	Own      bool
}

// scripts are for who records; one's own page only shows.
func (p practicePageProps) scripts() []string {
	if p.Own {
		return nil
	}
	return []string{"order.js", "practical.js"}
}

// line names one record that this page may send: sent twice, it is kept once.
func (p practicePageProps) line() string { return rand.Text() }

func (h handler) practice(c *fiber.Ctx) error {
	v := web.Viewer(c)
	place, err := h.cohorts.Enrolment(c.UserContext(), v, enrolmentOf(c))
	if err != nil {
		return err
	}
	practice, err := h.assessment.PracticalsOf(c.UserContext(), v, place.ID)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, practicePage(practicePageProps{
		Practice: practice, Place: place, Recorded: web.Query(c, "recorded"), Own: place.PersonID == v.Person(),
	}))
}

func (h handler) record(c *fiber.Ctx) error {
	practical := web.Text(c, "practical")
	err := h.assessment.Record(c.UserContext(), web.Viewer(c), enrolmentOf(c), practical,
		assessment.Level(web.Text(c, "level")), web.Text(c, "line"))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/enrolments/%s/practicals?recorded=%s#p-%s", enrolmentOf(c), practical, practical)
}
