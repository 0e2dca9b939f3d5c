package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"sync"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
)

// logger writes JSON lines where a machine reads them and says nothing of a person.
func logger(c Config, out io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: c.Level()}))
}

// Serve starts the Academy on its data folder and answers until the context ends, then
// finishes the requests in flight.
func Serve(ctx context.Context, c Config, out io.Writer) error {
	c, err := c.Complete()
	if err != nil {
		return err
	}
	if isDemo(c.Data) {
		return fmt.Errorf("%s holds a demo, whose passwords everyone knows; choose another --data", c.Data)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder can't be made: %w", err)
	}
	unlock, err := database.LockForServe(ctx, c.Database)
	if err != nil {
		return fmt.Errorf("the database can't be opened: %w", err)
	}
	defer func() { _ = unlock() }()
	a, err := Open(ctx, c, logger(c, os.Stderr), clock.System)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	if a.keys.Made {
		fmt.Fprintf(out, "A new key was made in %s. Without it no certificate can be issued or opened again: keep a copy in a safe place, away from the backups of the database.\n", c.Keys)
	}
	if err := a.welcome(ctx, out); err != nil {
		return err
	}
	return a.Run(ctx, out, func(address string) {
		fmt.Fprintf(out, "The Academy is open at %s\n", address)
	})
}

// Run answers on the configured address and works through the outbox until the context
// ends; then it takes no more requests and finishes those in flight.
func (a *Academy) Run(ctx context.Context, out io.Writer, ready func(address string)) error {
	listener, err := net.Listen("tcp", a.Config.Addr)
	if err != nil {
		return fmt.Errorf("can't listen on %s: %w", a.Config.Addr, err)
	}
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	var wait sync.WaitGroup
	var jobsErr error
	wait.Go(func() { jobsErr = a.Jobs.Run(work) })
	served := make(chan error, 1)
	go func() { served <- a.Web.Serve(listener) }()
	ready(a.Config.BaseURL)
	select {
	case err = <-served:
	case <-ctx.Done():
		err = a.Web.Shutdown()
		err = errors.Join(err, <-served)
	}
	stop()
	wait.Wait()
	if jobsErr != nil && !errors.Is(jobsErr, context.Canceled) {
		err = errors.Join(err, jobsErr)
	}
	return err
}

// Migrate brings the database up to date and says what it did.
func Migrate(ctx context.Context, c Config, out io.Writer) error {
	c, err := c.Complete()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Clean(c.Data), 0o700); err != nil {
		return fmt.Errorf("the data folder can't be made: %w", err)
	}
	db, err := database.Open(ctx, c.Database)
	if err != nil {
		return fmt.Errorf("the database can't be opened: %w", err)
	}
	defer func() { _ = db.Close() }()
	applied, err := database.Migrate(ctx, db, migrations...)
	for _, name := range applied {
		fmt.Fprintln(out, "applied", name)
	}
	if err == nil && len(applied) == 0 {
		fmt.Fprintln(out, "The database is up to date.")
	}
	return err
}
