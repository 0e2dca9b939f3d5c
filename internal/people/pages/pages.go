// Package pages holds what faces people at the door and in their accounts: signing
// in, one-time links, one's own settings, and the people of a sector.
package pages

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// MeLink is an entry that another room has on the page "Me".
type MeLink struct {
	Href string
	Word string // key of its words
	Icon string
}

type handler struct {
	store   people.Store
	base    string
	letters bool
	links   []MeLink
}

// Routes mounts everything here. Letters says whether mail can be sent: only then is
// it offered.
func Routes(app *web.App, store people.Store, letters bool, links ...MeLink) {
	h := handler{store: store, base: app.BaseURL(), letters: letters, links: links}

	app.Public("GET", "/sign-in", h.signInPage)
	app.Public("POST", "/sign-in", h.signIn)
	app.SignedIn("POST", "/sign-out", h.signOut, web.Leaving)
	app.SignedIn("POST", "/standing", h.stand)

	app.Public("GET", "/invitation", h.codePage)
	app.Public("POST", "/invitation", h.code)
	for _, address := range []string{"/invitation/:invitation", "/reset/:reset"} {
		app.Public("GET", address, h.linkPage)
		app.Public("POST", address, h.accept)
	}
	app.Public("GET", "/reset", h.forgottenPage)
	app.Public("POST", "/reset", h.forgotten)

	app.SignedIn("GET", "/me", h.me)
	app.SignedIn("POST", "/me/name", h.goBy)
	app.SignedIn("POST", "/me/legal-name", h.legalName)
	app.SignedIn("GET", "/me/secret", h.secretPage)
	app.SignedIn("POST", "/me/secret", h.changeSecret)
	app.SignedIn("GET", "/me/names", h.namesPage)
	app.SignedIn("POST", "/me/names", h.addOwnName)
	app.SignedIn("POST", "/me/names/removal", h.dropOwnName)
	app.SignedIn("POST", "/me/devices/removal", h.signOutEverywhere, web.Leaving)
	app.SignedIn("POST", "/me/devices/:device/removal", h.signOutDevice)
	app.SignedIn("GET", "/me/record", h.openedMine)

	app.SignedIn("GET", "/people", h.list)
	app.SignedIn("POST", "/people/search", h.search)
	app.SignedIn("GET", "/people/new", h.newPage)
	app.SignedIn("POST", "/people", h.add)
	app.SignedIn("GET", "/people/imports", h.importPage)
	app.SignedIn("POST", "/people/imports", h.preview, web.Limit(importLimit))
	app.SignedIn("POST", "/people/imports/confirmation", h.confirmImport, web.Limit(importLimit))
	app.SignedIn("GET", "/organisations", h.organisations)
	app.SignedIn("POST", "/organisations", h.addOrganisation)
	app.SignedIn("POST", "/organisations/:organisation/partnerships", h.partner)
	app.SignedIn("GET", "/people/:person", h.person)
	app.SignedIn("POST", "/people/:person/links", h.makeLink)
	app.SignedIn("POST", "/people/:person/letters", h.sendLink)
	app.SignedIn("POST", "/people/:person/closure", h.close)
	app.SignedIn("POST", "/people/:person/names", h.addName)
	app.SignedIn("POST", "/people/:person/names/removal", h.dropName)
	app.SignedIn("GET", "/people/:person/grants/new", h.grantPage)
	app.SignedIn("POST", "/people/:person/grants", h.grant)
	app.SignedIn("POST", "/people/:person/grants/:grant/ending", h.endGrant)
	app.SignedIn("GET", "/people/:person/employments/new", h.employmentPage)
	app.SignedIn("POST", "/people/:person/employments", h.employ)
	app.SignedIn("POST", "/people/:person/employments/:organisation/ending", h.endEmployment)
}

func person(c *fiber.Ctx) people.PersonID { return people.PersonID(web.Param(c, "person")) }

// words: people.done.*

// done is what the page before says it has done, as a word key; "" for nothing or nonsense.
func done(c *fiber.Ctx) string {
	switch did := web.Query(c, "done"); did {
	case "name", "legal_name", "secret", "device", "way_added", "way_dropped", "letter", "grant", "grant_ended", "employment", "employment_ended", "closed", "added", "imported", "organisation", "partnership":
		return "people.done." + did
	}
	return ""
}

// device tells what a browser says it is, in names that need no translation.
func device(c *fiber.Ctx) string {
	agent := c.Get(fiber.HeaderUserAgent)
	return strings.Join(append(first(agent, browsers), first(agent, systems)...), ", ")
}

var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome", "Chrome"}, {"Safari", "Safari"}}
	systems  = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"CrOS", "Chromebook"}, {"Mac OS", "Mac"}, {"Linux", "Linux"}}
)

func first(agent string, names [][2]string) []string {
	for _, name := range names {
		if strings.Contains(agent, name[0]) {
			return []string{name[1]}
		}
	}
	return nil
}
