package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// What web itself turns down. Rooms use the four kinds of fault.
var (
	errOtherSite   = errors.New("another site sent this form")
	errStaleForm   = errors.New("the form's token is not that of the session")
	errSignInFirst = errors.New("not signed in")
	errTooLarge    = errors.New("body over the route's limit")
	errUnreadable  = errors.New("body cannot be read")
	errTooMany     = errors.New("too many requests from one address")
)

// words: web.error.*

// trouble is what an error becomes: a status and the message keys "web.error.NAME.title",
// ".text" and ".next".
type trouble struct {
	status   int
	name     string
	sentence *fault.Sentence // said instead of the general text
	problems *fault.InvalidError
	wait     time.Duration // after which it may be tried again
}

// troubleOf decides what an error means to the reader.
func troubleOf(err error) trouble {
	var (
		conflict *fault.ConflictError
		invalid  *fault.InvalidError
		often    *fault.TooManyError
		status   *fiber.Error
	)
	switch {
	case errors.Is(err, fault.NotFound):
		return trouble{status: http.StatusNotFound, name: "missing"}
	case errors.Is(err, fault.Forbidden):
		return trouble{status: http.StatusForbidden, name: "forbidden"}
	case errors.As(err, &conflict):
		return trouble{status: http.StatusConflict, name: "conflict", sentence: &conflict.Sentence}
	case database.Full(err), errors.Is(err, syscall.ENOSPC):
		return trouble{status: http.StatusServiceUnavailable, name: "full"}
	case errors.As(err, &invalid):
		return trouble{status: http.StatusUnprocessableEntity, name: "invalid", problems: invalid}
	case errors.As(err, &often):
		return trouble{status: http.StatusTooManyRequests, name: "many", sentence: &often.Sentence, wait: often.Wait}
	case errors.Is(err, errSignInFirst):
		return trouble{status: http.StatusForbidden, name: "signed_out"}
	case errors.Is(err, errOtherSite), errors.Is(err, errStaleForm):
		return trouble{status: http.StatusForbidden, name: "stale"}
	case errors.Is(err, errTooLarge):
		return trouble{status: http.StatusRequestEntityTooLarge, name: "large"}
	case errors.Is(err, errUnreadable):
		return trouble{status: http.StatusUnprocessableEntity, name: "unreadable"}
	case errors.Is(err, errTooMany):
		return trouble{status: http.StatusTooManyRequests, name: "many"}
	case database.Away(err), errors.Is(err, context.DeadlineExceeded):
		return trouble{status: http.StatusServiceUnavailable, name: "away"}
	case errors.As(err, &status):
		switch status.Code {
		case http.StatusNotFound, http.StatusMethodNotAllowed:
			return trouble{status: http.StatusNotFound, name: "missing"}
		case http.StatusRequestEntityTooLarge:
			return trouble{status: http.StatusRequestEntityTooLarge, name: "large"}
		case http.StatusRequestHeaderFieldsTooLarge:
			return trouble{status: status.Code, name: "large"}
		}
		if status.Code < 500 {
			return trouble{status: status.Code, name: "unreadable"}
		}
	}
	return trouble{status: http.StatusInternalServerError, name: "ours"}
}

// notThere is the last handler: no route had this address. It looks up who is signed
// in, so that the page is the same as for a record that is not theirs.
func (a *App) notThere(c *fiber.Ctx) error {
	if err := a.recognise(c, visitOf(c.UserContext())); err != nil {
		return err
	}
	return fault.NotFound
}

// answer turns an error into a page, or into a problem document for the API, in the
// reader's language. What is not there and what is not yours are the same bytes.
func (a *App) answer(c *fiber.Ctx, err error) error {
	t := troubleOf(err)
	v := visitOf(c.UserContext())
	if v == nowhere { // the request could not even be read
		v = a.receiveVisit(c)
	}
	v.path = ""
	t.sayWhen(c)
	if v.route != nil && v.route.API {
		return a.problem(c, t)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return Render(c, t.status, errorPage(t, v.id))
}

// sayWhen tells browsers and programs after how long to try again.
func (t trouble) sayWhen(c *fiber.Ctx) {
	switch {
	case t.wait > 0:
		c.Set(fiber.HeaderRetryAfter, strconv.Itoa(int((t.wait+time.Second-1)/time.Second)))
	case t.status == http.StatusTooManyRequests && len(c.Response().Header.Peek(fiber.HeaderRetryAfter)) == 0:
		c.Set(fiber.HeaderRetryAfter, "60")
	case t.status == http.StatusServiceUnavailable:
		c.Set(fiber.HeaderRetryAfter, "30")
	}
}
