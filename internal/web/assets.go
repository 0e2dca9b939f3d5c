package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"path"
	"strings"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/gofiber/fiber/v2"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

//go:embed static
var static embed.FS

// asset is one file for browsers, packed once.
type asset struct {
	name, kind          string
	hash                string
	plain, gzip, brotli []byte
}

// library holds the files by name and by hashed name.
type library struct {
	byName   map[string]*asset
	byHashed map[string]*asset
}

// shelf reads and packs the embedded files, once for the life of the program.
var shelf = sync.OnceValue(func() *library {
	l := &library{byName: map[string]*asset{}, byHashed: map[string]*asset{}}
	_ = fs.WalkDir(static, "static", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := static.ReadFile(name)
		if err != nil {
			return err
		}
		a := newAsset(strings.TrimPrefix(name, "static/"), data)
		l.byName[a.name], l.byHashed[a.hashed()] = a, a
		return nil
	})
	return l
})

func newAsset(name string, data []byte) *asset {
	sum := sha256.Sum256(data)
	a := &asset{name: name, kind: kindOf(name), hash: hex.EncodeToString(sum[:5]), plain: data}
	if !strings.HasSuffix(name, ".woff2") {
		var g, b bytes.Buffer
		gw, _ := gzip.NewWriterLevel(&g, gzip.BestCompression)
		_, _ = gw.Write(data)
		_ = gw.Close()
		bw := brotli.NewWriterLevel(&b, brotli.BestCompression)
		_, _ = bw.Write(data)
		_ = bw.Close()
		a.gzip, a.brotli = g.Bytes(), b.Bytes()
	}
	return a
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

// Asset is the address of a file under static/; it changes whenever the file does.
func Asset(name string) string {
	a, ok := shelf().byName[name]
	if !ok {
		panic(fmt.Sprintf("no file static/%s", name))
	}
	return "/static/" + a.hashed()
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
	accepted := c.Get(fiber.HeaderAcceptEncoding)
	switch {
	case a.brotli != nil && len(a.brotli) < len(a.plain) && takes(accepted, "br"):
		c.Set(fiber.HeaderContentEncoding, "br")
		return c.Send(a.brotli)
	case a.gzip != nil && len(a.gzip) < len(a.plain) && takes(accepted, "gzip"):
		c.Set(fiber.HeaderContentEncoding, "gzip")
		return c.Send(a.gzip)
	}
	return c.Send(a.plain)
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
