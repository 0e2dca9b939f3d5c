package formats

import (
	"regexp"
	"strings"
)

var (
	markupPrefix = regexp.MustCompile(`^\s*\[(html|moodle|plain|markdown)\]`)
	aroundBreak  = regexp.MustCompile(`[ \t\f\v]*\n[ \t\f\v\n]*`)
)

const blanks = " \t\r\n\f\v"

// giftWords reads a text of GIFT: its markup, where it names one, and its words without
// their escapes. Where a file breaks a line is of no meaning, except in Markdown; a break
// that is meant is written \n.
func giftWords(raw string, usual Markup) Text {
	markup := usual
	if m := markupPrefix.FindStringSubmatch(raw); m != nil {
		markup, raw = Markup(m[1]), raw[len(m[0]):]
	}
	raw = strings.Trim(raw, blanks)
	if markup != Markdown {
		raw = aroundBreak.ReplaceAllString(raw, " ")
	}
	return text(markup, unescape(raw))
}

// text is words in a markup. Where there are no words there is no markup either.
func text(markup Markup, words string) Text {
	if words == "" {
		return Text{}
	}
	return Text{markup, words}
}

// unescape takes the backslash from before what GIFT uses for itself. Before anything
// else it is a backslash.
func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			switch next := s[i+1]; next {
			case '\\', ':', '#', '=', '{', '}', '~':
				b.WriteByte(next)
				i++
				continue
			case 'n':
				b.WriteByte('\n')
				i++
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

var escapes = strings.NewReplacer(`\`, `\\`, `:`, `\:`, `#`, `\#`, `=`, `\=`, `{`, `\{`, `}`, `\}`, `~`, `\~`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`)

func escape(s string) string { return escapes.Replace(s) }

// index finds the first place of a mark that no backslash escapes, or −1.
func index(s, mark string) int {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case strings.HasPrefix(s[i:], mark):
			return i
		}
	}
	return -1
}

// cutAt splits a text at the first mark that no backslash escapes.
func cutAt(s, mark string) (before, after string, found bool) {
	if at := index(s, mark); at >= 0 {
		return s[:at], s[at+len(mark):], true
	}
	return s, "", false
}
