package database

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/uptrace/bun"
)

const (
	// mostTogether is how many rows one commit takes.
	mostTogether = 64
	// commitTime is how long one commit may take.
	commitTime = 10 * time.Second
)

// Batcher writes small rows that come from many at once, such as answers. What was queued
// while the last commit ran is committed together: a commit waits for the disk, and what
// is written in one statement for all costs less than a statement for each. Whoever puts a
// row waits for the commit that holds it.
type Batcher[K comparable, V any] struct {
	db     *bun.DB
	commit func(ctx context.Context, tx bun.Tx, values []V) error

	mu      sync.Mutex
	queue   []*queued[K, V]
	running bool
}

type queued[K comparable, V any] struct {
	key   K
	value V
	done  chan error
}

// NewBatcher makes a Batcher whose values commit writes in the transaction it is
// given. Of several values with one key in a batch it gets the last. When it fails
// for a batch, that is undone and it is called again for each value alone.
func NewBatcher[K comparable, V any](db *bun.DB, commit func(ctx context.Context, tx bun.Tx, values []V) error) *Batcher[K, V] {
	return &Batcher[K, V]{db: db, commit: commit}
}

// Put writes one value and returns once it is committed, with the error that commit
// had for it. When ctx ends first, the value may have been written or not.
func (b *Batcher[K, V]) Put(ctx context.Context, key K, value V) error {
	if isInside(ctx) {
		return errBeside
	}
	select {
	case err := <-b.enqueue(key, value):
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// enqueue starts run if it is not running, and gives where the result will come.
func (b *Batcher[K, V]) enqueue(key K, value V) <-chan error {
	row := &queued[K, V]{key: key, value: value, done: make(chan error, 1)}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue = append(b.queue, row)
	if !b.running {
		b.running = true
		go b.run()
	}
	return row.done
}

// run commits until the queue is empty.
func (b *Batcher[K, V]) run() {
	for {
		b.mu.Lock()
		if len(b.queue) == 0 {
			b.queue, b.running = nil, false
			b.mu.Unlock()
			return
		}
		n := min(len(b.queue), mostTogether)
		rows := b.queue[:n:n]
		b.queue = b.queue[n:]
		b.mu.Unlock()
		b.together(rows)
	}
}

// together commits rows in one transaction, or one by one if that fails.
func (b *Batcher[K, V]) together(rows []*queued[K, V]) {
	last := map[K]int{}
	for i, row := range rows {
		last[row.key] = i
	}
	var values []V
	for i, row := range rows {
		if last[row.key] == i {
			values = append(values, row.value)
		}
	}
	err := b.timed(values)
	for _, row := range rows {
		if err != nil && len(rows) > 1 {
			row.done <- b.timed([]V{row.value})
		} else {
			row.done <- err
		}
	}
}

// timed writes under a time of its own: one caller who gives up must not undo the others.
func (b *Batcher[K, V]) timed(values []V) error {
	ctx, cancel := context.WithTimeout(context.Background(), commitTime)
	defer cancel()
	return b.write(ctx, values)
}

func (b *Batcher[K, V]) write(ctx context.Context, values []V) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("writing a batch panicked: %v", p)
		}
	}()
	return InTx(ctx, b.db, func(ctx context.Context, tx bun.Tx) error { return b.commit(ctx, tx, values) })
}
