package content

import (
	"os"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// running finds what could run or restyle a page in HTML; "" where nothing can.
func running(source string) (found string) {
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return err.Error()
	}
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if slices.Contains([]string{"script", "style", "iframe", "object", "embed", "svg", "math", "form", "input", "link", "meta", "base", "template"}, n.Data) {
				found = "<" + n.Data + ">"
			}
			for _, a := range n.Attr {
				scheme, _, _ := strings.Cut(strings.ToLower(strings.Map(withoutControls, a.Val)), ":")
				address := a.Key == "href" || a.Key == "src"
				if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" || address && slices.Contains([]string{"javascript", "vbscript", "data"}, scheme) {
					found = a.Key + "=" + a.Val
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	return found
}

// withoutControls drops what a browser ignores in an address.
func withoutControls(r rune) rune {
	if r <= ' ' {
		return -1
	}
	return r
}

func seeds(f *testing.F, more ...string) {
	f.Helper()
	for _, seed := range more {
		f.Add(seed)
	}
	entries, err := os.ReadDir("curriculum")
	if err != nil {
		f.Fatal(err)
	}
	for _, entry := range entries[:min(12, len(entries))] {
		if source, err := os.ReadFile("curriculum/" + entry.Name()); err == nil {
			f.Add(string(source))
		}
	}
}

func FuzzFrontMatter(f *testing.F) {
	seeds(f, "---\nid: T07\n---\n", "---\nid: &a [*a]\n---\n", "---\r\ntitle: [\r\n---\r\n", "---\n? {a: b}\n: c\n---\n", "---\nid: !!binary aGk=\n---\n",
		"---\na: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: [*b,*b,*b]\n---\n")
	f.Fuzz(func(t *testing.T, source string) {
		for _, name := range []string{"t07-a.md", "t07-a.es.md", "t07-a.guide.md", "protocols/mediation.md"} {
			proof := Lint(name, []byte(source), Known{})
			lines := strings.Count(source, "\n") + 1
			for _, finding := range proof.Findings {
				if finding.Line < 0 || finding.Line > lines+1 {
					t.Errorf("%s: told on line %d of %d: %s", name, finding.Line, lines, finding.Key)
				}
			}
			if found := running(proof.HTML + proof.AlternativeHTML); found != "" {
				t.Errorf("%s lets %s through", name, found)
			}
		}
	})
}

func FuzzText(f *testing.F) {
	seeds(f, "::: scenario\nText.\n\n## `<script>x</script>`\na\n\n## b\nc\n:::\n", "::: alternative\n[a]{term=trauma}[^s1]\n:::\n\n[^s1]: *a*\n",
		"[\"><script>x</script>]{term=trauma}\n", "## A {#x\"onclick=\"y\" minutes=3}\n\n[up](#x)\n", "[x](JaVaScRiPt:alert(1)) <https://a\"onmouseover=x>\n",
		"| a | b |\n| - | - |\n| 1 |\n", "![a](dot.png \"t\")\n", "[p](protocol:mediation)\n", "## a {style=x onclick=y .b}\n", "```x\" onclick=\"y\n<b>\n```\n", "[^a]\n\n[^a]: [^a]\n")
	known := Known{
		Terms:     []Term{{ID: "trauma", Lang: English, Term: "<b>", Meaning: "\"><script>"}},
		Protocols: []Protocol{{ID: "mediation", Version: 1, Sensitivity: Sensitivity{Open}}},
		Picture:   func(string) ([]byte, error) { return []byte("\x89PNG\r\n\x1a\n"), nil },
	}
	head := "---\nid: T07\ntitle: A\nlang: en\nversion: 1\nsensitivity: [O]\ncare: 1\nminutes: 60\nobjectives: [a]\nreviewed_by: b\nreviewed_on: 2026-11-16\n---\n"
	f.Fuzz(func(t *testing.T, body string) {
		proof := Lint("t07-a.md", []byte(head+body), known)
		drawn := proof.HTML + proof.AlternativeHTML
		if found := running(drawn); found != "" {
			t.Errorf("%s gets through", found)
		}
		if len(drawn) > 4096+400*len(body) {
			t.Errorf("%d bytes make %d", len(body), len(drawn))
		}
	})
}

func FuzzSafe(f *testing.F) {
	seeds(f, "<script>x</script>", "<a href=javascript:x>", "<a href=\"java\tscript:x\">", "<img src=x onerror=y>", "<p style=x>", "<svg><style><img title=\"</style><script>x\">",
		"<div class=\"callout callout-note\" role=note>", "<a href=\"&#106;avascript:x\">", "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=x&gt;\">")
	f.Fuzz(func(t *testing.T, source string) {
		out := safe(source)
		if found := running(out); found != "" {
			t.Errorf("%s gets through", found)
		}
		if again := safe(out); running(again) != "" || len(out) > 1024+20*len(source) {
			t.Errorf("%d bytes make %d, then %d", len(source), len(out), len(again))
		}
	})
}
