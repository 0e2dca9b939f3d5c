package content

import (
	"bytes"
	"fmt"
	"html"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	markdown "github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// document is one Markdown text on its way to a page: what it needs to know, what
// it finds, and what is wrong with it.
type document struct {
	lang      Lang
	id        ModuleID
	words     docWords
	terms     map[string]Term
	picture   func(name string, line int, problems *Problems) (Picture, bool)
	timed     bool                // headings may carry {minutes=20}: a guide
	protocols map[ProtocolID]bool // that the text may cite; nil where it may cite none
	links     map[ProtocolID]int  // where it does: the line of the first link
	level     int                 // of the heading that the page shows above the text
	problems  *Problems

	source    []byte
	firstLine int
	ends      []int           // where its lines end
	anchors   map[string]bool // of its headings
	within    []*ast.Link     // that lead to one of them
	used      []string        // ids of glossary terms, in the order met
	minutes   int             // sum of what the headings carry
	sections  []Section
	pictures  []Picture
	cites     []ProtocolID
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
	return &document{lang: lang, id: id, words: wordsOf[lang], terms: p.terms[lang], level: 1, picture: p.find, problems: problems}
}

// draw turns Markdown into safe HTML. firstLine is the file's line on which body starts.
func (d *document) draw(body []byte, firstLine int) string {
	d.source, d.firstLine = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n")), firstLine
	if !bounded(d.source, firstLine, d.problems) {
		return ""
	}
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
			markdown.WithInlineParsers(util.Prioritized(termParser{}, 100), util.Prioritized(mediaParser{}, 101)),
			markdown.WithASTTransformers(util.Prioritized(choiceMaker{}, 100)),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(&drawing{d}, 100))),
	)
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
