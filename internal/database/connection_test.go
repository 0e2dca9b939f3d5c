package database_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/database/dbtest"
)

func insert(ctx context.Context, db bun.IDB, name string) error {
	made := thing{ID: database.NewID(), Name: name, MadeAt: time.Now()}
	_, err := db.NewInsert().Model(&made).Exec(ctx)
	return err
}

func TestAReaderSeesEveryCommitThatReturned(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for j := range 40 {
					name := fmt.Sprintf("%d/%d", i, j)
					if err := insert(t.Context(), db, name); err != nil {
						t.Error(err)
					}
					if n, err := db.NewSelect().Table("things").Where("name = ?", name).Count(t.Context()); err != nil || n != 1 {
						t.Errorf("%s: found %d, %v", name, n, err)
					}
				}
			})
		}
		all.Wait()
	}, things)
}

func TestReadsDoNotWaitForATransactionThatWrites(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		outside := t.Context()
		err := database.InTx(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			if err := insert(ctx, tx, "not yet"); err != nil {
				return err
			}
			if n, err := tx.NewSelect().Table("things").Count(ctx); err != nil || n != 1 {
				t.Errorf("inside: %d, %v", n, err)
			}
			for name, count := range map[string]func() (int64, error){
				"select": func() (int64, error) { return db.NewSelect().Table("things").Count(outside) },
				"raw": func() (n int64, err error) {
					return n, db.NewRaw(" select count(*) FROM things").Scan(outside, &n)
				},
				"with": func() (n int64, err error) {
					return n, db.NewRaw("WITH t AS (SELECT * FROM things) SELECT count(*) FROM t").Scan(outside, &n)
				},
			} {
				if n, err := count(); err != nil || n != 0 {
					t.Errorf("%s outside: %d, %v", name, n, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}, things)
}

func TestWhatWritesAndReturnsIsAWrite(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		var names []string
		made := thing{ID: database.NewID(), Name: "one", MadeAt: time.Now()}
		if err := db.NewInsert().Model(&made).Returning("name").Scan(t.Context(), &names); err != nil {
			t.Error(err)
		}
		if err := db.NewRaw("UPDATE things SET name = 'two' WHERE name = ? RETURNING name", "one").Scan(t.Context(), &names); err != nil || names[0] != "two" {
			t.Errorf("%v, %v", names, err)
		}
		if _, err := db.NewRaw("WITH old AS (SELECT id FROM things) DELETE FROM things WHERE id IN (SELECT id FROM old)").Exec(t.Context()); err != nil {
			t.Error(err)
		}
		if n, err := db.NewSelect().Table("things").Count(t.Context()); err != nil || n != 0 {
			t.Errorf("%d left, %v", n, err)
		}
	}, things)
}

func TestAQueryBesideItsTransactionIsRefused(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		for name, query := range map[string]func(context.Context) error{
			"insert": func(ctx context.Context) error { return insert(ctx, db, "beside") },
			"select": func(ctx context.Context) error { _, err := db.NewSelect().Table("things").Count(ctx); return err },
			"exists": func(ctx context.Context) error { _, err := db.NewSelect().Table("things").Exists(ctx); return err },
			"transaction": func(ctx context.Context) error {
				return database.InTx(ctx, db, func(context.Context, bun.Tx) error { return nil })
			},
		} {
			err := database.InTx(t.Context(), db, func(ctx context.Context, _ bun.Tx) error { return query(ctx) })
			if err == nil || !strings.Contains(err.Error(), "inside a transaction") {
				t.Errorf("%s: %v", name, err)
			}
		}
	}, things)
}

func TestATransactionInATransactionIsTheSameOne(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		undone := errors.New("undone")
		err := database.InTx(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			err := database.InTx(ctx, tx, func(ctx context.Context, tx bun.Tx) error { return insert(ctx, tx, "inner") })
			return errors.Join(err, undone)
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		if n, err := db.NewSelect().Table("things").Count(t.Context()); err != nil || n != 0 {
			t.Errorf("%d were kept, %v", n, err)
		}
	}, things)
}

func TestEveryConnectionHasItsSettings(t *testing.T) {
	t.Parallel()
	settings := map[string]map[string]string{
		"sqlite":   {"PRAGMA busy_timeout": "5000", "PRAGMA journal_mode": "wal", "PRAGMA synchronous": "2", "PRAGMA foreign_keys": "1"},
		"postgres": {"SHOW statement_timeout": "10s", "SHOW idle_in_transaction_session_timeout": "10s", "SHOW timezone": "UTC", "SHOW synchronous_commit": "on"},
	}
	for engine, wanted := range settings {
		t.Run(engine, func(t *testing.T) {
			db := dbtest.Open(t, engine)
			for query, want := range wanted {
				var got string
				if err := db.NewRaw(query).Scan(t.Context(), &got); err != nil || got != want {
					t.Errorf("%s = %q, want %q, %v", query, got, want, err)
				}
			}
		})
	}
}

func TestPathsWithOddLettersAreFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a b.db", "100%25.db", "what?.db", "ñ#1&mode=memory.db"} {
		path := filepath.Join(t.TempDir(), name)
		db, err := database.Open(t.Context(), "sqlite:"+path)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		_, err = db.ExecContext(t.Context(), "CREATE TABLE a (b TEXT)")
		if err = errors.Join(err, db.Close()); err != nil {
			t.Error(err)
		}
		if _, err := os.Stat(path); err != nil {
			t.Error(err)
		}
	}
}

func TestAWrongAddressIsRefusedWithoutShowingThePassword(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "academy.db", "sqlite:", "sqlite::memory:", "mysql://u:hunter2@h/d", "postgres://u:hunter2@h:port/d"} {
		db, err := database.Open(t.Context(), address)
		if err == nil {
			t.Errorf("%q was opened: %v", address, db.Close())
		} else if strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestADatabaseThatIsNotThereIsAway(t *testing.T) {
	t.Parallel()
	nowhere := t.TempDir()
	for _, address := range []string{
		"sqlite:" + filepath.Join(nowhere, "no", "academy.db"),
		"postgres://u:hunter2@/d?host=" + url.QueryEscape(nowhere),
		"postgres://u:hunter2@127.0.0.1:1/d",
	} {
		_, err := database.Open(t.Context(), address)
		if !database.Away(err) || database.Full(err) || database.Unique(err) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, other := range []error{nil, errors.New("other"), context.Canceled, context.DeadlineExceeded} {
		if database.Away(other) || database.Full(other) || database.Unique(other) {
			t.Errorf("%v is something else", other)
		}
	}
}

func TestAServerThatHangsUpIsAway(t *testing.T) {
	t.Parallel()
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) {
		_, err := db.ExecContext(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
		if !database.Away(err) {
			t.Errorf("%v is not Away", err)
		}
		if err := database.Ping(t.Context(), db); err != nil {
			t.Errorf("the pool did not recover: %v", err)
		}
	})
}

// A connection that broke under one query is closed for the next in its transaction.
func TestAConnectionFoundClosedIsAway(t *testing.T) {
	t.Parallel()
	dbtest.Postgres(t, func(t *testing.T, db *bun.DB) {
		err := database.InTx(t.Context(), db, func(ctx context.Context, tx bun.Tx) error {
			_, first := tx.ExecContext(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			_, second := tx.ExecContext(ctx, "SELECT 1")
			if !database.Away(first) || !database.Away(second) {
				t.Errorf("%v, then %v: want Away", first, second)
			}
			return second
		})
		if !database.Away(err) {
			t.Errorf("%v is not Away", err)
		}
	})
}

func TestAFullDiskIsToldApart(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		fill := "DO $$ BEGIN RAISE EXCEPTION 'no room' USING ERRCODE = 'disk_full'; END $$"
		if strings.Contains(db.String(), "sqlite") {
			if _, err := db.ExecContext(t.Context(), "PRAGMA max_page_count = 30"); err != nil {
				t.Fatal(err)
			}
			fill = "INSERT INTO things (id, name, made_at) VALUES ('x', hex(randomblob(1000000)), '')"
		}
		_, err := db.ExecContext(t.Context(), fill)
		if !database.Full(err) || database.Away(err) {
			t.Errorf("%v is not Full", err)
		}
	}, things)
}

func TestQueriesAreCountedWithoutBeginAndCommit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, db *bun.DB) {
		ctx, count := database.CountQueries(t.Context())
		err := database.InTx(ctx, db, func(ctx context.Context, tx bun.Tx) error {
			if err := insert(ctx, tx, "one"); err != nil {
				return err
			}
			return insert(ctx, tx, "two")
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.NewSelect().Table("things").Count(ctx); err != nil {
			t.Fatal(err)
		}
		if err := insert(t.Context(), db, "not under it"); err != nil {
			t.Fatal(err)
		}
		if count.Queries() != 3 {
			t.Errorf("counted %d, want 3", count.Queries())
		}
	}, things)
}

// It sets the default log, so it is not parallel.
func TestASlowQueryIsLoggedWithoutItsArguments(t *testing.T) {
	var lines bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&lines, nil)))
	defer slog.SetDefault(old)
	db := dbtest.Open(t, "sqlite")
	for rows := 200_000; lines.Len() == 0 && rows < 1e9; rows *= 2 {
		var n int
		err := db.NewRaw(`WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ?)
			SELECT count(*) FROM c WHERE 'dana@example.org' <> ?`, rows, "it's 77").Scan(t.Context(), &n)
		if err != nil {
			t.Fatal(err)
		}
	}
	line := lines.String()
	if !strings.Contains(line, "slow query") || !strings.Contains(line, "FROM c WHERE ? <> ?") {
		t.Errorf("logged %q", line)
	}
	// The milliseconds before it may hold any digits.
	_, line, _ = strings.Cut(line, "query=")
	if strings.Contains(line, "dana") || strings.Contains(line, "77") || strings.Contains(line, "00000") {
		t.Errorf("shows an argument: %q", line)
	}
}

func TestArgumentsAreBlankedInStatements(t *testing.T) {
	t.Parallel()
	for query, want := range map[string]string{
		`SELECT "t1"."id" FROM "t1"  WHERE (id = 'O''Neil') AND n = 12.5`: `SELECT "t1"."id" FROM "t1" WHERE (id = ?) AND n = ?`,
		"UPDATE a SET b = X'00ff', c = TRUE, d = -7, e = NULL":            "UPDATE a SET b = ?, c = ?, d = -?, e = NULL",
		"SELECT 'open":                        "SELECT ?",
		`INSERT INTO a VALUES ('a\', 'dana')`: `INSERT INTO a VALUES (?, ?)`,
		"SELECT '" + strings.Repeat("long ", 1<<20) + "'" + strings.Repeat(", 'dana'", 1<<10): "SELECT ?…",
		"SELECT 1" + strings.Repeat(", 'dana'", 1<<20):                                        "SELECT ?" + strings.Repeat(", ?", 664) + "…",
	} {
		if got := database.WithoutArguments(query); got != want {
			t.Errorf("%s\n got %s\nwant %s", query, got, want)
		}
	}
}

// A child takes the lock in its own process and is killed; the system must let go.
func TestOnlyOneProcessServesAFile(t *testing.T) {
	t.Parallel()
	const variable = "ACADEMY_TEST_SERVED"
	if address := os.Getenv(variable); address != "" {
		if _, err := database.LockForServe(t.Context(), address); err != nil {
			fmt.Println("refused:", errors.Is(err, database.ErrServed))
			os.Exit(0)
		}
		fmt.Println("taken")
		_, _ = os.Stdin.Read(make([]byte, 1)) // until killed, or until the test's process ends
		os.Exit(0)
	}
	address := dbtest.Empty(t, "sqlite")
	child := func() (said string, end func()) {
		c := exec.Command(os.Args[0], "-test.run=^TestOnlyOneProcessServesAFile$")
		c.Env = append(os.Environ(), variable+"="+address)
		in, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		var line [64]byte
		n, err := out.Read(line[:])
		if err != nil {
			t.Error(err)
		}
		return string(line[:n]), func() { _ = c.Process.Kill(); _ = c.Wait(); _ = in.Close() }
	}
	said, kill := child()
	defer kill()
	if said != "taken\n" {
		t.Errorf("the first said %q", said)
	}
	said, end := child()
	end()
	if said != "refused: true\n" {
		t.Errorf("the second said %q", said)
	}
	if _, err := database.LockForServe(t.Context(), address); !errors.Is(err, database.ErrServed) {
		t.Errorf("beside it: %v", err)
	}
	db, err := database.Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := database.Migrate(t.Context(), db, things); err != nil {
		t.Errorf("another command beside it: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(strings.TrimPrefix(address, "sqlite:"), link); err != nil {
		t.Fatal(err)
	}
	if _, err := database.LockForServe(t.Context(), "sqlite:"+link); !errors.Is(err, database.ErrServed) {
		t.Errorf("under another name: %v", err)
	}
	kill()
	for range 2 {
		unlock, err := database.LockForServe(t.Context(), address)
		if err != nil {
			t.Fatal(err)
		}
		if err := unlock(); err != nil {
			t.Error(err)
		}
	}
}

func TestManyMayServeOnePostgres(t *testing.T) {
	t.Parallel()
	for range 2 {
		if _, err := database.LockForServe(t.Context(), "postgres://somewhere"); err != nil {
			t.Error(err)
		}
	}
}
