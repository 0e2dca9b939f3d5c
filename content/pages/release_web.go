package pages

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// releasesPage is the versions of one text.
type releasesPage struct {
	Address string // of the text
	List    []content.Release
}

// Before is the version of the same language that came before one; ok is false at the first.
func (p releasesPage) Before(of content.Release) (before content.Release, ok bool) {
	for _, r := range p.List {
		if r.Lang == of.Lang && r.Version < of.Version {
			return r, true
		}
	}
	return content.Release{}, false
}

// Difference is the address of what changed between two versions.
func (p releasesPage) Difference(before, after content.Release) string {
	return fmt.Sprintf("%s/versions?lang=%s&from=%d&to=%d", p.Address, after.Lang, before.Version, after.Version)
}

// First is the oldest version of the language, where it is not the one before already.
func (p releasesPage) First(of content.Release) (first content.Release, ok bool) {
	before, _ := p.Before(of)
	for _, r := range p.List {
		if r.Lang == of.Lang && r.Version < before.Version {
			first, ok = r, true
		}
	}
	return first, ok
}

// moduleReleases lists the versions of a module or, where two are named, tells them apart.
func (h handler) moduleReleases(c *fiber.Ctx) error {
	ctx, v, id := c.UserContext(), web.Viewer(c), content.ModuleOf(web.Param(c, "module"))
	address := "/modules/" + id.Slug()
	if lang, from, to, named := compared(c); named {
		found, err := h.content.CompareModule(ctx, v, id, lang, from, to)
		if err != nil {
			return err
		}
		return web.Render(c, http.StatusOK, differencePage(address+"/versions", found))
	}
	list, err := h.content.ModuleReleases(ctx, v, id)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, releaseList(releasesPage{address, list}))
}

// protocolReleases is moduleReleases for a protocol.
func (h handler) protocolReleases(c *fiber.Ctx) error {
	ctx, v, id := c.UserContext(), web.Viewer(c), content.ProtocolOf(web.Param(c, "protocol"))
	if lang, from, to, named := compared(c); named {
		found, err := h.content.CompareProtocol(ctx, v, id, lang, from, to)
		if err != nil {
			return err
		}
		return web.Render(c, http.StatusOK, differencePage(id.Address()+"/versions", found))
	}
	list, err := h.content.ProtocolReleases(ctx, v, id)
	if err != nil {
		return err
	}
	return web.Render(c, http.StatusOK, releaseList(releasesPage{id.Address(), list}))
}

// compared reads which versions are to be compared, in which language. What is no number
// is the version 0, which no text has.
func compared(c *fiber.Ctx) (lang content.Lang, from, to int, named bool) {
	number := func(text string) int {
		n, err := strconv.Atoi(text)
		if err != nil {
			return 0
		}
		return n
	}
	if lang = content.Lang(web.Query(c, "lang")); lang == "" {
		lang = content.Lang(web.Language(c.UserContext()))
	}
	named = web.Query(c, "from") != "" || web.Query(c, "to") != ""
	return lang, number(web.Query(c, "from")), number(web.Query(c, "to")), named
}

// day is a calendar day in words.
func day(ctx context.Context, text string) string {
	parsed, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return text
	}
	return web.DateYear(ctx, parsed, nil)
}

// words: content.lang.*
