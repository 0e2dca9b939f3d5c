package formats

import (
	"regexp"
	"strings"
)

// ReadMoodleXML reads a file of Moodle's own XML, as its question bank writes it. A file
// that is not well formed, not safe or not Moodle's gives a content.Problem with its line.
func ReadMoodleXML(name string, data []byte) (Reading, error) {
	root, err := readTree(name, data)
	if err != nil {
		return Reading{}, err
	}
	if root.name != "quiz" {
		return Reading{}, xmlFault(name, root.line, "assessment.moodle.other", "Root", root.name)
	}
	g := gathering{file: name}
	readMoodle(&g, root)
	return g.Reading, nil
}

func readMoodle(g *gathering, root *element) {
	m := moodle{gathering: g}
	for _, e := range root.children("question") {
		if e.attr("type") == "category" {
			m.enter(e)
			continue
		}
		m.question(e)
	}
	m.even.tell(g)
}

// moodle is a file of Moodle's while it is read.
type moodle struct {
	*gathering
	category string
	even     points
}

var moodleRoot = regexp.MustCompile(`^\$[a-z0-9]+\$/`)

// moodleFolder is the path of a category without the course or site that it hangs on.
func moodleFolder(path string) string {
	path = moodleRoot.ReplaceAllString(inOneLine(path), "")
	if path == "top" {
		return ""
	}
	return strings.Trim(strings.TrimPrefix(path, "top/"), "/ ")
}

// enter goes into a folder of the bank.
func (m *moodle) enter(e *element) {
	m.category = moodleFolder(e.child("category").child("text").said())
	if info := e.child("info").child("text"); info.said() != "" {
		d := draft{Item: Item{Title: m.category, Line: e.line}, g: m.gathering}
		d.miss(info.line, "assessment.moodle.category_text")
	}
}

func (m *moodle) question(e *element) {
	d := m.item(e.child("name").child("text").said(), e.child("idnumber").said(), e.line)
	d.Category = m.category
	d.Stem = moodleText(e.child("questiontext"), HTML)
	base := d.Stem.Markup
	if base == "" {
		base = HTML
	}
	d.General = moodleText(e.child("generalfeedback"), base)
	for _, tag := range e.child("tags").children("tag") {
		if words := inOneLine(tag.said()); words != "" {
			d.Tags = append(d.Tags, words)
		}
	}
	kind := e.attr("type")
	read, known := moodleTypes[kind]
	if !known {
		d.lose(0, "assessment.format.type", "Type", kind)
		return
	}
	read(d, e, base)
	if d.gone {
		return
	}
	d.around(e)
	if d.Type != Description && d.Type != Reflection {
		m.even.count(e.child("defaultgrade").said())
	}
	d.done()
}

// moodleTypes are the types of Moodle that one of ours can hold.
var moodleTypes = map[string]func(d *draft, e *element, base Markup){
	"multichoice": moodleChoice,
	"truefalse":   moodleTrueFalse,
	"shortanswer": moodleShort,
	"numerical":   moodleNumerical,
	"matching":    moodleMatching,
	"match":       moodleMatching,
	"ordering":    moodleOrdering,
	"essay":       moodleEssay,
	"description": func(d *draft, _ *element, _ Markup) { d.Type = Description },
	"cloze":       moodleCloze,
	"multianswer": moodleCloze,
	"gapselect":   moodlePieces,
	"ddwtos":      moodlePieces,
}

// around tells what stands around a question and has no place in ours.
func (d *draft) around(e *element) {
	if e.child("hidden").said() == "1" {
		d.miss(e.child("hidden").line, "assessment.moodle.hidden")
	}
	for _, hint := range e.children("hint") {
		if hint.child("text").said() != "" {
			d.miss(hint.line, "assessment.moodle.hint")
			break
		}
	}
	for _, name := range []string{"correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"} {
		if words := e.child(name).child("text").said(); words != "" && !usualFeedback[bare(words)] {
			d.miss(e.child(name).line, "assessment.moodle.by_result")
			break
		}
	}
	seen := map[string]bool{}
	for _, file := range e.all("file", "image") {
		name := file.attr("name")
		if file.name == "image" {
			name = file.said()
		}
		if name != "" && !seen[name] {
			seen[name] = true
			d.miss(file.line, "assessment.format.file", "File", name)
		}
	}
}

// usualFeedback is what Moodle fills in by itself, without marks.
var usualFeedback = map[string]bool{
	"Your answer is correct.": true, "Your answer is partially correct.": true, "Your answer is incorrect.": true,
	"Respuesta correcta": true, "Respuesta parcialmente correcta.": true, "Respuesta incorrecta.": true,
}

var tags = regexp.MustCompile(`<[^>]*>`)

func bare(words string) string { return strings.TrimSpace(tags.ReplaceAllString(words, "")) }

// moodleText is the text of an element with the markup that it names.
func moodleText(e *element, base Markup) Text {
	switch e.attr("format") {
	case "html":
		base = HTML
	case "markdown":
		base = Markdown
	case "plain_text":
		base = Plain
	case "moodle_auto_format":
		base = Moodle
	}
	return newText(base, e.child("text").said())
}
