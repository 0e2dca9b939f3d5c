package web

import (
	"context"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"
)

// textCookie keeps how large a reader wants the letters of a text on this device.
const textCookie = "text"

// Sizes of a text's letters; what nobody has chosen is the second.
const (
	smallestText, normalText, largestText = 1, 2, 4
)

// words: web.text.size.*

// textSize reads the cookie; what is no size is the normal one.
func textSize(cookie string) int {
	size, err := strconv.Atoi(cookie)
	if err != nil || size < smallestText || size > largestText {
		return normalText
	}
	return size
}

// ReadingClass is the class of a text that is read: with letters of the reader's size.
func ReadingClass(ctx context.Context) string {
	if size := visitOf(ctx).textSize; size != 0 && size != normalText {
		return "reading reading-" + strconv.Itoa(size)
	}
	return "reading"
}

// sizes are the sizes to choose from, as options of a form.
func sizes(ctx context.Context) []Option {
	var options []Option
	for size := smallestText; size <= largestText; size++ {
		value := strconv.Itoa(size)
		options = append(options, Option{Value: value, Label: T(ctx, "web.text.size."+value), Chosen: size == visitOf(ctx).textSize})
	}
	return options
}

// sizeText keeps the size that a reader chose: on this device, since it is the device's
// screen, and on a shared phone until its browser is closed.
func (a *App) sizeText(c *fiber.Ctx) error {
	cookie := fiber.Cookie{Name: textCookie, Value: strconv.Itoa(textSize(Text(c, "size"))), Path: "/", HTTPOnly: true, Secure: a.secure, SameSite: fiber.CookieSameSiteLaxMode}
	if !PresenceOf(c.UserContext()).Shared {
		cookie.MaxAge = int((365 * 24 * time.Hour).Seconds())
	}
	c.Cookie(&cookie)
	return SeeOther(c, "%s", Next(c))
}
