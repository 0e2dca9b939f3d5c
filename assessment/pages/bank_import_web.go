package pages

import (
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// importsView is the files that were taken into a bank, and a form for another one.
type importsView struct {
	Course assessment.BankCourse
	List   []assessment.BankImportBy
	Next   assessment.ImportID
	Failed *web.Errors
	Zone   *time.Location
}

func (v importsView) address() string { return bankAddress(v.Course.Code) + "/imports" }

func (h handler) imports(c *fiber.Ctx) error { return h.showImports(c, http.StatusOK, nil) }

func (h handler) showImports(c *fiber.Ctx, status int, failed *web.Errors) error {
	course, list, next, err := h.assessment.BankImports(c.UserContext(), web.Viewer(c), courseOf(c), assessment.ImportID(web.Query(c, "after")))
	if err == nil && !course.Writes {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	return web.Render(c, status, importsPage(importsView{course, list, next, failed, h.texts.Zone()}))
}

// upload keeps a file to be looked at.
func (h handler) upload(c *fiber.Ctx) error {
	up := assessment.BankUpload{Course: courseOf(c), Lang: content.English, ModuleID: string(content.ModuleOf(web.Text(c, "in")))}
	if web.Text(c, "lang") == "es" {
		up.Lang = content.Spanish
	}
	if format, known := formats.Named(web.Text(c, "format")); known {
		up.Format = format
	}
	header, err := c.FormFile("file")
	if err == nil {
		up.FileName = header.Filename
		up.Bytes, err = wholeFile(header.Open)
	}
	if err != nil || len(up.Bytes) == 0 {
		err = fault.Invalid("file", "assessment.imports.file_missing")
	}
	var id assessment.UploadID
	if err == nil {
		id, err = h.assessment.KeepUpload(c.UserContext(), web.Viewer(c), up)
	}
	if failed := web.Failed(c, err); failed != nil {
		return h.showImports(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s/uploads/%s", bankAddress(up.Course), id)
}

func wholeFile[F io.ReadCloser](open func() (F, error)) (bytes []byte, err error) {
	file, err := open()
	if err != nil {
		return nil, err
	}
	defer func() {
		if closed := file.Close(); err == nil {
			err = closed
		}
	}()
	return io.ReadAll(io.LimitReader(file, questionFileLimit))
}

// previewView is what taking a file in would do, a page of its questions at a time.
type previewView struct {
	assessment.BankUpload
	Plan assessment.ImportPlan
	From int
}

// previewed is how many questions of a file one page shows.
const previewed = 50

func (p previewView) shown() []assessment.PlannedQuestion {
	return p.Plan.Questions[min(p.From, len(p.Plan.Questions)):min(p.From+previewed, len(p.Plan.Questions))]
}

func (p previewView) address() string {
	return bankAddress(p.Course) + "/uploads/" + string(p.ID)
}

func (p previewView) next() string {
	if p.From+previewed >= len(p.Plan.Questions) {
		return ""
	}
	return p.address() + "?from=" + strconv.Itoa(p.From+previewed)
}

// takes is how many questions taking the file in would store.
func (p previewView) takes() int {
	return p.Plan.Count(assessment.WillAdd) + p.Plan.Count(assessment.WillChange)
}

// read reads the file that waits.
func (h handler) readUpload(c *fiber.Ctx) (assessment.BankUpload, assessment.QuestionFile, error) {
	up, err := h.assessment.Upload(c.UserContext(), web.Viewer(c), courseOf(c), assessment.UploadID(web.Param(c, "upload")))
	if err != nil {
		return up, assessment.QuestionFile{}, err
	}
	file, err := h.readQuestions(c.UserContext(), string(up.Format), content.File{Path: up.FileName, Bytes: up.Bytes}, up.Lang)
	return up, file, err
}

// preview says question by question what taking a file in would do. Nothing is stored.
func (h handler) preview(c *fiber.Ctx) error {
	up, file, err := h.readUpload(c)
	if err != nil {
		return err
	}
	plan, err := h.assessment.PlanImport(c.UserContext(), web.Viewer(c), up.Course, file)
	if err != nil {
		return err
	}
	from, err := strconv.Atoi(web.Query(c, "from"))
	if err != nil || from < 0 {
		from = 0
	}
	return web.Render(c, http.StatusOK, previewPage(previewView{up, plan, from}))
}

// takeIn takes the file in.
func (h handler) takeIn(c *fiber.Ctx) error {
	up, file, err := h.readUpload(c)
	if err != nil {
		return err
	}
	if _, err := h.assessment.TakeIn(c.UserContext(), web.Viewer(c), up, file); err != nil {
		return err
	}
	return web.SeeOther(c, "%s/imports", bankAddress(up.Course))
}

// undoImport takes out again what a file has brought.
func (h handler) undoImport(c *fiber.Ctx) error {
	if err := h.assessment.UndoImport(c.UserContext(), web.Viewer(c), courseOf(c), assessment.ImportID(web.Param(c, "import"))); err != nil {
		return err
	}
	return web.SeeOther(c, "%s/imports", bankAddress(courseOf(c)))
}
