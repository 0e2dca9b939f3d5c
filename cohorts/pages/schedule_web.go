package pages

import (
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

type schedulePage struct {
	Cohort   cohorts.Summary
	Sessions []cohorts.Session
	Teachers map[cohorts.SessionID][]cohorts.Teacher
	Runs     bool
	Manages  bool
	Others   []people.Sector // where the viewer may make the parallel cohort
	Now      time.Time
	Done     string
}

// teachersShown says whether the page has something to tell of who teaches.
func (p schedulePage) teachersShown() bool { return p.Runs || len(p.Teachers) > 0 }

func (h handler) schedule(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.store.Cohort(ctx, v, cohortID(c))
	if err != nil {
		return err
	}
	list, err := h.store.Sessions(ctx, v, cohort.ID)
	if err != nil {
		return err
	}
	page := schedulePage{Cohort: cohort, Sessions: list, Runs: len(list) > 0 && list[0].Runs, Manages: v.RunsSector(), Now: h.now(), Done: done(c)}
	if page.Teachers, err = h.store.Teachers(ctx, v, cohort.ID); err != nil {
		return err
	}
	for _, sector := range web.PresenceOf(ctx).Standings {
		if sector != v.Sector() && page.Manages {
			page.Others = append(page.Others, sector)
		}
	}
	return web.Render(c, http.StatusOK, schedule(page))
}

// part is one piece of a session, with its module where the viewer may read it.
type part struct {
	Title   string
	Minutes int
	Module  *content.Module
}

type sessionPage struct {
	Session  cohorts.Session
	Parts    []part
	Care     int // the highest of its modules
	Teachers []cohorts.Teacher
	Manages  bool
	Now      time.Time
	Today    string
	Line     string
	Done     string
	Failed   *web.Errors
}

// early says whether the roll of the class, and its times, can't be told yet.
func (p sessionPage) early() bool {
	return p.Session.State == cohorts.Planned && !p.Session.RollTakes(p.Now)
}

func (h handler) session(c *fiber.Ctx) error { return h.showSession(c, http.StatusOK, nil) }

func (h handler) showSession(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	found, err := h.store.Session(ctx, v, sessionID(c))
	if err != nil {
		return err
	}
	page := sessionPage{Session: found, Manages: v.RunsSector(), Now: h.now(), Today: h.people.Today(), Line: database.NewID(), Done: done(c), Failed: failed}
	team, err := h.store.SessionTeachers(ctx, v, found.ID)
	if err != nil {
		return err
	}
	page.Teachers = cohorts.Teaching(team)
	if err := h.addParts(c, &page); err != nil {
		return err
	}
	return web.Render(c, status, session(page))
}

// addParts reads what the session is made of from the edition's map, and which of its
// modules the viewer may read. What has no text is taught in the room.
func (h handler) addParts(c *fiber.Ctx, page *sessionPage) error {
	ctx, v, lang := c.UserContext(), web.Viewer(c), content.Lang(web.Language(c.UserContext()))
	edition, err := h.courses.Edition(ctx, v, page.Session.EditionID)
	if err != nil {
		return err
	}
	for _, planned := range edition.Sessions {
		if string(planned.ID) != page.Session.EditionSessionID {
			continue
		}
		ids := []content.ModuleID{}
		for _, p := range planned.Parts {
			if p.ModuleID != "" {
				ids = append(ids, p.ModuleID)
			}
		}
		modules, err := h.content.Modules(ctx, v, ids, lang)
		if err != nil {
			return err
		}
		for _, p := range planned.Parts {
			one := part{Title: p.Title(lang), Minutes: p.Minutes}
			if module, there := modules[p.ModuleID]; there {
				one.Module = &module
				page.Care = max(page.Care, module.Care)
			}
			page.Parts = append(page.Parts, one)
		}
	}
	return nil
}

func (h handler) setTimes(c *fiber.Ctx) error {
	found, err := h.store.SessionRunBy(c.UserContext(), web.Viewer(c), sessionID(c))
	if err != nil {
		return err
	}
	times := cohorts.ActualTimes{From: clockOn(found, web.Text(c, "from")), To: clockOn(found, web.Text(c, "to"))}
	err = h.store.SetActualTimes(c.UserContext(), web.Viewer(c), found.ID, times)
	if failed := web.Failed(c, err); failed != nil {
		return h.showSession(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s?done=times", found.ID)
}

// clockOn reads a wall-clock time ("13:05") on the day of a session; zero where it can't be read.
func clockOn(s cohorts.Session, text string) time.Time {
	at, err := time.Parse("15:04", text)
	if err != nil {
		return time.Time{}
	}
	day := s.StartsAt.In(s.Zone())
	return time.Date(day.Year(), day.Month(), day.Day(), at.Hour(), at.Minute(), 0, 0, s.Zone()).UTC()
}

func (h handler) makeUpForAll(c *fiber.Ctx) error {
	_, err := h.store.ApproveForAll(c.UserContext(), web.Viewer(c), cohorts.NewMakeUp{Session: sessionID(c),
		Kind: cohorts.MakeUpKind(web.Text(c, "kind")), DoneOn: web.Text(c, "done_on"), Line: web.Text(c, "line")})
	if failed := web.Failed(c, err); failed != nil {
		return h.showSession(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s?done=made_up_all", sessionID(c))
}

type confirmationsPage struct {
	Sessions []cohorts.Session
	Now      time.Time
	Done     string
}

func (h handler) confirmations(c *fiber.Ctx) error {
	list, err := h.store.ToConfirm(c.UserContext(), web.Viewer(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, confirmations(confirmationsPage{list, h.now(), done(c)}))
}
