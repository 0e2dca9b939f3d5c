package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"hash/crc32"
	"hash/maphash"
	"io"
	"strconv"
	"strings"
	"sync"

	"github.com/a-h/templ"
	"github.com/klauspost/compress/flate"
)

// Kept shows a long text that many pages show and that never changes: a module, a guide,
// a protocol. It is packed once, well, and each page that shows it takes the packed bytes
// as they are. The text must be safe, as it is for templ.Raw.
func Kept(html string) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		page, _ := ctx.Value(keptKey{}).(*keptTexts)
		if page == nil || len(html) < worthPacking {
			_, err := io.WriteString(w, html)
			return err
		}
		page.texts = append(page.texts, html)
		_, err := io.WriteString(w, keptMark+strconv.Itoa(len(page.texts)-1)+keptMark)
		return err
	})
}

// KeptAll is Kept for what is drawn around a long text, where that is the same for every
// reader of the language.
func KeptAll(component templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		var drawn strings.Builder
		if err := component.Render(context.WithValue(ctx, keptKey{}, nil), &drawn); err != nil {
			return err
		}
		return Kept(drawn.String()).Render(ctx, w)
	})
}

// keptMark stands around the number of a kept text while a page is drawn. Nobody can
// know it, so nobody can write it into a text of their own.
var keptMark = "\x00" + rand.Text()

type keptKey struct{}

// keptTexts are those of one page.
type keptTexts struct{ texts []string }

// leaves cuts a drawn page where its kept texts stand.
func (k *keptTexts) leaves(page []byte) (list []leaf) {
	for i, part := range bytes.Split(page, []byte(keptMark)) {
		if number, err := strconv.Atoi(string(part)); i%2 == 1 && err == nil && number < len(k.texts) {
			list = append(list, leaf{kept: k.texts[number]})
		} else {
			list = append(list, leaf{drawn: part})
		}
	}
	return list
}

// leaf is a part of a page: one that was drawn for it, or a kept text.
type leaf struct {
	drawn []byte
	kept  string
}

// mostKept is how many bytes of kept texts a process holds packed: the whole curriculum
// in both languages takes about a megabyte.
const mostKept = 8 << 20

// packs are the kept texts of this process, packed, by the hash of their text.
var packs = struct {
	sync.Mutex
	seed  maphash.Seed
	bytes int
	by    map[uint64]pack
}{seed: maphash.MakeSeed(), by: map[uint64]pack{}}

type pack struct {
	text   string
	packed []byte // a part of a deflate stream that can stand between any others
}

// packedText is a kept text as a part of a deflate stream.
func packedText(text string) ([]byte, error) {
	key := maphash.String(packs.seed, text)
	packs.Lock()
	known := packs.by[key]
	packs.Unlock()
	if known.text == text {
		return known.packed, nil
	}
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := io.WriteString(w, text); err != nil {
		return nil, err
	}
	if err := w.Flush(); err != nil { // to a whole byte, and with no end of the stream
		return nil, err
	}
	packs.Lock()
	defer packs.Unlock()
	if packs.bytes += len(text) + out.Len(); packs.bytes > mostKept {
		clear(packs.by)
		packs.bytes = len(text) + out.Len()
	}
	packs.by[key] = pack{text, out.Bytes()}
	return out.Bytes(), nil
}

// gzipped packs a page (RFC 1952): what was drawn for it at the fastest level, kept texts
// as they are kept. No part looks back into another.
func gzipped(out *bytes.Buffer, page []leaf) error {
	sum, size := crc32.NewIEEE(), uint32(0)                     // the size counts modulo 2^32
	out.WriteString("\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff") // deflate, no time, fastest, no system
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	for i, l := range page {
		if l.kept != "" {
			packed, err := packedText(l.kept)
			if err != nil {
				return err
			}
			out.Write(packed)
			_, _ = io.WriteString(sum, l.kept)
			size += uint32(len(l.kept))
			continue
		}
		w.Reset(out)
		if _, err := w.Write(l.drawn); err != nil {
			return err
		}
		finish := w.Flush
		if i == len(page)-1 {
			finish = w.Close
		}
		if err := finish(); err != nil {
			return err
		}
		_, _ = sum.Write(l.drawn)
		size += uint32(len(l.drawn))
	}
	foot := binary.LittleEndian.AppendUint32(nil, sum.Sum32())
	out.Write(binary.LittleEndian.AppendUint32(foot, size))
	return nil
}
