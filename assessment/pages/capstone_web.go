package pages

import (
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// capstoneProps is a trainee's final project, with what its two forms need.
type capstoneProps struct {
	assessment.Capstone
	Asked  bool // by the edition
	Staff  []cohorts.Instructor
	Kind   assessment.CapstoneKind // of the form that failed
	Failed *web.Errors
}

// failed are the errors of the form of a kind.
func (p capstoneProps) failed(kind assessment.CapstoneKind) *web.Errors {
	if p.Kind == kind {
		return p.Failed
	}
	return nil
}

// options are who teaches the cohort, with nobody chosen before there is a line.
func (p capstoneProps) options(nobody string, chosen people.PersonID) []web.Option {
	list := []web.Option{{Value: "", Label: nobody, Chosen: chosen == ""}}
	for _, i := range p.Staff {
		list = append(list, web.Option{Value: string(i.PersonID), Label: i.Name, Chosen: i.PersonID == chosen})
	}
	return list
}

// capstoneOf is the final project of a place; who only reads it needs no staff to choose from.
func (h handler) capstoneOf(c *fiber.Ctx, practice assessment.Practice) (p capstoneProps, err error) {
	v := web.Viewer(c)
	all, err := h.assessment.Capstones(c.UserContext(), v, []cohorts.EnrolmentID{practice.EnrolmentID})
	if err != nil {
		return p, err
	}
	p.Capstone, p.Asked = all[practice.EnrolmentID]
	if p.Asked && practice.Active && practice.PersonID != v.Person() {
		p.Staff, err = h.cohorts.Instructors(c.UserContext(), v, practice.CohortID)
	}
	return p, err
}

func (h handler) sayOfCapstone(c *fiber.Ctx) error {
	seen, _ := strconv.Atoi(web.Text(c, "seen"))
	word := assessment.CapstoneWord{Enrolment: enrolmentOf(c), Kind: assessment.CapstoneKind(web.Text(c, "kind")), With: people.PersonID(web.Text(c, "person")),
		Day: web.Text(c, "day"), Held: web.Text(c, "held") != "", Seen: seen, Line: web.Text(c, "line")}
	err := h.assessment.SayOfCapstone(c.UserContext(), web.Viewer(c), word)
	if failed := web.Failed(c, err); failed != nil {
		return h.showPractice(c, http.StatusUnprocessableEntity, word.Kind, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/enrolments/%s/practicals#capstone", word.Enrolment)
}
