package formats

import (
	"fmt"
	"html"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// WriteMoodleXML writes items as Moodle's question bank reads them, with a warning for
// what Moodle has no place for. ReadMoodleXML gives the same items again.
func WriteMoodleXML(items []Item) ([]byte, []Warning) {
	w := moodleWriter{}
	w.b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n")
	category := ""
	for number, item := range items {
		if item.Category != category {
			category = item.Category
			path := "$course$/top"
			folder := category
			if moodleRoot.MatchString(folder) { // as GIFT has it
				folder = moodleFolder(folder)
			}
			if folder != "" {
				path += "/" + folder
			}
			w.b.WriteString("<question type=\"category\">\n")
			w.text("category", "", path)
			w.b.WriteString("</question>\n")
		}
		w.label = labelOf(item, number+1)
		w.item(item)
	}
	w.b.WriteString("</quiz>\n")
	return []byte(w.b.String()), w.warnings
}

type moodleWriter struct {
	b        strings.Builder
	label    string
	warnings []Warning
}

// moodleNames are the types as Moodle calls them. A reflection is an essay that counts nothing.
var moodleNames = map[Type]string{
	Choice: "multichoice", TrueFalse: "truefalse", Short: "shortanswer", Numerical: "numerical", Matching: "matching",
	Ordering: "ordering", Essay: "essay", Reflection: "essay", Description: "description", Cloze: "cloze",
}

func (w *moodleWriter) item(item Item) {
	kind, known := moodleNames[item.Type]
	if !known {
		w.warn(true, "assessment.format.type", "Type", string(item.Type))
		return
	}
	fmt.Fprintf(&w.b, "<question type=\"%s\">\n", kind)
	w.text("name", "", item.Title)
	stem := item.Stem
	if item.Type == Cloze {
		stem = writeCloze(item)
	}
	w.marked("questiontext", stem)
	w.marked("generalfeedback", item.General)
	grade := "1"
	if item.Type == Description || item.Type == Reflection {
		grade = "0"
	}
	w.plain("defaultgrade", grade)
	w.plain("hidden", "0")
	w.plain("idnumber", item.Name)
	w.rest(item)
	if len(item.Tags) > 0 {
		w.b.WriteString("<tags>\n")
		for _, tag := range item.Tags {
			w.text("tag", "", tag)
		}
		w.b.WriteString("</tags>\n")
	}
	w.b.WriteString("</question>\n")
}

// rest writes what only some types have.
func (w *moodleWriter) rest(item Item) {
	switch item.Type {
	case Choice:
		w.plain("single", strconv.FormatBool(!item.Several))
		w.plain("shuffleanswers", strconv.FormatBool(!item.Fixed))
		w.plain("answernumbering", "none")
		w.answers(item, false)
	case TrueFalse, Short, Numerical:
		if item.Type == Short {
			w.plain("usecase", map[bool]string{true: "1", false: "0"}[item.ExactCase])
		}
		w.answers(item, true)
		w.units(item.Units)
	case Matching:
		w.plain("shuffleanswers", strconv.FormatBool(!item.Fixed))
		for _, p := range item.Pairs {
			w.pair(p)
		}
	case Ordering:
		w.b.WriteString("<layouttype>VERTICAL</layouttype>\n<selecttype>ALL</selecttype>\n<selectcount>0</selectcount>\n")
		for i, a := range item.Answers {
			fmt.Fprintf(&w.b, "<answer fraction=\"%d.0000000\" format=\"%s\">", i+1, moodleFormats[a.Text.Markup])
			w.plain("text", a.Text.Words)
			w.b.WriteString("</answer>\n")
		}
	case Reflection:
		w.warn(false, "assessment.moodle.reflection")
		fallthrough
	case Essay:
		w.b.WriteString("<responseformat>editor</responseformat>\n<responserequired>1</responserequired>\n<responsefieldlines>15</responsefieldlines>\n<attachments>0</attachments>\n")
		if item.Words > 0 {
			w.plain("maxwordlimit", strconv.Itoa(item.Words))
		}
	}
}

func (w *moodleWriter) answers(item Item, typed bool) {
	for _, a := range item.Answers {
		format := moodleFormats[a.Text.Markup]
		if typed {
			format = moodleFormats[Moodle]
		}
		fmt.Fprintf(&w.b, "<answer fraction=\"%s\" format=\"%s\">\n", share(a.Fraction), format)
		words, tolerance := a.Text.Words, ""
		if item.Type == TrueFalse {
			words = strings.ToLower(words)
		}
		if a.Number != nil {
			words, tolerance = a.Number.middle()
		}
		w.plain("text", words)
		w.marked("feedback", a.Feedback)
		if a.Number != nil {
			w.plain("tolerance", tolerance)
		}
		w.b.WriteString("</answer>\n")
	}
}

func (w *moodleWriter) units(units []Unit) {
	if len(units) == 0 {
		return
	}
	w.b.WriteString("<units>\n")
	for _, u := range units {
		w.b.WriteString("<unit>")
		w.plain("multiplier", strconv.FormatFloat(turned(u.Factor), 'f', -1, 64))
		w.plain("unit_name", u.Name)
		w.b.WriteString("</unit>\n")
	}
	// The unit may be written and costs nothing where it is not.
	w.b.WriteString("</units>\n<unitgradingtype>0</unitgradingtype>\n<showunits>0</showunits>\n<unitsleft>0</unitsleft>\n")
}

// pair writes a left and a right side. Moodle shows the right ones in a list, without marks.
func (w *moodleWriter) pair(p Pair) {
	right := p.Right.Words
	if p.Right.Markup == HTML {
		if bare(right) != right {
			w.warn(false, "assessment.moodle.right")
		}
		right = html.UnescapeString(bare(right))
	}
	fmt.Fprintf(&w.b, "<subquestion format=\"%s\">\n", moodleFormats[p.Left.Markup])
	w.plain("text", p.Left.Words)
	w.text("answer", "", right)
	w.b.WriteString("</subquestion>\n")
}

var moodleFormats = map[Markup]string{"": "html", HTML: "html", Markdown: "markdown", Plain: "plain_text", Moodle: "moodle_auto_format"}

func (w *moodleWriter) marked(name string, t Text) { w.text(name, moodleFormats[t.Markup], t.Words) }

func (w *moodleWriter) text(name, format, words string) {
	w.b.WriteString("<" + name)
	if format != "" {
		w.b.WriteString(" format=\"" + format + "\"")
	}
	w.b.WriteString(">")
	w.b.WriteString("<text>" + xmlText(words) + "</text></" + name + ">\n")
}

func (w *moodleWriter) plain(name, words string) {
	w.b.WriteString("<" + name + ">" + xmlText(words) + "</" + name + ">\n")
}

func (w *moodleWriter) warn(lost bool, key string, pairs ...any) {
	w.warnings = append(w.warnings, Warning{Item: w.label, Lost: lost, Problem: content.Problem{Sentence: fault.Say(key, pairs...)}})
}

// xmlText is a text as XML has it: whole in a CDATA section where it holds tags, so that a
// person can read the file.
func xmlText(words string) string {
	words = strings.Map(xmlLetter, words)
	if strings.ContainsAny(words, "<&") && !strings.Contains(words, "]]>") {
		return "<![CDATA[" + words + "]]>"
	}
	return xmlEscape.Replace(words)
}

var xmlEscape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// xmlLetter gives what XML may hold of a text: no letter that only a machine reads.
func xmlLetter(r rune) rune {
	switch {
	case r == '\r':
		return '\n'
	case r < 0x20 && r != '\t' && r != '\n', r == 0xFFFE, r == 0xFFFF:
		return 0xFFFD
	}
	return r
}
