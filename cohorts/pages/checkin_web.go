package pages

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// wallPage is the screen that a class checks itself in by. It is thrown on a wall, so it
// shows nobody's name, no course and no topic.
type wallPage struct {
	Session cohorts.Session
	Code    cohorts.CheckInCode
	Address string // of the page that takes the code
	Time    time.Time
}

// left is how many seconds the code stays, at least one.
func (p wallPage) left() int {
	return max(1, int(math.Ceil(p.Code.Next.Sub(p.Time).Seconds())))
}

// halves are the code as it is read out: three and three.
func (p wallPage) halves() (string, string) {
	half := len(p.Code.Text) / 2
	return p.Code.Text[:half], p.Code.Text[half:]
}

// gone is how far round the quiet clock is, of a ring of 264 in length.
func (p wallPage) gone() string {
	return strconv.Itoa(264 - 264*p.left()/int(cohorts.CheckInStep/time.Second))
}

func (p wallPage) lasts() string { return fmt.Sprintf("%ds", p.left()) }

// wall asks the browser to load the screen again when the next code comes, so that it
// needs no script.
func (h handler) wall(c *fiber.Ctx) error {
	found, code, err := h.store.CheckInCode(c.UserContext(), web.Viewer(c), sessionID(c))
	if err != nil {
		return err
	}
	page := wallPage{Session: found, Code: code, Address: h.base + "/check-in", Time: h.now()}
	if code.Text != "" {
		c.Set("Refresh", strconv.Itoa(page.left()))
	} else if found.State == cohorts.Planned && page.Time.Before(found.CheckInEnds()) {
		c.Set("Refresh", "60")
	}
	return web.Render(c, http.StatusOK, wall(page))
}

// checkInPage is where a trainee types the code, or finds it typed in by their camera.
type checkInPage struct {
	Code   string
	Done   string // a word key; "" before
	Late   int    // minutes
	Failed *web.Errors
}

func (h handler) checkIn(c *fiber.Ctx) error {
	page := checkInPage{Code: web.Param(c, "shown")}
	switch did := web.Query(c, "done"); did {
	case "checked_in", "checked_in_before":
		page.Done = "cohorts.done." + did
		page.Late, _ = strconv.Atoi(web.Query(c, "late")) // none where it is no number
	}
	return web.Render(c, http.StatusOK, checkIn(page))
}

func (h handler) doCheckIn(c *fiber.Ctx) error {
	done, err := h.store.CheckIn(c.UserContext(), web.Viewer(c), web.Text(c, "code"))
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, checkIn(checkInPage{Failed: failed}))
	}
	if err != nil {
		return err
	}
	if done.Again {
		return web.SeeOther(c, "/check-in?done=checked_in_before")
	}
	return web.SeeOther(c, "/check-in?done=checked_in&late=%d", done.Late)
}
