package content

import (
	"strconv"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/text/unicode/norm"
)

// anchors makes the ids of headings: unique in a text, and prefixed so that no
// author's word can take the name of something on the page around it.
type anchors struct {
	taken map[string]bool
	last  map[string]int // the number that headings of the same words came to
}

// Generate makes an id from a heading's words.
func (a *anchors) Generate(value []byte, _ ast.NodeKind) []byte {
	base := "s-" + slug(string(value))
	id := base
	n := max(a.last[base], 1)
	for a.taken[id] {
		n++
		id = base + "-" + strconv.Itoa(n)
	}
	if a.last == nil {
		a.last = map[string]int{}
	}
	a.last[base] = n
	a.Put([]byte(id))
	return []byte(id)
}

// Put notes an id that is taken.
func (a *anchors) Put(value []byte) {
	if a.taken == nil {
		a.taken = map[string]bool{}
	}
	a.taken[string(value)] = true
}

// slug makes small letters, digits and single hyphens of a text, without accents.
func slug(text string) string {
	if i := strings.LastIndex(text, "{"); i > 0 {
		text = text[:i]
	}
	var out strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(text)) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			out.WriteRune(r)
		case out.Len() > 0 && !strings.HasSuffix(out.String(), "-"):
			out.WriteByte('-')
		}
	}
	if s := strings.Trim(out.String(), "-"); s != "" {
		return s
	}
	return "section"
}
