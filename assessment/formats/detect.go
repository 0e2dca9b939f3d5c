package formats

import (
	"bytes"
	"path"
	"regexp"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
)

var (
	ownHead     = regexp.MustCompile(`(?m)^## [a-z0-9][a-z0-9-]*[ \t]*$`)
	ownType     = regexp.MustCompile(`(?m)^type:[ \t]*[a-z]+[ \t]*$`)
	aikenEnd    = regexp.MustCompile(`(?m)^[ \t]*ANSWER:`)
	aikenChoice = regexp.MustCompile(`(?m)^[ \t]*A[).][ \t]`)
	giftMark    = regexp.MustCompile(`(?m)^[ \t]*(::|\$CATEGORY:|\[(html|moodle|plain|markdown)\])|^//|(^|[^\\])\{`)
	webwork     = regexp.MustCompile(`(?m)^(DOCUMENT\(\);|BEGIN_PGML|loadMacros\()`)
	yamlLine    = regexp.MustCompile(`^\s*(- )?["']?[A-Za-z0-9_+ -]+["']?:(\s|$)`)
)

// foreign are beginnings of files that are no questions that anyone here reads.
var foreign = []struct{ start, name string }{
	{"%PDF-", "PDF"}, {"%!PS", "PostScript"}, {"\x89PNG", "PNG"}, {"\xff\xd8\xff", "JPEG"}, {"GIF8", "GIF"}, {"\xd0\xcf\x11\xe0", "Microsoft Office"},
	{"Rar!", "RAR"}, {"\x1f\x8b", "gzip"}, {"{\\rtf", "RTF"}, {"<!doctype html", "HTML"}, {"<html", "HTML"}, {"{\"", "JSON"}, {"[{", "JSON"}, {"#!", "script"},
}

// Detect tells a file's format by what is in it, never by its name alone. Where it is of
// a kind that nobody reads here, kind names that; where nothing tells, both are empty.
func Detect(file content.File) (format Format, kind string) {
	start := bytes.TrimLeft(bytes.TrimPrefix(file.Bytes, []byte("\ufeff")), " \t\r\n")
	head := strings.ToLower(string(start[:min(len(start), 4096)]))
	for _, f := range foreign {
		if strings.HasPrefix(head, strings.ToLower(f.start)) {
			return "", f.name
		}
	}
	switch {
	case strings.HasPrefix(head, "pk\x03\x04"):
		return QTI, ""
	case strings.HasPrefix(head, "<"):
		return detectXML(head, string(start))
	}
	text := strings.ReplaceAll(string(start), "\r\n", "\n")
	switch {
	case webwork.MatchString(text):
		return "", "WeBWorK"
	case ownHead.MatchString(text) && ownType.MatchString(text):
		return Native, ""
	case aikenEnd.MatchString(text) && aikenChoice.MatchString(text):
		return Aiken, ""
	case isCSV(text):
		return CSV, ""
	case isYAML(text):
		return "", "YAML"
	case strings.HasPrefix(text, "# "): // a text in Markdown that asks nothing
		return "", ""
	case giftMark.MatchString(text), strings.HasSuffix(strings.ToLower(path.Base(file.Path)), ".gift") && text != "":
		return GIFT, ""
	}
	return "", ""
}

// detectXML tells XML by its first elements.
func detectXML(head, all string) (Format, string) {
	first := len(head)
	var format Format
	for element, f := range map[string]Format{"<quiz": MoodleXML, "<questestinterop": QTI, "<assessmentitem": QTI,
		"<assessmenttest": QTI, "<manifest": QTI, "<assessment ": QTI, "<qti-": QTI, "<item ": QTI} {
		if at := strings.Index(head, element); at >= 0 && at < first {
			first, format = at, f
		}
	}
	switch {
	case format != "":
		return format, ""
	case strings.HasPrefix(head, "<?xml"):
		return "", "XML"
	case giftMark.MatchString(all): // the words of a question may start with HTML
		return GIFT, ""
	}
	return "", "HTML"
}

// isYAML says whether most lines are names with values, as in a YAML file.
func isYAML(text string) bool {
	pairs, all := 0, 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimRight(line, " \t")
		if line == "" || line == "---" || strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		named := yamlLine.MatchString(line)
		if all == 0 && !named || strings.HasPrefix(line, "::") || strings.HasPrefix(line, "$CATEGORY") || strings.HasPrefix(line, "//") {
			return false
		}
		if all++; named || strings.HasPrefix(line, "  ") || strings.HasPrefix(line, "- ") {
			pairs++
		}
	}
	return all > 2 && pairs*10 >= all*9
}
