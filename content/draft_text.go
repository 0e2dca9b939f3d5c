package content

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"gopkg.in/yaml.v3"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// given are the facts of a text that its author does not write: publishing gives them.
var given = regexp.MustCompile(`^(version|translates|reviewed_by|reviewed_on):`)

// facts are what publishing writes into a text's front matter.
type facts struct {
	version                int
	check                  int // the version of the check
	translates             Hash
	reviewedBy, reviewedOn string
}

// lines are the parts of a text: its front matter without the two lines of ---, and
// the line on which the body starts, from 0. ok is false for a text without front matter.
func linesOf(source string) (all []string, end int, ok bool) {
	all = strings.SplitAfter(source, "\n")
	if _, _, bodyLine, ok := FrontMatter([]byte(source)); ok {
		return all, bodyLine - 2, true
	}
	return all, 0, false
}

// unstamped is a text as its author writes it: without the facts that publishing gives.
func unstamped(source string) string {
	all, end, ok := linesOf(source)
	if !ok {
		return source
	}
	var kept []string
	for i, line := range all {
		if i < end && given.MatchString(line) {
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "")
}

// stamped is a text with the facts that publishing gives, and for each of its lines
// the line of the author's text that it came from.
func (p Part) stamped(source string, f facts) (string, []int) {
	all, end, ok := linesOf(source)
	if !ok {
		return source, nil
	}
	var out []string
	var from []int
	put := func(i int, lines ...string) {
		for _, line := range lines {
			out, from = append(out, line), append(from, i+1)
		}
	}
	number := f.version
	if p.Check() {
		number = f.check
	}
	version, translates := "version: "+strconv.Itoa(number)+"\n", "translates: "+string(f.translates)+"\n"
	placed := false
	for i, line := range all {
		if i < end && given.MatchString(line) {
			continue
		}
		if i == end {
			if !placed {
				put(i, version)
			}
			if p == SpanishText {
				put(i, translates)
			}
			if p.kind() == "" {
				put(i, "reviewed_by: "+f.reviewedBy+"\n", "reviewed_on: "+f.reviewedOn+"\n")
			}
		}
		put(i, line)
		if !placed && i < end && strings.HasPrefix(line, "lang:") {
			put(i, version)
			placed = true
		}
	}
	return strings.Join(out, ""), from
}

// titleOf is what a text calls itself, or otherwise when it doesn't say.
func titleOf(source, otherwise string) string {
	var head struct {
		Title string `yaml:"title"`
	}
	front, _, _, ok := FrontMatter([]byte(source))
	if !ok || yaml.Unmarshal(front, &head) != nil || strings.TrimSpace(head.Title) == "" {
		return otherwise
	}
	title := []rune(strings.TrimSpace(head.Title))
	return string(title[:min(len(title), longestTitle)])
}

const longestTitle = 200

// tidy is a text as it is kept: lines end with a line feed, and so does the last one.
func tidy(source string) string {
	source = strings.TrimRightFunc(strings.ReplaceAll(strings.ReplaceAll(source, "\r\n", "\n"), "\r", "\n"), unicode.IsSpace)
	if source == "" {
		return ""
	}
	return source + "\n"
}

// Audience is for whom a new module is written.
type Audience string

// Audiences are those that an author in a sector may write a new module for: everybody,
// or the own side alone.
func Audiences(sector people.Sector) []Audience {
	switch sector {
	case people.Outreach:
		return []Audience{"O", "C"}
	case people.LawEnforcement:
		return []Audience{"O", "P"}
	case people.Health:
		return []Audience{"O", "H"}
	}
	return []Audience{"O"}
}

// skeleton is the text with which a new module begins.
func skeleton(id ModuleID, title string, audience Audience) (string, error) {
	quoted, err := yaml.Marshal(title)
	if err != nil {
		return "", err
	}
	return "---\nid: " + string(id) + "\ntitle: " + strings.TrimSuffix(string(quoted), "\n") +
		"\nlang: en\nsensitivity: [" + string(audience) + "]\ncare: 1\nminutes: 60\nobjectives:\n  - \nsources:\n  - \n---\n\n## The first part\n", nil
}

// Start is the text with which an author begins to write a part that is not there yet;
// "" where they begin with an empty page. A translation begins with its original.
func (d Draft) Start(part Part, texts Texts) string {
	switch {
	case !part.Check() || texts[part].Source != "" || d.State != Writing:
		return ""
	case part == SpanishCheck:
		return strings.Replace(texts[EnglishCheck].Source, "\nlang: en\n", "\nlang: es\n", 1)
	}
	title, err := yaml.Marshal("Check: " + d.Title)
	if err != nil {
		return ""
	}
	return "---\nmodule: " + string(d.ModuleID) + "\ntitle: " + string(title) + "lang: en\n---\n\n## " + d.ModuleID.Slug() + "-q1\n" +
		"type: single\n\nWrite the question here.\n\n- [x] The answer that is right.\n  > Say why it is right.\n" +
		"- [ ] Another answer.\n  > Say what does not fit.\n- [ ] A third answer.\n  > Say what does not fit.\n\n> Say what to keep in mind.\n"
}

// skeleton is the text with which a new protocol begins; it is looked at again half a year
// after it was begun, unless its author names another day.
func (id ProtocolID) skeleton(title string, audience Audience, now time.Time) (string, error) {
	quoted, err := yaml.Marshal(title)
	if err != nil {
		return "", err
	}
	return "---\nid: " + string(id) + "\ntitle: " + string(quoted) + "lang: en\nsensitivity: [" + string(audience) +
		"]\nowner: \nstanding: draft\nsources: []\nreview_due: " + now.AddDate(0, 6, 0).Format(time.DateOnly) + "\n---\n\n## When this applies\n", nil
}

var notInName = regexp.MustCompile(`[^a-z0-9]+`)

// pathOf is the name of a new module's file, without its ending.
func pathOf(id ModuleID, title string) string {
	words := strings.FieldsFunc(notInName.ReplaceAllString(database.Fold(title), " "), unicode.IsSpace)
	return strings.Join(append([]string{id.Slug()}, words[:min(len(words), 5)]...), "-")
}

// mine says whether an author of a sector may write for such readers: those of the own
// sector are among them.
func (s Sensitivity) mine(sector people.Sector) bool {
	return len(s.Sectors()) == 0 || slices.Contains(s.Sectors(), sector)
}
