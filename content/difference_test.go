package content_test

import (
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/content"
)

// shown writes pieces as one reads them: [-removed-] {+added+}.
func shown(pieces []content.Piece) string {
	var out strings.Builder
	for _, p := range pieces {
		switch p.Change {
		case content.Removed:
			out.WriteString("[-" + p.Text + "-]")
		case content.Added:
			out.WriteString("{+" + p.Text + "+}")
		default:
			out.WriteString(p.Text)
		}
	}
	return out.String()
}

func TestADifferenceIsToldWordByWord(t *testing.T) {
	for name, row := range map[string]struct{ before, after, want string }{
		"nothing":                {"", "", ""},
		"the same":               {"Breathe.\nWait.\n", "Breathe.\nWait.\n", "Breathe.\nWait.\n"},
		"all is new":             {"", "Breathe.\n", "{+Breathe.\n+}"},
		"all is gone":            {"Breathe.\n", "", "[-Breathe.\n-]"},
		"a word":                 {"Wait two minutes.\n", "Wait five minutes.\n", "Wait [-two-]{+five+} minutes.\n"},
		"a phrase, as a whole":   {"Call the desk now.\n", "Call your lead now.\n", "Call [-the desk-]{+your lead+} now.\n"},
		"a mark alone":           {"Wait, then call.\n", "Wait; then call.\n", "Wait[-,-]{+;+} then call.\n"},
		"letters with accents":   {"Espere, compañera.\n", "Espere, compañero.\n", "Espere, [-compañera-]{+compañero+}.\n"},
		"an apostrophe":          {"We don't go.\n", "We do go.\n", "We [-don't-]{+do+} go.\n"},
		"a line between others":  {"a\nc\n", "a\nb\nc\n", "a\n{+b\n+}c\n"},
		"only the ends of lines": {"a\r\nb\r\n", "a\nb\n", "a\nb\n"},
		"the last end":           {"a\nb", "a\nb\n", "a\nb{+\n+}"},
		"bytes that are no text": {"a \xff b\n", "a \xfe b\n", "a [-\xff-]{+\xfe+} b\n"},
	} {
		if got := shown(content.Difference(row.before, row.after)); got != row.want {
			t.Errorf("%s: %q, want %q", name, got, row.want)
		}
	}
}

// joined is what one side of a difference says.
func joined(pieces []content.Piece, without content.Change) string {
	var out strings.Builder
	for _, p := range pieces {
		if p.Change != without {
			out.WriteString(p.Text)
		}
	}
	return out.String()
}

func FuzzADifferenceLosesNothing(f *testing.F) {
	f.Add("one two three\nfour\n", "one 2 three\n\nfour five")
	f.Add("a  b", "a b ")
	f.Add("niño\r\n", "nin\u0303o\n")
	f.Fuzz(func(t *testing.T, before, after string) {
		pieces := content.Difference(before, after)
		plain := func(s string) string { return strings.ReplaceAll(s, "\r\n", "\n") }
		if got := joined(pieces, content.Added); got != plain(before) {
			t.Errorf("before is %q, not %q", got, plain(before))
		}
		if got := joined(pieces, content.Removed); got != plain(after) {
			t.Errorf("after is %q, not %q", got, plain(after))
		}
		for i, p := range pieces {
			if p.Text == "" || i > 0 && pieces[i-1].Change == p.Change {
				t.Errorf("an idle piece: %q", pieces)
			}
		}
	})
}
