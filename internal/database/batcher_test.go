package database_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// record is a commit that writes the values as things of that name.
func record(ctx context.Context, tx bun.Tx, names []string) error {
	for _, name := range names {
		made := thing{ID: database.NewID(), Name: name}
		if _, err := tx.NewInsert().Model(&made).Exec(ctx); err != nil {
			return err
		}
	}
	return nil
}

func TestEveryRowOfABatchIsCommittedWhenPutReturns(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var commits atomic.Int64
		batcher := database.NewBatcher[string](db, func(ctx context.Context, tx bun.Tx, names []string) error {
			commits.Add(1)
			return record(ctx, tx, names)
		})
		const rows = 300
		var all sync.WaitGroup
		for i := range rows {
			all.Go(func() {
				name := fmt.Sprint("row ", i)
				if err := batcher.Put(t.Context(), name, name); err != nil {
					t.Error(err)
				}
				there, err := db.NewSelect().Table("things").Where("name = ?", name).Exists(t.Context())
				if err != nil || !there {
					t.Errorf("%s is not there, %v", name, err)
				}
			})
		}
		all.Wait()
		t.Logf("%d rows in %d commits", rows, commits.Load())
	}, things)
}

// held makes a Batcher whose first commit waits, so that the test can fill the queue.
func held(t *testing.T, db *bun.DB, commit func(context.Context, bun.Tx, []string) error) (batcher *database.Batcher[string, string], goOn func()) {
	t.Helper()
	started, release := make(chan bool), make(chan bool)
	var once sync.Once
	batcher = database.NewBatcher[string](db, func(ctx context.Context, tx bun.Tx, names []string) error {
		once.Do(func() { started <- true; <-release })
		return commit(ctx, tx, names)
	})
	first := make(chan error, 1)
	go func() { first <- batcher.Put(t.Context(), "first", "first") }()
	<-started
	return batcher, func() {
		close(release)
		if err := <-first; err != nil {
			t.Error(err)
		}
	}
}

func TestWhatQueuedDuringACommitIsCommittedTogether(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, "sqlite", things)
	var sizes []int
	batcher, goOn := held(t, db, func(ctx context.Context, tx bun.Tx, names []string) error {
		sizes = append(sizes, len(names))
		return record(ctx, tx, names)
	})
	var waits []<-chan error
	for i := range 100 {
		waits = append(waits, batcher.Queue(fmt.Sprint(i), fmt.Sprint(i)))
	}
	goOn()
	for _, wait := range waits {
		if err := <-wait; err != nil {
			t.Error(err)
		}
	}
	if fmt.Sprint(sizes) != "[1 64 36]" {
		t.Errorf("committed %v together", sizes)
	}
}

func TestTheLastOfOneKeyWins(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, "sqlite", things)
	batcher, goOn := held(t, db, record)
	var waits []<-chan error
	for _, value := range []string{"old", "newer", "newest"} {
		waits = append(waits, batcher.Queue("one key", value))
	}
	goOn()
	for _, wait := range waits {
		if err := <-wait; err != nil {
			t.Error(err)
		}
	}
	var names []string
	if err := db.NewSelect().Table("things").Column("name").Order("id").Scan(t.Context(), &names); err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(names) != "[first newest]" {
		t.Errorf("wrote %v", names)
	}
}

func TestOneBadRowFailsAlone(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, "sqlite", things)
	batcher, goOn := held(t, db, record)
	waits := map[string]<-chan error{}
	for _, key := range []string{"a", "b", "c", "d"} {
		name := key
		if key == "c" {
			name = "first" // it is there already
		}
		waits[key] = batcher.Queue(key, name)
	}
	goOn()
	for key, wait := range waits {
		if err := <-wait; database.Unique(err) != (key == "c") || (err != nil) != (key == "c") {
			t.Errorf("%s: %v", key, err)
		}
	}
	if n, err := db.NewSelect().Table("things").Count(t.Context()); err != nil || n != 4 {
		t.Errorf("%d rows, %v", n, err)
	}
}

func TestACallerWhoGivesUpDoesNotUndoTheOthers(t *testing.T) {
	t.Parallel()
	db := dbtest.Open(t, "sqlite", things)
	batcher, goOn := held(t, db, record)
	ctx, cancel := context.WithCancel(t.Context())
	other := batcher.Queue("other", "other")
	cancel()
	if err := batcher.Put(ctx, "mine", "mine"); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	goOn()
	if err := <-other; err != nil {
		t.Error(err)
	}
}

func TestAPanicInACommitIsAnError(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		batcher := database.NewBatcher[string](db, func(context.Context, bun.Tx, []string) error { panic("lost") })
		for range 2 {
			if err := batcher.Put(t.Context(), "a", "a"); err == nil {
				t.Error("no error")
			}
		}
		made := thing{ID: database.NewID(), Name: "later"}
		if _, err := db.NewInsert().Model(&made).Exec(t.Context()); err != nil {
			t.Errorf("the connection is not free again: %v", err)
		}
	}, things)
}

func TestPutInsideATransactionIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		batcher := database.NewBatcher[string](db, record)
		err := database.InTx(t.Context(), db, func(ctx context.Context, _ bun.Tx) error {
			return batcher.Put(ctx, "a", "a")
		})
		if err == nil {
			t.Error("it was taken")
		}
	}, things)
}

// Saves that arrive together share a commit: compare with one writer alone (-cpu 1
// still lets 64 wait at once).
func BenchmarkPut(b *testing.B) {
	for _, writers := range []int{1, 64} {
		b.Run(fmt.Sprint(writers, " at once"), func(b *testing.B) {
			db, err := database.Open(b.Context(), "sqlite:"+filepath.Join(b.TempDir(), "academy.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			if _, err := database.Migrate(b.Context(), db, things); err != nil {
				b.Fatal(err)
			}
			batcher := database.NewBatcher[string](db, record)
			var n atomic.Int64
			b.SetParallelism(writers)
			b.RunParallel(func(p *testing.PB) {
				for p.Next() {
					name := fmt.Sprint(n.Add(1))
					if err := batcher.Put(b.Context(), name, name); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
