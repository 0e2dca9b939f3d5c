// Package dbtest gives a test a migrated database of its own, on either engine.
package dbtest

import (
	"crypto/sha256"
	"encoding/hex"
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
	Postgres(t, body, migrations...)
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
func Open(t testing.TB, engine string, migrations ...fs.FS) *bun.DB {
	t.Helper()
	return open(t, Migrated(t, engine, migrations...))
}

func open(t testing.TB, address string) *bun.DB {
	t.Helper()
	db, err := database.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Migrated gives the address of a fresh database that has the migrations and lives as
// long as the test: for what opens its database by itself, such as the whole app.
func Migrated(t testing.TB, engine string, migrations ...fs.FS) (address string) {
	t.Helper()
	if engine == "postgres" {
		return pooledSchema(t, migrations)
	}
	return copiedFile(t, migrations)
}

// Empty gives the address of a database without a table that lives as long as the test.
func Empty(t testing.TB, engine string) (address string) {
	t.Helper()
	if engine == "postgres" {
		return emptySchema(t)
	}
	return "sqlite:" + filepath.Join(t.TempDir(), "academy.db")
}

// sum is the same for two sets of migrations when they make the same database.
func sum(t testing.TB, migrations []fs.FS) string {
	t.Helper()
	hash := sha256.New()
	for _, source := range migrations {
		err := fs.WalkDir(source, ".", func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := fs.ReadFile(source, path)
			hash.Write([]byte(path + "\x00"))
			hash.Write(append(text, 0))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// migrate makes the database at the address what the migrations say.
func migrate(t testing.TB, address string, migrations []fs.FS, then func(*bun.DB) error) {
	t.Helper()
	db, err := database.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	_, err = database.Migrate(t.Context(), db, migrations...)
	if err == nil {
		err = then(db)
	}
	if closed := db.Close(); err == nil {
		err = closed
	}
	if err != nil {
		t.Fatal(err)
	}
}
