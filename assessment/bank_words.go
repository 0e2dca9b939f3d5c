package assessment

import (
	"bytes"
	"html"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	rawhtml "github.com/yuin/goldmark/renderer/html"
	htmltree "golang.org/x/net/html"

	"github.com/metropolitan-peace-academy/academy/assessment/formats"
)

// toMarkdown makes Markdown of HTML; asHTML draws Markdown that holds HTML, whatever it
// is, so that toMarkdown can take it. Both are safe for many at once.
var (
	toMarkdown = sync.OnceValue(func() *converter.Converter {
		return converter.NewConverter(converter.WithPlugins(base.NewBasePlugin(), commonmark.NewCommonmarkPlugin(), table.NewTablePlugin()))
	})
	asHTML = sync.OnceValue(func() goldmark.Markdown {
		return goldmark.New(goldmark.WithExtensions(extension.Table), goldmark.WithRendererOptions(rawhtml.WithUnsafe()))
	})
)

var (
	markedWords = regexp.MustCompile("[\\\\`*_\\[\\]<>&#{}|~]|(?m)^\\s*([-+=>]|[0-9]+[.)]|:::)|\\S  |\n")
	anyTag      = regexp.MustCompile(`<[a-zA-Z/!?]|&#?[a-zA-Z0-9]+;`)
	headingLine = regexp.MustCompile(`(?m)^#{1,6} +(.+?) *#*$`)
	spacedBreak = regexp.MustCompile(` {2,}\n`)
	linkMark    = regexp.MustCompile(`\[((?:[^\]\\]|\\.)+)\]\(([^)\s]*)(?: "[^"]*")?\)|<(https?://[^>\s]+)>`)
	pictureMark = regexp.MustCompile(`!\[((?:[^\]\\]|\\.)*)\]\(([^)\s]*)(?: "[^"]*")?\)`)
)

// inMarkdown puts a text of a file into our Markdown. Pictures, which have no place in a
// question, come back by name, and stand in the text as their names.
func inMarkdown(t formats.Text) (words string, pictures []string) {
	source := strings.TrimSpace(t.Words)
	switch {
	case source == "":
		return "", nil
	case t.Markup == formats.Markdown && !anyTag.MatchString(source):
		words = source
	case t.Markup == formats.Markdown:
		var drawn bytes.Buffer
		if err := asHTML().Convert([]byte(source), &drawn); err != nil {
			return "", nil
		}
		words = fromHTML(drawn.String())
	case t.Markup == formats.HTML:
		words = fromHTML(source)
	case t.Markup == formats.Moodle && anyTag.MatchString(source):
		words = fromHTML(strings.ReplaceAll(source, "\n", "<br>"))
	case !markedWords.MatchString(source):
		return source, nil
	default:
		words = fromHTML(strings.ReplaceAll(html.EscapeString(source), "\n", "<br>"))
	}
	words = headingLine.ReplaceAllString(words, "**$1**")
	words = strings.ReplaceAll(words, "]{", `]\{`)
	words = spacedBreak.ReplaceAllString(words, "\\\n") // a quiz file keeps no spaces at the end of a line
	words = pictureMark.ReplaceAllStringFunc(words, func(mark string) string {
		m := pictureMark.FindStringSubmatch(mark)
		name := path.Base(m[2])
		pictures = append(pictures, name)
		if m[1] != "" {
			name = m[1]
		}
		return `\[` + strings.Trim(name, "[]") + `\]`
	})
	return strings.TrimSpace(words), pictures
}

// unlinked is a Markdown text whose links are their words alone.
func unlinked(words string) string { return linkMark.ReplaceAllString(words, "$1") }

func fromHTML(source string) string {
	words, err := toMarkdown().ConvertString(source)
	if err != nil {
		return ""
	}
	return words
}

// inWords puts a text into plain words on one line, for what is typed or stands in a list.
func inWords(t formats.Text) string {
	source := t.Words
	if t.Markup == formats.Markdown {
		var drawn bytes.Buffer
		if err := asHTML().Convert([]byte(source), &drawn); err == nil && (strings.ContainsAny(source, "*_`[\\<&")) {
			return oneLine(bareWords(drawn.String()))
		}
	}
	if t.Markup == formats.HTML || t.Markup == formats.Moodle && anyTag.MatchString(source) {
		return oneLine(bareWords(source))
	}
	return oneLine(source)
}

// bareWords are the words of HTML without its tags.
func bareWords(source string) string {
	var b strings.Builder
	tokens := htmltree.NewTokenizer(strings.NewReader(source))
	for {
		switch tokens.Next() {
		case htmltree.ErrorToken:
			return b.String()
		case htmltree.TextToken:
			b.WriteString(html.UnescapeString(string(tokens.Raw())))
		case htmltree.StartTagToken, htmltree.EndTagToken, htmltree.SelfClosingTagToken:
			if name, _ := tokens.TagName(); strings.Contains(" br p div li tr td ", " "+string(name)+" ") {
				b.WriteByte(' ')
			}
		}
	}
}
