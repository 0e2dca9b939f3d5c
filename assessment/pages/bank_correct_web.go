package pages

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// correctView is a question to be written anew, with what is wrong in it beside its lines.
type correctView struct {
	assessment.BankHistory
	Typed  assessment.BankCorrection
	Proof  assessment.BankProof
	Failed *web.Errors
}

func (h handler) bankCorrection(c *fiber.Ctx) error {
	history, err := h.assessment.BankQuestion(c.UserContext(), web.Viewer(c), courseOf(c), questionOf(c))
	if err == nil && !history.Course.Writes {
		err = fault.NotFound
	}
	if err != nil {
		return err
	}
	newest := history.Versions[0]
	return web.Render(c, http.StatusOK, bankCorrectionPage(correctView{BankHistory: history,
		Typed: assessment.BankCorrection{Seen: newest.Number, EN: newest.SourceEN, ES: newest.SourceES}}))
}

func questionOf(c *fiber.Ctx) assessment.BankID { return assessment.BankID(web.Param(c, "question")) }

// bankCorrect keeps a corrected question, or shows what is wrong beside its lines.
func (h handler) bankCorrect(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	seen, err := strconv.Atoi(web.Text(c, "version"))
	if err != nil {
		seen = 0
	}
	typed := assessment.BankCorrection{Seen: seen, EN: web.Text(c, "source_en"), ES: web.Text(c, "source_es"), Reason: web.Text(c, "reason")}
	proof, err := h.assessment.CorrectQuestion(ctx, v, courseOf(c), questionOf(c), typed)
	var conflict *fault.ConflictError
	status := http.StatusUnprocessableEntity
	if errors.As(err, &conflict) { // nothing that was typed is lost
		status, err = http.StatusConflict, &fault.InvalidError{Problems: []fault.Problem{{Sentence: conflict.Sentence}}}
	}
	if failed := web.Failed(c, err); failed != nil {
		history, err := h.assessment.BankQuestion(ctx, v, courseOf(c), questionOf(c))
		if err != nil {
			return err
		}
		return web.Render(c, status, bankCorrectionPage(correctView{history, typed, proof, failed}))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s/%s#checks", bankAddress(courseOf(c)), questionOf(c))
}

// bankUpdate writes the question as it stands now into drafts of the checks that were ticked.
func (h handler) bankUpdate(c *fiber.Ctx) error {
	var modules []string
	for _, module := range web.Texts(c, "module") {
		modules = append(modules, string(content.ModuleOf(module)))
	}
	drafts, err := h.assessment.UpdateChecks(c.UserContext(), web.Viewer(c), h.texts, courseOf(c), questionOf(c), modules)
	switch {
	case err != nil:
		return err
	case len(drafts) == 1:
		return web.SeeOther(c, "/drafts/%s", drafts[0])
	case len(drafts) == 0:
		return web.SeeOther(c, "%s/%s#checks", bankAddress(courseOf(c)), questionOf(c))
	}
	return web.SeeOther(c, "/curriculum")
}

// marginLine is a line of a text with what is wrong there.
type marginLine struct {
	Number  int
	Text    string
	Problem content.Problem
}

// margin are the lines of a text that have a problem.
func margin(source string, problems []content.Problem) (list []marginLine) {
	lines := strings.Split(strings.ReplaceAll(source, "\r\n", "\n"), "\n")
	for _, p := range problems {
		line := marginLine{Number: p.Line, Problem: p}
		if p.Line > 0 && p.Line <= len(lines) {
			line.Text = lines[p.Line-1]
		}
		list = append(list, line)
	}
	return list
}
