package content

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// writtenBy narrows a query on protocol_versions (alias pv) to the newest versions of the
// protocols that the viewer writes: those that their sector sees outright.
func writtenBy(v people.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("EXISTS (SELECT 1 FROM protocol_sectors AS ps WHERE ps.hash = pv.hash AND ps.sector = ?)", v.Sector()).
			Where("pv.version = (SELECT MAX(latest.version) FROM protocol_versions AS latest WHERE latest.protocol_id = pv.protocol_id)")
	}
}

// ReviseProtocol begins a draft on a protocol's newest version, in both languages. Fails
// with fault.NotFound for a protocol that the viewer may not see outright.
func (s Store) ReviseProtocol(ctx context.Context, v people.Viewer, id ProtocolID) (DraftID, error) {
	if !Writes(v) {
		return "", fault.NotFound
	}
	var versions []Protocol
	err := s.db.NewSelect().Model(&versions).Column("lang", "version", "title", "source").Where("pv.protocol_id = ?", id).Apply(writtenBy(v)).Scan(ctx)
	if err != nil {
		return "", fmt.Errorf("protocol %q: %w", id, err)
	}
	if len(versions) == 0 {
		return "", fmt.Errorf("protocol %q: %w", id, fault.NotFound)
	}
	d, sources := Draft{ProtocolID: id, BaseVersion: versions[0].Version}, map[Part]string{}
	for _, r := range versions {
		if r.Lang == English {
			d.Title = r.Title
		}
		sources[Part(r.Lang)] = unstamped(r.Source)
	}
	return s.begin(ctx, v, d, sources)
}

// beginProtocol is Begin for a protocol.
func (s Store) beginProtocol(ctx context.Context, v people.Viewer, title string, audience Audience) (DraftID, error) {
	for range 40 {
		id := ProtocolID(fmt.Sprintf("p%04d", rand.IntN(10_000)))
		source, err := id.skeleton(title, audience, s.now())
		if err != nil {
			return "", err
		}
		draft, err := s.begin(ctx, v, Draft{ProtocolID: id, FirstOf: ModuleID(id), Title: title}, map[Part]string{EnglishText: source})
		if !database.Unique(err) && err != errTaken {
			return draft, err
		}
	}
	return "", fault.Conflict("content.draft.again")
}

// ProtocolEntry is a protocol as its writers see it in the list of all.
type ProtocolEntry struct {
	ID          ProtocolID `bun:"protocol_id"`
	Title       string
	Version     int
	PublishedAt time.Time
	Spanish     bool // the newest version is there in Spanish too
}

// ProtocolEntries are the newest English versions of the protocols that the viewer may
// write, by id after one of them, at most limit.
func (s Store) ProtocolEntries(ctx context.Context, v people.Viewer, after ProtocolID, limit int) ([]ProtocolEntry, error) {
	if !Writes(v) {
		return nil, fault.NotFound
	}
	entries := []ProtocolEntry{}
	err := s.db.NewSelect().TableExpr("protocol_versions AS pv").ColumnExpr("pv.protocol_id, pv.title, pv.version, pv.published_at").
		ColumnExpr("EXISTS (SELECT 1 FROM protocol_versions AS es WHERE es.protocol_id = pv.protocol_id AND es.version = pv.version AND es.lang = ?) AS spanish", Spanish).
		Where("pv.lang = ? AND pv.protocol_id > ?", English, after).Apply(writtenBy(v)).OrderExpr("pv.protocol_id").Limit(int64(limit)).Scan(ctx, &entries)
	if err != nil {
		return nil, fmt.Errorf("protocols to write: %w", err)
	}
	return entries, nil
}

// ProtocolNotes are the versions of a protocol that the viewer writes, the newest first.
// Fails with fault.NotFound when there is none.
func (s Store) ProtocolNotes(ctx context.Context, v people.Viewer, id ProtocolID) (title string, changes []VersionNote, err error) {
	if !Writes(v) {
		return "", nil, fault.NotFound
	}
	rows := []struct {
		VersionNote
		Title string
	}{}
	err = s.db.NewSelect().TableExpr("protocol_versions AS pv").ColumnExpr("pv.title, pv.version, pv.published_at, COALESCE(pc.note, '') AS note").
		Join("LEFT JOIN protocol_changes AS pc ON pc.protocol_id = pv.protocol_id AND pc.version = pv.version").
		Where("EXISTS (SELECT 1 FROM protocol_sectors AS ps WHERE ps.hash = pv.hash AND ps.sector = ?)", v.Sector()).
		Where("pv.protocol_id = ? AND pv.lang = ?", id, English).OrderExpr("pv.version DESC").Scan(ctx, &rows)
	if err == nil && len(rows) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return "", nil, fmt.Errorf("versions of protocol %q: %w", id, err)
	}
	for _, row := range rows {
		changes = append(changes, row.VersionNote)
	}
	return rows[0].Title, changes, nil
}

// publishProtocol makes an approved draft the protocol's next version. Who cites it goes
// by the newest one, so no module changes.
func (s Store) publishProtocol(ctx context.Context, d Draft, b *Bench, r Review) error {
	if _, err := s.Import(ctx, b.folder); err != nil {
		return err
	}
	_, err := s.db.NewRaw(`INSERT INTO protocol_changes (protocol_id, version, note) SELECT ?, ?, note FROM draft_submissions WHERE id = ?`,
		d.ProtocolID, d.BaseVersion+1, r.SubmissionID).Exec(ctx)
	return err
}
