package content

import (
	"slices"
	"time"
)

// moduleHead is the front matter of a module file.
type moduleHead struct {
	ID          ModuleID    `yaml:"id"`
	Title       string      `yaml:"title"`
	Lang        Lang        `yaml:"lang"`
	Version     int         `yaml:"version"`
	Sensitivity Sensitivity `yaml:"sensitivity"`
	Care        int         `yaml:"care"`
	Minutes     int         `yaml:"minutes"`
	Translates  Hash        `yaml:"translates"`
	Objectives  []string    `yaml:"objectives"`
	Sources     []string    `yaml:"sources"`
	ReviewedBy  string      `yaml:"reviewed_by"`
	ReviewedOn  string      `yaml:"reviewed_on"`
}

// module reads one module file and keeps it when nothing is wrong with it.
func (p *parser) module(f file, problems *Problems) {
	front, body, bodyLine, ok := FrontMatter(f.source)
	if !ok {
		problems.Add(1, "content.problem.front_matter")
		return
	}
	var head moduleHead
	y := DecodeYAML(front, 1, &head, problems)
	if len(problems.List) == 0 {
		head.check(f, y, problems)
	}
	drawn := p.draw(f, head, body, bodyLine, problems)
	proof := Proof{Path: f.path, Lang: f.lang, Words: drawn.words, Grade: drawn.grade, HTML: drawn.html, AlternativeHTML: drawn.alternative}
	p.proofs = append(p.proofs, proof)
	proof.checkLength(problems)
	proof.checkGrade(problems)
	if len(problems.List) > 0 {
		return
	}
	p.lines[f.path] = y
	p.folder.Modules = append(p.folder.Modules, Module{
		Hash: HashOf(f.source), ID: head.ID, Lang: head.Lang, Version: head.Version, Title: head.Title,
		Care: head.Care, Minutes: head.Minutes, Sensitivity: head.Sensitivity,
		Objectives: orNone(head.Objectives), Sources: orNone(head.Sources), Translates: head.Translates,
		ReviewedBy: head.ReviewedBy, ReviewedOn: head.ReviewedOn, Path: f.path, Source: string(f.source),
		HTML: drawn.html, AlternativeHTML: drawn.alternative, Sections: drawn.sections,
		Words: drawn.words, Grade: drawn.grade, Joint: head.Sensitivity.Joint(), CareNote: drawn.careNote, Cites: drawn.cites,
	})
	p.folder.Pictures = append(p.folder.Pictures, drawn.pictures...)
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// check holds the rules for a module's front matter.
func (h moduleHead) check(f file, y YAML, problems *Problems) {
	for _, one := range []struct {
		key   string
		empty bool
	}{
		{"title", h.Title == ""}, {"objectives", len(h.Objectives) == 0},
		{"sensitivity", len(h.Sensitivity) == 0}, {"reviewed_by", h.ReviewedBy == ""},
	} {
		if one.empty {
			problems.Add(y.Line(one.key), "content.problem.key_missing", "Key", one.key)
		}
	}
	checkName(f, h.ID, h.Lang, h.Version, y, problems)
	if h.Care < 1 || h.Care > 3 {
		problems.Add(y.Line("care"), "content.problem.care", "Care", h.Care)
	}
	if h.Minutes < 1 || h.Minutes > 24*60 {
		problems.Add(y.Line("minutes"), "content.problem.minutes", "Minutes", h.Minutes)
	}
	h.Sensitivity.check(y, problems)
	if _, err := time.Parse(time.DateOnly, h.ReviewedOn); err != nil {
		problems.Add(y.Line("reviewed_on"), "content.problem.date", "Value", h.ReviewedOn)
	}
	if h.Lang == Spanish && h.Translates == "" {
		problems.Add(y.Line(), "content.problem.key_missing", "Key", "translates")
	}
	if h.Lang == English && y.Has("translates") {
		problems.Add(y.Line("translates"), "content.problem.translates_english")
	}
}

// check holds the rules for who may see a text.
func (s Sensitivity) check(y YAML, problems *Problems) {
	for i, tag := range s {
		if !slices.Contains([]Tag{Open, Outreach, Police, JointOnly, Hospital}, tag) {
			problems.Add(y.Line("sensitivity", i), "content.problem.sensitivity", "Tag", string(tag))
		}
	}
	if len(s) > 0 && len(s.Sectors()) == 0 {
		problems.Add(y.Line("sensitivity"), "content.problem.sensitivity_nobody")
	}
	if slices.Contains(s, Outreach) && slices.Contains(s, Police) {
		problems.Add(y.Line("sensitivity"), "content.problem.sensitivity_both")
	}
}

// checkName holds what the front matter of every file has to say of itself, and
// that its name says the same.
func checkName(f file, id ModuleID, lang Lang, version int, y YAML, problems *Problems) {
	switch {
	case !id.Known():
		problems.Add(y.Line("id"), "content.problem.id_form", "Value", string(id))
	case id != f.id:
		problems.Add(y.Line("id"), "content.problem.id_file", "Value", string(id), "Expected", string(f.id))
	}
	switch {
	case !lang.Known():
		problems.Add(y.Line("lang"), "content.problem.lang", "Value", string(lang))
	case lang != f.lang:
		problems.Add(y.Line("lang"), "content.problem.lang_file", "Value", string(lang), "Expected", string(f.lang))
	}
	if version < 1 {
		problems.Add(y.Line("version"), "content.problem.version", "Value", version)
	}
}

// difference is one point in which a translation does not fit its original.
type difference struct {
	field string
	key   string
	pairs []any
}

// differences are the points in which a translation does not fit its original:
// the facts must be the same, and a place in one must be the same place in the other.
func (m Module) differences(original Module) (found []difference) {
	if m.Translates != original.Hash {
		found = append(found, difference{"translates", "content.problem.translates_stale",
			[]any{"Said", string(m.Translates), "Expected", string(original.Hash)}})
	}
	for _, one := range []struct {
		field string
		same  bool
	}{
		{"sensitivity", slices.Equal(m.Sensitivity, original.Sensitivity)},
		{"care", m.Care == original.Care},
		{"minutes", m.Minutes == original.Minutes},
		{"objectives", len(m.Objectives) == len(original.Objectives)},
	} {
		if !one.same {
			found = append(found, difference{one.field, "content.problem.translation_differs", []any{"Key", one.field}})
		}
	}
	if len(m.Sections) != len(original.Sections) {
		found = append(found, difference{"translates", "content.problem.translation_sections",
			[]any{"Have", len(m.Sections), "Expected", len(original.Sections)}})
	}
	return found
}
