package web

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"hash/maphash"
	"sync"

	"github.com/klauspost/compress/flate"
)

// leaf is a part of a page: one that was drawn, a kept text, or a blank of a printed part.
type leaf struct {
	text   []byte
	kept   bool   // many pages show it
	blank  string // what is to be put in; then there is no text yet
	packed []byte // the text as a part of a deflate stream; nil where it was not packed to stay
}

// toStay is the leaf packed as small as it gets.
func (l leaf) toStay() (leaf, error) {
	var err error
	switch {
	case l.kept:
		l.text, l.packed, err = packedText(l.text)
	case len(l.text) >= worthSqueezing:
		l.packed, err = squeezed(l.text)
	}
	return l, err
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
	text   []byte
	packed []byte // a part of a deflate stream that can stand between any others
}

// packedText is a kept text as a part of a deflate stream, and the one copy of the text.
func packedText(text []byte) (same, packed []byte, err error) {
	key := maphash.Bytes(packs.seed, text)
	packs.Lock()
	known := packs.by[key]
	packs.Unlock()
	if bytes.Equal(known.text, text) {
		return known.text, known.packed, nil
	}
	if packed, err = squeezed(text); err != nil {
		return nil, nil, err
	}
	packs.Lock()
	defer packs.Unlock()
	if packs.bytes += len(text) + len(packed); packs.bytes > mostKept {
		clear(packs.by)
		packs.bytes = len(text) + len(packed)
	}
	packs.by[key] = pack{text, packed}
	return text, packed, nil
}

// squeezed is a text as a part of a deflate stream, as small as it gets.
func squeezed(text []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err = w.Flush() // to a whole byte, and with no end of the stream
	return out.Bytes(), err
}

// worthSqueezing is from how many bytes on packing a part is worth its time; shorter ones,
// such as a name or a token, stand in the stream as they are (RFC 1951, 3.2.4).
const worthSqueezing = 200

// gzipped packs a page (RFC 1952): what was drawn for it at the fastest level, what is
// kept as it is kept. No part looks back into another.
func gzipped(out *bytes.Buffer, page []leaf) error {
	sum, size := uint32(0), uint32(0)                           // the size counts modulo 2^32
	out.WriteString("\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff") // deflate, no time, fastest, no system
	w := packers.Get().(*flate.Writer)
	defer packers.Put(w)
	for _, l := range page {
		sum, size = crc32.Update(sum, crc32.IEEETable, l.text), size+uint32(len(l.text))
		if l.kept && l.packed == nil {
			var err error
			if l, err = l.toStay(); err != nil {
				return err
			}
		}
		switch {
		case l.packed != nil:
			out.Write(l.packed)
		case len(l.text) < worthSqueezing:
			stored(out, l.text)
		default:
			w.Reset(out)
			if _, err := w.Write(l.text); err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
		}
	}
	out.WriteString("\x03\x00") // a last part with nothing in it
	foot := binary.LittleEndian.AppendUint32(nil, sum)
	out.Write(binary.LittleEndian.AppendUint32(foot, size))
	return nil
}

// stored puts a short text into a deflate stream as it is.
func stored(out *bytes.Buffer, text []byte) {
	if len(text) == 0 {
		return
	}
	n := uint16(len(text))
	out.Write([]byte{0, byte(n), byte(n >> 8), byte(^n), byte(^n >> 8)})
	out.Write(text)
}
