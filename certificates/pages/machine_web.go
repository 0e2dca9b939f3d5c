package pages

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/number"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// credential is the signed data of a copy, for its holder or with ?share=CODE.
func (h handler) credential(c *fiber.Ctx) error {
	unseen(c)
	share, err := number.ParseShare(web.Query(c, "share"))
	if err != nil {
		share = "" // a code of another form is no code
	}
	raw, err := h.certificates.Credential(c.UserContext(), web.Viewer(c), certificates.CopyID(web.Param(c, "credential")), share)
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/vc")
	return c.Send(raw)
}

// open lets checkers that run in a browser elsewhere read what is public anyway.
func open(c *fiber.Ctx, kind, cache string) {
	c.Set(fiber.HeaderContentType, kind)
	c.Set(fiber.HeaderCacheControl, cache)
	c.Set(fiber.HeaderAccessControlAllowOrigin, "*")
	c.Set("Cross-Origin-Resource-Policy", "cross-origin")
}

func (h handler) statusList(c *fiber.Ctx) error {
	n, err := strconv.Atoi(web.Param(c, "list"))
	if err != nil {
		return fault.NotFound
	}
	raw, err := h.certificates.StatusList(c.UserContext(), n)
	if err != nil {
		return err
	}
	open(c, "application/vc", "public, max-age=300")
	return c.Send(raw)
}

func (h handler) did(c *fiber.Ctx) error {
	_, raw, err := h.certificates.IssuerDocument(c.UserContext())
	if err != nil {
		return err
	}
	open(c, "application/did+json", "public, max-age=300")
	return c.Send(raw)
}

// achievementBody is an Open Badges 3.0 Achievement.
type achievementBody struct {
	Context         []string     `json:"@context"`
	ID              string       `json:"id"`
	Type            []string     `json:"type"`
	AchievementType string       `json:"achievementType"`
	HumanCode       string       `json:"humanCode"`
	Name            string       `json:"name"`
	Description     string       `json:"description"`
	Version         string       `json:"version"`
	InLanguage      string       `json:"inLanguage"`
	Criteria        criteriaBody `json:"criteria"`
	Tag             []string     `json:"tag,omitempty"`
}

// achievementTypes are the words of Open Badges for what a certificate says.
var achievementTypes = map[courses.Wording]string{courses.Completed: "CertificateOfCompletion", courses.TookPart: "Course"}

type criteriaBody struct {
	Narrative string `json:"narrative"`
}

func (h handler) achievement(c *fiber.Ctx) error {
	a, err := h.certificates.Achievement(c.UserContext(), web.Param(c, "course"), web.Param(c, "edition"))
	if err != nil {
		return err
	}
	c.Vary(fiber.HeaderAccept)
	if accepts := c.Get(fiber.HeaderAccept); strings.Contains(accepts, "json") && !strings.Contains(accepts, "text/html") {
		body := achievementBody{Context: []string{"https://www.w3.org/ns/credentials/v2", "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"},
			ID: a.Address, Type: []string{"Achievement"}, AchievementType: achievementTypes[a.Wording], HumanCode: a.Code, Name: a.Title.EN, Version: a.Edition,
			InLanguage: "en", Description: a.Title.EN + ", edition " + a.Edition, Criteria: criteriaBody{web.T(c.UserContext(), "certificates.achievement.how")}}
		for _, area := range a.Areas {
			body.Tag = append(body.Tag, area.In(content.English))
		}
		open(c, "application/ld+json", "public, max-age=300")
		return sendJSON(c, "application/ld+json", body)
	}
	return web.Render(c, http.StatusOK, achievementPage(a))
}

// trust tells in words what a check without us relies on.
func (h handler) trust(c *fiber.Ctx) error {
	ctx := c.UserContext()
	did, _, err := h.certificates.IssuerDocument(ctx)
	if err != nil {
		return err
	}
	p := trustPageProps{DID: did, Sample: h.certificates.Sample()}
	authority, err := h.certificates.PageAuthority(ctx)
	switch {
	case err == nil:
		p.Fingerprint = fingerprint(authority)
	case !errors.Is(err, fault.NotFound):
		return err
	}
	return web.Render(c, http.StatusOK, trustPage(p))
}

func (h handler) authority(c *fiber.Ctx) error {
	der, err := h.certificates.PageAuthority(c.UserContext())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/x-pem-file")
	c.Set(fiber.HeaderContentDisposition, `attachment; filename="academy-authority.pem"`)
	return c.Send(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// fingerprint is the SHA-256 of a certificate as readers show it: "A1:B2:…".
func fingerprint(der []byte) string {
	parts := make([]string, sha256.Size)
	for i, b := range sha256.Sum256(der) {
		parts[i] = fmt.Sprintf("%02X", b)
	}
	return strings.Join(parts, ":")
}

// sendJSON writes JSON as it is signed and served here: without escapes for HTML.
func sendJSON(c *fiber.Ctx, kind string, body any) error {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(body); err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, kind)
	return c.Send(out.Bytes())
}
