package pages

import (
	"errors"
	"io"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

const importLimit = 8 << 20

// importPage is a file of people before it is sent, read, or stored.
type importPage struct {
	Text     string // the file, carried from the preview to the confirmation
	Read     bool
	Report   people.Report
	Problems []people.LineProblem
	Notes    []people.LineProblem
	Failed   *web.Errors
}

// mostTold is how many lines of a kind a page shows; the rest is a number.
const mostTold = 200

func (h handler) importPage(c *fiber.Ctx) error {
	if !web.Viewer(c).RunsSector() {
		return fault.Forbidden
	}
	return web.Render(c, http.StatusOK, imports(importPage{}))
}

// preview reads the file and says what would happen; nothing is stored.
func (h handler) preview(c *fiber.Ctx) error {
	text, err := uploadedText(c, "file")
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, imports(importPage{Failed: failed}))
	}
	if err != nil {
		return err
	}
	page, err := h.takeIn(c, text, people.ImportRules{DryRun: true})
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, imports(page))
}

func (h handler) confirmImport(c *fiber.Ctx) error {
	skip := web.Text(c, "skip_bad") == "yes"
	page, err := h.takeIn(c, c.FormValue("text"), people.ImportRules{SkipBad: skip})
	if err != nil {
		return err
	}
	if !page.Report.Stored {
		return web.Render(c, http.StatusUnprocessableEntity, imports(page))
	}
	return web.SeeOther(c, "/people?done=imported")
}

// takeIn reads a file and imports it by the rules; with bad lines that are not to be
// skipped it only says what would happen.
func (h handler) takeIn(c *fiber.Ctx, text string, rules people.ImportRules) (importPage, error) {
	rows, problems, notes := people.ReadCSV(strings.NewReader(text))
	if len(problems) > 0 && !rules.SkipBad {
		rules.DryRun = true
	}
	report, err := h.store.ImportPeople(c.UserContext(), web.Viewer(c), rows, rules)
	return importPage{Text: text, Read: true, Report: report, Problems: append(problems, report.Problems...), Notes: notes}, err
}

// uploadedText is the whole of a file that came with the form.
func uploadedText(c *fiber.Ctx, field string) (string, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 {
		return "", fault.Invalid(field, "people.csv.no_file")
	}
	file, err := header.Open()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.LimitReader(file, importLimit))
	return string(text), errors.Join(err, file.Close())
}
