package content

import (
	"bytes"
	"io/fs"
	"path"
	"slices"
)

// What a text should be for its readers. Spanish says the same in more words.
const (
	gradeLimit = 8
	fewest     = 900
	most       = 1600
	mostES     = 1750
)

// checkGrade warns of a text that is harder to read than the readers were promised.
func (t Proof) checkGrade(problems *Problems) {
	if t.Grade > gradeLimit {
		problems.Warn(1, "content.warning.grade", "Grade", t.Grade, "Limit", gradeLimit)
	}
}

// checkLength warns of a module that is too short to teach or too long to finish.
func (t Proof) checkLength(problems *Problems) {
	limit := most
	if t.Lang == Spanish {
		limit = mostES
	}
	if t.Words < fewest || t.Words > limit {
		problems.Warn(1, "content.warning.words", "Count", t.Words, "Fewest", fewest, "Most", limit)
	}
}

// checkFootnotes warns of a footnote that nothing in the text refers to: no page shows it.
func checkFootnotes(body []byte, bodyLine int, problems *Problems) {
	named := map[string]int{}
	for _, name := range footnoteName.FindAll(body, -1) {
		named[string(name)]++
	}
	for i, line := range bytes.Split(body, []byte("\n")) {
		name := bytes.TrimSuffix(footnoteLine.Find(line), []byte(":"))
		if len(name) > 0 && named[string(name)] == 1 {
			problems.Warn(bodyLine+i, "content.warning.footnote_unused", "Name", string(name[2:len(name)-1]))
		}
	}
}

// translationsBehind warns of a translation whose original has a newer version.
func (p *parser) translationsBehind() {
	english, translated := map[string]int{}, map[string]int{}
	type text struct {
		id, path string
		lang     Lang
		version  int
	}
	var texts []text
	for _, m := range p.folder.Modules {
		texts = append(texts, text{string(m.ID), m.Path, m.Lang, m.Version})
	}
	for _, r := range p.folder.Protocols {
		texts = append(texts, text{string(r.ID), r.Path, r.Lang, r.Version})
	}
	for _, t := range texts {
		newest := translated
		if t.lang == English {
			newest = english
		}
		newest[t.id] = max(newest[t.id], t.version)
	}
	for _, t := range texts {
		if t.lang != English && t.version == translated[t.id] && t.version < english[t.id] {
			told := &Problems{Path: t.path}
			told.Warn(p.lines[t.path].Line("version"), "content.warning.translation_behind", "Version", t.version, "Newest", english[t.id])
			p.take(told)
		}
	}
}

// unusedPictures warns of pictures that no text shows: an import leaves them behind.
func (p *parser) unusedPictures(fsys fs.FS, dir string) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		return // told already
	}
	for _, entry := range entries {
		name := entry.Name()
		if pictureName.MatchString(name) && !p.shown[name] {
			told := &Problems{Path: path.Join(dir, name)}
			told.Warn(0, "content.warning.picture_unused", "Name", name)
			p.take(told)
		}
	}
}

// guidesMissing warns of modules whose minutes no guide accounts for.
func (p *parser) guidesMissing() {
	for _, m := range p.folder.Modules {
		guided := slices.ContainsFunc(p.folder.Guides, func(g Guide) bool { return g.ModuleID == m.ID && g.Version == m.Version })
		if m.Lang == English && !guided {
			told := &Problems{Path: m.Path}
			told.Warn(p.lines[m.Path].Line("minutes"), "content.warning.guide_missing", "Version", m.Version)
			p.take(told)
		}
	}
}
