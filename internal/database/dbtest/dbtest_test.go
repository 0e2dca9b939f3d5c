package dbtest_test

import (
	"fmt"
	"testing"
	"testing/fstest"

	"github.com/uptrace/bun"

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

func run(t *testing.T, db *bun.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Errorf("%s: %v", statement, err)
	}
}
