package web

import (
	"context"
	"strings"
	"unicode"

	"github.com/a-h/templ"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// elsewhere is where "Leave quickly" leads: a page that anyone may be reading.
const elsewhere = "https://www.weather.gov/"

const htmxConfig = `{"includeIndicatorStyles":false,"allowEval":false,"selfRequestsOnly":true,"historyCacheSize":0,"refreshOnHistoryMiss":true}`

// Layout is the frame of every page.
func Layout(p Page) templ.Component {
	kind := pageKind{p.Title, p.Nav, strings.Join(p.Scripts, " "), p.Sheet, p.Unsent, p.Bare, p.Back != "", p.Wide, p.Focus, p.Shown}
	back := p.Back
	if back != "" {
		p.Back = Blank(0)
	}
	return Printed(kind, layout(p), back)
}

// pageKind is what a Page tells the layout, but for its addresses.
type pageKind struct {
	title, nav, scripts, sheet              string
	unsent, bare, under, wide, focus, shown bool
}

// words: web.sector.*

// SectorName is a sector in the reader's words.
func SectorName(ctx context.Context, s people.Sector) string {
	return T(ctx, "web.sector."+string(s))
}

// initials are those of who is signed in.
func (v *visit) initials() string {
	if v.printing {
		return blankOf(blankInitials)
	}
	return initials(v.presence.Name)
}

func signedIn(ctx context.Context) bool { return PresenceOf(ctx).Viewer.SignedIn() }

func fullTitle(ctx context.Context, p Page) string {
	academy := T(ctx, "web.academy")
	if p.Title == "" || p.Title == academy {
		return academy
	}
	return p.Title + " · " + academy
}

// projects says whether the reader may stand before others with their screen: who teaches,
// runs a sector, reviews or looks after staff sees names that a room must not.
func projects(ctx context.Context) bool {
	v := ViewerOf(ctx)
	return signedIn(ctx) && (v.RunsSector() || v.Is(people.Instructor, people.PartnerHR, people.Author, people.Auditor))
}

func bodyClass(ctx context.Context, p Page) string {
	class := "page"
	if signedIn(ctx) {
		class += " signed-in"
	}
	if p.Bare {
		class += " bare"
	}
	if p.Focus {
		class += " focus"
	}
	return class
}

// lockAttributes tell the script what to do after 15 idle minutes: on a shared phone
// sign out, on one's own cover the page until it is loaded again.
func lockAttributes(ctx context.Context) templ.Attributes {
	if !signedIn(ctx) {
		return nil
	}
	kind := "own"
	if PresenceOf(ctx).Shared {
		kind = "shared"
	}
	return templ.Attributes{"data-lock": kind, "data-lock-title": T(ctx, "web.lock.title"), "data-lock-text": T(ctx, "web.lock.text"), "data-lock-open": T(ctx, "web.lock.open")}
}

// scriptsOf are a page's scripts; those that keep unsent lines find the queue loaded.
func scriptsOf(p Page) []string {
	if p.Unsent {
		return append([]string{"queue.js"}, p.Scripts...)
	}
	return p.Scripts
}

func scriptType(name string) string {
	if strings.HasPrefix(name, "vendored/") {
		return "text/javascript"
	}
	return "module"
}

func otherLanguage(ctx context.Context) string {
	if Language(ctx) == "es" {
		return "en"
	}
	return "es"
}

func otherStandings(ctx context.Context) []people.Sector {
	p := PresenceOf(ctx)
	var others []people.Sector
	for _, s := range p.Standings {
		if s != p.Viewer.Sector() {
			others = append(others, s)
		}
	}
	return others
}

func placesOf(ctx context.Context) []Place {
	v := visitOf(ctx)
	if v.app == nil {
		return nil
	}
	return v.app.options.Places(v.presence.Viewer)
}

// initials are the first letters of a name's first and last words: "TR".
func initials(name string) string {
	words := strings.Fields(name)
	if len(words) > 2 {
		words = []string{words[0], words[len(words)-1]}
	}
	var b strings.Builder
	for _, word := range words {
		for _, r := range word {
			b.WriteRune(unicode.ToUpper(r))
			break
		}
	}
	return b.String()
}
