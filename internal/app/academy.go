package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/internal/blob"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	"github.com/metropolitan-peace-academy/academy/internal/web"
)

// Academy is the whole house, opened: its database, its rooms and its door.
type Academy struct {
	Config Config
	DB     *bun.DB
	Files  blob.Store
	Web    *web.App
	Jobs   *outbox.Runner
	Logger *slog.Logger
	Now    clock.Clock

	People  people.Store
	Content content.Store

	keys    Keys
	closers []func() error
}

// migrations are the tables of all rooms; words their sentences.
var (
	migrations = []fs.FS{people.Migrations, outbox.Migrations, content.Migrations}
	words      = []fs.FS{content.Words}
)

// demoMark is the file that tells a demo's data folder from a real one.
const demoMark = "DEMO"

// Open opens the database, brings it up to date, builds every room and mounts every
// route. It serves nothing yet. The caller closes it.
func Open(ctx context.Context, c Config, logger *slog.Logger, now clock.Clock) (*Academy, error) {
	c, err := c.Complete()
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(c.Data, demoMark)); err == nil && !c.Demo {
		return nil, fmt.Errorf("%s holds a demo, whose passwords everyone knows; choose another --data", c.Data)
	}
	a := &Academy{Config: c, Logger: logger, Now: now}
	if err := a.open(ctx); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	return a, nil
}

func (a *Academy) open(ctx context.Context) error {
	c := a.Config
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("the data folder can't be made: %w", err)
	}
	var err error
	if a.keys, err = readKeys(c.Keys); err != nil {
		return err
	}
	if a.Files, err = blob.Open(c.Blobs); err != nil {
		return err
	}
	if a.DB, err = database.Open(ctx, c.Database); err != nil {
		return fmt.Errorf("the database can't be opened: %w", err)
	}
	a.closers = append(a.closers, a.DB.Close)
	if _, err := database.Migrate(ctx, a.DB, migrations...); err != nil {
		return fmt.Errorf("the database can't be brought up to date: %w", err)
	}
	if err := a.buildRooms(ctx); err != nil {
		return err
	}
	return a.openDoor()
}

// buildRooms makes every room's store, from right to left.
func (a *Academy) buildRooms(ctx context.Context) error {
	location, err := time.LoadLocation(a.Config.TimeZone)
	if err != nil {
		return err
	}
	peopleKey, err := a.keys.For("people")
	if err != nil {
		return err
	}
	a.People = people.NewStore(a.DB, a.Now).InZone(location).Keyed(peopleKey)
	a.Content = content.NewStore(a.DB, a.Now)
	if err := a.People.KeepOrganisations(ctx, people.KnownOrganisations); err != nil {
		return err
	}
	a.Jobs, err = outbox.New(a.DB, a.Now)
	return err
}

// openDoor makes the web app and mounts every room's pages and API.
func (a *Academy) openDoor() error {
	key, err := a.keys.For("web")
	if err != nil {
		return err
	}
	a.Web, err = web.New(web.Options{
		BaseURL: a.Config.BaseURL, Demo: a.Config.Demo, TrustedProxies: a.Config.TrustedProxies, Key: key,
		Presence: a.People.Presence, ByAPIToken: a.People.ByToken, Speak: a.People.SpeakTo,
		Ready: func(ctx context.Context) error { return database.Ping(ctx, a.DB) },
		Words: words, Logger: a.Logger, Now: a.Now,
	})
	return err
}

// Close gives back what the Academy holds open.
func (a *Academy) Close() error {
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		errs = append(errs, a.closers[i]())
	}
	a.closers = nil
	return errors.Join(errs...)
}
