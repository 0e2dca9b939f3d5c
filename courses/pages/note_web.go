package pages

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// quietly says that a script asks, which needs no frame around the page.
func quietly(c *fiber.Ctx) bool { return web.Query(c, "quietly") != "" || web.Text(c, "quietly") != "" }

// notesOn are the reader's own notes on a module. The script of the module's page takes
// its words and forms from here, too.
func (h handler) notesOn(c *fiber.Ctx) error {
	section, err := strconv.Atoi(web.Query(c, "section"))
	if err != nil {
		section = 0
	}
	place, err := h.atHand(c)
	if err != nil {
		return err
	}
	return h.showNotesOn(c, http.StatusOK, place, section, nil)
}

func (h handler) showNotesOn(c *fiber.Ctx, status int, place courses.Place, section int, failed *web.Errors) error {
	notes, err := h.courses.NotesOn(c.UserContext(), web.Viewer(c), place.Module)
	if err != nil {
		return err
	}
	view := newModuleView(place)
	view.Asked = textLanguage(c)
	page := notesOnPage{view, notes, section, failed}
	if quietly(c) {
		return web.Render(c, status, notesOnModule(page))
	}
	return web.Render(c, status, notesOnModulePage(page))
}

// keepNote keeps marked words, written ones, or both. A script wants the notes back.
func (h handler) keepNote(c *fiber.Ctx) error {
	place, err := h.atHand(c)
	if err != nil {
		return err
	}
	section, err := strconv.Atoi(web.Text(c, "section"))
	if err != nil {
		section = -1
	}
	occurrence, err := strconv.Atoi(web.Text(c, "occurrence"))
	if err != nil {
		occurrence = 0
	}
	_, err = h.courses.KeepNote(c.UserContext(), web.Viewer(c), place.Module, courses.NewNote{
		Section: section, Quote: web.Text(c, "quote"), Occurrence: occurrence, Text: web.Text(c, "text")})
	if failed := web.Failed(c, err); failed != nil {
		return h.showNotesOn(c, http.StatusUnprocessableEntity, place, section, failed)
	}
	if err != nil {
		return err
	}
	view := newModuleView(place)
	view.Asked = textLanguage(c)
	if quietly(c) {
		return web.SeeOther(c, "%squietly=1", view.NotesAt(c.UserContext()))
	}
	return web.SeeOther(c, "%s", view.At(c.UserContext(), section))
}

// atHand is the module as its reader has it before them.
func (h handler) atHand(c *fiber.Ctx) (courses.Place, error) {
	ctx, v := c.UserContext(), web.Viewer(c)
	mine, err := h.mine.EditionsOf(ctx, v)
	if err != nil {
		return courses.Place{}, err
	}
	return h.courses.Look(ctx, v, moduleOf(c), textLanguage(c), mine...)
}

// notes lists all of them, a page at a time.
func (h handler) notes(c *fiber.Ctx) error {
	after := web.Query(c, "after")
	list, next, err := h.courses.Notes(c.UserContext(), web.Viewer(c), "", courses.NoteID(after))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, notesListPage(notesPage{Notes: list, Before: after != "", Next: next}))
}

// searchNotes looks for words. They are sent, not put into an address, which a browser keeps.
func (h handler) searchNotes(c *fiber.Ctx) error {
	typed := web.Text(c, "q")
	list, _, err := h.courses.Notes(c.UserContext(), web.Viewer(c), typed, "")
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, notesListPage(notesPage{Notes: list, Typed: typed}))
}

// notesFile is all of them as one text, to keep where the reader likes.
func (h handler) notesFile(c *fiber.Ctx) error {
	ctx := c.UserContext()
	list, err := h.courses.AllNotes(ctx, web.Viewer(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "text/markdown; charset=utf-8")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="notes.md"`)
	var out strings.Builder
	writeNotes(ctx, &out, list)
	return c.SendString(out.String())
}

// note is one of them, to change or to delete.
func (h handler) note(c *fiber.Ctx) error { return h.showNote(c, http.StatusOK, nil) }

func (h handler) showNote(c *fiber.Ctx, status int, failed *web.Errors) error {
	n, err := h.courses.Note(c.UserContext(), web.Viewer(c), noteOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, status, notePage(n, afterNote(c), failed))
}

func (h handler) changeNote(c *fiber.Ctx) error {
	err := h.courses.ChangeNote(c.UserContext(), web.Viewer(c), noteOf(c), web.Text(c, "text"))
	if failed := web.Failed(c, err); failed != nil {
		return h.showNote(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "%s", afterNote(c))
}

func (h handler) dropNote(c *fiber.Ctx) error {
	if err := h.courses.DropNote(c.UserContext(), web.Viewer(c), noteOf(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "%s", afterNote(c))
}

func (h handler) dropNotes(c *fiber.Ctx) error {
	if err := h.courses.DropNotes(c.UserContext(), web.Viewer(c)); err != nil {
		return err
	}
	return web.SeeOther(c, "/me/notes")
}

func noteOf(c *fiber.Ctx) courses.NoteID { return courses.NoteID(web.Param(c, "note")) }

// afterNote is where the reader came from: the list, unless a module says otherwise.
func afterNote(c *fiber.Ctx) string {
	if next := web.Next(c); strings.HasPrefix(next, "/modules/") {
		return next
	}
	return "/me/notes"
}

// noteAddress is a note's page, which leads back to where the reader was.
func noteAddress(n courses.PlacedNote, next string) string {
	address := "/me/notes/" + string(n.ID)
	if next != "" {
		address += "?next=" + url.QueryEscape(next)
	}
	return address
}
