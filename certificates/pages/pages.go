// Package pages is what people see of certificates: their holders, who checks them,
// who decides on them, and the machines that read them.
package pages

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/document"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

const (
	// formLimit is how many bytes a form of this room may have.
	formLimit = 64 << 10
	// uploadLimit is a file and the form around it.
	uploadLimit = document.MaxFile + 64<<10
	// listLimit is a list of numbers, as a file or pasted, and the form around it.
	listLimit = maxList + 64<<10
)

type handler struct {
	certificates certificates.Store
	cohorts      cohorts.Store
	reading      chan struct{} // a place for each file that is read at a time
}

func newHandler(store certificates.Store, classes cohorts.Store) handler {
	return handler{store, classes, make(chan struct{}, 2)}
}

// Routes mounts the room's pages.
func Routes(app *web.App, store certificates.Store, classes cohorts.Store) {
	h := newHandler(store, classes)
	h.mountHolder(app)
	h.mountPublic(app)
	h.mountStaff(app)
}

func (h handler) mountHolder(app *web.App) {
	small := web.Limit(formLimit)
	app.SignedIn(fiber.MethodGet, "/certificates", h.mine)
	app.SignedIn(fiber.MethodGet, "/certificates/:certificate", h.certificate)
	app.SignedIn(fiber.MethodPost, "/certificates/:certificate/copies", h.makeCopy, small)
	app.SignedIn(fiber.MethodPost, "/copies/:copy/ending", h.endCopy, small)
	app.SignedIn(fiber.MethodGet, "/copies/:copy/certificate.pdf", h.file)
}

func (h handler) mountPublic(app *web.App) {
	often, seldom := web.PerAddress(120, time.Minute), web.PerAddress(30, time.Minute)
	app.Public(fiber.MethodGet, "/verify", h.verify)
	app.Public(fiber.MethodPost, "/verify", h.check, web.Limit(uploadLimit), seldom)
	app.Public(fiber.MethodPost, "/verify/receipts", h.receipt, web.Limit(formLimit), seldom)
	app.Public(fiber.MethodGet, "/verify/list", h.list)
	app.Public(fiber.MethodPost, "/verify/list", h.checkList, web.Limit(listLimit), web.PerAddress(6, time.Minute))
	app.Public(fiber.MethodGet, "/c/:code", h.code, often)
	app.Public(fiber.MethodGet, "/C/:code", h.code, often) // the whole address in capitals, as a QR code packs it best
	app.Public(fiber.MethodGet, "/credentials/:credential", h.credential, often)
	app.Public(fiber.MethodGet, "/status/revocation/:list", h.statusList, often)
	app.Public(fiber.MethodGet, "/achievements/:course/:edition", h.achievement, often)
	app.Public(fiber.MethodGet, "/.well-known/did.json", h.did, often)
	app.Public(fiber.MethodGet, "/trust", h.trust, often)
	app.Public(fiber.MethodGet, "/trust/authority.pem", h.authority, often)
}

func (h handler) mountStaff(app *web.App) {
	small := web.Limit(formLimit)
	app.SignedIn(fiber.MethodGet, "/enrolments/:enrolment/checklist", h.checklist)
	app.SignedIn(fiber.MethodPost, "/enrolments/:enrolment/decision", h.decide, small)
	app.SignedIn(fiber.MethodGet, "/cohorts/:cohort/graduation", h.graduation)
	app.SignedIn(fiber.MethodGet, "/register", h.register)
	app.SignedIn(fiber.MethodGet, "/register/:certificate", h.registered)
	app.SignedIn(fiber.MethodPost, "/certificates/:certificate/revocation", h.restand(certificates.Store.Revoke), small)
	app.SignedIn(fiber.MethodPost, "/certificates/:certificate/hold", h.restand(certificates.Store.Hold), small)
	app.SignedIn(fiber.MethodPost, "/certificates/:certificate/release", h.restand(certificates.Store.Release), small)
}

// API mounts the room's operations.
func API(api huma.API, store certificates.Store) {
	h := newHandler(store, cohorts.Store{})
	seldom := web.Allow(web.PerAddress(60, time.Minute), web.Limit(uploadLimit))
	huma.Get(api, "/certificates", h.apiMine, web.Scope("certificates"))
	huma.Get(api, "/copies/{copy}/certificate.pdf", h.apiFile, web.Scope("certificates"))
	huma.Get(api, "/verify/{code}", h.apiCode, web.Unauthenticated, seldom)
	huma.Post(api, "/verify", h.apiCheckFile, web.Unauthenticated, seldom, func(op *huma.Operation) { op.MaxBodyBytes = uploadLimit })
}

// checkFile reads a file, two at a time in this process: a file may cost milliseconds of
// reading, and a flood of them must not cost everyone else theirs.
func (h handler) checkFile(ctx context.Context, file []byte, how certificates.How) (certificates.Answer, error) {
	select {
	case h.reading <- struct{}{}:
		defer func() { <-h.reading }()
		return h.certificates.CheckFile(ctx, file, how)
	case <-ctx.Done():
		return certificates.Answer{}, ctx.Err()
	}
}

func certificateOf(c *fiber.Ctx) certificates.CertificateID {
	return certificates.CertificateID(web.Param(c, "certificate"))
}

func copyOf(c *fiber.Ctx) certificates.CopyID { return certificates.CopyID(web.Param(c, "copy")) }

func enrolmentOf(c *fiber.Ctx) cohorts.EnrolmentID {
	return cohorts.EnrolmentID(web.Param(c, "enrolment"))
}
