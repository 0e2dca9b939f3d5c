package content

import (
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Imported counts what an import brought: versions and guides that were new, and
// those that stood already, byte for byte.
type Imported struct{ New, Known int }

// Import keeps what a folder holds, in one transaction; doing it again changes
// nothing. Fails with fault.Conflict when a version is there with other bytes.
func (s Store) Import(ctx context.Context, folder Folder) (Imported, error) {
	var done Imported
	err := database.InTx(ctx, s.db, func(ctx context.Context, tx bun.Tx) error {
		in := s.In(tx)
		clashes, err := in.Clashes(ctx, folder)
		if err != nil {
			return err
		}
		if len(clashes) > 0 {
			return &fault.ConflictError{Sentence: clashes[0].Sentence}
		}
		for _, step := range []func(context.Context, Folder) (Imported, error){
			in.importModules, in.importGuides, in.importTerms, in.importPictures,
		} {
			one, err := step(ctx, folder)
			if err != nil {
				return err
			}
			done.New, done.Known = done.New+one.New, done.Known+one.Known
		}
		return nil
	})
	if database.Unique(err) {
		return Imported{}, fault.Conflict("content.import.meanwhile")
	}
	return done, err
}

// stored is what a database row says of a file's identity.
type stored struct {
	ModuleID ModuleID
	Lang     Lang
	Version  int
	Hash     Hash
}

// Clashes tells the files of a folder that are stored already under the same id,
// version and language with other bytes. A changed text needs the next version number.
func (s Store) Clashes(ctx context.Context, folder Folder) ([]Problem, error) {
	var problems []Problem
	look := func(table string, path string, id ModuleID, lang Lang, version int, hash Hash) error {
		var rows []stored
		err := s.db.NewSelect().Table(table).Column("module_id", "lang", "version", "hash").
			Where("module_id = ? AND lang = ? AND version = ?", id, lang, version).Scan(ctx, &rows)
		if err != nil {
			return fmt.Errorf("%s %q: %w", table, id, err)
		}
		if len(rows) > 0 && rows[0].Hash != hash {
			told := Problems{Path: path}
			told.Add(0, "content.problem.other_bytes", "File", fileOf(path), "Version", version)
			problems = append(problems, told.List...)
		}
		return nil
	}
	for _, m := range folder.Modules {
		if err := look("module_versions", m.Path, m.ID, m.Lang, m.Version, m.Hash); err != nil {
			return nil, err
		}
	}
	for _, g := range folder.Guides {
		if err := look("guides", g.Path, g.ModuleID, g.Lang, g.Version, g.Hash); err != nil {
			return nil, err
		}
	}
	return problems, nil
}

func fileOf(p string) string { return path.Base(p) }

// importModules keeps the versions and who may see them. Of a version that stands
// already only the drawing is renewed: the same bytes, drawn by the program of today.
func (s Store) importModules(ctx context.Context, folder Folder) (done Imported, err error) {
	touched := map[ModuleID]bool{}
	for _, m := range folder.Modules {
		touched[m.ID] = true
		known, err := s.db.NewSelect().Model((*Module)(nil)).Where("mv.hash = ?", m.Hash).Exists(ctx)
		if err != nil {
			return done, err
		}
		m.Path, m.PublishedAt = fileOf(m.Path), s.now()
		_, err = s.db.NewInsert().Model(&m).On("CONFLICT (hash) DO UPDATE").
			Set("html = EXCLUDED.html").Set("alternative_html = EXCLUDED.alternative_html").
			Set("sections = EXCLUDED.sections").Set("words = EXCLUDED.words").Set("grade = EXCLUDED.grade").
			Set("has_check = EXCLUDED.has_check").Set("care_note = EXCLUDED.care_note").Exec(ctx)
		if err != nil {
			return done, fmt.Errorf("module %q: %w", m.ID, err)
		}
		for _, sector := range m.Sensitivity.Sectors() {
			if _, err := s.db.NewRaw(`INSERT INTO module_sectors (hash, sector) VALUES (?, ?) ON CONFLICT DO NOTHING`,
				m.Hash, sector).Exec(ctx); err != nil {
				return done, fmt.Errorf("sectors of %q: %w", m.ID, err)
			}
		}
		if known {
			done.Known++
		} else {
			done.New++
		}
	}
	for id := range touched {
		if err := s.narrow(ctx, id); err != nil {
			return done, fmt.Errorf("sectors of %q: %w", id, err)
		}
		if err := s.index(ctx, id); err != nil {
			return done, fmt.Errorf("search entries of %q: %w", id, err)
		}
	}
	return done, nil
}

// narrow lets the newest version of a module decide who may see the older ones too:
// when a text turns out to be for one side only, its old versions close with it.
// It never widens what an older version was.
func (s Store) narrow(ctx context.Context, id ModuleID) error {
	var newest Module
	err := s.db.NewSelect().Model(&newest).Column("hash", "sensitivity").Where("mv.module_id = ?", id).
		OrderExpr("mv.version DESC, mv.lang").Limit(1).Scan(ctx)
	if err != nil {
		return err
	}
	for _, sector := range people.Sectors {
		if slices.Contains(newest.Sensitivity.Sectors(), sector) {
			continue
		}
		if _, err := s.db.NewRaw(`DELETE FROM module_sectors WHERE sector = ?
			AND hash IN (SELECT hash FROM module_versions WHERE module_id = ?)`, sector, id).Exec(ctx); err != nil {
			return err
		}
	}
	if newest.Sensitivity.Joint() {
		return nil
	}
	_, err = s.db.NewRaw(`UPDATE module_versions SET joint = FALSE WHERE module_id = ?`, id).Exec(ctx)
	return err
}

func (s Store) importGuides(ctx context.Context, folder Folder) (done Imported, err error) {
	for _, g := range folder.Guides {
		known, err := s.db.NewSelect().Model((*Guide)(nil)).Where("g.hash = ?", g.Hash).Exists(ctx)
		if err != nil {
			return done, err
		}
		g.Path = fileOf(g.Path)
		if _, err := s.db.NewInsert().Model(&g).On("CONFLICT (hash) DO UPDATE").Set("html = EXCLUDED.html").Exec(ctx); err != nil {
			return done, fmt.Errorf("guide %q: %w", g.ModuleID, err)
		}
		if known {
			done.Known++
		} else {
			done.New++
		}
	}
	return done, nil
}

// importTerms lets the glossary say what it says now. A module keeps the meanings it was drawn with.
func (s Store) importTerms(ctx context.Context, folder Folder) (done Imported, err error) {
	for _, t := range folder.Terms {
		if _, err := s.db.NewInsert().Model(&t).On("CONFLICT (id, lang) DO UPDATE").
			Set("term = EXCLUDED.term").Set("meaning = EXCLUDED.meaning").Exec(ctx); err != nil {
			return done, fmt.Errorf("term %q: %w", t.ID, err)
		}
	}
	return done, nil
}

func (s Store) importPictures(ctx context.Context, folder Folder) (done Imported, err error) {
	for _, pic := range folder.Pictures {
		if _, err := s.db.NewInsert().Model(&pic).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return done, fmt.Errorf("picture %q: %w", pic.Name, err)
		}
		var hash Hash
		err := s.db.NewSelect().Model((*Picture)(nil)).Column("hash").
			Where("pic.module_id = ? AND pic.name = ?", pic.ModuleID, pic.Name).Scan(ctx, &hash)
		if err != nil {
			return done, err
		}
		if hash != pic.Hash {
			return done, fault.Conflict("content.problem.picture_changed", "Name", pic.Name)
		}
	}
	return done, nil
}
