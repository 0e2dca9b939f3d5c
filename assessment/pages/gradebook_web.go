package pages

import (
	"bytes"
	"io"
	"net/http"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// gradesLimit is how many bytes a file of grades may have: 300 people with 60 columns
// make about 2 MB.
const gradesLimit = 8 << 20

func (h handler) mountGradebook(app *web.App) {
	small, file := web.Limit(formLimit), web.Limit(gradesLimit)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/gradebook", h.gradebook)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/gradebook/search", h.searchGradebook, small)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/gradebook/file", h.gradesFile)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/gradebook/workbook", h.gradesWorkbook)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/gradebook/import", h.gradesImport)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/gradebook/import", h.previewGrades, file)
	app.SignedIn(fiber.MethodPost, "/cohorts/:cohort/gradebook/intake", h.takeInGrades, file)
	app.SignedIn(fiber.MethodGet, "/enrolments/:enrolment/grades", h.grades)
	app.SignedIn(fiber.MethodGet, "/enrolments/:enrolment/grades/:column", h.cell)
	app.SignedIn(fiber.MethodPost, "/enrolments/:enrolment/grades/:column", h.setCell, small)
}

// bookPage is a page of a cohort's gradebook.
type bookPage struct {
	Cohort cohorts.Summary
	assessment.Gradebook
	Next  cohorts.EnrolmentID
	Typed string // the start of a name that was looked for
	Taken bool   // a file was just taken in
}

func (h handler) gradebook(c *fiber.Ctx) error { return h.showGradebook(c, "") }

// searchGradebook is a POST, so that no name stands in an address.
func (h handler) searchGradebook(c *fiber.Ctx) error { return h.showGradebook(c, web.Text(c, "name")) }

func (h handler) showGradebook(c *fiber.Ctx, typed string) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.cohorts.CohortRunBy(ctx, v, cohortOf(c))
	if err != nil {
		return err
	}
	book, next, err := h.assessment.Gradebook(ctx, v, cohort.ID, typed, after(c))
	if err != nil {
		return err
	}
	if typed != "" {
		next = "" // what was typed stands in no address; more letters find fewer people
	}
	return web.Render(c, http.StatusOK, gradebookPage(bookPage{cohort, book, next, typed, web.Query(c, "done") != ""}))
}

// gradesPageProps is one person of a gradebook.
type gradesPageProps struct {
	assessment.Gradebook
	Cohort cohorts.CohortID
}

func (h handler) grades(c *fiber.Ctx) error {
	book, cohort, err := h.assessment.Grades(c.UserContext(), web.Viewer(c), enrolmentOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, gradesPage(gradesPageProps{book, cohort}))
}

// cellPageProps is one cell of a gradebook.
type cellPageProps struct {
	assessment.CellHistory
	Done   bool
	Failed *web.Errors
}

func (h handler) cell(c *fiber.Ctx) error { return h.showCell(c, http.StatusOK, nil) }

func (h handler) showCell(c *fiber.Ctx, status int, failed *web.Errors) error {
	ref, err := assessment.ReadColumn(web.Param(c, "column"))
	if err != nil {
		return err
	}
	history, err := h.assessment.Cell(c.UserContext(), web.Viewer(c), enrolmentOf(c), ref)
	if err != nil {
		return err
	}
	return web.Render(c, status, cellPage(cellPageProps{history, web.Query(c, "done") != "", failed}))
}

func (h handler) setCell(c *fiber.Ctx) error {
	ref, err := assessment.ReadColumn(web.Param(c, "column"))
	if err != nil {
		return err
	}
	n := assessment.NewLine{Enrolment: enrolmentOf(c), Column: ref, Kind: assessment.LineKind(web.Text(c, "kind")), Level: assessment.Level(web.Text(c, "level")),
		Code: web.Text(c, "reason"), Words: web.Text(c, "words")}
	if n.Percent, err = strconv.Atoi(web.Text(c, "percent")); err != nil {
		n.Percent = -1 // what is no number is refused as -1 is
	}
	if n.Seen, err = strconv.Atoi(web.Text(c, "seen")); err != nil {
		n.Seen = -1
	}
	err = h.assessment.SetCell(c.UserContext(), web.Viewer(c), n)
	if failed := web.Failed(c, err); failed != nil {
		return h.showCell(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/enrolments/%s/grades/%s?done=1", n.Enrolment, ref.String())
}

func (h handler) gradesFile(c *fiber.Ctx) error {
	book, err := h.wholeBook(c)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := assessment.WriteGrades(&out, book.GradeRows(web.Language(c.UserContext()))); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/csv; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="list.csv"`)
	return c.Send(out.Bytes())
}

func (h handler) gradesWorkbook(c *fiber.Ctx) error {
	book, err := h.wholeBook(c)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := writeWorkbook(c.UserContext(), &out, book); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="list.xlsx"`)
	return c.Send(out.Bytes())
}

func (h handler) wholeBook(c *fiber.Ctx) (assessment.Gradebook, error) {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return assessment.Gradebook{}, err
	}
	return h.assessment.WholeGradebook(c.UserContext(), web.Viewer(c), cohort.ID)
}

// intakePage is a file of grades before it is sent, or as it was read.
type intakePage struct {
	Cohort cohorts.Summary
	Read   bool
	assessment.GradeIntake
	Kept   string // the lines that change something, which are sent again
	Failed *web.Errors
}

func (h handler) gradesImport(c *fiber.Ctx) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, gradesIntake(intakePage{Cohort: cohort}))
}

// previewGrades reads the file and says what it would do; nothing is stored.
func (h handler) previewGrades(c *fiber.Ctx) error {
	cohort, err := h.cohorts.CohortRunBy(c.UserContext(), web.Viewer(c), cohortOf(c))
	if err != nil {
		return err
	}
	text, err := gradesSent(c)
	if err == nil {
		err = h.showIntake(c, cohort, text, http.StatusOK, nil)
	}
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, gradesIntake(intakePage{Cohort: cohort, Failed: failed}))
	}
	return err
}

func (h handler) showIntake(c *fiber.Ctx, cohort cohorts.Summary, text string, status int, failed *web.Errors) error {
	rows, err := assessment.ReadGrades(text)
	if err != nil {
		return err
	}
	intake, err := h.assessment.PreviewGrades(c.UserContext(), web.Viewer(c), cohort.ID, rows)
	if err != nil {
		return err
	}
	kept, err := intake.Kept()
	if err != nil {
		return err
	}
	return web.Render(c, status, gradesIntake(intakePage{Cohort: cohort, Read: true, GradeIntake: intake, Kept: kept, Failed: failed}))
}

// takeInGrades does what the preview said. The lines come back with the form and are
// weighed again: what they would do has to be what was shown.
func (h handler) takeInGrades(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	cohort, err := h.cohorts.CohortRunBy(ctx, v, cohortOf(c))
	if err != nil {
		return err
	}
	text := c.FormValue("text")
	rows, err := assessment.ReadGrades(text)
	if err != nil {
		return err
	}
	_, err = h.assessment.TakeInGrades(ctx, v, cohort.ID, rows, web.Text(c, "reason"), web.Text(c, "words"), web.Text(c, "hash"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showIntake(c, cohort, text, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/gradebook?done=1", cohort.ID)
}

// gradesSent is the text of the file that came with the form.
func gradesSent(c *fiber.Ctx) (string, error) {
	header, err := c.FormFile("file")
	if err != nil || header.Size == 0 {
		return "", fault.Invalid("file", "assessment.gradebook.file.none")
	}
	file, err := header.Open()
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, gradesLimit))
	return string(text), err
}
