package formats

import (
	"regexp"
	"strings"
)

// block is what GIFT holds between two empty lines: one question, or a folder's name.
type block struct {
	line int
	text string
	id   string
	tags []string
}

var (
	giftNotes = regexp.MustCompile("\\[(id|tag):((?:[^\\]\\\\<>`\\x00-\\x1f\\x7f]|\\\\[\\]\\\\])+)\\]")
	noteMarks = strings.NewReplacer(`\]`, `]`, `\\`, `\`)
)

// note takes the identifier and the tags that a comment carries.
func (b *block) note(comment string) {
	for _, m := range giftNotes.FindAllStringSubmatch(comment, -1) {
		words := strings.TrimSpace(noteMarks.Replace(m[2]))
		switch {
		case m[1] == "id":
			b.id = words
		case words != "":
			b.tags = append(b.tags, words)
		}
	}
}

// blocksOf cuts a file of GIFT at its empty lines. Comments stand outside; an empty line
// between { and } cuts nothing.
func blocksOf(lines []string) []block {
	var blocks []block
	var now block
	end := func() {
		if now.text != "" {
			blocks = append(blocks, now)
			now = block{}
		}
	}
	for i, line := range lines {
		bare := strings.Trim(line, blanks)
		switch {
		case strings.HasPrefix(bare, "//"):
			now.note(bare)
		case bare == "":
			end()
		case strings.HasPrefix(bare, "$CATEGORY:"):
			end()
			blocks = append(blocks, block{line: i + 1, text: bare})
		case now.text == "":
			now.line, now.text = i+1, line
		default:
			now.text += "\n" + line
		}
	}
	end()
	return joinOpen(blocks)
}

// joinOpen puts together what an empty line between { and } has cut apart. Where no }
// follows before the next {, the answers were never closed, and nothing is swallowed.
func joinOpen(blocks []block) []block {
	var joined []block
	for i := 0; i < len(blocks); i++ {
		b := blocks[i]
		if _, answers, opened := cutAt(b.text, "{"); opened && index(answers, "}") < 0 {
			if last, closes := closing(blocks, i+1); closes {
				for _, more := range blocks[i+1 : last+1] {
					b.text += "\n\n" + more.text
					b.tags = append(b.tags, more.tags...)
				}
				i = last
			}
		}
		joined = append(joined, b)
	}
	return joined
}

// closing finds the block that closes what was opened before block i.
func closing(blocks []block, i int) (int, bool) {
	for ; i < len(blocks); i++ {
		opens, closes := index(blocks[i].text, "{"), index(blocks[i].text, "}")
		switch {
		case closes >= 0 && (opens < 0 || closes < opens):
			return i, true
		case opens >= 0 || strings.HasPrefix(blocks[i].text, "$CATEGORY:"):
			return 0, false
		}
	}
	return 0, false
}
