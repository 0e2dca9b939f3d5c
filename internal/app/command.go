package app

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/metropolitan-peace-academy/academy/content/curriculum"
	"github.com/metropolitan-peace-academy/academy/internal/clock"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// forCommand opens the Academy for a command that stands beside a running one.
func forCommand(ctx context.Context, c Config) (*Academy, error) {
	c, err := c.Complete()
	if err != nil {
		return nil, err
	}
	return Open(ctx, c, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})), clock.System)
}

// welcome gives an empty Academy its courses and its first director's one-time link.
func (a *Academy) welcome(ctx context.Context, out io.Writer) error {
	empty, err := a.People.Empty(ctx)
	if err != nil || !empty {
		return err
	}
	folder := readCurriculum(curriculum.Files)
	if len(folder.problems) > 0 {
		return fmt.Errorf("the Academy's own curriculum has a problem: %w", folder.problems[0])
	}
	if err := a.keepCurriculum(ctx, folder); err != nil {
		return err
	}
	home := people.System(people.Outreach)
	director, err := a.People.AddPerson(ctx, home, people.NewPerson{GivenName: "Director", Roles: []people.Role{people.Director, people.Coordinator}})
	if err != nil {
		return err
	}
	link, err := a.People.MakeLink(ctx, home, people.Invitation, director)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "This Academy is new. Its first director opens this link once, within 7 days:\n%s/invitation/%s\n", a.Config.BaseURL, link)
	return nil
}

// Token makes an API token for a person and shows it once.
func Token(ctx context.Context, c Config, name, sector string, scopes []string, out io.Writer) error {
	var wrong WrongSettings
	if !people.Sector(sector).Known() {
		wrong = append(wrong, fmt.Sprintf("--sector %q: use outreach, law_enforcement, health or community", sector))
	}
	for _, scope := range scopes {
		if !people.KnownScope(scope) {
			wrong = append(wrong, fmt.Sprintf("--scope %q: use %s", scope, strings.Join(people.Scopes, ", ")))
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	a, err := forCommand(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = a.Close() }()
	v := people.System(people.Sector(sector))
	person, err := a.People.BySignInName(ctx, v, name)
	if err != nil {
		return fmt.Errorf("nobody in %s signs in as %s", sector, name)
	}
	slices.Sort(scopes)
	token, err := a.People.NewToken(ctx, v, person, people.Sector(sector), slices.Compact(scopes))
	if err != nil {
		return a.told(err)
	}
	_, err = fmt.Fprintln(out, token)
	return err
}
