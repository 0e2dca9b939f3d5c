package pages

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// practicalOf is a practical's number in its edition; 0 for what is none.
func practicalOf(c *fiber.Ctx) int {
	n, err := strconv.Atoi(web.Param(c, "practical"))
	if err != nil {
		return 0
	}
	return n
}

// sheetAt is the page of a practical of one trainee. It says its number and not its name.
func sheetAt(place cohorts.EnrolmentID, number int) string {
	return fmt.Sprintf("/enrolments/%s/practicals/%d", place, number)
}

// sheetPageProps is a practical of one trainee, as its observer, or the trainee, sees it.
type sheetPageProps struct {
	assessment.Observation
	Viewer people.Viewer
	Now    assessment.Round // the one to observe
	Own    assessment.Sheet // the viewer's, in it
	Line   string
	Saved  bool
	Failed *web.Errors
}

func (p sheetPageProps) at() string { return sheetAt(p.EnrolmentID, p.Number) }

// mine says whether the page is the trainee's own.
func (p sheetPageProps) mine() bool { return p.Viewer.Person() == p.PersonID }

func (h handler) sheet(c *fiber.Ctx) error { return h.showSheet(c, http.StatusOK, nil) }

func (h handler) showSheet(c *fiber.Ctx, status int, failed *web.Errors) error {
	v := web.Viewer(c)
	o, err := h.assessment.Observation(c.UserContext(), v, enrolmentOf(c), practicalOf(c))
	if err != nil {
		return err
	}
	page := sheetPageProps{Observation: o, Viewer: v, Now: o.Round(), Line: newLine(), Saved: web.Query(c, "saved") != "", Failed: failed}
	page.Own, _ = page.Now.Sheet(v.Person())
	released, there := o.Released()
	switch {
	case page.mine(), there && len(page.Now.Sheets) == 0 && (web.Query(c, "again") == "" || !o.Active):
		return web.Render(c, status, releasedPage(page, released))
	case page.Own.Sent, !page.Now.JoinedBy(v), !o.Active:
		return web.Render(c, status, sentPage(page))
	}
	return web.Render(c, status, sheetPage(page))
}

// observe keeps what a sheet says: a whole form, or one line of a phone's queue.
func (h handler) observe(c *fiber.Ctx) error {
	n := assessment.SheetLines{Enrolment: enrolmentOf(c), Number: practicalOf(c), Round: roundOf(c), Send: web.Text(c, "send") != "",
		Line: web.Text(c, "line"), MadeAt: madeAt(web.Text(c, "made"))}
	for key := range c.Request().PostArgs().All() {
		kind, id, _ := strings.Cut(string(key), ".")
		if kind != "level" && kind != "note" || slices.ContainsFunc(n.Seen, func(s assessment.Seen) bool { return s.Criterion == id }) {
			continue
		}
		n.Seen = append(n.Seen, assessment.Seen{Criterion: id, Level: assessment.Level(web.Text(c, "level."+id)), Note: web.Text(c, "note."+id)})
	}
	err := h.assessment.Observe(c.UserContext(), web.Viewer(c), n)
	if failed := web.Failed(c, err); failed != nil {
		return h.showSheet(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s?saved=1", sheetAt(n.Enrolment, n.Number))
}

// roundOf is the round that a form was opened for; 0 for none.
func roundOf(c *fiber.Ctx) int {
	n, err := strconv.Atoi(web.Text(c, "round"))
	if err != nil {
		return 0
	}
	return n
}

// comparison shows the sheets of a round side by side, to who may settle and release.
func (h handler) comparison(c *fiber.Ctx) error { return h.compare(c, http.StatusOK, nil) }

func (h handler) compare(c *fiber.Ctx, status int, failed *web.Errors) error {
	v := web.Viewer(c)
	o, err := h.assessment.Observation(c.UserContext(), v, enrolmentOf(c), practicalOf(c))
	if err != nil {
		return err
	}
	page := sheetPageProps{Observation: o, Viewer: v, Now: o.Round(), Line: newLine(), Failed: failed}
	switch {
	case page.mine():
		return fault.NotFound
	case !page.Now.ComparedBy(v):
		return web.SeeOther(c, "%s", page.at())
	}
	return web.Render(c, status, comparePage(page))
}

func (h handler) settle(c *fiber.Ctx) error {
	err := h.assessment.Settle(c.UserContext(), web.Viewer(c), enrolmentOf(c), practicalOf(c), roundOf(c), web.Text(c, "criterion"),
		assessment.Level(web.Text(c, "level")), web.Text(c, "line"))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s/release#c-%s", sheetAt(enrolmentOf(c), practicalOf(c)), web.Text(c, "criterion"))
}

func (h handler) releaseSheets(c *fiber.Ctx) error {
	err := h.assessment.ReleaseSheets(c.UserContext(), web.Viewer(c), assessment.SheetRelease{Enrolment: enrolmentOf(c), Number: practicalOf(c),
		Round: roundOf(c), Level: assessment.Level(web.Text(c, "level")), Reason: web.Text(c, "reason"), Alone: web.Text(c, "sure") != ""})
	if failed := web.Failed(c, err); failed != nil {
		return h.compare(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s", sheetAt(enrolmentOf(c), practicalOf(c)))
}
