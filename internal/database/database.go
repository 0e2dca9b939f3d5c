// Package database opens SQLite or PostgreSQL, migrates, and is the only place that
// may ask which engine it is.
package database

import (
	"context"
	"database/sql"
	"errors"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
)

// NewID gives a fresh key for a row: UUID version 7 as text, so that rows made
// later sort later. Identifiers that leave the Academy are random instead.
func NewID() string { return uuid.Must(uuid.NewV7()).String() }

// InTx runs work in one transaction, or in the one that db already is. The first
// error returned undoes everything: SQLite would go on after a failed statement
// and commit the rest, so no error may be swallowed inside. Under the context that
// work gets, a query made on the pool instead of tx is refused.
func InTx(ctx context.Context, db bun.IDB, work func(ctx context.Context, tx bun.Tx) error) error {
	if tx, ok := db.(bun.Tx); ok {
		return work(ctx, tx)
	}
	if isInside(ctx) {
		return errBeside
	}
	return db.RunInTx(inside(ctx), nil, work)
}

// Snapshot runs work that only reads, over several queries, as of one moment: what others
// commit meanwhile is not in it.
func Snapshot(ctx context.Context, db *bun.DB, work func(ctx context.Context, tx bun.Tx) error) error {
	var options *sql.TxOptions // SQLite's transactions are snapshots as they are
	if isPostgres(db) {
		options = &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	}
	return db.RunInTx(inside(ctx), options, work)
}

// One turns "no rows" into fault.NotFound and leaves every other error as it is.
func One(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fault.NotFound
	}
	return err
}

// Changed looks at a state change that was decided in its statement: the error if
// there is one, otherwise when if no row was changed, nil if one or more were.
func Changed(result sql.Result, err error, otherwise error) error {
	if err != nil {
		return err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return err
	}
	if n == 0 {
		return otherwise
	}
	return nil
}
