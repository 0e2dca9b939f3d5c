package content

import "strings"

// Short draws a few lines of Markdown safely, such as a question or its feedback. A
// single paragraph comes without its <p>, so that it fits a label. Headings, fences and
// pictures have no place in it and are told. line is the file's line of the first one.
func Short(source string, line int, problems *Problems) string {
	for i, text := range strings.Split(source, "\n") {
		if strings.HasPrefix(text, "#") || strings.HasPrefix(text, ":::") {
			problems.Add(line+i, "content.problem.short")
		}
	}
	d := &document{
		lang: English, words: wordsOf[English], level: 1, problems: problems,
		picture: func(_ string, line int, problems *Problems) (Picture, bool) {
			problems.Add(line, "content.problem.short")
			return Picture{}, false
		},
	}
	html := strings.TrimSpace(d.draw([]byte(source), line))
	if inner, ok := strings.CutPrefix(html, "<p>"); ok && strings.Count(html, "<p>") == 1 && strings.HasSuffix(inner, "</p>") {
		return strings.TrimSuffix(inner, "</p>")
	}
	return html
}
