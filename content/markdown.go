package content

import (
	"bytes"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	extast "github.com/yuin/goldmark/extension/ast"
	markdown "github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// document is one Markdown text on its way to a page: what it needs to know, what
// it finds, and what is wrong with it.
type document struct {
	lang     Lang
	id       ModuleID
	words    docWords
	terms    map[string]Term
	picture  func(name string, line int, problems *Problems) (Picture, bool)
	timed    bool // headings may carry {minutes=20}: a guide
	level    int  // of the heading that the page shows above the text
	problems *Problems

	source    []byte
	firstLine int
	used      []string // ids of glossary terms, in the order met
	minutes   int      // sum of what the headings carry
	sections  []Section
	pictures  []Picture
	careNote  string
	measure   measure
}

// docWords are the few words that a drawn text brings along. They belong to the
// stored text, in its language, and so stand here and not among the words of pages.
type docWords struct {
	fences              map[string]string
	terms, back, source string
	table, minutes      string
}

var wordsOf = map[Lang]docWords{
	English: {
		fences: map[string]string{
			"note": "Note", "care": "Before you read on", "practice": "Practice with others",
			"law": "The law", "try": "Try this", "scenario": "An invented scene: what would you do?",
		},
		terms: "Words in this text", back: "Back to the text", source: "Source", table: "Table", minutes: "min",
	},
	Spanish: {
		fences: map[string]string{
			"note": "Nota", "care": "Antes de seguir", "practice": "Para practicar en grupo",
			"law": "La ley", "try": "Haga la prueba", "scenario": "Una escena inventada: ¿qué haría usted?",
		},
		terms: "Palabras de este texto", back: "Volver al texto", source: "Fuente", table: "Tabla", minutes: "min",
	},
}

func (p *parser) document(lang Lang, id ModuleID, problems *Problems) *document {
	return &document{lang: lang, id: id, words: wordsOf[lang], terms: p.terms[lang], level: 1, picture: p.picture, problems: problems}
}

// draw turns Markdown into safe HTML. firstLine is the file's line on which body starts.
func (d *document) draw(body []byte, firstLine int) string {
	d.source, d.firstLine = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), firstLine
	md := d.markdown()
	root := md.Parser().Parse(text.NewReader(d.source), markdown.WithContext(markdown.NewContext(markdown.WithIDs(&anchors{}))))
	d.look(root)
	var out bytes.Buffer
	if err := md.Renderer().Render(&out, d.source, root); err != nil {
		d.problems.Add(firstLine, "content.problem.render", "Detail", err.Error())
	}
	d.writeTerms(&out)
	return safe(out.String())
}

func (d *document) markdown() goldmark.Markdown {
	return goldmark.New(
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.NewFootnote(
				extension.WithFootnoteIDPrefix("m-"),
				extension.WithFootnoteLinkTitle(d.words.source+" ^^"),
				extension.WithFootnoteBacklinkHTML(d.back()),
			),
		),
		goldmark.WithParserOptions(
			markdown.WithAttribute(), markdown.WithAutoHeadingID(),
			markdown.WithBlockParsers(util.Prioritized(fenceParser{}, 690)),
			markdown.WithInlineParsers(util.Prioritized(termParser{}, 100)),
			markdown.WithASTTransformers(util.Prioritized(choiceMaker{}, 100)),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(&drawing{d}, 100))),
	)
}

// look walks the tree once: it tells what may not stand in a text and notes what a page needs.
func (d *document) look(root ast.Node) {
	level := d.level
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.HTMLBlock, *ast.RawHTML:
			d.html(n)
		case *ast.Heading:
			d.heading(n, level)
			level = n.Level
		case *choice:
			level = 2
		case *fence:
			if n.kind == "care" && d.careNote == "" {
				d.careNote = plainBlocks(n, d.source)
			}
		case *ast.Link:
			d.link(n, string(n.Destination))
		case *ast.AutoLink:
			d.link(n, string(n.URL(d.source)))
		case *ast.Image:
			d.image(n)
		case *term:
			d.term(n)
		case *ast.Paragraph, *ast.TextBlock:
			d.leftover(n)
		}
		return ast.WalkContinue, nil
	})
	d.measure.text(root, d.source)
}

// heading numbers the sections, sums a guide's minutes, and holds the outline together.
func (d *document) heading(n *ast.Heading, level int) {
	if n.Level == 1 {
		d.tell(n, "content.problem.heading_one")
	} else if n.Level > level+1 {
		d.tell(n, "content.problem.heading_jump", "Level", n.Level, "Before", level)
	}
	for _, a := range n.Attributes() {
		name := string(a.Name)
		switch minutes, isNumber := a.Value.(float64); {
		case name == "id":
		case name == "minutes" && d.timed && isNumber && minutes >= 1 && minutes == float64(int(minutes)):
			d.minutes += int(minutes)
		default:
			d.tell(n, "content.problem.attribute", "Name", name)
		}
	}
	if n.Level == 2 && n.Parent().Kind() == ast.KindDocument {
		if id, ok := n.AttributeString("id"); ok {
			d.sections = append(d.sections, Section{string(id.([]byte)), plain(n, d.source)})
		}
	}
}

// link lets a text point to the outside and to nothing else: a link to another
// module would name it to readers who may not see it.
func (d *document) link(n ast.Node, to string) {
	scheme, _, found := strings.Cut(strings.ToLower(to), ":")
	switch {
	case found && slices.Contains([]string{"https", "http"}, scheme):
		n.SetAttributeString("rel", []byte("noreferrer"))
	case found && slices.Contains([]string{"mailto", "tel"}, scheme):
	default:
		d.tell(n, "content.problem.link", "Link", to)
	}
}

func (d *document) image(n *ast.Image) {
	line := d.line(n)
	if plain(n, d.source) == "" {
		d.problems.Add(line, "content.problem.picture_words", "Name", string(n.Destination))
	}
	if pic, ok := d.picture(string(n.Destination), line, d.problems); ok {
		pic.ModuleID = d.id
		n.Destination = []byte("/modules/" + d.id.Slug() + "/pictures/" + pic.Name)
		d.pictures = append(d.pictures, pic)
	}
}

func (d *document) term(n *term) {
	if _, known := d.terms[n.id]; !known {
		d.tell(n, "content.problem.term_unknown", "Term", n.id)
	} else if !slices.Contains(d.used, n.id) {
		n.first = true
		d.used = append(d.used, n.id)
	}
}

// html refuses raw HTML, once a line.
func (d *document) html(n ast.Node) {
	const key = "content.problem.html"
	if last := len(d.problems.List) - 1; last < 0 || d.problems.List[last].Key != key || d.problems.List[last].Line != d.line(n) {
		d.tell(n, key)
	}
}

// leftover finds syntax that was meant as something and would be shown as it is.
func (d *document) leftover(n ast.Node) {
	var out strings.Builder
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		if t, ok := c.(*ast.Text); ok {
			out.Write(t.Value(d.source))
		}
	}
	shown := out.String()
	if strings.Contains(shown, "{term") {
		d.tell(n, "content.problem.term_form")
	}
	if _, after, found := strings.Cut(shown, "[^"); found {
		name, _, _ := strings.Cut(after, "]")
		d.tell(n, "content.problem.footnote_unknown", "Name", name)
	}
}

// writeTerms appends the meanings of the glossary terms that the text uses. A term
// links to its meaning and the meaning back, so it explains itself without scripts,
// to a screen reader and on paper.
func (d *document) writeTerms(out *bytes.Buffer) {
	if len(d.used) == 0 {
		return
	}
	fmt.Fprintf(out, "<section class=\"terms\"><h2 id=\"m-terms\">%s</h2>\n<dl>\n", html.EscapeString(d.words.terms))
	for _, id := range d.used {
		fmt.Fprintf(out, "<dt id=\"m-term-%s\">%s</dt>\n<dd>%s <a class=\"term-back\" role=\"doc-backlink\" href=\"#m-ref-%s\">%s</a></dd>\n",
			id, html.EscapeString(d.terms[id].Term), html.EscapeString(d.terms[id].Meaning), id, d.back())
	}
	out.WriteString("</dl></section>\n")
}

// back is the sign that leads back to the text, with words for a screen reader.
func (d *document) back() string {
	return "<span class=\"unseen\">" + html.EscapeString(d.words.back) + "</span><span aria-hidden=\"true\">↩</span>"
}

func (d *document) tell(n ast.Node, key string, pairs ...any) {
	d.problems.Add(d.line(n), key, pairs...)
}

// line is the file's line on which a node starts.
func (d *document) line(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		at := n.Pos()
		if t, ok := n.(*ast.Text); ok {
			at = t.Segment.Start
		} else if n.Type() == ast.TypeBlock && n.Lines() != nil && n.Lines().Len() > 0 {
			at = n.Lines().At(0).Start
		}
		if at >= 0 && n.Kind() != ast.KindDocument {
			return d.firstLine + bytes.Count(d.source[:min(at, len(d.source))], []byte("\n"))
		}
	}
	return d.firstLine
}

// plain is the text of a node without its marks.
func plain(n ast.Node, source []byte) string {
	var out strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			switch n := n.(type) {
			case *ast.Text:
				out.Write(n.Value(source))
				if n.SoftLineBreak() || n.HardLineBreak() {
					out.WriteByte(' ')
				}
			case *ast.String:
				out.Write(n.Value)
			case *term:
				out.Write(n.word)
			case *extast.FootnoteLink:
				return ast.WalkSkipChildren, nil
			}
		}
		return ast.WalkContinue, nil
	})
	return strings.TrimSpace(out.String())
}

// plainBlocks is the text of the paragraphs in a block, each after a space.
func plainBlocks(block ast.Node, source []byte) string {
	var said []string
	for n := block.FirstChild(); n != nil; n = n.NextSibling() {
		said = append(said, plain(n, source))
	}
	return strings.Join(said, " ")
}
