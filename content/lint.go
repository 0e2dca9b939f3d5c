package content

import (
	"cmp"
	"io/fs"
	"path"
	"slices"
)

// Finding is one thing that an author is told of a text.
type Finding struct {
	Problem
	Warning bool // nothing forbids it: the text can be imported as it is
}

// Proof is one text as it was read: drawn and measured whether or not something is
// wrong with it.
type Proof struct {
	Path            string
	Lang            Lang
	Words           int
	Grade           float64 // school grade that the running text asks for
	HTML            string  // safe
	AlternativeHTML string  // of a module: its other way through
	Findings        []Finding
}

// Known is what stands around one text.
type Known struct {
	Terms     []Term
	Protocols []Protocol                        // by which a module may go: id, version and sensitivity count
	Modules   []Module                          // beside which the text stands, without the text itself
	Picture   func(name string) ([]byte, error) // a picture beside the texts; nil where there is none
}

// Lint reads one module, guide or protocol as an import would and tells everything that
// is wrong with it, each with its line, and what its author should look at. name is the
// file's, which says what it is: t07-de-escalation.md, .guide.md, .es.md, or
// protocols/mediation.md. It asks nothing but what it is given.
func Lint(name string, source []byte, known Known) Proof {
	p := newParser(known.Picture)
	if known.Picture == nil {
		p.read = func(string) ([]byte, error) { return nil, fs.ErrNotExist }
	}
	for _, t := range known.Terms {
		p.terms[t.Lang][t.ID] = t
	}
	for _, r := range known.Protocols {
		p.citable[r.ID] = true
	}
	for _, m := range known.Modules {
		p.modules[m.ID] = true
	}
	problems := &Problems{Path: name}
	if path.Base(path.Dir(name)) == protocolFolder {
		p.protocol(source, problems)
	} else if f, ok := fileOf(name, source, problems); ok {
		p.file(f)
	}
	p.take(problems)
	p.folder.Modules = append(p.folder.Modules, known.Modules...)
	p.folder.Protocols = append(p.folder.Protocols, known.Protocols...)
	p.acrossFiles()
	proof := Proof{Path: name}
	if len(p.proofs) > 0 {
		proof = p.proofs[0]
	}
	proof.Findings = p.findings()
	proof.Findings = slices.DeleteFunc(proof.Findings, func(f Finding) bool { return f.Path != name })
	return proof
}

// LintFolder reads a folder of the curriculum: what it holds without problems, a proof of
// each text (without its findings), and all findings in the order in which they are mended.
// The quizzes' own problems and those of the courses are left to the rooms that read them.
func LintFolder(fsys fs.FS, dir string) (Folder, []Proof, []Finding) {
	p := parseFolder(fsys, dir, func(int, int) bool { return true })
	p.unusedPictures(fsys, dir)
	p.guidesMissing()
	slices.SortFunc(p.proofs, func(a, b Proof) int { return cmp.Compare(a.Path, b.Path) })
	return p.folder, p.proofs, p.findings()
}

// findings are the problems and the warnings, in the order in which they are mended. A
// version beside which a newer one stands is not changed any more, so nothing is advised on it.
func (p *parser) findings() (found []Finding) {
	newest, older := map[string]int{}, map[string]bool{}
	version := func(id string, lang Lang, version int, path string) {
		key := id + " " + string(lang)
		older[path] = version < newest[key]
		newest[key] = max(newest[key], version)
	}
	for range 2 { // the first time to know which is the newest
		for _, m := range p.folder.Modules {
			version(string(m.ID), m.Lang, m.Version, m.Path)
		}
		for _, r := range p.folder.Protocols {
			version(string(r.ID), r.Lang, r.Version, r.Path)
		}
	}
	for _, problem := range p.problems {
		found = append(found, Finding{Problem: problem})
	}
	for _, warning := range p.warnings {
		if !older[warning.Path] {
			found = append(found, Finding{warning, true})
		}
	}
	SortFindings(found)
	return found
}

// SortFindings puts findings in the order in which an author mends them: by file, then line.
func SortFindings(list []Finding) {
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Line, b.Line))
	})
}
