package pages

import (
	"net/http"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

func (h handler) mine(c *fiber.Ctx) error {
	ctx, v := c.UserContext(), web.Viewer(c)
	list, err := h.certificates.Mine(ctx, v)
	if err != nil {
		return err
	}
	copies, err := h.certificates.MyCopies(ctx, v)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, minePage(minePageProps{Certificates: list, copies: copies, now: h.certificates.Now(), RunsSector: v.RunsSector()}))
}

func (h handler) certificate(c *fiber.Ctx) error { return h.showCertificate(c, http.StatusOK, nil) }

// showCertificate shows a certificate to its holder, with the form for a copy as it came back.
func (h handler) showCertificate(c *fiber.Ctx, status int, failed *web.Errors) error {
	ctx, v, id := c.UserContext(), web.Viewer(c), certificateOf(c)
	own, err := h.certificates.Own(ctx, v, id)
	if err != nil {
		return err
	}
	copies, err := h.certificates.Copies(ctx, v, id)
	if err != nil {
		return err
	}
	checks, next, err := h.certificates.Checks(ctx, v, id, web.Query(c, "after"))
	if err != nil {
		return err
	}
	p := certificatePageProps{Certificate: own, Copies: copies, Checks: checks, Next: next, Failed: failed,
		store: h.certificates, now: h.certificates.Now(), today: h.certificates.Today(), Done: web.Query(c, "done")}
	if failed == nil && p.drawing() {
		// The page looks again by itself until every copy is drawn. It names its address: where
		// that ends with a #place, a browser that is told no address only goes to the place.
		c.Set("Refresh", "3; url=/certificates/"+string(id))
	}
	return web.Render(c, status, certificatePage(p))
}

func (h handler) makeCopy(c *fiber.Ctx) error {
	id := certificateOf(c)
	_, err := h.certificates.MakeCopy(c.UserContext(), web.Viewer(c), certificates.NewCopy{Certificate: id, Label: web.Text(c, "label"),
		EndsOn: web.Text(c, "ends_on"), Name: certificates.NameKind(web.Text(c, "name")), Language: web.Text(c, "language"), Line: web.Text(c, "line")})
	if failed := web.Failed(c, err); failed != nil {
		return h.showCertificate(c, http.StatusUnprocessableEntity, failed)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/certificates/%s?done=made", id)
}

func (h handler) endCopy(c *fiber.Ctx) error {
	ctx, v, id := c.UserContext(), web.Viewer(c), copyOf(c)
	if err := h.certificates.EndCopy(ctx, v, id); err != nil {
		return err
	}
	ended, err := h.certificates.Copy(ctx, v, id)
	if err != nil {
		return err
	}
	return web.SeeOther(c, "/certificates/%s?done=ended", ended.CertificateID)
}

// file sends the PDF of one's own copy. Its name tells nothing.
func (h handler) file(c *fiber.Ctx) error {
	file, err := h.certificates.File(c.UserContext(), web.Viewer(c), copyOf(c))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/pdf")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="certificate.pdf"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return c.Send(file)
}
