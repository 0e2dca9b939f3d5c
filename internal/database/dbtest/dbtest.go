// Package dbtest gives a test a migrated database of its own, on either engine.
package dbtest

import (
	"io/fs"
	"path/filepath"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// The program does the same at its start: no test may depend on the machine's zone.
func init() { time.Local = time.UTC }

// Each runs the body as the subtests "sqlite" and "postgres", in parallel, each with
// a database of its own that has the migrations. The second is skipped, and says so,
// when ACADEMY_TEST_POSTGRES is not set.
func Each(t *testing.T, body func(t *testing.T, db *bun.DB), migrations ...fs.FS) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		body(t, Open(t, "sqlite", migrations...))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		body(t, Open(t, "postgres", migrations...))
	})
}

// Postgres runs the body on PostgreSQL only: for races, which one writer hides.
func Postgres(t *testing.T, body func(t *testing.T, db *bun.DB), migrations ...fs.FS) {
	t.Helper()
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		body(t, Open(t, "postgres", migrations...))
	})
}

// Open opens a fresh, migrated database on "sqlite" or "postgres" that lives as long
// as the test.
func Open(t *testing.T, engine string, migrations ...fs.FS) *bun.DB {
	t.Helper()
	db, err := database.Open(t.Context(), Address(t, engine))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	if _, err := database.Migrate(t.Context(), db, migrations...); err != nil {
		t.Fatal(err)
	}
	return db
}

// Address gives the address of a fresh, empty database that lives as long as the test.
func Address(t *testing.T, engine string) string {
	t.Helper()
	switch engine {
	case "sqlite":
		return "sqlite:" + filepath.Join(t.TempDir(), "academy.db")
	case "postgres":
		return postgresSchema(t)
	}
	t.Fatalf("no engine %q", engine)
	return ""
}
