package pages

import (
	"context"
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// myCourse is the map of the course that the viewer learns. Who learns more than one
// chooses by ?course=; the newest comes first.
func (h handler) myCourse(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	ids, err := h.mine.EditionsOf(ctx, v)
	if err != nil {
		return err
	}
	var mine []courses.Edition
	for _, id := range ids {
		e, err := h.courses.Edition(ctx, v, id)
		if errors.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return err
		}
		mine = append(mine, e)
	}
	if len(mine) == 0 {
		return web.Render(c, http.StatusOK, noCoursePage())
	}
	chosen := mine[0]
	for _, e := range mine {
		if e.CourseCode == web.Query(c, "course") {
			chosen = e
		}
	}
	view, err := h.view(ctx, v, chosen)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, myCoursePage(view, mine))
}

// list shows the courses of the viewer's sector.
func (h handler) list(c *fiber.Ctx) error {
	ctx := c.UserContext()
	found, err := h.courses.InForce(ctx, web.Viewer(c), h.courses.Today())
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, listPage(found, language(ctx)))
}

// course shows one course of the viewer's sector: its facts, rules and map.
func (h handler) course(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	edition, err := h.courses.EditionInForce(ctx, v, web.Param(c, "course"), h.courses.Today())
	if err != nil {
		return err
	}
	view, err := h.view(ctx, v, edition)
	if err != nil {
		return err
	}
	if view.Bank, err = h.courses.AnswersOpen(ctx, v, edition.CourseCode); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, coursePage(view))
}

// view is an edition as the viewer may see it.
func (h handler) view(ctx context.Context, v people.Viewer, e courses.Edition) (courseView, error) {
	way, err := h.courses.Way(ctx, v, language(ctx), e)
	if err != nil {
		return courseView{}, err
	}
	seen, err := h.courses.Maps(ctx, v, []courses.Edition{e})
	if err != nil {
		return courseView{}, err
	}
	return courseView{Edition: seen[0], Lang: language(ctx), Way: way}, nil
}
