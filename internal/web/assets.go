package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"mime"
	"path"
	"regexp"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

//go:embed static
var static embed.FS

// asset is one file for browsers, packed when it is first asked for: packing all at
// start would take longer than the rest of the start.
type asset struct {
	name, kind string
	hash       string
	plain      []byte
	pack       sync.Once
	brotli     []byte // nil where packing gains nothing, as with fonts
	gzip       []byte
}

// library holds the files by name and by hashed name.
type library struct {
	byName   map[string]*asset
	byHashed map[string]*asset
}

// shelf reads and packs the embedded files, once for the life of the program. What
// the sheets and scripts of css/ and js/ hold goes out as one file of each; what stands
// in sheets/ is for the pages on which one writes, and no first visit loads it.
var shelf = sync.OnceValues(func() (*library, error) {
	l := &library{byName: map[string]*asset{}, byHashed: map[string]*asset{}}
	err := fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		name = strings.TrimPrefix(name, "static/")
		if err != nil || d.IsDir() {
			if name == "css" || name == "js" || name == "sheets" {
				return fs.SkipDir
			}
			return err
		}
		return l.shelve(name)
	})
	if err == nil {
		err = errors.Join(l.bind("academy.css", "css", l.sheet), l.bind("academy.js", "js", module), l.bind("editor.css", "sheets", l.sheet))
	}
	return l, err
})

// shelve puts a file on the shelf. A module loses its comments and, after those that it
// imports, is pointed to their hashed names.
func (l *library) shelve(name string) error {
	if l.byName[name] != nil {
		return nil
	}
	data, err := static.ReadFile("static/" + name)
	if err != nil {
		return err
	}
	if path.Ext(name) == ".js" && path.Dir(name) == "." {
		for _, found := range jsImport.FindAllSubmatch(data, -1) {
			if err := l.shelve(string(found[1])); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		data = jsImport.ReplaceAllFunc(jsComment.ReplaceAll(data, nil), func(found []byte) []byte {
			return []byte(`from "./` + l.byName[string(jsImport.FindSubmatch(found)[1])].hashed() + `"`)
		})
	}
	l.put(name, data)
	return nil
}

func (l *library) put(name string, data []byte) {
	a := newAsset(name, data)
	l.byName[a.name], l.byHashed[a.hashed()] = a, a
}

// bind makes one file of all those in a folder, in the order of their names.
func (l *library) bind(name, folder string, prepare func([]byte) []byte) error {
	entries, err := static.ReadDir("static/" + folder)
	if err != nil {
		return err
	}
	var all bytes.Buffer
	for _, entry := range entries {
		data, err := static.ReadFile("static/" + folder + "/" + entry.Name())
		if err != nil {
			return err
		}
		all.Write(prepare(data))
	}
	l.put(name, all.Bytes())
	return nil
}

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	cssSpace   = regexp.MustCompile(`\s*([{};,>])\s*`)
	cssBlank   = regexp.MustCompile(`\s+`)
	jsImport   = regexp.MustCompile(`from "\./([^"]+)"`)
	cssFile    = regexp.MustCompile(`url\("([^"]+)"\)`)
	jsComment  = regexp.MustCompile(`(?m)^\s*//.*\n`)
)

// sheet drops what only we read from a style sheet, and points its files to their hashed names.
func (l *library) sheet(data []byte) []byte {
	data = cssComment.ReplaceAll(data, nil)
	data = cssSpace.ReplaceAll(cssBlank.ReplaceAll(data, []byte(" ")), []byte("$1"))
	data = bytes.ReplaceAll(data, []byte(";}"), []byte("}"))
	return cssFile.ReplaceAllFunc(data, func(found []byte) []byte {
		return []byte(`url("/static/` + l.byName[string(cssFile.FindSubmatch(found)[1])].hashed() + `")`)
	})
}

// module puts a script in a scope of its own, without its comments.
func module(data []byte) []byte {
	return append(append([]byte("{\n"), jsComment.ReplaceAll(data, nil)...), "}\n"...)
}

func newAsset(name string, data []byte) *asset {
	sum := sha256.Sum256(data)
	return &asset{name: name, kind: kindOf(name), hash: hex.EncodeToString(sum[:5]), plain: data}
}

const brotliLevel = 7 // a twentieth larger than the slowest level, in a twentieth of its time

// packed gives the smallest form that a browser takes, and what it is packed with.
func (a *asset) packed(accepted string) (data []byte, coding string) {
	a.pack.Do(func() {
		if path.Ext(a.name) == ".woff2" || len(a.plain) < 200 {
			return
		}
		var g, b bytes.Buffer
		gw, _ := gzip.NewWriterLevel(&g, gzip.BestCompression)
		bw := brotli.NewWriterLevel(&b, brotliLevel)
		for _, w := range []io.WriteCloser{gw, bw} { // writing to a buffer does not fail
			_, _ = w.Write(a.plain)
			_ = w.Close()
		}
		a.gzip, a.brotli = g.Bytes(), b.Bytes()
	})
	switch {
	case a.brotli != nil && takes(accepted, "br"):
		return a.brotli, "br"
	case a.gzip != nil && takes(accepted, "gzip"):
		return a.gzip, "gzip"
	}
	return a.plain, ""
}

func kindOf(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".txt":
		return "text/plain; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	}
	return mime.TypeByExtension(path.Ext(name))
}

// hashed is the file's name with its content's hash before the ending: academy.1f2e3d4c5b.css.
func (a *asset) hashed() string {
	ext := path.Ext(a.name)
	return strings.TrimSuffix(a.name, ext) + "." + a.hash + ext
}

// Asset is the address of a file under static/; it changes whenever the file does. A
// name that no file has leads to an address that is not there.
func Asset(name string) string {
	l, err := shelf()
	if err != nil || l.byName[name] == nil {
		return "/static/" + name
	}
	return "/static/" + l.byName[name].hashed()
}

// send answers with the smallest form that the browser takes.
func (a *asset) send(c *fiber.Ctx, forever bool) error {
	c.Set(fiber.HeaderContentType, a.kind)
	c.Vary(fiber.HeaderAcceptEncoding)
	if forever {
		c.Set(fiber.HeaderCacheControl, "public, max-age=31536000, immutable")
	} else {
		c.Set(fiber.HeaderCacheControl, "public, max-age=3600")
	}
	data, coding := a.packed(c.Get(fiber.HeaderAcceptEncoding))
	if coding != "" {
		c.Set(fiber.HeaderContentEncoding, coding)
	}
	return c.Send(data)
}

// takes says whether an Accept-Encoding names a coding without refusing it.
func takes(accepted, coding string) bool {
	for part := range strings.SplitSeq(accepted, ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(name) == coding {
			q = strings.ReplaceAll(q, " ", "")
			return q != "q=0" && q != "q=0.0" && q != "q=0.00" && q != "q=0.000"
		}
	}
	return false
}

func (a *App) file(c *fiber.Ctx) error {
	f, ok := a.files.byHashed[c.Params("*")]
	if !ok {
		return fault.NotFound
	}
	return f.send(c, true)
}

// named serves a file under a fixed address, such as /robots.txt.
func (a *App) named(name string) fiber.Handler {
	return func(c *fiber.Ctx) error { return a.files.byName[name].send(c, false) }
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }
