package formats

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding/unicode"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// What one XML file may be. A bank of 5,000 questions is a tenth of this; what goes beyond
// was made to fill the memory.
const (
	xmlBytes    = 64 << 20
	xmlDepth    = 200
	xmlElements = 1_000_000
)

// element is one element of an XML file, with the line on which it starts.
type element struct {
	name  string // without the prefix of its namespace
	space string
	attrs []xml.Attr
	kids  []node
	line  int
}

// node is an element, or text where there is none.
type node struct {
	*element
	words string
}

var xmlDeclaration = regexp.MustCompile(`^<\?xml\s+version\s*=\s*(?:"1\.\d"|'1\.\d')(?:\s+encoding\s*=\s*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:\s+standalone\s*=\s*(?:"(?:yes|no)"|'(?:yes|no)'))?\s*\?>`)

// readTree reads an XML file whole. Nothing outside the file is ever looked at, and no
// name that the file itself defines is filled in: a file that defines any is refused. All
// its errors are content.Problem.
func readTree(file string, data []byte) (*element, error) {
	if len(data) > xmlBytes {
		return nil, xmlFault(file, 0, "assessment.xml.size", "Limit", xmlBytes>>20)
	}
	data, err := asUTF8(file, data)
	if err != nil {
		return nil, err
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	d.CharsetReader = func(_ string, r io.Reader) (io.Reader, error) { return r, nil } // it is UTF-8 by now
	t := tree{file: file, d: d}
	for {
		line, _ := d.InputPos()
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, t.sentence(err)
		}
		if err := t.take(token, line); err != nil {
			return nil, err
		}
	}
	if t.root == nil {
		return nil, xmlFault(file, 1, "assessment.xml.none")
	}
	return t.root, nil
}

type tree struct {
	file     string
	d        *xml.Decoder
	root     *element
	open     []*element
	elements int
}

func (t *tree) take(token xml.Token, line int) error {
	switch token := token.(type) {
	case xml.StartElement:
		return t.start(token, line)
	case xml.EndElement:
		t.open = t.open[:len(t.open)-1]
	case xml.CharData:
		if len(t.open) > 0 {
			t.words(string(token))
		} else if len(bytes.TrimSpace(token)) > 0 {
			return xmlFault(t.file, line, "assessment.xml.outside")
		}
	case xml.Directive:
		// A DTD that stands elsewhere is harmless, since nothing fetches it, and so are the
		// names of elements: only entities are ever filled in.
		if bytes.Contains(token, []byte("ENTITY")) || bytes.ContainsRune(token, '%') || !bytes.HasPrefix(token, []byte("DOCTYPE")) {
			return xmlFault(t.file, line, "assessment.xml.doctype")
		}
	}
	return nil
}

func (t *tree) start(token xml.StartElement, line int) error {
	e := &element{name: token.Name.Local, space: token.Name.Space, attrs: token.Copy().Attr, line: line}
	t.elements++
	switch {
	case t.elements > xmlElements:
		return xmlFault(t.file, line, "assessment.xml.elements", "Limit", xmlElements)
	case len(t.open) >= xmlDepth:
		return xmlFault(t.file, line, "assessment.xml.depth", "Limit", xmlDepth)
	case len(t.open) == 0 && t.root != nil:
		return xmlFault(t.file, line, "assessment.xml.outside")
	}
	for i, a := range e.attrs {
		for _, b := range e.attrs[:i] {
			if a.Name == b.Name {
				return xmlFault(t.file, line, "assessment.xml.broken")
			}
		}
		if i > 100 {
			return xmlFault(t.file, line, "assessment.xml.broken")
		}
	}
	if t.root == nil {
		t.root = e
	} else {
		parent := t.open[len(t.open)-1]
		parent.kids = append(parent.kids, node{element: e})
	}
	t.open = append(t.open, e)
	return nil
}

func (t *tree) words(words string) {
	parent := t.open[len(t.open)-1]
	if n := len(parent.kids); n > 0 && parent.kids[n-1].element == nil {
		parent.kids[n-1].words += words // a comment or a CDATA section stood between
		return
	}
	parent.kids = append(parent.kids, node{words: words})
}

var (
	crossedTags = regexp.MustCompile(`element <([^>]*)> closed by </([^>]*)>`)
	oddEntity   = regexp.MustCompile(`invalid character entity &([^;\s]*)`)
)

// sentence says in the reader's words what the library says in its own.
func (t *tree) sentence(err error) error {
	line, _ := t.d.InputPos()
	var syntax *xml.SyntaxError
	if !errors.As(err, &syntax) {
		return xmlFault(t.file, line, "assessment.xml.broken")
	}
	if tags := crossedTags.FindStringSubmatch(syntax.Msg); tags != nil {
		return xmlFault(t.file, syntax.Line, "assessment.xml.crossed", "Open", tags[1], "Close", tags[2])
	}
	if entity := oddEntity.FindStringSubmatch(syntax.Msg); entity != nil {
		return xmlFault(t.file, syntax.Line, "assessment.xml.entity", "Name", entity[1])
	}
	if strings.Contains(syntax.Msg, "unexpected EOF") {
		return xmlFault(t.file, syntax.Line, "assessment.xml.cut")
	}
	return xmlFault(t.file, syntax.Line, "assessment.xml.broken")
}

// asUTF8 gives the file in UTF-8, by its mark or by what its first line says.
func asUTF8(file string, data []byte) ([]byte, error) {
	var label string
	switch {
	case bytes.HasPrefix(data, []byte{0xFE, 0xFF}), bytes.HasPrefix(data, []byte{0xFF, 0xFE}):
		decoded, err := unicode.UTF16(unicode.BigEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
		if err != nil {
			return nil, xmlFault(file, 1, "assessment.xml.charset", "Name", "UTF-16")
		}
		data, label = decoded, "utf-8"
	default:
		data = bytes.TrimPrefix(data, []byte{0xEF, 0xBB, 0xBF})
	}
	if bytes.HasPrefix(data, []byte("<?xml")) {
		said := xmlDeclaration.FindSubmatch(data[:min(len(data), 200)])
		if said == nil {
			return nil, xmlFault(file, 1, "assessment.xml.broken")
		}
		if label == "" {
			label = string(said[1]) + string(said[2])
		}
	}
	if label == "" || strings.EqualFold(label, "utf-8") || strings.EqualFold(label, "utf8") {
		return data, nil
	}
	encoding, _ := charset.Lookup(label)
	if encoding == nil {
		return nil, xmlFault(file, 1, "assessment.xml.charset", "Name", label)
	}
	decoded, err := encoding.NewDecoder().Bytes(data)
	if err != nil || !utf8.Valid(decoded) || len(decoded) > 2*xmlBytes {
		return nil, xmlFault(file, 1, "assessment.xml.charset", "Name", label)
	}
	return decoded, nil
}

func xmlFault(file string, line int, key string, pairs ...any) error {
	return content.Problem{Path: file, Line: line, Sentence: fault.Say(key, pairs...)}
}

// child is the first element of that name directly below, nil where there is none. It may
// be asked of nil.
func (e *element) child(name string) *element {
	if e != nil {
		for _, k := range e.kids {
			if k.element != nil && k.name == name {
				return k.element
			}
		}
	}
	return nil
}

// children are the elements directly below: those of that name, or all for "".
func (e *element) children(name string) (found []*element) {
	if e != nil {
		for _, k := range e.kids {
			if k.element != nil && (name == "" || k.name == name) {
				found = append(found, k.element)
			}
		}
	}
	return found
}

// all are the elements of these names anywhere below, in the order of the file.
func (e *element) all(names ...string) (found []*element) {
	e.walk(func(k *element) bool {
		for _, name := range names {
			if k.name == name {
				found = append(found, k)
			}
		}
		return true
	})
	return found
}

// size is how many elements stand below.
func (e *element) size() (count int) {
	e.walk(func(*element) bool { count++; return true })
	return count
}

// walk visits all elements below; where see says no, what is inside is left out.
func (e *element) walk(see func(*element) bool) {
	if e != nil {
		for _, k := range e.kids {
			if k.element != nil && see(k.element) {
				k.walk(see)
			}
		}
	}
}

// attr is the value of an attribute, whatever its namespace, trimmed; "" where it is not set.
func (e *element) attr(name string) string {
	if e != nil {
		for _, a := range e.attrs {
			if a.Name.Local == name {
				return strings.TrimSpace(a.Value)
			}
		}
	}
	return ""
}

// said is all text inside, without the marks, trimmed.
func (e *element) said() string {
	var b strings.Builder
	e.gather(&b)
	return strings.TrimSpace(b.String())
}

func (e *element) gather(b *strings.Builder) {
	if e != nil {
		for _, k := range e.kids {
			if k.element == nil {
				b.WriteString(k.words)
			} else {
				k.gather(b)
			}
		}
	}
}

// at is the line of the element, or the one given where there is no element.
func (e *element) at(line int) int {
	if e == nil {
		return line
	}
	return e.line
}
