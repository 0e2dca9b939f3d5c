package pages

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/messages"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func (h handler) wishesPage(c *fiber.Ctx) error {
	return h.showWishes(c, http.StatusOK, nil)
}

func (h handler) showWishes(c *fiber.Ctx, status int, failed *web.Errors) error {
	own, err := h.store.Wishes(c.UserContext(), web.Viewer(c))
	if err != nil {
		return err
	}
	return web.Render(c, status, wishesPage(own, h.on, web.Query(c, "done") == "messages", failed))
}

// wish keeps what was chosen.
func (h handler) wish(c *fiber.Ctx) error {
	err := h.store.Wish(c.UserContext(), web.Viewer(c), readWishes(c))
	if failed := web.Failed(c, err); failed != nil {
		return h.showWishes(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/me/messages?done=messages")
}

func readWishes(c *fiber.Ctx) messages.Wishes {
	want := web.Texts(c, "want")
	wants := func(kind messages.Kind) bool { return slices.Contains(want, string(kind)) }
	ahead, _ := strconv.Atoi(web.Text(c, "ahead")) // what is no number is none of those offered
	return messages.Wishes{
		Reminders: wants(messages.Reminder), Changes: wants(messages.Change), Invitations: wants(messages.Invitation),
		Absences: wants(messages.Absence), Due: wants(messages.Due), Ahead: ahead,
		QuietFrom: minuteOf(web.Text(c, "quiet_from")), QuietTo: minuteOf(web.Text(c, "quiet_to")), Language: web.Text(c, "language"),
	}
}

// minuteOf is the minute of the day of "21:00"; -1 for what no clock shows.
func minuteOf(text string) int {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return -1
	}
	return t.Hour()*60 + t.Minute()
}

// clockOf is "21:00" for the minute of a day.
func clockOf(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// words: messages.want.*
// words: messages.ahead.*

func kindsOf(ctx context.Context, own messages.Own) (options []web.Option) {
	for _, kind := range messages.Kinds {
		word := "messages.want." + string(kind)
		options = append(options, web.Option{Value: string(kind), Label: web.T(ctx, word), Hint: web.T(ctx, word+"_hint"), Chosen: own.Wants(kind)})
	}
	return options
}

func aheadsOf(ctx context.Context, own messages.Own) (options []web.Option) {
	for _, hours := range messages.Aheads {
		value := strconv.Itoa(hours)
		options = append(options, web.Option{Value: value, Label: web.T(ctx, "messages.ahead."+value), Chosen: own.Ahead == hours})
	}
	return options
}

func languagesOf(ctx context.Context, own messages.Own) []web.Option {
	return []web.Option{
		{Value: "", Label: web.T(ctx, "messages.language.account"), Chosen: own.Language == ""},
		{Value: "en", Label: "English", Chosen: own.Language == "en"},
		{Value: "es", Label: "Español", Chosen: own.Language == "es"},
	}
}

// stopPage asks before it ends the letters: a program that looks at links must not.
func (h handler) stopPage(c *fiber.Ctx) error {
	token := web.Param(c, "stop")
	if _, err := h.store.StopOf(c.UserContext(), token); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, stopPage("/messages/stop/"+token, web.Query(c, "done") == "stopped"))
}

func (h handler) stop(c *fiber.Ctx) error {
	token := web.Param(c, "stop")
	if err := h.store.Stop(c.UserContext(), token); err != nil {
		return err
	}
	return web.SeeOther(c, "/messages/stop/%s?done=stopped", token)
}
