// Package pages shows the curriculum to those who teach it, write it and review it, and to
// programs.
package pages

import (
	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// Routes mounts the room's pages.
func Routes(app *web.App, store content.Store) {
	h := handler{store}
	app.SignedIn(fiber.MethodGet, "/modules/:module/guide", h.guide)
	app.SignedIn(fiber.MethodGet, "/modules/:module/pictures/:picture", h.picture)
	app.SignedIn(fiber.MethodGet, "/curriculum", h.curriculum)
	app.SignedIn(fiber.MethodGet, "/curriculum/new", h.newModule)
	app.SignedIn(fiber.MethodPost, "/curriculum/new", h.begin)
	app.SignedIn(fiber.MethodGet, "/curriculum/protocols", h.protocols)
	app.SignedIn(fiber.MethodGet, "/curriculum/protocols/:protocol", h.protocolVersions)
	app.SignedIn(fiber.MethodGet, "/curriculum/:module", h.versions)
	app.SignedIn(fiber.MethodPost, "/drafts", h.revise)
	app.SignedIn(fiber.MethodGet, "/drafts/:draft", h.draft)
	app.SignedIn(fiber.MethodPost, "/drafts/:draft/submission", h.submit)
	app.SignedIn(fiber.MethodPost, "/drafts/:draft/submission/removal", h.takeBack)
	app.SignedIn(fiber.MethodPost, "/drafts/:draft/reviews", h.review)
	app.SignedIn(fiber.MethodPost, "/drafts/:draft/base", h.bringUpToDate)
	app.SignedIn(fiber.MethodPost, "/drafts/:draft/withdrawal", h.withdraw)
	app.SignedIn(fiber.MethodGet, "/drafts/:draft/texts/:text", h.edit)
	app.SignedIn(fiber.MethodPost, "/drafts/:draft/texts/:text", h.save)
	app.SignedIn(fiber.MethodPost, "/drafts/:draft/texts/:text/proof", h.proof)
	app.SignedIn(fiber.MethodGet, "/drafts/:draft/texts/:text/changes", h.changes)
	app.SignedIn(fiber.MethodGet, "/drafts/:draft/revisions/:revision", h.revision)
	app.SignedIn(fiber.MethodPost, "/drafts/:draft/pictures", h.addPicture)
	app.SignedIn(fiber.MethodGet, "/drafts/:draft/pictures/:picture", h.draftPicture)
	app.SignedIn(fiber.MethodGet, "/modules/:module/versions", h.moduleReleases)
	app.SignedIn(fiber.MethodGet, "/protocols/:protocol/versions", h.protocolReleases)
}

// API mounts the room's operations.
func API(api huma.API, store content.Store) {
	h := handler{store}
	huma.Get(api, "/modules/{module}", h.module, web.Scope("read"))
}

type handler struct{ content content.Store }
