package content

import (
	"regexp"
	"slices"
	"strings"
)

// LineKind says how a line of a compared text is to be read.
type LineKind string

// The kinds of a line.
const (
	Fact      LineKind = "fact" // of the front matter
	Heading   LineKind = "heading"
	ListEntry LineKind = "entry" // of a list
	Label     LineKind = "label" // opens a fenced part, such as a scenario
	Paragraph LineKind = "paragraph"
)

// ComparedLine is a line of two versions told apart, without its marks.
type ComparedLine struct {
	Kind   LineKind
	Pieces []Piece
}

// Changed says whether the two versions differ in the line.
func (l ComparedLine) Changed() bool {
	return slices.ContainsFunc(l.Pieces, func(p Piece) bool { return p.Change != Kept })
}

// Stretch is lines that follow each other. What did not change, far from what did, is
// folded away.
type Stretch struct {
	Folded bool
	Lines  []ComparedLine
}

// Compare tells two sources apart in the form in which one reads: line by line, word by
// word in each, and what stayed the same folded. Places of links and glossary terms are
// left out, as they are no words.
func Compare(before, after string) []Stretch {
	return fold(comparedLines(Difference(readable(before), readable(after))))
}

var (
	termMark  = regexp.MustCompile(`\[([^\]\n]*)\]\{term=[^}\n]*\}`)
	otherMark = regexp.MustCompile(`\[([^\]\n]*)\]\((?:protocol:|#)[^)\n]*\)`)
	idMark    = regexp.MustCompile(`(?m)[ \t]*\{(?:#|id=)[^}\n]*\}[ \t]*$`)
	noFact    = regexp.MustCompile(`(?m)^(?:translates|version|id|lang):.*\n`)
)

// readable is a source without what only the program reads. Its front matter ends with
// a line that no author writes, by which comparedLines knows it.
func readable(source string) string {
	source = strings.ReplaceAll(source, "\r\n", "\n")
	if head, body, found := strings.Cut(strings.TrimPrefix(source, "---\n"), "\n---\n"); found && strings.HasPrefix(source, "---\n") {
		source = noFact.ReplaceAllString(head+"\n", "") + endOfFacts + strings.TrimLeft(body, "\n")
	}
	source = termMark.ReplaceAllString(source, "$1")
	source = otherMark.ReplaceAllString(source, "$1")
	source = idMark.ReplaceAllString(source, "")
	return strings.ReplaceAll(source, "**", "")
}

const endOfFacts = "\x00\n"

// comparedLines cuts pieces into lines, whichever side ends them, and leaves out the empty ones.
func comparedLines(pieces []Piece) (list []ComparedLine) {
	var line []Piece
	facts := slices.ContainsFunc(pieces, func(p Piece) bool { return strings.Contains(p.Text, endOfFacts) })
	end := func() {
		text := ""
		for _, p := range line {
			text += p.Text
		}
		switch {
		case text == strings.TrimSuffix(endOfFacts, "\n"):
			facts = false
		case strings.Trim(text, " :\t") != "":
			list = append(list, compared(line, text, facts))
		}
		line = nil
	}
	for _, p := range pieces {
		for i, text := range strings.Split(p.Text, "\n") {
			if i > 0 {
				end()
			}
			if text != "" {
				line = append(line, Piece{p.Change, text})
			}
		}
	}
	end()
	return list
}

// compared reads off a line's first marks what it is, and takes them away.
func compared(line []Piece, text string, fact bool) ComparedLine {
	kind, marks := Paragraph, ""
	trimmed := strings.TrimLeft(text, " ")
	switch {
	case fact:
		kind, marks = Fact, " -"
	case strings.HasPrefix(trimmed, ":::"):
		kind, marks = Label, " :"
	case strings.HasPrefix(trimmed, "#"):
		kind, marks = Heading, " #"
	case strings.HasPrefix(trimmed, "- "):
		kind, marks = ListEntry, " -"
	}
	for i := range line {
		line[i].Text = strings.TrimLeft(line[i].Text, marks)
		if line[i].Text != "" && line[i].Change == Kept {
			break
		}
	}
	return ComparedLine{kind, slices.DeleteFunc(line, func(p Piece) bool { return p.Text == "" })}
}

// around is how many lines stay in sight before and after a change.
const around = 1

// fold parts the lines into what is near a change and what is not.
func fold(lines []ComparedLine) (list []Stretch) {
	near := func(i int) bool {
		for _, line := range lines[max(0, i-around):min(len(lines), i+around+1)] {
			if line.Changed() {
				return true
			}
		}
		return false
	}
	for i, line := range lines {
		folded := !near(i)
		if n := len(list); n == 0 || list[n-1].Folded != folded {
			list = append(list, Stretch{Folded: folded})
		}
		last := &list[len(list)-1]
		last.Lines = append(last.Lines, line)
	}
	return list
}
