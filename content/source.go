package content

import (
	"bytes"
	"io/fs"
	"path"
	"strings"
	"unicode/utf8"
)

// sourceLimit is how many bytes one text may have: a hundred times the longest module, and
// little enough to draw at once, whatever stands in it.
const sourceLimit = 1 << 20

// ReadSource reads one file of a folder of the curriculum. A link is not followed, since it
// may lead out of the folder, and what is too long to be a text is not read: each is told.
func ReadSource(fsys fs.FS, name string, told *Problems) (source []byte, ok bool) {
	at, size := "", int64(0)
	for part := range strings.SplitSeq(name, "/") {
		at = path.Join(at, part)
		info, err := fs.Lstat(fsys, at)
		if err != nil {
			told.Add(0, "content.problem.file_unread", "Detail", err.Error())
			return nil, false
		}
		if !info.Mode().IsRegular() && (at == name || !info.IsDir()) {
			told.Add(0, "content.problem.file_link", "Name", path.Base(at))
			return nil, false
		}
		size = info.Size()
	}
	if size > sourceLimit {
		told.Add(0, "content.problem.file_size", "Kilobytes", (size+1023)>>10, "Limit", sourceLimit>>10)
		return nil, false
	}
	source, err := fs.ReadFile(fsys, name)
	if err != nil {
		told.Add(0, "content.problem.file_unread", "Detail", err.Error())
	}
	return source, err == nil
}

// isText wants UTF-8 without the byte 0, and tells the line of the first byte that is none.
func isText(source []byte, told *Problems) bool {
	for at, line := 0, 1; at < len(source); {
		r, n := utf8.DecodeRune(source[at:])
		switch {
		case r == utf8.RuneError && n == 1:
			told.Add(line, "content.problem.not_text")
			return false
		case r == 0:
			told.Add(line, "content.problem.zero_byte")
			return false
		case r == '\n':
			line++
		}
		at += n
	}
	return true
}

// withoutMark is a text without the mark that some programs set at its start.
func withoutMark(line []byte) []byte { return bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")) }
