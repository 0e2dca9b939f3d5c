package pages

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func (h handler) roll(c *fiber.Ctx) error { return h.showRoll(c, http.StatusOK, nil) }

// showRoll shows the circle: the seat asked for, or the next that is not marked after
// the one just done.
func (h handler) showRoll(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	found, err := h.store.SessionRunBy(ctx, v, sessionID(c))
	if err != nil {
		return err
	}
	page := rollPage{Session: found, Line: database.NewID(), Self: found.ClosedBy == v.Person(), Time: h.now(), Done: done(c), Failed: failed}
	page.Paper = page.open() && (web.Query(c, "paper") != "" || failed.Any() && web.Text(c, "reason") == string(cohorts.PaperSheet))
	if page.Seats, err = h.store.Roll(ctx, v, found.ID); err != nil {
		return err
	}
	if slices.ContainsFunc(page.Seats, func(seat cohorts.Seat) bool { return seat.Disputed }) {
		if page.Disputed, err = h.store.Disputed(ctx, v, found.ID); err != nil {
			return err
		}
	}
	page.Labels, page.Now, page.Skip = labels(page.Seats), -1, -1
	page.Last = seatOf(page.Seats, cohorts.EnrolmentID(web.Query(c, "after")))
	page.CanClose = page.open() && !found.StartsAt.After(page.Time)
	asked := cohorts.EnrolmentID(web.Query(c, "seat"))
	if failed.Any() {
		asked = cohorts.EnrolmentID(web.Text(c, "enrolment"))
	}
	switch at := seatOf(page.Seats, asked); {
	case at >= 0:
		page.Now = at
	case page.open():
		page.Now = nextUnmarked(page.Seats, page.Last)
	}
	if page.Now >= 0 {
		page.Skip = nextUnmarked(page.Seats, page.Now)
		if !page.open() {
			page.Marks, err = h.store.Marks(ctx, v, found.ID, page.Seats[page.Now].EnrolmentID)
		}
	}
	if err != nil {
		return err
	}
	return web.Render(c, status, roll(page))
}

// readMark reads one tap. Late and early each keep what the other holds.
func readMark(c *fiber.Ctx) cohorts.NewMark {
	mark := cohorts.NewMark{Session: sessionID(c), Enrolment: cohorts.EnrolmentID(web.Text(c, "enrolment")), Status: cohorts.Status(web.Text(c, "mark")),
		Reason: cohorts.MarkReason(web.Text(c, "reason")), Line: web.Text(c, "line"), Device: web.Text(c, "page")}
	if saw, err := strconv.Atoi(web.Text(c, "saw")); err == nil && saw >= 0 {
		mark.Saw = &saw
	}
	if made, err := time.Parse(time.RFC3339, web.Text(c, "made_at")); err == nil {
		mark.MadeAt = made.UTC().Truncate(time.Microsecond)
	}
	switch web.Text(c, "mark") {
	case "late":
		mark.Status, mark.MinutesLate, mark.MinutesEarly = cohorts.Present, minutes(c), number(c, "early")
	case "early":
		mark.Status, mark.MinutesEarly, mark.MinutesLate = cohorts.Present, minutes(c), number(c, "late")
	case "excused":
		mark.Excuse = cohorts.Excuse(web.Text(c, "excuse"))
	case "present":
		mark.MinutesLate, mark.MinutesEarly = number(c, "minutes_late"), number(c, "minutes_early")
	}
	return mark
}

// minutes are those of the chip that was tapped, else those typed; below zero for none,
// which no mark takes.
func minutes(c *fiber.Ctx) int {
	for _, field := range []string{"chip", "minutes"} {
		if n, err := strconv.Atoi(web.Text(c, field)); err == nil && n > 0 {
			return n
		}
	}
	return -1
}

func number(c *fiber.Ctx, field string) int {
	text := web.Text(c, field)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}

func (h handler) mark(c *fiber.Ctx) error {
	mark := readMark(c)
	err := h.store.Mark(c.UserContext(), web.Viewer(c), mark)
	if failed := web.Failed(c, err); failed != nil {
		return h.showRoll(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/roll?%safter=%s#turn", mark.Session, fromPaper(mark.Reason == cohorts.PaperSheet), mark.Enrolment)
}

func (h handler) markRest(c *fiber.Ctx) error {
	from := cohorts.MarkReason(web.Text(c, "reason"))
	if err := h.store.MarkRestFrom(c.UserContext(), web.Viewer(c), sessionID(c), web.Text(c, "line"), from); err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/roll", sessionID(c))
}

func (h handler) undo(c *fiber.Ctx) error {
	enrolment := cohorts.EnrolmentID(web.Text(c, "enrolment"))
	if err := h.store.Undo(c.UserContext(), web.Viewer(c), sessionID(c), enrolment, web.Text(c, "line")); err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/roll?seat=%s#turn", sessionID(c), enrolment)
}

func (h handler) correct(c *fiber.Ctx) error {
	mark := readMark(c)
	err := h.store.Correct(c.UserContext(), web.Viewer(c), mark)
	if failed := web.Failed(c, err); failed != nil {
		return h.showRoll(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/roll?seat=%s&done=corrected", mark.Session, mark.Enrolment)
}

func (h handler) close(c *fiber.Ctx) error {
	err := h.store.Close(c.UserContext(), web.Viewer(c), sessionID(c))
	if failed := web.Failed(c, err); failed != nil {
		return h.showRoll(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/sessions/%s/roll?done=closed", sessionID(c))
}

// confirm leads on to what else waits for the same person.
func (h handler) confirm(c *fiber.Ctx) error {
	if err := h.store.Confirm(c.UserContext(), web.Viewer(c), sessionID(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/confirmations?done=confirmed")
}
