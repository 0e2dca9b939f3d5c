package database

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold makes texts alike that a reader takes for alike: letters without their marks
// and in lower case, so that "cafe" finds "Café" on both engines.
func Fold(text string) string {
	var b strings.Builder
	b.Grow(len(text))
	for _, r := range norm.NFKD.String(text) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return norm.NFC.String(b.String())
}

// longestWord is more than any word has; PostgreSQL refuses words above 2 KB.
const longestWord = 100

// words cuts folded text into its words. The engines would cut "de-escalation" or an
// address each in their own way.
func words(text string) []string {
	all := strings.FieldsFunc(Fold(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) || r == utf8.RuneError
	})
	kept := all[:0]
	for _, word := range all {
		if len(word) <= longestWord {
			kept = append(kept, word)
		}
	}
	return kept
}
