package database

import (
	"context"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/uptrace/bun"
)

// slow is how long a query may take before a log line tells of it.
const slow = 250 * time.Millisecond

// Count is how many queries were made under a context.
type Count struct{ n atomic.Int64 }

// Queries tells the number so far; BEGIN and COMMIT are not counted.
func (c *Count) Queries() int { return int(c.n.Load()) }

type countKey struct{}

// CountQueries gives a context under which the queries of every database are counted.
func CountQueries(ctx context.Context) (context.Context, *Count) {
	count := new(Count)
	return context.WithValue(ctx, countKey{}, count), count
}

// watch is the hook on every query.
type watch struct{}

func (watch) BeforeQuery(ctx context.Context, _ *bun.QueryEvent) context.Context { return ctx }

func (watch) AfterQuery(ctx context.Context, event *bun.QueryEvent) {
	switch event.Operation() {
	case "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE":
		return
	}
	noted(ctx, event.StartTime, event.Query)
}

var argument = regexp.MustCompile(`X?'(?:[^']|'')*(?:'|$)|\b\d+(?:\.\d+)?\b|\bTRUE\b|\bFALSE\b`)

// withoutArguments blanks every value in a statement: bun has written them into it,
// and no name, address or answer may reach the log. Of one that stores a curriculum,
// which has a million bytes, it looks at the beginning alone.
func withoutArguments(query string) string {
	const looked, longest = 16 << 10, 2000
	more := len(query) > looked
	query = argument.ReplaceAllString(query[:min(len(query), looked)], "?")
	query = strings.Join(strings.Fields(query), " ")
	if len(query) > longest {
		query, more = query[:longest], true
	}
	if more {
		query += "…"
	}
	return query
}
