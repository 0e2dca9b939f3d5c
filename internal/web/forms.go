package web

import (
	"context"
	"errors"
	"fmt"
	"mime/multipart"
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/unicode/norm"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Param is a part of the address that the route names, percent-decoded: Param(c, "cohort").
// What cannot be decoded reads as "", which no record has.
func Param(c *fiber.Ctx, name string) string {
	value, err := url.PathUnescape(c.Params(name))
	if err != nil {
		return ""
	}
	return clean(value)
}

// Text is what a field of the form holds, without spaces at its ends, in composed
// Unicode, without NULs, which no database takes.
func Text(c *fiber.Ctx, field string) string { return clean(c.FormValue(field)) }

// Query is a value of the address after "?", cleaned like Text.
func Query(c *fiber.Ctx, name string) string { return clean(c.Query(name)) }

// Secret is a password or PIN as typed: composed, but with its spaces.
func Secret(c *fiber.Ctx, field string) string {
	return norm.NFC.String(strings.ToValidUTF8(c.FormValue(field), ""))
}

// Texts are all values of a field that may come more than once, such as ticked boxes.
func Texts(c *fiber.Ctx, field string) []string {
	var found []string
	if form := uploaded(c); form != nil {
		for _, value := range form.Value[field] {
			found = append(found, clean(value))
		}
		return found
	}
	for _, value := range c.Request().PostArgs().PeekMulti(field) {
		found = append(found, clean(string(value)))
	}
	return found
}

func clean(s string) string {
	s = strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
	return strings.TrimSpace(norm.NFC.String(s))
}

func uploaded(c *fiber.Ctx) *multipart.Form {
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return nil
	}
	form, err := c.MultipartForm()
	if err != nil {
		return nil
	}
	return form
}

// SeeOther sends the reader on inside the Academy after a change, with a 303.
// Arguments that may hold more than letters and digits are escaped by the caller.
func SeeOther(c *fiber.Ctx, format string, args ...any) error {
	to := fmt.Sprintf(format, args...)
	if !strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.ContainsAny(to, "\\\r\n") {
		return fmt.Errorf("an address outside the Academy to go on to: %q", to)
	}
	return c.Redirect(to, fiber.StatusSeeOther)
}

// Errors is a form that came back: what was typed and what is wrong with it.
// A nil *Errors is a form that nobody has sent yet.
type Errors struct {
	ctx      context.Context
	problems []fault.Problem
	values   url.Values
}

// Failed gives what a form needs to be shown again when err says that it is not
// filled in rightly, else nil: then the error goes its usual way.
func Failed(c *fiber.Ctx, err error) *Errors {
	var invalid *fault.InvalidError
	if !errors.As(err, &invalid) {
		return nil
	}
	e := &Errors{ctx: c.UserContext(), problems: invalid.Problems, values: url.Values{}}
	if form := uploaded(c); form != nil {
		for field, values := range form.Value {
			e.values[field] = values
		}
	} else {
		for key, value := range c.Request().PostArgs().All() {
			e.values.Add(string(key), string(value))
		}
	}
	return e
}

// Any says whether something is wrong.
func (e *Errors) Any() bool { return e != nil && len(e.problems) > 0 }

// For is the sentence for a field, "" when it is right.
func (e *Errors) For(field string) string {
	if e == nil {
		return ""
	}
	for _, p := range e.problems {
		if p.Field == field {
			return Say(e.ctx, p.Sentence)
		}
	}
	return ""
}

// Value is what was typed into a field, or otherwise when the form is new.
func (e *Errors) Value(field, otherwise string) string {
	if e == nil {
		return otherwise
	}
	return e.values.Get(field)
}

// Has says whether a box with this value was ticked, or otherwise when the form is new.
func (e *Errors) Has(field, value string, otherwise bool) bool {
	if e == nil {
		return otherwise
	}
	for _, v := range e.values[field] {
		if v == value {
			return true
		}
	}
	return false
}
