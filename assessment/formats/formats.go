package formats

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Format is a form of files of questions.
type Format string

// The forms that are read and written. Native is the Academy's own Markdown, which the
// quizzes' own reader reads.
const (
	GIFT      Format = "gift"
	Aiken     Format = "aiken"
	CSV       Format = "csv"
	MoodleXML Format = "moodle"
	QTI       Format = "qti"
	Native    Format = "markdown"
)

// All are the formats, as a form offers them.
var All = []Format{Native, GIFT, Aiken, MoodleXML, QTI, CSV}

// Label is the format's own name, the same in every language.
func (f Format) Label() string {
	switch f {
	case GIFT:
		return "GIFT"
	case Aiken:
		return "Aiken"
	case CSV:
		return "CSV"
	case MoodleXML:
		return "Moodle XML"
	case QTI:
		return "QTI"
	case Native:
		return "Markdown"
	}
	return string(f)
}

// Ending is what the name of a written file ends in.
func (f Format) Ending() string {
	switch f {
	case GIFT:
		return ".gift.txt"
	case Aiken:
		return ".aiken.txt"
	case CSV:
		return ".csv"
	case MoodleXML:
		return ".xml"
	case QTI:
		return ".zip"
	}
	return ".quiz.md"
}

// otherNames are what people call a format beside its name.
var otherNames = map[string]Format{
	"xml": MoodleXML, "moodle-xml": MoodleXML, "moodle_xml": MoodleXML, "moodlexml": MoodleXML,
	"native": Native, "md": Native, "gift.txt": GIFT, "qti2": QTI, "qti-2": QTI, "qti2.1": QTI, "qti2.2": QTI, "qti1.2": QTI,
}

// Named finds a format by its name, in small letters or capitals.
func Named(name string) (Format, bool) {
	name = strings.ToLower(strings.TrimSpace(name))
	if f, ok := otherNames[name]; ok {
		return f, true
	}
	return Format(name), slices.Contains(All, Format(name))
}

// forms are the formats that this package reads and writes.
var forms = map[Format]struct {
	read  func(content.File) (Reading, error)
	write func([]Item) ([]byte, []Warning, error)
}{
	GIFT:  {readGIFT, writeGIFT},
	Aiken: {readAiken, writeAiken},
	CSV:   {readCSV, writeCSV},
	MoodleXML: {
		func(file content.File) (Reading, error) { return ReadMoodleXML(file.Path, file.Bytes) },
		func(items []Item) ([]byte, []Warning, error) {
			out, told := WriteMoodleXML(items)
			return out, told, nil
		},
	},
	QTI: {readPackage, WriteQTI},
}

// Read reads a file of the format. Fails with a content.Problem, one sentence, where
// the file as a whole can't be read or is in another format.
func Read(f Format, file content.File) (Reading, error) {
	have, kind := Detect(file)
	if kind != "" || (have != f && have != "") {
		if kind == "" {
			kind = have.Label()
		}
		return Reading{}, whole(file, "assessment.format.another", "Have", kind, "Want", f.Label())
	}
	form, ok := forms[f]
	if !ok || f == GIFT && have == "" {
		return Reading{}, whole(file, "assessment.format.unknown")
	}
	return form.read(file)
}

// Write writes items as a file of the format. What the format has no place for is told;
// an item that it can't hold at all is told as lost.
func Write(f Format, items []Item) ([]byte, []Warning, error) {
	form, ok := forms[f]
	if !ok {
		return nil, nil, fmt.Errorf("questions are not written as %q here", f)
	}
	return form.write(items)
}

// whole is a problem of a file as a whole.
func whole(file content.File, key string, pairs ...any) error {
	return content.Problem{Path: file.Path, Sentence: fault.Say(key, pairs...)}
}

// linesOf are the lines of a file of text, without the mark that some programs put
// before the first. Fails where it is no text that can be kept.
func linesOf(file content.File) ([]string, error) {
	text := strings.TrimPrefix(string(file.Bytes), "\ufeff")
	text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n")
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		if !utf8.ValidString(line) || strings.ContainsRune(line, 0) {
			return nil, content.Problem{Path: file.Path, Line: i + 1, Sentence: fault.Say("assessment.format.no_text")}
		}
	}
	return lines, nil
}

// told gathers the warnings of one file.
type told struct {
	path string
	list []Warning
}

// lost says that an item stays outside.
func (t *told) lost(item Item, line int, key string, pairs ...any) {
	t.list = append(t.list, Warning{item.label(), true, content.Problem{Path: t.path, Line: line, Sentence: fault.Say(key, pairs...)}})
}

// without says that an item is kept without something.
func (t *told) without(item Item, line int, key string, pairs ...any) {
	t.list = append(t.list, Warning{item.label(), false, content.Problem{Path: t.path, Line: line, Sentence: fault.Say(key, pairs...)}})
}

// label is what people call an item that a sentence speaks of.
func (i Item) label() string {
	for _, name := range []string{i.Title, i.Name, i.Stem.Words} {
		if name = strings.Join(strings.Fields(name), " "); name != "" {
			return cut(name, 60)
		}
	}
	return ""
}

func cut(s string, runes int) string {
	if r := []rune(s); len(r) > runes {
		return strings.TrimSpace(string(r[:runes-1])) + "…"
	}
	return s
}
