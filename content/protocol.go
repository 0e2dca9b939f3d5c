package content

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"
)

// ProtocolID is the short name of a protocol, such as mediation. Its address is
// /protocols/mediation.
type ProtocolID string

var protocolIDForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// Known says whether id has the form of a protocol's id.
func (id ProtocolID) Known() bool { return protocolIDForm.MatchString(string(id)) }

// Address is the protocol's page.
func (id ProtocolID) Address() string { return "/protocols/" + string(id) }

// ProtocolOf reads the id out of an address, where case does not matter.
func ProtocolOf(slug string) ProtocolID { return ProtocolID(strings.ToLower(slug)) }

// Standing says whose word a protocol is.
type Standing string

// The standings of a protocol.
const (
	StandingDraft Standing = "draft"     // the Academy's draft of a common practice
	Confirmed     Standing = "confirmed" // the partners have agreed on it
)

// Protocol is one version, in one language, of a practice that the partners of CP4P
// share. It has an owner, who answers for it, and a day by which it is looked at again.
type Protocol struct {
	bun.BaseModel `bun:"table:protocol_versions,alias:pv"`

	Hash        Hash       `bun:",pk"`
	ID          ProtocolID `bun:"protocol_id"`
	Lang        Lang
	Version     int
	Title       string
	Sensitivity Sensitivity `bun:"type:jsonb"`
	Owner       string
	Standing    Standing
	Sources     []string `bun:"type:jsonb"`
	Translates  Hash     `bun:",nullzero"`
	ReviewedBy  string
	ReviewedOn  string // YYYY-MM-DD
	ReviewDue   string // YYYY-MM-DD
	Path        string
	Source      string
	HTML        string `bun:"html"`
	Words       int
	Joint       bool // seen by whom a joint session opens a module that cites it
	PublishedAt time.Time

	Fallback bool `bun:"-"`
}

// Overdue says whether the day by which the protocol was to be looked at again is past.
func (r Protocol) Overdue(today string) bool { return r.ReviewDue < today }

// ReadingMinutes is about how long the text takes.
func (r Protocol) ReadingMinutes() int { return Module{Words: r.Words}.ReadingMinutes() }

func (r Protocol) identity() identity { return identity{ModuleID(r.ID), r.Lang, r.Version, r.Hash} }

// Citation is a protocol as a module's page names it.
type Citation struct {
	ID    ProtocolID
	Lang  Lang
	Title string
}

// Protocols are those that the module cites and its viewer may see, each in the
// viewer's language or else in English.
func (m Module) Protocols() []Citation { return ReadCitations(m.Cited) }

// ReadCitations reads rows of id, language and title: each protocol once, in another
// language than English where there is one.
func ReadCitations(rows string) (list []Citation) {
	for _, row := range strings.Split(rows, "\n") {
		parts := strings.SplitN(row, " ", 3)
		if len(parts) < 3 {
			continue
		}
		one := Citation{ProtocolID(parts[0]), Lang(parts[1]), parts[2]}
		at := slices.IndexFunc(list, func(c Citation) bool { return c.ID == one.ID })
		switch {
		case at < 0:
			list = append(list, one)
		case one.Lang != English:
			list[at] = one
		}
	}
	slices.SortFunc(list, func(a, b Citation) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list
}

const protocolLinkStart = `<a href="/protocols/`

var protocolLink = regexp.MustCompile(`(?s)` + protocolLinkStart + `([a-z0-9-]+)"[^>]*>(.*?)</a>`)

// WithoutHiddenLinks takes the links to protocols that the viewer may not see out of the
// texts: their words stay.
func (m Module) WithoutHiddenLinks() Module {
	if !strings.Contains(m.HTML, protocolLinkStart) && !strings.Contains(m.AlternativeHTML, protocolLinkStart) {
		return m
	}
	seen := m.Protocols()
	keep := func(link string) string {
		parts := protocolLink.FindStringSubmatch(link)
		if slices.ContainsFunc(seen, func(c Citation) bool { return string(c.ID) == parts[1] }) {
			return link
		}
		return parts[2]
	}
	m.HTML = protocolLink.ReplaceAllStringFunc(m.HTML, keep)
	m.AlternativeHTML = protocolLink.ReplaceAllStringFunc(m.AlternativeHTML, keep)
	return m
}
