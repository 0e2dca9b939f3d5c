package dbtest

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// Seed fills a migrated database, with the same each time.
type Seed struct {
	Name string // tells it from the others of a test binary
	Fill func(t testing.TB, db *bun.DB)
}

// EachFilled is Each with databases that the seed has filled. It does so once for all
// tests of a process; each has a copy of its own.
func EachFilled(t *testing.T, seed Seed, body func(t *testing.T, db *bun.DB), migrations ...fs.FS) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			body(t, OpenFilled(t, engine, seed, migrations...))
		})
	}
}

// OpenFilled is Open with a database that the seed has filled.
func OpenFilled(t testing.TB, engine string, seed Seed, migrations ...fs.FS) *bun.DB {
	t.Helper()
	return open(t, Copied(t, engine, seed.Name+" "+sum(t, migrations), func(address string) {
		migrate(t, address, migrations, func(db *bun.DB) error {
			seed.Fill(t, db)
			return nil
		})
	}))
}

// originals holds what was made once, to be copied for each test.
var originals sync.Map // engine and name to *original

type original struct {
	sync.Mutex
	file     []byte // SQLite's
	database string // PostgreSQL's
}

// Copied gives the address of a database that lives as long as the test: a copy of what
// fill made of an empty one, once for all tests of a process that give the same name. It
// must have closed it when it returns.
func Copied(t testing.TB, engine, name string, fill func(address string)) (address string) {
	t.Helper()
	found, _ := originals.LoadOrStore(engine+" "+name, new(original))
	o := found.(*original)
	if engine == "postgres" {
		return o.copiedDatabase(t, fill)
	}
	return o.copiedFile(t, fill)
}

func (o *original) copiedFile(t testing.TB, fill func(address string)) (address string) {
	t.Helper()
	o.Lock()
	defer o.Unlock()
	if o.file == nil {
		path := filepath.Join(t.TempDir(), "first.db")
		fill("sqlite:" + path)
		file, err := wholeFile(t, path)
		if err != nil {
			t.Fatal(err)
		}
		o.file = file
	}
	path := filepath.Join(t.TempDir(), "academy.db")
	if err := os.WriteFile(path, o.file, 0o600); err != nil {
		t.Fatal(err)
	}
	return "sqlite:" + path
}

// wholeFile reads a database's file with all that was written beside it.
func wholeFile(t testing.TB, path string) ([]byte, error) {
	db, err := database.Open(t.Context(), "sqlite:"+path)
	if err != nil {
		return nil, err
	}
	_, err = db.ExecContext(t.Context(), "PRAGMA wal_checkpoint(TRUNCATE)")
	if closed := db.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(path)
}

// copiedDatabase copies the whole database, which takes less than filling a schema with
// its rows. On someone else's server, which may allow none, each test makes its own.
func (o *original) copiedDatabase(t testing.TB, fill func(address string)) (address string) {
	t.Helper()
	s := postgres(t)
	if !s.ours {
		address = emptySchema(t)
		fill(address)
		return address
	}
	o.Lock()
	defer o.Unlock()
	if o.database == "" {
		name := newName()
		s.must(t, "CREATE DATABASE "+name)
		fill(s.of(name))
		o.database = name
	}
	name := newName()
	s.must(t, "CREATE DATABASE "+name+" TEMPLATE "+o.database)
	t.Cleanup(func() { s.must(t, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return s.of(name)
}

// of gives the address of another database of the server.
func (s server) of(database string) string {
	return strings.Replace(s.address, "/postgres?", "/"+database+"?", 1)
}

// newName is a name with small letters and digits only.
func newName() string { return "test_" + strings.ReplaceAll(database.NewID(), "-", "") }
