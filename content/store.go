package content

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Store reads and keeps the curriculum.
type Store struct {
	db     bun.IDB
	now    clock.Clock
	memory *memory
	zone   *time.Location // in which the Academy's days begin and end; nil is UTC
	checks Checks
}

// NewStore makes a store on a pool or inside a transaction.
func NewStore(db bun.IDB, now clock.Clock) Store {
	return Store{db: db, now: now, memory: &memory{}, checks: noChecks{}}
}

// In is the same store inside a transaction. It remembers nothing of what it reads
// there, for a transaction may be undone.
func (s Store) In(tx bun.IDB) Store {
	s.db, s.memory = tx, nil
	return s
}

// InZone is the same store with days as they begin and end in a zone; UTC otherwise.
func (s Store) InZone(zone *time.Location) Store {
	s.zone = zone
	return s
}

// VisibleTo narrows a query on module_versions (alias mv) to what the viewer may
// see now: what their sector sees outright, and what a joint session has opened to it.
func VisibleTo(v people.Viewer, now time.Time) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where(VisibleIn("?0", "?1"), v.Sector(), now) }
}

// VisibleIn is the condition of VisibleTo for a question that is written out, with what
// stands there for the viewer's sector and for the time.
func VisibleIn(sector, now string) string {
	return strings.NewReplacer("{sector}", sector, "{now}", now).Replace(`(EXISTS (SELECT 1 FROM module_sectors AS ms WHERE ms.hash = mv.hash AND ms.sector = {sector})
		OR (mv.joint AND EXISTS (SELECT 1 FROM module_openings AS mo WHERE mo.module_id = mv.module_id
			AND mo.sector = {sector} AND mo.opens_at <= {now} AND mo.closes_at > {now})))`)
}

// Module is the newest version in the language, or the English one, marked as
// fallback. Fails with fault.NotFound when there is none that the viewer may see.
func (s Store) Module(ctx context.Context, v people.Viewer, id ModuleID, lang Lang) (Module, error) {
	return s.ModuleAt(ctx, v, id, 0, lang)
}

// ModuleAt is Module at the version that an edition is pinned to; 0 is the newest.
func (s Store) ModuleAt(ctx context.Context, v people.Viewer, id ModuleID, version int, lang Lang) (Module, error) {
	var m Module
	q := s.db.NewSelect().Model(&m).ExcludeColumn("source").ColumnExpr("(?) AS cited", s.Cited(v, lang)).Apply(VisibleTo(v, s.now())).
		Where("mv.module_id = ?", id).Where("mv.lang IN (?, ?)", lang, English)
	if version > 0 {
		q = q.Where("mv.version = ?", version)
	}
	err := q.OrderExpr("CASE WHEN mv.lang = ? THEN 0 ELSE 1 END, mv.version DESC", lang).Limit(1).Scan(ctx)
	if err != nil {
		return Module{}, fmt.Errorf("module %q: %w", id, database.One(err))
	}
	m.Fallback = m.Lang != lang
	return m.WithoutHiddenLinks(), nil
}

// Version is the version with exactly these bytes, as a reading record names it.
func (s Store) Version(ctx context.Context, v people.Viewer, hash Hash) (Module, error) {
	var m Module
	err := s.db.NewSelect().Model(&m).ExcludeColumn("source").ColumnExpr("(?) AS cited", s.Cited(v, English)).
		Apply(VisibleTo(v, s.now())).Where("mv.hash = ?", hash).Scan(ctx)
	if err != nil {
		return Module{}, fmt.Errorf("module version %q: %w", hash, database.One(err))
	}
	return m.WithoutHiddenLinks(), nil
}

// Modules gives those of the modules that the viewer may see, in one query and
// without their texts: the newest of each in the language, or else in English.
func (s Store) Modules(ctx context.Context, v people.Viewer, ids []ModuleID, lang Lang) (map[ModuleID]Module, error) {
	if len(ids) == 0 {
		return map[ModuleID]Module{}, nil
	}
	return s.newest(ctx, v, lang, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("mv.module_id IN (?)", bun.List(ids))
	})
}

// Library gives every module that the viewer may see, as Modules does.
func (s Store) Library(ctx context.Context, v people.Viewer, lang Lang) (map[ModuleID]Module, error) {
	return s.newest(ctx, v, lang, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

func (s Store) newest(ctx context.Context, v people.Viewer, lang Lang, narrow func(*bun.SelectQuery) *bun.SelectQuery) (map[ModuleID]Module, error) {
	var rows []Module
	err := s.db.NewSelect().Model(&rows).ExcludeColumn("source", "html", "alternative_html").
		Apply(VisibleTo(v, s.now()), narrow).Where("mv.lang IN (?, ?)", lang, English).
		OrderExpr("mv.module_id, CASE WHEN mv.lang = ? THEN 0 ELSE 1 END, mv.version DESC", lang).Scan(ctx)
	if err != nil {
		return nil, fmt.Errorf("modules: %w", err)
	}
	found := map[ModuleID]Module{}
	for _, m := range rows {
		if _, better := found[m.ID]; !better {
			m.Fallback = m.Lang != lang
			found[m.ID] = m
		}
	}
	return found, nil
}

// Picture is a picture of a module that the viewer may see.
func (s Store) Picture(ctx context.Context, v people.Viewer, id ModuleID, name string) (Picture, error) {
	var pic Picture
	visible := s.db.NewSelect().Model((*Module)(nil)).ColumnExpr("1").Apply(VisibleTo(v, s.now())).Where("mv.module_id = pic.module_id")
	err := s.db.NewSelect().Model(&pic).Where("pic.module_id = ?", id).Where("pic.name = ?", name).
		Where("EXISTS (?)", visible).Scan(ctx)
	if err != nil {
		return Picture{}, fmt.Errorf("picture %q of %q: %w", name, id, database.One(err))
	}
	return pic, nil
}

// OpenModules lets a sector see the modules of a joint session between two moments.
// Only modules tagged J answer to it. The cause is the joint session; opening the
// same again moves its window.
func (s Store) OpenModules(ctx context.Context, cause string, sector people.Sector, ids []ModuleID, from, to time.Time) error {
	for _, id := range ids {
		_, err := s.db.NewRaw(`INSERT INTO module_openings (module_id, sector, opens_at, closes_at, cause) VALUES (?, ?, ?, ?, ?)
			ON CONFLICT (module_id, sector, cause) DO UPDATE SET opens_at = EXCLUDED.opens_at, closes_at = EXCLUDED.closes_at`,
			id, sector, from, to, cause).Exec(ctx)
		if err != nil {
			return fmt.Errorf("open %q: %w", id, err)
		}
	}
	return nil
}

// CloseOpening takes back all that the cause has opened.
func (s Store) CloseOpening(ctx context.Context, cause string) error {
	_, err := s.db.NewRaw(`DELETE FROM module_openings WHERE cause = ?`, cause).Exec(ctx)
	return err
}
