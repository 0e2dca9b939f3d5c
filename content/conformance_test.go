package content

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var rewrite = flag.Bool("rewrite", false, "write testdata/deviations.md anew")

// example is one example of a published specification.
type example struct {
	Number   int    `json:"example"`
	Section  string `json:"section"`
	Markdown string `json:"markdown"`
	HTML     string `json:"html"`
}

func examples(t *testing.T, name string) (list []example) {
	t.Helper()
	file, err := os.ReadFile("testdata/" + name)
	if err == nil {
		err = json.Unmarshal(file, &list)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestEveryCommonMarkExampleRendersAsPublished(t *testing.T) {
	list := examples(t, "commonmark-0.31.2.json")
	if len(list) != 652 {
		t.Fatalf("%d examples", len(list))
	}
	plainly := goldmark.New(goldmark.WithRendererOptions(gmhtml.WithXHTML(), gmhtml.WithUnsafe()))
	for _, e := range list {
		var out bytes.Buffer
		if err := plainly.Convert([]byte(e.Markdown), &out); err != nil || out.String() != e.HTML {
			t.Errorf("example %d: %q, want %q (%v)", e.Number, out.String(), e.HTML, err)
		}
	}
}

func TestEveryGFMExampleRendersAsPublished(t *testing.T) {
	list := examples(t, "gfm.json")
	if len(list) != 24 {
		t.Fatalf("%d examples", len(list))
	}
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithRendererOptions(gmhtml.WithUnsafe()))
	for _, e := range list {
		var out bytes.Buffer
		if err := md.Convert([]byte(e.Markdown), &out); err != nil || tree(out.String(), nil) != tree(strings.ReplaceAll(e.HTML, ` align="`, ` style="text-align:`), nil) && tree(out.String(), nil) != tree(e.HTML, nil) {
			t.Errorf("example %d: %q, want %q (%v)", e.Number, out.String(), e.HTML, err)
		}
	}
}

// tree writes HTML in one way whatever its spelling, without the attributes that are named.
func tree(source string, without []string) string {
	nodes, err := html.ParseFragment(strings.NewReader(source), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil {
		return err.Error()
	}
	var out strings.Builder
	var write func(n *html.Node, pre bool)
	write = func(n *html.Node, pre bool) {
		switch {
		case n.Type == html.TextNode && pre:
			fmt.Fprintf(&out, "%q", n.Data)
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "":
			fmt.Fprintf(&out, "%q", strings.Join(strings.Fields(n.Data), " "))
		case n.Type == html.ElementNode:
			slices.SortFunc(n.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
			fmt.Fprintf(&out, "<%s", n.Data)
			for _, a := range n.Attr {
				if !slices.Contains(without, a.Key) {
					fmt.Fprintf(&out, " %s=%q", a.Key, a.Val)
				}
			}
			out.WriteString(">")
			for c := n.FirstChild; c != nil; c = c.NextSibling {
				write(c, pre || n.Data == "pre")
			}
			out.WriteString("</>")
		case n.Type != html.TextNode:
			fmt.Fprintf(&out, "<!%q>", n.Data)
		}
	}
	for _, n := range nodes {
		write(n, false)
	}
	return out.String()
}

// reasons are why an example is drawn otherwise in the Academy's texts.
var reasons = [][2]string{
	{"html", "raw HTML is refused: it could run, and can't be reviewed by who reads Markdown"},
	{"link", "links lead to a web page, an e-mail address, a phone number or a heading of the same text; others are refused"},
	{"heading", "the first level is the page's title, no level is skipped, and a heading carries nothing but its name"},
	{"picture", "pictures stand beside the text, under a plain name"},
	{"form", "::: and [^ mean something here"},
	{"name", "headings carry a name for links to them, made of their words"},
	{"referrer", "links out carry rel, so that nobody learns where a reader came from"},
	{"table", "tables scroll in a frame of their own, without alignment; their headings say what they head"},
	{"language", "code shows no language: nothing colours it"},
	{"not ours", "strikethrough, boxes to tick and addresses without <> are no part of the format"},
	{"second wall", "the sanitiser writes the address or the mark in another way, or leaves it out"},
}

// reason says why an example deviates; "" where it is drawn as published.
func reason(e example, gfm bool) string {
	problems := &Problems{}
	d := &document{lang: English, words: wordsOf[English], level: 1, picture: noPicture, problems: problems}
	drawn := d.draw([]byte(e.Markdown), 1)
	same := func(without ...string) bool { return tree(drawn, without) == tree(e.HTML, without) }
	if same() && len(problems.List) == 0 {
		return ""
	}
	for _, p := range problems.List {
		for kind, keys := range map[string][]string{
			"html": {"html"}, "link": {"link", "anchor_missing", "protocol_missing"}, "heading": {"heading_one", "heading_jump", "attribute", "anchor_twice"},
			"picture": {"protocol_part", "picture_words"}, "form": {"footnote_unknown", "term_form"},
		} {
			if slices.Contains(keys, strings.TrimPrefix(p.Key, "content.problem.")) {
				return kind
			}
		}
	}
	switch {
	case gfm && !strings.Contains(e.HTML, "<table"):
		return "not ours"
	case strings.Contains(e.HTML, "<table"):
		return "table"
	case same("id"):
		return "name"
	case same("id", "rel"):
		return "referrer"
	case same("id", "rel", "class"):
		return "language"
	}
	return "second wall"
}

func TestDeviationsFromTheSpecificationsAreListed(t *testing.T) {
	var out strings.Builder
	out.WriteString("# Where the Academy's Markdown deviates\n\nExamples of CommonMark 0.31.2 and of GitHub Flavored Markdown that come out otherwise with the Academy's\n" +
		"extensions and sanitiser on. `go test ./content -run Deviations -rewrite` writes this list anew.\n\n| reason | |\n| --- | --- |\n")
	for _, r := range reasons {
		fmt.Fprintf(&out, "| %s | %s |\n", r[0], r[1])
	}
	for _, spec := range []struct{ title, file string }{{"CommonMark 0.31.2", "commonmark-0.31.2.json"}, {"GFM", "gfm.json"}} {
		list, deviating := examples(t, spec.file), 0
		var rows strings.Builder
		for _, e := range list {
			if why := reason(e, spec.title == "GFM"); why != "" {
				deviating++
				fmt.Fprintf(&rows, "| %d | %s | %s |\n", e.Number, e.Section, why)
			}
		}
		fmt.Fprintf(&out, "\n## %s\n\n%d of %d examples deviate.\n\n| example | section | reason |\n| --- | --- | --- |\n%s", spec.title, deviating, len(list), rows.String())
	}
	if *rewrite {
		if err := os.WriteFile("testdata/deviations.md", []byte(out.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	checkedIn, err := os.ReadFile("testdata/deviations.md")
	if err != nil {
		t.Fatal(err)
	}
	want, got := strings.Split(string(checkedIn), "\n"), strings.Split(out.String(), "\n")
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("not listed: %s", line)
		}
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("listed, and not so: %s", line)
		}
	}
}
