package content

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Folder is what a folder of the curriculum holds, without the files that have a problem.
type Folder struct {
	Modules   []Module
	Guides    []Guide
	Protocols []Protocol
	Terms     []Term
	Pictures  []Picture
	Glossary  string     // the bytes of glossary.yaml; "" where there is none, or one with a problem
	Quizzes   []QuizFile // untouched: assessment reads them
}

// fileName is t07-de-escalation.md with .guide or .quiz, .es, and .v2 for an
// older version that stands beside the newest.
var fileName = regexp.MustCompile(`^([a-z]{1,3}[0-9]{2,3}[a-z]?)(?:-[a-z0-9]+)*(?:\.v[0-9]+)?(\.guide|\.quiz)?(\.es)?\.md$`)

// file is one Markdown file on its way in.
type file struct {
	path   string
	id     ModuleID // as its name says
	lang   Lang     // as its name says
	kind   string   // "", ".guide" or ".quiz"
	source []byte
}

// Parse reads a folder of the curriculum: modules, guides, the glossary, their
// pictures, and the names of the quizzes. Every problem is told with file and line,
// in that order; what is returned beside problems is what had none.
func Parse(fsys fs.FS, dir string) (Folder, []Problem) {
	return ParseStep(fsys, dir, func(int, int) bool { return true })
}

// ParseStep is Parse that says after each text how many of all it has drawn, which takes
// most of the time, and leaves the rest when it is told false.
func ParseStep(fsys fs.FS, dir string, step func(drawn, all int) bool) (Folder, []Problem) {
	p := parseFolder(fsys, dir, step)
	return p.folder, p.problems
}

func parseFolder(fsys fs.FS, dir string, step func(drawn, all int) bool) *parser {
	files, problems := filesOf(fsys, dir)
	p := newParser(func(name string) ([]byte, error) {
		if info, err := fs.Lstat(fsys, path.Join(dir, name)); err == nil && !info.Mode().IsRegular() {
			return nil, fs.ErrNotExist // a link may lead out of the folder
		}
		return fs.ReadFile(fsys, path.Join(dir, name))
	})
	p.problems = problems
	p.glossary(fsys, dir)
	p.protocols(fsys, dir)
	for i, f := range files {
		p.file(f)
		if !step(i+1, len(files)) {
			break
		}
	}
	p.acrossFiles()
	SortProblems(p.problems)
	SortProblems(p.warnings)
	return p
}

// file reads one file by its kind.
func (p *parser) file(f file) {
	problems := &Problems{Path: f.path}
	switch f.kind {
	case ".quiz":
		p.folder.Quizzes = append(p.folder.Quizzes, QuizFile{f.id, f.lang, f.path, f.source})
	case ".guide":
		p.guide(f, problems)
	default:
		p.modules[f.id] = true
		p.module(f, problems)
	}
	p.take(problems)
}

// filesOf lists the folder's Markdown files in the order of their names. Other
// things that stand in such a folder (the glossary, pictures, courses, a README) are
// left to those who read them; what nobody would read is told.
func filesOf(fsys fs.FS, dir string) (files []file, problems []Problem) {
	entries, err := fs.ReadDir(fsys, dir)
	if err != nil {
		told := Problems{Path: dir}
		told.Add(0, "content.problem.folder", "Detail", err.Error())
		return nil, told.List
	}
	for _, entry := range entries {
		name := entry.Name()
		if entry.IsDir() || path.Ext(name) != ".md" || name == strings.ToUpper(path.Base(name[:len(name)-3]))+".md" {
			continue
		}
		told := &Problems{Path: path.Join(dir, name)}
		if source, ok := ReadSource(fsys, told.Path, told); ok {
			if f, ok := fileOf(told.Path, source, told); ok {
				files = append(files, f)
			}
		}
		problems = append(problems, told.List...)
	}
	return files, problems
}

// fileOf knows a file by its name, and that it is text.
func fileOf(name string, source []byte, told *Problems) (file, bool) {
	m := fileName.FindStringSubmatch(path.Base(name))
	if m == nil {
		told.Add(0, "content.problem.file_name", "Name", path.Base(name))
		return file{}, false
	}
	return file{name, ModuleOf(m[1]), langOf(m[3]), m[2], source}, isText(source, told)
}

// langOf is the language that the end of a file's name means.
func langOf(end string) Lang {
	if end != "" {
		return Spanish
	}
	return English
}

// parser gathers what one folder holds.
type parser struct {
	read     func(name string) ([]byte, error)                               // a picture that stands beside the texts
	stored   func(name string, line int, problems *Problems) (Picture, bool) // a picture that the Academy has; nil where read knows
	modules  map[ModuleID]bool                                               // of which there is a file, good or bad
	folder   Folder
	problems []Problem
	warnings []Problem
	proofs   []Proof // of every text that could be drawn
	terms    map[Lang]map[string]Term
	citable  map[ProtocolID]bool           // the protocols, as their files are named
	cited    map[string]map[ProtocolID]int // by the module's path: the line of each link
	shown    map[string]bool               // pictures by name, good or bad
	lines    map[string]YAML               // front matter by path, for rules that look across files
}

func newParser(read func(name string) ([]byte, error)) *parser {
	return &parser{
		read: read, modules: map[ModuleID]bool{}, terms: map[Lang]map[string]Term{English: {}, Spanish: {}},
		citable: map[ProtocolID]bool{}, cited: map[string]map[ProtocolID]int{}, shown: map[string]bool{}, lines: map[string]YAML{},
	}
}

// take keeps what is to be told of one file.
func (p *parser) take(problems *Problems) {
	p.problems = append(p.problems, problems.List...)
	p.warnings = append(p.warnings, problems.Warnings...)
}

// acrossFiles holds the rules that need more than one file: a version said twice,
// a guide or quiz without its module, a translation without its original.
func (p *parser) acrossFiles() {
	bad := map[string]bool{}
	tell := func(path string, line int, key string, pairs ...any) {
		told := Problems{Path: path}
		told.Add(line, key, pairs...)
		p.problems = append(p.problems, told.List...)
		bad[path] = true
	}
	english, seen := map[string]Module{}, map[string]string{}
	for _, m := range p.folder.Modules {
		key := versionKey(m.ID, m.Version) + string(m.Lang)
		if other, twice := seen[key]; twice {
			tell(m.Path, p.lines[m.Path].Line("id"), "content.problem.version_twice",
				"Module", string(m.ID), "Version", m.Version, "Other", path.Base(other))
			continue
		}
		seen[key] = m.Path
		if m.Lang == English {
			english[versionKey(m.ID, m.Version)] = m
		}
	}
	for _, m := range p.folder.Modules {
		if m.Lang == English || bad[m.Path] {
			continue
		}
		original, found := english[versionKey(m.ID, m.Version)]
		if !found {
			tell(m.Path, p.lines[m.Path].Line("translates"), "content.problem.original_missing",
				"Module", string(m.ID), "Version", m.Version)
			continue
		}
		for _, d := range m.differences(original) {
			tell(m.Path, p.lines[m.Path].Line(d.field), d.key, d.pairs...)
		}
	}
	p.guidesFit(english, tell)
	p.protocolsFit(tell)
	p.citationsFit(tell)
	p.translationsBehind()
	for _, q := range p.folder.Quizzes {
		if !p.modules[q.ModuleID] {
			tell(q.Path, 0, "content.problem.module_missing", "Module", string(q.ModuleID))
		}
	}
	for i, m := range p.folder.Modules {
		p.folder.Modules[i].HasCheck = slices.ContainsFunc(p.folder.Quizzes, func(q QuizFile) bool { return q.ModuleID == m.ID })
	}
	p.folder.Modules = slices.DeleteFunc(p.folder.Modules, func(m Module) bool { return bad[m.Path] })
	p.folder.Protocols = slices.DeleteFunc(p.folder.Protocols, func(r Protocol) bool { return bad[r.Path] })
	p.folder.Guides = slices.DeleteFunc(p.folder.Guides, func(g Guide) bool { return bad[g.Path] })
	p.folder.Quizzes = slices.DeleteFunc(p.folder.Quizzes, func(q QuizFile) bool { return bad[q.Path] })
}

// versionKey names one version of a module in whatever language.
func versionKey(id ModuleID, version int) string { return fmt.Sprintf("%s v%d ", id, version) }
