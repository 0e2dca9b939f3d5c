package content

import (
	"regexp"
	"sync"

	"github.com/microcosm-cc/bluemonday"
)

// safe is the second wall: whatever comes out of the drawing, only these elements
// and attributes reach a page. Raw HTML is refused before, at import.
func safe(html string) string { return policy().Sanitize(html) }

// policy is built once: its many expressions take longer than a short text.
var policy = sync.OnceValue(func() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "strong", "em", "code", "pre",
		"blockquote", "table", "thead", "tbody", "tr", "th", "td", "div", "section", "span", "sup",
		"details", "summary", "dl", "dt", "dd", "a", "img")
	p.AllowAttrs("id").Matching(regexp.MustCompile(`^(s|m)-[a-z0-9:-]+$`)).Globally()
	p.AllowAttrs("class").Matching(regexp.MustCompile(`^(callout callout-[a-z]+|callout-label|scenario-choice|term|terms|term-back|media media-audio|media media-video|media-facts|` +
		`table-scroll|guide-minutes|unseen|footnotes|footnote-ref|footnote-backref)$`)).Globally()
	p.AllowAttrs("role").Matching(regexp.MustCompile(`^(note|region|doc-noteref|doc-endnotes|doc-backlink)$`)).Globally()
	p.AllowAttrs("tabindex").Matching(regexp.MustCompile(`^0$`)).OnElements("div")
	p.AllowAttrs("aria-label").OnElements("div")
	p.AllowAttrs("aria-hidden").Matching(regexp.MustCompile(`^true$`)).OnElements("span")
	p.AllowAttrs("scope").Matching(regexp.MustCompile(`^(col|row)$`)).OnElements("th")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("title", "href").OnElements("a")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.Integer).OnElements("img")
	p.AllowAttrs("loading").Matching(regexp.MustCompile(`^lazy$`)).OnElements("img")
	p.AllowAttrs("src").Matching(regexp.MustCompile(`^/modules/[a-z0-9]+/pictures/[a-z0-9._-]+$`)).OnElements("img")
	p.AllowAttrs("rel").Matching(regexp.MustCompile(`^noreferrer$`)).OnElements("a")
	p.AllowURLSchemes("https", "http", "mailto", "tel")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	p.RequireNoReferrerOnFullyQualifiedLinks(true)
	return p
})
