package content

import (
	"errors"
	"io/fs"
	"path"
)

// glossaryFile is glossary.yaml.
type glossaryFile struct {
	Terms []glossaryTerm `yaml:"terms"`
}

type glossaryTerm struct {
	ID      string    `yaml:"id"`
	English termWords `yaml:"en"`
	Spanish termWords `yaml:"es"`
}

type termWords struct {
	Term    string `yaml:"term"`
	Meaning string `yaml:"meaning"`
}

// glossary reads the folder's glossary.yaml; a folder may do without one.
func (p *parser) glossary(fsys fs.FS, dir string) {
	problems := &Problems{Path: path.Join(dir, glossaryName)}
	defer p.take(problems)
	if _, err := fs.Lstat(fsys, problems.Path); errors.Is(err, fs.ErrNotExist) {
		return
	}
	source, ok := ReadSource(fsys, problems.Path, problems)
	if !ok {
		return
	}
	var glossary glossaryFile
	y := DecodeYAML(source, 0, &glossary, problems)
	for i, term := range glossary.Terms {
		if term.ID == "" {
			problems.Add(y.Line("terms", i), "content.problem.key_missing", "Key", "id")
			continue
		}
		if _, twice := p.terms[English][term.ID]; twice {
			problems.Add(y.Line("terms", i, "id"), "content.problem.term_twice", "Term", term.ID)
			continue
		}
		for lang, words := range map[Lang]termWords{English: term.English, Spanish: term.Spanish} {
			if words.Term == "" || words.Meaning == "" {
				problems.Add(y.Line("terms", i, string(lang)), "content.problem.term_empty", "Term", term.ID, "Lang", string(lang))
			}
			p.terms[lang][term.ID] = Term{ID: term.ID, Lang: lang, Term: words.Term, Meaning: words.Meaning}
		}
		p.folder.Terms = append(p.folder.Terms, p.terms[English][term.ID], p.terms[Spanish][term.ID])
	}
	if len(problems.List) == 0 {
		p.folder.Glossary = string(source)
	}
}
