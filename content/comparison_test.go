package content_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/metropolitan-peace-academy/academy/content"
)

// compared writes stretches as one reads them, folded ones by their length.
func compared(before, after string) string {
	var out []string
	for _, stretch := range content.Compare(before, after) {
		if stretch.Folded {
			out = append(out, fmt.Sprintf("(%d)", len(stretch.Lines)))
			continue
		}
		for _, line := range stretch.Lines {
			out = append(out, string(line.Kind)+": "+shown(line.Pieces))
		}
	}
	return strings.Join(out, "\n")
}

func TestVersionsAreComparedAsOneReadsThem(t *testing.T) {
	head := func(more string) string { return "---\nid: T07\nversion: 1\n" + more + "---\n" }
	for name, row := range map[string]struct{ before, after, want string }{
		"far from a change is folded": {"a\n\nb\n\nc\n\nd\n\ne\n", "a\n\nb\n\nc\n\nx\n\ne\n", "(2)\nparagraph: c\nparagraph: [-d-]{+x+}\nparagraph: e"},
		"all the same":                {"a\n\nb\n", "a\n\nb\n", "(2)"},
		"facts":                       {head("title: Heat\nminutes: 60\n") + "\nText.\n", head("title: Heat\nminutes: 90\n") + "\nText.\n", "fact: title: Heat\nfact: minutes: [-60-]{+90+}\nparagraph: Text."},
		"the number alone":            {head("") + "Text.\n", strings.Replace(head(""), "1", "2", 1) + "Text.\n", "(1)"},
		"headings, entries, labels": {"## One {#one}\n\n- a\n\n::: care\nHard.\n:::\n", "## Two {#one}\n\n- b\n\n::: note\nHard.\n:::\n",
			"heading: [-One-]{+Two+}\nentry: [-a-]{+b+}\nlabel: [-care-]{+note+}\nparagraph: Hard."},
		"a term and a place that moved": {"[Heat]{term=heat} is [a rule](protocol:one).\n", "[Heat]{term=hot} is [a rule](protocol:two).\n", "(1)"},
		"a new paragraph":               {"a\n\nc\n", "a\n\nb\n\nc\n", "paragraph: a\nparagraph: {+b+}\nparagraph: c"},
		"script":                        {"a\n", "<script>\n", "paragraph: [-a-]{+<script>+}"},
	} {
		if got := compared(row.before, row.after); got != row.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, row.want)
		}
	}
}
