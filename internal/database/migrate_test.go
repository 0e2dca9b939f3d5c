package database_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// room makes a room's migrations from pairs of name and statements.
func room(pairs ...string) fs.FS {
	files := fstest.MapFS{}
	for i := 0; i < len(pairs); i += 2 {
		files["migrations/"+pairs[i]+".tx.up.sql"] = &fstest.MapFile{Data: []byte(pairs[i+1])}
	}
	return files
}

var (
	right = room("20261122010000_people", "CREATE TABLE people (id TEXT PRIMARY KEY)",
		"20261122030000_names", "ALTER TABLE people ADD COLUMN name TEXT")
	left = room("20261122020000_cohorts", "CREATE TABLE cohorts (id TEXT PRIMARY KEY, person TEXT REFERENCES people (id)); CREATE INDEX ON_PERSON ON cohorts (person)")
)

func TestMigrationsOfAllRoomsAreOneListByTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		for _, want := range []string{"[20261122010000_people 20261122020000_cohorts 20261122030000_names]", "[]"} {
			applied, err := database.Migrate(t.Context(), db, left, right)
			if err != nil || fmt.Sprint(applied) != want {
				t.Errorf("applied %v, %v", applied, err)
			}
		}
	})
}

func TestAFailedMigrationLeavesNothingAndIsRunAgain(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		bad := room("20261122020000_cohorts", "CREATE TABLE cohorts (id TEXT PRIMARY KEY); INSERT INTO nowhere VALUES (1)")
		if applied, err := database.Migrate(t.Context(), db, right, bad); err == nil || !strings.Contains(err.Error(), "20261122020000") {
			t.Errorf("applied %v, %v", applied, err)
		}
		if applied, err := database.Migrate(t.Context(), db, left, right); err != nil || len(applied) != 2 {
			t.Errorf("then applied %v, %v", applied, err)
		}
	})
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		if _, err := database.Migrate(t.Context(), db, left, right); err != nil {
			t.Fatal(err)
		}
		older := room("20261122010000_people", "CREATE TABLE people (id TEXT PRIMARY KEY)")
		if _, err := database.Migrate(t.Context(), db, older); !errors.Is(err, database.ErrNewer) {
			t.Errorf("an older program: %v", err)
		}
	})
}

func TestTwoMigrationsOfOneStampAreRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		for _, other := range []fs.FS{
			room("20261122010000_money", "SELECT 1"),
			room("20261122010000_people", "SELECT 1"),
			room("2026_people", "SELECT 1"),
			fstest.MapFS{"20261122090000_people.up.sql": {Data: []byte("SELECT 1")}},
		} {
			if applied, err := database.Migrate(t.Context(), db, right, other); err == nil {
				t.Errorf("applied %v", applied)
			}
		}
	})
}

func TestProcessesThatMigrateAtOnceWaitForEachOther(t *testing.T) {
	t.Parallel()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			address := dbtest.Empty(t, engine)
			var mu sync.Mutex
			total := 0
			var all sync.WaitGroup
			for range 5 {
				all.Go(func() {
					db, err := database.Open(t.Context(), address)
					if err != nil {
						t.Error(err)
						return
					}
					applied, err := database.Migrate(t.Context(), db, left, right)
					if err = errors.Join(err, db.Close()); err != nil {
						t.Error(err)
					}
					mu.Lock()
					defer mu.Unlock()
					total += len(applied)
				})
			}
			all.Wait()
			if total != 6 { // three, and the search index, its passages and its titles
				t.Errorf("%d were applied in all", total)
			}
		})
	}
}
