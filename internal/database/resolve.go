package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"regexp"
	"strings"

	"github.com/uptrace/bun"
)

// errBeside says that a query went past the transaction around it: to the pool, where
// it does not see what the transaction wrote, and waits for ever for SQLite's writer.
var errBeside = errors.New("a query on the pool inside a transaction: use the store In(tx)")

type insideKey struct{}

// inside marks a context that runs in a transaction.
func inside(ctx context.Context) context.Context { return context.WithValue(ctx, insideKey{}, true) }

func isInside(ctx context.Context) bool { return ctx.Value(insideKey{}) != nil }

// resolver picks the connections for a query that is made on the pool. It is not
// asked inside a transaction, which has its own connection. With readers (SQLite) it
// sends what only reads there and all else to the writer; a reader starts each query
// on the newest commit, so it sees every commit that returned.
type resolver struct {
	readers *sql.DB // nil on PostgreSQL
	beside  *sql.DB // refuses everything
	often   *prepared
}

func newResolver(writer, readers *sql.DB) resolver {
	often := &prepared{pool: readers}
	if readers == nil {
		often.pool, often.numbered = writer, true
	}
	return resolver{readers: readers, beside: sql.OpenDB(refusal{}), often: often}
}

// ResolveConn gives the connections to use, or nil for the writer.
func (r resolver) ResolveConn(ctx context.Context, query bun.Query) bun.IConn {
	switch {
	case isInside(ctx):
		return r.beside
	case ctx.Value(oftenKey{}) != nil:
		return asked{from: r.often}
	case r.readers != nil && reads(query):
		return r.readers
	}
	return nil
}

// Close closes the readers; bun closes the writer.
func (r resolver) Close() error {
	err := errors.Join(r.often.close(), r.beside.Close())
	if r.readers != nil {
		err = errors.Join(err, r.readers.Close())
	}
	return err
}

var writes = regexp.MustCompile(`(?i)\b(insert|update|delete|replace)\b`)

func reads(query bun.Query) bool {
	raw, ok := query.(*bun.RawQuery)
	if !ok {
		return bun.IsReadOnlyQuery(query)
	}
	text := strings.TrimSpace(raw.String())
	first := strings.ToUpper(text[:min(6, len(text))])
	return first == "SELECT" || strings.HasPrefix(first, "WITH") && !writes.MatchString(text)
}

// refusal is a driver that never connects.
type refusal struct{}

func (refusal) Connect(context.Context) (driver.Conn, error) { return nil, errBeside }
func (refusal) Driver() driver.Driver                        { return refusal{} }
func (refusal) Open(string) (driver.Conn, error)             { return nil, errBeside }
