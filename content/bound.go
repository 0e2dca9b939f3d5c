package content

import (
	"bytes"
)

// What a text may ask of those who draw it. No text of people's comes near; what passes
// would cost time or memory out of all proportion to its length, before anything of it is
// seen.
const (
	deepest    = 20       // quotes and lists inside one another on one line
	indented   = 100      // columns before a list, which is fifty lists inside one another
	emptyCells = 5000     // that rows leave out and the table has to be filled up with
	longestRun = 16 << 10 // bytes of one paragraph, list or table, up to an empty line
	mostNotes  = 1000     // footnotes, and places that refer to one
	mostLinks  = 400      // opening brackets in one run
)

// bounded says whether a text can be drawn in a time that grows no faster than its length,
// and tells the line where it can't. It reads each byte a fixed number of times.
func bounded(body []byte, firstLine int, told *Problems) bool {
	missing, columns, run, links, notes, number := 0, 0, 0, 0, 0, 0
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		at := firstLine + number
		number++
		rest, depth, indent := containers(line)
		if len(bytes.TrimSpace(rest)) == 0 { // within a quote, too, a paragraph ends here
			columns, run, links = 0, 0, 0
			if depth == 0 {
				continue
			}
		}
		if depth > deepest || depth > 0 && indent > indented {
			told.Add(at, "content.problem.too_deep", "Most", deepest)
			return false
		}
		if links += bytes.Count(line, []byte("[")); links > mostLinks {
			told.Add(at, "content.problem.brackets_many", "Most", mostLinks)
			return false
		}
		if run += len(line) + 1; run > longestRun {
			told.Add(at, "content.problem.run_long", "Kilobytes", longestRun>>10)
			return false
		}
		if notes += bytes.Count(line, []byte("[^")); notes > mostNotes {
			told.Add(at, "content.problem.footnotes_many", "Most", mostNotes)
			return false
		}
		bars := bytes.Count(rest, []byte("|"))
		if isDelimiter(rest) {
			columns = max(columns, bars+1)
		} else if columns > 0 {
			if missing += max(0, columns-bars-1); missing > emptyCells {
				told.Add(at, "content.problem.table_gaps", "Columns", columns)
				return false
			}
		}
	}
	return true
}

// containers cuts the marks of quotes and list items from the start of a line. depth is how
// many there are, indent how many columns stand before the first of them. A line of dashes
// or stars alone is a rule and holds nothing.
func containers(line []byte) (rest []byte, depth, indent int) {
	rest = line
	for len(rest) > 0 {
		switch c := rest[0]; {
		case c == ' ' || c == '\t':
			if depth == 0 {
				indent += map[bool]int{true: 4, false: 1}[c == '\t']
			}
			rest = rest[1:]
		case c == '>':
			depth, rest = depth+1, rest[1:]
		case (c == '-' || c == '+' || c == '*') && (len(rest) == 1 || rest[1] == ' ' || rest[1] == '\t'):
			depth, rest = depth+1, rest[1:]
		case c >= '0' && c <= '9':
			digits := len(rest) - len(bytes.TrimLeft(rest, "0123456789"))
			after := rest[digits:]
			if digits > 9 || len(after) < 2 || after[0] != '.' && after[0] != ')' || after[1] != ' ' && after[1] != '\t' {
				return rest, depth, indent
			}
			depth, rest = depth+1, after[1:]
		default:
			return rest, depth, indent
		}
	}
	if isRule(line) {
		return line, 0, indent
	}
	return rest, depth, indent
}

func isRule(line []byte) bool {
	mark := bytes.TrimLeft(line, " \t")
	return len(mark) > 0 && (mark[0] == '-' || mark[0] == '*') && len(bytes.Trim(mark, " \t"+string(mark[0]))) == 0
}

// isDelimiter says whether a line can be the one under the head of a table.
func isDelimiter(line []byte) bool {
	return bytes.IndexByte(line, '-') >= 0 && len(bytes.Trim(line, "|:- \t")) == 0
}
