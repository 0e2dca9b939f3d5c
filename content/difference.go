package content

import (
	"slices"
	"strings"
	"unicode"

	"github.com/aymanbagabas/go-udiff/lcs"
)

// Change says how a piece of text stands between two versions.
type Change string

// The changes.
const (
	Kept    Change = "kept"
	Removed Change = "removed"
	Added   Change = "added"
)

// Piece is a stretch of text that two versions share, or that one of them alone has.
type Piece struct {
	Change Change
	Text   string
}

// Difference tells two sources apart word by word. The kept and the removed pieces, joined,
// are what stood before; the kept and the added ones what stands after. Where words were
// exchanged, those removed come first. Line ends of Windows read as plain ones.
func Difference(before, after string) []Piece {
	old, now := lines(before), lines(after)
	var d differ
	at := 0
	// Lines first, then words inside of lines that changed: so a long text costs little,
	// and a word finds its partner in its own paragraph.
	for _, block := range lcs.DiffLines(old, now) {
		d.keep(old[at:block.Start]...)
		d.words(strings.Join(old[block.Start:block.End], ""), strings.Join(now[block.ReplStart:block.ReplEnd], ""))
		at = block.End
	}
	d.keep(old[at:]...)
	return d.told()
}

// differ gathers pieces. What was removed and added waits until something is kept.
type differ struct {
	pieces         []Piece
	removed, added strings.Builder
}

// words compares two stretches of changed lines.
func (d *differ) words(before, after string) {
	old, now := words(before), words(after)
	number := map[string]rune{}
	numbered := func(words []string) []rune {
		numbers := make([]rune, len(words))
		for i, word := range words {
			if _, known := number[word]; !known {
				number[word] = rune(len(number))
			}
			numbers[i] = number[word]
		}
		return numbers
	}
	at := 0
	for _, one := range lcs.DiffRunes(numbered(old), numbered(now)) {
		d.keep(old[at:one.Start]...)
		d.removed.WriteString(strings.Join(old[one.Start:one.End], ""))
		d.added.WriteString(strings.Join(now[one.ReplStart:one.ReplEnd], ""))
		at = one.End
	}
	d.keep(old[at:]...)
}

// keep adds what both have. A blank between two changed words changes with them, so
// that a phrase is exchanged as a whole.
func (d *differ) keep(shared ...string) {
	text := strings.Join(shared, "")
	if text == "" {
		return
	}
	if text == " " && d.removed.Len() > 0 && d.added.Len() > 0 {
		d.removed.WriteString(text)
		d.added.WriteString(text)
		return
	}
	d.flush()
	if n := len(d.pieces); n > 0 && d.pieces[n-1].Change == Kept {
		d.pieces[n-1].Text += text
		return
	}
	d.pieces = append(d.pieces, Piece{Kept, text})
}

// flush tells the change that waits. A blank that both end with is kept after all.
func (d *differ) flush() {
	removed, added := d.removed.String(), d.added.String()
	d.removed.Reset()
	d.added.Reset()
	shared := ""
	if strings.HasSuffix(removed, " ") && strings.HasSuffix(added, " ") {
		removed, added, shared = removed[:len(removed)-1], added[:len(added)-1], " "
	}
	for _, piece := range []Piece{{Removed, removed}, {Added, added}, {Kept, shared}} {
		if piece.Text != "" {
			d.pieces = append(d.pieces, piece)
		}
	}
}

// told are the pieces, kept ones that meet made one.
func (d *differ) told() []Piece {
	d.flush()
	var told []Piece
	for _, piece := range d.pieces {
		if n := len(told); n > 0 && told[n-1].Change == Kept && piece.Change == Kept {
			told[n-1].Text += piece.Text
			continue
		}
		told = append(told, piece)
	}
	return told
}

// lines cuts a text into its lines, each with its end.
func lines(text string) []string {
	cut := strings.SplitAfter(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	if last := len(cut) - 1; cut[last] == "" {
		cut = cut[:last]
	}
	return cut
}

// words cuts a text into words, blanks and marks.
func words(text string) (cut []string) {
	wordly := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || r == '\'' || r == '’'
	}
	begin, inWord := 0, false
	for i, r := range text {
		if now := wordly(r); i > 0 && (!now || !inWord) {
			cut = append(cut, text[begin:i])
			begin, inWord = i, now
		} else {
			inWord = now
		}
	}
	if begin < len(text) {
		cut = append(cut, text[begin:])
	}
	return slices.Clip(cut)
}
