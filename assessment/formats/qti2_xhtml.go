package formats

import (
	"bytes"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	nethtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The elements and attributes of HTML that QTI 2.1 takes over, by its schema
// (imsqti_v2p1.xsd, the groups of the XHTML modules).
const (
	qtiElements = "abbr acronym address blockquote br cite code dfn div em h1 h2 h3 h4 h5 h6 kbd p pre q samp span strong var dl dt dd ol ul li " +
		"object b big hr i small sub sup tt caption col colgroup table tbody td tfoot th thead tr img a"
	qtiAttributes = "id class src alt width height href type data colspan rowspan scope headers abbr axis span cite summary"
)

var markdownHTML = goldmark.New(goldmark.WithExtensions(extension.Table))

// xhtml is a text as QTI 2.1 holds it. It says whether marks were left out that QTI does
// not have.
func (t Text) xhtml() (words string, lost bool) {
	switch t.Markup {
	case Plain, "":
		return strings.ReplaceAll(escapeWords.Replace(strings.Map(xmlLetter, t.Words)), "\n", "<br/>"), false
	case Markdown:
		var b bytes.Buffer
		if err := markdownHTML.Convert([]byte(t.Words), &b); err != nil {
			return escapeWords.Replace(strings.Map(xmlLetter, t.Words)), true
		}
		words = strings.TrimSpace(b.String())
		if inner, one := strings.CutPrefix(words, "<p>"); one && strings.Count(words, "<p>") == 1 && strings.HasSuffix(inner, "</p>") {
			words = strings.TrimSuffix(inner, "</p>")
		}
	default:
		words = t.Words
	}
	nodes, err := nethtml.ParseFragment(strings.NewReader(words), &nethtml.Node{Type: nethtml.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return escapeWords.Replace(strings.Map(xmlLetter, bare(words))), true
	}
	var b strings.Builder
	for _, n := range nodes {
		if writeXHTML(&b, n, 0) {
			lost = true
		}
	}
	return b.String(), lost
}

func writeXHTML(b *strings.Builder, n *nethtml.Node, depth int) (lost bool) {
	switch {
	case n.Type == nethtml.TextNode:
		b.WriteString(escapeWords.Replace(strings.Map(xmlLetter, n.Data)))
		return false
	case n.Type != nethtml.ElementNode || oneOf(n.Data, "script style") || depth > 100:
		return n.Type == nethtml.ElementNode
	}
	known := oneOf(n.Data, qtiElements) || n.Namespace == "math"
	if known {
		b.WriteString("<" + n.Data)
		if n.Namespace == "math" && n.Data == "math" {
			b.WriteString(` xmlns="http://www.w3.org/1998/Math/MathML"`)
		}
		seen := map[string]bool{}
		for _, a := range n.Attr {
			if !oneOf(a.Key, qtiAttributes) || seen[a.Key] {
				lost = lost || a.Key != "lang" && n.Namespace == ""
				continue
			}
			seen[a.Key] = true
			b.WriteString(" " + a.Key + `="` + escapeValue.Replace(strings.Map(xmlLetter, anyHeldMark.ReplaceAllString(a.Val, ""))) + `"`)
		}
		if n.Data == "img" && !seen["alt"] {
			b.WriteString(` alt=""`)
		}
		if n.FirstChild == nil && voidElements[n.Data] {
			b.WriteString("/>")
			return lost
		}
		b.WriteString(">")
	}
	for k := n.FirstChild; k != nil; k = k.NextSibling {
		if writeXHTML(b, k, depth+1) {
			lost = true
		}
	}
	if known {
		b.WriteString("</" + n.Data + ">")
	}
	return lost || !known
}
