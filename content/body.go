package content

import (
	"bytes"
	"regexp"
)

// drawn is a module's text as pages show it.
type drawn struct {
	html, alternative string
	sections          []Section
	pictures          []Picture
	cites             []ProtocolID
	words             int
	grade             float64
	careNote          string
}

// draw draws a module's body, with the other way through cut out to a text of its own.
func (p *parser) draw(f file, head moduleHead, body []byte, bodyLine int, problems *Problems) drawn {
	body = bytes.ReplaceAll(body, []byte("\r\n"), []byte("\n"))
	spans := fences(body, bodyLine, problems)
	main, other := splitAlternative(body, spans)
	doc := p.document(f.lang, f.id, problems)
	doc.protocols, p.cited[f.path] = p.citable, map[ProtocolID]int{}
	doc.links = p.cited[f.path]
	d := drawn{html: doc.draw(main, bodyLine)}
	d.cites = doc.cites
	d.sections, d.pictures, d.words, d.grade = doc.sections, doc.pictures, doc.measure.words, doc.measure.grade(f.lang)
	d.careNote = doc.careNote
	if d.sections == nil {
		d.sections = []Section{}
	}
	if other != nil {
		alternative := p.document(f.lang, f.id, problems)
		alternative.level = 2 // "Another way through", under the title
		alternative.protocols, alternative.links = doc.protocols, doc.links
		d.alternative = alternative.draw(other, bodyLine)
		d.cites = append(d.cites, alternative.cites...)
		d.pictures = append(d.pictures, alternative.pictures...)
	}
	checkFootnotes(body, bodyLine, problems)
	checkParts(spans, body, bodyLine, head.Care, problems)
	return d
}

// checkParts holds the rules for the fenced parts of a module: hard content is
// announced and has another way through, and a scenario has something to choose.
func checkParts(spans []span, body []byte, bodyLine, care int, problems *Problems) {
	count := map[string]int{}
	lines := bytes.Split(body, []byte("\n"))
	for _, s := range spans {
		count[s.kind]++
		if s.kind == "alternative" && count[s.kind] == 2 {
			problems.Add(bodyLine+s.first, "content.problem.alternative_twice")
		}
		if s.kind == "scenario" {
			choices := 0
			for _, line := range lines[s.first:s.last] {
				if bytes.HasPrefix(line, []byte("## ")) {
					choices++
				}
			}
			if choices < 2 {
				problems.Add(bodyLine+s.first, "content.problem.scenario_choices")
			}
		}
	}
	hard := care == 2 || care == 3
	if hard && count["care"] == 0 {
		problems.Add(bodyLine, "content.problem.care_missing", "Care", care)
	}
	if hard && count["alternative"] == 0 {
		problems.Add(bodyLine, "content.problem.alternative_missing", "Care", care)
	}
}

var footnoteName = regexp.MustCompile(`\[\^[^\]\n]+\]`)

var footnoteLine = regexp.MustCompile(`^\[\^[^\]]+\]:`)

// splitAlternative parts a body into its main text and the other way through (nil if
// there is none). Lines that go to the other part are left empty, so that line
// numbers stay true; footnotes stand in both, and each draws those that it uses.
func splitAlternative(body []byte, spans []span) (main, other []byte) {
	for _, s := range spans {
		if s.kind != "alternative" {
			continue
		}
		lines := bytes.Split(body, []byte("\n"))
		mainLines, otherLines := make([][]byte, len(lines)), make([][]byte, len(lines))
		for i, line := range lines {
			switch {
			case i == s.first || i == s.last:
			case i > s.first && i < s.last:
				otherLines[i] = line
			default:
				mainLines[i] = line
				if footnoteLine.Match(line) {
					otherLines[i] = line
				}
			}
		}
		return bytes.Join(mainLines, []byte("\n")), bytes.Join(otherLines, []byte("\n"))
	}
	return body, nil
}
