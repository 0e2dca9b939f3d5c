package courses_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/courses/coursestest"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// BenchmarkModule opens a module as its page does, cut into its parts, in an Academy of 10
// modules and in one of 10,000: both cost the same.
func BenchmarkModule(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for _, many := range []int{10, 10_000} {
			b.Run(fmt.Sprintf("%s/%d", engine, many), func(b *testing.B) {
				ctx := context.Background()
				db := dbtest.Open(b, engine, people.Migrations, content.Migrations, courses.Migrations)
				texts := content.NewStore(db, clock.At(noon))
				store := courses.NewStore(db, clock.At(noon), texts)
				folder, editions := coursestest.Curriculum(b, taught)
				must := func(err error) {
					if err != nil {
						b.Fatal(err)
					}
				}
				_, err := texts.Import(ctx, folder)
				must(err)
				_, err = store.Import(ctx, editions)
				must(err)
				for _, statement := range []string{
					`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
					INSERT INTO module_versions SELECT 'copy' || i, 'C' || i, lang, version, title, care, minutes, sensitivity, objectives, sources, translates,
						reviewed_by, reviewed_on, path || i, source, html, alternative_html, sections, words, grade, joint, has_check, care_note, published_at
					FROM module_versions, n WHERE module_id = 'T07' AND lang = 'en' AND i <= ?`,
					`INSERT INTO module_sectors SELECT mv.hash, ms.sector FROM module_versions AS mv, module_sectors AS ms
					WHERE mv.hash LIKE 'copy%' AND ms.hash = (SELECT hash FROM module_versions WHERE module_id = 'T07' AND lang = 'en') AND ? = ?`,
				} {
					_, err := db.NewRaw(statement, many, many).Exec(ctx)
					must(err)
				}
				maya := reader(b, people.NewStore(db, clock.At(noon)))
				put, err := store.EditionInForce(ctx, maya, "PUT", "2026-11-24")
				must(err)
				for b.Loop() {
					place, err := store.Open(ctx, maya, "T07", content.English, put.ID)
					must(err)
					if parts, _ := place.Module.Parts(); len(parts) < 2 {
						b.Fatal("no text")
					}
				}
			})
		}
	}
}

// reader adds somebody who reads.
func reader(b *testing.B, store people.Store) people.Viewer {
	id, err := store.AddPerson(b.Context(), people.System(people.Outreach), people.NewPerson{GivenName: "Maya", FamilyName: "Test"})
	if err != nil {
		b.Fatal(err)
	}
	return people.Seen(id, people.Outreach, nil, nil)
}
