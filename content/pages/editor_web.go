package pages

import (
	"io"
	"net/http"
	"slices"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func partOf(c *fiber.Ctx) content.Part { return content.Part(web.Param(c, "text")) }

// quietly says whether a script asks: it wants parts of a page, and stays where it is.
func quietly(c *fiber.Ctx) bool { return web.Text(c, "quietly") != "" }

// edit shows a text to write in, beside its page.
func (h handler) edit(c *fiber.Ctx) error {
	return h.showEditor(c, "", nil)
}

// proof draws what was typed without keeping it.
func (h handler) proof(c *fiber.Ctx) error { return h.showEditor(c, "typed", nil) }

// showEditor draws the editor: with the text that stands, or with what was typed.
func (h handler) showEditor(c *fiber.Ctx, typed string, failed *web.Errors) error {
	ctx, v, part := c.UserContext(), web.Viewer(c), partOf(c)
	d, texts, err := h.content.Draft(ctx, v, draftOf(c))
	if err != nil {
		return err
	}
	if !slices.Contains(d.Parts(), part) || !d.Open() {
		return fault.NotFound
	}
	view := editorView{Draft: d, Texts: texts, Part: part, Zone: h.content.Zone(), Failed: failed,
		Source: texts[part].Source, Based: texts[part].ID, Beside: web.Query(c, "beside") != "" && part.Original() != ""}
	if view.Source == "" {
		view.Source = d.Start(part, texts)
	}
	if typed != "" {
		view.Source, view.Based = web.Text(c, "source"), content.RevisionID(web.Text(c, "revision"))
	}
	bench, err := h.content.Bench(ctx, v, d, texts, part, view.Source)
	if err != nil {
		return err
	}
	if view.Proof, err = bench.Sheet(ctx, part); err != nil {
		return err
	}
	if quietly(c) {
		return web.Render(c, http.StatusOK, proofParts(view))
	}
	if d.State == content.Waiting {
		return web.Render(c, http.StatusOK, readPage(view))
	}
	if view.Beside {
		if view.Original, err = bench.Sheet(ctx, part.Original()); err != nil {
			return err
		}
	}
	status := http.StatusOK
	if failed.Any() {
		status = http.StatusUnprocessableEntity
	}
	return web.Render(c, status, editorPage(view))
}

// save keeps what was typed. Where somebody else saved meanwhile it is kept aside, and
// both are shown.
func (h handler) save(c *fiber.Ctx) error {
	r, err := h.content.Save(c.UserContext(), web.Viewer(c), draftOf(c), partOf(c), content.RevisionID(web.Text(c, "revision")), web.Text(c, "source"))
	if failed := web.Failed(c, err); failed != nil && !quietly(c) {
		return h.showEditor(c, "typed", failed)
	}
	switch {
	case err != nil:
		return err
	case quietly(c) && r.Aside:
		return web.Render(c, http.StatusConflict, asideNotice(r))
	case quietly(c):
		return web.Render(c, http.StatusOK, savedNotice(r, h.content.Zone()))
	case r.Aside:
		return web.SeeOther(c, "/drafts/%s/revisions/%s", r.DraftID, r.ID)
	}
	return web.SeeOther(c, "/drafts/%s/texts/%s#saved", r.DraftID, string(r.Part))
}

// revision shows an earlier or a kept-aside state of a text beside the one that stands.
func (h handler) revision(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	r, err := h.content.Revision(ctx, v, draftOf(c), content.RevisionID(web.Param(c, "revision")))
	if err != nil {
		return err
	}
	d, texts, err := h.content.Draft(ctx, v, draftOf(c))
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, revisionPage(revisionView{Draft: d, Revision: r, Head: texts[r.Part], Zone: h.content.Zone()}))
}

// changes shows word by word what a draft's text changes in the version that is published.
func (h handler) changes(c *fiber.Ctx) error {
	ctx, v, part := c.UserContext(), web.Viewer(c), partOf(c)
	d, texts, err := h.content.Draft(ctx, v, draftOf(c))
	if err != nil {
		return err
	}
	if !slices.Contains(d.Parts(), part) {
		return fault.NotFound
	}
	published, err := h.content.PublishedText(ctx, v, d, part)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, changesPage(changesView{Draft: d, Part: part, Pieces: content.Difference(published, texts[part].Source), New: published == ""}))
}

// addPicture keeps a picture with a draft and tells what to write to show it.
func (h handler) addPicture(c *fiber.Ctx) error {
	part := content.Part(web.Text(c, "part"))
	if _, _, err := h.content.Draft(c.UserContext(), web.Viewer(c), draftOf(c)); err != nil {
		return err
	}
	name, bytes, err := received(c, "picture")
	if err == nil {
		name, err = h.content.AddPicture(c.UserContext(), web.Viewer(c), draftOf(c), name, bytes)
	}
	if failed := web.Failed(c, err); failed != nil {
		if quietly(c) {
			return c.Status(http.StatusUnprocessableEntity).SendString(failed.For("picture"))
		}
		return web.Render(c, http.StatusUnprocessableEntity, picturePage(draftOf(c), part, "", failed))
	}
	if err != nil {
		return err
	}
	if quietly(c) {
		return c.SendString(name)
	}
	return web.Render(c, http.StatusOK, picturePage(draftOf(c), part, name, nil))
}

func received(c *fiber.Ctx, field string) (name string, bytes []byte, err error) {
	header, err := c.FormFile(field)
	if err != nil {
		return "", nil, fault.Invalid(field, "content.picture.missing")
	}
	file, err := header.Open()
	if err != nil {
		return "", nil, err
	}
	defer func() { err = closed(err, file) }()
	bytes, err = io.ReadAll(io.LimitReader(file, content.PictureLimit+1))
	return header.Filename, bytes, err
}

func closed(err error, file io.Closer) error {
	if failed := file.Close(); err == nil {
		err = failed
	}
	return err
}

// draftPicture answers a picture of a draft.
func (h handler) draftPicture(c *fiber.Ctx) error {
	pic, err := h.content.DraftPicture(c.UserContext(), web.Viewer(c), draftOf(c), web.Param(c, "picture"))
	if err != nil {
		return err
	}
	return sendPicture(c, pic)
}
