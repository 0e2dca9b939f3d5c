package document

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// maxName is the longest name in runes; 120 still fit on two lines.
const maxName = 160

// ErrNoName says that nothing to draw is left of a name.
var ErrNoName = errors.New("the name is empty")

// ErrLongName says that a name has more than 160 characters.
var ErrLongName = errors.New("the name is too long for the page")

// GlyphError names the first character of a text that no face of the
// certificate can draw: another script, an emoji, anything above U+FFFF.
type GlyphError struct{ Rune rune }

func (e GlyphError) Error() string { return fmt.Sprintf("no glyph for %q (%U)", e.Rune, e.Rune) }

// Clean is a name as it is stored and signed: NFC, without controls, marks of
// direction and invisible joiners, one space between words.
func Clean(name string) string {
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), r == utf8.RuneError, invisible(r):
			return -1
		}
		return r
	}, name)
	return strings.Join(strings.Fields(norm.NFC.String(name)), " ")
}

// invisible tells what would turn or hide letters: bidirectional overrides and
// isolates, zero-width joiners, variation selectors, tags.
func invisible(r rune) bool {
	return r == 0x00ad || r == 0x061c || r == 0xfeff || r == 0x034f ||
		r >= 0x200b && r <= 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2060 && r <= 0x206f ||
		r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0000 && r <= 0xe0fff
}

// CanDraw tells whether a name can stand on a certificate, once it is cleaned.
// It fails with ErrNoName, ErrLongName or a GlyphError.
func CanDraw(name string) error {
	name = Clean(name)
	switch n := utf8.RuneCountInString(name); {
	case n == 0:
		return ErrNoName
	case n > maxName:
		return ErrLongName
	}
	return drawable(name)
}

func drawable(text string) error {
	has := glyphs()
	for _, r := range text {
		if !has[r] {
			return GlyphError{r}
		}
	}
	return nil
}
