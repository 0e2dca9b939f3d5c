package database

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/migrate"
)

// ErrNewer says that the database has migrations which this binary does not know: a
// newer one has been here, and this one must not touch it.
var ErrNewer = errors.New("the database is newer than this program, which leaves it alone: use the newer program")

var migrationName = regexp.MustCompile(`^(\d{14})_[0-9a-z_]+\.tx\.up\.sql$`)

//go:embed migrations
var embedded embed.FS

// ownMigrations makes the search index, the one thing that each engine has its own way.
func ownMigrations(db bun.IDB) (fs.FS, error) {
	if isPostgres(db) {
		return fs.Sub(embedded, "migrations/postgres")
	}
	return fs.Sub(embedded, "migrations/sqlite")
}

// Migrate brings the database up to the migrations of all sources and of the search
// index, oldest stamp first whatever its source, each in one transaction, and tells the names of those
// that it applied. Two that run at once wait for each other. It fails with ErrNewer
// when the database holds a migration that no source has.
func Migrate(ctx context.Context, db *bun.DB, sources ...fs.FS) (applied []string, err error) {
	own, err := ownMigrations(db)
	if err != nil {
		return nil, err
	}
	migrations, err := collect(append([]fs.FS{own}, sources...))
	if err != nil {
		return nil, err
	}
	unlock, err := lockMigrations(ctx, db)
	if err != nil {
		return nil, fmt.Errorf("wait for the other migration: %w", err)
	}
	defer func() { err = errors.Join(err, unlock()) }()

	migrator := migrate.NewMigrator(db, migrations,
		migrate.WithMarkAppliedOnSuccess(true),
		migrate.WithUpsert(true),
		migrate.BeforeMigration(takeItsTime),
		migrate.AfterMigration(markApplied))
	if err := migrator.Init(ctx); err != nil {
		return nil, fmt.Errorf("make the list of migrations: %w", err)
	}
	if unknown, err := migrator.MissingMigrations(ctx); err != nil {
		return nil, err
	} else if len(unknown) > 0 {
		return nil, fmt.Errorf("%w (it has migration %s)", ErrNewer, unknown[0].Name)
	}
	group, err := migrator.Migrate(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	for _, m := range group.Migrations {
		applied = append(applied, m.String())
	}
	return applied, nil
}

// collect reads the sources into one list. Rooms are written apart from each other,
// so two may pick one stamp: bun would quietly keep the later of the two.
func collect(sources []fs.FS) (*migrate.Migrations, error) {
	seen := map[string]string{}
	all := migrate.NewMigrations()
	for _, source := range sources {
		err := fs.WalkDir(source, ".", func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			name := path.Base(file)
			match := migrationName.FindStringSubmatch(name)
			if match == nil {
				return fmt.Errorf("migration %s is not named YYYYMMDDhhmmss_words.tx.up.sql", file)
			}
			if other, taken := seen[match[1]]; taken {
				return fmt.Errorf("migrations %s and %s have one stamp", other, name)
			}
			seen[match[1]] = name
			return nil
		})
		if err != nil {
			return nil, err
		}
		if err := all.Discover(source); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// takeItsTime lifts the limit on a statement's time for one migration.
func takeItsTime(ctx context.Context, tx bun.IConn, _ *migrate.Migration) error {
	if !isPostgres(tx.(bun.Tx)) {
		return nil
	}
	_, err := tx.ExecContext(ctx, "SET LOCAL statement_timeout = 0")
	return err
}

// markApplied notes the migration inside its own transaction: bun notes it after the
// commit, and a crash in between would have it run twice.
func markApplied(ctx context.Context, tx bun.IConn, m *migrate.Migration) error {
	_, err := tx.ExecContext(ctx,
		"INSERT INTO bun_migrations (name, group_id) VALUES (?, ?)", m.Name, m.GroupID)
	return err
}
