package content

import (
	"context"
	"fmt"
	"path"
	"slices"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// Imported counts what an import brought: versions, guides and protocols that were new, and
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
			in.importProtocols, in.importModules, in.importGuides, in.importGlossary, in.importPictures,
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

// identity is what makes a stored file itself: which version it is, and its bytes.
type identity struct {
	ModuleID ModuleID
	Lang     Lang
	Version  int
	Hash     Hash
}

// stored reads the identities that a table holds of some modules, by version.
func (s Store) stored(ctx context.Context, table string, ids []ModuleID) (map[identity]Hash, error) {
	known := map[identity]Hash{}
	if len(ids) == 0 {
		return known, nil
	}
	var rows []identity
	err := s.db.NewSelect().Table(table).Column("module_id", "lang", "version", "hash").
		Where("module_id IN (?)", bun.List(ids)).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", table, err)
	}
	for _, row := range rows {
		known[identity{row.ModuleID, row.Lang, row.Version, ""}] = row.Hash
	}
	return known, nil
}

// touched are the modules of a folder.
func (f Folder) touched() (ids []ModuleID) {
	for _, m := range f.Modules {
		if !slices.Contains(ids, m.ID) {
			ids = append(ids, m.ID)
		}
	}
	return ids
}

// Clashes tells the files of a folder that are stored already under the same id,
// version and language with other bytes. A changed text needs the next version number.
func (s Store) Clashes(ctx context.Context, folder Folder) ([]Problem, error) {
	modules, err := s.stored(ctx, "module_versions", folder.touched())
	if err != nil {
		return nil, err
	}
	guides, err := s.stored(ctx, "guides", folder.touched())
	if err != nil {
		return nil, err
	}
	var problems []Problem
	look := func(known map[identity]Hash, file string, version identity) {
		hash := version.Hash
		version.Hash = ""
		if other, found := known[version]; found && other != hash {
			told := Problems{Path: file}
			told.Add(0, "content.problem.other_bytes", "File", path.Base(file), "Version", version.Version)
			problems = append(problems, told.List...)
		}
	}
	for _, m := range folder.Modules {
		look(modules, m.Path, identity{m.ID, m.Lang, m.Version, m.Hash})
	}
	for _, g := range folder.Guides {
		look(guides, g.Path, identity{g.ModuleID, g.Lang, g.Version, g.Hash})
	}
	protocols, err := s.storedProtocols(ctx)
	if err != nil {
		return nil, err
	}
	for _, r := range folder.Protocols {
		look(protocols, r.Path, r.identity())
	}
	pictures, err := s.changedPictures(ctx, folder.Pictures)
	return append(problems, pictures...), err
}

// changedPictures tells the pictures that are stored already under their name with other
// content, with whatever module: a folder has one picture of a name.
func (s Store) changedPictures(ctx context.Context, pictures []Picture) ([]Problem, error) {
	var problems []Problem
	for _, pic := range pictures {
		changed, err := s.db.NewSelect().Model((*Picture)(nil)).
			Where("pic.name = ? AND pic.hash <> ?", pic.Name, pic.Hash).Count(ctx)
		if err != nil {
			return nil, err
		}
		if changed > 0 {
			told := Problems{Path: pic.Name}
			told.Add(0, "content.problem.picture_changed", "Name", pic.Name)
			problems = append(problems, told.List...)
		}
	}
	return problems, nil
}

// atOnce is how many texts go into one statement: it takes a few megabytes, however many
// a folder has.
const atOnce = 50

// importModules keeps the versions and who may see them. Of a version that stands
// already only the drawing is renewed: the same bytes, drawn by the program of today.
func (s Store) importModules(ctx context.Context, folder Folder) (done Imported, err error) {
	if len(folder.Modules) == 0 {
		return done, nil
	}
	known, err := s.stored(ctx, "module_versions", folder.touched())
	if err != nil {
		return done, err
	}
	rows, sectors := slices.Clone(folder.Modules), []moduleSector{}
	for i, m := range rows {
		rows[i].Path, rows[i].PublishedAt, rows[i].Drawing = path.Base(m.Path), s.now(), m.drawn()
		for _, sector := range m.Sensitivity.Sectors() {
			sectors = append(sectors, moduleSector{Hash: m.Hash, Sector: sector})
		}
		done.count(known[identity{m.ID, m.Lang, m.Version, ""}] != "")
	}
	for some := range slices.Chunk(rows, atOnce) {
		insert := s.db.NewInsert().Model(&some).On("CONFLICT (hash) DO UPDATE")
		for _, drawn := range []string{"html", "alternative_html", "sections", "words", "grade", "has_check", "care_note", "drawing"} {
			insert = insert.Set("? = EXCLUDED.?", bun.Ident(drawn), bun.Ident(drawn))
		}
		if _, err := insert.Exec(ctx); err != nil {
			return done, fmt.Errorf("modules: %w", err)
		}
	}
	if _, err := s.db.NewInsert().Model(&sectors).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return done, fmt.Errorf("sectors of modules: %w", err)
	}
	if err := s.cite(ctx, folder.Modules); err != nil {
		return done, err
	}
	return done, s.settle(ctx, folder.touched())
}

func (i *Imported) count(known bool) {
	if known {
		i.Known++
	} else {
		i.New++
	}
}

func (s Store) importGuides(ctx context.Context, folder Folder) (done Imported, err error) {
	if len(folder.Guides) == 0 {
		return done, nil
	}
	known, err := s.stored(ctx, "guides", folder.touched())
	if err != nil {
		return done, err
	}
	rows := slices.Clone(folder.Guides)
	for i, g := range rows {
		rows[i].Path = path.Base(g.Path)
		done.count(known[identity{g.ModuleID, g.Lang, g.Version, ""}] != "")
	}
	for some := range slices.Chunk(rows, atOnce) {
		if _, err := s.db.NewInsert().Model(&some).On("CONFLICT (hash) DO UPDATE").Set("html = EXCLUDED.html").Exec(ctx); err != nil {
			return done, fmt.Errorf("guides: %w", err)
		}
	}
	return done, nil
}

func (s Store) importPictures(ctx context.Context, folder Folder) (done Imported, err error) {
	for _, pic := range folder.Pictures {
		if _, err := s.db.NewInsert().Model(&pic).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
			return done, fmt.Errorf("picture %q: %w", pic.Name, err)
		}
	}
	return done, nil
}
