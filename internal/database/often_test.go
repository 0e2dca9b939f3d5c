package database_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

// What is asked often gives what the same query gives, the newest commit always, from
// many at once, and inside a transaction what that has written.
func TestWhatIsAskedOftenIsAnsweredAsEver(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		const text = `SELECT * FROM things WHERE name LIKE ? AND made_at >= ? ORDER BY name`
		at := time.Date(2026, 11, 26, 9, 0, 0, 120_000_000, time.FixedZone("", -6*3600))
		ask := func(ctx context.Context, db bun.IDB, since time.Time) (names []string) {
			var found, plainly []thing
			if err := errors.Join(db.NewRaw(text, "a%", since).Scan(database.Often(ctx), &found), db.NewRaw(text, "a%", since).Scan(ctx, &plainly)); err != nil {
				t.Error(err)
			}
			for i, one := range found {
				if names = append(names, one.Name); len(plainly) != len(found) || plainly[i] != one {
					t.Errorf("asked often %v, asked once %v", found, plainly)
				}
			}
			return names
		}
		put := func(ctx context.Context, db bun.IDB, name string) error {
			_, err := db.NewInsert().Model(&thing{ID: database.NewID(), Name: name, MadeAt: at}).Exec(ctx)
			return err
		}
		for i, name := range []string{"a1", "a2", "b1"} {
			if err := put(t.Context(), db, name); err != nil {
				t.Fatal(err)
			}
			if got := ask(t.Context(), db, at); len(got) != min(i+1, 2) {
				t.Errorf("after %s: %v", name, got)
			}
		}
		if got := ask(t.Context(), db, at.Add(time.Millisecond)); len(got) != 0 {
			t.Errorf("what was made earlier: %v", got)
		}
		err := database.InTx(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			if err := put(ctx, tx, "a3"); err != nil {
				return err
			}
			if got := ask(ctx, tx, at); len(got) != 3 {
				t.Errorf("inside: %v", got)
			}
			var found []thing
			if db.NewRaw(text, "a%", at).Scan(database.Often(ctx), &found) == nil {
				t.Error("a query beside the transaction was not refused")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for range 30 {
			all.Go(func() {
				if got := ask(t.Context(), db, at); len(got) != 3 {
					t.Errorf("many at once: %v", got)
				}
			})
		}
		all.Wait()
		ctx, count := database.CountQueries(t.Context())
		var found []thing
		if err := db.NewRaw(text, "a%", at).Scan(database.Often(ctx), &found); err != nil || count.Queries() != 1 {
			t.Errorf("%v; counted as %d queries", err, count.Queries())
		}
	}, things)
}

// A value comes back as it was given, whatever marks of the language it is made of, and
// names in quotes stay names.
func TestWhatIsAskedOftenKeepsItsValues(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		for _, name := range []string{"O'Neill", "''", "'", `"name"`, "? and $1", `back\slash`, "X'00'", "ñandú", "", "-- no", "a;b"} {
			if _, err := db.NewInsert().Model(&thing{ID: database.NewID(), Name: name, MadeAt: time.Now()}).Exec(t.Context()); err != nil {
				t.Fatal(err)
			}
			var got []string
			err := db.NewRaw(`SELECT "name" FROM things WHERE "name" = ? AND 'it''s' = ? AND name NOT IN (?)`, name, "it's", bun.List([]string{"x'y", "z"})).
				Scan(database.Often(t.Context()), &got)
			if err != nil || len(got) != 1 || got[0] != name {
				t.Errorf("%q: %q, %v", name, got, err)
			}
		}
	}, things)
}

// A question gives on both engines what the same query gives, and the newest commit; it is
// counted, and asked where its store stands: inside a transaction there, never beside it.
func TestAQuestionIsAnsweredWhereItIsAsked(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		at := time.Date(2026, 11, 26, 9, 0, 0, 120_000_000, time.FixedZone("", -6*3600))
		put := func(ctx context.Context, db bun.IDB, name string) error {
			_, err := db.NewInsert().Model(&thing{ID: database.NewID(), Name: name, MadeAt: at}).Exec(ctx)
			return err
		}
		ask := func(ctx context.Context, db bun.IDB, since time.Time) (names []string, err error) {
			err = database.Ask(ctx, db, `SELECT name, made_at FROM things WHERE made_at >= $2 AND name <> $1 AND $1 <> '' ORDER BY name`, []any{"it's $2", since}, func(row database.Row) error {
				var name string
				var made database.Moment
				err := row.Scan(&name, &made)
				if names = append(names, name); !made.Equal(at) {
					t.Errorf("%s was made at %v, want %v", name, made, at)
				}
				return err
			})
			return names, err
		}
		for i, name := range []string{"a", "b'", "c"} {
			if err := put(t.Context(), db, name); err != nil {
				t.Fatal(err)
			}
			ctx, count := database.CountQueries(t.Context())
			if got, err := ask(ctx, db, at); err != nil || len(got) != i+1 || got[i] != name || count.Queries() != 1 {
				t.Errorf("after %s: %v, %v, %d queries", name, got, err, count.Queries())
			}
		}
		if got, err := ask(t.Context(), db, at.Add(time.Millisecond)); err != nil || len(got) != 0 {
			t.Errorf("what was made earlier: %v, %v", got, err)
		}
		err := database.InTx(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			if err := put(ctx, tx, "d"); err != nil {
				return err
			}
			if got, err := ask(ctx, tx, at); err != nil || len(got) != 4 {
				t.Errorf("inside: %v, %v", got, err)
			}
			if _, err := ask(ctx, db, at); err == nil {
				t.Error("a question beside the transaction was not refused")
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		stop := errors.New("enough")
		if err := database.Ask(t.Context(), db, `SELECT name FROM things`, nil, func(database.Row) error { return stop }); !errors.Is(err, stop) {
			t.Errorf("what a row is refused with: %v", err)
		}
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := ask(gone, db, at); err == nil {
			t.Error("nobody waits any more, and it was answered")
		}
		var none database.Moment
		if none.Scan(nil) != nil || !none.IsZero() || none.Scan(7) == nil {
			t.Errorf("no moment: %v", none)
		}
	}, things)
}
