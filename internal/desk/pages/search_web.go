package pages

import (
	"net/http"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// mostTyped is how much of what was typed is looked at.
const mostTyped = 200

// search is the empty form. What is typed goes in the body of a form, so that no name
// stands in an address, a history or a log.
func (h handler) search(c *fiber.Ctx) error {
	return web.Render(c, http.StatusOK, searchPage("", false, nil))
}

// find shows what was found.
func (h handler) find(c *fiber.Ctx) error {
	ctx, typed := c.UserContext(), []rune(web.Text(c, "q"))
	text := string(typed[:min(len(typed), mostTyped)])
	found, err := h.desk.Search(ctx, web.Viewer(c), lang(ctx), text)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, searchPage(text, true, found))
}

// kinds are what is searched, in the order they are shown.
var kinds = []string{"module", "protocol", "course", "cohort", "person", "certificate"}

func ofKind(found []courses.Found, kind string) (some []courses.Found) {
	for _, one := range found {
		if one.Kind == kind {
			some = append(some, one)
		}
	}
	return some
}

// insteadOf are the words that were looked for in the place of what was typed.
func insteadOf(found []courses.Found) string {
	for _, one := range found {
		if one.Instead() != "" {
			return one.Instead()
		}
	}
	return ""
}

// foundAt is the page of what was found.
func foundAt(v people.Viewer, f courses.Found) string {
	switch f.Kind {
	case "module":
		return moduleAt(f.ID)
	case "protocol":
		return "/protocols/" + url.PathEscape(f.ID)
	case "course":
		return "/courses/" + url.PathEscape(f.ID)
	case "cohort":
		return "/cohorts/" + url.PathEscape(f.ID)
	case "person":
		return "/people/" + url.PathEscape(f.ID)
	}
	if v.RunsSector() {
		return "/register/" + url.PathEscape(f.ID)
	}
	return "/certificates/" + url.PathEscape(f.ID)
}
