package database

import (
	"context"
	"database/sql"
	"errors"
	"strconv"
	"strings"
	"sync"

	"github.com/uptrace/bun"
)

// Often marks a query that pages ask again and again, one SELECT:
//
//	err := query.Scan(database.Often(ctx), &rows)
//
// bun writes values into its statements, so that the engine reads and plans each anew,
// which can cost more than the answer. Under this context the texts are taken out of the
// statement again and handed over as values, and each connection keeps the statement
// prepared. Numbers stay where they are: what differs in a number is another statement.
// Inside a transaction it is a query like any other.
func Often(ctx context.Context) context.Context { return context.WithValue(ctx, oftenKey{}, true) }

type oftenKey struct{}

// mostPrepared is how many statements a process keeps prepared; what comes after is asked
// as it is. The Academy's pages have some dozens, lists of differing length counted.
const mostPrepared = 300

// prepared is a pool that keeps the statements of what is asked often, by their texts
// without values.
type prepared struct {
	pool     *sql.DB
	numbered bool // PostgreSQL writes $1 where SQLite writes ?
	mu       sync.Mutex
	by       map[string]*sql.Stmt
}

// statement is nil when too many are kept already.
func (p *prepared) statement(ctx context.Context, text string) (*sql.Stmt, error) {
	p.mu.Lock()
	known, full := p.by[text], len(p.by) >= mostPrepared
	p.mu.Unlock()
	if known != nil || full {
		return known, nil
	}
	statement, err := p.pool.PrepareContext(ctx, text) // with nobody waiting for it: the database may hang
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

// asked is a connection for one query: it asks the prepared statement in place of the
// text that bun has written.
type asked struct {
	bun.IConn
	from *prepared
}

func (a asked) QueryContext(ctx context.Context, written string, _ ...any) (*sql.Rows, error) {
	text, values := withoutTexts(written, a.from.numbered)
	statement, err := a.from.statement(ctx, text)
	if err != nil {
		return nil, err
	}
	if statement == nil {
		return a.from.pool.QueryContext(ctx, written)
	}
	return statement.QueryContext(a.from.patient(ctx), values...)
}

// withoutTexts takes the 'texts' out of a statement as bun writes them on both engines: a
// quote inside is doubled, and nothing else has a meaning there. X'00' and "names" stay.
func withoutTexts(written string, numbered bool) (text string, values []any) {
	var b strings.Builder
	b.Grow(len(written))
	for {
		at := strings.IndexAny(written, `'"`)
		if at < 0 {
			break
		}
		end := at + 1 + ending(written[at+1:], written[at])
		before, marks := written[:at], written[at:end]
		written = written[end:]
		b.WriteString(before)
		switch {
		case marks[0] == '"', strings.HasSuffix(before, "X"), len(marks) < 2:
			b.WriteString(marks)
			continue
		case numbered:
			b.WriteString("$" + strconv.Itoa(len(values)+1))
		default:
			b.WriteByte('?')
		}
		values = append(values, strings.ReplaceAll(marks[1:len(marks)-1], `''`, `'`))
	}
	b.WriteString(written)
	return b.String(), values
}

// ending is how far a quotation goes, its last mark counted.
func ending(after string, mark byte) int {
	for i := 0; i < len(after); i++ {
		if after[i] != mark {
			continue
		}
		if i+1 == len(after) || after[i+1] != mark {
			return i + 1
		}
		i++
	}
	return len(after)
}
