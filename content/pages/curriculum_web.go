package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// modulesShown is how many modules stand on one page of the list, draftsShown how many drafts above it.
const modulesShown, draftsShown = 50, 30

// curriculum lists what is on its way and every module that one's sector sees.
func (h handler) curriculum(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	view := curriculumView{Asked: web.Query(c, "q"), Zone: h.content.Zone(), Me: v.Person()}
	entries, err := h.content.Entries(ctx, v, view.Asked, content.ModuleID(web.Query(c, "after")), modulesShown+1)
	if err != nil {
		return err
	}
	if len(entries) > modulesShown {
		entries = entries[:modulesShown]
		view.More = entries[modulesShown-1].ID
	}
	view.Entries = entries
	if view.Drafts, err = h.content.Drafts(ctx, v, draftsShown); err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, curriculumPage(view))
}

// versions tells what changed with each version of a module.
func (h handler) versions(c *fiber.Ctx) error {
	ctx, v, id := c.UserContext(), web.Viewer(c), content.ModuleOf(web.Param(c, "module"))
	if !content.Writes(v) {
		return fault.NotFound
	}
	m, err := h.content.Module(ctx, v, id, content.English)
	if err != nil {
		return err
	}
	changes, err := h.content.VersionNotes(ctx, v, id)
	if err != nil {
		return err
	}
	corrected, err := h.content.Corrected(ctx, v, id)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, versionsPage(versionsView{Title: m.Title, Under: string(m.ID), Field: "module", Slug: m.ID.Slug(), Corrected: corrected,
		Address: "/modules/" + m.ID.Slug(), Back: "/curriculum", Changes: changes, Zone: h.content.Zone()}))
}

// protocols lists the protocols that one's sector sees.
func (h handler) protocols(c *fiber.Ctx) error {
	view := protocolsView{Zone: h.content.Zone()}
	entries, err := h.content.ProtocolEntries(c.UserContext(), web.Viewer(c), content.ProtocolID(web.Query(c, "after")), modulesShown+1)
	if err != nil {
		return err
	}
	if len(entries) > modulesShown {
		entries = entries[:modulesShown]
		view.After = "/curriculum/protocols?after=" + string(entries[modulesShown-1].ID)
	}
	view.Entries = entries
	return web.Render(c, http.StatusOK, protocolsPage(view))
}

// protocolVersions tells what changed with each version of a protocol.
func (h handler) protocolVersions(c *fiber.Ctx) error {
	id := content.ProtocolOf(web.Param(c, "protocol"))
	title, changes, err := h.content.ProtocolNotes(c.UserContext(), web.Viewer(c), id)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, versionsPage(versionsView{Title: title, Under: web.T(c.UserContext(), "content.protocols.one"), Field: "protocol", Slug: string(id),
		Address: id.Address(), Back: "/curriculum/protocols", Changes: changes, Zone: h.content.Zone()}))
}
