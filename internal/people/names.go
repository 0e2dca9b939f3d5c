package people

import (
	"encoding/hex"
	"net/mail"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// LongestName is the most letters one name may have. The longest that we know of
// in real use has 105.
const LongestName = 200

// CleanText keeps a name as it was given, in NFC, without what can't be seen: line
// breaks and tabs become spaces; other control characters, zero-width marks and
// direction overrides, with which one name can pass for another, go. Joiners stay
// where scripts and pictures need them, between two visible characters.
func CleanText(text string) string {
	in := []rune(norm.NFC.String(strings.ToValidUTF8(text, "")))
	out := make([]rune, 0, len(in))
	for i, r := range in {
		switch {
		case unicode.IsSpace(r):
			if len(out) > 0 && out[len(out)-1] != ' ' {
				out = append(out, ' ')
			}
		case r == '\u200c' || r == '\u200d':
			if i > 0 && i+1 < len(in) && joins(in[i-1]) && joins(in[i+1]) {
				out = append(out, r)
			}
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
		default:
			out = append(out, r)
		}
	}
	return strings.TrimSpace(string(out))
}

// joins says whether a joiner beside r means something: in Arabic and Indic
// scripts and in pictures, not in Latin, Greek or Cyrillic letters.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsSymbol(r)) &&
		!unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

// NormalEmail is the address as sign-in names keep it: trimmed and case folded,
// with a +tag kept. It says false for what can't be an address.
func NormalEmail(text string) (string, bool) {
	text = strings.ToLower(CleanText(text))
	address, err := mail.ParseAddress(text)
	if err != nil || address.Address != text || len(text) > 254 {
		return "", false
	}
	return text, true
}

// NormalPhone is the number in the manner of E.164: a plus sign and digits. Ten
// digits are taken as a number of the United States. It says false for what can't
// be a phone number.
func NormalPhone(text string) (string, bool) {
	var digits strings.Builder
	plus := strings.HasPrefix(strings.TrimSpace(text), "+")
	for _, r := range text {
		switch {
		case r >= '0' && r <= '9':
			digits.WriteRune(r)
		case !strings.ContainsRune(" +-.()/\u00a0\u2011\u2013", r):
			return "", false
		}
	}
	number := digits.String()
	switch {
	case !plus && len(number) == 10:
		number = "1" + number
	case !plus && !(len(number) == 11 && number[0] == '1'):
		return "", false
	}
	if len(number) < 8 || len(number) > 15 {
		return "", false
	}
	return "+" + number, true
}

// fold is how names are compared: no case, no marks, one space between words.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.Is(unicode.Mn, r):
		case unicode.IsLetter(r), unicode.IsNumber(r):
			b.WriteRune(unicode.ToLower(r))
		case r == '\'' || r == '’':
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// orderKey is folded text in hexadecimal: it sorts by code point in every
// collation, so a prefix is a plain range of an ordinary index on both engines.
func orderKey(text string) string { return hex.EncodeToString([]byte(fold(text))) }

// nameKeys are the order keys of every word of the names.
func nameKeys(names ...string) []string {
	seen := map[string]bool{}
	var keys []string
	for _, word := range strings.Fields(fold(strings.Join(names, " "))) {
		if key := hex.EncodeToString([]byte(word)); !seen[key] {
			seen[key] = true
			keys = append(keys, key)
		}
	}
	return keys
}
