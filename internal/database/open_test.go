package database_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// things is a small room's worth of migrations.
var things = fstest.MapFS{
	"migrations/20261122100000_things.tx.up.sql": {Data: []byte(`
CREATE TABLE things (
	id TEXT PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	made_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX things_made ON things (made_at);`)},
}

type thing struct {
	ID     string `bun:",pk"`
	Name   string
	MadeAt time.Time
}

func TestAUniqueKeyIsToldApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		one := thing{ID: database.NewID(), Name: "one", MadeAt: time.Now()}
		if _, err := db.NewInsert().Model(&one).Exec(t.Context()); err != nil {
			t.Fatal(err)
		}
		_, err := db.NewInsert().Model(&one).Exec(t.Context())
		if !database.Unique(err) {
			t.Errorf("same id: %v is not Unique", err)
		}
		one.ID = database.NewID()
		_, err = db.NewInsert().Model(&one).Exec(t.Context())
		if !database.Unique(err) {
			t.Errorf("same name: %v is not Unique", err)
		}
		_, err = db.NewInsert().Table("nothing").Model(&one).Exec(t.Context())
		if err == nil || database.Unique(err) {
			t.Errorf("no such table: %v is Unique", err)
		}
	}, things)
}

func TestTimesComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		chicago := time.FixedZone("", -6*3600)
		for i, at := range []time.Time{
			time.Date(2026, 11, 22, 18, 30, 0, 0, chicago),
			time.Date(2026, 11, 22, 18, 30, 0, 120_000_000, chicago),
			time.Date(2026, 11, 22, 18, 30, 0, 123_456_000, time.UTC),
		} {
			made := thing{ID: database.NewID(), Name: string(rune('a' + i)), MadeAt: at}
			if _, err := db.NewInsert().Model(&made).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			var found thing
			if err := db.NewSelect().Model(&found).Where("id = ?", made.ID).Scan(t.Context()); err != nil {
				t.Fatal(err)
			}
			if found.MadeAt != at.UTC() {
				t.Errorf("put in %v, got %v", at.UTC(), found.MadeAt)
			}
			var newest time.Time
			if err := db.NewSelect().Model((*thing)(nil)).ColumnExpr("max(made_at)").Where("id = ?", made.ID).Scan(t.Context(), &newest); err != nil {
				t.Fatal(err)
			}
			if newest != at.UTC() {
				t.Errorf("put in %v, max gave %v", at.UTC(), newest)
			}
		}
	}, things)
}
