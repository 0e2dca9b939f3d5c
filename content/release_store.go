package content

import (
	"context"
	"fmt"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Release is one version of a module or a protocol, in one language, as a list of
// versions tells of it.
type Release struct {
	Hash        Hash
	Lang        Lang
	Version     int
	Title       string
	ReviewedBy  string
	ReviewedOn  string // YYYY-MM-DD
	PublishedAt time.Time
	Note        string // what changed, as its author said; "" where nobody said it
	Source      string // only where versions are compared
}

// Comparison is two versions of a text in one language, told apart.
type Comparison struct {
	Before, After Release
	Stretches     []Stretch
}

// Same says whether no word differs.
func (c Comparison) Same() bool {
	for _, one := range c.Stretches {
		if !one.Folded {
			return false
		}
	}
	return true
}

// ModuleReleases are the versions of a module that the viewer may see, newest first.
// They are for those who teach, run or write courses: for all others, and where there is
// none, fault.NotFound.
func (s Store) ModuleReleases(ctx context.Context, v people.Viewer, id ModuleID) ([]Release, error) {
	noted := s.moduleReleases(v, id).ColumnExpr("COALESCE((SELECT mc.note FROM module_changes AS mc WHERE mc.module_id = mv.module_id AND mc.version = mv.version), '') AS note")
	return releases(ctx, v, noted, "module", string(id))
}

// ProtocolReleases is ModuleReleases for a protocol.
func (s Store) ProtocolReleases(ctx context.Context, v people.Viewer, id ProtocolID) ([]Release, error) {
	return releases(ctx, v, s.protocolReleases(v, id), "protocol", string(id))
}

// CompareModule tells two versions of a module apart, in a language that both are in.
// Fails with fault.NotFound unless the viewer may see both, as ModuleReleases lists them.
func (s Store) CompareModule(ctx context.Context, v people.Viewer, id ModuleID, lang Lang, before, after int) (Comparison, error) {
	return compare(ctx, v, s.moduleReleases(v, id), lang, before, after)
}

// CompareProtocol is CompareModule for a protocol.
func (s Store) CompareProtocol(ctx context.Context, v people.Viewer, id ProtocolID, lang Lang, before, after int) (Comparison, error) {
	return compare(ctx, v, s.protocolReleases(v, id), lang, before, after)
}

func (s Store) moduleReleases(v people.Viewer, id ModuleID) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("module_versions AS mv").Where("mv.module_id = ?", id).Apply(VisibleTo(v, s.now()))
}

func (s Store) protocolReleases(v people.Viewer, id ProtocolID) *bun.SelectQuery {
	return s.db.NewSelect().TableExpr("protocol_versions AS pv").Where("pv.protocol_id = ?", id).Apply(ProtocolsVisibleTo(v, s.now()))
}

// mostReleases bounds the list; a text that has more is told by its newest.
const mostReleases = 200

func releases(ctx context.Context, v people.Viewer, q *bun.SelectQuery, what, id string) ([]Release, error) {
	missing := fmt.Errorf("%s %q: %w", what, id, fault.NotFound)
	if !TeachesOrWrites(v) {
		return nil, missing
	}
	var list []Release
	err := q.ColumnExpr("hash, lang, version, title, reviewed_by, reviewed_on, published_at").
		OrderExpr("version DESC, lang").Limit(mostReleases).Scan(ctx, &list)
	if err == nil && len(list) == 0 {
		err = missing
	}
	return list, err
}

func compare(ctx context.Context, v people.Viewer, q *bun.SelectQuery, lang Lang, before, after int) (Comparison, error) {
	missing := fmt.Errorf("versions %d and %d: %w", before, after, fault.NotFound)
	if !TeachesOrWrites(v) || before == after {
		return Comparison{}, missing
	}
	var list []Release
	err := q.ColumnExpr("hash, lang, version, title, reviewed_by, reviewed_on, published_at, source").
		Where("lang = ? AND version IN (?, ?)", lang, before, after).OrderExpr("version").Scan(ctx, &list)
	if err != nil {
		return Comparison{}, err
	}
	if len(list) != 2 {
		return Comparison{}, missing
	}
	return Comparison{list[0], list[1], Compare(list[0].Source, list[1].Source)}, nil
}
