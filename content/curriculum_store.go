package content

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Entry is a module as its writers see it in the list of all.
type Entry struct {
	ID          ModuleID `bun:"module_id"`
	Title       string
	Version     int
	PublishedAt time.Time
	Spanish     bool // the newest version is there in Spanish too
}

// Entries are the newest versions of the modules that the viewer's sector sees outright,
// by id, at most limit of them after an id; only those whose id or title has the words,
// unless there are none. For who writes; to all others there is nothing (fault.NotFound).
func (s Store) Entries(ctx context.Context, v people.Viewer, words string, after ModuleID, limit int) ([]Entry, error) {
	if !Writes(v) {
		return nil, fault.NotFound
	}
	entries := []Entry{}
	q := s.db.NewSelect().Model((*Module)(nil)).ColumnExpr("mv.module_id, mv.title, mv.version, mv.published_at").
		ColumnExpr("EXISTS (SELECT 1 FROM module_versions AS es WHERE es.module_id = mv.module_id AND es.version = mv.version AND es.lang = ?) AS spanish", Spanish).
		Where("EXISTS (SELECT 1 FROM module_sectors AS ms WHERE ms.hash = mv.hash AND ms.sector = ?)", v.Sector()).
		Where("mv.lang = ?", English).Where("mv.module_id > ?", after).Apply(AnswersOpenTo(v, "mv.module_id")).
		Where("mv.version = (SELECT MAX(latest.version) FROM module_versions AS latest WHERE latest.module_id = mv.module_id)")
	for _, word := range strings.Fields(strings.ToLower(words)) {
		like := "%" + strings.NewReplacer(`\`, `\\`, "%", `\%`, "_", `\_`).Replace(word) + "%"
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where(`LOWER(mv.title) LIKE ? ESCAPE '\'`, like).WhereOr(`LOWER(mv.module_id) LIKE ? ESCAPE '\'`, like)
		})
	}
	if err := q.OrderExpr("mv.module_id").Limit(int64(limit)).Scan(ctx, &entries); err != nil {
		return nil, fmt.Errorf("modules: %w", err)
	}
	return entries, nil
}
