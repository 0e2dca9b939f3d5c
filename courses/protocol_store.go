package courses

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Protocols are those in force that the viewer may see, by title, without their texts and
// with what the viewer has read of them, in one query.
func (s Store) Protocols(ctx context.Context, v people.Viewer, lang content.Lang) ([]ProtocolStep, error) {
	return s.protocols(ctx, v, lang, func(q *bun.SelectQuery) *bun.SelectQuery { return q })
}

// UnreadProtocols narrows a query on protocol_versions (alias pv) to those in force that
// the viewer may see and a person has not read, and gathers them as content.ReadCitations
// reads them. person is an id, or the name of a column with bun.Safe.
func UnreadProtocols(v people.Viewer, now time.Time, lang content.Lang, person any) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("string_agg(pv.protocol_id || ' ' || pv.lang || ' ' || pv.title, ?)", "\n").
			Apply(content.ProtocolsVisibleTo(v, now), content.InForce(lang)).
			Where(`NOT EXISTS (SELECT 1 FROM protocol_readings AS pr
				WHERE pr.person_id = ? AND pr.protocol_id = pv.protocol_id AND pr.version = pv.version)`, person)
	}
}

// Protocol is one protocol in force. Fails with fault.NotFound when there is none that the
// viewer may see.
func (s Store) Protocol(ctx context.Context, v people.Viewer, id content.ProtocolID, lang content.Lang) (ProtocolPage, error) {
	steps, err := s.protocols(ctx, v, lang, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("pv.html, pv.sources").Where("pv.protocol_id = ?", id)
	})
	if err != nil {
		return ProtocolPage{}, err
	}
	if len(steps) == 0 {
		return ProtocolPage{}, fmt.Errorf("protocol %q: %w", id, fault.NotFound)
	}
	page := ProtocolPage{ProtocolStep: steps[0]}
	page.Modules, err = s.content.CitedBy(ctx, v, id, lang)
	return page, err
}

func (s Store) protocols(ctx context.Context, v people.Viewer, lang content.Lang, narrow func(*bun.SelectQuery) *bun.SelectQuery) ([]ProtocolStep, error) {
	var rows []ProtocolStep
	err := s.db.NewSelect().TableExpr("protocol_versions AS pv").Apply(narrow).
		ColumnExpr("pv.hash, pv.protocol_id, pv.lang, pv.version, pv.title, pv.owner, pv.standing, pv.reviewed_by, pv.reviewed_on, pv.review_due, pv.words").
		ColumnExpr(`COALESCE((SELECT MAX(pr.version) FROM protocol_readings AS pr
			WHERE pr.person_id = ? AND pr.protocol_id = pv.protocol_id), 0) AS read_version`, v.Person()).
		ColumnExpr(`(SELECT pr.read_at FROM protocol_readings AS pr WHERE pr.person_id = ? AND pr.protocol_id = pv.protocol_id
			AND pr.version = pv.version ORDER BY pr.read_at, pr.id LIMIT 1) AS read_at`, v.Person()).
		Apply(content.ProtocolsVisibleTo(v, s.now()), content.InForce(lang)).
		OrderExpr("pv.protocol_id, CASE WHEN pv.lang = ? THEN 0 ELSE 1 END", lang).Scan(ctx, &rows)
	if err != nil {
		return nil, fmt.Errorf("protocols: %w", err)
	}
	var steps []ProtocolStep
	for _, row := range rows {
		if n := len(steps); n > 0 && steps[n-1].ID == row.ID {
			continue
		}
		row.Fallback = row.Lang != lang
		steps = append(steps, row)
	}
	return steps, nil
}

// ReadProtocol notes that the viewer has read a version of a protocol, in the language
// that they were shown. Saying so again adds nothing. Fails with fault.NotFound when they
// may not see it.
func (s Store) ReadProtocol(ctx context.Context, v people.Viewer, id content.ProtocolID, version int, lang content.Lang) error {
	missing := fmt.Errorf("protocol %q: %w", id, fault.NotFound)
	if !v.SignedIn() {
		return missing
	}
	shown := s.db.NewSelect().TableExpr("protocol_versions AS pv").
		ColumnExpr("?, ?, pv.protocol_id, pv.version, pv.hash, ?", database.NewID(), v.Person(), s.now()).
		Apply(content.ProtocolsVisibleTo(v, s.now())).
		Where("pv.protocol_id = ? AND pv.version = ? AND pv.lang IN (?, ?)", id, version, lang, content.English).
		OrderExpr("CASE WHEN pv.lang = ? THEN 0 ELSE 1 END", lang).Limit(1)
	// Doing it again touches the row without changing it, so that it counts as found.
	result, err := s.db.NewRaw(`INSERT INTO protocol_readings (id, person_id, protocol_id, version, hash, read_at) ?
		ON CONFLICT (person_id, hash) DO UPDATE SET read_at = protocol_readings.read_at`, shown).Exec(ctx)
	return database.Changed(result, err, missing)
}
