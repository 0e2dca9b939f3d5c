package dbtest_test

import (
	"fmt"
	"path"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

func room(table string) fstest.MapFS {
	return fstest.MapFS{"20261122100000_" + table + ".tx.up.sql": {Data: []byte(`
CREATE TABLE sectors (id TEXT PRIMARY KEY);
INSERT INTO sectors VALUES ('outreach'), ('health');
CREATE TABLE ` + table + ` (id TEXT PRIMARY KEY, sector TEXT NOT NULL REFERENCES sectors (id))`)}}
}

func TestEveryTestFindsWhatTheMigrationsMadeAndNoMore(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			for round := range 4 {
				t.Run(fmt.Sprint(round), func(t *testing.T) {
					db := dbtest.Open(t, engine, room("people"))
					for table, want := range map[string]int64{"sectors": 2, "people": 0, "search_entries": 0} {
						if n, err := db.NewSelect().Table(table).Count(t.Context()); err != nil || n != want {
							t.Errorf("%d rows in %s, %v", n, table, err)
						}
					}
					run(t, db, "INSERT INTO people VALUES ('dana', 'health')")
					run(t, db, "DELETE FROM sectors WHERE id = 'outreach'")
					run(t, db, "UPDATE sectors SET id = id")
					var number int
					err := db.NewRaw(`INSERT INTO search_entries (visibility, kind, record, lang, shown, title, body)
						VALUES ('', '', '', '', '', '', '') RETURNING number`).Scan(t.Context(), &number)
					if err != nil || number != 1 {
						t.Errorf("numbers begin at %d, %v", number, err)
					}
					if round == 1 {
						run(t, db, "DROP TABLE people")
					}
				})
			}
		})
	}
}

func TestOtherMigrationsMakeAnotherDatabase(t *testing.T) {
	t.Parallel()
	for _, table := range []string{"mentors", "guests"} {
		dbtest.Each(t, func(t *testing.T, db *bun.DB) {
			run(t, db, "INSERT INTO "+table+" VALUES ('dana', 'health')")
		}, room(table))
	}
}

func TestEveryTestHasACopyOfWhatWasFilledOnce(t *testing.T) {
	t.Parallel()
	var filled [2]atomic.Int32
	seed := dbtest.Seed{Name: "dana", Fill: func(t testing.TB, db *bun.DB) {
		filled[map[string]int{"sqlite": 0, "postgres": 1}[path.Base(t.Name())]].Add(1)
		for _, statement := range []string{"INSERT INTO coaches VALUES ('dana', 'health')",
			`INSERT INTO search_entries (visibility, kind, record, lang, shown, title, body) VALUES ('', '', '', '', '', 'bridge', '')`} {
			if _, err := db.ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
	}}
	t.Run("each", func(t *testing.T) {
		for round := range 4 {
			t.Run(fmt.Sprint(round), func(t *testing.T) {
				dbtest.EachFilled(t, seed, func(t *testing.T, db *bun.DB) {
					for table, want := range map[string]int64{"sectors": 2, "coaches": 1, "search_entries": 1} {
						if n, err := db.NewSelect().Table(table).Count(t.Context()); err != nil || n != want {
							t.Errorf("%d rows in %s, %v", n, table, err)
						}
					}
					found, err := database.NewIndex(db).Find(t.Context(), database.Search{Visibilities: []string{""}, Text: "bridge", Limit: 9})
					if err != nil || len(found) != 1 {
						t.Errorf("found %v, %v", found, err)
					}
					run(t, db, "DELETE FROM coaches")
					run(t, db, "DELETE FROM sectors")
				}, room("coaches"))
			})
		}
	})
	if filled[0].Load() != 1 || filled[1].Load() > 1 {
		t.Errorf("filled %d times on SQLite, %d on PostgreSQL", filled[0].Load(), filled[1].Load())
	}
}

func run(t *testing.T, db *bun.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}
