package content

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// Parts cuts the drawn text at its sections: what stands before the first of them, then
// each with its heading. tail is what follows the text: the meanings of its terms and its
// footnotes.
func (m Module) Parts() (parts []string, tail string) {
	rest := m.HTML
	for _, section := range m.Sections {
		at := strings.Index(rest, `<h2 id="`+section.Anchor+`">`)
		if at < 0 {
			at = len(rest)
		}
		parts, rest = append(parts, rest[:at]), rest[at:]
	}
	end := len(rest)
	for _, opening := range []string{`<section class="terms">`, `<div class="footnotes"`} {
		if at := strings.Index(rest[:end], opening); at >= 0 {
			end = at
		}
	}
	return append(parts, rest[:end]), rest[end:]
}

// Plain is what a drawn text says, without its marks and with single spaces: the words
// that a reader can mark in it.
func Plain(drawn string) string {
	var out strings.Builder
	words := html.NewTokenizer(strings.NewReader(drawn))
	for {
		switch words.Next() {
		case html.ErrorToken: // a string ends in no other way
			return SingleSpaces(out.String())
		case html.TextToken:
			out.Write(words.Text())
		}
	}
}

// SingleSpaces puts one space where a text has any, and none at its ends.
func SingleSpaces(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r == '\uFEFF' }), " ")
}
