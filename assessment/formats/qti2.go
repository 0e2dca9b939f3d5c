package formats

import (
	"strconv"
	"strings"
)

// details are what a package says of an item outside its file.
type details struct {
	tags     []string
	category string
}

// qti2 is an item of IMS QTI 2 while it is read (imsglobal.org/question, Information Model 2.1).
type qti2 struct {
	*draft
	e, body   *element
	ours      bool
	responses map[string]*response
	defaults  map[string][]string // of the outcomes
	modal     []shown
	used      map[string]bool // modal feedback that found its place
	counted   map[string]bool // the responses whose mapping the rules count
	steps     int             // of the rules that were played through
}

// response is what an item says of one thing that it asks for.
type response struct {
	id          string
	cardinality string
	base        string
	correct     []string
	keys        []string // of the mapping, in their order
	mapped      map[string]float64
	exact       bool // capitals count in the mapping
	fallback    float64
}

// shown is a feedback and the outcome that shows it.
type shown struct {
	outcome, id string
	hide        bool
	text        Text
	line        int
}

func (s shown) key() string { return s.outcome + " " + s.id }

func readQTI2(g *gathering, e *element, more details) {
	q := qti2{draft: g.item(e.attr("title"), e.attr("identifier"), e.line), e: e, body: e.child("itemBody"), ours: ours(e)}
	if q.ours {
		q.Name = inOneLine(e.attr("label"))
	}
	q.Tags, q.Category = more.tags, more.category
	q.declarations()
	q.read()
	if q.gone {
		return
	}
	q.around()
	if !q.gone {
		q.done()
	}
}

func (q *qti2) declarations() {
	q.responses, q.defaults, q.used = map[string]*response{}, map[string][]string{}, map[string]bool{}
	for _, d := range q.e.children("responseDeclaration") {
		r := &response{id: d.attr("identifier"), cardinality: d.attr("cardinality"), base: d.attr("baseType"), mapped: map[string]float64{}}
		for _, v := range d.child("correctResponse").children("value") {
			r.correct = append(r.correct, v.said())
		}
		mapping := d.child("mapping")
		r.fallback, _ = strconv.ParseFloat(mapping.attr("defaultValue"), 64)
		entries := mapping.children("mapEntry")
		r.exact = len(entries) > 0
		for _, m := range entries {
			f, err := strconv.ParseFloat(m.attr("mappedValue"), 64)
			key := m.attr("mapKey")
			if _, twice := r.mapped[key]; err != nil || twice || f != f || f > 1e9 || f < -1e9 {
				continue
			}
			r.keys = append(r.keys, key)
			r.mapped[key] = f
			r.exact = r.exact && m.attr("caseSensitive") == "true"
		}
		q.responses[r.id] = r
	}
	for _, d := range q.e.children("outcomeDeclaration") {
		var values []string
		for _, v := range d.child("defaultValue").children("value") {
			values = append(values, v.said())
		}
		if base := d.attr("baseType"); values == nil && d.attr("cardinality") == "single" && (base == "float" || base == "integer") {
			values = []string{"0"}
		}
		q.defaults[d.attr("identifier")] = values
	}
	q.counted = map[string]bool{}
	for _, m := range q.e.child("responseProcessing").all("mapResponse") {
		q.counted[m.attr("identifier")] = true
	}
	for _, m := range q.e.children("modalFeedback") {
		q.modal = append(q.modal, shown{m.attr("outcomeIdentifier"), m.attr("identifier"), m.attr("showHide") == "hide", feedbackText(m), m.line})
	}
}

func feedbackText(e *element) Text {
	text := textOf(e.kids, nil)
	if title := e.attr("title"); title != "" {
		return joined("\n", plainText(title), text)
	}
	return text
}

// read finds out what kind of question an item is by the interactions in its body.
func (q *qti2) read() {
	if q.body == nil {
		q.lose(0, "assessment.qti.empty")
		return
	}
	if q.e.attr("adaptive") == "true" {
		q.lose(0, "assessment.qti.adaptive")
		return
	}
	if t := q.e.child("templateDeclaration"); t != nil {
		q.lose(t.line, "assessment.qti.template")
		return
	}
	var asks []*element
	inline := true
	q.body.walk(func(e *element) bool {
		if !strings.HasSuffix(e.name, "Interaction") && e.name != "positionObjectStage" {
			return true
		}
		if e.name != "endAttemptInteraction" {
			asks = append(asks, e)
			inline = inline && oneOf(e.name, "inlineChoiceInteraction textEntryInteraction")
		}
		return false
	})
	for _, a := range asks {
		if !oneOf(a.name, "choiceInteraction inlineChoiceInteraction textEntryInteraction extendedTextInteraction matchInteraction orderInteraction gapMatchInteraction") {
			q.lose(a.line, "assessment.format.type", "Type", a.name)
			return
		}
	}
	switch {
	case len(asks) > 500 || len(q.modal) > 1000:
		q.lose(0, "assessment.format.large")
	case len(asks) == 0:
		q.Type = Description
		q.stem(nil)
		if q.Stem.Empty() && !q.ours {
			q.lose(0, "assessment.qti.empty")
		}
		_, q.General = q.everywhere(nil)
	case inline:
		q.inline(asks)
	case len(asks) > 1:
		q.lose(asks[1].line, "assessment.qti.mixed")
	default:
		q.block(asks[0])
	}
}

func (q *qti2) block(ask *element) {
	r := q.responses[ask.attr("responseIdentifier")]
	if r == nil {
		r = &response{id: ask.attr("responseIdentifier"), mapped: map[string]float64{}}
		q.responses[r.id] = r
	}
	if ask.name != "gapMatchInteraction" {
		q.stem(nil)
		q.Fixed = ask.attr("shuffle") != "true" && ask.name != "extendedTextInteraction"
	}
	switch ask.name {
	case "choiceInteraction":
		q.choice(ask, r)
	case "matchInteraction":
		q.match(ask, r)
	case "orderInteraction":
		q.Fixed = false
		q.order(ask, r)
	case "gapMatchInteraction":
		q.gapMatch(ask, r)
	case "extendedTextInteraction":
		q.essay(ask)
	}
}

func (q *qti2) essay(ask *element) {
	q.Type = Essay
	if ask.attr("class") == "reflection" {
		q.Type = Reflection
	}
	if length, err := strconv.Atoi(ask.attr("expectedLength")); err == nil && q.ours {
		q.Words = length / lettersAWord
	}
	_, q.General = q.everywhere(nil)
}

// lettersAWord is how an essay's words are told in the letters that QTI counts.
const lettersAWord = 6

// stem is the body with its prompts, without what belongs to the answers; gap gives what
// stands for an interaction in the text.
func (q *qti2) stem(gap func(*element) string) {
	var prompts []Text
	kids := q.body.kids
	if q.ours {
		kids = unwrapped(kids)
	}
	body := textOf(kids, func(e *element) (string, bool) {
		switch {
		case gap != nil && (strings.HasSuffix(e.name, "Interaction") || e.name == "gap"):
			return gap(e), true
		case strings.HasSuffix(e.name, "Interaction"):
			if p := e.child("prompt"); p != nil {
				prompts = append(prompts, textOf(p.kids, q.without))
			}
			return "", true
		}
		return q.without(e)
	})
	if gap != nil {
		body.Words = placed(unmarked(body.Words, body.Markup))
	}
	q.Stem = joined("\n", append([]Text{emptied(body)}, prompts...)...)
}

// unwrapped takes off what the writer of ours puts around a stem.
func unwrapped(kids []node) (plain []node) {
	for _, k := range kids {
		if k.element != nil && k.attr("class") == "stem" {
			plain = append(plain, k.kids...)
			continue
		}
		if k.element != nil && k.attr("class") == "answer" {
			plain = append(plain, k.kids...)
			continue
		}
		plain = append(plain, k)
	}
	return plain
}

// emptied is no text where only marks are left of it.
func emptied(t Text) Text {
	if t.Markup == HTML && strings.TrimSpace(bare(t.Words)) == "" && !strings.Contains(t.Words, "<img") && !strings.Contains(t.Words, "<object") {
		return Text{}
	}
	return t
}

// without leaves out of a text what is only for some people or some results.
func (q *qti2) without(e *element) (string, bool) {
	return "", oneOf(e.name, "rubricBlock feedbackInline feedbackBlock templateInline templateBlock stylesheet")
}

// around tells what the item says that found no place.
func (q *qti2) around() {
	for _, m := range q.modal {
		if !q.used[m.key()] && !m.text.Empty() {
			q.miss(m.line, "assessment.moodle.by_result")
			break
		}
	}
	for _, f := range q.body.all("feedbackInline", "feedbackBlock") {
		if !q.used[f.attr("outcomeIdentifier")+" "+f.attr("identifier")] {
			q.miss(f.line, "assessment.moodle.by_result")
			break
		}
	}
	if r := q.body.all("rubricBlock"); len(r) > 0 {
		q.miss(r[0].line, "assessment.qti.rubric")
	}
	if h := q.body.all("endAttemptInteraction"); len(h) > 0 {
		q.miss(h[0].line, "assessment.moodle.hint")
	}
	seen := map[string]bool{}
	for _, f := range q.body.all("img", "object", "audio", "video", "source", "include") {
		name := f.attr("src") + f.attr("data") + f.attr("href")
		if name != "" && !seen[name] && len(name) < 500 {
			seen[name] = true
			q.miss(f.line, "assessment.format.file", "File", name)
		}
	}
}
