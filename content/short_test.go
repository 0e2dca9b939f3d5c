package content

import (
	"strings"
	"testing"
)

func TestShortTextIsDrawnSafely(t *testing.T) {
	for name, row := range map[string]struct {
		source, html string
		problems     int
	}{
		"one paragraph fits a label": {"She is **calm** now.", "She is <strong>calm</strong> now.", 0},
		"two paragraphs stay two":    {"One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>", 0},
		"a script is told":           {"Hi <script>alert(1)</script>", "", 1},
		"a heading is told":          {"Hi\n# Loud", "", 2},
		"a picture is told":          {"![a map](map.png)", "", 1},
	} {
		problems := Problems{Path: "q.md"}
		html := Short(row.source, 7, &problems)
		if row.html != "" && html != row.html {
			t.Errorf("%s: %q, want %q", name, html, row.html)
		}
		if strings.Contains(html, "<script") {
			t.Errorf("%s: %q", name, html)
		}
		if len(problems.List) != row.problems {
			t.Errorf("%s: %v, want %d problems", name, problems.List, row.problems)
		}
		for _, p := range problems.List {
			if p.Line != 7 && p.Line != 8 {
				t.Errorf("%s: told on line %d", name, p.Line)
			}
		}
	}
}
