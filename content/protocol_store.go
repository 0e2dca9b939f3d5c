package content

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// protocolSector says that a sector may see a version outright.
type protocolSector struct {
	bun.BaseModel `bun:"table:protocol_sectors,alias:ps"`

	Hash   Hash          `bun:",pk"`
	Sector people.Sector `bun:",pk"`
}

// citing says that a version of a module goes by a protocol.
type citing struct {
	bun.BaseModel `bun:"table:module_protocols,alias:mp"`

	Hash       Hash       `bun:",pk"`
	ProtocolID ProtocolID `bun:",pk"`
}

// ProtocolsVisibleTo narrows a query on protocol_versions (alias pv) to what the viewer
// may see now: what their sector sees outright, and, where it is tagged J, what is cited
// by a module that a joint session has opened to it.
func ProtocolsVisibleTo(v people.Viewer, now time.Time) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where(protocolsVisibleIn("?0", "?1"), v.Sector(), now)
	}
}

func protocolsVisibleIn(sector, now string) string {
	return strings.NewReplacer("{sector}", sector, "{now}", now).Replace(`(EXISTS (SELECT 1 FROM protocol_sectors AS ps WHERE ps.hash = pv.hash AND ps.sector = {sector})
		OR (pv.joint AND EXISTS (SELECT 1 FROM module_protocols AS jp JOIN module_versions AS jm ON jm.hash = jp.hash AND jm.joint
			JOIN module_openings AS mo ON mo.module_id = jm.module_id
			WHERE jp.protocol_id = pv.protocol_id AND mo.sector = {sector} AND mo.opens_at <= {now} AND mo.closes_at > {now})))`)
}

// InForce narrows a query on protocol_versions (alias pv) to the newest version of each,
// in the language and in English. A newer English text counts before an older translation.
func InForce(lang Lang) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where(inForceIn("?0"), lang) }
}

func inForceIn(lang string) string {
	return `pv.lang IN (` + lang + `, 'en') AND pv.version = (SELECT MAX(latest.version) FROM protocol_versions AS latest WHERE latest.protocol_id = pv.protocol_id)`
}

// Cited gathers, for a query on module_versions (alias mv), the protocols that the version
// cites and the viewer may see, as Module.Protocols reads them.
func (s Store) Cited(v people.Viewer, lang Lang) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("module_protocols AS mp").
		ColumnExpr("string_agg(pv.protocol_id || ' ' || pv.lang || ' ' || pv.title, ?)", "\n").
		Join("JOIN protocol_versions AS pv ON pv.protocol_id = mp.protocol_id").Where("mp.hash = mv.hash").
		Apply(ProtocolsVisibleTo(v, s.now()), InForce(lang))
}

// CitedIn is Cited for a question that is written out, for all versions of a module: each
// row begins with the version that cites.
func CitedIn(module, lang, sector, now string) string {
	return `SELECT string_agg(mp.hash || ' ' || pv.protocol_id || ' ' || pv.lang || ' ' || pv.title, '
') FROM module_versions AS cv JOIN module_protocols AS mp ON mp.hash = cv.hash JOIN protocol_versions AS pv ON pv.protocol_id = mp.protocol_id
		WHERE cv.module_id = ` + module + ` AND ` + protocolsVisibleIn(sector, now) + ` AND ` + inForceIn(lang)
}

// CitedBy are the modules whose newest version cites a protocol and that the viewer may
// see, without their texts.
func (s Store) CitedBy(ctx context.Context, v people.Viewer, id ProtocolID, lang Lang) ([]Module, error) {
	found, err := s.newest(ctx, v, lang, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("EXISTS (SELECT 1 FROM module_protocols AS mp WHERE mp.hash = mv.hash AND mp.protocol_id = ?)", id).
			Where("mv.version = (SELECT MAX(latest.version) FROM module_versions AS latest WHERE latest.module_id = mv.module_id)")
	})
	if err != nil {
		return nil, err
	}
	var list []Module
	for _, m := range found {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b Module) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list, nil
}

// storedProtocols are the identities of all protocols, of which there are a few.
func (s Store) storedProtocols(ctx context.Context) (map[identity]Hash, error) {
	var rows []Protocol
	if err := s.db.NewSelect().Model(&rows).Column("hash", "protocol_id", "lang", "version").Scan(ctx); err != nil {
		return nil, fmt.Errorf("protocols: %w", err)
	}
	known := map[identity]Hash{}
	for _, r := range rows {
		version := r.identity()
		version.Hash = ""
		known[version] = r.Hash
	}
	return known, nil
}

// importProtocols keeps the versions and who may see them, as importModules does.
func (s Store) importProtocols(ctx context.Context, folder Folder) (done Imported, err error) {
	if len(folder.Protocols) == 0 {
		return done, nil
	}
	known, err := s.storedProtocols(ctx)
	if err != nil {
		return done, err
	}
	rows, sectors := slices.Clone(folder.Protocols), []protocolSector{}
	for i, r := range rows {
		rows[i].Path, rows[i].PublishedAt = path.Base(r.Path), s.now()
		for _, sector := range r.Sensitivity.Sectors() {
			sectors = append(sectors, protocolSector{Hash: r.Hash, Sector: sector})
		}
		version := r.identity()
		version.Hash = ""
		done.count(known[version] != "")
	}
	if _, err := s.db.NewInsert().Model(&rows).On("CONFLICT (hash) DO UPDATE").Set("html = EXCLUDED.html").Set("words = EXCLUDED.words").Exec(ctx); err != nil {
		return done, fmt.Errorf("protocols: %w", err)
	}
	if _, err := s.db.NewInsert().Model(&sectors).On("CONFLICT DO NOTHING").Exec(ctx); err != nil {
		return done, fmt.Errorf("sectors of protocols: %w", err)
	}
	return done, s.settleProtocols(ctx)
}

// cite keeps which protocols each version of a module goes by.
func (s Store) cite(ctx context.Context, modules []Module) error {
	var rows []citing
	for _, m := range modules {
		for _, id := range m.Cites {
			rows = append(rows, citing{Hash: m.Hash, ProtocolID: id})
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := s.db.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

// settleProtocols lets the newest version of each protocol decide who may see the older
// ones, and lets each sector find the newest text that it may see.
func (s Store) settleProtocols(ctx context.Context) error {
	var versions []Protocol
	if err := s.db.NewSelect().Model(&versions).ExcludeColumn("source").OrderExpr("pv.protocol_id, pv.version DESC, pv.lang").Scan(ctx); err != nil {
		return fmt.Errorf("protocols: %w", err)
	}
	var ids []string
	var entries []database.Entry
	newest := Protocol{}
	for _, r := range versions {
		if r.ID != newest.ID {
			newest = r
			ids = append(ids, string(r.ID))
			if err := s.narrowProtocol(ctx, r); err != nil {
				return fmt.Errorf("sectors of %q: %w", r.ID, err)
			}
		}
		if r.Version != newest.Version {
			continue
		}
		for _, sector := range r.Sensitivity.Sectors() {
			entries = append(entries, database.Entry{Visibility: string(sector), Kind: "protocol", Record: string(r.ID),
				Lang: string(r.Lang), Title: r.Title, Body: withoutMarks(r.HTML)})
		}
	}
	index := database.NewIndex(s.db)
	if err := index.Remove(ctx, "protocol", ids...); err != nil {
		return err
	}
	return index.Put(ctx, entries...)
}

func (s Store) narrowProtocol(ctx context.Context, newest Protocol) error {
	_, err := s.db.NewRaw(`DELETE FROM protocol_sectors WHERE sector NOT IN (?)
		AND hash IN (SELECT hash FROM protocol_versions WHERE protocol_id = ?)`, bun.List(newest.Sensitivity.Sectors()), newest.ID).Exec(ctx)
	if err != nil || newest.Joint {
		return err
	}
	_, err = s.db.NewRaw(`UPDATE protocol_versions SET joint = FALSE WHERE protocol_id = ? AND joint`, newest.ID).Exec(ctx)
	return err
}
