package content

// guideHead is the front matter of a facilitator's guide.
type guideHead struct {
	ID      ModuleID `yaml:"id"`
	Title   string   `yaml:"title"`
	Lang    Lang     `yaml:"lang"`
	Version int      `yaml:"version"`
	Minutes int      `yaml:"minutes"`
}

// guide reads one guide and keeps it when nothing is wrong with it.
func (p *parser) guide(f file, problems *Problems) {
	front, body, bodyLine, ok := FrontMatter(f.source)
	if !ok {
		problems.Add(1, "content.problem.front_matter")
		return
	}
	var head guideHead
	y := DecodeYAML(front, 1, &head, problems)
	if len(problems.List) == 0 {
		if head.Title == "" {
			problems.Add(y.Line("title"), "content.problem.key_missing", "Key", "title")
		}
		checkName(f, head.ID, head.Lang, head.Version, y, problems)
	}
	doc := p.document(f.lang, head.ID, problems)
	doc.timed = true
	fences(body, bodyLine, problems)
	html := doc.draw(body, bodyLine)
	p.proofs = append(p.proofs, Proof{Path: f.path, Lang: f.lang, Words: doc.measure.words, Grade: doc.measure.grade(f.lang), HTML: html})
	if len(problems.List) == 0 && doc.minutes != head.Minutes {
		problems.Add(y.Line("minutes"), "content.problem.guide_sum", "Sum", doc.minutes, "Minutes", head.Minutes)
	}
	if len(problems.List) > 0 {
		return
	}
	p.lines[f.path] = y
	p.folder.Guides = append(p.folder.Guides, Guide{
		Hash: HashOf(f.source), ModuleID: head.ID, Lang: head.Lang, Version: head.Version, Title: head.Title,
		Minutes: head.Minutes, Path: f.path, Source: string(f.source), HTML: html,
	})
	p.folder.Pictures = append(p.folder.Pictures, doc.pictures...)
}

// guidesFit checks that each guide belongs to a module of the folder and plans the
// minutes that the module promises.
func (p *parser) guidesFit(english map[string]Module, tell func(path string, line int, key string, pairs ...any)) {
	seen := map[string]bool{}
	for _, g := range p.folder.Guides {
		key := versionKey(g.ModuleID, g.Version)
		if seen[key+string(g.Lang)] {
			tell(g.Path, p.lines[g.Path].Line("id"), "content.problem.guide_twice", "Module", string(g.ModuleID), "Version", g.Version)
			continue
		}
		seen[key+string(g.Lang)] = true
		if !p.modules[g.ModuleID] {
			tell(g.Path, p.lines[g.Path].Line("id"), "content.problem.module_missing", "Module", string(g.ModuleID))
		} else if module, found := english[key]; found && module.Minutes != g.Minutes {
			tell(g.Path, p.lines[g.Path].Line("minutes"), "content.problem.guide_minutes",
				"Minutes", g.Minutes, "Expected", module.Minutes)
		}
	}
}
