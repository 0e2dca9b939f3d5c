//go:build corpora

package content_test

import (
	"bytes"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	unsafehtml "github.com/yuin/goldmark/renderer/html"

	"github.com/metropolitan-peace-academy/academy/content"
)

var (
	theirHead   = regexp.MustCompile(`(?s)\A---\n.*?\n---\n`)
	hiddenParts = regexp.MustCompile(`(?s)<!--.*?-->|<script.*?</script>|<style.*?</style>`)
	anyTag      = regexp.MustCompile(`<[^>]*>`)
	aWord       = regexp.MustCompile(`[\p{L}\p{N}]+`)
)

// shownWords are the words that a reader of a page sees, in order.
func shownWords(page string) []string {
	return aWord.FindAllString(html.UnescapeString(anyTag.ReplaceAllString(hiddenParts.ReplaceAllString(page, " "), " ")), -1)
}

// Texts that others wrote, with marks that we don't have: every word that plain Markdown
// shows stands on our page, in the same order. Only HTML loses words, and a text that
// holds any is refused, with the line.
func TestOthersTextsLoseNoWord(t *testing.T) {
	folder := os.Getenv("ACADEMY_CORPORA")
	if folder == "" {
		t.Skip("set ACADEMY_CORPORA to the folder of the corpora")
	}
	root := filepath.Join(folder, "markdown")
	plain := goldmark.New(goldmark.WithExtensions(extension.GFM, extension.Footnote), goldmark.WithParserOptions(parser.WithAttribute()),
		goldmark.WithRendererOptions(unsafehtml.WithUnsafe()))
	texts, words, asTheyAre := 0, 0, 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != ".md" {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		body := theirHead.ReplaceAll(source, nil)
		var page bytes.Buffer
		if err := plain.Convert(body, &page); err != nil {
			return err
		}
		proof := content.Lint("t90-theirs.md", append([]byte(head("id: T90")), body...), content.Known{})
		want, got := shownWords(page.String()), shownWords(proof.HTML+proof.AlternativeHTML)
		texts, words = texts+1, words+len(want)
		at := 0
		for _, word := range got {
			if at < len(want) && word == want[at] {
				at++
			}
		}
		problems, refused := 0, false
		for _, f := range proof.Findings {
			if !f.Warning {
				problems++
			}
			refused = refused || f.Key == "content.problem.html"
		}
		if problems == 0 {
			asTheyAre++
		}
		if at < len(want) && !refused {
			name, _ := filepath.Rel(root, path)
			t.Errorf("%s: lost %q, after %q (%d problems)", name, want[at], strings.Join(want[max(0, at-6):at], " "), problems)
		}
		return nil
	})
	if err != nil || texts < 40 {
		t.Fatal(texts, err)
	}
	t.Logf("%d texts with %d words; %d need no change", texts, words, asTheyAre)
}
