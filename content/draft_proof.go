package content

import (
	"context"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Sheet is a draft's text as its page will be, and what its author is told of it. Lines
// are those of the text as its author writes it.
type Sheet struct {
	Proof
	Part       Part
	Title      string
	Objectives []string
}

// Problems counts what forbids to publish the text.
func (s Sheet) Problems() (n int) {
	for _, f := range s.Findings {
		if !f.Warning {
			n++
		}
	}
	return n
}

// surroundings are what texts lean on: the glossary, the protocols that the author may see, and
// the pictures of module and draft.
type surroundings struct {
	terms     map[Lang]map[string]Term
	protocols []Protocol
	pictures  map[string]Picture
}

// surroundings reads them in one query.
func (s Store) surroundings(ctx context.Context, v people.Viewer, d Draft) (surroundings, error) {
	on := surroundings{terms: map[Lang]map[string]Term{English: {}, Spanish: {}}, pictures: map[string]Picture{}}
	var rows []struct {
		Kind, Name string
		Lang       Lang
		Said, More string
	}
	protocols := s.db.NewSelect().TableExpr("protocol_versions AS pv").
		ColumnExpr("'protocol' AS kind, pv.protocol_id AS name, pv.lang, CAST(pv.version AS TEXT) AS said, CAST(pv.sensitivity AS TEXT) AS more").
		Apply(ProtocolsVisibleTo(v, s.now()), InForce(English))
	err := s.db.NewRaw(`SELECT 'term' AS kind, id AS name, lang, term AS said, meaning AS more FROM glossary_terms
		UNION ALL SELECT 'picture', name, '', media_type, hash FROM pictures WHERE module_id = ?
		UNION ALL SELECT 'picture', name, '', media_type, hash FROM draft_pictures WHERE draft_id = ?
		UNION ALL SELECT * FROM (?) AS cited`, d.ModuleID, d.ID, protocols).Scan(ctx, &rows)
	if err != nil {
		return on, fmt.Errorf("what texts lean on: %w", err)
	}
	for _, row := range rows {
		switch row.Kind {
		case "term":
			on.terms[row.Lang][row.Name] = Term{ID: row.Name, Lang: row.Lang, Term: row.Said, Meaning: row.More}
		case "picture":
			on.pictures[row.Name] = Picture{ModuleID: d.ModuleID, Name: row.Name, MediaType: row.Said, Hash: Hash(row.More)}
		default:
			r := Protocol{ID: ProtocolID(row.Name), Lang: row.Lang}
			if r.Version, err = strconv.Atoi(row.Said); err != nil {
				return on, fmt.Errorf("version of protocol %q: %w", r.ID, err)
			}
			if err := json.Unmarshal([]byte(row.More), &r.Sensitivity); err != nil {
				return on, fmt.Errorf("sensitivity of protocol %q: %w", r.ID, err)
			}
			r.Joint = r.Sensitivity.Joint()
			on.protocols = append(on.protocols, r)
		}
	}
	return on, nil
}

// picture finds a picture by its name. What it holds was looked at when it was stored.
func (on surroundings) picture(name string, line int, problems *Problems) (Picture, bool) {
	pic, found := on.pictures[name]
	if !found {
		problems.Add(line, "content.problem.picture_not_here", "Name", name)
	}
	return pic, found
}

// Bench is where a draft's texts lie to be held to the same rules as the files of an import.
type Bench struct {
	*parser
	draft Draft
	check Check
	files []file
	from  map[string][]int // the author's line of each line of a stamped file
	part  map[string]Part
}

// lay lays a draft's texts out with the facts that publishing would give them.
func (on surroundings) lay(d Draft, texts map[Part]string, stem string, f facts) *Bench {
	b := &Bench{parser: newParser(nil), draft: d, from: map[string][]int{}, part: map[string]Part{}}
	b.stored, b.terms = on.picture, on.terms
	for _, r := range on.protocols {
		b.citable[r.ID] = true
	}
	for _, part := range d.Parts() {
		source := texts[part]
		if source == "" && part != EnglishText {
			continue
		}
		stamp, from := part.stamped(source, f)
		if part == EnglishText {
			f.translates = HashOf([]byte(stamp))
		}
		one := file{path: stem + part.ending(), id: d.ModuleID, lang: part.Lang(), kind: part.kind(), source: []byte(stamp)}
		if d.ProtocolID != "" {
			one.path = path.Join(protocolFolder, string(d.ProtocolID)+part.ending())
		}
		b.files, b.from[one.path], b.part[one.path] = append(b.files, one), from, part
	}
	return b
}

// hold holds the texts to the rules.
func (b *Bench) hold(on surroundings, checks Checks) {
	if b.draft.ProtocolID != "" {
		b.holdProtocol()
	} else {
		b.holdModule(on, checks)
	}
	b.problems = slices.DeleteFunc(b.problems, func(p Problem) bool { return b.part[p.Path] == "" })
}

func (b *Bench) holdProtocol() {
	for _, f := range b.files {
		told := &Problems{Path: f.path}
		b.protocol(f.source, told)
		b.take(told)
	}
	b.acrossFiles()
	for _, r := range b.folder.Protocols {
		b.mine(r.Path, r.Sensitivity)
	}
}

func (b *Bench) holdModule(on surroundings, checks Checks) {
	for _, f := range b.files {
		b.file(f)
	}
	b.folder.Protocols = on.protocols
	b.acrossFiles()
	b.folder.Protocols = nil // they lie here to be cited, not to be kept
	for _, m := range b.folder.Modules {
		b.mine(m.Path, m.Sensitivity)
	}
	b.check = checks.Read(b.folder.Quizzes, b.folder.Modules)
	for _, found := range b.check.Findings {
		if found.Warning {
			b.warnings = append(b.warnings, found.Problem)
		} else {
			b.problems = append(b.problems, found.Problem)
		}
	}
}

// mine tells a text that is not for the readers of its author's own sector.
func (b *Bench) mine(path string, readers Sensitivity) {
	if !readers.mine(b.draft.Sector) {
		told := Problems{Path: path}
		told.Add(b.lines[path].Line("sensitivity"), "content.problem.sensitivity_yours")
		b.take(&told)
	}
}

// Sheet draws a text of the draft, whatever is wrong with it.
func (b *Bench) Sheet(ctx context.Context, part Part) (s Sheet, err error) {
	s = Sheet{Proof: Proof{Lang: part.Lang()}, Part: part}
	at := slices.IndexFunc(b.files, func(f file) bool { return b.part[f.path] == part })
	if at < 0 {
		return s, nil
	}
	f := b.files[at]
	for _, proof := range b.proofs {
		if proof.Path == f.path {
			s.Proof = proof
		}
	}
	if front, _, _, ok := FrontMatter(f.source); ok {
		var head moduleHead
		DecodeYAML(front, 1, &head, &Problems{})
		s.Title, s.Objectives = head.Title, head.Objectives
	} else if !part.Check() { // shown all the same
		s.HTML = b.document(f.lang, f.id, &Problems{}).draw(f.source, 1)
	}
	if part.Check() {
		if s.HTML, err = b.check.Draw(ctx, part.Lang()); err != nil {
			return s, fmt.Errorf("check of draft %q: %w", b.draft.ID, err)
		}
	}
	for _, finding := range b.findings() {
		if from := b.from[f.path]; finding.Line >= 1 && finding.Line <= len(from) {
			finding.Line = from[finding.Line-1]
		}
		if finding.Path == f.path {
			s.Findings = append(s.Findings, finding)
		}
	}
	return s.of(b.draft), nil
}

// ProblemsIn counts what is wrong with one of the draft's texts.
func (b *Bench) ProblemsIn(part Part) (n int) {
	for _, p := range b.problems {
		if b.part[p.Path] == part {
			n++
		}
	}
	return n
}

// Problems counts what is wrong with the draft's texts.
func (b *Bench) Problems() int { return len(b.problems) }

// Bench lays a draft's texts out as they stand, but for one that is given as it was typed
// (Part "" for none), and holds them to the rules of an import. Nothing is stored.
func (s Store) Bench(ctx context.Context, v people.Viewer, d Draft, texts Texts, part Part, source string) (*Bench, error) {
	on, err := s.surroundings(ctx, v, d)
	if err != nil {
		return nil, err
	}
	b := on.lay(d, texts.with(part, tidy(source)), d.ModuleID.Slug(), d.facts(s.today()))
	b.hold(on, s.checks)
	return b, nil
}

// today is the day on which a review would be made now.
func (s Store) today() string { return s.now().In(s.Zone()).Format(time.DateOnly) }

// facts stand in for what publishing will give.
func (d Draft) facts(today string) facts {
	return facts{version: d.BaseVersion + 1, check: d.BaseCheck + 1, reviewedBy: "Review", reviewedOn: today}
}

// with are the sources of the texts, one of them as it was typed.
func (t Texts) with(part Part, source string) map[Part]string {
	sources := map[Part]string{}
	for name, revision := range t {
		sources[name] = revision.Source
	}
	if part != "" {
		sources[part] = source
	}
	return sources
}

// of shows the pictures of a draft from the draft, where they are until it is published.
func (s Sheet) of(d Draft) Sheet {
	to := func(html string) string {
		return strings.ReplaceAll(html, `src="/modules/`+d.ModuleID.Slug()+`/pictures/`, `src="/drafts/`+string(d.ID)+`/pictures/`)
	}
	s.HTML, s.AlternativeHTML = to(s.HTML), to(s.AlternativeHTML)
	return s
}

// find is where a text finds its pictures: among what is stored, or beside it in the folder.
func (p *parser) find(name string, line int, problems *Problems) (Picture, bool) {
	if p.stored != nil {
		return p.stored(name, line, problems)
	}
	return p.picture(name, line, problems)
}

// stemOf is a stored file's name without its ending.
func stemOf(file string) string {
	stem, _, _ := strings.Cut(path.Base(file), ".")
	return stem
}
