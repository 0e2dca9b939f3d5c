package pages

import (
	"errors"
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// revisionsShown is how much of a draft's history stands on its page.
const revisionsShown = 20

// revise begins a draft on the newest version of a module or a protocol.
func (h handler) revise(c *fiber.Ctx) error {
	if protocol := web.Text(c, "protocol"); protocol != "" {
		id, err := h.content.ReviseProtocol(c.UserContext(), web.Viewer(c), content.ProtocolOf(protocol))
		if err != nil {
			return err
		}
		return web.SeeOther(c, "/drafts/%s", id)
	}
	id, err := h.content.Revise(c.UserContext(), web.Viewer(c), content.ModuleOf(web.Text(c, "module")))
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/drafts/%s", id)
}

func (h handler) newModule(c *fiber.Ctx) error {
	if !content.Writes(web.Viewer(c)) {
		return fault.NotFound
	}
	return web.Render(c, http.StatusOK, newModulePage(web.Viewer(c).Sector(), nil))
}

// begin begins a draft of a new module or protocol.
func (h handler) begin(c *fiber.Ctx) error {
	v := web.Viewer(c)
	id, err := h.content.Begin(c.UserContext(), v, content.Kind(web.Text(c, "kind")), web.Text(c, "title"), content.Audience(web.Text(c, "audience")))
	if failed := web.Failed(c, err); failed != nil {
		return web.Render(c, http.StatusUnprocessableEntity, newModulePage(v.Sector(), failed))
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/drafts/%s", id)
}

func draftOf(c *fiber.Ctx) content.DraftID { return content.DraftID(web.Param(c, "draft")) }

// draft shows where a draft stands, and what can be done with it.
func (h handler) draft(c *fiber.Ctx) error { return h.showDraft(c, http.StatusOK, nil) }

func (h handler) showDraft(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	d, texts, err := h.content.Draft(ctx, v, draftOf(c))
	if err != nil {
		return err
	}
	view := draftView{Draft: d, Texts: texts, Zone: h.content.Zone(), Failed: failed}
	if view.Ways, err = h.content.WayOf(ctx, v, d.ID); err != nil {
		return err
	}
	if view.Revisions, err = h.content.Revisions(ctx, v, d.ID, content.RevisionID(web.Query(c, "before")), revisionsShown+1); err != nil {
		return err
	}
	if d.State == content.Writing {
		if view.Bench, err = h.content.Bench(ctx, v, d, texts, "", ""); err != nil {
			return err
		}
		if view.OldCheck, err = h.content.CheckBehind(ctx, d, texts); err != nil {
			return err
		}
	}
	if d.State == content.Waiting {
		if view.Wrote, err = h.content.Wrote(ctx, v, d); err != nil {
			return err
		}
	}
	return web.Render(c, status, draftPage(view))
}

// submit hands a draft in.
func (h handler) submit(c *fiber.Ctx) error {
	err := h.content.Submit(c.UserContext(), web.Viewer(c), draftOf(c), content.Discipline(web.Text(c, "discipline")), web.Text(c, "note"))
	return h.back(c, err)
}

func (h handler) takeBack(c *fiber.Ctx) error {
	return h.back(c, h.content.TakeBack(c.UserContext(), web.Viewer(c), draftOf(c)))
}

func (h handler) bringUpToDate(c *fiber.Ctx) error {
	return h.back(c, h.content.BringUpToDate(c.UserContext(), web.Viewer(c), draftOf(c)))
}

// withdraw gives a draft up, after the page has asked.
func (h handler) withdraw(c *fiber.Ctx) error {
	if err := h.content.Withdraw(c.UserContext(), web.Viewer(c), draftOf(c)); err != nil {
		return h.back(c, err)
	}
	return web.SeeOther(c, "/curriculum")
}

// review answers a submission.
func (h handler) review(c *fiber.Ctx) error {
	_, err := h.content.Review(c.UserContext(), web.Viewer(c), content.Review{
		DraftID: draftOf(c), SubmissionID: content.SubmissionID(web.Text(c, "submission")), Verdict: content.Verdict(web.Text(c, "verdict")),
		Discipline: content.Discipline(web.Text(c, "discipline")), Comment: web.Text(c, "comment"),
	})
	return h.back(c, err)
}

// back leads back to the draft, or shows it with what was wrong with the form.
func (h handler) back(c *fiber.Ctx, err error) error {
	var conflict *fault.ConflictError
	if errors.As(err, &conflict) {
		err = &fault.InvalidError{Problems: []fault.Problem{{Sentence: conflict.Sentence}}}
		return h.showDraft(c, http.StatusConflict, web.Failed(c, err))
	}
	if failed := web.Failed(c, err); failed != nil {
		return h.showDraft(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/drafts/%s", draftOf(c))
}
