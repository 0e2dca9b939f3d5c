// Package pages shows trainees their course and its modules, and staff the courses of
// their sector.
package pages

import (
	"context"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// MyCourse tells which editions a viewer learns now, the newest first. Cohorts know.
type MyCourse interface {
	EditionsOf(ctx context.Context, v people.Viewer) ([]courses.EditionID, error)
}

// Routes mounts the room's pages.
func Routes(app *web.App, store courses.Store, mine MyCourse) {
	h := handler{store, mine}
	app.SignedIn(fiber.MethodGet, "/modules/:module", h.module)
	app.SignedIn(fiber.MethodPost, "/modules/:module/place", h.keepPlace)
	app.SignedIn(fiber.MethodPost, "/modules/:module/completion", h.complete)
	app.SignedIn(fiber.MethodGet, "/modules/:module/pause", h.pause)
	app.SignedIn(fiber.MethodPost, "/modules/:module/pause", h.stopHere)
	app.SignedIn(fiber.MethodGet, "/modules/:module/another-way", h.anotherWay)
	app.SignedIn(fiber.MethodGet, "/modules/:module/notes", h.notesOn)
	app.SignedIn(fiber.MethodPost, "/modules/:module/notes", h.keepNote)
	app.SignedIn(fiber.MethodGet, "/me/notes", h.notes)
	app.SignedIn(fiber.MethodGet, "/me/notes/file", h.notesFile)
	app.SignedIn(fiber.MethodPost, "/me/notes/search", h.searchNotes)
	app.SignedIn(fiber.MethodPost, "/me/notes/removal", h.dropNotes)
	app.SignedIn(fiber.MethodGet, "/me/notes/:note", h.note)
	app.SignedIn(fiber.MethodPost, "/me/notes/:note", h.changeNote)
	app.SignedIn(fiber.MethodPost, "/me/notes/:note/removal", h.dropNote)
	app.SignedIn(fiber.MethodGet, "/me/readings", h.record)
	app.SignedIn(fiber.MethodGet, "/me/readings/file", h.recordFile)
	app.SignedIn(fiber.MethodGet, "/protocols", h.protocols)
	app.SignedIn(fiber.MethodGet, "/protocols/:protocol", h.protocol)
	app.SignedIn(fiber.MethodPost, "/protocols/:protocol/readings", h.readProtocol)
	app.SignedIn(fiber.MethodGet, "/course", h.myCourse)
	app.SignedIn(fiber.MethodGet, "/courses", h.list)
	app.SignedIn(fiber.MethodGet, "/courses/:course", h.course)
	app.SignedIn(fiber.MethodGet, "/courses/:course/editions", h.editions)
}

// API mounts the room's operations. What else can be searched is told by finders.
func API(api huma.API, store courses.Store, finders ...Finder) {
	h := handler{courses: store}
	huma.Get(api, "/courses", h.apiCourses, web.Scope("read"))
	huma.Get(api, "/courses/{course}", h.apiCourse, web.Scope("read"))
	huma.Get(api, "/search", search(append([]Finder{store.Find}, finders...)), web.Scope("read"))
}

type handler struct {
	courses courses.Store
	mine    MyCourse
}

func moduleOf(c *fiber.Ctx) content.ModuleID { return content.ModuleOf(web.Param(c, "module")) }

func language(ctx context.Context) content.Lang { return content.Lang(web.Language(ctx)) }
