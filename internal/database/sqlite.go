package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/sqlitedialect"
	"modernc.org/sqlite"
)

// readers is how many connections read a SQLite file beside the one that writes.
const readers = 6

// openSQLite opens the file once to write and several times to read. SQLite lets
// one connection write at a time: with one writer the others queue inside the
// process, in order, and never meet "database is locked".
func openSQLite(ctx context.Context, path string) (*bun.DB, error) {
	if path == "" || strings.HasPrefix(path, ":") {
		return nil, errors.New("sqlite: needs the path of a file")
	}
	writer, err := openFile(path)
	if err != nil {
		return nil, err
	}
	writer.SetMaxOpenConns(1)
	// The writer goes first: it makes the file and turns on its write-ahead log.
	if err := writer.PingContext(ctx); err != nil {
		return nil, atFile(path, errors.Join(err, writer.Close()))
	}
	reader, err := openFile(path, "query_only(1)")
	if err != nil {
		return nil, errors.Join(err, writer.Close())
	}
	reader.SetMaxOpenConns(readers)
	reader.SetMaxIdleConns(readers)
	return newDB(writer, sqlitedialect.New(), reader), nil
}

// atFile says which file an error is about, and why where that can be seen.
func atFile(path string, err error) error {
	if folder := filepath.Dir(path); !isThere(folder) {
		return fmt.Errorf("the folder %s is not there: %w", folder, err)
	}
	return fmt.Errorf("%s: %w", path, err)
}

func isThere(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// openFile makes a pool on the file with the settings that every connection has.
func openFile(path string, more ...string) (*sql.DB, error) {
	connector, err := sqlite.NewConnector(dsn(path, more...))
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(connector), nil
}

// dsn writes the settings into the connection string, so that each connection gets
// them; busy_timeout comes first because the next one may have to wait for a lock.
func dsn(path string, more ...string) string {
	pragmas := append([]string{"busy_timeout(5000)", "journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)"}, more...)
	return "file:" + escape(path) + "?" + url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}.Encode()
}

// escape writes a file's path as SQLite wants it after "file:".
func escape(path string) string {
	if filepath.VolumeName(path) != "" {
		path = "/" + path
	}
	return (&url.URL{Path: filepath.ToSlash(path)}).EscapedPath()
}
