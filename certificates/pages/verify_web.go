package pages

import (
	"io"
	"net/http"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/document"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// unseen keeps a check out of caches, search engines and other sites' logs.
func unseen(c *fiber.Ctx) {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	c.Set("X-Robots-Tag", "noindex")
}

func (h handler) verify(c *fiber.Ctx) error {
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
	return web.Render(c, http.StatusOK, verifyPage(verifyPageProps{Sample: h.certificates.Sample()}))
}

// check answers a number with its share code, or a file.
func (h handler) check(c *fiber.Ctx) error {
	unseen(c)
	if strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEMultipartForm) {
		return h.checkUpload(c)
	}
	copy, err := certificates.ReadTyped(web.Text(c, "number"), web.Text(c, "share"))
	if err != nil {
		return h.askAgain(c, err)
	}
	answer, err := h.certificates.CheckNumber(c.UserContext(), copy, certificates.ByNumber)
	if err != nil {
		return err
	}
	return h.showVerdict(c, answer, certificates.ByNumber)
}

func (h handler) checkUpload(c *fiber.Ctx) error {
	file, err := upload(c, "file", document.MaxFile)
	if err != nil {
		return h.askAgain(c, err)
	}
	answer, err := h.checkFile(c.UserContext(), file, certificates.ByFile)
	if err != nil {
		return err
	}
	return h.showVerdict(c, answer, certificates.ByFile)
}

// code answers the address that a QR code carries, in either case.
func (h handler) code(c *fiber.Ctx) error {
	unseen(c)
	copy, err := certificates.ReadCode(web.Param(c, "code"))
	if err != nil {
		return h.askAgain(c, err)
	}
	answer, err := h.certificates.CheckNumber(c.UserContext(), copy, certificates.ByCode)
	if err != nil {
		return err
	}
	return h.showVerdict(c, answer, certificates.ByCode)
}

func (h handler) askAgain(c *fiber.Ctx, err error) error {
	failed := web.Failed(c, err)
	if failed == nil {
		return err
	}
	return web.Render(c, http.StatusUnprocessableEntity, verifyPage(verifyPageProps{Failed: failed, Sample: h.certificates.Sample()}))
}

func (h handler) showVerdict(c *fiber.Ctx, answer certificates.Answer, how certificates.How) error {
	receipt, err := h.certificates.Receipt(answer, how)
	if err != nil {
		return err
	}
	token, err := receipt.Token()
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, verdictPage(verdictPageProps{Answer: answer, How: how, Receipt: receipt, Token: token,
		Zone: h.certificates.Zone(), Sample: h.certificates.Sample()}))
}

// receipt gives the receipt of a check as a page to print or a file to keep.
func (h handler) receipt(c *fiber.Ctx) error {
	unseen(c)
	receipt, err := h.certificates.OpenReceipt(web.Text(c, "receipt"))
	if err != nil {
		return err
	}
	if web.Text(c, "as") == "json" {
		c.Set(fiber.HeaderContentDisposition, `attachment; filename="receipt.json"`)
		return sendJSON(c, "application/json", receipt)
	}
	return web.Render(c, http.StatusOK, receiptPage(receiptPageProps{Receipt: receipt, Zone: h.certificates.Zone()}))
}

// upload reads the file of a form, of at most so many bytes.
func upload(c *fiber.Ctx, field string, limit int64) ([]byte, error) {
	header, err := c.FormFile(field)
	if err != nil || header.Size == 0 {
		return nil, fault.Invalid(field, "certificates.verify.file_missing")
	}
	if header.Size > limit {
		return nil, fault.Invalid(field, "certificates.verify.file_large", "Megabytes", limit>>20)
	}
	file, err := header.Open()
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }()
	return io.ReadAll(io.LimitReader(file, limit))
}
