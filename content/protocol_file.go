package content

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
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
func (p *parser) protocols() {
	dir := path.Join(p.dir, protocolFolder)
	entries, err := fs.ReadDir(p.fsys, dir)
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	told := Problems{Path: dir}
	if err != nil {
		told.Add(0, "content.problem.folder", "Detail", err.Error())
	}
	p.problems = append(p.problems, told.List...)
	for _, entry := range entries {
		if entry.IsDir() || path.Ext(entry.Name()) != ".md" {
			continue
		}
		problems := &Problems{Path: path.Join(dir, entry.Name())}
		m := protocolName.FindStringSubmatch(entry.Name())
		source, err := fs.ReadFile(p.fsys, problems.Path)
		switch {
		case m == nil:
			problems.Add(0, "content.problem.protocol_name", "Name", entry.Name())
		case err != nil:
			problems.Add(0, "content.problem.file_unread", "Detail", err.Error())
		case !utf8.Valid(source) || slices.Contains(source, 0):
			problems.Add(0, "content.problem.not_text")
		default:
			lang := English
			if m[2] != "" {
				lang = Spanish
			}
			p.protocol(ProtocolID(m[1]), lang, source, problems)
		}
		p.problems = append(p.problems, problems.List...)
	}
}

// protocol reads one protocol and keeps it when nothing is wrong with it.
func (p *parser) protocol(id ProtocolID, lang Lang, source []byte, problems *Problems) {
	if !slices.Contains(p.protocolIDs, id) {
		p.protocolIDs = append(p.protocolIDs, id)
	}
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
	if h.Standing != Draft && h.Standing != Confirmed {
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
