package formats

import (
	"slices"
	"strconv"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// readQTI12 reads the items of a file of IMS QTI 1.2, as Canvas, Blackboard and Common
// Cartridges write it (imsglobal.org/question, ASI Information Model 1.2).
func readQTI12(g *gathering, root *element) {
	q := qti12{gathering: g}
	q.inside(root, nil)
	q.even.tell(g)
}

type qti12 struct {
	*gathering
	even points
}

// inside reads what a section, bank or assessment holds; path are the titles on the way.
func (q *qti12) inside(e *element, path []string) {
	for _, k := range e.children("") {
		switch k.name {
		case "item":
			q.item12(k, path)
		case "bankentry_item":
			d := q.item("", k.attr("item_ref"), k.line)
			d.lose(0, "assessment.qti.elsewhere")
		case "assessment", "section", "objectbank":
			title := k.attr("title")
			if title == "" {
				title = fields(k.child("qtimetadata"))["bank_title"]
			}
			below := path
			if title != "" {
				below = append(slices.Clip(path), strings.ReplaceAll(title, "/", "//"))
			}
			if number := k.child("selection_ordering").child("selection").child("selection_number").said(); number != "" {
				q.Warnings = append(q.Warnings, Warning{Item: title, Problem: content.Problem{Path: q.file, Line: k.line,
					Sentence: fault.Say("assessment.qti.draws", "Number", number)}})
			}
			q.inside(k, below)
		default:
			q.inside(k, path)
		}
	}
}

// fields are the named values of an item or a section.
func fields(e *element) map[string]string {
	found := map[string]string{}
	for _, f := range e.all("qtimetadatafield") {
		if name := f.child("fieldlabel").said(); found[name] == "" {
			found[name] = f.child("fieldentry").said()
		}
	}
	return found
}

// item12 is an item of QTI 1.2 while it is read.
type item12 struct {
	*draft
	e          *element
	show       *element // its presentation
	kind       string   // what the program that wrote it calls its type, "" where it does not
	conditions []condition
	most       float64 // the points of a whole answer
	feedback   map[string]Text
	used       map[string]bool // the feedback that found a place
}

// mostTogether is how many elements of an item may meet how many of its rules: a text with
// fifty lists of ten lines needs as many.
const mostTogether = 4_000_000

// unheld are the types that no question of ours can hold, by the name their program gives.
var unheld = map[string]bool{
	"calculated_question": true, "file_upload_question": true, "hot_spot_question": true, "categorization_question": true,
	"Calculated": true, "Numeric Calculated": true, "File Upload": true, "Hot Spot": true, "Jumbled Sentence": true,
	"Opinion Scale": true, "Quiz Bowl": true, "Fill in the Blank Plus": true, "Likert Scale": true,
}

func (q *qti12) item12(e *element, path []string) {
	f := fields(e)
	kind := f["question_type"]
	if kind == "" {
		kind = f["cc_profile"]
	}
	name := e.attr("ident")
	for _, b := range e.all("bbmd_questiontype", "bbmd_asi_object_id") {
		if b.name == "bbmd_questiontype" && kind == "" {
			kind = b.said()
		} else if b.name == "bbmd_asi_object_id" && name == "" {
			name = b.said()
		}
	}
	d := q.item(e.attr("title"), name, e.line)
	d.Category = inOneLine(strings.Join(path, "/"))
	i := item12{draft: d, e: e, show: e.child("presentation"), kind: kind}
	if unheld[kind] {
		d.lose(0, "assessment.format.type", "Type", kind)
		return
	}
	if shown, rules := i.show.size(), e.child("resprocessing").size(); shown*rules > mostTogether || shown > mostTogether/100 {
		d.lose(0, "assessment.format.large")
		return
	}
	i.readConditions()
	i.readFeedback()
	i.read()
	if d.gone {
		return
	}
	i.around()
	if d.Type != Description {
		q.even.count(f["points_possible"])
	}
	d.done()
}

// read finds out what kind of question an item is by what it asks for.
func (i *item12) read() {
	asks := i.show.all("response_lid", "response_str", "response_num", "response_xy", "response_grp")
	choices := 0
	for _, a := range asks {
		if a.name == "response_xy" || a.name == "response_grp" {
			i.lose(a.line, "assessment.format.type", "Type", a.name)
			return
		}
		if a.name == "response_lid" {
			choices++
		}
		if slide := a.all("render_hotspot", "render_slider"); len(slide) > 0 {
			i.lose(slide[0].line, "assessment.format.type", "Type", slide[0].name)
			return
		}
	}
	i.Stem = i.stem(nil)
	switch {
	case i.essay(asks):
		i.Type = Essay
	case len(asks) == 0:
		i.Type = Description
		if i.Stem.Empty() {
			i.lose(0, "assessment.qti.empty")
		}
	case i.kind == "multiple_dropdowns_question" || i.kind == "fill_in_multiple_blanks_question":
		i.namedGaps(asks)
	case choices == 1 && len(asks) == 1:
		i.choice(asks[0])
	case choices == len(asks):
		i.matching(asks)
	case choices == 0:
		i.typed(asks)
	default:
		i.lose(0, "assessment.qti.mixed")
	}
}

func (i *item12) essay(asks []*element) bool {
	switch i.kind {
	case "essay_question", "Essay", "Short Response", "cc.essay.v0p1":
		return true
	case "text_only_question":
		return false
	}
	if len(asks) != 1 || asks[0].name != "response_str" {
		return false
	}
	// A box for text of which no answer is known.
	for _, c := range i.conditions {
		if len(c.equals) > 0 || c.bounded {
			return false
		}
	}
	return len(asks[0].all("render_fib")) > 0
}

// stem is all that is shown and does not belong to an answer; gaps gives the mark that
// stands for what is asked for, nil for none.
func (i *item12) stem(gap func(*element) string) Text {
	var texts []Text
	i.show.walk(func(e *element) bool {
		switch {
		case e.name == "material":
			t := material(e)
			if gap != nil {
				t.Words = unmarked(t.Words, t.Markup)
			}
			texts = append(texts, t)
			return false
		case strings.HasPrefix(e.name, "response_"):
			if gap != nil {
				texts = append(texts, Text{Plain, gap(e)})
			}
			return false
		case e.attr("class") == "RIGHT_MATCH_BLOCK", i.kind == "Matching" && e.attr("class") == "RESPONSE_BLOCK":
			return false
		}
		return true
	})
	if gap != nil {
		return joined(" ", texts...)
	}
	return joined("\n", texts...)
}

// material is the text of an element: what stands in its materials, one after the other.
func material(e *element) Text {
	var texts []Text
	e.walk(func(m *element) bool {
		switch m.name {
		case "mattext", "matemtext", "mat_formattedtext":
			kind := strings.ToLower(m.attr("texttype") + m.attr("type"))
			words := m.said()
			switch {
			case len(m.children("")) > 0:
				texts = append(texts, textOf(m.kids, nil))
			case strings.Contains(kind, "html") || strings.Contains(kind, "smart"):
				texts = append(texts, htmlText(words))
			default:
				texts = append(texts, plainText(words))
			}
			return false
		case "response_label", "render_choice", "render_fib":
			return false
		}
		return true
	})
	return joined("\n", texts...)
}

// htmlText is HTML, or plain words where it has neither tags nor names of letters.
func htmlText(words string) Text {
	if strings.ContainsAny(words, "<&") {
		return newText(HTML, words)
	}
	return plainText(words)
}

// around tells what the item says that found no place.
func (i *item12) around() {
	for _, f := range i.e.children("itemfeedback") {
		if id := f.attr("ident"); !i.used[id] && !i.feedback[id].Empty() {
			i.miss(f.line, "assessment.moodle.by_result")
			break
		}
	}
	seen := map[string]bool{}
	for _, m := range i.e.all("matimage", "mataudio", "matvideo", "matapplet", "matapplication") {
		if name := m.attr("uri"); name != "" && !seen[name] {
			seen[name] = true
			i.miss(m.line, "assessment.format.file", "File", name)
		}
	}
	if extra := i.show.all("material"); i.Type == Ordering && len(extra) > 0 {
		for _, m := range extra {
			if m.attr("position") != "" {
				i.miss(m.line, "assessment.qti.labels")
				break
			}
		}
	}
}

// number reads a number of points; SCORE.max is all of them.
func (i *item12) number(words string) float64 {
	if strings.HasSuffix(strings.ToLower(words), ".max") {
		return i.most
	}
	f, err := strconv.ParseFloat(words, 64)
	if err != nil || f != f || f > 1e9 || f < -1e9 {
		return 0
	}
	return f
}
