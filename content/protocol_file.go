package content

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// protocolFolder is where the protocols stand in a folder of the curriculum.
const protocolFolder = "protocols"

// protocolHead is the front matter of a protocol.
type protocolHead struct {
	ID          ProtocolID  `yaml:"id"`
	Title       string      `yaml:"title"`
	Lang        Lang        `yaml:"lang"`
	Version     int         `yaml:"version"`
	Sensitivity Sensitivity `yaml:"sensitivity"`
	Owner       string      `yaml:"owner"`
	Standing    Standing    `yaml:"standing"`
	Translates  Hash        `yaml:"translates"`
	Sources     []string    `yaml:"sources"`
	ReviewedBy  string      `yaml:"reviewed_by"`
	ReviewedOn  string      `yaml:"reviewed_on"`
	ReviewDue   string      `yaml:"review_due"`
}

// protocolName is mediation.md with .es, and .v2 for an older version beside the newest.
var protocolName = regexp.MustCompile(`^([a-z][a-z0-9]*(?:-[a-z0-9]+)*)(?:\.v[0-9]+)?(\.es)?\.md$`)

// protocols reads the folder's protocols; a folder may do without any.
func (p *parser) protocols(fsys fs.FS, dir string) {
	dir = path.Join(dir, protocolFolder)
	entries, err := fs.ReadDir(fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	told := &Problems{Path: dir}
	if err != nil {
		told.Add(0, "content.problem.folder", "Detail", err.Error())
	}
	p.take(told)
	for _, entry := range entries {
		if entry.IsDir() || path.Ext(entry.Name()) != ".md" {
			continue
		}
		problems := &Problems{Path: path.Join(dir, entry.Name())}
		if source, ok := ReadSource(fsys, problems.Path, problems); ok {
			p.protocol(source, problems)
		}
		p.take(problems)
	}
}

// protocol reads one protocol and keeps it when nothing is wrong with it.
func (p *parser) protocol(source []byte, problems *Problems) {
	m := protocolName.FindStringSubmatch(path.Base(problems.Path))
	if m == nil {
		problems.Add(0, "content.problem.protocol_name", "Name", path.Base(problems.Path))
		return
	}
	if !isText(source, problems) {
		return
	}
	id, lang := ProtocolID(m[1]), langOf(m[2])
	p.citable[id] = true
	front, body, bodyLine, ok := FrontMatter(source)
	if !ok {
		problems.Add(1, "content.problem.front_matter")
		return
	}
	var head protocolHead
	y := DecodeYAML(front, 1, &head, problems)
	if len(problems.List) == 0 {
		head.check(id, lang, y, problems)
	}
	doc := p.document(lang, "", problems)
	doc.picture = noPicture
	for _, s := range fences(body, bodyLine, problems) {
		if s.kind == "alternative" || s.kind == "scenario" {
			problems.Add(bodyLine+s.first, "content.problem.protocol_part", "Kind", s.kind)
		}
	}
	html := doc.draw(body, bodyLine)
	proof := Proof{Path: problems.Path, Lang: lang, Words: doc.measure.words, Grade: doc.measure.grade(lang), HTML: html}
	p.proofs = append(p.proofs, proof)
	proof.checkGrade(problems)
	if len(problems.List) > 0 {
		return
	}
	p.lines[problems.Path] = y
	p.folder.Protocols = append(p.folder.Protocols, Protocol{
		Hash: HashOf(source), ID: head.ID, Lang: head.Lang, Version: head.Version, Title: head.Title,
		Sensitivity: head.Sensitivity, Owner: head.Owner, Standing: head.Standing, Sources: orNone(head.Sources),
		Translates: head.Translates, ReviewedBy: head.ReviewedBy, ReviewedOn: head.ReviewedOn, ReviewDue: head.ReviewDue,
		Path: problems.Path, Source: string(source), HTML: html, Words: doc.measure.words, Joint: head.Sensitivity.Joint(),
	})
}

// noPicture refuses pictures: a protocol has to open at once, on any phone.
func noPicture(name string, line int, problems *Problems) (Picture, bool) {
	problems.Add(line, "content.problem.protocol_part", "Kind", name)
	return Picture{}, false
}

// check holds the rules for a protocol's front matter.
func (h protocolHead) check(id ProtocolID, lang Lang, y YAML, problems *Problems) {
	for _, one := range []struct{ key, value string }{
		{"title", h.Title}, {"owner", h.Owner}, {"reviewed_by", h.ReviewedBy},
	} {
		if strings.TrimSpace(one.value) == "" || strings.ContainsAny(one.value, "\r\n") {
			problems.Add(y.Line(one.key), "content.problem.key_missing", "Key", one.key)
		}
	}
	if h.ID != id {
		problems.Add(y.Line("id"), "content.problem.id_file", "Value", string(h.ID), "Expected", string(id))
	}
	if h.Lang != lang {
		problems.Add(y.Line("lang"), "content.problem.lang_file", "Value", string(h.Lang), "Expected", string(lang))
	}
	if h.Version < 1 {
		problems.Add(y.Line("version"), "content.problem.version", "Value", h.Version)
	}
	if h.Standing != StandingDraft && h.Standing != Confirmed {
		problems.Add(y.Line("standing"), "content.problem.standing", "Value", string(h.Standing))
	}
	h.Sensitivity.check(y, problems)
	h.checkDays(y, problems)
	if (h.Lang == Spanish) != (h.Translates != "") {
		problems.Add(y.Line("translates"), map[Lang]string{Spanish: "content.problem.key_missing", English: "content.problem.translates_english"}[lang],
			"Key", "translates")
	}
}

// checkDays wants the day of the review and a later one for the next.
func (h protocolHead) checkDays(y YAML, problems *Problems) {
	for _, one := range []struct{ key, value string }{{"reviewed_on", h.ReviewedOn}, {"review_due", h.ReviewDue}} {
		if _, err := time.Parse(time.DateOnly, one.value); err != nil {
			problems.Add(y.Line(one.key), "content.problem.date", "Value", one.value)
		}
	}
	if h.ReviewDue <= h.ReviewedOn {
		problems.Add(y.Line("review_due"), "content.problem.review_due", "Due", h.ReviewDue, "On", h.ReviewedOn)
	}
}

// protocolsFit holds the rules that need more than one file: no version twice, and each
// translation beside its original with the same facts.
func (p *parser) protocolsFit(tell func(path string, line int, key string, pairs ...any)) {
	seen, english := map[string]bool{}, map[string]Protocol{}
	for _, r := range p.folder.Protocols {
		key := versionKey(ModuleID(r.ID), r.Version)
		if seen[key+string(r.Lang)] {
			tell(r.Path, p.lines[r.Path].Line("id"), "content.problem.version_twice", "Module", string(r.ID), "Version", r.Version, "Other", string(r.ID))
		}
		seen[key+string(r.Lang)] = true
		if r.Lang == English {
			english[key] = r
		}
	}
	for _, r := range p.folder.Protocols {
		original, found := english[versionKey(ModuleID(r.ID), r.Version)]
		line := func(key string) int { return p.lines[r.Path].Line(key) }
		switch {
		case r.Lang == English:
		case !found:
			tell(r.Path, line("translates"), "content.problem.original_missing", "Module", string(r.ID), "Version", r.Version)
		case r.Translates != original.Hash:
			tell(r.Path, line("translates"), "content.problem.translates_stale", "Said", string(r.Translates), "Expected", string(original.Hash))
		case !slices.Equal(r.Sensitivity, original.Sensitivity):
			tell(r.Path, line("sensitivity"), "content.problem.translation_differs", "Key", "sensitivity")
		case r.Standing != original.Standing:
			tell(r.Path, line("standing"), "content.problem.translation_differs", "Key", "standing")
		case r.ReviewDue != original.ReviewDue:
			tell(r.Path, line("review_due"), "content.problem.translation_differs", "Key", "review_due")
		}
	}
}

// citationsFit lets a module cite no protocol that one of its readers may not see: the
// words of the link would tell of it. It speaks of the newest version of each module; an
// older one can't be mended, and the wall takes the link out of it.
func (p *parser) citationsFit(tell func(path string, line int, key string, pairs ...any)) {
	protocols, modules := map[ProtocolID]Protocol{}, map[ModuleID]int{}
	for _, r := range p.folder.Protocols {
		if r.Version >= protocols[r.ID].Version {
			protocols[r.ID] = r
		}
	}
	for _, m := range p.folder.Modules {
		modules[m.ID] = max(modules[m.ID], m.Version)
	}
	for _, m := range p.folder.Modules {
		for id, line := range p.cited[m.Path] {
			r, read := protocols[id]
			if !read || m.Version < modules[m.ID] {
				continue
			}
			hidden := slices.DeleteFunc(m.Sensitivity.Sectors(), func(s people.Sector) bool {
				return slices.Contains(r.Sensitivity.Sectors(), s)
			})
			switch {
			case len(hidden) > 0:
				tell(m.Path, line, "content.problem.protocol_hidden", "Protocol", string(id), "Sector", string(hidden[0]))
			case m.Joint && !r.Joint && !slices.Contains(r.Sensitivity, Open):
				tell(m.Path, line, "content.problem.protocol_hidden_joint", "Protocol", string(id))
			}
		}
	}
}
