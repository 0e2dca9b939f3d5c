package pages

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// replanPage is a cohort's schedule for who changes it: its sessions, what was changed, and
// what can be added.
type replanPage struct {
	cohorts.Schedule
	Changes []cohorts.Reschedule
	Rooms   []cohorts.Room
	Ask     cohorts.NewReschedule // of the session that is added
	Now     time.Time
	Done    string
	Failed  *web.Errors
}

func (h handler) replan(c *fiber.Ctx) error {
	return h.showReplan(c, http.StatusOK, cohorts.NewReschedule{Mode: cohorts.InRoom, Start: "09:00"}, nil)
}

func (h handler) showReplan(c *fiber.Ctx, status int, ask cohorts.NewReschedule, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	page := replanPage{Ask: ask, Now: h.now(), Done: done(c), Failed: failed}
	var err error
	if page.Schedule, err = h.store.Schedule(ctx, v, cohortID(c)); err != nil {
		return err
	}
	if page.Changes, err = h.store.Reschedules(ctx, v, page.Cohort.ID); err != nil {
		return err
	}
	if page.Rooms, err = h.store.Rooms(ctx, v); err != nil {
		return err
	}
	return web.Render(c, status, replan(page))
}

// changePage is the form that moves or cancels one session.
type changePage struct {
	Session cohorts.Bound
	Ask     cohorts.NewReschedule
	Rooms   []cohorts.Room
	Refused *fault.ConflictError
	Failed  *web.Errors
}

func (h handler) changeSession(c *fiber.Ctx) error {
	return h.showChange(c, http.StatusOK, sessionID(c), nil, nil)
}

// showChange shows the form with what was asked, or with the session as it is.
func (h handler) showChange(c *fiber.Ctx, status int, id cohorts.SessionID, ask *cohorts.NewReschedule, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	found, err := h.store.BoundSession(ctx, v, id)
	if err != nil {
		return err
	}
	page := changePage{Session: found, Failed: failed}
	if page.Rooms, err = h.store.Rooms(ctx, v); err != nil {
		return err
	}
	if ask == nil {
		slot, at := found.Slot(), found.StartsAt.In(found.Zone())
		ask = &cohorts.NewReschedule{Cohort: found.CohortID, Session: found.ID, Day: at.Format(time.DateOnly), Start: at.Format("15:04"),
			Minutes: slot.Minutes, Mode: slot.Mode, RoomID: slot.RoomID, Link: slot.Link}
	}
	page.Ask = *ask
	errors.As(found.Refusal(), &page.Refused)
	return web.Render(c, status, changeSession(page))
}

func readReschedule(c *fiber.Ctx) cohorts.NewReschedule {
	minutes, err := strconv.Atoi(web.Text(c, "minutes"))
	if err != nil && web.Text(c, "minutes") != "" {
		minutes = -1
	}
	return cohorts.NewReschedule{Cohort: cohortID(c), Kind: cohorts.RescheduleKind(web.Text(c, "kind")), Session: cohorts.SessionID(web.Text(c, "session")),
		Topic: web.Text(c, "topic"), Day: web.Text(c, "day"), Start: web.Text(c, "start"), Minutes: minutes, Mode: cohorts.Mode(web.Text(c, "mode")),
		RoomID: web.Text(c, "room"), Link: web.Text(c, "link"), Reason: web.Text(c, "reason"), Accept: web.Text(c, "accept") != "", Seen: web.Text(c, "seen")}
}

// backToForm shows the form of a change again: of the cohort where a session is added, else
// of the session.
func (h handler) backToForm(c *fiber.Ctx, status int, ask cohorts.NewReschedule, failed *web.Errors) error {
	if ask.Session == "" {
		return h.showReplan(c, status, ask, failed)
	}
	return h.showChange(c, status, ask.Session, &ask, failed)
}

// previewChange shows what a change would do; with "change" it leads back to the form.
func (h handler) previewChange(c *fiber.Ctx) error {
	ask := readReschedule(c)
	if web.Text(c, "change") != "" {
		return h.backToForm(c, http.StatusOK, ask, nil)
	}
	return h.showChangePlan(c, http.StatusOK, ask, previewOf{})
}

// previewOf is what a preview says besides the plan.
type previewOf struct {
	Stale  bool // something changed since the plan was shown
	Failed *web.Errors
}

func (h handler) showChangePlan(c *fiber.Ctx, status int, ask cohorts.NewReschedule, besides previewOf) error {
	plan, err := h.store.PreviewReschedule(c.UserContext(), web.Viewer(c), ask)
	if failed := web.Failed(c, err); failed != nil {
		return h.backToForm(c, http.StatusUnprocessableEntity, ask, failed)
	}
	if err != nil {
		return err
	}
	return web.Render(c, status, changePlan(plan, besides))
}

// reschedule does what the preview showed. Where something changed meanwhile it shows the
// preview as it is now.
func (h handler) reschedule(c *fiber.Ctx) error {
	ask := readReschedule(c)
	err := h.store.Reschedule(c.UserContext(), web.Viewer(c), ask)
	var conflict *fault.ConflictError
	switch failed := web.Failed(c, err); {
	case failed != nil && !ask.Accept && onlyOf(err, "accept"):
		return h.showChangePlan(c, http.StatusUnprocessableEntity, ask, previewOf{Failed: failed})
	case failed != nil:
		return h.backToForm(c, http.StatusUnprocessableEntity, ask, failed)
	case errors.As(err, &conflict) && (conflict.Key == "cohorts.reschedule.meanwhile" || conflict.Key == "cohorts.reschedule.room_taken"):
		return h.showChangePlan(c, http.StatusConflict, ask, previewOf{Stale: true})
	case err != nil:
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/schedule?done=rescheduled", ask.Cohort)
}

// onlyOf says whether a form failed in one field.
func onlyOf(err error, field string) bool {
	_, is := fault.In(err, field)
	return is
}

func (h handler) undoReschedule(c *fiber.Ctx) error {
	if err := h.store.UndoReschedule(c.UserContext(), web.Viewer(c), cohortID(c), web.Text(c, "schedule_change")); err != nil {
		return err
	}
	return web.SeeOther(c, "/cohorts/%s/schedule?done=schedule_undone", cohortID(c))
}

func kindOptions(ctx context.Context, chosen cohorts.RescheduleKind) (options []web.Option) {
	for _, kind := range []cohorts.RescheduleKind{cohorts.MoveOne, cohorts.MoveOn, cohorts.CancelOne} {
		options = append(options, web.Option{Value: string(kind), Label: web.T(ctx, "cohorts.reschedule_kind."+string(kind)), Chosen: kind == chosen})
	}
	return options
}

func topicOptions(ctx context.Context, p replanPage) []web.Option {
	options := []web.Option{{Value: "", Label: web.T(ctx, "cohorts.choose")}}
	for _, t := range p.Unlaid {
		options = append(options, web.Option{Value: t.EditionSessionID, Chosen: t.EditionSessionID == p.Ask.Topic,
			Label: t.Title(web.Language(ctx)) + " · " + web.Minutes(ctx, t.Minutes)})
	}
	return options
}

func placeOptions(ctx context.Context, rooms []cohorts.Room, chosen string) []web.Option {
	return roomOptions(ctx, planPage{Rooms: rooms, Plan: cohorts.Plan{RoomID: chosen}})
}

// stepWhen is a step's time after the change, in words; "" of one that is cancelled.
func stepWhen(ctx context.Context, s cohorts.Step) string {
	if s.After.State == cohorts.Cancelled {
		return web.T(ctx, "cohorts.session_state.cancelled")
	}
	return when(ctx, cohorts.Session{StartsAt: s.After.StartsAt, EndsAt: s.After.EndsAt, TimeZone: s.TimeZone})
}

// stepPlace is a step's place after the change.
func stepPlace(ctx context.Context, s cohorts.Step) string {
	after := cohorts.Session{Mode: s.After.Mode, TimeZone: s.TimeZone}
	if s.AfterPlace != "" {
		after.RoomName = &s.AfterPlace
	}
	return room(ctx, after)
}

// titles names topics with their minutes.
func titles(ctx context.Context, topics []cohorts.Topic) (lines []string) {
	for _, t := range topics {
		lines = append(lines, t.Title(web.Language(ctx))+" · "+web.Minutes(ctx, t.Minutes))
	}
	return lines
}

// changedAt is when a session was, and when it is since a change.
func changedAt(ctx context.Context, r cohorts.Rescheduled, zone *time.Location) string {
	before, after := web.DateTime(ctx, r.Before.StartsAt, zone), web.DateTime(ctx, r.After.StartsAt, zone)
	switch {
	case r.After.State == cohorts.Cancelled:
		return web.T(ctx, "cohorts.reschedule.line_cancelled", "When", web.DateTime(ctx, r.After.StartsAt, zone))
	case r.Added || r.Before.State == cohorts.Cancelled:
		return web.T(ctx, "cohorts.reschedule.line_added", "When", after)
	case r.Before.StartsAt.Equal(r.After.StartsAt):
		return web.T(ctx, "cohorts.reschedule.line_same", "When", after)
	}
	return web.T(ctx, "cohorts.reschedule.line_moved", "Before", before, "After", after)
}
