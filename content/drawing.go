package content

import (
	"fmt"
	"html"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/renderer"
	gmhtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// drawing writes the nodes that goldmark does not know, and those that we draw otherwise.
type drawing struct{ *document }

// RegisterFuncs names who writes what.
func (d *drawing) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	tables := 0
	r.Register(kindFence, d.writeFence)
	r.Register(kindChoice, d.writeChoice)
	r.Register(kindTerm, d.writeTerm)
	r.Register(kindMedia, d.writeMedia)
	r.Register(ast.KindHeading, d.writeHeading)
	r.Register(extast.KindTableCell, d.writeCell)
	r.Register(extast.KindTable, func(w util.BufWriter, _ []byte, _ ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			// A wide table scrolls in its own frame, which a keyboard can reach and a reader can name.
			tables++
			fmt.Fprintf(w, "<div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"%s %d\"><table>\n", d.words.table, tables)
		} else {
			_, _ = w.WriteString("</table></div>\n")
		}
		return ast.WalkContinue, nil
	})
}

// writeCell writes one cell. Where the first column has no heading it holds the
// headings of the rows; a heading with no words is none.
func (d *drawing) writeCell(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	tag, scope := "td", ""
	if inHeader := n.Parent().Kind() == extast.KindTableHeader; inHeader && n.HasChildren() {
		tag, scope = "th", " scope=\"col\""
	} else if !inHeader && n.PreviousSibling() == nil && namesRows(n.Parent().Parent()) {
		tag, scope = "th", " scope=\"row\""
	}
	if entering {
		fmt.Fprintf(w, "<%s%s>", tag, scope)
	} else {
		fmt.Fprintf(w, "</%s>\n", tag)
	}
	return ast.WalkContinue, nil
}

func namesRows(table ast.Node) bool {
	header := table.FirstChild()
	return header != nil && header.FirstChild() != nil && !header.FirstChild().HasChildren()
}

func (d *drawing) writeFence(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	kind := n.(*fence).kind
	if !entering {
		_, _ = w.WriteString("</div>\n")
		return ast.WalkContinue, nil
	}
	fmt.Fprintf(w, "<div class=\"callout callout-%s\" role=\"note\"><p class=\"callout-label\">%s</p>\n",
		kind, html.EscapeString(d.words.fences[kind]))
	return ast.WalkContinue, nil
}

func (d *drawing) writeChoice(w util.BufWriter, source []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		_, _ = w.WriteString("</details>\n")
		return ast.WalkContinue, nil
	}
	words := n.FirstChild()
	fmt.Fprintf(w, "<details class=\"scenario-choice\"><summary>%s</summary>\n", html.EscapeString(plain(words, source)))
	n.RemoveChild(n, words)
	return ast.WalkContinue, nil
}

func (d *drawing) writeTerm(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	t := n.(*term)
	_, _ = w.WriteString("<a class=\"term\"")
	if t.first {
		fmt.Fprintf(w, " id=\"m-ref-%s\"", t.id)
	}
	fmt.Fprintf(w, " href=\"#m-term-%s\">%s</a>", t.id, html.EscapeString(string(t.word)))
	return ast.WalkContinue, nil
}

func (d *drawing) writeHeading(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	n := node.(*ast.Heading)
	if !entering {
		if minutes, timed := n.AttributeString("minutes"); timed {
			fmt.Fprintf(w, " <span class=\"guide-minutes\">%v %s</span>", minutes, d.words.minutes)
		}
		fmt.Fprintf(w, "</h%d>\n", n.Level)
		return ast.WalkContinue, nil
	}
	fmt.Fprintf(w, "<h%d", n.Level)
	if id, ok := n.AttributeString("id"); ok {
		gmhtml.RenderAttributes(w, headingID(id), nil)
	}
	_ = w.WriteByte('>')
	return ast.WalkContinue, nil
}

// headingID is a node that carries nothing but the id, so that no other attribute is written.
func headingID(id any) ast.Node {
	n := ast.NewTextBlock()
	n.SetAttributeString("id", id)
	return n
}
