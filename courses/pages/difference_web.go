package pages

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// editionsPage is the editions of a course, the newest first.
type editionsPage struct {
	Code string
	List []courses.Edition
}

// Difference is the address of what changed between two editions.
func (p editionsPage) Difference(before, after courses.Edition) string {
	return DifferenceAddress(p.Code, before.Name, after.Name)
}

// DifferenceAddress is the page that tells two editions of a course apart, by their names.
func DifferenceAddress(code, before, after string) string {
	return fmt.Sprintf("/courses/%s/editions?%s", code, url.Values{"from": {before}, "to": {after}}.Encode())
}

// ComparesEditions says whether the viewer may see how editions of a course differ: who
// runs the sector, and who writes courses.
func ComparesEditions(v people.Viewer) bool {
	return v.Is(people.Coordinator, people.Director, people.Author)
}

// editions lists the editions of a course or, where two are named, tells them apart.
func (h handler) editions(c *fiber.Ctx) error {
	ctx, v, code := c.UserContext(), web.Viewer(c), web.Param(c, "course")
	if !ComparesEditions(v) {
		return fault.NotFound
	}
	list, err := h.courses.Editions(ctx, v, code)
	if err != nil {
		return err
	}
	from, to := web.Query(c, "from"), web.Query(c, "to")
	if from == "" && to == "" {
		return web.Render(c, http.StatusOK, editionList(editionsPage{code, list}))
	}
	var pair []courses.Edition
	for _, name := range []string{from, to} {
		for _, e := range list {
			if e.Name != name {
				continue
			}
			whole, err := h.courses.Edition(ctx, v, e.ID)
			if err != nil {
				return err
			}
			pair = append(pair, whole)
		}
	}
	if len(pair) != 2 || from == to {
		return fault.NotFound
	}
	seen, err := h.courses.Maps(ctx, v, pair)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, editionDifference(differenceView{courses.Difference(seen[0], seen[1]), language(ctx)}))
}

// differenceView is two editions of a course, told apart.
type differenceView struct {
	courses.EditionDifference
	Lang content.Lang
}

// Changed are the sessions that did not stay as they were.
func (d differenceView) Changed() (list []courses.SessionChange) {
	for _, s := range d.Sessions {
		if !s.Same() {
			list = append(list, s)
		}
	}
	return list
}

// Differences says in words what a newer edition asks and teaches otherwise.
func Differences(ctx context.Context, d courses.EditionDifference) (said []string) {
	a, b := d.Before, d.After
	tell := func(key string, differ bool, before, after any) {
		if differ {
			said = append(said, web.T(ctx, "courses.difference.fact."+key, "Before", before, "After", after))
		}
	}
	tell("minutes", a.Minutes != b.Minutes, web.Minutes(ctx, a.Minutes), web.Minutes(ctx, b.Minutes))
	tell("rule", a.Rule != b.Rule, web.T(ctx, "courses.difference.rule."+string(a.Rule)), web.T(ctx, "courses.difference.rule."+string(b.Rule)))
	tell("knowledge", a.KnowledgePass != b.KnowledgePass, a.KnowledgePass, b.KnowledgePass)
	tell("drop_lowest", a.DropLowest != b.DropLowest, a.DropLowest, b.DropLowest)
	tell("self_study", a.SelfStudy != b.SelfStudy, a.SelfStudy, b.SelfStudy)
	tell("grace", a.Grace != b.Grace, a.Grace, b.Grace)
	tell("quiz_minutes", a.Quiz.Minutes != b.Quiz.Minutes, a.Quiz.Minutes, b.Quiz.Minutes)
	tell("quiz_tries", a.Quiz.Tries != b.Quiz.Tries, a.Quiz.Tries, b.Quiz.Tries)
	tell("practicals", len(a.Practicals) != len(b.Practicals), len(a.Practicals), len(b.Practicals))
	for _, m := range d.Modules {
		said = append(said, moduleChanged(ctx, d, m))
	}
	return said
}

func moduleChanged(ctx context.Context, d courses.EditionDifference, m courses.ModuleChange) string {
	key := "version"
	switch {
	case m.New:
		key = "new"
	case m.Gone:
		key = "gone"
	case m.NowRequired:
		key = "required"
	case m.NowFree:
		key = "free"
	}
	title := titleOn(m.ID, language(ctx), d.After, d.Before)
	return web.T(ctx, "courses.difference.module."+key, "Title", title, "Before", m.Before, "After", m.After)
}

// titleOn is how maps call a module.
func titleOn(id content.ModuleID, lang content.Lang, maps ...courses.Edition) string {
	for _, e := range maps {
		for _, s := range e.Sessions {
			for _, part := range s.Parts {
				if part.ModuleID == id {
					return part.Title(lang)
				}
			}
		}
	}
	return string(id)
}

// words: courses.difference.fact.*, courses.difference.rule.*, courses.difference.module.*

// sessionChanged says in words what became of a session of the map.
func (d differenceView) sessionChanged(ctx context.Context, s courses.SessionChange) string {
	switch {
	case s.Before == nil:
		return web.T(ctx, "courses.difference.session_new", "Time", web.Minutes(ctx, s.After.Minutes))
	case s.After == nil:
		return web.T(ctx, "courses.difference.session_gone")
	case s.Before.Minutes != s.After.Minutes:
		return web.T(ctx, "courses.difference.session_minutes", "Title", s.Before.Title(d.Lang), "Before", web.Minutes(ctx, s.Before.Minutes), "After", web.Minutes(ctx, s.After.Minutes))
	case s.Before.Title(d.Lang) != s.After.Title(d.Lang):
		return web.T(ctx, "courses.difference.session_title", "Title", s.Before.Title(d.Lang))
	}
	return web.T(ctx, "courses.difference.session_parts")
}

// inForceOn is the day from which an edition is in force, in words.
func inForceOn(ctx context.Context, e courses.Edition) string {
	day, err := time.Parse(time.DateOnly, e.InForceOn)
	if err != nil {
		return e.InForceOn
	}
	return web.DateYear(ctx, day, time.UTC)
}

// sessionOf is the session as it is now, or was where it is gone.
func sessionOf(s courses.SessionChange) courses.Session {
	if s.After != nil {
		return *s.After
	}
	return *s.Before
}
