package database

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
	"github.com/uptrace/bun/schema"
)

// Open opens the database at an address: "sqlite:PATH" is one file, made when it is
// not there, and "postgres://…" is a PostgreSQL server (its query may set
// search_path). The database has been reached when Open returns.
func Open(ctx context.Context, address string) (*bun.DB, error) {
	var db *bun.DB
	var err error
	switch path, isFile := strings.CutPrefix(address, "sqlite:"); {
	case isFile:
		db, err = openSQLite(ctx, path)
	case strings.HasPrefix(address, "postgres://"), strings.HasPrefix(address, "postgresql://"):
		db, err = openPostgres(ctx, address)
	default:
		return nil, errors.New("the database's address must start with sqlite: or postgres://")
	}
	return db, err
}

func newDB(writer *sql.DB, dialect schema.Dialect, readers *sql.DB) *bun.DB {
	resolver := newResolver(writer, readers)
	return bun.NewDB(writer, engine{dialect, resolver.often}, bun.WithConnResolver(resolver)).WithQueryHook(watch{})
}

// Ping asks the database for one answer, for a health check.
func Ping(ctx context.Context, db *bun.DB) error {
	_, err := db.NewRaw("SELECT 1").Exec(ctx)
	return err
}

// isPostgres is the one place where the program asks which engine it is on.
func isPostgres(db bun.IDB) bool { return db.Dialect().Name() == dialect.PG }
