package database

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/uptrace/bun"
)

// Often asks a query that nearly every page asks: one SELECT, whose values are all given
// as "?". bun writes values into its statements, so that the engine reads and plans each
// anew, which costs more than the answer; this one each connection keeps prepared. Inside
// a transaction it is a query like any other.
func Often(ctx context.Context, db bun.IDB, dest any, text string, values ...any) error {
	return db.NewRaw(text, values...).Scan(context.WithValue(ctx, oftenKey{}, often{text, values}), dest)
}

type oftenKey struct{}

type often struct {
	text   string
	values []any
}

// prepared are the statements of a pool by their texts.
type prepared struct {
	pool     *sql.DB
	numbered bool // PostgreSQL writes $1 where we write ?
	mu       sync.Mutex
	by       map[string]*sql.Stmt
}

func (p *prepared) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	p.mu.Lock()
	known := p.by[text]
	p.mu.Unlock()
	if known != nil {
		return known, nil
	}
	written := text
	if p.numbered {
		written = number(text)
	}
	statement, err := p.pool.PrepareContext(ctx, written) // with nobody waiting for it: the database may hang
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if known := p.by[text]; known != nil { // somebody was first
		return known, statement.Close()
	}
	if p.by == nil {
		p.by = map[string]*sql.Stmt{}
	}
	p.by[text] = statement
	return statement, nil
}

func (p *prepared) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var errs []error
	for _, statement := range p.by {
		errs = append(errs, statement.Close())
	}
	p.by = nil
	return errors.Join(errs...)
}

func number(text string) string {
	parts := strings.Split(text, "?")
	var b strings.Builder
	for i, part := range parts {
		if b.WriteString(part); i < len(parts)-1 {
			b.WriteString("$" + strconv.Itoa(i+1))
		}
	}
	return b.String()
}

// asked is a connection for one query: it asks the prepared statement instead of the text
// that bun has written.
type asked struct {
	bun.IConn
	from *prepared
	often
}

func (a asked) QueryContext(ctx context.Context, _ string, _ ...any) (*sql.Rows, error) {
	statement, err := a.from.statement(ctx, a.text)
	if err != nil {
		return nil, err
	}
	values := make([]any, len(a.values))
	for i, value := range a.values {
		if at, is := value.(time.Time); is {
			value = at.UTC().Format("2006-01-02 15:04:05.999999-07:00") // as bun writes them, and stores them in a file
		}
		values[i] = value
	}
	return statement.QueryContext(ctx, values...)
}
