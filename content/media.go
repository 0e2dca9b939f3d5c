package content

import (
	"bytes"
	"fmt"
	"html"
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
	markdown "github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

var kindMedia = ast.NewNodeKind("Media")

// media leads to something to hear or to watch, and says what it costs to load:
// [words](https://…){media=audio minutes=4 size=3MB}. Nothing of it is loaded unasked.
type media struct {
	ast.BaseInline
	words         []byte
	to            string
	kind          string // audio or video, which both languages say alike
	minutes, size string
}

func (*media) Kind() ast.NodeKind           { return kindMedia }
func (n *media) Dump(src []byte, level int) { ast.DumpHelper(n, src, level, nil, nil) }

var mediaForm = regexp.MustCompile(`^\[([^\[\]]+)\]\((https?://[^\s()<>]+)\)\{media=(audio|video) minutes=([1-9][0-9]{0,2}) size=([0-9]{1,4}(?:\.[0-9])?)(KB|MB|GB)\}`)

// mediaParser comes before the links, which would take the first half.
type mediaParser struct{}

func (mediaParser) Trigger() []byte { return []byte{'['} }

func (mediaParser) Parse(_ ast.Node, block text.Reader, _ markdown.Context) ast.Node {
	line, _ := block.PeekLine()
	m := mediaForm.FindSubmatch(line)
	if m == nil {
		return nil
	}
	block.Advance(len(m[0]))
	return &media{words: bytes.Clone(m[1]), to: string(m[2]), kind: string(m[3]), minutes: string(m[4]), size: string(m[5]) + " " + string(m[6])}
}

// mediaEndings are those of files that a phone would load for long.
var mediaEndings = []string{".mp3", ".m4a", ".aac", ".ogg", ".oga", ".opus", ".wav", ".flac", ".mp4", ".m4v", ".mov", ".webm", ".ogv", ".avi", ".mkv"}

// isMedia says whether a link leads to such a file.
func isMedia(to string) bool {
	u, err := url.Parse(to)
	return err == nil && slices.Contains(mediaEndings, strings.ToLower(path.Ext(u.Path)))
}

func (d *drawing) writeMedia(w util.BufWriter, _ []byte, node ast.Node, entering bool) (ast.WalkStatus, error) {
	if n := node.(*media); entering {
		fmt.Fprintf(w, `<a class="media media-%s" rel="noreferrer" href="%s">%s <span class="media-facts">(%s, %s %s, %s)</span></a>`, n.kind,
			html.EscapeString(n.to), html.EscapeString(string(n.words)), n.kind, n.minutes, d.words.minutes, n.size)
	}
	return ast.WalkContinue, nil
}
