package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/uptrace/bun"
	sqlite3 "modernc.org/sqlite/lib"
)

// lockMigrations waits until no other process migrates this database. The lock is
// one that the engine drops by itself when its holder dies.
func lockMigrations(ctx context.Context, db *bun.DB) (unlock func() error, err error) {
	if isPostgres(db) {
		return lockPostgres(ctx, db)
	}
	var number int
	var name, path string
	if err := db.NewRaw("PRAGMA database_list").Scan(ctx, &number, &name, &path); err != nil {
		return nil, err
	}
	for {
		unlock, err = lockFile(ctx, path+".migrate", time.Second)
		if !busy(err) {
			return unlock, err
		}
	}
}

// Alone does what one process of an Academy does at a time, such as filling an empty
// database: others that come to it meanwhile wait, and so does a migration.
func Alone(ctx context.Context, db *bun.DB, work func(ctx context.Context) error) (err error) {
	unlock, err := lockMigrations(ctx, db)
	if err != nil {
		return fmt.Errorf("wait for the other process: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()
	return work(ctx)
}

// lockPostgres holds an advisory lock, one for each schema, on a connection of its
// own that is thrown away afterwards.
func lockPostgres(ctx context.Context, db *bun.DB) (func() error, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	drop := func() error {
		err := conn.Raw(func(any) error { return driver.ErrBadConn })
		if errors.Is(err, driver.ErrBadConn) {
			err = nil
		}
		return err
	}
	_, err = conn.ExecContext(ctx, "SET statement_timeout = 0")
	if err == nil {
		_, err = conn.ExecContext(ctx, "SELECT pg_advisory_lock(hashtext(current_schema() || ' migrations'))")
	}
	if err != nil {
		return nil, errors.Join(err, drop())
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock_all()")
		return errors.Join(err, drop())
	}, nil
}

// LockForServe takes the one place to serve a SQLite file at an address, and is
// refused with ErrServed while another process has it. Other commands may open the
// file beside. On PostgreSQL any number may serve, and it takes nothing.
func LockForServe(ctx context.Context, address string) (unlock func() error, err error) {
	path, isFile := strings.CutPrefix(address, "sqlite:")
	if !isFile {
		return func() error { return nil }, nil
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real // one file under two names is one file
	}
	unlock, err = lockFile(ctx, path+".serve", 0)
	if busy(err) {
		return nil, ErrServed
	}
	return unlock, err
}

// ErrServed says that another process serves this SQLite file.
var ErrServed = errors.New("another academy serves this database file: stop that one first, or name another --data")

// lockFile locks a small file beside the database through SQLite itself, which
// locks on every system and lets go when the process dies.
func lockFile(ctx context.Context, path string, wait time.Duration) (unlock func() error, err error) {
	file, err := sql.Open("sqlite", "file:"+escape(path)+fmt.Sprintf("?_busy_timeout=%d", wait.Milliseconds()))
	if err != nil {
		return nil, err
	}
	file.SetMaxOpenConns(1)
	conn, err := file.Conn(ctx)
	if err == nil {
		_, err = conn.ExecContext(ctx, "BEGIN EXCLUSIVE")
	}
	if err != nil {
		return nil, atFile(path, errors.Join(err, file.Close()))
	}
	return func() error { return errors.Join(conn.Close(), file.Close()) }, nil
}

func busy(err error) bool { return sqliteCode(err)&0xff == sqlite3.SQLITE_BUSY }
