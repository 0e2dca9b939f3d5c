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

// comesBack is after how many seconds the page is asked for again: soon while a file is
// being taken in, later where that takes long and somebody may be about to stop it.
func (v importsView) comesBack() (seconds string) {
	for _, one := range v.List {
		switch {
		case one.DoneAt == nil && !one.Slow:
			return "3"
		case one.DoneAt == nil:
			seconds = "60"
		}
	}
	return seconds
}

func (h handler) imports(c *fiber.Ctx) error { return h.showImports(c, http.StatusOK, nil) }

func (h handler) showImports(c *fiber.Ctx, status int, failed *web.Errors) error {
	course, list, next, err := h.assessment.BankImports(c.UserContext(), web.Viewer(c), courseOf(c), assessment.ImportID(web.Query(c, "after")))
	if err == nil && !course.Writes {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	view := importsView{course, list, next, failed, h.texts.Zone()}
	if wait := view.comesBack(); wait != "" && status == http.StatusOK {
		c.Set("Refresh", wait)
	}
	return web.Render(c, status, importsPage(view))
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
		id, err = h.keepUpload(c, up)
	}
	if failed := web.Failed(c, err); failed != nil {
		return h.showImports(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s/uploads/%s", bankAddress(up.Course), id)
}

func (h handler) keepUpload(c *fiber.Ctx, up assessment.BankUpload) (assessment.UploadID, error) {
	file, err := h.readQuestions(c.UserContext(), string(up.Format), content.File{Path: up.FileName, Bytes: up.Bytes}, up.Lang)
	if err != nil {
		return "", err
	}
	return h.assessment.KeepUpload(c.UserContext(), web.Viewer(c), up, file)
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
	List []assessment.PreviewedQuestion
	Page int // the first one is 0
}

func (p previewView) address() string {
	return bankAddress(p.Course) + "/uploads/" + string(p.ID)
}

func (p previewView) next() string {
	if (p.Page+1)*assessment.Previewed >= p.Questions() {
		return ""
	}
	return p.address() + "?from=" + strconv.Itoa((p.Page+1)*assessment.Previewed)
}

func uploadOf(c *fiber.Ctx) assessment.UploadID { return assessment.UploadID(web.Param(c, "upload")) }

// preview says question by question what taking a file in would do. Nothing is stored.
func (h handler) preview(c *fiber.Ctx) error {
	from, err := strconv.Atoi(web.Query(c, "from"))
	if err != nil || from < 0 || from > 1e9 {
		from = 0
	}
	page := from / assessment.Previewed
	up, list, err := h.assessment.Preview(c.UserContext(), web.Viewer(c), courseOf(c), uploadOf(c), page)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, previewPage(previewView{up, list, page}))
}

// takeIn takes the file in: a long one goes on while its owner does other things.
func (h handler) takeIn(c *fiber.Ctx) error {
	up, err := h.assessment.Upload(c.UserContext(), web.Viewer(c), courseOf(c), uploadOf(c))
	if err != nil {
		return err
	}
	if up.Long() {
		_, err = h.assessment.BeginTakingIn(c.UserContext(), web.Viewer(c), up)
	} else {
		err = h.takeInAtOnce(c, up)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s/imports", bankAddress(up.Course))
}

func (h handler) takeInAtOnce(c *fiber.Ctx, up assessment.BankUpload) error {
	bytes, err := h.assessment.UploadBytes(c.UserContext(), web.Viewer(c), up.Course, up.ID)
	if err != nil {
		return err
	}
	file, err := h.readQuestions(c.UserContext(), string(up.Format), content.File{Path: up.FileName, Bytes: bytes}, up.Lang)
	if err == nil {
		_, err = h.assessment.TakeIn(c.UserContext(), web.Viewer(c), up, file)
	}
	return err
}

// undoImport takes out again what a file has brought.
func (h handler) undoImport(c *fiber.Ctx) error {
	if err := h.assessment.UndoImport(c.UserContext(), web.Viewer(c), courseOf(c), assessment.ImportID(web.Param(c, "import"))); err != nil {
		return err
	}
	return web.SeeOther(c, "%s/imports", bankAddress(courseOf(c)))
}
