package pages

import (
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// teachersPage is who of a cohort's instructors teaches one of its sessions.
type teachersPage struct {
	Session cohorts.Session
	Team    []cohorts.Teacher
	Failed  *web.Errors
}

// named says whether a coordinator has chosen who teaches.
func (p teachersPage) named() bool {
	for _, t := range p.Team {
		if t.Named {
			return true
		}
	}
	return false
}

// who offers the cohort's instructors, those who teach ticked.
func (p teachersPage) who() (options []web.Option) {
	for _, t := range p.Team {
		options = append(options, web.Option{Value: string(t.PersonID), Label: t.Name, Chosen: t.Teaches})
	}
	return options
}

// lead offers the same people as the session's lead, the first who leads chosen.
func (p teachersPage) lead() (options []web.Option) {
	chosen := false
	for _, t := range p.Team {
		leads := !chosen && t.Teaches && t.Role == cohorts.Lead
		chosen = chosen || leads
		options = append(options, web.Option{Value: string(t.PersonID), Label: t.Name, Chosen: leads})
	}
	return options
}

func (h handler) teachers(c *fiber.Ctx) error { return h.showTeachers(c, http.StatusOK, nil) }

func (h handler) showTeachers(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	found, err := h.store.Session(ctx, v, sessionID(c))
	if err != nil {
		return err
	}
	if !v.RunsSector() {
		return fault.Forbidden
	}
	page := teachersPage{Session: found, Failed: failed}
	if page.Team, err = h.store.SessionTeachers(ctx, v, found.ID); err != nil {
		return err
	}
	return web.Render(c, status, teachers(page))
}

func (h handler) setTeachers(c *fiber.Ctx) error {
	named := cohorts.NewTeachers{Session: sessionID(c), Seen: seenRevision(c), Lead: people.PersonID(web.Text(c, "lead"))}
	for _, person := range web.Texts(c, "instructor") {
		named.Persons = append(named.Persons, people.PersonID(person))
	}
	err := h.store.SetTeachers(c.UserContext(), web.Viewer(c), named)
	if failed := web.Failed(c, err); failed != nil {
		return h.showTeachers(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s?done=teachers", named.Session)
}

func (h handler) clearTeachers(c *fiber.Ctx) error {
	if err := h.store.ClearTeachers(c.UserContext(), web.Viewer(c), sessionID(c), seenRevision(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s?done=all_teach", sessionID(c))
}

// seenRevision is the session's revision as the form was shown; -1, which none has, where
// it can't be read.
func seenRevision(c *fiber.Ctx) int {
	seen, err := strconv.Atoi(web.Text(c, "seen"))
	if err != nil {
		return -1
	}
	return seen
}
