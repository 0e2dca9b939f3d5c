package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// DemoPassword opens every demo account. It is why a demo listens on this machine alone.
const DemoPassword = "peace-circle-2026"

// demoAccount is one of the accounts that the contract names.
type demoAccount struct {
	name   string // before @demo.test, and after demo- in the API token
	sector people.Sector
	what   string
}

var demoAccounts = []demoAccount{
	{"trainee", people.Outreach, "trainee, outreach, mid-course"},
	{"trainee.es", people.Outreach, "trainee, outreach, in Spanish"},
	{"graduate", people.Outreach, "holds a certificate"},
	{"officer", people.LawEnforcement, "officer in a parallel cohort"},
	{"instructor", people.Outreach, "instructor, outreach"},
	{"instructor.police", people.LawEnforcement, "instructor, law enforcement"},
	{"coordinator", people.Outreach, "coordinator, bridges both sectors"},
	{"coordinator.police", people.LawEnforcement, "coordinator, law enforcement"},
	{"hr", people.Outreach, "partner HR"},
	{"author", people.Outreach, "writes curriculum"},
	{"director", people.Outreach, "director, bridges both sectors"},
	{"auditor", people.Outreach, "reads, for a time"},
}

// Demo starts a lived-in Academy on a throw-away data folder (or a new one that is
// named), tells its address and accounts, and answers until the context ends.
func Demo(ctx context.Context, c Config, out io.Writer) error {
	c.Demo = true
	throwAway := c.Data == ""
	if throwAway {
		c.Data = filepath.Join(os.TempDir(), "academy-demo")
	}
	c, err := c.Complete()
	if err != nil {
		return err
	}
	if throwAway {
		dir, err := os.MkdirTemp("", "academy-demo-*")
		if err != nil {
			return err
		}
		defer func() { _ = os.RemoveAll(dir) }()
		c.Data, c.Keys, c.Blobs = dir, filepath.Join(dir, "keys"), "dir:"+filepath.Join(dir, "blobs")
		if c.Database == "sqlite:"+filepath.Join(os.TempDir(), "academy-demo", "academy.db") {
			c.Database = "sqlite:" + filepath.Join(dir, "academy.db")
		}
	}
	fmt.Fprintln(out, "Building an Academy in the middle of its year …")
	a, err := OpenDemo(ctx, c, logger(c, os.Stderr))
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	return a.Run(ctx, out, func(address string) { tellDemo(out, address) })
}

// OpenDemo opens an Academy and fills it with the demo's people and records.
func OpenDemo(ctx context.Context, c Config, log *slog.Logger) (*Academy, error) {
	now, err := demoClock(c.Today, c.TimeZone)
	if err != nil {
		return nil, err
	}
	return OpenDemoBy(ctx, c, log, now)
}

// OpenDemoBy is OpenDemo by another clock: one that can be put forward lets a class come
// to its end.
func OpenDemoBy(ctx context.Context, c Config, log *slog.Logger, now clock.Clock) (*Academy, error) {
	c.Demo = true
	if err := unused(ctx, c); err != nil {
		return nil, err
	}
	if err := markDemo(c.Data); err != nil {
		return nil, err
	}
	a, err := Open(ctx, c, log, now)
	if err != nil {
		return nil, err
	}
	if err := a.seedDemo(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("the demo can't be built: %w", err), a.Close())
	}
	return a, nil
}

// markDemo marks a new data folder as a demo's; one that is in use is refused.
func markDemo(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s is not empty; a demo begins in a new folder", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, demoMark), []byte("A demo: everyone knows its passwords.\n"), 0o600)
}

// demoClock is the system's or, for a day that was asked for, runs from ten in the
// morning of that day, so that the same day gives the same records.
func demoClock(today, timeZone string) (clock.Clock, error) {
	if today == "" {
		return clock.System, nil
	}
	zone, err := time.LoadLocation(timeZone)
	if err != nil {
		return nil, err
	}
	day, err := time.ParseInLocation(time.DateOnly, today, zone)
	if err != nil {
		return nil, err
	}
	began, from := time.Now(), time.Date(day.Year(), day.Month(), day.Day(), 10, 0, 0, 0, zone)
	return func() time.Time { return clock.Cut(from.Add(time.Since(began))) }, nil
}

func tellDemo(out io.Writer, address string) {
	fmt.Fprintf(out, "\nThe Academy is open at %s\n\nSign in with any of these and the password %s:\n\n", address, DemoPassword)
	for _, account := range demoAccounts {
		fmt.Fprintf(out, "  %-30s %s\n", account.name+"@demo.test", account.what)
	}
	fmt.Fprintf(out, "\nThe letters that would have been sent to them can be read at %s/demo/mail\n", address)
	fmt.Fprintf(out, "\nEach has an API token: demo- and the name before the @. Everything here is invented; Ctrl-C ends it.\n")
}
