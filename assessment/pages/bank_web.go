package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/assessment/formats"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func courseOf(c *fiber.Ctx) string { return web.Param(c, "course") }

// filterOf reads what narrows a bank.
func filterOf(c *fiber.Ctx) assessment.BankFilter {
	objective, err := strconv.Atoi(web.Query(c, "objective"))
	if err != nil || objective < 0 {
		objective = 0 // what is no number narrows nothing
	}
	return assessment.BankFilter{Objective: objective, Text: web.Query(c, "q"), ModuleID: web.Query(c, "in"), Type: assessment.QuestionType(web.Query(c, "type")),
		Tag: strings.ToLower(web.Query(c, "tag")), NoSpanish: web.Query(c, "spanish") == "missing", After: assessment.BankID(web.Query(c, "after"))}
}

// bankView is a page of a bank with what it was narrowed by.
type bankView struct {
	assessment.BankPage
	Filter assessment.BankFilter
	Failed *web.Errors
}

func bankAddress(code string) string { return "/courses/" + url.PathEscape(code) + "/questions" }

// found is the address of what a filter finds, from a question on.
func (b bankView) found(after assessment.BankID) string {
	query := url.Values{}
	for name, value := range map[string]string{"q": b.Filter.Text, "in": b.Filter.ModuleID, "type": string(b.Filter.Type), "tag": b.Filter.Tag, "after": string(after)} {
		if value != "" {
			query.Set(name, value)
		}
	}
	if b.Filter.Objective > 0 {
		query.Set("objective", strconv.Itoa(b.Filter.Objective))
	}
	if b.Filter.NoSpanish {
		query.Set("spanish", "missing")
	}
	if len(query) == 0 {
		return bankAddress(b.Course.Code)
	}
	return bankAddress(b.Course.Code) + "?" + query.Encode()
}

// objective is the number of the objective that the bank is narrowed to, "" for none.
func (b bankView) objective() string {
	if b.Filter.Objective == 0 {
		return ""
	}
	return strconv.Itoa(b.Filter.Objective)
}

// next is the address of the next page, "" where none follows.
func (b bankView) next() string {
	if b.Next == "" {
		return ""
	}
	return b.found(b.Next)
}

// tagged is the address of the questions with a tag.
func (b bankView) tagged(tag string) string {
	return bankView{BankPage: b.BankPage, Filter: assessment.BankFilter{Tag: tag}}.found("")
}

// narrowed says whether the filter leaves anything out.
func (b bankView) narrowed() bool { return b.found("") != bankAddress(b.Course.Code) }

func (h handler) bank(c *fiber.Ctx) error { return h.showBank(c, http.StatusOK, nil) }

func (h handler) showBank(c *fiber.Ctx, status int, failed *web.Errors) error {
	view := bankView{Filter: filterOf(c), Failed: failed}
	var err error
	if view.BankPage, err = h.assessment.Bank(c.UserContext(), web.Viewer(c), courseOf(c), view.Filter); err != nil {
		return err
	}
	return web.Render(c, status, bankPage(view))
}

// bankFile writes the questions that were ticked, or all that the filter finds, as a file.
// What the format has no place for is told before the file is given.
func (h handler) bankFile(c *fiber.Ctx) error {
	filter := filterOf(c)
	if web.Query(c, "which") != "found" {
		for _, id := range c.Context().QueryArgs().PeekMulti("pick") {
			filter.IDs = append(filter.IDs, assessment.BankID(id))
		}
		if len(filter.IDs) == 0 {
			filter.IDs = []assessment.BankID{""}
		}
	}
	format, known := formats.Named(web.Query(c, "format"))
	if !known {
		format = formats.Native
	}
	lang := content.English
	if web.Query(c, "lang") == "es" {
		lang = content.Spanish
	}
	file, err := h.assessment.ExportQuestions(c.UserContext(), web.Viewer(c), courseOf(c), filter, format, lang)
	if failed := web.Failed(c, err); failed != nil {
		return h.showBank(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	if len(file.Warnings) > 0 && web.Query(c, "sure") == "" {
		return web.Render(c, http.StatusOK, bankFilePage(courseOf(c), c.Context().QueryArgs().String(), format, file))
	}
	c.Set(fiber.HeaderContentType, "application/octet-stream")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="`+file.Name+`"`)
	return c.Send(file.Bytes)
}

// bankQuestion shows one question with its key, its versions and where it stands.
func (h handler) bankQuestion(c *fiber.Ctx) error {
	history, err := h.assessment.BankQuestion(c.UserContext(), web.Viewer(c), courseOf(c), questionOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, bankQuestionPage(historyView{history, h.texts.Zone()}))
}

// historyView is a question of a bank with its versions.
type historyView struct {
	assessment.BankHistory
	Zone *time.Location
}

func (h historyView) address() string {
	return bankAddress(h.Course.Code) + "/" + string(h.Question.ID)
}

// versionPair is a version with the one before it.
type versionPair struct {
	assessment.BankVersionBy
	Before *assessment.BankVersion
}

func (h historyView) pairs() (list []versionPair) {
	for i, version := range h.Versions {
		pair := versionPair{BankVersionBy: version}
		if i+1 < len(h.Versions) {
			pair.Before = &h.Versions[i+1].BankVersion
		}
		list = append(list, pair)
	}
	return list
}

// changed tells two sources of a version apart, word by word; nil where they are the same.
func (p versionPair) changed(lang content.Lang) []content.Piece {
	if p.Before == nil {
		return nil
	}
	before, after := p.Before.SourceEN, p.SourceEN
	if lang == content.Spanish {
		before, after = p.Before.SourceES, p.SourceES
	}
	if before == after {
		return nil
	}
	return content.Difference(before, after)
}

// stale are the checks in which the question stands otherwise than in the bank.
func (h historyView) stale() (list []assessment.BankUse) {
	for _, use := range h.Uses {
		if !use.Same {
			list = append(list, use)
		}
	}
	return list
}

// questionTypes are the types of question in the order in which they are offered.
var questionTypes = []assessment.QuestionType{assessment.Single, assessment.Multiple, assessment.TrueFalse, assessment.Short, assessment.Numeric,
	assessment.Matching, assessment.Ordering, assessment.Cloze, assessment.Reflection, assessment.Essay, assessment.Description}

// drawn is a version as a trainee meets it, alone in a quiz.
func drawn(v assessment.BankVersion, lang content.Lang) assessment.Quiz {
	q := v.Question()
	if lang == content.Spanish {
		q.ID += "-es" // no two controls of a page have one name
	}
	if !slices.Contains(questionTypes, q.Type) {
		return assessment.Quiz{}
	}
	return assessment.Quiz{Questions: []assessment.Question{q}}
}
