package content

import (
	"context"
	"html"
	"strings"

	"github.com/microcosm-cc/bluemonday"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// index lets a module be found by its newest text in each language, by the sectors
// that see it outright. Each sector has an index of its own: what one finds, and in
// which order, does not depend on what another has. What a joint session opens for a
// while is reached from the session, not found.
func (s Store) index(ctx context.Context, id ModuleID) error {
	index := database.NewIndex(s.db)
	if err := index.Remove(ctx, "module", string(id)); err != nil {
		return err
	}
	for _, sector := range people.Sectors {
		for _, lang := range []Lang{English, Spanish} {
			var rows []Module
			err := s.db.NewSelect().Model(&rows).Column("title", "html", "objectives").
				Where("mv.module_id = ?", id).Where("mv.lang = ?", lang).
				Where("EXISTS (SELECT 1 FROM module_sectors AS ms WHERE ms.hash = mv.hash AND ms.sector = ?)", sector).
				OrderExpr("mv.version DESC").Limit(1).Scan(ctx)
			if err != nil {
				return err
			}
			for _, m := range rows {
				err := index.Put(ctx, database.Entry{
					Visibility: string(sector), Kind: "module", Record: string(id), Lang: string(lang), Title: m.Title,
					Body: strings.Join(m.Objectives, " ") + " " + withoutMarks(m.HTML),
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// withoutMarks is the plain text of drawn HTML.
func withoutMarks(drawn string) string {
	return html.UnescapeString(bluemonday.StrictPolicy().Sanitize(strings.ReplaceAll(drawn, "<", " <")))
}
