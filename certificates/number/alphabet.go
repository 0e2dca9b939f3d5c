package number

import "strings"

// alphabet is Crockford's base 32: no I, L, O or U, so that a number read over
// the phone or copied by hand has no twins (https://www.crockford.com/base32.html).
const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// longest is more than any honest way to write a number and a share code needs;
// what is longer is refused unread.
const longest = 128

// symbols reads what a person typed: letters of either case, O for 0, I and L
// for 1, and any spaces, dashes, dots, slashes or underscores between. It fails
// with ErrForm on anything else.
func symbols(typed string) (string, error) {
	if len(typed) > longest {
		return "", ErrForm
	}
	var b strings.Builder
	for _, r := range typed {
		switch {
		case r == 'o' || r == 'O':
			b.WriteByte('0')
		case r == 'i' || r == 'I' || r == 'l' || r == 'L':
			b.WriteByte('1')
		case separator(r):
		case r < 0x80:
			c := strings.ToUpper(string(r))
			if !strings.Contains(alphabet, c) {
				return "", ErrForm
			}
			b.WriteString(c)
		default:
			return "", ErrForm
		}
	}
	return b.String(), nil
}

// separator tells what stands between groups: e-mail programs and word
// processors turn a hyphen into a dash and a space into a no-break one.
func separator(r rune) bool {
	switch r {
	case ' ', '\t', '\r', '\n', '-', '.', '_', '/', ':',
		'\u00a0', '\u00ad', '\u200b', '\u202f', '\u2212', '\ufeff':
		return true
	}
	return r >= '\u2010' && r <= '\u2015'
}

// checkSymbol is the Luhn mod 32 symbol of the given ones. It catches every
// single wrong symbol and nearly every swap of two neighbours.
func checkSymbol(s string) byte {
	sum, factor := 0, 2
	for i := len(s) - 1; i >= 0; i-- {
		v := factor * strings.IndexByte(alphabet, s[i])
		sum += v/32 + v%32
		factor = 3 - factor
	}
	return alphabet[(32-sum%32)%32]
}

// draw makes n random symbols of five bits each.
func draw(random []byte) string {
	out := make([]byte, len(random))
	for i, b := range random {
		out[i] = alphabet[b&31]
	}
	return string(out)
}
