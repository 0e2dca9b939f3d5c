package pages

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/assessment"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// textOf is the text that a form names.
func textOf(c *fiber.Ctx) assessment.GradingText {
	return assessment.GradingText{Cohort: cohortOf(c), Module: moduleOf(c), Handle: web.Text(c, "answer")}
}

func textAt(c *fiber.Ctx, o assessment.GradingOrder, handle string) error {
	return web.SeeOther(c, "%s%s", gradingAt(o.Cohort, "/"+slug(o.Module)), orderQuery(o, handle))
}

// claimText goes on to the next or the previous text, with what the form holds of this one
// kept; without a step it says that the page is still open.
func (h handler) claimText(c *fiber.Ctx) error {
	step := web.Text(c, "step")
	if step == "" {
		return h.beat(c)
	}
	if err := h.keepTyped(c); err != nil {
		return err
	}
	o, handle := orderOf(c, web.Text), ""
	var err error
	if step == "previous" {
		handle, err = h.assessment.PreviousText(c.UserContext(), web.Viewer(c), o, web.Text(c, "answer"))
		if handle == "" && err == nil {
			handle = web.Text(c, "answer")
		}
	} else {
		return h.next(c, o, "")
	}
	if err != nil {
		return err
	}
	return textAt(c, o, handle)
}

// next goes on to the next text that waits, to the list where none does, and says there
// of the one that was given points that it has them.
func (h handler) next(c *fiber.Ctx, o assessment.GradingOrder, given string) error {
	handle, err := h.assessment.NextText(c.UserContext(), web.Viewer(c), o, web.Text(c, "answer"))
	if err != nil {
		return err
	}
	query := orderQuery(o, handle)
	if given != "" {
		query += "&given=" + url.QueryEscape(given)
	}
	if handle == "" {
		query += "&done=1"
	}
	return web.SeeOther(c, "%s%s", gradingAt(o.Cohort, "/"+slug(o.Module)), query)
}

// keptText is what the page's script is told of a draft and of whose the text is.
type keptText struct {
	Version  int        `json:"version"`
	Points   int        `json:"points"`
	Comment  string     `json:"comment"`
	Device   string     `json:"device"`
	At       *time.Time `json:"at,omitempty"`
	Until    *time.Time `json:"until,omitempty"` // nil where somebody else reads it
	Finished bool       `json:"finished,omitempty"`
	Own      bool       `json:"own,omitempty"` // the points that it has are the grader's
	Seq      int        `json:"seq,omitempty"` // of the line that holds them
}

// kept is a draft as the script reads it.
func kept(d assessment.GradingDraft, until *time.Time) keptText {
	return keptText{Version: d.Version, Points: d.Points, Comment: d.Comment, Device: d.Device, At: d.SavedAt, Until: until}
}

func (h handler) beat(c *fiber.Ctx) error {
	until, d, err := h.assessment.ClaimText(c.UserContext(), web.Viewer(c), textOf(c))
	var conflict *fault.ConflictError
	switch {
	case errors.As(err, &conflict):
		return c.Status(http.StatusConflict).JSON(keptText{Finished: conflict.Key != "assessment.grading.taken"})
	case err != nil:
		return err
	}
	return c.JSON(kept(d, &until))
}

// leaveText lets go of a text, with what the form holds of it kept.
func (h handler) leaveText(c *fiber.Ctx) error {
	if err := h.keepTyped(c); err != nil {
		return err
	}
	if err := h.assessment.LeaveText(c.UserContext(), web.Viewer(c), textOf(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "%s", gradingAt(cohortOf(c)))
}

// readDraft reads what the form holds of points and comment.
func readDraft(c *fiber.Ctx) (assessment.GradingDraft, error) {
	d := assessment.GradingDraft{Points: -1, Comment: web.Text(c, "comment"), Device: web.Text(c, "device")}
	version, err := strconv.Atoi(web.Text(c, "version"))
	if err != nil {
		return d, fault.Invalid("version", "assessment.answer.odd")
	}
	d.Version = version
	if text := web.Text(c, "points"); text != "" {
		if d.Points, err = strconv.Atoi(text); err != nil {
			return d, fault.Invalid("points", "assessment.grading.points")
		}
	}
	return d, nil
}

// keepTyped keeps the draft of a form that was left by its buttons; an empty one, and one
// that another page has gone beyond, is left.
func (h handler) keepTyped(c *fiber.Ctx) error {
	if web.Text(c, "version") == "" || web.Text(c, "points") == "" && web.Text(c, "comment") == "" {
		return nil
	}
	d, err := readDraft(c)
	if err != nil {
		return err
	}
	_, _, err = h.assessment.KeepDraft(c.UserContext(), web.Viewer(c), textOf(c), d)
	var stale assessment.StaleDraft
	var conflict *fault.ConflictError
	if errors.As(err, &stale) || errors.As(err, &conflict) {
		return nil
	}
	return err
}

// draftText keeps a draft: for the page's script with an answer in JSON, else with the
// page again, and with a comment used again at its end where one was tapped.
func (h handler) draftText(c *fiber.Ctx) error {
	d, err := readDraft(c)
	if err != nil {
		return err
	}
	if web.Text(c, "one") != "" {
		return h.draftOne(c, d)
	}
	if err := h.addPhrase(c, &d); err != nil {
		return err
	}
	if _, _, err := h.assessment.KeepDraft(c.UserContext(), web.Viewer(c), textOf(c), d); err != nil {
		var stale assessment.StaleDraft
		if errors.As(err, &stale) {
			err = fault.Conflict("assessment.grading.elsewhere_plain")
		}
		return h.again(c, err)
	}
	return textAt(c, orderOf(c, web.Text), web.Text(c, "answer"))
}

func (h handler) addPhrase(c *fiber.Ctx, d *assessment.GradingDraft) error {
	id := web.Text(c, "phrase")
	if id == "" {
		return nil
	}
	phrases, err := h.assessment.Phrases(c.UserContext(), web.Viewer(c), cohortOf(c))
	for _, phrase := range phrases {
		if phrase.ID == id {
			d.Comment = strings.TrimSpace(d.Comment + "\n" + phrase.Text)
		}
	}
	return err
}

// draftOne tells the script what became of a draft. One that comes in behind the points
// that the same grader gave, and that they hold, is no trouble to anybody.
func (h handler) draftOne(c *fiber.Ctx, d assessment.GradingDraft) error {
	held, until, err := h.assessment.KeepDraft(c.UserContext(), web.Viewer(c), textOf(c), d)
	var stale assessment.StaleDraft
	var given assessment.GivenDraft
	var conflict *fault.ConflictError
	switch {
	case errors.As(err, &stale):
		return c.Status(http.StatusConflict).JSON(kept(stale.Current, nil))
	case errors.As(err, &given):
		answer := kept(given.Given, nil)
		answer.Finished, answer.Own, answer.Seq = true, true, given.Seq
		if given.Holds(d) {
			return c.JSON(answer)
		}
		return c.Status(http.StatusConflict).JSON(answer)
	case errors.As(err, &conflict):
		return c.Status(http.StatusConflict).JSON(keptText{Finished: true})
	case err != nil:
		return err
	}
	return c.JSON(kept(held, until))
}

// readMark reads the points that a form gives.
func readMark(c *fiber.Ctx) (assessment.NewMark, error) {
	n := assessment.NewMark{GradingText: textOf(c), Comment: web.Text(c, "comment"), Reason: web.Text(c, "reason")}
	n.Seen, _ = strconv.Atoi(web.Text(c, "seen"))
	var err error
	if n.Points, err = strconv.Atoi(web.Text(c, "points")); err != nil {
		return n, fault.Invalid("points", "assessment.grading.pick")
	}
	return n, nil
}

// again shows a text's form as it was filled in, with what is wrong in it; where somebody
// was first, maybe the grader themselves on another page, beside what stands now.
func (h handler) again(c *fiber.Ctx, err error) error {
	status, problem := http.StatusUnprocessableEntity, err
	var conflict *fault.ConflictError
	if errors.As(err, &conflict) {
		status = http.StatusConflict
		problem = &fault.InvalidError{Problems: []fault.Problem{{Sentence: conflict.Sentence}}}
	}
	failed := web.Failed(c, problem)
	if failed == nil {
		return err
	}
	page, err := h.textsPage(c, orderOf(c, web.Text), web.Text(c, "answer"))
	if err != nil {
		return err
	}
	if page.Sheet == nil {
		return fault.NotFound
	}
	page.Failed, page.Beaten = failed, status == http.StatusConflict
	return web.Render(c, status, textPage(page))
}

// give lets one of the store's methods have the points of the form, and goes on.
func (h handler) give(c *fiber.Ctx, method func(assessment.NewMark) error, on func() error) error {
	n, err := readMark(c)
	if err == nil {
		err = method(n)
	}
	if err != nil {
		return h.again(c, err)
	}
	return on()
}

func (h handler) markText(c *fiber.Ctx) error {
	return h.give(c, func(n assessment.NewMark) error { return h.assessment.MarkText(c.UserContext(), web.Viewer(c), n) },
		func() error { return h.next(c, orderOf(c, web.Text), web.Text(c, "answer")) })
}

func (h handler) settleText(c *fiber.Ctx) error {
	return h.give(c, func(n assessment.NewMark) error { return h.assessment.SettleText(c.UserContext(), web.Viewer(c), n) },
		func() error { return textAt(c, orderOf(c, web.Text), web.Text(c, "answer")) })
}

func (h handler) overrideText(c *fiber.Ctx) error {
	return h.give(c, func(n assessment.NewMark) error {
		return h.assessment.OverrideText(c.UserContext(), web.Viewer(c), n)
	}, func() error { return textAt(c, orderOf(c, web.Text), web.Text(c, "answer")) })
}
