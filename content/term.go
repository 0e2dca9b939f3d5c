package content

import (
	"bytes"
	"regexp"

	"github.com/yuin/goldmark/ast"
	markdown "github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

var kindTerm = ast.NewNodeKind("Term")

// term is a word that the glossary explains: [word]{term=id}.
type term struct {
	ast.BaseInline
	id    string
	word  []byte
	first bool // the place to which the glossary leads back
}

func (*term) Kind() ast.NodeKind           { return kindTerm }
func (n *term) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

var termForm = regexp.MustCompile(`^\[([^\[\]]+)\]\{term=([a-z0-9-]+)\}`)

// termParser comes before the links, which would take the square brackets.
type termParser struct{}

func (termParser) Trigger() []byte { return []byte{'['} }

func (termParser) Parse(_ ast.Node, block text.Reader, _ markdown.Context) ast.Node {
	line, _ := block.PeekLine()
	m := termForm.FindSubmatch(line)
	if m == nil {
		return nil
	}
	block.Advance(len(m[0]))
	return &term{id: string(m[2]), word: bytes.Clone(m[1])}
}
