package database

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/schema"
)

// Row is one line of an answer; Scan hands over its columns.
type Row interface {
	Scan(columns ...any) error
}

// Ask puts a question that nearly every request asks: one SELECT, written out with $1, $2
// and so on for its values, which each connection keeps prepared. Every row of the answer
// is handed on by itself, a moment into a Moment. It is for the two or three hottest reads
// alone: bun, which takes as long to write a question and to read its answer as SQLite to
// find it, is left out. It counts as a query, and is refused on the pool inside a
// transaction.
func Ask(ctx context.Context, db bun.IDB, question string, values []any, each func(Row) error) (err error) {
	start := time.Now()
	defer func() { noted(ctx, start, question) }()
	for i, value := range values {
		if at, ok := value.(time.Time); ok {
			values[i] = written(at)
		}
	}
	rows, done, err := put(ctx, db, question, values)
	if err != nil {
		return err
	}
	for rows.Next() {
		if err := each(rows); err != nil {
			_ = rows.Close()
			_ = done()
			return err
		}
	}
	err = rows.Err() // which has closed them
	if closed := done(); err == nil {
		err = closed
	}
	return err
}

// put asks where db asks: on the pool or inside its transaction.
func put(ctx context.Context, db bun.IDB, question string, values []any) (rows *sql.Rows, done func() error, err error) {
	var statement *sql.Stmt
	done = func() error { return nil }
	switch db := db.(type) {
	case bun.Tx:
		statement, err = db.Tx.PrepareContext(ctx, question)
	default:
		if isInside(ctx) {
			return nil, nil, errBeside
		}
		often := db.Dialect().(engine).often
		if statement, err = often.statement(ctx, question); statement != nil {
			rows, err = statement.QueryContext(often.patient(ctx), values...)
			return rows, done, err
		}
		if err == nil {
			statement, err = often.pool.PrepareContext(ctx, question)
		}
	}
	if err != nil {
		return nil, nil, err
	}
	rows, err = statement.QueryContext(ctx, values...)
	return rows, statement.Close, err
}

// engine is a dialect that knows the pool on which it is asked.
type engine struct {
	schema.Dialect
	often *prepared
}

// patient is the context of a question that is answered at once: nothing can keep a read
// of a SQLite file waiting, and to watch over a deadline takes longer than the answer.
func (p *prepared) patient(ctx context.Context) context.Context {
	if p.numbered || ctx.Err() != nil {
		return ctx
	}
	return context.WithoutCancel(ctx)
}

// momentForm is how bun writes a moment, on both engines.
const momentForm = "2006-01-02 15:04:05.999999-07:00"

func written(at time.Time) string { return at.UTC().Format(momentForm) }

// Moment reads a moment from either engine; none is the zero time.
type Moment struct{ time.Time }

// Scan takes what the database's driver gives.
func (m *Moment) Scan(value any) (err error) {
	switch value := value.(type) {
	case nil:
		m.Time = time.Time{}
	case time.Time:
		m.Time = value.UTC()
	case string:
		m.Time, err = time.Parse(momentForm, value)
		m.Time = m.UTC()
	default:
		err = fmt.Errorf("%T is no moment", value)
	}
	return err
}

// noted counts a query, and tells of it in the log when it was slow.
func noted(ctx context.Context, start time.Time, query string) {
	if count, ok := ctx.Value(countKey{}).(*Count); ok {
		count.n.Add(1)
	}
	if took := time.Since(start); took >= slow {
		slog.WarnContext(ctx, "slow query", "ms", took.Milliseconds(), "query", withoutArguments(query))
	}
}
