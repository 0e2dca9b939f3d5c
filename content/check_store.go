package content

import (
	"context"
	"fmt"

	"github.com/uptrace/bun"

	"github.com/metropolitan-peace-academy/academy/internal/fault"
	"github.com/metropolitan-peace-academy/academy/internal/people"
)

// Check is a module's knowledge check as it was read.
type Check struct {
	Findings []Finding
	// Draw gives safe HTML: the questions as a trainee meets them, each with its key.
	Draw func(ctx context.Context, lang Lang) (string, error)
}

// Checks are the knowledge checks of modules. Another room reads and keeps them: their
// files go there whole and come back whole. But for Corrected none of it asks who the
// viewer is, so whoever calls it has let them in.
type Checks interface {
	// Newest gives the files of a module's newest check, English first, and its version;
	// none and 0 for a module without one.
	Newest(ctx context.Context, tx bun.IDB, id ModuleID) (files []QuizFile, version int, err error)
	// Read reads the files of one check whatever is wrong with them; modules are those
	// whose objectives the questions may name.
	Read(files []QuizFile, modules []Module) Check
	// Corrected says whether the module's check has a corrected question about whose earlier
	// tries the viewer, who writes the module, has to decide.
	Corrected(ctx context.Context, v people.Viewer, id ModuleID) (bool, error)
	// Keep keeps the files as the module's next check. Fails with fault.Conflict when they
	// have problems, or the version is there with other bytes.
	Keep(ctx context.Context, tx bun.IDB, files []QuizFile) error
}

// WithChecks is the same store, in whose drafts checks are written too.
func (s Store) WithChecks(checks Checks) Store {
	s.checks = checks
	return s
}

// noChecks stands in where no room keeps checks.
type noChecks struct{}

func (noChecks) Newest(context.Context, bun.IDB, ModuleID) ([]QuizFile, int, error) {
	return nil, 0, nil
}

func (noChecks) Read([]QuizFile, []Module) Check {
	return Check{Draw: func(context.Context, Lang) (string, error) { return "", nil }}
}

func (noChecks) Corrected(context.Context, people.Viewer, ModuleID) (bool, error) { return false, nil }

func (noChecks) Keep(context.Context, bun.IDB, []QuizFile) error { return nil }

// standingCheck is the check that a module has: its texts as their author writes them.
type standingCheck struct {
	version int
	stem    string // of its files' names
	texts   map[Part]string
}

func (s Store) standingCheck(ctx context.Context, id ModuleID) (standingCheck, error) {
	files, version, err := s.checks.Newest(ctx, s.db, id)
	if err != nil {
		return standingCheck{}, fmt.Errorf("check of %q: %w", id, err)
	}
	c := standingCheck{version: version, texts: map[Part]string{}}
	for _, f := range files {
		c.stem, c.texts["check-"+Part(f.Lang)] = stemOf(f.Path), unstamped(string(f.Source))
	}
	return c, nil
}

// changes says whether a draft writes another check than the one that stands. A draft in
// whose check nobody wrote leaves it as it is, also where a newer one came meanwhile.
// Fails with fault.Conflict when it was written on an older one, and when it would leave
// the module without the check that it has.
func (c standingCheck) changes(d Draft, texts Texts) (bool, error) {
	written, same := false, true
	for _, part := range []Part{EnglishCheck, SpanishCheck} {
		written = written || texts[part].BasedOn != ""
		same = same && texts[part].Source == c.texts[part]
	}
	switch {
	case !written || same:
		return false, nil
	case c.version != d.BaseCheck:
		return false, fault.Conflict("content.draft.check_behind")
	case texts[EnglishCheck].Source == "" && c.version > 0:
		return false, fault.Conflict("content.draft.check_gone")
	}
	return texts[EnglishCheck].Source != "", nil
}

// CheckBehind says whether a draft's check was written on one that stands no more.
func (s Store) CheckBehind(ctx context.Context, d Draft, texts Texts) (bool, error) {
	if texts[EnglishCheck].BasedOn == "" && texts[SpanishCheck].BasedOn == "" {
		return false, nil
	}
	c, err := s.standingCheck(ctx, d.ModuleID)
	return c.version != d.BaseCheck, err
}

// Corrected says whether a corrected question of a module's check waits for the viewer.
func (s Store) Corrected(ctx context.Context, v people.Viewer, id ModuleID) (bool, error) {
	if !Writes(v) {
		return false, nil
	}
	return s.checks.Corrected(ctx, v, id)
}
