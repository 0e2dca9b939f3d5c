package database

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// connections is how many connections one process holds to PostgreSQL.
const connections = 16

// openPostgres opens a pool on the server. bun writes the arguments into the
// statement, so pgx must not prepare: no statement text comes twice.
func openPostgres(ctx context.Context, address string) (*bun.DB, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// The error of pgx holds the address, password and all.
		return nil, errors.New("the database's address can't be read as postgres://user@host/name")
	}
	config.DefaultQueryExecMode = pgx.QueryExecModeExec
	config.StatementCacheCapacity = 0
	config.DescriptionCacheCapacity = 0
	for name, value := range map[string]string{
		"timezone":                            "UTC",
		"statement_timeout":                   "10s",
		"idle_in_transaction_session_timeout": "10s",
		"application_name":                    "academy",
	} {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	pool := stdlib.OpenDB(*config, stdlib.OptionAfterConnect(timesInUTC))
	pool.SetMaxOpenConns(connections)
	pool.SetMaxIdleConns(connections)
	pool.SetConnMaxLifetime(30 * time.Minute)
	if err := pool.PingContext(ctx); err != nil {
		return nil, unreached{fmt.Sprintf("PostgreSQL, database %s as %s", config.Database, config.User), errors.Join(err, pool.Close())}
	}
	return newDB(pool, pgdialect.New(), nil), nil
}

// unreached is a server that can't be reached, in one line: pgx tells each try on a line
// of its own.
type unreached struct {
	which string
	error
}

func (u unreached) Error() string {
	lines := strings.Split(strings.TrimSpace(u.error.Error()), "\n")
	return u.which + ": " + strings.TrimSpace(lines[len(lines)-1])
}

func (u unreached) Unwrap() error { return u.error }

// timesInUTC makes pgx give times in UTC; it would give them in the machine's zone.
func timesInUTC(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// Unhurried lets a transaction that reads and writes much take minutes, where a request's
// has seconds: a whole curriculum on a slow machine. Nothing on SQLite.
func Unhurried(ctx context.Context, tx bun.IDB) error {
	if !isPostgres(tx) {
		return nil
	}
	_, err := tx.NewRaw("SELECT set_config('statement_timeout', '5min', TRUE), set_config('idle_in_transaction_session_timeout', '5min', TRUE)").Exec(ctx)
	return err
}
