package content

import (
	"context"
	"regexp"

	"github.com/uptrace/bun"
	"gopkg.in/yaml.v3"
)

// glossarySource is the file that the glossary was last read from.
type glossarySource struct {
	bun.BaseModel `bun:"table:glossary_source,alias:gs"`

	ID     int `bun:",pk"` // there is one
	Source string
}

const glossaryName = "glossary.yaml"

// importGlossary lets the glossary say what it says now. A module keeps the meanings it
// was drawn with.
func (s Store) importGlossary(ctx context.Context, folder Folder) (done Imported, err error) {
	if len(folder.Terms) > 0 {
		if _, err := s.db.NewInsert().Model(&folder.Terms).On("CONFLICT (id, lang) DO UPDATE").
			Set("term = EXCLUDED.term").Set("meaning = EXCLUDED.meaning").Exec(ctx); err != nil {
			return done, err
		}
	}
	if folder.Glossary == "" {
		return done, nil
	}
	_, err = s.db.NewInsert().Model(&glossarySource{ID: 1, Source: folder.Glossary}).
		On("CONFLICT (id) DO UPDATE").Set("source = EXCLUDED.source").Exec(ctx)
	return done, err
}

var termUse = regexp.MustCompile(`\{term=([a-z0-9-]+)\}`)

// putGlossary stands the glossary on the shelf: the bytes of its last file. Where that
// file lacks a term that a text on the shelf uses, because it came from another folder or
// dropped a term that an older version still has, or where it says something else than
// the Academy, the glossary is written anew with what it lacks.
func (s Store) putGlossary(ctx context.Context, shelf *Shelf) error {
	var last []glossarySource
	if err := s.db.NewSelect().Model(&last).Scan(ctx); err != nil {
		return err
	}
	var terms []Term
	if err := s.db.NewSelect().Model(&terms).OrderExpr("gt.id, gt.lang").Scan(ctx); err != nil {
		return err
	}
	stored := map[string]glossaryTerm{}
	var order []string
	for _, t := range terms {
		one, begun := stored[t.ID]
		if !begun {
			one.ID = t.ID
			order = append(order, t.ID)
		}
		if words := (termWords{t.Term, t.Meaning}); t.Lang == Spanish {
			one.Spanish = words
		} else {
			one.English = words
		}
		stored[t.ID] = one
	}
	if len(last) == 0 {
		return shelf.putTerms(order, stored)
	}
	var file glossaryFile
	if err := yaml.Unmarshal([]byte(last[0].Source), &file); err != nil {
		return err
	}
	var whole []string
	same, there := true, map[string]bool{}
	for _, t := range file.Terms {
		whole, there[t.ID], same = append(whole, t.ID), true, same && stored[t.ID] == t
	}
	for _, f := range shelf.Files {
		for _, use := range termUse.FindAllSubmatch(f.Bytes, -1) {
			if id := string(use[1]); !there[id] && stored[id].ID != "" {
				whole, there[id], same = append(whole, id), true, false
			}
		}
	}
	if same {
		shelf.Put([]byte(last[0].Source), glossaryName)
		return nil
	}
	return shelf.putTerms(whole, stored)
}

// putTerms writes a glossary of these terms.
func (s *Shelf) putTerms(ids []string, stored map[string]glossaryTerm) error {
	if len(ids) == 0 {
		return nil
	}
	var file glossaryFile
	for _, id := range ids {
		file.Terms = append(file.Terms, stored[id])
	}
	out, err := yaml.Marshal(file)
	if err != nil {
		return err
	}
	s.Put(out, glossaryName)
	return nil
}
