package pages

import (
	"context"
	"crypto/rand"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func (h handler) check(c *fiber.Ctx) error {
	check, err := h.assessment.Check(c.UserContext(), web.Viewer(c), moduleOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, checkPage(check))
}

func moduleOf(c *fiber.Ctx) string { return string(content.ModuleOf(web.Param(c, "module"))) }

func (h handler) start(c *fiber.Ctx) error {
	id, err := h.assessment.Start(c.UserContext(), web.Viewer(c), moduleOf(c))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s", id)
}

func (h handler) readAgain(c *fiber.Ctx) error {
	module := moduleOf(c)
	if err := h.assessment.ReadAgain(c.UserContext(), web.Viewer(c), module); err != nil {
		return err
	}
	return web.SeeOther(c, "/modules/%s/check", slug(module))
}

func attemptOf(c *fiber.Ctx) assessment.AttemptID {
	return assessment.AttemptID(web.Param(c, "attempt"))
}

// paperPage is an attempt as one open page shows it. Each opening has a name of its
// own, so that two tabs, or two phones, are told apart.
type paperPage struct {
	assessment.Paper
	Device    string
	Saved     bool   // a plain form has just been saved
	Requested bool   // more time has just been asked for
	Late      bool   // some of what it sent came too late
	Aloud     string // the language in which it is asked aloud; "" where the trainee answers alone
	zone      *time.Location
}

// at is the address of the page, below which its forms go.
func (p paperPage) at() string {
	if p.Aloud != "" {
		return "/attempts/" + string(p.ID) + "/aloud"
	}
	return "/attempts/" + string(p.ID)
}

// result is where the page goes once the attempt takes answers no longer.
func (p paperPage) result() string {
	if p.Aloud != "" {
		return p.at()
	}
	return p.at() + "/result"
}

// total is how many questions the page asks.
func (p paperPage) total() int {
	if p.Aloud != "" {
		return p.Asked() - len(p.Silent())
	}
	return p.Asked()
}

// scripts are those of the page: the clock's only where there is one.
func (p paperPage) scripts() []string {
	if p.Timed() {
		return []string{"quiz.js", "until.js"}
	}
	return []string{"quiz.js"}
}

func (h handler) paper(c *fiber.Ctx) (paperPage, error) {
	paper, err := h.assessment.Attempt(c.UserContext(), web.Viewer(c), attemptOf(c))
	return paperPage{Paper: paper, Device: rand.Text(), zone: zone(paper.TimeZone)}, err
}

func (h handler) attempt(c *fiber.Ctx) error {
	page, err := h.paper(c)
	if err != nil {
		return err
	}
	switch {
	case !page.Open():
		return web.SeeOther(c, "/attempts/%s/result", page.ID)
	case page.Spoken():
		return web.Render(c, http.StatusOK, askedAloudPage(page))
	case page.Paused():
		return web.Render(c, http.StatusOK, pausedPage(page))
	case page.Over(page.At):
		return web.Render(c, http.StatusOK, overPage(page))
	}
	page.Requested = web.Query(c, "asked") != ""
	page.Saved = web.Query(c, "saved") != ""
	return web.Render(c, http.StatusOK, attemptPage(page))
}

// answer saves: one question for the page's script, the whole form without one.
func (h handler) answer(c *fiber.Ctx) error {
	if web.Text(c, "one") != "" {
		return h.answerOne(c, h.assessment.SaveAnswer)
	}
	refused, err := h.saveForm(c, h.assessment.SaveAll)
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		return h.late(c, refused)
	}
	return web.SeeOther(c, "/attempts/%s?saved=1#%s", attemptOf(c), placeOf(c))
}

// placeOf is the question whose button was pressed, else the top of the page.
func placeOf(c *fiber.Ctx) string {
	to := web.Text(c, "to")
	if !strings.HasPrefix(to, "q-") || len(to) > 80 || strings.ContainsAny(to, "\r\n?#%/ ") {
		return "main"
	}
	return to
}

// told is what the page's script is told of one answer.
type told struct {
	Version  int        `json:"version"`
	Choices  []int      `json:"choices"`
	Texts    []string   `json:"texts,omitempty"`
	Pairs    [][2]int   `json:"pairs,omitempty"`
	Device   string     `json:"device"`
	At       time.Time  `json:"at"`
	Until    *time.Time `json:"until,omitempty"`    // when the time is up, as it is now
	Finished bool       `json:"finished,omitempty"` // or paused, or the time is up: the page is no longer to be answered
}

func tell(saved assessment.Saved) told {
	return told{Version: saved.Version, Choices: append([]int{}, saved.Value.Choices...), Texts: saved.Value.Texts,
		Pairs: saved.Value.Pairs, Device: saved.Device, At: saved.SavedAt, Until: saved.Until}
}

// Whose answers are saved: one's own, or what another person has said.
type (
	saveOne func(context.Context, people.Viewer, assessment.Save) (assessment.Saved, error)
	saveAll func(context.Context, people.Viewer, assessment.AttemptID, []assessment.Save) ([]assessment.Stale, error)
)

func (h handler) answerOne(c *fiber.Ctx, keep saveOne) error {
	save, err := readSave(c, web.Text(c, "one"))
	if err != nil {
		return err
	}
	saved, err := keep(c.UserContext(), web.Viewer(c), save)
	var stale assessment.Stale
	if errors.As(err, &stale) {
		current := tell(stale.Current)
		current.Finished = stale.Finished || stale.Shut
		return c.Status(http.StatusConflict).JSON(current)
	}
	if err != nil {
		return err
	}
	return c.JSON(tell(saved))
}

// readSave reads one question's answer out of the form.
func readSave(c *fiber.Ctx, question string) (assessment.Save, error) {
	save := assessment.Save{Attempt: attemptOf(c), Question: question, Device: web.Text(c, "device")}
	version, err := strconv.Atoi(web.Text(c, "seen."+question))
	if err != nil {
		return save, fault.Invalid(question, "assessment.answer.odd")
	}
	save.Version, save.Made = version, madeAt(web.Text(c, "made"))
	save.Value.Texts = web.Texts(c, "t."+question)
	for _, text := range web.Texts(c, "a."+question) {
		choice, err := strconv.Atoi(text)
		if err != nil {
			return save, fault.Invalid(question, "assessment.answer.odd")
		}
		save.Value.Choices = append(save.Value.Choices, choice)
	}
	for _, text := range web.Texts(c, "p."+question) {
		if text == "" {
			continue // a list in which nothing was chosen
		}
		one, with, _ := strings.Cut(text, "-")
		left, leftErr := strconv.Atoi(one)
		right, rightErr := strconv.Atoi(with)
		if leftErr != nil || rightErr != nil {
			return save, fault.Invalid(question, "assessment.answer.odd")
		}
		save.Value.Pairs = append(save.Value.Pairs, [2]int{left, right})
	}
	return save, nil
}

// madeAt reads when an answer was made, in milliseconds since 1970; what is no such time,
// or none that a check of ours could have, is none.
func madeAt(text string) time.Time {
	ms, err := strconv.ParseInt(text, 10, 64)
	if err != nil || ms < 0 || ms > 1<<43 { // the year 2248
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// saveForm saves what a whole page sent. A question without a choice says nothing
// where none was ever saved; where one was, its boxes were all cleared.
func (h handler) saveForm(c *fiber.Ctx, keep saveAll) ([]assessment.Stale, error) {
	var saves []assessment.Save
	for key := range c.Request().PostArgs().All() {
		question, ok := strings.CutPrefix(string(key), "seen.")
		if !ok {
			continue
		}
		save, err := readSave(c, question)
		if err != nil {
			return nil, err
		}
		if save.Version > 0 || save.Value.Given() {
			saves = append(saves, save)
		}
	}
	return keep(c.UserContext(), web.Viewer(c), attemptOf(c), saves)
}

// late shows the page as the Academy holds it, with what came too late beside it.
func (h handler) late(c *fiber.Ctx, refused []assessment.Stale) error {
	if refused[0].Finished || refused[0].Shut {
		return web.SeeOther(c, "/attempts/%s/result", attemptOf(c))
	}
	page, err := h.paper(c)
	if err != nil {
		return err
	}
	page.Late = true
	return web.Render(c, http.StatusConflict, attemptPage(page))
}

// submit saves what the form still holds and hands the attempt in. Open questions are
// asked about first.
func (h handler) submit(c *fiber.Ctx) error {
	refused, err := h.saveForm(c, h.assessment.SaveAll)
	if err != nil {
		return err
	}
	if len(refused) > 0 {
		return h.late(c, refused)
	}
	err = h.assessment.Submit(c.UserContext(), web.Viewer(c), attemptOf(c), web.Text(c, "sure") == "yes")
	var open assessment.Unanswered
	if errors.As(err, &open) {
		return web.Render(c, http.StatusOK, surePage(attemptOf(c), open.Positions))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/attempts/%s/result", attemptOf(c))
}

func (h handler) result(c *fiber.Ctx) error {
	page, err := h.paper(c)
	if err != nil {
		return err
	}
	if page.Open() {
		return web.SeeOther(c, "/attempts/%s", page.ID)
	}
	return web.Render(c, http.StatusOK, resultPage(page))
}
