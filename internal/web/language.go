package web

import (
	"context"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"
)

// Languages are those that every page speaks; the first is for who names none.
var Languages = []string{"en", "es"}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Spanish})

// known is the language itself when pages speak it, else English.
func known(code string) string {
	if code == "es" {
		return "es"
	}
	return "en"
}

// Foreign marks words in another language than their page, so that they are read aloud as
// what they are; where the two are the same there is nothing to mark.
func Foreign(ctx context.Context, language string) templ.Attributes {
	if language == Language(ctx) {
		return nil
	}
	return templ.Attributes{"lang": language}
}

// negotiate picks the language for who has no setting: the switch's cookie, else
// what the browser asks for.
func negotiate(cookie, accept string) string {
	if cookie == "en" || cookie == "es" {
		return cookie
	}
	if accept == "" {
		return "en"
	}
	// Nearly every browser asks first, and most of all, for a language that we speak.
	first, _, _ := strings.Cut(accept, ",")
	if base, _, _ := strings.Cut(first, "-"); (base == "en" || base == "es") && !strings.Contains(first, ";") {
		return base
	}
	tags, _, err := language.ParseAcceptLanguage(accept)
	if err != nil || len(tags) == 0 {
		return "en"
	}
	_, index, confidence := matcher.Match(tags...)
	if confidence == language.No {
		return "en"
	}
	return Languages[index]
}

// speak answers the language switch: it keeps the choice in a cookie and, for who is
// signed in, as the person's setting.
func (a *App) speak(c *fiber.Ctx) error {
	chosen := known(Text(c, "language"))
	presence := PresenceOf(c.UserContext())
	if presence.Viewer.SignedIn() && a.options.Speak != nil {
		if err := a.options.Speak(c.UserContext(), presence.Viewer, chosen); err != nil {
			return err
		}
	}
	c.Cookie(&fiber.Cookie{
		Name: languageCookie, Value: chosen, Path: "/", HTTPOnly: true, Secure: a.secure,
		SameSite: fiber.CookieSameSiteLaxMode, MaxAge: int((365 * 24 * time.Hour).Seconds()),
	})
	return SeeOther(c, "%s", Next(c))
}

// SpeakTo answers this request in the language of the person whom a page is for,
// though they are not signed in, unless the visitor has chosen one with the switch.
func SpeakTo(c *fiber.Ctx, language string) {
	if c.Cookies(languageCookie) == "" {
		visitOf(c.UserContext()).language = known(language)
	}
}
