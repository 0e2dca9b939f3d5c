package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// unused refuses a database in which people have accounts: a demo's accounts have a
// password that everyone knows. It looks before anything is made or migrated; where it
// finds no tables, nobody has.
func unused(ctx context.Context, c Config) error {
	c, err := c.Complete()
	if err != nil {
		return err
	}
	if path, isFile := strings.CutPrefix(c.Database, "sqlite:"); isFile {
		if _, err := os.Stat(path); err != nil {
			return nil
		}
	}
	db, err := database.Open(ctx, c.Database)
	if err != nil {
		return fmt.Errorf("the database can't be opened: %w", err)
	}
	defer func() { _ = db.Close() }()
	if empty, err := people.NewStore(db, clock.System).Empty(ctx); err == nil && !empty {
		return errors.New("the database holds an Academy that people use; a demo begins in an empty one")
	}
	return nil
}
