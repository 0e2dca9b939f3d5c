package content

import (
	"slices"
	"strconv"
	"strings"

	"github.com/yuin/goldmark/ast"
	extast "github.com/yuin/goldmark/extension/ast"
)

// look walks the tree once: it tells what may not stand in a text and notes what a page needs.
func (d *document) look(root ast.Node) {
	level := d.level
	d.anchors = map[string]bool{}
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
	for _, link := range d.within {
		d.inside(link)
	}
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
			d.anchor(n, a.Value)
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

// anchor makes the id that an author wrote one of our own, and no place is named twice.
func (d *document) anchor(n *ast.Heading, value any) {
	id, isText := value.([]byte)
	if !isText {
		d.tell(n, "content.problem.attribute", "Name", "id")
		return
	}
	name := "s-" + slug(strings.TrimPrefix(string(id), "s-"))
	if d.anchors[name] {
		d.tell(n, "content.problem.anchor_twice", "Anchor", strings.TrimPrefix(name, "s-"))
	}
	d.anchors[name] = true
	n.SetAttributeString("id", []byte(name))
}

// inside leads a link such as [above](#the-first-minute) to its heading in the same text.
func (d *document) inside(link *ast.Link) {
	to := string(link.Destination)
	name := "s-" + slug(strings.TrimPrefix(strings.TrimPrefix(to, "#"), "s-"))
	if !d.anchors[name] {
		d.tell(link, "content.problem.anchor_missing", "Anchor", to)
		return
	}
	link.Destination = []byte("#" + name)
}

// link lets a text point to the outside, and a module to the protocols that it goes
// by. A link to another module would name it to readers who may not see it.
func (d *document) link(n ast.Node, to string) {
	scheme, _, found := strings.Cut(strings.ToLower(to), ":")
	switch {
	case found && slices.Contains([]string{"https", "http"}, scheme) && isMedia(to):
		d.tell(n, "content.problem.media_bare", "Link", to)
	case found && slices.Contains([]string{"https", "http"}, scheme):
		n.SetAttributeString("rel", []byte("noreferrer"))
	case strings.HasPrefix(to, "#") && n.Kind() == ast.KindLink:
		d.within = append(d.within, n.(*ast.Link))
	case found && slices.Contains([]string{"mailto", "tel"}, scheme):
	case scheme == "protocol" && d.protocols != nil:
		d.protocol(n, strings.TrimPrefix(to, "protocol:"))
	default:
		d.tell(n, "content.problem.link", "Link", to)
	}
}

// protocol leads from a module to a protocol: [words](protocol:mediation). Whoever may
// not see the protocol reads the words without the link (Module.WithoutHiddenLinks).
func (d *document) protocol(n ast.Node, id string) {
	link, isLink := n.(*ast.Link)
	if !isLink || !d.protocols[ProtocolID(id)] {
		d.tell(n, "content.problem.protocol_missing", "Protocol", id)
		return
	}
	link.Destination = []byte(ProtocolID(id).Address())
	if !slices.Contains(d.cites, ProtocolID(id)) {
		d.cites = append(d.cites, ProtocolID(id))
	}
	if d.links[ProtocolID(id)] == 0 {
		d.links[ProtocolID(id)] = d.line(n)
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
		n.SetAttributeString("width", []byte(strconv.Itoa(pic.Width)))
		n.SetAttributeString("height", []byte(strconv.Itoa(pic.Height)))
		n.SetAttributeString("loading", []byte("lazy"))
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
	if strings.Contains(shown, "{media") {
		d.tell(n, "content.problem.media_form")
	}
	if _, after, found := strings.Cut(shown, "[^"); found {
		name, _, _ := strings.Cut(after, "]")
		d.tell(n, "content.problem.footnote_unknown", "Name", name)
	}
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
			return d.firstLine + d.lineAt(at)
		}
	}
	return d.firstLine
}

// lineAt is the line, from 0, on which a byte of the source stands.
func (d *document) lineAt(at int) int {
	if d.ends == nil {
		d.ends = []int{}
		for i, c := range d.source {
			if c == '\n' {
				d.ends = append(d.ends, i)
			}
		}
	}
	line, _ := slices.BinarySearch(d.ends, at)
	return line
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
			case *media:
				out.Write(n.words)
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
