package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/database"
	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// forCommand opens the Academy for a command that stands beside a running one, a demo
// too. What a command signs is in the name of the address that serves, so that is taken
// from the database where the command is told none.
func forCommand(ctx context.Context, c Config) (*Academy, error) {
	c.borrows = c.BaseURL == ""
	c, err := c.Complete()
	if err != nil {
		return nil, err
	}
	c.Demo = c.Demo || isDemo(c.Data)
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	a, err := Open(ctx, c, log, clock.System)
	if err != nil && ctx.Err() != nil {
		return nil, errStopped
	}
	return a, err
}

// standing is forCommand for what asks an Academy and must not begin one.
func standing(ctx context.Context, c Config) (*Academy, error) {
	full, err := c.Complete()
	if err != nil {
		return nil, err
	}
	if path, isFile := strings.CutPrefix(full.Database, "sqlite:"); isFile {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no Academy at %s; name its folder with --data, or its --database", path)
		}
	}
	return forCommand(ctx, c)
}

// welcome gives an empty Academy its courses, and as long as no director can sign in, the
// first one's one-time link. Of several processes that start at once one does it.
func (a *Academy) welcome(ctx context.Context, out io.Writer) error {
	return database.Alone(ctx, a.DB, func(ctx context.Context) error {
		if err := a.giveCourses(ctx); err != nil {
			return err
		}
		return a.inviteDirector(ctx, out)
	})
}

func (a *Academy) giveCourses(ctx context.Context) error {
	empty, err := a.Courses.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	folder := readCurriculum(curriculum.Files, toTheEnd)
	if len(folder.problems) > 0 {
		return fmt.Errorf("the Academy's own curriculum has a problem: %w", folder.problems[0])
	}
	return a.keepCurriculum(ctx, folder)
}

func (a *Academy) inviteDirector(ctx context.Context, out io.Writer) error {
	home := people.System(people.Outreach)
	director, led, err := a.People.FirstDirector(ctx, home)
	if err != nil || led {
		return err
	}
	if director == "" {
		director, err = a.People.AddPerson(ctx, home, people.NewPerson{GivenName: "Director", Roles: []people.Role{people.Director, people.Coordinator}})
		if err != nil {
			return err
		}
	}
	link, err := a.People.MakeLink(ctx, home, people.Invitation, director)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "No director can sign in here yet. The first one opens this link once, within 7 days:\n%s/invitation/%s\n", a.Config.BaseURL, link)
	return nil
}

// Token makes an API token for a person and shows it once. The sector is the person's own,
// or one where a bridge grant lets them stand.
func Token(ctx context.Context, c Config, name, sector string, scopes []string, out io.Writer) error {
	if wrong := WrongToken(sector, scopes); len(wrong) > 0 {
		return wrong
	}
	a, err := standing(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	slices.Sort(scopes)
	at := people.Sector(sector)
	for _, home := range append([]people.Sector{at}, people.Sectors...) {
		person, err := a.People.BySignInName(ctx, people.System(home), name)
		if err == nil {
			var token string
			if token, err = a.People.NewToken(ctx, people.System(at), person, at, slices.Compact(scopes)); err == nil {
				_, err = fmt.Fprintln(out, token)
				return err
			}
		}
		if !errors.Is(err, fault.NotFound) {
			return a.told(err)
		}
	}
	return fmt.Errorf("nobody who signs in as %s stands in %s", name, sector)
}

// WrongToken lists what is wrong with the sector and the scopes of a token.
func WrongToken(sector string, scopes []string) WrongSettings {
	wrong := WrongSector(sector)
	for _, scope := range scopes {
		if !people.KnownScope(scope) {
			wrong = append(wrong, fmt.Sprintf("--scope %q: use %s", scope, strings.Join(people.Scopes, ", ")))
		}
	}
	return wrong
}

// WrongSector says so where no such sector exists.
func WrongSector(sector string) WrongSettings {
	if people.Sector(sector).Known() {
		return nil
	}
	return WrongSettings{fmt.Sprintf("--sector %q: use outreach, law_enforcement, health or community", sector)}
}
