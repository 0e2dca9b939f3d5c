package web

import (
	"context"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// visit is what one request knows of itself. It travels in the request's context,
// so that components find the language, the form token and who is signed in.
type visit struct {
	app        *App
	id         string
	route      *Route
	language   string
	words      *Words
	textSize   int    // of the letters of a text that is read, 1 to 4
	path       string // where a language switch returns to; "" on error pages
	presence   people.Presence
	visitor    string // the pre-session cookie that guards public forms
	newVisitor bool
	received   bool  // the whole body has been let in
	cause      error // of a 500 that the API answered itself, for the log
	queries    *database.Count
	printing   bool // nobody's: what is drawn stays for all who are like this
}

type visitKey struct{}

var nowhere = &visit{language: "en"}

// visitOf is the visit of a request's context; outside a request, one in English.
func visitOf(ctx context.Context) *visit {
	if v, ok := ctx.Value(visitKey{}).(*visit); ok {
		return v
	}
	return nowhere
}

// ViewerOf is who looks, from a request's context; people.Nobody for the public.
func ViewerOf(ctx context.Context) people.Viewer { return visitOf(ctx).presence.Viewer }

// PresenceOf is who is signed in; its Viewer is people.Nobody for the public.
func PresenceOf(ctx context.Context) people.Presence { return visitOf(ctx).presence }

// Language is the language of the answer: "en" or "es".
func Language(ctx context.Context) string { return visitOf(ctx).language }

// In lets components speak another language than the page that they stand on, for somebody
// who reads or hears that part of it alone.
func In(ctx context.Context, language string) context.Context {
	other := *visitOf(ctx)
	other.language = known(language)
	return context.WithValue(ctx, visitKey{}, &other)
}

// WithWords gives work outside a request (mail, jobs) a language, so that T, Say
// and the components speak it.
func WithWords(ctx context.Context, words *Words, language string) context.Context {
	return context.WithValue(ctx, visitKey{}, &visit{language: known(language), words: words})
}

// Spoken gives a part of a page the language that its text is in: what it says of itself
// is said in it too. The part's element names the language.
func Spoken(ctx context.Context, language string) context.Context {
	visit := *visitOf(ctx)
	visit.language = known(language)
	return context.WithValue(ctx, visitKey{}, &visit)
}
