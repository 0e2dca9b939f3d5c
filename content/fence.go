package content

import (
	"bytes"
	"regexp"
	"slices"

	"github.com/yuin/goldmark/ast"
	markdown "github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// fenceKinds are the words that may follow :::.
var fenceKinds = []string{"note", "care", "practice", "law", "try", "scenario", "alternative"}

var (
	fenceOpen = regexp.MustCompile(`^::: ?([a-z]+)\s*$`)
	fenceEnd  = regexp.MustCompile(`^:::\s*$`)
	codeFence = regexp.MustCompile("^ {0,3}(```+|~~~+)")
)

// span is a fenced part of a body, by its lines counted from 0: the opening line and the closing one.
type span struct {
	kind        string
	first, last int
}

// fences finds the fenced parts of a body and tells every fence that does not open
// and close as it should. They never stand inside one another.
func fences(body []byte, firstLine int, problems *Problems) (found []span) {
	var open *span
	code := ""
	for i, line := range bytes.Split(body, []byte("\n")) {
		if m := codeFence.FindSubmatch(line); m != nil {
			if code == "" {
				code = string(m[1])
			} else if m[1][0] == code[0] && len(m[1]) >= len(code) {
				code = ""
			}
		}
		if code != "" || !bytes.HasPrefix(bytes.TrimSpace(line), []byte(":::")) {
			continue
		}
		m := fenceOpen.FindSubmatch(line)
		switch {
		case m != nil && open != nil:
			problems.Add(firstLine+i, "content.problem.fence_nested", "Kind", string(m[1]), "Line", firstLine+open.first)
		case m != nil && !slices.Contains(fenceKinds, string(m[1])):
			problems.Add(firstLine+i, "content.problem.fence_unknown", "Kind", string(m[1]))
			open = &span{first: i}
		case m != nil:
			open = &span{kind: string(m[1]), first: i}
		case fenceEnd.Match(line) && open != nil:
			open.last = i
			found, open = append(found, *open), nil
		default:
			problems.Add(firstLine+i, "content.problem.fence_form", "Text", string(bytes.TrimSpace(line)))
		}
	}
	if open != nil {
		problems.Add(firstLine+open.first, "content.problem.fence_unclosed", "Kind", open.kind)
	}
	return found
}

var (
	kindFence  = ast.NewNodeKind("Fence")
	kindChoice = ast.NewNodeKind("Choice")
)

// fence is a part of a text between ::: kind and :::.
type fence struct {
	ast.BaseBlock
	kind string
}

func (*fence) Kind() ast.NodeKind           { return kindFence }
func (n *fence) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// choice is one way to act in a scenario, with what follows from it. Its first
// child is the words of the choice.
type choice struct{ ast.BaseBlock }

func (*choice) Kind() ast.NodeKind           { return kindChoice }
func (n *choice) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

// fenceParser reads fences as blocks that hold blocks.
type fenceParser struct{}

func (fenceParser) Trigger() []byte { return []byte{':'} }

func (fenceParser) Open(parent ast.Node, reader text.Reader, pc markdown.Context) (ast.Node, markdown.State) {
	line, _ := reader.PeekLine()
	for n := parent; n != nil; n = n.Parent() {
		if n.Kind() == kindFence { // fences tells it; a thousand inside one another are not drawn
			return nil, markdown.NoChildren
		}
	}
	m := fenceOpen.FindSubmatch(line)
	if m == nil || pc.BlockOffset() != 0 || !slices.Contains(fenceKinds, string(m[1])) {
		return nil, markdown.NoChildren
	}
	reader.AdvanceToEOL()
	return &fence{kind: string(m[1])}, markdown.HasChildren
}

func (fenceParser) Continue(_ ast.Node, reader text.Reader, _ markdown.Context) markdown.State {
	if line, _ := reader.PeekLine(); fenceEnd.Match(line) {
		reader.AdvanceToEOL()
		return markdown.Close
	}
	return markdown.Continue | markdown.HasChildren
}

func (fenceParser) Close(ast.Node, text.Reader, markdown.Context) {}
func (fenceParser) CanInterruptParagraph() bool                   { return true }
func (fenceParser) CanAcceptIndentedLine() bool                   { return false }

// choiceMaker turns the headings of a scenario into choices that hold what follows them.
type choiceMaker struct{}

func (choiceMaker) Transform(root *ast.Document, _ text.Reader, _ markdown.Context) {
	for n := root.FirstChild(); n != nil; n = n.NextSibling() {
		if f, ok := n.(*fence); ok && f.kind == "scenario" {
			makeChoices(f)
		}
	}
}

func makeChoices(f *fence) {
	var parts []ast.Node
	for n := f.FirstChild(); n != nil; n = n.NextSibling() {
		parts = append(parts, n)
	}
	// Taken out and set in again in their order: to look for a place among them costs a
	// walk over all that stand before it.
	f.RemoveChildren(f)
	var holder ast.Node = f
	for _, n := range parts {
		h, ok := n.(*ast.Heading)
		if !ok || h.Level != 2 {
			holder.AppendChild(holder, n)
			continue
		}
		words := ast.NewTextBlock()
		words.SetLines(h.Lines())
		for c := h.FirstChild(); c != nil; c = h.FirstChild() {
			words.AppendChild(words, c)
		}
		holder = &choice{}
		holder.AppendChild(holder, words)
		f.AppendChild(f, holder)
	}
}
