package document

import (
	_ "embed"
	"encoding/binary"
	"sync"
)

//go:embed fonts/NotoSerif-Regular.ttf
var serifTTF []byte

//go:embed fonts/NotoSans-Regular.ttf
var sansTTF []byte

// glyphs is every rune that both faces can draw. The fonts are part of the
// program, so the answer is worked out once.
var glyphs = sync.OnceValue(func() map[rune]bool {
	serif, sans := coverage(serifTTF), coverage(sansTTF)
	for r := range serif {
		if !sans[r] {
			delete(serif, r)
		}
	}
	return serif
})

// coverage reads the Unicode character map (cmap format 4) of a TrueType font
// of our own; it trusts its bytes.
func coverage(ttf []byte) map[rune]bool {
	u16 := func(b []byte, at int) int { return int(binary.BigEndian.Uint16(b[at:])) }
	u32 := func(b []byte, at int) int { return int(binary.BigEndian.Uint32(b[at:])) }
	out := map[rune]bool{}
	for t := range u16(ttf, 4) {
		entry := ttf[12+16*t:]
		if string(entry[:4]) != "cmap" {
			continue
		}
		cmap := ttf[u32(entry, 8):]
		for i := range u16(cmap, 2) {
			table := cmap[u32(cmap, 8+8*i):]
			if u16(table, 0) != 4 {
				continue
			}
			n := u16(table, 6) // twice the number of segments
			for s := 0; s < n; s += 2 {
				end, start := u16(table, 14+s), u16(table, 16+n+s)
				delta, offset := u16(table, 16+2*n+s), u16(table, 16+3*n+s)
				for c := start; c <= end && c != 0xffff; c++ {
					glyph := c + delta
					if offset != 0 {
						glyph = u16(table, 16+3*n+s+offset+2*(c-start))
					}
					if glyph&0xffff != 0 {
						out[rune(c)] = true
					}
				}
			}
		}
	}
	return out
}
