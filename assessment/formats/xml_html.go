package formats

import (
	"html"
	"regexp"
	"strings"
)

// spaces are what a page shows as one space.
var spaces = regexp.MustCompile(`[ \t\r\n]+`)

// written is the HTML of what an element of an XML file holds. instead may give other HTML
// for an element, or "" and true to leave it out.
func written(kids []node, instead func(*element) (string, bool)) string {
	var b strings.Builder
	writeNodes(&b, kids, instead)
	return strings.TrimSpace(b.String())
}

func writeNodes(b *strings.Builder, kids []node, instead func(*element) (string, bool)) {
	for _, k := range kids {
		if k.element == nil {
			b.WriteString(escapeWords.Replace(k.words))
			continue
		}
		if instead != nil {
			if other, ok := instead(k.element); ok {
				b.WriteString(other)
				continue
			}
		}
		b.WriteString("<" + k.name)
		for _, a := range k.attrs {
			// The name of a namespace says nothing to HTML.
			if a.Name.Space == "xmlns" || a.Name.Local == "xmlns" || strings.Contains(a.Name.Space, "XMLSchema-instance") {
				continue
			}
			b.WriteString(" " + a.Name.Local + `="` + escapeValue.Replace(a.Value) + `"`)
		}
		b.WriteString(">")
		if voidElements[k.name] && len(k.kids) == 0 {
			continue
		}
		writeNodes(b, k.kids, instead)
		b.WriteString("</" + k.name + ">")
	}
}

var (
	escapeWords = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	escapeValue = strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;")
)

// voidElements have no end in HTML.
var voidElements = map[string]bool{"br": true, "img": true, "hr": true, "col": true, "source": true, "track": true, "wbr": true, "area": true, "input": true}

// textOf is what an element of an XML file holds: plain words where there are no marks but
// breaks of lines, else HTML.
func textOf(kids []node, instead func(*element) (string, bool)) Text {
	marked := written(kids, instead)
	lines := strings.Split(spaces.ReplaceAllString(marked, " "), "<br>")
	for i, line := range lines {
		if strings.Contains(line, "<") {
			return newText(HTML, marked)
		}
		lines[i] = html.UnescapeString(strings.TrimSpace(line))
	}
	return plainText(strings.Join(lines, "\n"))
}

// asHTML is a text as HTML, whatever its markup; Markdown stays as it is typed.
func (t Text) asHTML() string {
	if t.Markup == HTML || t.Markup == Moodle {
		return t.Words
	}
	return strings.ReplaceAll(escapeWords.Replace(t.Words), "\n", "<br>")
}

// joined puts texts one after the other: HTML where one of them is.
func joined(between string, texts ...Text) Text {
	var kept []Text
	marked := false
	for _, t := range texts {
		if !t.Empty() {
			kept = append(kept, t)
			marked = marked || t.Markup == HTML
		}
	}
	if len(kept) == 1 {
		return kept[0]
	}
	words := make([]string, len(kept))
	for i, t := range kept {
		words[i] = t.Words
		if marked {
			words[i] = t.asHTML()
		}
	}
	if !marked {
		return newText(Plain, strings.Join(words, between))
	}
	var b strings.Builder
	for i, w := range words {
		switch {
		case i == 0:
		case between == "\n" && !strings.HasPrefix(w, "<") && !strings.HasSuffix(words[i-1], ">"):
			b.WriteString("<br>")
		default:
			b.WriteString(between)
		}
		b.WriteString(w)
	}
	return newText(HTML, b.String())
}
