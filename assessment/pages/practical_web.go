package pages

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// practicalsPageProps is a cohort with everyone's practical skills, or with one of them.
type practicalsPageProps struct {
	Cohort cohorts.Summary
	People []assessment.Practice
	Next   cohorts.EnrolmentID
	After  cohorts.EnrolmentID // where the page begins
	Skill  int                 // index of the one that the page is about
	Sheets map[cohorts.EnrolmentID]map[string]assessment.SheetState
	Finals map[cohorts.EnrolmentID]assessment.Capstone // empty where the edition asks for no final project
}

// shown counts who has shown a skill at least as practised.
func (p practicalsPageProps) shown(skill int) (n int) {
	for _, person := range p.People {
		if person.Skills[skill].Enough() {
			n++
		}
	}
	return n
}

// skillAt is the page of one skill of a cohort, from a person on.
func skillAt(cohort cohorts.CohortID, skill string, after cohorts.EnrolmentID) string {
	page := "/cohorts/" + url.PathEscape(string(cohort)) + "/practicals?skill=" + url.QueryEscape(skill)
	if after != "" {
		page += "&after=" + url.QueryEscape(string(after))
	}
	return page
}

// next is the page of the same skill with the people who follow; "" for none.
func (p practicalsPageProps) next() string {
	if p.Next == "" {
		return ""
	}
	return skillAt(p.Cohort.ID, p.People[0].Skills[p.Skill].ID, p.Next)
}

// whole says whether everyone of the cohort is on the page, so that they can be counted.
func (p practicalsPageProps) whole() bool { return p.Next == "" && p.After == "" }

func (h handler) practicals(c *fiber.Ctx) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	people, next, err := h.assessment.PracticalsOfCohort(c.UserContext(), web.Viewer(c), cohort.ID, after(c))
	if err != nil {
		return err
	}
	places := make([]cohorts.EnrolmentID, len(people))
	for i, person := range people {
		places[i] = person.EnrolmentID
	}
	sheets, err := h.assessment.SheetStates(c.UserContext(), web.Viewer(c), places)
	if err != nil {
		return err
	}
	finals, err := h.assessment.Capstones(c.UserContext(), web.Viewer(c), places)
	if err != nil {
		return err
	}
	page := practicalsPageProps{Cohort: cohort, People: people, Next: next, After: after(c), Sheets: sheets, Finals: finals}
	asked := web.Query(c, "skill")
	if asked == "" {
		return web.Render(c, http.StatusOK, practicalsPage(page))
	}
	if len(people) == 0 {
		return fault.NotFound
	}
	page.Skill = slices.IndexFunc(people[0].Skills, func(s assessment.Skill) bool { return s.ID == asked })
	if page.Skill < 0 {
		return fault.NotFound
	}
	return web.Render(c, http.StatusOK, skillPage(page))
}

// practicePageProps is one person's practical skills, with what a form needs to send
// each record once.
type practicePageProps struct {
	assessment.Practice
	Sheets   map[string]assessment.SheetState // by practical, of those that have a rubric
	Recorded string                           // the practical that has just been recorded
	Own      bool
	Final    capstoneProps
}

// scripts are for who records; one's own page only shows.
func (p practicePageProps) scripts() []string {
	if p.Own {
		return nil
	}
	return []string{"order.js", "practical.js"}
}

// newLine names one record that a page may send: sent twice, it is kept once.
func newLine() string { return rand.Text() }

func (h handler) practice(c *fiber.Ctx) error { return h.showPractice(c, http.StatusOK, "", nil) }

// showPractice is the page of one person, with what was wrong in a form of their final project.
func (h handler) showPractice(c *fiber.Ctx, status int, kind assessment.CapstoneKind, failed *web.Errors) error {
	v := web.Viewer(c)
	practice, err := h.assessment.PracticalsOf(c.UserContext(), v, enrolmentOf(c))
	if err != nil {
		return err
	}
	sheets, err := h.assessment.SheetStates(c.UserContext(), v, []cohorts.EnrolmentID{practice.EnrolmentID})
	if err != nil {
		return err
	}
	final, err := h.capstoneOf(c, practice)
	if err != nil {
		return err
	}
	final.Kind, final.Failed = kind, failed
	return web.Render(c, status, practicePage(practicePageProps{
		Practice: practice, Sheets: sheets[practice.EnrolmentID], Recorded: web.Query(c, "recorded"), Own: practice.PersonID == v.Person(), Final: final,
	}))
}

func (h handler) record(c *fiber.Ctx) error {
	practical := web.Text(c, "practical")
	err := h.assessment.Record(c.UserContext(), web.Viewer(c), enrolmentOf(c), practical,
		assessment.Level(web.Text(c, "level")), web.Text(c, "line"))
	if err != nil {
		return err
	}
	if from := cohorts.CohortID(web.Text(c, "from")); from != "" {
		return web.SeeOther(c, "%s#e-%s", skillAt(from, practical, cohorts.EnrolmentID(web.Text(c, "after"))), enrolmentOf(c))
	}
	return web.SeeOther(c, "/enrolments/%s/practicals?recorded=%s#p-%s", enrolmentOf(c), practical, practical)
}
