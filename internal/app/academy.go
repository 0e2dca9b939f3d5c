package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/assessment"
	assessmentpages "github.com/metropolitan-peace-academy/academy/assessment/pages"
	"github.com/metropolitan-peace-academy/academy/certificates"
	"github.com/metropolitan-peace-academy/academy/certificates/credential"
	"github.com/metropolitan-peace-academy/academy/cohorts"
	cohortspages "github.com/metropolitan-peace-academy/academy/cohorts/pages"
	"github.com/metropolitan-peace-academy/academy/content"
	"github.com/metropolitan-peace-academy/academy/courses"
	"github.com/metropolitan-peace-academy/academy/internal/blob"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/desk"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/mail"
	"github.com/metropolitan-peace-academy/academy/internal/messages"
	messagespages "github.com/metropolitan-peace-academy/academy/internal/messages/pages"
	"github.com/metropolitan-peace-academy/academy/internal/outbox"
	"github.com/metropolitan-peace-academy/academy/internal/people"
	peoplepages "github.com/metropolitan-peace-academy/academy/internal/people/pages"
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

	Rooms

	keys    Keys
	closers []func() error
}

// migrations are the tables of all rooms; words their sentences.
var (
	migrations = []fs.FS{people.Migrations, outbox.Migrations, messages.Migrations, content.Migrations, courses.Migrations, cohorts.Migrations,
		assessment.Migrations, certificates.Migrations}
	words = []fs.FS{people.Words, messages.Words, content.Words, courses.Words, cohorts.Words, assessment.Words, certificates.Words, desk.Words}
)

// demoMark is the file that tells a demo's data folder from a real one.
const demoMark = "DEMO"

func isDemo(data string) bool {
	_, err := os.Stat(filepath.Join(data, demoMark))
	return err == nil
}

// Open opens the database, brings it up to date, builds every room and mounts every
// route. It serves nothing yet. The caller closes it.
func Open(ctx context.Context, c Config, logger *slog.Logger, now clock.Clock) (*Academy, error) {
	c, err := c.Complete()
	if err != nil {
		return nil, err
	}
	if isDemo(c.Data) && !c.Demo {
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

// buildRooms makes every room's store and what the first start needs: organisations,
// signing keys and a status list.
func (a *Academy) buildRooms(ctx context.Context) error {
	var err error
	if a.Rooms, err = a.rooms(a.DB, a.Now); err != nil {
		return err
	}
	if a.Config.borrows {
		if err := a.borrowAddress(ctx); err != nil {
			return err
		}
	}
	if err := a.People.KeepOrganisations(ctx, people.KnownOrganisations); err != nil {
		return err
	}
	if err := a.Certificates.EnsureKeys(ctx); errors.Is(err, credential.ErrSealed) {
		return fmt.Errorf("the Academy's signing key doesn't open with the %s in %s; put back the right one, or name its folder with --keys", outerKeyFile, a.Config.Keys)
	} else if err != nil {
		return err
	}
	return a.Courses.Warm(ctx)
}

// borrowAddress makes a command speak in the name of the address that serves: a status
// list signed in another name would not be the Academy's.
func (a *Academy) borrowAddress(ctx context.Context) error {
	address, err := a.Certificates.PublicAddress(ctx)
	if errors.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	a.Config.BaseURL = address
	a.Rooms, err = a.rooms(a.DB, a.Now)
	return err
}

// openDoor makes the web app, mounts every room's pages and API, and registers the work
// that follows.
func (a *Academy) openDoor() error {
	key, err := a.keys.For("web")
	if err != nil {
		return err
	}
	zone, err := time.LoadLocation(a.Config.TimeZone)
	if err != nil {
		return err
	}
	post, err := mail.Open(a.Config.SMTP)
	if err != nil {
		return fmt.Errorf("mail can't be set up: %w", err)
	}
	var box *mail.Box
	if a.Config.Demo {
		post, box = post.Recorded()
	}
	a.Web, err = web.New(web.Options{
		BaseURL: a.Config.BaseURL, Demo: a.Config.Demo, TrustedProxies: a.Config.TrustedProxies, Key: key,
		Presence: a.People.Presence, ByAPIToken: a.People.ByToken, Speak: a.People.SpeakTo,
		Ready: func(ctx context.Context) error { return database.Ping(ctx, a.DB) },
		Words: words, Logger: a.Logger, Now: a.Now,
	})
	if err != nil {
		return err
	}
	a.mount(zone, post)
	if a.Config.Demo {
		messagespages.DemoRoutes(a.Web, a.Messages, box)
	}
	jobs := slices.Concat(a.Content.Jobs(), a.Cohorts.LedgerJobs(), assessmentpages.Jobs(a.Assessment), a.Certificates.Jobs(), cohortspages.Jobs(a.Cohorts, a.Messages, post.On()), peoplepages.Jobs(a.Web, a.People, post),
		messagespages.Jobs(a.Web, a.Messages, post, a.writers(zone, post)))
	a.Jobs, err = outbox.New(a.DB, a.Now, jobs...)
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
