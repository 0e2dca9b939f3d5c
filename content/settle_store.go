package content

import (
	"context"
	"fmt"
	"html"
	"slices"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// moduleSector says that a sector may see a version outright.
type moduleSector struct {
	bun.BaseModel `bun:"table:module_sectors,alias:ms"`

	Hash   Hash          `bun:",pk"`
	Sector people.Sector `bun:",pk"`
}

// settle makes what follows from new versions true: the newest decides who may see
// the older ones, and the index finds what each sector may see.
func (s Store) settle(ctx context.Context, ids []ModuleID) error {
	var versions []Module
	err := s.db.NewSelect().Model(&versions).Column("hash", "module_id", "lang", "version", "title", "sensitivity", "objectives", "html").
		Where("mv.module_id IN (?)", bun.List(ids)).OrderExpr("mv.module_id, mv.version DESC, mv.lang").Scan(ctx)
	if err != nil {
		return fmt.Errorf("versions: %w", err)
	}
	var settled []string
	for i, m := range versions {
		if newest := i == 0 || versions[i-1].ID != m.ID; newest {
			if err := s.narrow(ctx, m); err != nil {
				return fmt.Errorf("sectors of %q: %w", m.ID, err)
			}
			settled = append(settled, string(m.ID))
		}
	}
	if err := database.NewIndex(s.db).Remove(ctx, "module", settled...); err != nil {
		return err
	}
	return s.index(ctx, versions)
}

// narrow lets the newest version of a module decide who may see the older ones too:
// when a text turns out to be for one side only, its old versions close with it.
// It never widens what an older version was.
func (s Store) narrow(ctx context.Context, newest Module) error {
	_, err := s.db.NewRaw(`DELETE FROM module_sectors WHERE sector NOT IN (?)
		AND hash IN (SELECT hash FROM module_versions WHERE module_id = ?)`,
		bun.List(newest.Sensitivity.Sectors()), newest.ID).Exec(ctx)
	if err != nil || newest.Sensitivity.Joint() {
		return err
	}
	_, err = s.db.NewRaw(`UPDATE module_versions SET joint = FALSE WHERE module_id = ? AND joint`, newest.ID).Exec(ctx)
	return err
}

// index lets a module be found by its newest text in each language, by the sectors
// that see it outright. Each sector has an index of its own: what one finds, and in
// which order, does not depend on what another has. What a joint session opens for a
// while is reached from the session, not found. versions come newest first.
func (s Store) index(ctx context.Context, versions []Module) error {
	var rows []moduleSector
	hashes := []Hash{}
	for _, m := range versions {
		hashes = append(hashes, m.Hash)
	}
	if err := s.db.NewSelect().Model(&rows).Where("ms.hash IN (?)", bun.List(hashes)).Scan(ctx); err != nil {
		return fmt.Errorf("sectors of modules: %w", err)
	}
	var entries []database.Entry
	found := map[string]bool{}
	for _, m := range versions {
		body := strings.Join(m.Objectives, " ") + " " + withoutMarks(m.HTML)
		for _, sector := range people.Sectors {
			key := strings.Join([]string{string(m.ID), string(m.Lang), string(sector)}, " ")
			if found[key] || !slices.Contains(rows, moduleSector{Hash: m.Hash, Sector: sector}) {
				continue
			}
			found[key] = true
			entries = append(entries, database.Entry{
				Visibility: string(sector), Kind: "module", Record: string(m.ID), Lang: string(m.Lang), Title: m.Title, Body: body,
			})
		}
	}
	if err := database.NewIndex(s.db).Put(ctx, entries...); err != nil {
		return fmt.Errorf("search entries: %w", err)
	}
	return nil
}

// withoutMarks is the plain text of drawn HTML.
func withoutMarks(drawn string) string {
	return html.UnescapeString(bluemonday.StrictPolicy().Sanitize(strings.ReplaceAll(drawn, "<", " <")))
}
